"""A linter for the words of handouts; nothing below knows of it."""
