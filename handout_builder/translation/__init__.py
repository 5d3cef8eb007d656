"""Texts in several languages: whether a translation says what its original does, and whether it is as new."""
