"""The doors by which the files of strangers come in, as functions of bytes that fail when something is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from handout_builder.brand import logo
from handout_builder.content import schema
from handout_builder.content.loader import load
from handout_builder.content.validation import validate
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.errors import HandoutError
from handout_builder.images import svg_sanitizer
from handout_builder.plain_language.passages import draft
from handout_builder.plain_language.review import review

ROOT = Path(__file__).resolve().parents[2]
# Elements that act or load, and references to anything but a part of the drawing.
REACHES = re.compile(
    rb"""<(script|foreignobject|image|iframe|audio|video|!)|href="[^#]|\bon\w+="|(?<![\w#-])url\(\s*["']?[^#"'\s]"""
    rb"""|<style>[^<]*@import""",
    re.IGNORECASE,
)
# Attributes that hold numbers, and are never read as style.
NUMBERS = re.compile(rb' (?:d|points)="[^"]*"')
FOLDER = TemporaryDirectory()
INPUT = Path(FOLDER.name, "chronic-back-pain", "en.yaml")
INPUT.parent.mkdir()
OWN = load(ROOT / "source" / "chronic-back-pain", "en")
CONTEXT = {
    "lang": "en",
    "points": OWN.points,
    "folder": INPUT.parent,
    "safety": OWN.shared.safety,
    "sources": OWN.shared.sources,
}


def expect(holds: bool) -> None:
    """Fail where something does not hold."""
    assert holds


def yaml(data: bytes) -> None:
    """A handout: bytes to YAML, to a model, to the rules for its words. Every mistake has its words."""
    INPUT.write_bytes(data)
    try:
        handout = validate(read_yaml(INPUT), schema.Handout, CONTEXT)
    except HandoutError as error:
        expect(bool(error.problems) and all(problem.message and problem.code for problem in error.problems))
        return
    source = replace(OWN, folder=INPUT.parent, handout=handout, notes=())
    assert draft(source).passages
    assert all(problem.line >= 1 for problem in review(source))


def svg(data: bytes) -> None:
    """A drawing: what is left of it is a drawing again, the same one, and reaches for nothing outside."""
    try:
        cleaned, ratio, _ = svg_sanitizer.clean(data)
    except svg_sanitizer.SvgError as error:
        expect(bool(str(error)))
        return
    assert ratio > 0
    assert not REACHES.search(NUMBERS.sub(b"", cleaned)), cleaned
    assert svg_sanitizer.clean(cleaned)[0] == cleaned


def drawn(data: bytes) -> None:
    """A logo: cleaned, and drawn by WeasyPrint."""
    path = INPUT.with_name("logo.svg")
    path.write_bytes(data)
    try:
        logo.prepare(path, "A logo", (40, 20))
    except logo.LogoError as error:
        expect(bool(str(error)))


DOORS: dict[str, Callable[[bytes], None]] = {"yaml": yaml, "svg": svg, "drawn": drawn}
_DRAWINGS = ("source/**/*.svg", "tests/**/*.svg")
_SEEDS = {
    "yaml": ("source/**/*.yaml", "tests/cases/*/*/*.yaml", "tests/fuzz/found/*.yaml"),
    "svg": _DRAWINGS,
    "drawn": _DRAWINGS,
}


def seeds(door: str) -> Iterator[Path]:
    """Yield the files of the project that are made for a door, and what was once found there."""
    for pattern in _SEEDS[door]:
        yield from sorted(path for path in ROOT.glob(pattern) if "node_modules" not in path.parts)
