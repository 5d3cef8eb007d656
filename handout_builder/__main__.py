"""``python -m handout_builder``: the same as ``make_handout.py``."""

import signal

# Until run() takes it over, Ctrl-C ends the program without a trace of what was being loaded.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from handout_builder.cli.main import run

if __name__ == "__main__":
    run()
