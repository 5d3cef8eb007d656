"""The style sheet of the studio: its colours are tokens, each pair that is seen has its contrast, light and dark."""

from __future__ import annotations

import hashlib
import re

import pytest

from handout_builder.resources import LAYOUTS

FOLDER = LAYOUTS / "studio"
CSS = (FOLDER / "studio.css").read_text("utf-8")
LIGHT_END = CSS.index("@media (prefers-color-scheme: dark)")
DARK_END = CSS.index("@font-face")
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b")
LIGHT = dict(TOKEN.findall(CSS[:LIGHT_END]))
DARK = {**LIGHT, **dict(TOKEN.findall(CSS[LIGHT_END:DARK_END]))}
# WCAG 2.2: text 4.5 (the main text here 7), borders of fields, focus and other signs 3.
PAIRS = [
    *(("ink", ground, 7) for ground in ("panel", "desk", "field", "warn-wash", "care-wash", "good-wash")),
    *(("ink2", ground, 4.5) for ground in ("panel", "desk", "accent-wash")),
    *(("accent", ground, 4.5) for ground in ("panel", "desk", "accent-wash")),
    *(("on-accent", ground, 4.5) for ground in ("accent", "accent-deep")),
    *(("warn", ground, 4.5) for ground in ("panel", "desk", "warn-wash")),
    *(("care", "care-wash", 4.5), ("good", "good-wash", 4.5), ("care", "panel", 3), ("good", "panel", 3)),
    *(("line2", ground, 3) for ground in ("panel", "field", "desk")),
    *(("focus", ground, 3) for ground in ("panel", "desk", "accent-wash")),
]


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("colour", "ground", "least"), PAIRS)
def test_what_is_seen_has_its_contrast(tokens: dict[str, str], colour: str, ground: str, least: float) -> None:
    one, other = sorted(luminance(tokens[name]) for name in (colour, ground))
    assert (other + 0.05) / (one + 0.05) >= least


def test_every_token_is_declared_and_used() -> None:
    used = set(re.findall(r"var\(--([\w-]+)", CSS))
    declared = set(re.findall(r"(?<![\w-])--([\w-]+):", CSS))
    assert used <= declared
    assert declared - used <= {"shadow"}


def test_every_class_of_the_style_sheet_is_in_a_template_or_script() -> None:
    text = "".join(
        path.read_text("utf-8")
        for path in (*FOLDER.glob("*.html"), *(FOLDER / f"{name}.js" for name in ("studio", "body")))
    )
    rules = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
    named = set(re.findall(r"\.([a-z][a-z0-9-]*)", re.sub(r"url\([^)]*\)|\{[^}]*\}", " ", rules)))
    words = set(re.findall(r"[a-z][a-z0-9-]*", text))
    assert named - words <= {"htmx"}


def test_scripts_of_others_are_those_whose_digests_were_written_down() -> None:
    lines = (FOLDER / "vendor" / "SHA256SUMS").read_text("ascii").split("\n")
    known = {name: digest for digest, _, name in (line.partition("  ") for line in lines if line)}
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (FOLDER / "vendor").glob("*.js")}
    assert there == known
    assert {path.name for path in (FOLDER / "vendor").glob("LICENSE-*")} == {
        "LICENSE-htmx.txt",
        "LICENSE-idiomorph.txt",
    }


def test_our_own_script_stays_small() -> None:
    import gzip

    assert len(gzip.compress((FOLDER / "studio.js").read_bytes())) < 6_000
