"""Points and landmarks that an author adds: points.yaml in the handout's folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.project import LANG, Project, run

from handout_builder.content import anatomy, place_text
from handout_builder.content.loader import Source, load
from handout_builder.errors import HandoutError

CARD = """\
title: T
description: D
revised: 2026-11-23
sections:
  - id: one
    heading: H
    blocks:
      - type: points
        points:
          - {code: MY1, name: {text: 痛点, lang: zh-Hans, reading: tòng diǎn}, use: U}
"""
OWN = """\
points:
  - code: MY1
    words:
      en: {label: Sore spot, where: "Back of the lower leg. {cun} below the knee crease.", short: "calf, {cun} down"}
    place:
      region: lower-leg
      aspect: posterior
      home: leg-back
      formula: on-line
      p: BL40
      q: BL57
      from: p
      cun: 3
      line_cun: 8
    cautions: [calf-veins]
    source: Our own practice.
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A folder with one handout: what it shares with others is the program's."""
    made = Project(tmp_path)
    made.folder.mkdir(parents=True)
    made.text.write_text(CARD, "utf-8")
    return made


def loaded(project: Project, own: str) -> Source:
    (project.folder / "points.yaml").write_text(own, "utf-8")
    return load(project.folder, LANG)


def problems(project: Project, own: str) -> list[str]:
    with pytest.raises(HandoutError) as caught:
        loaded(project, own)
    return [f"{p.path.name}:{p.line}: {p.code} {p.message}" for p in caught.value.problems]


def test_a_point_of_ones_own_is_told_drawn_and_no_standard_point(project: Project) -> None:
    source = loaded(project, OWN)
    point = source.points["MY1"]
    assert (
        place_text.long_place(point, source.shared)
        == "Back of the lower leg. Four finger-widths below the knee crease."
    )
    assert place_text.short_place(point, source.shared) == "calf, 4 fingers down"
    care = place_text.cautions(point, source.shared)
    assert care == ["Do not press here if you have varicose veins or a clot in this leg."]
    assert (point.own, point.sources, point.note) == (True, (), "Our own practice.")
    ((x, y),) = anatomy.shown("leg-back", point)
    (top,), (end,) = (anatomy.shown("leg-back", source.points[code]) for code in ("BL40", "BL57"))
    assert (x, y) == pytest.approx([a + 3 / 8 * (b - a) for a, b in zip(top, end, strict=True)])
    assert not source.points["BL23"].own


def with_landmark(name: str, at: str) -> str:
    place = f"      formula: landmark\n      p: {name}\n"
    own = OWN[: OWN.index("      formula")] + place + OWN[OWN.index("    cautions") :]
    own = own.replace("{cun} below the knee crease", "on the knot").replace("calf, {cun} down", "calf knot")
    words = "name: {en: the knot}, find: {en: Roll a finger}"
    return own + f"landmarks:\n  - {{id: {name}, term: knot in the calf, at: {{leg-back: [{at}]}}, {words}}}\n"


def test_its_landmark_may_be_ones_own(project: Project) -> None:
    source = loaded(project, with_landmark("sore-knot", "110, -390"))
    assert anatomy.shown("leg-back", source.points["MY1"]) == [(110, -390)]
    assert place_text.how_to_find(source.points["MY1"], source.shared) == "the knot. Roll a finger."


@pytest.mark.parametrize(
    ("name", "at", "told"),
    [
        ("sore-knot", "900, -390", "points.yaml:5: no-picture no drawing shows the place of MY1: it is at 900, -390"),
        (
            "sore-knot",
            "3, -390",
            "points.yaml:5: no-picture no drawing shows the place of MY1: it lies beside the body, at 3, -390",
        ),
        ("ear-line", "110, -390", "points.yaml:14: duplicate-id there is a landmark 'ear-line' already"),
        ("sore-knot", "110", "points.yaml:14: value 'leg-back' needs 2 entries; here are 1"),
        ("sore-knot", "110, -390], leg: [1, 2", "points.yaml:14: unknown-key the key 'leg' is not known here"),
    ],
)
def test_a_landmark_that_no_drawing_or_another_one_has_is_told(project: Project, name: str, at: str, told: str) -> None:
    assert problems(project, with_landmark(name, at)) == [told]


IN_WORDS = """\
points:
  - code: MY1
    words: {en: {label: Ear spot, where: Behind the earlobe., short: behind the earlobe}}
    place: {region: ear-area, aspect: lateral}
    source: My grandmother.
"""


def test_a_place_may_be_told_in_words_alone(project: Project) -> None:
    source = loaded(project, IN_WORDS)
    point = source.points["MY1"]
    assert place_text.long_place(point, source.shared) == "Behind the earlobe."
    assert anatomy.view_of(point) is None


def test_a_place_in_a_figure_is_told_by_a_formula(project: Project) -> None:
    own = IN_WORDS.replace("aspect: lateral", "aspect: lateral, home: head-side")
    assert problems(project, own) == ["points.yaml:4: missing-key the key 'formula' is missing"]


def test_a_name_without_another_reading_is_its_own(project: Project) -> None:
    text = CARD.replace(
        "{text: 痛点, lang: zh-Hans, reading: tòng diǎn}", "{text: Ear spot, lang: en, reading: Ear spot}"
    )
    project.text.write_text(text, "utf-8")
    (card,) = loaded(project, IN_WORDS).handout.sections[0].blocks[-1].points
    assert card.name.reading_lang == "en"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("p: BL40\n      q: BL57", "p: BL40\n      q: BL40", "points.yaml:5: value 'p' and 'q' are the same"),
        (
            "on-line\n      p: BL40\n      q: BL57",
            "relative\n      p: BL40\n      offset_cun: 1\n      offset_dir: down-up",
            "points.yaml:5: value 'offset_dir': nothing lies between the directions of 'down-up'",
        ),
        (
            "p: BL40\n      q: BL57",
            "p: navel\n      q: BL57",
            "points.yaml:5: no-picture no drawing shows the place of MY1: the figure 'leg-back' has no 'navel'",
        ),
        ("aspect: posterior", "aspect: posterior\n      count: 2", "points.yaml:5: value 'count' is 2, and the place"),
        ("from: p", "from: p\n      measures_from: cun", "points.yaml:13: value 'cun' is not valid"),
        ("from: p", "from: p\n      measures_from: [cun, own]", "points.yaml:13: value this is not valid"),
        ("{cun} below", "{cun below", "points.yaml:4: pattern 'where': a brace has no partner"),
        ("code: MY1", "code: EXHN3", "points.yaml:2: duplicate-point EXHN3 is, or looks like, a standard point"),
        ("code: MY1", "code: HN3", "points.yaml:2: duplicate-point HN3 is, or looks like, a standard point"),
        ("code: MY1", "code: my1", "points.yaml:2: value 'my1' is no code"),
        ("p: BL40", "p: BL400", "points.yaml:5: unknown-landmark there is no landmark or point 'BL400'"),
        ("q: BL57", "q: kneee", "points.yaml:5: unknown-landmark there is no landmark or point 'kneee'"),
        ("cun: 3\n", "cun: 9\n", "points.yaml:5: value 'cun' is 9, and the whole way has 8"),
        ("formula: on-line", "formula: guess", "points.yaml:9: value 'formula'"),
        ("home: leg-back", "home: leg-bak", "points.yaml:8: value 'home' should be one of: head-front, "),
        (
            "line_cun: 8",
            "line_cun: 8\n      offset_cun: 1\n      offset_dir: up-sideways",
            "points.yaml:5: value 'offset_dir': the figure 'leg-back' has no direction 'sideways'",
        ),
        ("[calf-veins]", "[calf-vein]", "points.yaml:15: no-caution there are no words for the caution 'calf-vein'"),
        ("code: MY1", "code: BL99", "points.yaml:2: duplicate-point BL99 is, or looks like, a standard point"),
        ("code: MY1", "code: UB1", "points.yaml:2: duplicate-point UB1 is, or looks like, a standard point"),
        ("code: MY1", "code: my one", "points.yaml:2: value 'my one' is no code"),
        ("{cun} below", "{fraction} below", "points.yaml:4: pattern nothing is filled in for {fraction}"),
        ("{cun} below", "{7.7} below", "points.yaml:4: pattern nothing is filled in for {7.7}"),
        ("      en: ", "      ja: ", "points.yaml:3: no-place no words for MY1 in 'en'"),
        ("source: Our own practice.", "sauce: x", "points.yaml:16: unknown-key the key 'sauce' is not known here"),
    ],
)
def test_mistakes_are_told_with_their_line(project: Project, old: str, new: str, told: str) -> None:
    assert old in OWN
    assert any(line.startswith(told) for line in problems(project, OWN.replace(old, new, 1)))


def test_words_of_another_language_are_in_that_language(project: Project) -> None:
    own = with_landmark("sore-knot", "110, -390").replace(
        "      en: ", "      ja: {label: 痛点, where: 脚。, short: 脚}\n      en: "
    )
    own = own.replace("find: {en: Roll a finger}", "find: {ja: 指で, en: Roll a finger}")
    assert loaded(project, own).points["MY1"].names.en == "Sore spot"
    told = problems(project, own.replace("label: Sore spot", "label: 痛点"))
    assert told == ["points.yaml:5: untagged-language '痛点' has no language"]


def test_points_that_are_told_by_two_others_each_are_found_at_once(project: Project) -> None:
    # Told anew for each of the two, the last would be told 2^40 times.
    first, place = OWN.partition("\n")[2], "p: MY{}\n      q: MY{}"
    more = "".join(
        first.replace("MY1", f"MY{n}").replace("p: BL40\n      q: BL57", place.format(n - 1, n - 2))
        for n in range(3, 44)
    )
    second = first.replace("MY1", "MY2").replace("p: BL40", "p: MY1")
    source = loaded(project, OWN + second + more)
    assert source.points["MY43"].spots


def test_what_is_told_by_a_point_without_a_home_is_told(project: Project) -> None:
    second = OWN.partition("\n")[2].replace("MY1", "MY2").replace("p: BL40", "p: MY1")
    told = problems(project, OWN.replace("      home: leg-back\n", "") + second)
    assert told == ["points.yaml:19: no-picture no drawing shows the place of MY2: the figure 'leg-back' has no 'MY1'"]


def test_a_level_that_meets_a_level_line_is_told(project: Project) -> None:
    place = "formula: grid\n      p: one-knot\n      q: two-knot\n      level: BL57\n"
    own = OWN[: OWN.index("formula")] + place + OWN[OWN.index("    cautions") :]
    own = own.replace("{cun} below the knee crease", "on the knot").replace("calf, {cun} down", "calf knot")
    at = "landmarks:\n" + "".join(
        f"  - {{id: {name}-knot, term: knot, at: {{leg-back: [{x}, -390]}}}}\n"
        for name, x in (("one", 100), ("two", 130))
    )
    (told,) = problems(project, own + at)
    assert told.startswith(
        "points.yaml:5: no-picture no drawing shows the place of MY1: in the figure 'leg-back', p and q"
    )


def test_it_is_printed_as_what_it_is(project: Project) -> None:
    (project.folder / "points.yaml").write_text(OWN, "utf-8")
    done = run(project.top / "source", "check", "chronic-back-pain")
    assert "points.yaml" not in done.stderr
    assert "point-name" not in done.stderr  # it has no standard name
    source = load(project.folder, LANG)
    assert source.codes == ("MY1",)


def test_it_is_no_language_of_the_handout(project: Project) -> None:
    from handout_builder.orders import languages

    (project.folder / "points.yaml").write_text(OWN, "utf-8")
    assert languages(project.folder) == [LANG]
