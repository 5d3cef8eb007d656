"""Colour science without PDF: contrast, legible shades, inks."""
