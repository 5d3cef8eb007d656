"""Drawings of strangers are drawn as a browser draws them, or it is told by name what is not."""

from __future__ import annotations

import base64
import math
import subprocess
from pathlib import Path

import pytest
from helpers.processes import HANGS
from judges import programs
from PIL import Image, ImageChops

from handout_builder.images.drawn import drawn
from handout_builder.images.svg_error import SvgError
from handout_builder.images.svg_sanitizer import clean

from . import drawings

WIDTH, HEIGHT, COLUMNS = 200, 80, 10
# Edges are softened in other ways: pixels that differ by this much are counted, and so many, as a share, may.
APART, MOST = 48, 0.024


def shown_by_chromium(pictures: dict[str, bytes], folder: Path) -> dict[str, Image.Image]:
    """What a browser shows of drawings, each on white."""
    cells = "".join(
        f'<img src="data:image/svg+xml;base64,{base64.b64encode(data).decode()}">' for data in pictures.values()
    )
    style = f"body{{margin:0;width:{WIDTH * COLUMNS}px;background:#fff;font-size:0}}"
    style += f"img{{width:{WIDTH}px;height:{HEIGHT}px;display:inline-block}}"
    page, shot = folder / "page.html", folder / "shot.png"
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8><style>{style}</style>{cells}", "utf-8")
    rows = math.ceil(len(pictures) / COLUMNS)
    options = [
        "--headless",
        "--no-sandbox",
        "--hide-scrollbars",
        "--disable-gpu",
        "--accept-lang=en-US,en",
        f"--user-data-dir={folder / 'profile'}",
    ]
    size = f"--window-size={WIDTH * COLUMNS},{rows * HEIGHT}"
    command = [programs.find("chromium"), *options, size, f"--screenshot={shot}", page.as_uri()]
    subprocess.run(command, capture_output=True, timeout=HANGS, check=True)
    whole = Image.open(shot).convert("RGB")
    places = {name: (n % COLUMNS * WIDTH, n // COLUMNS * HEIGHT) for n, name in enumerate(pictures)}
    return {name: whole.crop((x, y, x + WIDTH, y + HEIGHT)) for name, (x, y) in places.items()}


def shown_by_us(cleaned: bytes) -> Image.Image:
    """What our pages show of a cleaned drawing, on white."""
    ours = drawn(cleaned, HEIGHT)
    white = Image.new("RGBA", ours.size, "white")
    white.alpha_composite(ours)
    return white.convert("RGB").resize((WIDTH, HEIGHT))


def share_apart(one: Image.Image, other: Image.Image) -> float:
    histogram = ImageChops.difference(one, other).convert("L").histogram()
    return sum(histogram[APART + 1 :]) / (WIDTH * HEIGHT)


@pytest.mark.tools("chromium")
def test_drawings_look_as_in_a_browser(tmp_path: Path) -> None:
    wanted = shown_by_chromium(drawings.ALIKE, tmp_path)
    wrong = {}
    for name, data in drawings.ALIKE.items():
        cleaned, _, remarks = clean(data)
        apart = share_apart(shown_by_us(cleaned), wanted[name])
        if apart > MOST or remarks:
            wrong[name] = (round(apart, 3), remarks)
    assert wrong == {}


@pytest.mark.tools("chromium")
def test_comparison_sees_a_difference(tmp_path: Path) -> None:
    box = drawings.ALIKE["class"]
    (wanted,) = shown_by_chromium({"box": box}, tmp_path).values()
    for odd in (b"#33c", b"none", b"#eee"):
        cleaned, _, _ = clean(box.replace(b"#c33", odd))
        assert share_apart(shown_by_us(cleaned), wanted) > MOST


@pytest.mark.parametrize("name", drawings.TOLD)
def test_what_we_do_not_draw_is_told_by_name(name: str) -> None:
    data, word = drawings.TOLD[name]
    try:
        _, _, told = clean(data)
    except SvgError as error:
        told = [error.message] if error.hint else []
    assert len(told) == 1
    assert word in told[0]


def test_odd_lists_of_dashes_are_written_twice() -> None:
    """Readers of 2025 went on otherwise than browsers behind such a list."""
    cleaned, _, _ = clean(drawings.ALIKE["three dashes"])
    assert b'stroke-dasharray="9 3 6 9 3 6"' in cleaned


@pytest.mark.parametrize("name", drawings.ALIKE)
def test_what_is_clean_stays_as_it_is(name: str) -> None:
    once, ratio, _ = clean(drawings.ALIKE[name])
    assert clean(once) == (once, ratio, [])


def test_share_of_an_unknown_width_stays_a_share() -> None:
    """A drawing inside says in letters how wide it is: its reader knows how large these are, we do not."""
    inner = '<svg width="5em" height="20"><rect width="50%" height="50%"/></svg>'
    cleaned, _, _ = clean(drawings.svg(inner))
    assert b'<rect height="50%" width="50%"/>' in cleaned
    cleaned, _, _ = clean(drawings.svg(inner.replace("5em", "30")))
    assert b'<rect height="10" width="15"/>' in cleaned


def test_nothing_that_a_person_or_a_program_noted_is_left() -> None:
    named = (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.inkscape.org/namespaces/inkscape"'
        b' viewBox="0 0 40 20" id="Canary" x:label="Canary"><title>Canary</title><desc>Canary</desc>'
        b"<metadata>Canary</metadata>"
        b'<!-- Canary --><g id="CanaryLayer" class="Canary" data-name="Canary"><defs><linearGradient id="Canary-1">'
        b'<stop offset="0"/></linearGradient></defs><path aria-label="Canary" fill="url(#Canary-1)" d="M0 0h9v9z"/>'
        b"</g></svg>"
    )
    cleaned, _, remarks = clean(named)
    assert b"anary" not in cleaned
    assert remarks == []
