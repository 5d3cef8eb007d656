"""Points and landmarks that an author adds: points.yaml in the handout's folder."""

from __future__ import annotations

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


def loaded(project: Project, own: str) -> Source:
    project.text.write_text(CARD, "utf-8")
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
        ("ear-line", "110, -390", "points.yaml:14: duplicate-id there is a landmark 'ear-line' already"),
    ],
)
def test_a_landmark_that_no_drawing_or_another_one_has_is_told(project: Project, name: str, at: str, told: str) -> None:
    assert problems(project, with_landmark(name, at)) == [told]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
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
        ("code: MY1", "code: my one", "points.yaml:2: value 'code': 'my one' is not valid"),
        ("{cun} below", "{fraction} below", "points.yaml:4: pattern nothing is filled in for {fraction}"),
        ("{cun} below", "{7.7} below", "points.yaml:4: pattern nothing is filled in for {7.7}"),
        ("      en: ", "      ja: ", "points.yaml:3: no-place no words for MY1 in 'en'"),
        ("source: Our own practice.", "sauce: x", "points.yaml:16: unknown-key the key 'sauce' is not known here"),
    ],
)
def test_mistakes_are_told_with_their_line(project: Project, old: str, new: str, told: str) -> None:
    assert old in OWN
    assert any(line.startswith(told) for line in problems(project, OWN.replace(old, new, 1)))


def test_it_is_printed_as_what_it_is(project: Project) -> None:
    project.text.write_text(CARD, "utf-8")
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
