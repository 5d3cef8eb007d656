"""How the program tells what it is doing: it calls what it was given with a line of text."""

from collections.abc import Callable

Progress = Callable[[str], None]
"""Gets each step in a line of text, such as ``neck-pain.en: laying out pages``."""


def silent(_: str) -> None:
    """Tell nothing."""
