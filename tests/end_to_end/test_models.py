"""The handouts of our own: nothing to complain of, four pages, and each source and doubt where it belongs."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from helpers.project import HERE, LANG, NAME, OTHERS, ROOT, SOURCE

from handout_builder.cli.main import OK, main
from handout_builder.content.loader import Source, load
from handout_builder.pipeline import make
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.text import markdown

SHIPPED = sorted(path.parent.name for path in SOURCE.glob("*/en.yaml") if path.parent.name != "shared")


def words(text: str) -> str:
    """Return what is read of a page, in one line."""
    return " ".join(re.sub(r"<[^>]+>", "", text).replace("&amp;", "&").split())


@pytest.fixture(scope="module", params=OTHERS)
def model(request: pytest.FixtureRequest) -> Source:
    return load(SOURCE / request.param, LANG)


def test_every_handout_but_the_first_is_left_out_of_copies() -> None:
    assert sorted((NAME, *OTHERS)) == SHIPPED


@pytest.mark.parametrize("name", OTHERS)
def test_check_finds_nothing_and_it_takes_four_pages(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = []
    monkeypatch.setattr("handout_builder.builder.checking.make", lambda *task: made.append(make(*task)) or made[-1])
    monkeypatch.chdir(ROOT)
    assert main(["check", name, "--lang", LANG, "--strict", *HERE]) == OK
    told = capsys.readouterr()
    assert "0 errors; 0 warnings" in told.out + told.err
    with pikepdf.open(io.BytesIO(made[0]["pdf"])) as pdf:
        assert len(pdf.pages) <= 4


def test_every_source_has_a_place_where_it_was_read(model: Source) -> None:
    origin = (model.folder / "ORIGIN.md").read_text("utf-8")
    # Names and places of points have theirs in source/points/.
    assert [name for name in model.handout.sources if f"`{name}`" not in origin and not name.startswith("who-")] == []


def test_every_doubt_is_about_words_that_are_printed(model: Source) -> None:
    product = Product(model)
    text = words(printing.print_html(product, printing.first_pages(product))).casefold()
    quotes = [" ".join(markdown.plain(doubt.quote).split()) for doubt in model.editorial.doubts]
    assert quotes
    assert [quote for quote in quotes if quote.casefold() not in text] == []


def test_no_word_is_said_to_be_another_authors(model: Source) -> None:
    product = Product(model)
    text = words(printing.print_html(product, printing.first_pages(product)))
    assert "author’s" not in text
    assert "Note:" in text
