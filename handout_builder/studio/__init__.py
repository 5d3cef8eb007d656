"""The studio: pages in the browser, served by the program on this machine, for those who would rather click."""
