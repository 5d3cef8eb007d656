"""Doses: the sentence that a dose becomes, on cards and in the box on how to press, and what contradicts it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers.project import common

from handout_builder.content import doses, safety
from handout_builder.content.loader import Source, load
from handout_builder.content.schema import Dose, Safety
from handout_builder.content.shared_texts import texts_of
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.plain_language.passages import draft
from handout_builder.render import printing
from handout_builder.render.product import Product

TEXT = """\
title: A title
description: D
revised: 2026-11-28
about: low-back
sections:
  - id: before
    heading: Before
    blocks: [{{type: safety, include: how-to-press}}]
  - id: points
    heading: Points
    blocks:
      - type: points
        {block}
        points:
          - {{code: BL23, name: {{text: 肾俞, lang: zh-Hans, reading: Shènshū}}{first}}}
          - {{code: GV3, name: {{text: 腰阳关, lang: zh-Hans, reading: Yāoyángguān}}{second}}}
"""
FIRM = "{pressure: firm, seconds: 30, times_a_day: 2}"
LIGHT = "{pressure: light, seconds: 60}"


@pytest.fixture(scope="module")
def shared(root: Path) -> object:
    return texts_of(root / "source", "en")


def written(folder: Path, block: str = "", first: str = "", second: str = "") -> Source:
    path = folder / "source" / "h" / "en.yaml"
    path.parent.mkdir(parents=True)
    values = {"block": f"dose: {block}" if block else "", "first": first and f", dose: {first}"}
    path.write_text(TEXT.format(**values, second=second and f", dose: {second}"), "utf-8")
    return load(path.parent, "en", common())


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"seconds": 30}, "Press for 30 seconds."),
        ({"seconds": [15, 30], "times_a_day": 2}, "Press for 15 to 30 seconds, 2 times a day."),
        ({"seconds": 60, "times_a_day": 1}, "Press for 1 minute, once a day."),
        ({"seconds": [60, 120]}, "Press for 1 to 2 minutes."),
        ({"days": 14}, "Press for 2 weeks."),
        ({"days": [14, 21]}, "Press for 2 to 3 weeks."),
        ({"days": 15}, "Press for 15 days."),
        ({"seconds": 90}, "Press for 90 seconds."),
        ({"pressure": "firm", "side": "left", "days": 1}, "Press firmly on the left side, for 1 day."),
        ({"pressure": "medium", "days_a_week": 5, "days": [7, 14]},
         "Press with medium force 5 days a week, for 7 to 14 days."),
        ({"times_a_day": [2, 3], "when": "before **sleep**"}, "Press 2 to 3 times a day, before **sleep**."),
        ({"pressure": "light"}, "Press lightly."),
        ({"days_a_week": 1}, "Press one day a week."),
    ],
)  # fmt: skip
def test_a_dose_is_one_sentence(shared: object, given: dict[str, object], told: str) -> None:
    assert doses.sentence(Dose.model_validate(given), shared) == told  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dose", "message"),
    [
        ("{}", "this dose says nothing"),
        ("{seconds: 0}", "0 counts nothing"),
        ("{seconds: [30, 15]}", "no range of numbers"),
        ("{seconds: [30, 30]}", "no range of numbers"),
        ("{seconds: half}", "no range of numbers"),
        ("{seconds: true}", "no range of numbers"),
        ("{pressure: hard}", "'pressure' should be one of: light, medium, firm"),
        ("{second: 3}", "the key 'second' is not known"),
        ("{when: ' '}", "nothing of this text is seen"),
    ],
)
def test_a_dose_that_says_nothing_sensible_is_told_with_its_line(tmp_path: Path, dose: str, message: str) -> None:
    with pytest.raises(HandoutError) as caught:
        written(tmp_path, dose)
    assert [message in problem.message for problem in caught.value.problems] == [True], caught.value.problems
    assert [problem.line for problem in caught.value.problems] == [13]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("30 s", "write 30"),
        ("10 times", "write 10"),
        ("10-15x", "write [10, 15]"),
        ("8 to 12 reps", "write [8, 12]"),
        ("1 minute", "a whole number"),  # which is not one second
        ("often", "a whole number"),
    ],
)
def test_a_number_with_its_unit_is_told_without_it(tmp_path: Path, typed: str, hint: str) -> None:
    with pytest.raises(HandoutError) as caught:
        written(tmp_path, f"{{seconds: {typed}}}")
    assert [problem.hint.startswith(hint) for problem in caught.value.problems] == [True]


def test_a_dose_in_words_is_told_by_its_keys(tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        written(tmp_path, '"30 seconds, 2 times a day"')
    assert [problem.hint[:27] for problem in caught.value.problems] == ["known keys: pressure, side,"]


def test_the_sides_of_card_and_dose_are_one(tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match="the card says left, its dose says right"):
        written(tmp_path, first="{side: right}, side: left")


def told_in_box(source: Source) -> list[str]:
    block = source.handout.sections[0].blocks[0]
    assert isinstance(block, Safety)
    (box,) = safety.boxes(source, block)
    return [item for group in box.groups for item in group.items]


def test_the_shared_box_has_the_dose_of_all_points_in_place_of_its_own_numbers(tmp_path: Path) -> None:
    items = told_in_box(written(tmp_path, FIRM))
    assert items[-1] == "Press firmly for 30 seconds, 2 times a day."
    assert not any(re.search("15 to 30|[Oo]nce a day|firm and", item) for item in items)
    assert "Ask a helper to press where you cannot reach." in items


def test_with_several_doses_the_box_leaves_out_what_all_of_them_tell(tmp_path: Path) -> None:
    items = told_in_box(written(tmp_path, FIRM, second=LIGHT))
    assert items[-1] == "Where a point says how to press it, do as it says.", "of once a day and twice a day one holds"
    assert not any("15 to 30" in item for item in items)
    assert any("Press once a day." in item for item in items), "GV3 does not say how often"


@pytest.mark.parametrize("block", [True, False])
def test_where_each_point_tells_all_the_box_leaves_it_to_them(tmp_path: Path, block: bool) -> None:
    """What stands above all of them is said by no point."""
    given = (FIRM, "") if block else ("", FIRM)
    items = told_in_box(written(tmp_path, *given, second="{pressure: light, seconds: 60, times_a_day: 1}"))
    said = "Where a point says how to press it, do as it says." if block else "Each point says how to press it."
    assert items[-1] == said
    assert not any(re.search("15 to 30|[Oo]nce a day|firm and", item) for item in items)


def test_points_without_a_dose_beside_others_with_one_are_told(tmp_path: Path) -> None:
    (note,) = (note for note in written(tmp_path, second=LIGHT).notes if note.code == "dose-some")
    assert (note.line, note.message[:20]) == (15, "BL23 without a dose,")


def test_where_some_points_have_a_dose_the_box_says_which_goes_first(tmp_path: Path) -> None:
    items = told_in_box(written(tmp_path, first=LIGHT))
    assert items[-1] == "Where a point says how to press it, do as it says."
    assert any("15 to 30" in item for item in items)


def test_without_doses_the_box_is_the_shared_one(tmp_path: Path) -> None:
    items = told_in_box(written(tmp_path))
    assert [item for item in items if "15 to 30" in item or "Press once a day." in item] == items[2:4]
    assert len(items) == 4


@pytest.mark.parametrize("edition", sorted(EDITIONS))
def test_every_edition_prints_the_doses_of_blocks_and_cards(tmp_path: Path, edition: str) -> None:
    product = Product(written(tmp_path, FIRM, second=LIGHT), edition=EDITIONS[edition])
    html = re.sub("<[^>]+>", "", printing.print_html(product, printing.first_pages(product))).replace("\u00a0", " ")
    assert html.count("Each point: Press firmly for 30 seconds, 2 times a day.") == 1
    assert html.count("How to press: Press lightly for 1 minute.") == 1


@pytest.mark.parametrize("edition", ["a4", "one-page"])
def test_the_dose_of_a_block_of_one_point_stands_on_its_card(tmp_path: Path, edition: str) -> None:
    source = written(tmp_path, FIRM)
    source.handout.sections[1].blocks[0].points[1:] = []
    product = Product(source, edition=EDITIONS[edition])
    html = re.sub("<[^>]+>", "", printing.print_html(product, printing.first_pages(product))).replace("\u00a0", " ")
    assert "Each point:" not in html
    assert html.count("How to press: Press firmly for 30 seconds, 2 times a day.") == 1


@pytest.mark.parametrize("pressure", ["medium", "firm"])
def test_more_than_light_pressure_on_a_point_that_is_pressed_gently_is_told(tmp_path: Path, pressure: str) -> None:
    source = written(tmp_path, f"{{pressure: {pressure}, seconds: 30}}", second=LIGHT)
    (told,) = (note for note in source.notes if note.code == "dose-firm")
    assert (told.line, told.hint) == (13, "give its card a dose with 'pressure: light'")
    assert told.message == "more than light pressure is asked for on BL23, which is pressed gently"


def test_the_sentences_are_read_for_plain_language(tmp_path: Path) -> None:
    found = [(p.text, p.file.line(p.at)) for p in draft(written(tmp_path, FIRM, second=LIGHT)).passages]
    assert ("Press firmly for 30 seconds, 2 times a day.", 13) in found
    assert ("Press lightly for 1 minute.", 16) in found


@pytest.mark.parametrize(
    ("block", "first", "second", "told"),
    [
        # GV3 lies on the midline; BL23 is a pair, and loses no side to it.
        ("{side: both, seconds: 30}", "", "", ({"side": "both", "seconds": 30}, None, {"seconds": 30})),
        ("{side: both, seconds: 30}", "{seconds: 60}", "", ({"seconds": 30}, {"seconds": 60}, None)),
        ("{side: both, seconds: 30}", "", "{seconds: 60}", ({"side": "both", "seconds": 30}, None, {"seconds": 60})),
        ("{side: left, seconds: 30}", "", "{seconds: 60}", ({"side": "left", "seconds": 30}, None, {"seconds": 60})),
        ("{side: both}", "", "", (None, None, None)),
    ],
)
def test_the_dose_of_a_block_names_a_side_of_the_points_that_have_two(
    tmp_path: Path, block: str, first: str, second: str, told: tuple[dict[str, object] | None, ...]
) -> None:
    points = written(tmp_path, block, first, second).handout.sections[1].blocks[0]
    given = [points.dose, *(card.dose for card in points.points)]  # type: ignore[union-attr]
    assert given == [Dose.model_validate(dose) if dose else None for dose in told]


@pytest.mark.parametrize("edition", ["a4", "one-page"])
@pytest.mark.parametrize(
    ("block", "printed"),
    [
        ("seconds: 30", ("Each point: Press on both sides, for 30 seconds.", "How to press: Press for 30 seconds.")),
        ("", ("On both sides.",)),
    ],
)
def test_both_sides_are_printed_of_a_pair_beside_a_point_on_the_midline(
    tmp_path: Path, edition: str, block: str, printed: tuple[str, ...]
) -> None:
    product = Product(written(tmp_path, f"{{side: both, {block}}}"), edition=EDITIONS[edition])
    html = re.sub("<[^>]+>", "", printing.print_html(product, printing.first_pages(product))).replace("\u00a0", " ")
    assert [html.count(words) for words in printed] == [1] * len(printed)
    assert html.casefold().count("on both sides") == 1


def test_both_sides_of_a_block_with_a_point_of_none_are_told_once_with_a_cure(tmp_path: Path) -> None:
    (told,) = (note for note in written(tmp_path, "{side: both, seconds: 30}").notes if note.code == "no-pair")
    assert (told.line, told.hint) == (13, "take 'side:' out, or give GV3 a dose of its own without it")
    cured = written(tmp_path / "cured", "{side: both, seconds: 30}", second="{seconds: 30}")
    assert "no-pair" not in {note.code for note in cured.notes}


def test_the_dose_of_a_block_chooses_no_side_of_a_point_without_one(tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match="GV3 is not one of a pair"):
        written(tmp_path, "{side: left, seconds: 30}")
