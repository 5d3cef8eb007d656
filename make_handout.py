#!/usr/bin/env python3
"""Make handouts: print-ready PDF and EPUB from the texts in ``source/``. Try ``--help``."""

from handout_builder.cli import run

if __name__ == "__main__":
    run()
