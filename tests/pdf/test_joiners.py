"""Lines break where readers expect it: between words of Korean, in no number of Chinese or Japanese."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import fromstring, tostring

import pikepdf
import pypdfium2
import pytest

from handout_builder.content.loader import load
from handout_builder.pdf import joiners
from handout_builder.pipeline import make
from handout_builder.render.product import Product

TEXT = """\
title: 허리 통증
description: 허리 통증에 도움이 되는 것.
revised: 2026-11-01
sections:
  - id: help
    heading: 도움이 되는 것
    blocks:
      - type: text
        text: 대부분의 허리 통증은 심각하지 않으며, **몇 주 안에** 좋아집니다. 아프더라도 평소처럼 움직이십시오.
      - type: list
        items:
          - 오래 누워 있지 말고 조금씩 자주 걸으십시오. 하루에 여러 번 걷는 것이 한 번 오래 걷는 것보다 좋습니다.
          - 통증이 심해지거나 다리에 힘이 빠지면 의사의 진료를 받으십시오. 약은 의사와 상의하여 드십시오.
"""


ENGLISH = """\
title: Back pain
description: What helps.
revised: 2026-11-01
sections:
  - id: help
    heading: What helps
    blocks:
      - type: text
        text: Most back pain is not serious.
      - type: list
        items: [Do not lie down for long., See a doctor if it gets worse.]
"""


JAPANESE, CHINESE = "1～2分間押します。", "每次15～30秒。"
OTHER = """\
title: 腰痛
description: 腰痛
revised: 2026-11-01
sections:
  - id: help
    heading: 腰痛
    blocks:
      - type: list
        items:
{items}"""


def broken_words(product: Product) -> list[str]:
    """Return the words of the text that a line of its pages breaks in."""
    words = set(re.findall(r"[^\s\"*\[\],]+,?", TEXT))
    made = make(product, ["pdf"])["pdf"]
    pages = (page.get_textpage().get_text_range().split("\r\n") for page in pypdfium2.PdfDocument(made))
    ends = [pair for lines in pages for pair in pairwise(filter(str.split, lines))]
    assert len(ends) > 5  # lines are broken
    return [word for line, following in ends if (word := line.split()[-1] + following.split()[0]) in words]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "back"
    folder.mkdir()
    (folder / "ko.yaml").write_text(TEXT, "utf-8")
    (folder / "en.yaml").write_text(ENGLISH, "utf-8")
    return folder


def test_no_line_breaks_inside_a_word(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    product = Product(load(folder, "ko"))
    assert broken_words(product) == []
    monkeypatch.setattr(joiners, "join", lambda *_, **__: None)
    assert broken_words(product) != []


def test_no_line_of_a_second_language_breaks_inside_a_word(folder: Path) -> None:
    assert broken_words(Product(load(folder, "en"), second=load(folder, "ko"))) == []


def test_what_keeps_words_together_is_nowhere_in_the_file(folder: Path) -> None:
    made = make(Product(load(folder, "ko")), ["pdf"])["pdf"]
    with pikepdf.open(io.BytesIO(made)) as pdf:
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["도움이 되는 것"]
        found = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
        strings = [str(one[key]) for one in found for key in one.keys()]  # noqa: SIM118  # pikepdf 9 gives no values
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made)]
    assert "도움이" in "".join(pages)
    assert not [text for text in (*strings, *pages) if "\u2060" in text]


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("<p>허리 통증은</p>", "<p>허|리 통|증|은</p>"),
        ("<p>등 BL23</p>", "<p>등 BL23</p>"),  # a syllable cannot be broken, nor can a code
        ("<p>(약 3cm)입니다&amp;</p>", "<p>(|약 3|c|m|)|입|니|다|&amp;</p>"),
        ("<p>가나다라마바사아자차카타파하</p>", "<p>가나다라마바사아자차카타파하</p>"),  # wider than a column may be
        ("<p>더 <b>많이</b>는 <svg>허리</svg>아픈</p>", "<p>더 <b>많|이</b>는 <svg>허리</svg>아|픈</p>"),
        ("<html><head><title>허리</title></head></html>", "<html><head><title>허리</title></head></html>"),
    ],
)
def test_words_are_joined(text: str, joined: str) -> None:
    page = fromstring(text)
    joiners.join(page, {"en"})
    assert tostring(page, "unicode").replace("\u2060", "|") == joined


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("<p>ゆっくり押します。</p>", "<p>ゆっくり押しま|す|。</p>"),
        ("<p>请<b>停止</b>。\n</p>", "<p>请<b>停|止|</b>。\n</p>"),
        ("<p>慢慢\n<b>按</b>压</p>", "<p>慢慢\n<b>按|</b>压</p>"),
        ("<li><p>好</p> <ul><li>慢慢按压</li></ul></li>", "<li><p>好</p> <ul><li>慢慢|按|压</li></ul></li>"),
        ("<p>1～2分間、第12回に15–30秒ずつ。</p>", "<p>1|～|2|分間、第|12|回に15|–|30|秒ず|つ|。</p>"),
        ("<li>NICE, CG150（調べるべき特徴）。</li>", "<li>NICE, CG150（調べるべき特|徴|）|。</li>"),  # no marks
        ("<p>按15至30秒，以后按</p>", "<p>按15|至|30|秒，以|后|按</p>"),
        ("<td>大腸兪 だいちょうゆ</td>", "<td>大腸兪 だ|い|ち|ょ|う|ゆ</td>"),
        ("<p>WHO, 2008, 2.1–2.4.</p>", "<p>WHO, 2008, 2.1|–|2.4.</p>"),
        ("<p>押す <svg><desc>図です</desc></svg></p>", "<p>押|す <svg><desc>図です</desc></svg></p>"),
        ('<p data-field="note">毎日3回</p>', '<p data-field="note">毎日3回</p>'),  # written by who makes copies, too
    ],
)
def test_numbers_readings_and_last_letters_are_joined(text: str, joined: str) -> None:
    page = fromstring(text)
    joiners.join(page, {"ja"})
    assert tostring(page, "unicode").replace("\u2060", "|") == joined


@pytest.mark.parametrize("lang", ["en", "es", "zh-Hans"])
def test_no_code_of_a_point_is_divided(lang: str) -> None:
    page = fromstring("<body><p>The inner one is EX-LE4 (EX-HN5).</p><p>EX- here, HEX-LE4 everywhere</p></body>")
    joiners.join(page, {lang})
    told = "".join(page.itertext()).replace("\u2060", "|")
    assert told == "The inner one is EX-|LE4 (EX-|HN5).EX- here, HEX-LE4 everywhere"


@pytest.mark.parametrize(
    ("lang", "text", "joined"),
    [
        ("en", "<p>Press for 1 or 2 minutes each day.</p>", "<p>Press for 1 or 2 minutes each |day.</p>"),
        ("es", "<li>sal <b>fuera</b> de la <b>casa</b>.\n</li>", "<li>sal <b>fuera</b> de la |<b>casa</b>.\n</li>"),
        ("en", "<h2>Knee pain</h2>", "<h2>Knee pain</h2>"),  # a column may be too narrow for all of it
        ("en", "<p>as doctors tell you carefully</p>", "<p>as doctors tell you carefully</p>"),
        ("en", "<p>the gastrocnemius aches</p>", "<p>the gastrocnemius aches</p>"),  # so may it be for these two
        ("ko", "<li>새로 생긴 변화 또는 통증</li>", "<li>새|로 생|긴 변|화 또|는 |통|증</li>"),
        ("ko", "<p>의사의 진료를 받으십시오.</p>", "<p>의|사|의 진|료|를 받|으|십|시|오|.</p>"),
        ("ja", "<p>WHO and NICE, in 2008.</p>", "<p>WHO and NICE, in 2008.</p>"),
    ],
)
def test_a_short_last_word_is_joined_to_the_one_before(lang: str, text: str, joined: str) -> None:
    page = fromstring(text)
    joiners.join(page, {lang})
    assert tostring(page, "unicode").replace("\u2060", "|") == joined


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("<p>rất khó chịu</p>", "<p>rất khó |chịu</p>"),
        ("<p>rất <b>khó\n chịu</b>.\n</p>", "<p>rất <b>khó\n |chịu</b>.\n</p>"),
        ("<p>carbon monoxide</p>", "<p>carbon monoxide</p>"),
        ("<p>quỵ</p>", "<p>quỵ</p>"),
    ],
)
def test_last_syllables_are_joined(text: str, joined: str) -> None:
    page = fromstring(text)
    joiners.join(page, {"vi"})
    assert tostring(page, "unicode").replace("\u2060", "|") == joined


@pytest.mark.parametrize(("lang", "text"), [("ja", JAPANESE), ("zh-Hans", CHINESE)])
def test_no_last_line_of_one_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, text: str) -> None:
    """A paragraph of each length, so that each has the chance to end with one letter."""
    folder = tmp_path / "back"
    folder.mkdir()
    items = "".join(f"          - {'长' * number}{text}\n" for number in range(20, 40))
    (folder / f"{lang}.yaml").write_text(OTHER.format(items=items), "utf-8")
    product = Product(load(folder, lang))

    def lone() -> list[str]:
        made = make(product, ["pdf"])["pdf"]
        read = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made))
        assert read.count(text[-2:]) > 10
        return [line for line in read.split("\r\n") if line in (text[-2:], text[-1:]) or line.startswith("～")]

    assert lone() == []
    monkeypatch.setattr(joiners, "join", lambda *_, **__: None)
    assert lone() != []
