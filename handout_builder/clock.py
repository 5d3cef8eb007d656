"""What day it is."""

from datetime import date


def today() -> date:
    """Return today's date where the program runs: the day of the author, or of the clinic."""
    return date.today()  # noqa: DTZ011  # in no other time zone
