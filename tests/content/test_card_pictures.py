"""``picture`` on a card: the author's own, cut square and marked where the author says; ``body``: whose is drawn."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from helpers.tagged_pdf import Tagged
from judges import epubcheck, verapdf
from lxml import etree
from PIL import Image

from handout_builder import tokens
from handout_builder.builder.incremental import build
from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.orders import Order
from handout_builder.render import printing
from handout_builder.render.product import Product

HANDOUT = """\
title: Own pictures
description: Cards with pictures of an author's own.
revised: 2026-01-01
summary: ["Press them."]
sections:
  - id: one
    heading: One
    blocks:
      - type: points
        points:
          - code: ST36
            name: {text: 足三里, lang: zh-Hans, reading: Zúsānlǐ}
            picture: {image: knee.png, mark: [80, 40], alt: A knee with a dot}
          - code: GV4
            name: {text: 命门, lang: zh-Hans, reading: Mìngmén}
            picture: {image: back.svg, mark: [50, 90], alt: A back with a dot}
          - code: GV28
            name: {text: 龈交, lang: zh-Hans, reading: Yínjiāo}
            picture: {image: knee.png, alt: A whole knee}
          - code: ST25
            name: {text: 天枢, lang: zh-Hans, reading: Tiānshū}
      - {type: chart, points: [ST25, CV12], title: The belly, caption: Two of them.}
      - {type: safety, include: see-a-doctor}
sources: [who-2008]
accept: {not-for-pressing: A test of what is not pressed.}
"""
GREEN, WIDE, HIGH = (200, 230, 200), 900, 600
SHAPE = '<path d="M10,20h300v500h-300z" fill="#e8c8a8"/>'
BACK = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="10 20 300 500">{SHAPE}</svg>'


def rgb(name: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(tokens.tokens()[name].removeprefix("#")))


def written(folder: Path, text: str = HANDOUT) -> Path:
    folder.mkdir()
    (folder / "en.yaml").write_text(text, "utf-8")
    Image.new("RGB", (WIDE, HIGH), GREEN).save(folder / "knee.png")
    (folder / "back.svg").write_text(BACK, "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("cards")
    handout = written(folder / "own")
    editions = tuple(EDITIONS[name] for name in ("a4", "greyscale"))
    build([Order(handout, "en", editions=editions)], folder / "out", jobs=1)
    return folder / "out"


def test_a_picture_is_cut_square_and_marked_where_the_author_says(made: Path) -> None:
    with zipfile.ZipFile(made / "own.en.epub") as book:
        names = [name for name in book.namelist() if "/pictures/" in name]
        pictures = {name: book.read(name) for name in names}
        pages = b"".join(book.read(name) for name in book.namelist() if name.endswith(".xhtml")).decode()
    shown = dict(re.findall(r'<img class="crop" src="([^"]+)" alt="([^"]+)"', pages))
    assert sorted(shown.values()) == ["A back with a dot", "A knee with a dot", "A whole knee"]
    assert len(names) == 3  # the whole file is not in the book
    by_alt = {alt: pictures[f"EPUB/{name}"] for name, alt in shown.items()}
    knee = Image.open(io.BytesIO(by_alt["A knee with a dot"])).convert("RGB")
    assert knee.size == (HIGH, HIGH)
    at = (0.8 * WIDE - (WIDE - HIGH), 0.4 * HIGH)  # the square reaches to the right edge
    assert knee.getpixel((round(at[0]), round(at[1]))) == rgb("dot")
    assert knee.getpixel((round(at[0] + 0.05 * HIGH), round(at[1]))) != rgb("dot")
    dots = [(x, y) for x in range(HIGH) for y in range(HIGH) if knee.getpixel((x, y)) == rgb("dot")]
    middle = [sum(values) / len(dots) for values in zip(*dots, strict=True)]
    assert middle == pytest.approx([value - 0.5 for value in at], abs=1)
    plain = Image.open(io.BytesIO(by_alt["A whole knee"])).convert("RGB")
    assert plain.size == (HIGH, HIGH)
    assert plain.getcolors() == [(HIGH * HIGH, GREEN)]  # without a mark, nothing is drawn on it


def test_a_drawing_stays_one_and_has_a_diamond_on_the_midline(made: Path) -> None:
    with zipfile.ZipFile(made / "own.en.epub") as book:
        (name,) = (name for name in book.namelist() if re.fullmatch(r"EPUB/pictures/.*\.svg", name))
        root = etree.fromstring(book.read(name))
    left, top, wide, high = map(float, root.get("viewBox").split())
    assert (left, top, wide, high) == (10, 220, 300, 300)
    assert root.get("width") == root.get("height")
    mark = next(path for path in root.iter("{*}path") if path.get("fill") == tokens.tokens()["dot-mid"])
    x, y, half = map(float, re.match(r"M([\d.]+),([\d.]+)l([\d.]+),", mark.get("d")).groups())
    assert (x, y + half) == pytest.approx((160, 20 + 0.9 * 500), abs=0.01)


@pytest.mark.parametrize("edition", ["", ".greyscale"])
def test_print_shows_it_with_its_description(edition: str, made: Path) -> None:
    figures = [figure.alt for figure in Tagged(made / f"own.en{edition}.pdf").root.find("Figure")]
    assert [alt for alt in figures if alt in ("A knee with a dot", "A back with a dot", "A whole knee")] == [
        "A knee with a dot",
        "A back with a dot",
        "A whole knee",
    ]
    assert not any("ST36:" in alt for alt in figures)  # our own drawing gives way


def test_files_with_pictures_on_cards_conform(made: Path) -> None:
    """Also where a drawing that readers are not told of stands before others on its page."""
    assert verapdf.check(made / "own.en.pdf", "ua1") == []
    assert verapdf.check(made / "own.en.pdf", "3a") == []
    assert epubcheck.check(made / "own.en.epub") == []


@pytest.mark.parametrize(
    ("wrong", "line", "told"),
    [
        ("{image: knee.png, mark: [80, 140], alt: A knee}", 13, "100"),
        ("{image: knee.png, mark: [80], alt: A knee}", 13, "mark"),
        ("{image: no.png, mark: [80, 40], alt: A knee}", 13, "no.png"),
        ("{image: knee.png, mark: [80, 40]}", 13, "alt"),
        ("{image: ../knee.png, alt: A knee}", 13, "knee.png"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(wrong: str, line: int, told: str, tmp_path: Path) -> None:
    text = re.sub(r"\{image: knee.png, mark.*\}", wrong, HANDOUT, count=1)
    with pytest.raises(HandoutError) as raised:
        load(written(tmp_path / "own", text), "en")
    (problem,) = raised.value.problems
    assert problem.line == line
    assert told in f"{problem.message} {problem.hint}"


def crops(folder: Path, text: str) -> dict[str, str]:
    """Return the drawings of a handout's pages by their titles."""
    product = Product(load(written(folder, text), "en"))
    html = printing.print_html(product, printing.first_pages(product))
    return dict(re.findall(r"<svg[^>]*>.*?<title[^>]*>([^<]*)</title>(.*?)</svg>", html, re.DOTALL))


def test_a_handout_and_a_chart_say_whose_body_is_drawn(tmp_path: Path) -> None:
    neutral = crops(tmp_path / "neutral", HANDOUT)
    woman = crops(tmp_path / "woman", f"body: woman\n{HANDOUT}")
    chart = HANDOUT.replace("points: [ST25, CV12]", "body: man, points: [ST25, CV12]")
    man = crops(tmp_path / "man", f"body: woman\n{chart}")
    assert set(neutral) == set(woman) == set(man) == {"ST25", "The belly"}
    assert len({drawings["The belly"] for drawings in (neutral, woman, man)}) == 3
    assert man["ST25"] == woman["ST25"] != neutral["ST25"]
    with pytest.raises(HandoutError) as raised:
        load(written(tmp_path / "child", f"body: child\n{HANDOUT}"), "en")
    (problem,) = raised.value.problems
    assert (problem.line, "woman" in f"{problem.message} {problem.hint}") == (1, True)
