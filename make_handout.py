#!/usr/bin/env python3
"""Make handouts: print-ready PDF and EPUB from the texts in ``source/``. Try ``--help``."""

import sys

if __name__ == "__main__":
    try:
        from handout_builder.__main__ import run

        run()
    except KeyboardInterrupt:  # Ctrl-C while this was loaded
        sys.exit(130)
    except ModuleNotFoundError as error:  # a Python without what we depend on
        sys.exit(f"{error}. Run make once, then: .venv/bin/python make_handout.py")
    except EOFError as error:  # where the disk was full, Python has kept half of what it compiled
        print(f"{error}: remove all folders called __pycache__ in handout_builder.", file=sys.stderr)  # noqa: T201
        sys.exit(3)
    except (ImportError, SyntaxError) as error:
        print(f"a part of the program is damaged: {error}. Install it anew.", file=sys.stderr)  # noqa: T201
        sys.exit(3)
