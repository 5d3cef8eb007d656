"""Who is to blame where the engine breaks: the rule of a brand's style sheet, its logo, or we."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import tinycss2

from handout_builder.content.yaml_reader import read_text
from handout_builder.errors import HandoutError, Problem
from handout_builder.render.product import Product
from handout_builder.resources import BRAND_FILE

_Again = Callable[[str], Any]
_OURS = "engine"
_TOLD = frozenset(("typesetting", "incomplete"))
"""What a style sheet, too, can be the cause of."""
_MOST_SECONDS = 4.0
"""As long as the rule is looked for: the file is known before."""
_HEIGHT = 100
_HINT = "the engine, WeasyPrint, is not made for it: write it otherwise, or leave it out"


@contextmanager
def engine_errors(product: Product, again: _Again | None) -> Iterator[None]:
    """Turn whatever the engine raises, or complains about, into a HandoutError that tells whose mistake it is.

    ``again`` does the same work with another style sheet of the brand, and raises what the engine raises; None where
    the brand has no rules in it.
    """
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        if isinstance(error, HandoutError) and not {problem.code for problem in error.problems} <= _TOLD:
            raise
        raise HandoutError(_to_blame(product, again, error)) from error


def _to_blame(product: Product, again: _Again | None, error: Exception) -> tuple[Problem, ...]:
    message = f"the engine breaks: {type(error).__name__}: {error}"[:200].rstrip(": ")
    text = product.source.folder / f"{product.source.lang}.yaml"
    hint = "this is a mistake of the program, or of a brand's templates: please report it, with the handout"
    told = error.problems if isinstance(error, HandoutError) else (Problem(_OURS, message, text, hint=hint),)
    brand = product.brand
    path = brand.layouts / "print.css" if brand and brand.layouts else None
    if again and path and path.is_file() and _works(again, ""):
        line = _line(read_text(path), again)
        codes = {_OURS: "style-sheet"}
        return tuple(
            replace(problem, code=codes.get(problem.code, problem.code), path=path, line=line, hint=_HINT)
            for problem in told
        )
    if brand and brand.logo and not _draws(brand.logo.data, brand.logo.kind):
        hint = "export it again as plain SVG, or as PNG"
        message = f"the logo cannot be drawn: {told[0].message}"
        return (Problem("brand-logo", message, brand.folder / BRAND_FILE, hint=hint),)
    return told


def _works(again: _Again, css: str) -> bool:
    try:
        again(css)
    except MemoryError:
        raise
    except Exception:
        return False
    return True


def _draws(data: bytes, kind: str) -> bool:
    from handout_builder.brand.logo import LogoError, raster  # noqa: PLC0415  # only to find a mistake

    try:
        raster(data, kind, _HEIGHT)
    except (HandoutError, LogoError, ArithmeticError, LookupError, ValueError):
        return False
    return True


def _line(css: str, again: _Again) -> int:
    """Return the line of the rule with which a style sheet breaks the engine, by halving; 0 if that takes too long."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    good, bad = 0, len(rules)
    until = time.monotonic() + _MOST_SECONDS
    while bad - good > 1:  # the first `good` rules work, the first `bad` ones do not
        if time.monotonic() > until:
            return 0
        middle = (good + bad) // 2
        works = _works(again, tinycss2.serialize(rules[:middle]))
        good, bad = (middle, bad) if works else (good, middle)
    return int(rules[bad - 1].source_line)
