#!/usr/bin/env python3
"""Make handouts: print-ready PDF and EPUB from the texts in ``source/``. Try ``--help``."""

import sys

from handout_builder.cli import main

if __name__ == "__main__":
    sys.exit(main())
