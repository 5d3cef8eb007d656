"""``points --atlas`` and ``points LI4 --svg/--png``: all points as a handout, one as a picture."""

from __future__ import annotations

import io
import re
from datetime import date
from functools import cache
from typing import Any

import pytest
from helpers.project import ROOT, SOURCE, run
from PIL import Image

from handout_builder.content import anatomy, atlas
from handout_builder.content.loader import Source, load_common, load_made

COMMON = cache(lambda: load_common(SOURCE, "en"))


@cache
def made() -> Source:
    common = COMMON()
    pages = {code: number for number, code in enumerate(common.points, 3)}
    values = atlas.handout(common.points, common.shared, pages, date(2026, 11, 28))
    return load_made(SOURCE / atlas.NAME, "en", common, values)


def blocks(kind: str) -> list[Any]:
    return [block for section in made().handout.sections for block in section.blocks if block.type == kind]


def test_every_point_has_one_card_and_one_chart() -> None:
    points = COMMON().points
    assert len(points) == 409
    assert [card.code for block in blocks("points") for card in block.points] == list(points)
    drawn = [code for block in blocks("chart") for code in block.points]
    assert sorted(drawn) == sorted(code for code, point in points.items() if anatomy.view_of(point))
    assert all(anatomy.shown(block.view, points[code]) for block in blocks("chart") for code in block.points)
    assert max(len(block.points) for block in blocks("chart")) <= 24


def test_a_card_is_found_by_its_id() -> None:
    points = COMMON().points
    numbers = {section.id: section for section in made().handout.sections}
    for code in ("LU1", "LI4", "EX-HN5", "CV24"):
        section, block, card = re.fullmatch(r"([a-z-]+)_(\d+)-(\d+)", atlas.card(code, points)).groups()  # type: ignore[union-attr]
        assert numbers[section].blocks[int(block) - 1].points[int(card) - 1].code == code


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("code", "LI4 17"),
        ("pinyin", "[Hégǔ]{lang=zh-Latn-pinyin} LI4 17"),
        ("english", "Junction Valley LI4 17"),
        ("hans", "[合谷]{lang=zh-Hans} LI4 17"),
        ("hant", "[合谷]{lang=zh-Hant} LI4 17"),
        ("kana", "[ごうこく]{lang=ja} LI4 17"),
        ("hangul", "[합곡]{lang=ko} LI4 17"),
    ],
)
def test_indexes_tell_code_and_page(kind: str, told: str) -> None:
    section = next(section for section in made().handout.sections if section.id == f"index-{kind}")
    text = section.blocks[0].text  # type: ignore[union-attr]
    assert re.search(rf"(^|[ ;])\[?{re.escape(told.lstrip('['))}(;|$|\n)", text)
    assert len(re.findall(r" \d+(?=;|\n|$)", text)) >= 350  # two have no kana


def test_a_picture_is_written_as_svg_and_as_png(tmp_path: Any) -> None:
    done = run(ROOT / "source", "points", "LI4", "--svg", str(tmp_path / "li4.svg"), "--png", str(tmp_path / "li4.png"))
    assert done.returncode == 0, done.stderr
    svg = (tmp_path / "li4.svg").read_text("utf-8")
    assert "<text" not in svg
    assert "<use" not in svg
    image = Image.open(io.BytesIO((tmp_path / "li4.png").read_bytes()))
    assert image.size == (720, 720)
    assert image.mode == "RGB"
    assert len(image.getcolors(720 * 720)) > 5  # type: ignore[arg-type]


def test_a_picture_is_of_the_body_that_is_asked_for(tmp_path: Any) -> None:
    for body in ("neutral", "woman", "man"):
        done = run(ROOT / "source", "points", "CV6", "--svg", str(tmp_path / f"{body}.svg"), "--body", body)
        assert done.returncode == 0, done.stderr
    assert len({file.read_bytes() for file in tmp_path.iterdir()}) == 3


def test_a_picture_is_of_one_point_that_is_drawn(tmp_path: Any) -> None:
    several = run(ROOT / "source", "points", "PC", "--svg", str(tmp_path / "no.svg"))
    assert several.returncode == 1
    assert "means 9 points" in several.stderr
    hidden = run(ROOT / "source", "points", "GV28", "--svg", str(tmp_path / "no.svg"))
    assert hidden.returncode == 1
    assert "no-picture no drawing shows the place of GV28" in hidden.stderr
    assert not list(tmp_path.iterdir())
