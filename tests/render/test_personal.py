"""A handout that is made out to one person: boxes of fixed size, whole words, and no word of theirs anywhere else."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import pikepdf
import pytest
from helpers import page_words
from helpers.project import common, tiny_handout
from helpers.tagged_pdf import Tagged
from judges import verapdf

from handout_builder.content import loader
from handout_builder.content.loader import Source
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.pdf import typeset
from handout_builder.pipeline import make
from handout_builder.render import printing
from handout_builder.render.personal import Words
from handout_builder.render.product import Product

PERSONAL = """
personal:
  - fields: [name, date]
  - {after: the-points, heading: Your plan, fields: [{field: points, lines: 2}, {field: note, lines: 3}, next_visit]}
"""
WORDS = {
    "name": Words("Nguyễn Thị Ánh", "vi"),
    "date": Words("28 November 2026"),
    "note": Words("直 is told apart.", "ja"),
    "point_1": Words("BL23"),
    "dose_1": Words("30 seconds, twice a day"),
}


def source(folder: Path, personal: str = PERSONAL) -> Source:
    """A tiny handout with room for one person."""
    text = tiny_handout(folder, "tiny") / "en.yaml"
    text.write_text(text.read_text("utf-8") + personal, "utf-8")
    return loader.load(text.parent, "en", common())


def boxes(product: Product) -> dict[str, tuple[float, float, float, float]]:
    """Where the boxes of a product stand: page and y, width and height, in px."""
    laid_out = typeset.lay_out(printing.print_html(product, printing.first_pages(product)), product)
    found = {}
    for number, page in enumerate(laid_out.document.pages):
        for box in page._page_box.descendants():
            if box.element is not None and box.element.get("data-field") and type(box).__name__ == "BlockBox":
                place = (number, round(box.position_y, 2), round(box.border_width(), 2), round(box.border_height(), 2))
                found[box.element.get("data-field")] = place
    return found


def words_of(path: Path) -> str:
    """What is read of a PDF by its tags."""
    tagged = Tagged(path)
    return " ".join(tagged.text(tagged.root).split())


def test_boxes_stand_where_they_stand_with_words_or_without(tmp_path: Path) -> None:
    empty = Product(source(tmp_path))
    names = ["name", "date", "point_1", "dose_1", "point_2", "dose_2", "note", "next_visit"]
    assert [box.name for box in empty.source.handout.personal_boxes] == names
    wanted = boxes(empty)
    assert sorted(wanted) == sorted(names)
    assert boxes(replace(empty, personal=WORDS)) == wanted
    assert boxes(replace(empty, personal=dict.fromkeys(names, Words("–")))) == wanted


@pytest.mark.parametrize("edition", ["a4", "large-print"])
def test_words_that_need_more_room_get_it(edition: str, tmp_path: Path) -> None:
    long = " ".join(f"word{number}" for number in range(120))
    product = Product(source(tmp_path), edition=EDITIONS[edition], personal={"note": Words(long), "name": Words("Mo")})
    made = tmp_path / "long.pdf"
    made.write_bytes(make(product, ["pdf"])["pdf"])
    read = words_of(made)
    assert all(f"word{number}" in read for number in range(120))


def test_a_name_longer_than_a_line_begins_in_the_first(tmp_path: Path) -> None:
    """The engine set it below the label, which floats beside it, as that is where it would have more room."""
    name = "Wolfeschlegelsteinhausen" * 3
    made = tmp_path / "long.pdf"
    made.write_bytes(make(Product(source(tmp_path), personal={"name": Words(name)}), ["pdf"])["pdf"])
    words = page_words.read(made)[0].words
    label = next(word for word in words if word.text == "Name")
    assert any(word.text.startswith("Wolfe") and abs(word.y - label.y) < label.size / 2 for word in words)


def test_each_box_is_one_tagged_paragraph_in_its_language(tmp_path: Path) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(make(Product(source(tmp_path), personal=WORDS), ["pdf"])["pdf"])
    for flavour in ("ua1", "3a"):
        assert verapdf.check(path, flavour) == []
    tagged = Tagged(path)
    for name, (words, lang) in {name: (one.text, one.lang or "en") for name, one in WORDS.items()}.items():
        found = [element for element in tagged.root.find("P") if tagged.text(element).strip() == words]
        assert [element.lang for element in found] == [lang], name


def test_metadata_and_the_book_have_no_word_of_theirs(tmp_path: Path) -> None:
    product = Product(source(tmp_path), personal={"name": Words("Canaryname"), "note": Words("Canarynote")})
    made = make(product, ["pdf", "epub"])
    assert made["epub"] == make(replace(product, personal={}), ["epub"])["epub"]
    path = tmp_path / "made.pdf"
    path.write_bytes(made["pdf"])
    with pikepdf.open(path) as pdf:
        told = f"{dict(pdf.docinfo)} {pdf.Root.Metadata.read_bytes().decode()} {pdf.Root.get('/Outlines', '')!r}"
    assert "Canary" not in told


def test_no_message_quotes_their_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the nets find, and whatever breaks."""
    product = Product(source(tmp_path), personal={"name": Words("Canary" * 40), "note": Words("Canary ọ́ní")})
    with pytest.raises(HandoutError) as caught:
        make(replace(product, personal={"name": Words("Canaryname 𝕏")}), ["pdf"])
    assert "Canary" not in repr(caught.value)
    assert caught.value.__context__ is None
    monkeypatch.setattr(typeset, "write", lambda *_: [][len(product.personal)])
    with pytest.raises(HandoutError, match="engine the page cannot be made: IndexError") as caught:
        make(product, ["pdf"])
    assert caught.value.__context__ is None
    assert "Canary" not in f"{product!r} {Words('Canary')!r}"


@pytest.mark.parametrize(
    ("personal", "told"),
    [
        (
            "personal: {after: nowhere, fields: [name]}",
            "unknown-link there is no section 'nowhere' for a personal block",
        ),
        ("personal: [{fields: [name]}, {fields: [name]}]", "value the personal field 'name' is there twice"),
        ("personal: {fields: [nmae]}", "'nmae'"),
    ],
)
def test_mistakes_are_told_with_their_line(personal: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        source(tmp_path, personal)
    (problem,) = caught.value.problems
    assert told in str(problem)
    assert re.search(r"en\.yaml:2[0-9]", str(problem))


def test_short_forms_say_that_they_leave_it_out(tmp_path: Path) -> None:
    product = Product(source(tmp_path), edition=EDITIONS["one-page"], personal=WORDS)
    made = make(replace(product, personal={}), ["pdf"])
    assert any("its blocks for one person" in note.message for note in made.notes)


def test_letters_with_a_dot_below_are_found(tmp_path: Path) -> None:
    """Noto Sans draws them as two glyphs; the letter was read as nothing then, in all of the file."""
    path = tmp_path / "made.pdf"
    product = Product(source(tmp_path))
    for name in ("Thị Hẹn Họ Phụng ǹ", "Ọlá Ẹ̀kọ́"):  # those of the second have marks above, too
        path.write_bytes(make(replace(product, personal={"name": Words(name)}), ["pdf"])["pdf"])
        read = normalize("NFC", words_of(path))
        assert normalize("NFC", name) in read
        assert "spine" in read
