"""Points that a handout names and the catalogue does not have."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from helpers.project import NAME, SOURCE, common, source_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handout_builder.content.loader import load
from handout_builder.errors import HandoutError

# One file at a time is written anew for each example.
FAST = settings(deadline=None, max_examples=40)
HANDOUT = """\
title: A title
description: One sentence.
revised: 2026-11-23
sections:
  - id: one
    heading: One
    blocks:
      - type: chart
        view: back
        title: Points
        caption: Points.
        points:
          - BL23
          - {}
"""
KNOWN = source_of(SOURCE / NAME).points
CODES = st.from_regex(r"[A-Z]{1,3}-?[A-Z]?[0-9]{0,3}", fullmatch=True) | st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x17E, exclude_categories=["Cc", "Cf"]), max_size=12
)


@FAST
@given(CODES.filter(lambda code: code not in KNOWN))
@example("bl23")
@example(" BL23")
@example("")
def test_unknown_point_is_always_reported(code: str) -> None:
    with TemporaryDirectory() as name:
        path = Path(name, "one", "en.yaml")
        path.parent.mkdir()
        path.write_text(HANDOUT.format(json.dumps(code)), "utf-8")
        with pytest.raises(HandoutError) as caught:
            load(path.parent, "en", common())
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == ("unknown-point", 14)
    assert not problem.hint.endswith(": "), "a list of nothing"


@pytest.mark.parametrize(
    ("code", "row"), [("EX-LE4", True), ("EX-HN15", True), ("EX-HN16", False), ("EX-LE0", False), ("EX-B", False)]
)
def test_extra_points_get_a_row_and_not_a_point_of_another_part(tmp_path: Path, code: str, row: bool) -> None:
    path = tmp_path / "one" / "en.yaml"
    path.parent.mkdir()
    path.write_text(HANDOUT.format(code), "utf-8")
    # Tables of one's own, without the last extra points.
    for name in ("names.csv", "places.csv", "words/en.csv"):
        own = tmp_path / "points" / name
        own.parent.mkdir(exist_ok=True)
        rows = (SOURCE / "points" / name).read_text("utf-8").splitlines(keepends=True)
        own.write_text("".join(line for line in rows if not line.startswith(("EX-LE4,", "EX-HN15,"))), "utf-8")
    for name in ("landmarks.csv", "unit_lines.csv", "words/en.landmarks.csv"):
        shutil.copy(SOURCE / "points" / name, tmp_path / "points" / name)
    with pytest.raises(HandoutError) as caught:
        load(path.parent, "en")
    hint = caught.value.problems[0].hint
    assert ("points/names.csv" in hint) is row
    assert not (row and "EX-B" in hint)
