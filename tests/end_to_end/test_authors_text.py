"""The author's text: kept, or changed with a reason; nothing of it lost, nothing slipped in."""

from __future__ import annotations

import hashlib
import html
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from helpers.project import LANG, NAME, SOURCE, Done, copy_project, make, run
from helpers.source_text import blocks, cards, catalogue_rows, handout, safety_names, shared, squeeze, yaml
from helpers.tagged_pdf import Tagged
from lxml import etree

from handout_builder.content.loader import load
from handout_builder.errors import Severity
from handout_builder.render import printing
from handout_builder.render.product import Product

# The author's words as they came; nobody edits this file.
SHA256 = "ef3e74d36bbf2adbbc69006fefc7a9dce8ad654221b98b9d172c90ce7e877f75"
ORIGINAL = (SOURCE / NAME / f"original.{LANG}.txt").read_text("utf-8")
BOOK = handout()
EDITORIAL = yaml(SOURCE / NAME / "editorial" / f"{LANG}.yaml")
CHANGES, DOUBTS = EDITORIAL["changes"], EDITORIAL["doubts"]
LINK = "https://example.org/watch?v=back"


def texts(value: Any) -> Iterator[str]:
    """Yield every text of the handout, those of blocks that are left out of print, too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def one_line(text: str) -> str:
    return " ".join(text.split())


PRINTED = one_line(" ".join(texts({key: BOOK[key] for key in ("title", "sections")})))


@cache
def checked() -> Done:
    """Return what is told of the handout as it is."""
    return run(SOURCE, "check", NAME, "--lang", LANG)


def words_of_print(path: Path) -> str:
    tagged = Tagged(path)
    return squeeze(tagged.text(tagged.root))


def words_of_book(path: Path) -> str:
    with zipfile.ZipFile(path) as book:
        pages = [book.read(name) for name in book.namelist() if re.search(r"(xhtml|ncx|opf)$", name)]
    return squeeze("".join("".join(etree.fromstring(page).itertext()) for page in pages))


@pytest.fixture(scope="module")
def outputs_words(built: Any) -> dict[str, str]:
    return {"pdf": words_of_print(built.pdf), "epub": words_of_book(built.epub)}


# The original


def test_the_original_is_what_the_author_wrote() -> None:
    data = (SOURCE / NAME / f"original.{LANG}.txt").read_bytes()
    assert hashlib.sha256(data).hexdigest() == SHA256


def covered(original: str, printed: str, changes: list[Any]) -> list[str]:
    """Return the pieces of the original that are neither printed as they are nor listed as changed."""
    pieces: list[str] = []
    for line in map(one_line, original.splitlines()):
        rest = line
        for change in sorted(changes, key=lambda change: -len(change["original"])):
            rest = rest.replace(one_line(change["original"]), "\n")
        # A card is a line with a sign, the reading, the name in brackets, a dash and the use.
        parts = re.split(r"\n|[■–()]|(?<=[.?!])\s+", rest)
        pieces += [part.strip(" ,.-") for part in parts]
    return [piece for piece in pieces if piece not in printed]


def as_changed(original: str) -> str:
    """Return the original with every listed change made."""
    text = one_line(original)
    changes = sorted(CHANGES, key=lambda change: -len(change["original"]))
    for number, change in enumerate(changes):
        text = text.replace(one_line(change["original"]), f"\0{number}\0")
    return re.sub(r"\0(\d+)\0", lambda found: one_line(changes[int(found[1])]["printed"]), text)


def test_every_sentence_is_printed_or_listed_as_changed() -> None:
    assert covered(ORIGINAL, PRINTED, CHANGES) == []


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_each_entry_is_needed_and_a_lost_sentence_is_seen(number: int) -> None:
    without = [change for at, change in enumerate(CHANGES) if at != number]
    short = CHANGES[number]["original"]
    if short.strip() and one_line(short) not in PRINTED and not any(short in other["original"] for other in without):
        assert covered(ORIGINAL, PRINTED, without) != [], short


def test_a_sentence_that_is_lost_from_the_handout_is_seen() -> None:
    kept = "Improving blood circulation is necessary for recovering from chronic back pain."
    assert kept in ORIGINAL
    assert covered(ORIGINAL, PRINTED.replace(kept, ""), CHANGES) != []


def test_every_change_starts_from_the_original() -> None:
    original = one_line(ORIGINAL)
    for change in CHANGES:
        assert one_line(change["original"]) in original, change["original"]
        assert change["reason"].strip()
        assert change["original"] != change["printed"]


def test_every_change_is_what_is_printed() -> None:
    for change in CHANGES:
        assert one_line(change["printed"]) in PRINTED, change["printed"]


def test_every_doubt_is_about_printed_words() -> None:
    assert len(DOUBTS) > 15
    for doubt in DOUBTS:
        assert one_line(doubt["quote"]).casefold() in PRINTED.casefold(), doubt["quote"]
        assert doubt["doubt"].strip()
        assert doubt["source"].strip()


def test_nothing_is_said_in_the_authors_name() -> None:
    """The blocks of the author hold the author's sentences: each from the original, or from a change."""
    allowed = as_changed(ORIGINAL)
    authors = [BOOK["title"], *(section["heading"] for section in BOOK["sections"][:2])]
    for kind in ("text", "invitation", "video"):
        authors += [block["text"] for block in blocks(BOOK, kind) if "added to the author" not in block["text"]]
    for block in blocks(BOOK, "definitions"):
        authors += [item[key] for item in block["items"] for key in ("term", "text")]
    for card in cards(BOOK):
        authors += [card["use"], card.get("remark", ""), card["name"]["reading"], card["name"]["text"]]
    for text in filter(None, authors):
        for sentence in re.split(r"(?<=[.?!])\s+(?=[A-Z(])", one_line(text)):
            assert sentence in allowed, sentence


def test_names_are_printed_as_the_author_wrote_them(outputs_words: dict[str, str]) -> None:
    written = re.findall(r"■ (.+?) \((.+?)\)", one_line(ORIGINAL))
    assert [name for _, name in written] == ["肾愈", "気海愈", "大肠愈", "腰陽關"]
    assert [(card["name"]["reading"], card["name"]["text"]) for card in cards(BOOK)] == written
    for reading, name in written:
        assert squeeze(reading + name) in outputs_words["pdf"]
        # A long reading stands before its name, where ruby would leave a phone's page in large letters.
        assert (f"{name}({squeeze(reading)})" in outputs_words["epub"]) == (len(name) == 2)
        assert len(name) == 2 or squeeze(reading + name) in outputs_words["epub"]


def test_sections_keep_the_authors_order_with_safety_before_the_points(outputs_words: dict[str, str]) -> None:
    headings = [section["heading"] for section in BOOK["sections"]]
    authors = [
        "What is chronic back pain",
        "Back pain types",
        "work for chronic back pain?",
        "■ shèn yù",
        "All pressure points for chronic back pain",
        "To wrap up",
    ]
    places = [one_line(ORIGINAL).index(words) for words in authors]
    assert places == sorted(places)
    order = ["what-is-chronic-back-pain", "back-pain-types", "before-you-press", "which-points"]
    order += ["how-to-find", "the-four-points", "all-points", "to-wrap-up"]
    assert [section["id"] for section in BOOK["sections"]] == order
    for text in outputs_words.values():
        found = [text.rindex(squeeze(heading)) for heading in headings if "point" in heading or "To wrap" in heading]
        assert found == sorted(found)


# What the handout is about, and where the points of its overview lie.
PARTS = {"low-back", "chest-belly", "hip-knee", "foot"}


def printed(item: str | dict[str, Any]) -> str:
    """Return what the handout says of an item of a safety block, some of which go by parts of the body."""
    if isinstance(item, str):
        return item
    return str(item["text"] if PARTS & set(item["about"]) else item.get("otherwise", ""))


def test_safety_stands_in_both_files(outputs_words: dict[str, str]) -> None:
    for text in outputs_words.values():
        first_card = text.index(cards(BOOK)[0]["name"]["text"])
        for block in shared()["safety"].values():
            for group in block["groups"]:
                for item in group["items"]:
                    assert squeeze(printed(item)) in text[:first_card], item
        assert squeeze(shared()["labels"]["safety_note"]) in text


def test_standard_names_stand_beside_the_authors(outputs_words: dict[str, str]) -> None:
    for card in cards(BOOK):
        names = catalogue_rows()[card["code"]]["names"]
        for text in outputs_words.values():
            assert squeeze(names["zh-Hans"] + names["pinyin"]) in text
        assert names["zh-Hans"] != card["name"]["text"]


# What is left out, and when it comes back


def test_no_invitation_without_a_brand(outputs_words: dict[str, str], built: Any) -> None:
    (block,) = blocks(BOOK, "invitation")
    assert "Cell Healing" in block["text"]
    for text in outputs_words.values():
        assert "cellhealing" not in text.casefold()
        assert "cell-healing" not in text.casefold()
        assert squeeze("why don’t you have a treatment") not in text
    with zipfile.ZipFile(built.epub) as book:
        for name in book.namelist():
            assert not re.search(rb"cell.?healing", book.read(name), re.IGNORECASE), name


def test_no_video_without_a_link(outputs_words: dict[str, str]) -> None:
    (block,) = blocks(BOOK, "video")
    assert "link" not in block
    for text in outputs_words.values():
        assert squeeze(block["text"]) not in text
        assert "youtube" not in text.casefold()


def test_a_video_with_a_link_is_printed(tmp_path: Path) -> None:
    (block,) = blocks(BOOK, "video")
    old = f"        text: {block['text']}\n"
    pdf, epub = make(copy_project(tmp_path, (old, f"{old}        link: {LINK}\n")))
    for text in (words_of_print(pdf), words_of_book(epub)):
        assert squeeze(block["text"] + LINK) in text
        assert text.index(squeeze(block["text"])) > text.index(squeeze("It’s important to approach it holistically."))
    tagged = Tagged(pdf)
    notes = [note for page in tagged.pdf.pages for note in page.get("/Annots", [])]
    assert LINK in [str(note.A.URI) for note in notes if "/A" in note]
    assert "video-link" not in {note.code for note in load(tmp_path / "source" / NAME, LANG).notes}


def test_a_video_without_a_link_is_reported() -> None:
    done = checked()
    assert "video-link" in done.stderr
    assert done.returncode == 0
    assert done.stderr.count("note doubt") == len(DOUBTS)


@pytest.mark.parametrize("name", ["see-a-doctor", "when-not-to-press", "how-to-press"])
def test_a_safety_block_can_be_switched_off_and_is_missed(name: str, tmp_path: Path) -> None:
    old = f"        include: {name}\n"
    project = copy_project(tmp_path, (old, f"{old}        show: false\n"))
    source = load(project / NAME, LANG)
    if name == "see-a-doctor":
        pdf, epub = make(project)
        made = [words_of_print(pdf), words_of_book(epub)]
    else:  # the page is set from this
        product = Product(source)
        page = printing.print_html(product, printing.first_pages(product))
        made = [squeeze(html.unescape(re.sub(r"<[^>]+>", "", page)))]
    safety = shared()["safety"]
    gone = {name, safety[name].get("above")}
    for text in made:
        for other, block in safety.items():
            items = [printed(item) for group in block["groups"] for item in group["items"]]
            assert all((squeeze(item) in text) == (other not in gone) for item in items)
            assert (squeeze(block["heading"]) in text) == (other not in gone)
    (missed,) = (note for note in source.notes if note.code == "safety-off")
    assert (missed.severity, name in missed.message, missed.line > 0) == (Severity.WARNING, True, True)
    assert "safety-off" not in checked().stderr


def test_sources_are_listed_once_and_only_those_in_use(outputs_words: dict[str, str]) -> None:
    listed = list(BOOK["sources"])
    for name in safety_names(BOOK):
        listed += shared()["safety"][name]["sources"]
    for name, source in shared()["sources"].items():
        words = squeeze(re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", source["text"]))
        for text in outputs_words.values():
            assert text.count(words) == (name in listed), name
