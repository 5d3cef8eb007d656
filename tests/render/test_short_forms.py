"""What short forms keep of a handout where not all has room: what to take care of at its points, what to do."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from helpers.project import LANGUAGES, NAME, OTHERS, ROOT, SOURCE, common, source_of

from handout_builder.brand.loader import load_brand
from handout_builder.content import place_text
from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.render import printing, short_form
from handout_builder.render.product import Product

SHORT_FORMS = [name for name, edition in EDITIONS.items() if edition.may_lack]


def read(product: Product) -> str:
    """Return what is read of a page, without blanks."""
    return "".join(unescape(re.sub("<[^>]+>", "", printing.print_html(product, {}))).split())


@pytest.mark.parametrize("handout", [NAME, *OTHERS])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_short_form_loses_what_to_take_care_of_at_a_point(handout: str, lang: str) -> None:
    """A leaflet had LI4 and GB21 without a word for those who are pregnant, and no note said so."""
    source = source_of(SOURCE / handout, lang)
    points = source.points
    codes = [card.code for block in source.handout.blocks if block.type == "points" for card in block.points]
    for name in SHORT_FORMS:
        words = read(Product(source, edition=EDITIONS[name], left_out=EDITIONS[name].may_lack))
        for code in codes:
            lines = place_text.cautions(points[code], source.shared, place_text.PREGNANCY)
            assert all("".join(line.split()) in words for line in lines)
        begin, end = source.shared.labels["care_in_pregnancy"].replace(" ", "").split("{points}")
        told = re.search(f"{begin}([A-Z0-9,、-]+){end}", words)
        asked = [code for code in codes if place_text.PREGNANCY in points[code].cautions]
        assert re.split("[,、]", told[1]) == asked if told else not asked


def test_points_that_a_short_form_leaves_out_are_not_warned_of() -> None:
    source = source_of(SOURCE / OTHERS[0])
    edition = EDITIONS["leaflet"]
    assert "Inpregnancy,askfirst:GB21,LI4." in read(Product(source, edition=edition))
    assert "Inpregnancy,askfirst:GB21." in read(Product(source, edition=edition, left_out=(*edition.may_lack, "LI4")))


@pytest.mark.parametrize(
    ("template", "lost"),
    [
        ("names", "{{ c.short.care_in_pregnancy }}"),
        ("short", '{{ c.format.cautions(card.code, "pregnancy")|in_a_row }}'),
    ],
)
def test_a_template_that_loses_what_to_take_care_of_is_refused(template: str, lost: str, tmp_path: Path) -> None:
    text = (ROOT / "layouts" / f"{template}.html").read_text("utf-8")
    assert lost in text
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / f"{template}.html").write_text(text.replace(lost, ""), "utf-8")
    (tmp_path / "_brand.yml").write_text("meta: {name: Test Clinic}\n", "utf-8")
    product = Product(source_of(SOURCE / OTHERS[0]), load_brand(tmp_path), EDITIONS["leaflet"])
    with pytest.raises(HandoutError) as caught:
        printing.print_html(product, {})
    assert {problem.code for problem in caught.value.problems} == {"incomplete"}


HANDOUT = """\
title: A title
description: What it is about.
author: An Author
revised: 2026-11-30
about: shoulder-arm
sections:
  - id: points
    heading: The points
    blocks:
      - type: points
        points: [{code: GB21, name: {text: 肩井, lang: zh-Hans, reading: Jiānjǐng}}]
  - id: stretches
    heading: Stretches
    blocks:
      - {type: text, text: Slowly.}
      - {type: exercise, name: Doorway, start: Stand., steps: [Lean.], stop: it hurts.}
      - {type: notice, text: A tip.}
      - {type: notice, text: "**Never after a fall.**"}
      - {type: table, columns: [What, Where], rows: [[Screen, High]]}
  - {id: tips, heading: Small things, blocks: [{type: list, items: [A scarf.]}]}
  - id: plan
    heading: Your plan
    blocks:
      - {type: text, text: Tick.}
      - {type: diary, rows: [GB21]}
      - {type: write-in, fields: [Questions]}
"""


def test_what_matters_least_goes_first(tmp_path: Path) -> None:
    """A leaflet kept a diary of two weeks and a table of tips, and lost all drawings of its points."""
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "en.yaml").write_text(HANDOUT, "utf-8")
    source = load(folder, "en", common())
    order_of_parts = ["aids", "tips", "drawings", "lists"]
    for name in SHORT_FORMS:
        product = Product(source, edition=EDITIONS[name])
        order = short_form.may_lack(product)
        assert [part for part in order if part in ("aids", "tips", "drawings", "lists")] == order_of_parts
        for left_out, gone in (
            ((), set()),
            (("aids",), {"Screen", "Tick.", "Questions", "A tip."}),
            (("tips",), {"A scarf."}),
            (("aids", "lists"), {"Screen", "Tick.", "Questions", "A tip.", "Lean.", "Slowly.", "A scarf."}),
        ):
            short = replace(product, left_out=left_out)
            words = read(short)
            every = ("Screen", "Tick.", "Questions", "A tip.", "Lean.", "Slowly.", "Never after a fall.", "A scarf.")
            assert {part for part in every if "".join(part.split()) not in words} == gone
            told = [note.message.partition(" leaves out ")[2] for note in short_form.lacks(short)]
            if left_out == ("aids",):
                assert told[:2] == [
                    "the sections “Your plan”",
                    "parts of the sections “Stretches” (notice, table)",
                ]


def test_a_diary_alone_is_an_aid_and_no_list_of_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    folder.mkdir()
    begin, rest = HANDOUT.split("  - id: stretches", 1)
    (folder / "en.yaml").write_text(begin + rest[rest.index("  - id: plan") :], "utf-8")
    product = Product(load(folder, "en", common()), edition=EDITIONS["leaflet"])
    assert "aids" in short_form.may_lack(product)
    assert "lists" not in short_form.may_lack(product)


@pytest.mark.parametrize("edition", SHORT_FORMS)
def test_cards_have_the_heading_of_their_section_where_no_chart_has_it(edition: str, tmp_path: Path) -> None:
    """Without it they read as part of the tips above them."""
    folder = tmp_path / "plan"
    folder.mkdir()
    chart = "      - {type: chart, view: torso-back, points: [GB21], title: Where, caption: No dot is exact.}\n"
    for text, headed in (
        (HANDOUT, True),
        (HANDOUT.replace("      - type: points\n", f"{chart}      - type: points\n"), False),
    ):
        (folder / "en.yaml").write_text(text, "utf-8")
        html = printing.print_html(Product(load(folder, "en", common()), edition=EDITIONS[edition]), {})
        assert ('<h2 class="target" id="points">The points</h2>' in html) is headed


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("handout", [NAME, OTHERS[0]])
def test_the_short_safety_text_narrows_nothing_that_the_whole_one_says(lang: str, handout: str) -> None:
    """Those who are pregnant read no “never”, and those with diabetes needed numb skin to be meant."""
    source = source_of(SOURCE / handout, lang)
    whole = "".join(read(Product(source, edition=EDITIONS["a4"])).split())
    short = read(Product(source, edition=EDITIONS["one-page"], left_out=EDITIONS["one-page"].may_lack))
    asked = source.shared.safety["when-not-to-press"].groups[1]
    never = next(re.search(r"[(（](.+?)[)）]", item.text) for item in asked.items if not isinstance(item, str))
    numb = next(item.otherwise for item in asked.items[2:] if not isinstance(item, str) and item.otherwise)
    numb_in_short = asked.short[-1].otherwise
    for words, text in ((never[1], whole), (numb, whole), (never[1], short), (numb_in_short, short)):
        assert ("".join(words.split()) in text) is (handout == NAME)


@pytest.mark.parametrize("handout", [NAME, OTHERS[0]])
def test_the_short_safety_text_names_all_that_the_whole_one_forbids_to_press(handout: str) -> None:
    """A place of a recent operation was missing; the translations are held to the English text by their stamps."""
    source = source_of(SOURCE / handout, "en")
    short = read(Product(source, edition=EDITIONS["one-page"], left_out=EDITIONS["one-page"].may_lack))
    whole = unescape(re.sub("<[^>]+>", "", printing.print_html(Product(source, edition=EDITIONS["a4"]), {})))
    forbidden = re.search("Do not press on:(.+?)Ask your doctor or midwife first", whole, re.DOTALL)
    assert forbidden
    words = set(re.findall(r"[a-z]{4,}", forbidden[1])) - {"hard", "neck"}
    assert {"blistered", "tumour", "operation"} < words
    assert [word for word in sorted(words) if word not in short] == []
