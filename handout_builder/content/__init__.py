"""Stage 1: the files of ``source/`` to checked values."""
