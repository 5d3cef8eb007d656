"""Extras of the package that a command cannot do without."""

from pathlib import Path

from handout_builder.errors import HandoutError, Problem


def need_web_server(extra: str) -> None:
    """Raise HandoutError where the packages of an extra with a web server, ``service`` or ``studio``, are missing."""
    try:
        import starlette  # noqa: F401, PLC0415  # both have it
    except ImportError as error:
        hint = f'pip install "handout-builder[{extra}]", or in a clone: make {extra}'
        message = f"the {extra} needs packages that are not installed"
        raise HandoutError([Problem("installation", message, Path(extra), hint=hint)]) from error
