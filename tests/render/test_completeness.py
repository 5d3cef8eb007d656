"""What a template leaves out of a handout's words is an error, with the place of the block."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.project import ROOT, SHORT, source_of

from handout_builder.brand.loader import load_brand
from handout_builder.content import schema
from handout_builder.content.loader import Source
from handout_builder.content.texts import prose
from handout_builder.editions import EDITIONS, Format
from handout_builder.epub import package
from handout_builder.errors import HandoutError, Problem
from handout_builder.pipeline import make
from handout_builder.render import printing
from handout_builder.render.contents import Contents
from handout_builder.render.product import Product
from handout_builder.render.short_contents import ShortContents

BLOCKS = (ROOT / "layouts" / "blocks.html").read_text("utf-8")


def problems(old: str, new: str, folder: Path, source: Source | None = None) -> list[Problem]:
    """Return what is said of a handout in a brand whose ``blocks.html`` has one thing changed."""
    assert BLOCKS.count(old) == 1
    (folder / "layouts").mkdir()
    (folder / "layouts" / "blocks.html").write_text(BLOCKS.replace(old, new), "utf-8")
    (folder / "_brand.yml").write_text("meta: {name: Test Clinic}\n", "utf-8")
    product = Product(source or source_of(SHORT), load_brand(folder))
    with pytest.raises(HandoutError) as caught:
        printing.print_html(product, printing.first_pages(product))
    return caught.value.problems


@pytest.mark.parametrize(
    ("name", "edition", "wrong", "told"),
    [
        ("print.html", "pdf", '<a href="#nowhere">x</a>', "there is no section 'nowhere'"),
        ("print.html", "pdf", '<img src="file:///etc/hostname" alt=""/>', "this picture cannot be shown"),
        ("print.html", "pdf", '<img src="lost.png" alt=""/>', "this picture cannot be shown: lost.png"),
        ("print.html", "pdf", "{{ c.nothing }}", "there is no 'nothing'"),
        ("print.html", "pdf", '<p id="a"/><p id="a"/>', "the name 'a' appears twice on the page"),
        ("print.html", "pdf", '<p data-id="a"/><p data-id="a"/>', "the name 'a' appears twice on the page"),
        ("epub/chapter.xhtml", "epub", '<a href="#nowhere">x</a>', "chapter-1.xhtml refers to #nowhere, which is not"),
        ("epub/chapter.xhtml", "epub", '<img src="lost.png" alt=""/>', "chapter-1.xhtml refers to lost.png"),
        ("epub/chapter.xhtml", "epub", '<p id="a"/><p id="a"/>', "the name 'a' appears twice in chapter-1.xhtml"),
        ("epub/chapter.xhtml", "epub", '<p style="background: url(x)"/>', "the book has no other files that a style"),
    ],
)
def test_a_mistake_in_a_template_is_told_before_what_its_page_lacks(
    name: str, edition: Format, wrong: str, told: str, tmp_path: Path
) -> None:
    page = tmp_path / "layouts" / name
    page.parent.mkdir(parents=True)
    page.write_text(f'<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><body>\n{wrong}\n</body></html>', "utf-8")
    (tmp_path / "_brand.yml").write_text("meta: {name: Test Clinic}\n", "utf-8")
    with pytest.raises(HandoutError) as caught:
        make(Product(source_of(SHORT), load_brand(tmp_path)), [edition])
    (problem,) = caught.value.problems
    assert (problem.code, problem.path, problem.line) == ("template", page, 2)
    assert told in problem.message


def test_marks_of_pages_that_no_template_makes_are_told(tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "blocks.html").write_text(re.sub(r"{{ c\.anchors\.breaks\([^}]*\) }}", "", BLOCKS), "utf-8")
    (tmp_path / "_brand.yml").write_text("meta: {name: Test Clinic}\n", "utf-8")
    with pytest.raises(HandoutError, match=r"nav\.xhtml refers to #page_2, which is not in the book"):
        make(Product(source_of(SHORT), load_brand(tmp_path)), ["epub"])


def of_blocks(*blocks: schema.Block) -> Source:
    """Return the short handout with other blocks in its last section."""
    source = source_of(SHORT)
    *before, last = source.handout.sections
    sections = [*before, last.model_copy(update={"blocks": [*blocks]})]
    return replace(source, handout=source.handout.model_copy(update={"sections": sections}))


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("{{ text(b, id, c) }}", "", 13, "the page lacks the text “Write here. 合谷” of a block of type 'text'"),
        (
            'b.type == "text"',
            'b.type == "poem"',
            13,
            "the page lacks the block of type 'text', for which there is no template",
        ),
        (
            '<p><strong class="label">{{ c.labels.use }}</strong> {{ card.use|inline }}</p>',
            "",
            20,
            "the page lacks the text “Write what the point is for.” of a block of type 'points'",
        ),
        (
            "<h2>{{ both.words(s.heading|inline, c.second.heading(s.id)|inline if c.second, c) }}</h2>",
            "<h2>Heading</h2>",
            17,
            "the page lacks the text “The points”",
        ),
        ("list.items(c.summary, id, false, c)", "h.title", 8, "the page lacks the text “Read Before"),
    ],
)
def test_what_a_template_drops_is_told_with_its_place(old: str, new: str, line: int, told: str, tmp_path: Path) -> None:
    first = problems(old, new, tmp_path)[0]
    assert (first.code, first.path.name, first.line) == ("incomplete", "en.yaml", line)
    assert first.message.startswith(told)


TITLE = "<h1>{{ both.words(h.title|inline, c.second.handout.title|inline if c.second, c) }}</h1>"
IMPRINT = "{{ c.imprint.sentences|in_a_row|inline }}"
REVISED = "{{ c.labels.revised }} {{ c.format.date(h.revised) }}"


@pytest.mark.parametrize(
    ("template", "old", "edition", "lang", "at", "told"),
    [
        ("base.html", TITLE, "a4", "en", "title:", "Knee pain"),
        (
            "base.html",
            "{{ both.words(h.kicker, c.second.handout.kicker if c.second, c) }}",
            "a4",
            "en",
            "kicker:",
            "Patient",
        ),
        ("base.html", "{{ revised }}", "a4", "en", "revised:", "28 November 2026"),
        ("base.html", "{{ unreviewed }}", "a4", "es", "", "Traducción automática"),
        ("blocks/explained.html", IMPRINT, "a4", "es", "", "a máquina"),
        (
            "blocks.html",
            "<li>{{ source.text|inline }}</li>",
            "a4",
            "en",
            "sources:",
            "WHO: Standard Acupuncture Point Locations",
        ),
        ("blocks.html", '{{ label("disclaimer", c) }}', "a4", "en", "", "This leaflet does not replace"),
        ("one-page.html", "{{ h.title|inline }}", "one-page", "en", "title:", "Knee pain"),
        (
            "one-page.html",
            '{{ short.safety(s, "safety-" ~ loop.index, c, true) }}',
            "one-page",
            "en",
            "type: safety",
            "When to",
        ),
        ("one-page.html", "{{ short.rows(c, true) }}", "one-page", "en", "code: EX-LE5", "EX-LE5"),
        ("one-page.html", "{{ blocks.summary(h, c) }}", "one-page", "en", "Read [Before", "Read Before you press"),
        ("one-page.html", "{{ short.whole(c) }}", "one-page", "en", "", "This leaflet does not replace"),
        (
            "leaflet.html",
            "{{ c.labels.revised }} {{ c.format.date(h.revised) }}",
            "leaflet",
            "en",
            "revised:",
            "28 November",
        ),
        ("leaflet.html", "{{ c.imprint.unreviewed }}", "leaflet", "es", "", "Traducción automática"),
        ("epub/titlepage.xhtml", TITLE, "epub", "en", "title:", "Knee pain"),
        ("epub/colophon.xhtml", REVISED, "epub", "en", "revised:", "28 November 2026"),
        ("blocks/explained.html", IMPRINT, "epub", "es", "", "a máquina"),
    ],
)
def test_what_must_stand_on_every_page_is_missed(
    template: str, old: str, edition: str, lang: str, at: str, told: str, tmp_path: Path
) -> None:
    """The title, who wrote it and when, that nobody has reviewed a translation, whom not to press, what it rests on."""
    text = (ROOT / "layouts" / template).read_text("utf-8")
    assert old in text
    path = tmp_path / "layouts" / template
    path.parent.mkdir(parents=True)
    path.write_text(text.replace(old, "", 1), "utf-8")
    (tmp_path / "_brand.yml").write_text("meta: {name: Test Clinic}\n", "utf-8")
    source = source_of(ROOT / "source" / "knee-pain", lang)
    product = Product(source, load_brand(tmp_path), EDITIONS["a4" if edition == "epub" else edition])
    with pytest.raises(HandoutError) as caught:
        package.write(product, {}, b"") if edition == "epub" else printing.print_html(
            product, printing.first_pages(product)
        )
    first = next(problem for problem in caught.value.problems if told in problem.message)
    assert (first.code, first.path.name) == ("incomplete", f"{lang}.yaml")
    assert at in first.path.read_text("utf-8").splitlines()[first.line - 1]


def test_a_block_that_no_branch_prints_is_told(tmp_path: Path) -> None:
    """One without words, too."""
    source = of_blocks(schema.Index(type="index"))
    found = problems('b.type == "index"', 'b.type == "register"', tmp_path, source)
    assert [problem.message for problem in found] == [
        "the page lacks the block of type 'index', for which there is no template"
    ]


def test_what_is_dropped_of_a_text_that_no_file_has_is_told(tmp_path: Path) -> None:
    """Programs make handouts, too: the atlas, and sheets of visits."""
    source = replace(source_of(SHORT), folder=tmp_path / "made")
    first = problems("{{ text(b, id, c) }}", "", tmp_path, source)[0]
    assert (first.code, first.path) == ("incomplete", tmp_path / "made" / "en.yaml")


def test_what_atlases_have_is_printed_with_templates_of_a_brand(tmp_path: Path) -> None:
    cards = next(block for _, block in Contents(source_of(SHORT)).placed if block.type == "points")
    source = of_blocks(cards.model_copy(update={"reference": True}), schema.Index(type="index", by="pinyin"))
    (tmp_path / "layouts").mkdir()
    (tmp_path / "_brand.yml").write_text("meta: {name: Test Clinic}\n", "utf-8")
    product = Product(source, load_brand(tmp_path))
    assert 'class="index by-pinyin"' in printing.print_html(product, printing.first_pages(product))


def test_the_texts_of_a_block_are_its_own_alone() -> None:
    (_, first), *_ = Contents(source_of(SHORT)).placed
    assert list(prose(first)) == ["Write here. [合谷]{lang=zh-Hans}"]


def test_short_forms_have_all_words_of_a_handout_without_points_and_lists() -> None:
    text, points = (
        next(b for _, b in Contents(source_of(SHORT)).placed if b.type == kind) for kind in ("text", "points")
    )
    worded = of_blocks(text)
    assert ShortContents(Contents(worded)).lists == [*worded.handout.sections]
    assert ShortContents(Contents(of_blocks(text, points))).lists == []
