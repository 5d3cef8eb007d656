"""The places of the studio: print, sheet, brand, write, points."""
