"""``python -m handout_builder``: the same as ``make_handout.py``."""

from handout_builder.cli.main import run

if __name__ == "__main__":
    run()
