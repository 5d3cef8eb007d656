"""Wide marks have no blank beside them; brackets are those of the language."""

from __future__ import annotations

import re

import pytest
from helpers.project import ROOT, common

from handout_builder.content.loader import load
from handout_builder.editions import DEFAULT, EDITIONS
from handout_builder.render import fullwidth_punctuation
from handout_builder.render.printing import print_html
from handout_builder.render.product import Product
from handout_builder.resources import LAYOUTS


@pytest.mark.parametrize(
    ("html", "closed"),
    [
        ("<b>场所：</b> 二", "<b>场所：</b> 二"),  # not what templates mark words with
        ("<strong>场所：</strong> 二", "<strong>场所：</strong>二"),
        ("<p>三。\n<strong>四</strong>", "<p>三。<strong>四</strong>"),
        ("<p>三。</p> <p>四</p>", "<p>三。</p> <p>四</p>"),
        ('<th>一<span class="continued"> （续）</span>', '<th>一<span class="continued">（续）</span>'),
        ("<strong>Where:</strong> two", "<strong>Where:</strong> two"),
    ],
)
def test_no_blank_behind_a_wide_mark(html: str, closed: str) -> None:
    assert fullwidth_punctuation.closed_up(html) == closed


@pytest.mark.parametrize(
    ("lang", "link"),
    [
        ("ja", "「押す前に」</a>（2ページ）を"),
        ("zh-Hans", "“按压之前”</a>（第2页）："),
        ("ko", "“누르기 전에”</a>(2페이지)를"),
        ("es", "</a> (página\u00a02)"),
    ],
)
def test_pages_that_links_lead_to_stand_in_the_brackets_of_the_language(lang: str, link: str) -> None:
    source = load(ROOT / "source" / "chronic-back-pain", lang, common(lang))
    sections = {section.id: 2 for section in source.handout.sections}
    html = print_html(Product(source, edition=EDITIONS[DEFAULT]), sections)
    assert link in html
    assert not re.search(r"[：。、]</strong>\s+[^<\s]", html)


# A dot between two names is as wide as a character in the typefaces of Chinese, whose own dot has no blanks beside it.
DOT = '<span class="latin">·</span>'


@pytest.mark.parametrize("edition", [DEFAULT, "leaflet"])
def test_a_dot_between_blanks_is_narrow_in_chinese(edition: str) -> None:
    source = load(ROOT / "source" / "knee-pain", "zh-Hans", common("zh-Hans"))
    body = print_html(Product(source, edition=EDITIONS[edition]), {}).partition("<body")[2]
    assert DOT in body
    assert "·" not in re.sub(r"<[^>]*>", "", body.replace(DOT, ""))


def test_no_template_has_a_dot_of_its_own() -> None:
    """But one that only measures a line of the foot."""
    texts = {path: path.read_text("utf-8") for path in LAYOUTS.rglob("*.html") if "studio" not in path.parts}
    own = [path.name for path, text in texts.items() for _ in re.findall("·", text.replace(DOT, ""))]
    assert own == ["base.html"]
    rules = "".join(
        path.read_text("utf-8") for path in LAYOUTS.rglob("*.css") if path.parent.name not in ("epub", "studio")
    )
    assert [rule for rule in re.findall(r"\{[^{}]*·[^{}]*\}", rules) if "font-family" not in rule] == []
