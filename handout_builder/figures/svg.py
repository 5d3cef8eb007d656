"""Pieces of SVG that charts are made of: pictures with a description, lines of text, lines seen on every ground."""

from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup, escape

from handout_builder.figures.curves import number
from handout_builder.text.language import is_cjk_language
from handout_builder.tokens import tokens


class ChartText(NamedTuple):
    """The words of a chart: labels of the language, a title and a description for those who cannot see it."""

    labels: Mapping[str, str]
    title: str
    alt: str
    lang: str = ""
    """The handout's language; Han, kana and hangul are set in its shapes."""


def picture(box: tuple[float, float, float, float], body: str, text: ChartText, ident: str, kind: str) -> Markup:
    """Return a picture with a title and a description for those who cannot see it; ``kind`` is its class.

    ``box`` is its view box: left, top, width, height in the drawing's unit.
    """
    view_box = " ".join(number(value) for value in box)
    lang = f' lang="{text.lang}"' if is_cjk_language(text.lang) else ""
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view_box}" role="img" class="{kind}"{lang}'
        f' aria-labelledby="{ident}-title {ident}-desc"><title id="{ident}-title">{escape(text.title)}</title>'
        f'<desc id="{ident}-desc">{escape(text.alt)}</desc>{body}</svg>'
    )


def paper(box: tuple[float, float, float, float]) -> str:
    """Return the ground of a picture with this view box.

    Dark reading systems take away one that only a style sheet gives.
    """
    left, top, width, height = box
    data = f"M{number(left)},{number(top)}h{number(width)}v{number(height)}h{number(-width)}z"
    return f'<path d="{data}" fill="{tokens()["paper"]}"/>'


def cased(data: str, colour: str, width: float, more: str = "") -> str:
    """Return a thin line on a casing of paper, seen on every skin tone; its width is in the unit of the data."""
    casing = f'<path d="{data}" fill="none" stroke="{tokens()["paper"]}" stroke-width="{number(width * 3)}"/>'
    return casing + f'<path d="{data}" fill="none" stroke="{colour}" stroke-width="{number(width)}"{more}/>'


def line_of_text(words: str, x: float, y: float, size: float, colour: str, anchor: str, *, bold: bool = False) -> str:
    """Return a line of text; ``y`` is the middle of its capitals, ``size`` is in the drawing's unit."""
    weight = ' font-weight="700"' if bold else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return (
        f'<text x="{number(x)}" y="{number(y + 0.36 * size)}" font-family="{family()}" font-size="{number(size)}"'
        f'{weight} fill="{colour}"{place}>{escape(words)}</text>'
    )


def family() -> str:
    """Return the font family of the words in drawings."""
    return f"{tokens()['latin'].strip(chr(34))}, sans-serif"
