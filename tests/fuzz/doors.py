"""The doors by which the files of strangers come in, as functions of bytes that fail when something is wrong."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from handout_builder.authoring.import_handout import point_sentences
from handout_builder.brand import logo
from handout_builder.content import schema
from handout_builder.content.loader import load
from handout_builder.content.point_names import PointNames
from handout_builder.content.validation import validate
from handout_builder.content.yaml_reader import read_yaml, yaml_file
from handout_builder.copies import rows
from handout_builder.errors import HandoutError
from handout_builder.fhir.bundle import patients
from handout_builder.images import pictures, pixels, svg_sanitizer
from handout_builder.intake import files as documents
from handout_builder.intake.composition import Composition
from handout_builder.intake.pictures import Pictures
from handout_builder.intake.yaml_text import dumped
from handout_builder.plain_language.passages import draft
from handout_builder.plain_language.review import review
from handout_builder.plain_language.word_lists import plain_words
from handout_builder.typefaces import clinic_font

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "tests")]
from helpers import word_document  # noqa: E402  # tests/ is on the path now

# Elements that act or load, and references to anything but a part of the drawing.
REACHES = re.compile(
    rb"""<(script|foreignobject|image|iframe|audio|video|!)|href="[^#]|\bon\w+="|(?<![\w#-])url\(\s*["']?[^#"'\s]"""
    rb"""|<style>[^<]*@import""",
    re.IGNORECASE,
)
# Attributes that hold numbers, and are never read as style.
NUMBERS = re.compile(rb' (?:d|points)="[^"]*"')
# In memory, where there is such a folder: a disk makes inputs wait for their files.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
FOLDER = TemporaryDirectory(dir=MEMORY)
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
NAMES = PointNames(OWN.points)
PLAIN = plain_words(ROOT / "source", "en")
assert PLAIN
IDENTIFIER = "urn:uuid:00000000-0000-4000-8000-000000000000"


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


def markdown(data: bytes) -> None:
    """A text to import: what is made of it is a handout that can be loaded."""
    _imported(data, ".md")


def page(data: bytes) -> None:
    """A web page to import, likewise."""
    _imported(data, ".html")


def word(data: bytes) -> None:
    """A Word document to import, likewise: the whole file, or the body of its text, put where Word has it."""
    _imported(data if data.startswith(b"PK") else word_document.document(data.decode("utf-8", "replace")), ".docx")


def _imported(data: bytes, ending: str) -> None:
    path = INPUT.with_name(f"document{ending}")
    path.write_bytes(data)
    try:
        _, outline = documents.read(path)
    except HandoutError as error:
        _told(error)
        return
    pictures, told = Pictures(path.parent, outline.pictures), point_sentences(PLAIN)
    composition = Composition(outline, "en", NAMES, OWN.points, pictures, told, PLAIN.exercises)
    values = composition.handout("A title", ["neck"], "Before you press", date(2026, 1, 1), IDENTIFIER)
    for name, picture in composition.pictures.files.items():
        path.with_name(name).write_bytes(picture)
    validate(yaml_file(INPUT, dumped(values)), schema.Handout, CONTEXT)


def _told(error: HandoutError) -> None:
    """Fail where an error has no words, or is taken for a bug in the program."""
    expect(bool(error.problems))
    assert all(problem.message and problem.code != "mistake" for problem in error.problems), error.problems


def font(data: bytes) -> None:
    """A typeface of a clinic: what is cut out of it can be read as a font again."""
    path = INPUT.with_name("font.ttf")
    path.write_bytes(data)
    try:
        found = clinic_font.read(path)
        small = clinic_font.cut(found, "A sample, 12 × ä", "Sample", 400)
    except clinic_font.TypefaceError as error:
        expect(bool(str(error)))
        return
    assert small[:4] in (b"\0\1\0\0", b"OTTO", b"true")


def picture(data: bytes) -> None:
    """A picture of an author: readers get a drawing, or pixels that can be opened, and no word of its owner."""
    try:
        kind = pixels.kind(data)
        made, _ = pictures.for_readers(data)
    except (pixels.PixelsError, svg_sanitizer.SvgError) as error:
        expect(bool(str(error)))
        return
    if kind != "SVG":
        with Image.open(io.BytesIO(made)) as opened:
            opened.load()
            assert not opened.getexif()


def people(data: bytes) -> None:
    """A list of people: each row has words or is wrong, and no message repeats what stands in it."""
    path = INPUT.with_name("people.csv")
    path.write_bytes(data)
    try:
        table = rows.Table(path, rows.Columns(("name", "date", "note"), "name", encrypted=True))
        for row in table.rows():
            assert row.words or row.problems
            assert row.line >= row.number or path.suffix != ".csv"
    except HandoutError as error:
        _told(error)


def fhir(data: bytes) -> None:
    """What a record system tells of patients."""
    try:
        assert patients(data, INPUT.with_name("bundle.json"), zone="Europe/Berlin")
    except HandoutError as error:
        _told(error)


def http(data: bytes) -> None:
    """A request to the studio, as its server reads it: it is answered, and never with a bug in the program."""
    import studio_door  # needs the packages of an extra

    studio_door.answer(data)


DOORS: dict[str, Callable[[bytes], None]] = {
    "yaml": yaml,
    "svg": svg,
    "drawn": drawn,
    "markdown": markdown,
    "page": page,
    "word": word,
    "font": font,
    "picture": picture,
    "people": people,
    "fhir": fhir,
    "http": http,
}
_DRAWINGS = ("source/**/*.svg", "tests/**/*.svg")
_SEEDS = {
    "yaml": ("source/**/*.yaml", "tests/cases/*/*/*.yaml", "tests/fuzz/found/*.yaml"),
    "svg": _DRAWINGS,
    "drawn": _DRAWINGS,
    "markdown": ("tests/samples/imports/*.md",),
    "page": ("tests/samples/imports/*.html",),
    "picture": ("tests/samples/handouts/*/*.jpg", "tests/samples/brands/*/*.png"),
}
_OWN_SEEDS = ("tests/fuzz/seeds/{door}*", "tests/fuzz/found/{door}-*")


def seeds(door: str) -> Iterator[Path]:
    """Yield the files of the project that are made for a door, and what was once found there."""
    for pattern in (*_SEEDS.get(door, ()), *(pattern.format(door=door) for pattern in _OWN_SEEDS)):
        yield from sorted(path for path in ROOT.glob(pattern) if "node_modules" not in path.parts)
