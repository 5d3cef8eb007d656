"""Stage 4: the book."""
