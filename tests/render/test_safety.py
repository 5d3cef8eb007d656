"""Safety boxes in print and book: two ranks of signs, whom to call, own words, and what is said of an author."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers.project import NAME, SOURCE, common, source_of
from lxml import etree

from handout_builder.brand.loader import load_brand
from handout_builder.content.loader import Source, load, load_common
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.pipeline import make
from handout_builder.render import printing
from handout_builder.render.product import Product

TEXT = """\
title: A title
description: D
author: Hana Example
revised: 2026-11-28
about: {about}
{more}
sections:
  - id: before
    heading: Before
    blocks:
      - {{type: safety, include: see-a-doctor}}
      - {{type: safety, include: when-not-to-press}}
  - id: how
    heading: How
    blocks:
      - {how}
      - type: points
        points:
          - {{code: BL23, name: {{text: 肾俞, lang: zh-Hans, reading: Shènshū}}, remark: Words.}}
"""
SHARED = "{type: safety, include: how-to-press}"
OWN = (
    "{type: safety, include: how-to-press,"
    " own: {steps: [Sit.], time: Press for 30 seconds., often: Twice a day., stop: Stop if it hurts.}}"
)
BRAND = SOURCE / "brands" / "harbour-lane"


def written(folder: Path, about: str = "neck", more: str = "", how: str = SHARED) -> Source:
    path = folder / "source" / "h" / "en.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT.format(about=about, more=more, how=how), "utf-8")
    known = load_common(path.parent.parent, "en") if (path.parent.parent / "shared").exists() else common()
    return load(path.parent, "en", known)


def page(product: Product) -> str:
    return printing.print_html(product, printing.first_pages(product))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def boxes(html: str) -> list[tuple[str, str]]:
    """Return rank and words of each safety box."""
    found = re.findall(r'<section class="safety (\w+)".*?</section>', html, re.DOTALL)
    texts = re.findall(r'<section class="safety \w+".*?</section>', html, re.DOTALL)
    return [(rank, words(text)) for rank, text in zip(found, texts, strict=True)]


@pytest.mark.parametrize("brand", [None, BRAND], ids=["plain", "brand"])
@pytest.mark.parametrize("edition", sorted(EDITIONS))
def test_at_once_and_within_days_are_two_boxes_in_every_edition(
    tmp_path: Path, edition: str, brand: Path | None
) -> None:
    source = written(tmp_path)
    product = Product(source, brand and load_brand(brand), edition=EDITIONS[edition])
    found = boxes(page(product))
    assert [rank for rank, _ in found] == ["emergency", "doctor", "stop", "how"]
    flags = source.shared.red_flags["neck"]
    (_, emergency), (_, doctor), *_ = found
    assert all(sign.text in emergency and sign.text not in doctor for sign in flags.emergency.signs)
    if edition != "one-page":
        assert all(sign.text in doctor and sign.text not in emergency for sign in flags.doctor.signs)
    assert "Call 999" in emergency if brand else "Call" not in emergency


def test_the_book_has_the_same_boxes(built: SimpleNamespace) -> None:
    with zipfile.ZipFile(built.epub) as book:
        pages = [book.read(name).decode() for name in book.namelist() if name.endswith(".xhtml")]
        sheet = book.read("EPUB/book.css").decode()
    found = [rank for text in pages for rank, _ in boxes(text)]
    assert found == ["emergency", "doctor", "stop", "how"]
    icons = {
        box.get("class"): etree.tostring(box.find(".//{*}svg"))
        for text in pages
        for box in etree.fromstring(text.encode()).iterfind(".//{*}section")
        if box.get("class", "").startswith("safety ")
    }
    assert len(set(icons.values())) == len(icons) == 4
    rules = [int(re.search(rf"\.{rank} \.safety-head {{ border-top: (\d+)px", sheet)[1]) for rank in found]  # type: ignore[index]
    assert rules == sorted(rules, reverse=True)
    assert len(set(rules)) == 4


def test_the_signs_are_those_of_the_complaint(tmp_path: Path) -> None:
    text = words(page(Product(written(tmp_path, about="[head, hip-knee]"))))
    assert "for a headache with:" in text
    assert "for hip, knee or leg pain with:" in text
    assert "for back pain with:" not in text


TRUNK, LEGS = ("spine bones", "unstable spine"), ("varicose veins", "low back or ankles")


@pytest.mark.parametrize("edition", ["a4", "one-page"])
@pytest.mark.parametrize(
    ("about", "point", "said", "unsaid"),
    {
        "the neck's": ("neck", "GB20", TRUNK[:1], LEGS),
        "the knee's": ("hip-knee", "ST36", LEGS[:1], TRUNK),
        "those of all parts": ("[head, foot]", "KI3", LEGS[:1], TRUNK),
        "where a point lies, too": ("neck", "BL60", (*TRUNK, LEGS[0]), ()),
        "where a point lies on the back": ("head", "BL23", (*TRUNK, LEGS[0]), ()),
        "all where nothing is known": ("whole-body", "ST36", (*TRUNK, LEGS[0]), ()),
    }.values(),
)
def test_when_not_to_press_is_of_the_parts_that_are_pressed(
    tmp_path: Path, edition: str, about: str, point: str, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    source = written(tmp_path, about=about)
    chart = replace_point(source, point)
    [text] = [text for rank, text in boxes(page(Product(chart, edition=EDITIONS[edition]))) if rank == "stop"]
    assert "pregnant" in text
    assert "numb skin" in text
    assert "weak or broken bones" in text
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


@pytest.mark.parametrize(
    ("item", "told"),
    {
        "a part that is none": ("{text: a leg, about: [leg]}", "no part of the body 'leg'"),
        "a key that is none": ("{words: a leg, about: foot}", "the key 'text' is missing"),
        "a key that is called otherwise": ("{txt: a leg, about: foot}", "the key 'txt' is not known here"),
        "no words": ("[a leg]", "'text' should be a text; here it is"),
    }.values(),
)
def test_words_for_parts_are_checked(tmp_path: Path, item: str, told: str) -> None:
    own = tmp_path / "source" / "shared" / "en.yaml"
    own.parent.mkdir(parents=True)
    lines = (SOURCE / "shared" / "en.yaml").read_text("utf-8").splitlines()
    [number] = [n for n, line in enumerate(lines) if "- a tube, pump" in line]
    lines[number] = f"          - {item}"
    own.write_text("\n".join(lines), "utf-8")
    with pytest.raises(HandoutError) as caught:
        written(tmp_path)
    assert any(problem.line == number + 1 and told in problem.message for problem in caught.value.problems)


def replace_point(source: Source, code: str) -> Source:
    """Return the handout with its one card telling of another point."""
    cards = source.handout.sections[1].blocks[1]
    cards.points[0] = cards.points[0].model_copy(update={"code": code})  # type: ignore[union-attr]
    return source


@pytest.mark.parametrize(
    ("more", "brand", "number"),
    [
        ("", None, ""),
        ('emergency: "112"', None, "112"),
        ("", BRAND, "999"),
        ('emergency: "112"', BRAND, "999"),
        ('emergency: "1 1-2"', None, "1 1-2"),
        ("emergency: 000", None, "000"),
        ("emergency: 112", None, "112"),
    ],
)
def test_the_clinics_number_goes_before_the_handouts(
    tmp_path: Path, more: str, brand: Path | None, number: str
) -> None:
    html = page(Product(written(tmp_path, more=more), brand and load_brand(brand)))
    called = re.findall(r'<p class="call"><a href="tel:(\d+)">Call ([\d -]+)</a></p>', html)
    assert called == ([(number.replace(" ", "").replace("-", ""), number)] if number else [])


def test_own_words_on_how_to_press_replace_the_shared_ones(tmp_path: Path) -> None:
    (*_, (rank, text)) = boxes(page(Product(written(tmp_path, how=OWN))))
    assert rank == "how"
    assert all(part in text for part in ("How to press", "Sit.", "Press for 30 seconds.", "Twice a day."))
    assert text.rstrip().endswith("Stop if it hurts.")
    assert "Press once a day" not in text


def test_nothing_is_said_of_an_author_who_wrote_all_of_it(tmp_path: Path) -> None:
    html = page(Product(written(tmp_path, more="summary: [In short.]")))
    assert "author’s text" not in html
    assert "Author’s note" not in html
    assert words(html).count("please read this advice before you press") == 1
    assert "Note: Words." in words(html)


def test_a_handout_without_points_does_not_speak_of_pressing_them(tmp_path: Path) -> None:
    path = tmp_path / "source" / "h" / "en.yaml"
    path.parent.mkdir(parents=True)
    text, end = TEXT.format(about="neck", more="", how=""), "  - id: how"
    path.write_text(text.partition(end)[0].replace("      - {type: safety, include: when-not-to-press}\n", ""), "utf-8")
    told = words(page(Product(load(path.parent, "en", common()))))
    assert "For your safety, please read this advice." in told
    assert "before you press" not in told


@pytest.mark.parametrize("summary", ["summary: [In short.]", ""])
def test_what_was_added_is_said_once(tmp_path: Path, summary: str) -> None:
    source = written(tmp_path, more=f"{summary}\nadded: These words were added to the author’s text.")
    text = words(page(Product(source)))
    assert text.count("added to the author’s text") == 1
    assert text.index("were added to the author’s text") < text.index("When to get help at once")
    assert "Author’s note: Words." in text


def test_an_edited_text_says_so_without_being_told(tmp_path: Path) -> None:
    own = source_of(SOURCE / NAME)
    assert own.editorial.changes
    source = replace(written(tmp_path), editorial=own.editorial)
    assert words(page(Product(source))).count("The safety advice was added to the author’s text.") == 1


def test_the_first_handout_says_it_once_in_print_and_book(built: SimpleNamespace) -> None:
    text = words(page(Product(source_of(SOURCE / NAME))))
    assert text.count("added to the author’s text") == 1
    with zipfile.ZipFile(built.epub) as book:
        pages = [words(book.read(name).decode()) for name in book.namelist() if name.endswith(".xhtml")]
    assert sum(text.count("added to the author’s text") for text in pages) == 1


@pytest.mark.parametrize(
    ("edition", "about"),
    [
        ("leaflet", "[head, chest-belly]"),
        ("one-page", "[neck, shoulder-arm]"),
        ("one-page", "[head, chest-belly]"),
        ("one-page", "hip-knee"),
    ],
)
def test_long_lists_have_room_in_the_short_editions(tmp_path: Path, edition: str, about: str) -> None:
    assert make(Product(written(tmp_path, about=about), edition=EDITIONS[edition]), ("pdf",))["pdf"]
