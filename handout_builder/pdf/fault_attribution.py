"""Who is to blame where the engine breaks: the rule of a brand's style sheet, its logo, or we."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import tinycss2

from handout_builder.content.yaml_reader import read_text
from handout_builder.errors import HandoutError, Problem
from handout_builder.render.product import Product

_Again = Callable[[Product, str | None], Any]
_OURS = "engine"
_PLACES = frozenset(("page-overflow", "page-overlap"))
"""What does not stand where it should: never by a logo, which has its place."""
_TOLD = _PLACES | {"typesetting", "incomplete"}
"""What a style sheet, too, can be the cause of."""
_MOST_SECONDS = 4.0
"""As long as the rule is looked for: the file is known before."""
_SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>'
)
_SIMPLER = "export it again as plain SVG, or as PNG"
_PLACE = re.compile(r" at \d+:\d+")
_HIDES = "the rule hides it, draws it without end, or leaves no room for it: change the rule"
_KNOWN = "style sheets may use what WeasyPrint knows, and files of the brand's layouts"
_HINT = "the engine, WeasyPrint, is not made for it: write it otherwise, or leave it out"


@contextmanager
def engine_errors(product: Product, again: _Again) -> Iterator[None]:
    """Turn whatever the engine raises, or complains about, into a HandoutError that tells whose mistake it is.

    ``again`` does the same work for a product with another logo, or with another style sheet of the brand than its
    own; it raises what the engine raises.
    """
    try:
        yield
    except (MemoryError, OSError):  # who gave the task tells what is too much, and which file is missing
        raise
    except Exception as error:
        if isinstance(error, HandoutError) and not {problem.code for problem in error.problems} <= _TOLD:
            raise
        raise HandoutError(_to_blame(product, again, error)) from error


def _to_blame(product: Product, again: _Again, error: Exception) -> tuple[Problem, ...]:
    message = f"the engine breaks: {type(error).__name__}: {error}"[:200].rstrip(": ")
    hint = "this is a bug in the program, or of a brand's templates: please report it, with the handout"
    text = product.source.path
    told = error.problems if isinstance(error, HandoutError) else (Problem(_OURS, message, text, hint=hint),)
    brand = product.brand
    path = brand.layouts / "print.css" if brand and brand.layouts else None
    if path and path.is_file() and _works(again, product, ""):
        line = _line(read_text(path), lambda css: _works(again, product, css))
        return tuple(_in_sheet(problem, path, line) for problem in told)
    if brand and brand.logo and brand.book_logo and told[0].code not in _PLACES:
        printed, book = (replace(logo, data=_SQUARE, kind="svg") for logo in (brand.logo, brand.book_logo))
        if _works(again, replace(product, brand=replace(brand, logo=printed, book_logo=book)), None):
            message = f"the logo cannot be drawn: {told[0].message}"
            return (Problem("brand-logo", message, brand.path, hint=_SIMPLER),)
    return told


def _in_sheet(problem: Problem, path: Path, line: int) -> Problem:
    """Return a problem as one of a brand's style sheet."""
    code = "style-sheet" if problem.code == _OURS else problem.code
    hint = {"style-sheet": _HINT, **dict.fromkeys(("incomplete", *_PLACES), _HIDES)}.get(code, _KNOWN)
    # The engine counts lines from the first of ours.
    return replace(problem, code=code, message=_PLACE.sub("", problem.message), path=path, line=line, hint=hint)


def _works(again: _Again, product: Product, css: str | None) -> bool:
    try:
        again(product, css)
    except MemoryError:
        raise
    except Exception:
        return False
    return True


def _line(css: str, works: Callable[[str], bool]) -> int:
    """Return the line of the rule with which a style sheet breaks the engine, by halving; 0 if that takes too long."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    good, bad = 0, len(rules)
    until = time.monotonic() + _MOST_SECONDS
    while bad - good > 1:  # the first `good` rules work, the first `bad` ones do not
        if time.monotonic() > until:
            return 0
        middle = (good + bad) // 2
        good, bad = (middle, bad) if works(tinycss2.serialize(rules[:middle])) else (good, middle)
    return int(rules[bad - 1].source_line)
