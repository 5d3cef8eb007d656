"""Stage 2: content in a brand and an edition to HTML."""
