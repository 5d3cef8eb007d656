"""Exit codes of the program."""

OK, PROBLEMS, USAGE, CANNOT, INTERRUPTED = 0, 1, 2, 3, 130
