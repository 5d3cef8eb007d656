#!/usr/bin/env python3
"""Make handouts: print-ready PDF and EPUB from the texts in ``source/``. Try ``--help``."""

import sys

from handout_builder.cli.main import run

if __name__ == "__main__":
    try:
        run()
    except ModuleNotFoundError as error:  # a Python without what we depend on
        sys.exit(f"{error}. Run make once, then: .venv/bin/python make_handout.py")
