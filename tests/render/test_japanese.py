"""Japanese headings break between phrases, and no line begins or ends with what may not."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from pathlib import Path

import pypdfium2
import pytest

from handout_builder.content.loader import load
from handout_builder.pipeline import make
from handout_builder.render import japanese, printing
from handout_builder.render.japanese import phrases, with_breaks, with_phrases
from handout_builder.render.product import Product

HEADINGS = (
    "慢性腰痛に効くツボの押し方",
    "頭痛と首のこわばりを和らげる",
    "どんなときに医師に相談しますか",
    "ほかに役立つことと研究の結果",
)
TITLE = "慢性腰痛のツボ"
TEXT = f"title: {TITLE}\ndescription: 例。\nrevised: 2026-11-01\nsections:\n" + "".join(
    f"  - id: s{number}\n    heading: {heading}\n    blocks: [{{type: text, text: 短い文。}}]\n"
    for number, heading in enumerate(HEADINGS)
)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("頭痛と首のこわばり", "頭痛と|首の|こわばり"),
        ("慢性腰痛にはどのツボが効きますか", "慢性腰痛には|どの|ツボが|効きますか"),
        ("「はい」、または「いいえ」", "「はい」、|または|「いいえ」"),
        ("", ""),
    ],
)
def test_phrases(text: str, whole: str) -> None:
    assert "|".join(phrases(text)) == whole


@pytest.mark.parametrize(
    ("html", "printed", "booked"),
    [
        ("<h2>押す前に</h2>", "<h2>{押す前に}</h2>", "<h2>押す前に</h2>"),
        ("<h2>腰痛の種類</h2>", "<h2>{腰痛の}{種類}</h2>", "<h2>腰痛の|種類</h2>"),
        ("<h3>BL23 腰痛の種類</h3>", "<h3>{BL23} {腰痛の}{種類}</h3>", "<h3>BL23 腰痛の|種類</h3>"),
        (
            '<p class="caption"><strong>腰痛の種類。</strong>首の痛み</p>',
            '<p class="caption"><strong>{腰痛の}{種類。}</strong>{首の}{痛み}</p>',
            '<p class="caption"><strong>腰痛の|種類。</strong>|首の|痛み</p>',
        ),
        (
            "<h2>腰<strong>痛の</strong>種類</h2>",
            "<h2>{腰<strong>痛の</strong>}{種類}</h2>",
            "<h2>腰<strong>痛の</strong>|種類</h2>",
        ),
        (
            '<h2>腰の<a href="#a">痛みの種類</a></h2>',
            '<h2>{腰の}{<a href="#a">痛みの種類</a>}</h2>',
            '<h2>腰の<a href="#a">|痛みの|種類</a></h2>',
        ),
        (
            '<p class="lead">次のところは押さないでください。</p>',
            '<p class="lead">{次の}{ところは}{押さないでください。}</p>',
            '<p class="lead">次の|ところは|押さないで|ください。</p>',
        ),
        ('<h2><span lang="zh-Hans">腰痛的种类</span></h2>',) * 3,
        ("<p>腰痛の種類</p>",) * 3,
    ],
)
def test_marks(html: str, printed: str, booked: str) -> None:
    spans = with_phrases(html, "ja")
    breaks = with_breaks(html, "ja")
    assert spans == printed.replace("{", '<span class="unbroken">').replace("}", "</span>")
    assert breaks == booked.replace("|", "<wbr/>")
    assert re.sub("<[^<>]*>", "", spans) == re.sub("<[^<>]*>", "", breaks) == re.sub("<[^<>]*>", "", html)


def test_another_language_stays_as_it_is() -> None:
    english = '<h2>The points</h2><h2 lang="zh-Hant">腰痛的種類</h2>'
    assert with_phrases(english, "en") == with_breaks(english, "en") == english
    both = '<h2><span class="one">Kinds</span> <span class="second" lang="ja">腰痛の種類</span></h2>'
    assert with_breaks(both, "en") == both.replace("の種", "の<wbr/>種")
    assert with_phrases(both, "en").count("unbroken") == 2


def lines(folder: Path) -> list[str]:
    made = make(Product(load(folder, "ja")), ["pdf"])["pdf"]
    return [line for page in pypdfium2.PdfDocument(made) for line in page.get_textpage().get_text_range().split("\r\n")]


def broken(found: list[str]) -> list[str]:
    """Return the headings that a line breaks inside a phrase of."""
    wrong = []
    for heading in HEADINGS:
        inside = {*range(1, len(heading))} - {*accumulate(map(len, phrases(heading)))}
        cuts = [(heading[:cut], heading[cut : cut + 2]) for cut in inside]
        wrong += [
            cut for cut in cuts for end, start in pairwise(found) if end.endswith(cut[0]) and start.startswith(cut[1])
        ]
    return [f"{before}/{after}" for before, after in wrong]


def test_headings_break_at_phrases_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "back"
    folder.mkdir()
    (folder / "ja.yaml").write_text(TEXT, "utf-8")
    found = lines(folder)
    assert len(found) > len(HEADINGS) + 10  # some are broken
    assert broken(found) == []
    assert TITLE in found, "what fits is not broken"
    monkeypatch.setattr(japanese, "with_phrases", lambda html, _: html)
    assert printing.japanese is japanese
    assert broken(lines(folder)) != []


def test_words_with_a_reading_are_not_broken_in_the_book() -> None:
    ruby = '<ruby lang="ja">足三里<rp>(</rp><rt lang="ja">あしさんり</rt><rp>)</rp></ruby>'
    broken = with_breaks(f'<h2 lang="ja">膝の痛みには{ruby}を押します</h2>', "en")
    assert ruby in broken
    assert "<wbr/>" in broken
