"""Stage 3: pages and PDF files, one module a standard."""
