"""Which versions of WeasyPrint the speed layer fits: told by version and by the source of what it replaces.

``python -m handout_builder.engine.known_versions`` prints the digests of the version that is installed.
"""

import hashlib
import importlib.metadata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

# What the speed layer replaces, or whose insides it relies on, as attributes of the package; of a class, every method.
_REPLACED = (
    *("css.ComputedStyle", "css.AnonymousStyle", "css.InitialStyle"),
    *("layout.percent.resolve_one_percentage", "layout.percent.resolve_percentages", "layout.percent.percentage"),
    *("layout.background.layout_box_backgrounds", "layout.inline.inline_min_content_width"),
    *("formatting_structure.boxes.Box", "formatting_structure.boxes.TextBox"),
    *("text.line_break.Layout", "text.line_break.split_first_line", "text.line_break.create_layout"),
    *("text.line_break.strut", "text.fonts.FontConfiguration", "text.fonts.get_font_description"),
    *("draw.text.draw_first_line", "draw.text.draw_emojis", "pdf.stream.Stream", "pdf.stream.Font"),
    *("svg.SVG", "svg.Node", "svg.text", "html.handle_svg", "html.make_replaced_box", "images.SVGImage"),
)
# SHA-256 of the sources of all of them together, by version.
KNOWN: Mapping[str, str] = {"70.0": "0a71406a70e46e4e39aec78dbfc1d84e0e1095983b6247e74f05a20653d2edf2"}


def installed() -> str:
    """Return the version of WeasyPrint that is installed."""
    return importlib.metadata.version("weasyprint")


def digest(weasyprint: Any) -> str:
    """Return the digest of the source of everything that the speed layer replaces, "" where some of it is not there."""
    found = hashlib.sha256()
    try:
        for name in _REPLACED:
            for function in _functions(weasyprint, name):
                found.update(_source(function).encode())
    except (AttributeError, OSError):
        return ""
    return found.hexdigest()


def _functions(weasyprint: Any, name: str) -> Iterator[FunctionType]:
    value = weasyprint
    for part in name.split("."):
        value = getattr(value, part)
    for each in vars(value).values() if isinstance(value, type) else [value]:
        if isinstance(each, FunctionType):
            yield each


def _source(function: FunctionType) -> str:
    """Return the lines of a function, which inspect finds by reading all of its module again for each."""
    lines = [line for code in _codes(function.__code__) for *_, line in code.co_lines() if line]
    return "\n".join(_lines(function.__code__.co_filename)[min(lines) - 1 : max(lines)])


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


@cache
def _lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines()


if __name__ == "__main__":
    from handout_builder.engine.weasyprint_copy import load

    print(installed(), digest(load(fast=False)))  # noqa: T201  # for those who look at a new version
