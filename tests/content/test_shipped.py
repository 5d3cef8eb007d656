"""The program's own tables and shared texts are right, and are known by their digests as they are shipped."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest
from helpers.project import SOURCE

from handout_builder.content import loader, shipped
from handout_builder.content.catalogue import catalogue
from handout_builder.errors import HandoutError

FILES = sorted([*SOURCE.glob("points/*.csv"), *SOURCE.glob("points/words/*.csv"), *SOURCE.glob("shared/*.yaml")])


@pytest.fixture
def touched(tmp_path: Path) -> Path:
    """A copy of what handouts share, each file with an empty line more, so that all of it is checked."""
    for folder in ("points", "shared"):
        shutil.copytree(SOURCE / folder, tmp_path / folder)
    for path in FILES:
        copy = tmp_path / path.relative_to(SOURCE)
        copy.chmod(0o644)
        copy.write_bytes(path.read_bytes() + b"\n")
    return tmp_path


def test_every_file_is_known_by_its_digest() -> None:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(SOURCE).as_posix()}" for path in FILES
    ]
    if "UPDATE_GOLDEN" in os.environ:
        shipped.DIGESTS.write_text("".join(f"{line}\n" for line in lines), "ascii")
    assert shipped.DIGESTS.read_text("ascii").splitlines() == lines, "UPDATE_GOLDEN=1 writes it anew"
    assert len({path.name for path in FILES}) == len(FILES), "files are told apart by their names"


def test_a_check_of_all_finds_nothing_and_gives_the_same(touched: Path) -> None:
    own, all_checked = (loader.load_common(root, "en") for root in (SOURCE, touched))
    assert dict(own.points) == dict(all_checked.points)
    assert (own.shared, own.units) == (all_checked.shared, all_checked.units)
    assert dict(catalogue(SOURCE)) == dict(catalogue(touched))


def test_what_is_as_shipped_is_made_once_in_a_process(tmp_path: Path, touched: Path) -> None:
    """Wherever it lies: a studio loads it again in each language whenever a file is saved."""
    for folder in ("points", "shared"):
        shutil.copytree(SOURCE / folder, tmp_path / "copy" / folder)
    own, copied, changed = (loader.load_common(root, "ja") for root in (SOURCE, tmp_path / "copy", touched))
    assert copied.points is own.points
    assert copied.shared is own.shared
    assert changed.points is not own.points
    assert changed.shared is not own.shared


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("points/places.csv", "\nLU1,chest", "\nLU1,chst", "value"),
        ("points/names.csv", "肺俞", "肺?", "value"),
        ("shared/en.yaml", '  use: "Traditional use:"\n', "", "missing-key"),
    ],
)
def test_a_mistake_in_any_row_is_told(touched: Path, name: str, old: str, new: str, code: str) -> None:
    path = touched / name
    text = (SOURCE / name).read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(HandoutError) as told:
        loader.load_common(touched, "en")
    assert code in {problem.code for problem in told.value.problems}


def test_a_point_that_there_is_not_is_no_point() -> None:
    points = catalogue(SOURCE, "en")
    assert "BL99" not in points
    assert len(points) == len([*points]) == len({point.code for point in points.values()}) == 409
