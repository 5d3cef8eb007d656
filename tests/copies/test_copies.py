"""Copies: what the engine would have laid out, conforming, with nothing of anybody else in them."""

from __future__ import annotations

import ctypes
import io
import json
import random
import re
import shutil
import struct
import unicodedata
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from helpers import pdf_pages
from helpers.people import HANDOUT, LONG, PARTED, PEOPLE, RAISED, Person, copies, project, report
from helpers.project import FONTS, run
from helpers.tagged_pdf import Tagged
from hypothesis import given, settings
from hypothesis import strategies as st
from judges import verapdf
from PIL import ImageChops, ImageFilter

from handout_builder.copies.kinds import Kinds
from handout_builder.copies.rows import Columns, Table
from handout_builder.copies.shaping import _LETTER, _SIMPLE
from handout_builder.copies.subset_font import Face
from handout_builder.copies.template import Template, compiled
from handout_builder.copies.worker import breaks
from handout_builder.copies.writer import BoxError, Filler, fastest
from handout_builder.orders import Order
from handout_builder.pdf import completeness
from handout_builder.pipeline import Loader, make
from handout_builder.render.personal import Words
from handout_builder.render.product import Product


class Made:
    """A handout ready to be filled, and what the engine makes of the same words."""

    def __init__(self, folder: Path) -> None:
        root = project(folder)
        self.root = root
        self.product: Product = Loader().load(Order(root / HANDOUT, "en"))
        self.template: Template = compiled(self.product)
        self.filler = self.new_filler()
        self.fields = Kinds(Order(root / HANDOUT, "en")).fields

    def new_filler(self) -> Filler:
        return Filler(self.template, breaks("en"), fastest()[0])

    def words(self, person: Person) -> dict[str, Words]:
        path = self.root.parent / "one.jsonl"
        path.write_text(json.dumps(person), "utf-8")
        (row,) = Table(path, Columns(self.fields)).rows()
        assert not row.problems
        return dict(row.words)

    def copy(self, person: Person) -> bytes:
        return self.template.pdf + self.filler.tail(self.words(person))

    def reference(self, person: Person) -> bytes:
        return make(replace(self.product, personal=self.words(person)), ["pdf"])["pdf"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("copies"))


def tags(path: Path) -> list[tuple[str, str, str]]:
    """The elements of a file with their language and words; empty ones are not there."""
    tagged = Tagged(path)
    found = []
    for element in tagged.root.walk():
        own = [kid for kid in element.kids if isinstance(kid, tuple)]
        words = " ".join("".join(run.text for run in tagged.runs.get(mark, ())) for mark in own)
        if words.strip() or not own:
            found.append((element.kind, element.lang, "".join(words.split())))
    return [entry for entry in found if entry[2] or entry[0] not in ("P", "Div", "NonStruct")]


def different(one: Path, other: Path, page: int) -> int:
    """Count the pixels of a page, at 144 dpi, that are ink in one of two files, and not even beside ink in the other.

    PDFium begins letters at whole pixels: what is rounded otherwise by a thousandth of a point may be beside itself.
    """
    own, reference = (pdf_pages.picture(path, page, 144, grey=True).convert("L") for path in (one, other))
    spread = [picture.filter(ImageFilter.MinFilter(3)) for picture in (own, reference)]
    lost = (ImageChops.subtract(spread[0], reference), ImageChops.subtract(spread[1], own))
    return sum(sum(picture.histogram()[64:]) for picture in lost)


def places(path: Path) -> list[tuple[str, float, float]]:
    """Return each letter of a file with where it begins, in pt."""
    found = []
    with pypdfium2.PdfDocument(path) as document:
        for number, page in enumerate(document):
            text = page.get_textpage()
            for index in range(text.count_chars()):
                letter = text.get_text_range(index, 1)
                if letter.strip():
                    x, y = ctypes.c_double(), ctypes.c_double()
                    assert pypdfium2.raw.FPDFText_GetCharOrigin(text.raw, index, x, y)
                    found.append((letter, x.value, number * 10_000 + y.value))
    return found


def test_a_typeface_has_the_widths_and_characters_of_its_file() -> None:
    """Those, too, behind the last whole entry of hmtx, whose width they share."""
    font = TTFont(FONTS / "NotoSans-Regular.ttf")
    order, data = font.getGlyphOrder(), io.BytesIO()
    font["hmtx"].metrics = {name: (500 + min(number, 99), -number % 50) for number, name in enumerate(order)}
    font.save(data)
    assert TTFont(data)["hhea"].numberOfHMetrics == 100
    face = Face(data.getvalue(), "Noto-Sans")
    assert [face.glyph(number).metrics for number in range(len(order))] == [
        struct.pack(">Hh", *font["hmtx"].metrics[name]) for name in order
    ]
    assert face.advances == [(500 + min(number, 99)) * 1000 / face.units for number in range(len(order))]
    known = font.getBestCmap()
    assert face.characters == set(map(chr, known))
    assert len(face.texts) == len(set(known.values()))
    assert all(known[ord(text)] == order[number] for number, text in face.texts.items() if len(text) == 1)


@pytest.mark.parametrize("number", range(len(PEOPLE)))
def test_a_copy_is_what_the_engine_lays_out(made: Made, tmp_path: Path, number: int) -> None:
    """Pixels, words and tags are those of WeasyPrint on the filled page."""
    person = PEOPLE[number]
    own, reference = tmp_path / "own.pdf", tmp_path / "reference.pdf"
    own.write_bytes(made.copy(person))
    reference.write_bytes(made.reference(person))
    assert " ".join(pdf_pages.text(own).split()) == " ".join(pdf_pages.text(reference).split())
    assert tags(own) == tags(reference)
    for page in range(1, len(pikepdf.open(own).pages) + 1):
        assert different(own, reference, page) == 0, f"page {page}"
    for (letter, *own_place), (other, *place) in zip(places(own), places(reference), strict=True):
        assert letter == other
        assert own_place == pytest.approx(place, abs=0.1), letter


@pytest.mark.parametrize("number", range(len(PEOPLE)))
def test_words_of_people_are_found_in_their_copies(made: Made, tmp_path: Path, number: int) -> None:
    path = tmp_path / "copy.pdf"
    path.write_bytes(made.copy(PEOPLE[number]))
    found = " ".join(pdf_pages.text(path).split())
    for key, text in PEOPLE[number].items():
        if not key.endswith("lang"):
            assert text.strip().replace(" ", "") in found.replace(" ", "")


def many(count: int) -> list[Person]:
    """Invented people whose notes differ."""
    random_ = random.Random(7)
    words = ["slowly", "warm", "hands", "breathe", "out", "while", "you", "press", "keep", "even", "stop", "pain"]
    people = []
    for number in range(count):
        note = " ".join(random_.choices(words, k=random_.randrange(3, 30)))
        base = dict(PEOPLE[number % len(PEOPLE)])
        people.append({"note": note, "note_lang": "" if "note" in base else "en"} | base | {"date": f"{number}"})
    return people


@pytest.mark.slow
def test_copies_for_everybody_conform(tmp_path: Path) -> None:
    """PDF/UA-1 and PDF/A-3a, by veraPDF: each person has two copies, one for each."""
    root = project(tmp_path)
    people = many(2 * len(PEOPLE))
    done = copies(root, people, "--out", "out")
    assert done.returncode == 0, done.stderr
    files = sorted((tmp_path / "out").glob("*.pdf"))
    assert len(files) == len(people)
    for number, path in enumerate(files):
        assert verapdf.check(path, ("ua1", "3a")[number // len(PEOPLE)]) == [], path.name


def test_a_template_is_a_file_that_conforms(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "template.pdf"
    path.write_bytes(made.template.pdf)
    assert verapdf.check(path, "ua1") == []
    assert verapdf.check(path, "3a") == []
    assert pdf_pages.faults(path) == []
    text = pdf_pages.text(path)
    assert text.count("–") == text.count("2.1–2.4") == 1, "the placeholder is out, the sources are in"


def test_a_copy_is_the_same_alone_and_after_others(made: Made) -> None:
    people = many(2 * len(PEOPLE))
    order = list(range(len(people)))
    random.Random(5).shuffle(order)
    batch = {number: made.filler.tail(made.words(people[number])) for number in order}
    for number in range(len(PEOPLE), len(people)):
        assert made.new_filler().tail(made.words(people[number])) == batch[number]


def test_a_copys_fonts_have_its_own_letters_alone(made: Made, tmp_path: Path) -> None:
    """Nobody's letters are in another's file: neither outlines nor what glyphs are read as."""
    for number, person in enumerate(PEOPLE):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(made.copy(person))
        own = {letter for key, text in person.items() if not key.endswith("lang") for letter in text} | {" "}
        with pikepdf.open(path) as pdf:
            for face_number, face in enumerate(made.filler.faces):
                font = next(page.Resources.Font[f"/C{face_number}"] for page in pdf.pages)
                places = font.DescendantFonts[0].CIDToGIDMap.read_bytes()
                glyphs = [at // 2 for at in range(0, len(places), 2) if places[at : at + 2] != b"\0\0"]
                outlines = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
                assert int.from_bytes(outlines[4:6], "big") == 6
                letters = {letter for glyph in glyphs for letter in face.texts.get(glyph, "")}
                assert letters <= own | {"fi"}, sorted(letters - own)
                if not made.template.slots[face_number].tells and glyphs:
                    said = re.findall(rb"> <([0-9a-f]+)>", font.ToUnicode.read_bytes())
                    assert {bytes.fromhex(one.decode()).decode("utf-16-be") for one in said} <= own | {"\uffff"}


def test_metadata_say_nothing_of_people(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "copy.pdf"
    path.write_bytes(made.copy(PEOPLE[8]))
    with pikepdf.open(path) as pdf, pikepdf.open(tmp_path / ".." / path) as other:
        assert b"Whitfield" not in pdf.Root.Metadata.read_bytes()
        assert not any("Whitfield" in str(other.docinfo[key]) for key in other.docinfo)


# The same as in _SIMPLE, which Hypothesis takes far longer to make texts of.
SIMPLE_WORDS = st.from_regex(
    rf"\(?([{_LETTER}]|['’](?=[{_LETTER}])|(?<=[0-9])[.,:](?=[0-9])){{1,9}}[%)]?[.,;:!?]?", fullmatch=True
)


@settings(max_examples=200, deadline=None)
@given(st.lists(SIMPLE_WORDS, min_size=1, max_size=6).map(" ".join))
def test_simple_words_break_at_blanks_alone(text: str) -> None:
    """Where the engine is not asked, it would have said the same."""
    assert _SIMPLE.fullmatch(text)
    assert breaks("en")(text, "en") == {place + 1 for place, letter in enumerate(text) if letter == " "}


def test_what_does_not_fit_is_not_cut_off(made: Made, tmp_path: Path) -> None:
    with pytest.raises(BoxError) as raised:
        made.copy(LONG)
    assert set(raised.value.reasons) == {"note"}
    root = project(tmp_path)
    done = copies(root, [LONG, {"name": "W" * 60}], "--out", "out", "--report", "r.json")
    assert done.returncode == 0, done.stderr
    assert [result["result"] for result in report(tmp_path / "r.json").values()] == ["made-long"] * 2
    text = " ".join(pdf_pages.text(tmp_path / "out" / "000001.pdf").split())
    assert text.count("not during pain") == 20
    assert "W" * 10 in pdf_pages.text(tmp_path / "out" / "000002.pdf")
    for number in (1, 2):
        assert verapdf.check(tmp_path / "out" / f"{number:06}.pdf", "ua1") == []


def test_marks_that_the_engine_may_shape_apart_are_left_to_it(made: Made) -> None:
    with pytest.raises(BoxError) as raised:
        made.copy(PARTED)
    assert set(raised.value.reasons) == {"note"}


def test_marks_are_raised_to_their_places(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the engine raises them, whose own files are refused, as letters with such marks are read wrongly there."""
    for net in ("misread", "missing"):
        monkeypatch.setattr(completeness.Contents, net, lambda *_: [])
    own, reference = tmp_path / "own.pdf", tmp_path / "reference.pdf"
    own.write_bytes(made.copy(RAISED))
    reference.write_bytes(made.reference(RAISED))
    assert different(own, reference, 1) == 0
    assert RAISED["name"] in unicodedata.normalize("NFC", pdf_pages.text(own))
    assert verapdf.check(own, "ua1") == []
    assert verapdf.check(own, "3a") == []


@pytest.mark.parametrize(("edition", "flavours"), [("letter", "aua"), ("large-print", "uau"), ("greyscale", "auu")])
def test_editions_are_filled(tmp_path: Path, edition: str, flavours: str) -> None:
    """Editions and people meet both standards, PDF/A and PDF/UA."""
    root = project(tmp_path)
    done = copies(root, PEOPLE[1:4], "--out", "out", "--edition", edition)
    assert done.returncode == 0, done.stderr
    files = sorted((tmp_path / "out").glob("*.pdf"))
    for path, flavour in zip(files, flavours, strict=True):
        assert verapdf.check(path, {"a": "3a", "u": "ua1"}[flavour]) == []


@pytest.mark.parametrize("edition", ["booklet", "leaflet", "press"])
def test_editions_on_sheets_are_refused(tmp_path: Path, edition: str) -> None:
    done = copies(project(tmp_path), PEOPLE[:1], "--out", "out", "--edition", edition)
    assert done.returncode == 1
    assert f"personal-edition copies are not made of the edition {edition}" in done.stderr
    assert not (tmp_path / "out").exists()


def test_rows_choose_what_is_filled(tmp_path: Path) -> None:
    root = project(tmp_path)
    people = [{"name": "Al"}, {"name": "Bo", "edition": "letter"}, {"name": "Cy", "edition": "nothing"}]
    done = copies(root, people, "--out", "out", "--report", "r.json")
    assert done.returncode == 1
    heights = []
    for number in (1, 2):
        with pikepdf.open(tmp_path / "out" / f"{number:06}.pdf") as pdf:
            heights.append(float(pdf.pages[0].MediaBox[3]))
    assert heights[0] > heights[1]
    assert "row 3, edition" in done.stderr


def test_a_handout_without_room_for_people_is_told(tmp_path: Path) -> None:
    done = copies(project(tmp_path, personal=""), PEOPLE[:1], "--out", "out")
    assert done.returncode == 1
    assert "not-personal the handout leaves no room" in done.stderr


def test_a_box_that_words_cannot_be_written_into_is_told(tmp_path: Path) -> None:
    root = project(tmp_path)
    folder = root / "brands" / "loud"
    (folder / "layouts").mkdir(parents=True)
    (folder / "_brand.yml").write_text("meta: {name: Loud}\n", "utf-8")
    (folder / "layouts" / "print.css").write_text(".personal-box { text-transform: uppercase }\n", "utf-8")
    done = copies(root, PEOPLE[:1], "--out", "out", "--brand", "loud")
    assert done.returncode == 1
    assert "personal-box copies cannot fill the box 'name': text-transform is uppercase" in done.stderr


def test_a_first_list_is_one_that_works(tmp_path: Path) -> None:
    root = project(tmp_path)
    done = run(root, "copies", HANDOUT, "--template", "first")
    assert done.returncode == 0, done.stderr
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((tmp_path / "first" / "patients.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"name": "Al", "note_lang": "ja", "_id": 3}, schema)
    assert list(jsonschema.Draft202012Validator(schema).iter_errors({"nmae": "Al"}))
    done = run(root, "copies", HANDOUT, "--list", "first/patients.csv", "--out", "out", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").glob("*.pdf"))) == 2


def test_a_new_visit_sheet_is_filled_from_a_first_list(tmp_path: Path) -> None:
    """As the README says."""
    root = project(tmp_path)
    for words in (
        ("new", "next-steps", "--template", "visit-sheet"),
        ("copies", "next-steps", "--template", "lists"),
        ("copies", "next-steps", "--list", "lists/patients.csv", "--out", "out"),
    ):
        done = run(root, *words)
        assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").glob("*.pdf"))) == 2


@pytest.mark.parametrize("lang", ["ko", "ja"])
def test_handouts_in_east_asian_languages_are_filled_as_the_engine_does(tmp_path: Path, lang: str) -> None:
    """Their own typeface comes first; words of Korean stay whole in a Korean handout."""
    root = project(tmp_path)
    text = root / HANDOUT / "en.yaml"
    text.rename(text.with_name(f"{lang}.yaml"))
    people: list[Person] = [
        {
            "name": "김민지",
            "note": "천천히 시작하고 숨을 내쉬면서 누르세요. 통증이 심해지면 멈추고 연락해 주세요.",
            "lang": "ko",
        },
        {
            "name": "山田 花子",
            "name_lang": "ja",
            "note": "Self-care; 2 × day (10:30).",
            "note_lang": "en",
            "date": "12/24",
        },
    ]
    done = copies(root, people, "--out", "out", "--report", "r.json")
    assert done.returncode == 0, done.stderr
    assert [result["result"] for result in report(tmp_path / "r.json").values()] == ["made", "made"]
    product = Loader().load(Order(root / HANDOUT, lang))
    kinds = Kinds(Order(root / HANDOUT, lang))
    (tmp_path / "one.jsonl").write_text("\n".join(map(json.dumps, people)), "utf-8")
    for row in Table(tmp_path / "one.jsonl", Columns(kinds.fields)).rows():
        own, reference = tmp_path / "out" / f"{row.number:06}.pdf", tmp_path / "reference.pdf"
        reference.write_bytes(make(replace(product, personal=row.words), ["pdf"])["pdf"])
        if lang != "ko":  # where the engine has an element for each word
            assert tags(own) == tags(reference)
        assert [different(own, reference, page) for page in (1, 2)] == [0, 0]


def test_a_clinics_typeface_is_filled_in(tmp_path: Path) -> None:
    """Words are in the brand's letters where it has them, and in ours where not."""
    root = project(tmp_path)
    folder = root / "brands" / "face"
    folder.mkdir(parents=True)
    for weight in ("Regular", "Bold"):
        shutil.copy(FONTS / f"NotoSans-{weight}.ttf", folder / f"Own-{weight}.ttf")
    (folder / "_brand.yml").write_text(
        "meta: {name: Face}\ntypography:\n  base: Own\n  fonts:\n    - family: Own\n      source: file\n      files:\n"
        "        - {path: Own-Regular.ttf, weight: normal}\n        - {path: Own-Bold.ttf, weight: bold}\n",
        "utf-8",
    )
    people = [PEOPLE[1], PEOPLE[3], PEOPLE[4]]
    done = copies(root, people, "--out", "out", "--brand", "face")
    assert done.returncode == 0, done.stderr
    order = Order(root / HANDOUT, "en", folder)
    product, fields = Loader().load(order), Kinds(order).fields
    (tmp_path / "one.jsonl").write_text("\n".join(map(json.dumps, people)), "utf-8")
    for row in Table(tmp_path / "one.jsonl", Columns(fields)).rows():
        own, reference = tmp_path / "out" / f"{row.number:06}.pdf", tmp_path / "reference.pdf"
        reference.write_bytes(make(replace(product, personal=row.words), ["pdf"])["pdf"])
        assert tags(own) == tags(reference)
        assert [different(own, reference, page) for page in (1, 2)] == [0, 0]
        assert verapdf.check(own, "3a") == []
        assert {font.name for font in pdf_pages.fonts(own)} >= {"Brand-Text-400"}
