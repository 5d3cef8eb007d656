"""A clinic's colours made legible: its own shades as areas, and shades of the same hue for text and rules.

Contrast is that of WCAG 2.2: text at least 4.5:1 (1.4.3) and 7:1 where it can be (1.4.6), graphics 3:1 (1.4.11).
Lightness, chroma and hue are those of OKLCH (CSS Color 4), in which a colour can be darkened and stays the same hue.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from typing import Literal

from coloraide import Color
from PIL import Image, ImageChops, ImageFilter

from handout_builder.tokens import tokens

_TEXT, _TEXT_FLOOR, _GRAPHIC = 7.0, 4.5, 3.0
# A tint as light as the neutral one; with more chroma it looks like the blue of a web form.
_WASH_LIGHTNESS, _WASH_CHROMA = 0.962, 0.014
# Reds and oranges, as far as they could be taken for the box that sends patients to a doctor: they become a dark brown.
_GUARDED_HUES, _GUARDED_CHROMA = 40.0, 0.04
_BROWN_LIGHTNESS, _BROWN_CHROMA, _BROWN_CONTRAST = 0.36, 0.06, 10.0
# Two colours side by side that differ by 0.02 are told apart (CSS Color 4, 12.2); these are seen on different pages.
_LEAST_DIFFERENCE = 0.12
# Grounds of reading systems: white, sepia, dark grey, black.
_SCREENS = ("#ffffff", "#f4ecd8", "#121212", "#000000")
_OTHER_HUE, _OTHER_CHROMA = 60.0, 0.05
# Lighter than this against paper, a strip of colour is not seen.
_VISIBLE = 1.12
# Of 255: a step between neighbours that no edge makes; whole. Pixels that are enough to tell, and all that are counted.
_STEP, _OPAQUE, _LEAST_SOLID, _MOST_COUNTED = 12, 255, 50, 400_000
# Degrees, the widest scale of a part of a colour, go to 360, and round again; what is far beyond has no shade in sRGB.
_MOST = 1000.0


@dataclass(frozen=True)
class Check:
    """A pair of colours that was guarded: what is seen on which ground, with its contrast, the aim and the floor."""

    role: str
    ground: str
    colour: str
    on: str
    ratio: float
    aim: float
    floor: float


@dataclass(frozen=True)
class Palette:
    """What was made of a clinic's colours."""

    tokens: Mapping[str, str]
    """Tokens of layouts/tokens.css that the brand sets, as ``#rrggbb``."""
    letterhead: Literal["line", "band", "wash"]
    remarks: tuple[str, ...]
    """What differs from the colours as they were given, one line each."""
    checks: tuple[Check, ...]


def parse(text: str) -> str | None:
    """Return a CSS colour as ``#rrggbb`` in sRGB; None for what is no colour, and for one that is seen through.

    Parts of any size are read, and those beyond every scale (``oklch(1e308 0 0)``) make no colour.
    """
    try:
        colour = Color(text)
    except (ValueError, ArithmeticError):  # of numbers without end, too
        return None
    whole = colour.alpha(nans=False) == 1 and all(abs(part) <= _MOST for part in colour.coords(nans=False))
    return _hex(colour) if whole else None


def derive(primary: str, secondary: str | None = None) -> Palette:
    """Return the tokens for a main colour and a second one, both ``#rrggbb``."""
    base = tokens()
    paper = base["paper"]
    wash = _wash(secondary or primary)
    accent, guarded = _accent(primary, wash)
    own = {
        "accent": accent,
        "accent-wash": wash,
        "band": primary,
        # Black or white is always at least 4.5:1; the ink of the text is softer than black.
        "on-band": next(c for c in (paper, base["ink"], "#000000") if _contrast(c, primary) >= _TEXT_FLOOR),
        "dot": accent,
        "dot-mid": _second(primary, secondary, wash) or base["ink2"],
        "rule-book": _on_any_screen(primary),
    }
    return Palette(own, _letterhead(primary), _remarks(primary, secondary, own, guarded), _checks(own))


def _wash(colour: str) -> str:
    _, chroma, hue = _oklch(colour)
    return _make(_WASH_LIGHTNESS, min(chroma, _WASH_CHROMA), hue)


def _accent(primary: str, wash: str) -> tuple[str, bool]:
    """Return the colour for text and rules, and whether it had to be led away from the red of warnings."""
    paper, warn = tokens()["paper"], tokens()["warn"]

    def legible(colour: str) -> bool:
        return _contrast(colour, wash) >= _TEXT and _grey_contrast(colour, wash) >= _TEXT_FLOOR

    lightness, chroma, hue = _oklch(primary)
    accent = primary if legible(primary) else _darken(lightness, chroma, hue, legible)
    red = _apart(hue, _oklch(warn)[2]) <= _GUARDED_HUES and chroma > _GUARDED_CHROMA
    if not red and _difference(accent, warn) >= _LEAST_DIFFERENCE:
        return accent, False
    lightness, chroma = min(_oklch(accent)[0], _BROWN_LIGHTNESS), min(chroma, _BROWN_CHROMA)
    return _darken(lightness, chroma, hue, lambda c: legible(c) and _contrast(c, paper) >= _BROWN_CONTRAST), True


def _second(primary: str, secondary: str | None, wash: str) -> str | None:
    """Return the colour of points on the midline, where the second colour is clearly another one."""
    if secondary is None:
        return None
    (_, _, first), (_, chroma, hue) = _oklch(primary), _oklch(secondary)
    if chroma <= _OTHER_CHROMA or _apart(first, hue) < _OTHER_HUE:
        return None
    return _accent(secondary, wash)[0]


def _on_any_screen(primary: str) -> str:
    """Return the shade that is seen as a line on every ground of a reading system, where the reader chooses it."""
    _, chroma, hue = _oklch(primary)
    if all(_contrast(primary, ground) >= _GRAPHIC for ground in _SCREENS):
        return primary
    # The lightest shade that is seen on sepia is seen on black, too.
    return _darken(1.0, chroma, hue, lambda c: _contrast(c, "#f4ecd8") >= _GRAPHIC * 1.12)


def _letterhead(primary: str) -> Literal["line", "band", "wash"]:
    """Return white letters on a dark colour; on a light or middling one, a tint with a strip of it below."""
    paper = tokens()["paper"]
    if _contrast(paper, primary) >= _TEXT_FLOOR:
        return "band"
    return "wash" if _contrast(paper, primary) >= _VISIBLE else "line"


def _remarks(primary: str, secondary: str | None, own: Mapping[str, str], guarded: bool) -> tuple[str, ...]:
    paper, remarks = tokens()["paper"], []
    if own["accent"] != primary:
        on_paper, on_wash = (_contrast(own["accent"], ground) for ground in (paper, own["accent-wash"]))
        reason = "too close to the red of warnings" if guarded else "too light for text"
        remarks.append(
            f"primary {primary} is used for areas, as it is {reason}; text and rules take {own['accent']}"
            f" ({on_paper:.1f}:1 on paper, {on_wash:.1f}:1 on the tint)"
        )
    if secondary and own["dot-mid"] not in (secondary, tokens()["ink2"]):
        ratio = _contrast(own["dot-mid"], paper)
        remarks.append(f"secondary {secondary}: points on the midline take {own['dot-mid']} ({ratio:.1f}:1 on paper)")
    return tuple(remarks)


def _checks(own: Mapping[str, str]) -> tuple[Check, ...]:
    base = {**tokens(), **own}
    white, sepia, dark, black = _SCREENS
    pairs = [
        ("headings, codes and rules", "paper", base["accent"], base["paper"], _TEXT, _TEXT_FLOOR),
        ("headings and labels", "the tint", base["accent"], base["accent-wash"], _TEXT, _TEXT_FLOOR),
        ("text", "the tint", base["ink"], base["accent-wash"], _TEXT, _TEXT_FLOOR),
        ("small text", "the tint", base["ink2"], base["accent-wash"], _TEXT, _TEXT_FLOOR),
        ("name and phone", "the band", base["on-band"], base["band"], _TEXT, _TEXT_FLOOR),
        ("points in pairs", "paper", base["dot"], base["paper"], _TEXT, _TEXT_FLOOR),
        ("points on the midline", "paper", base["dot-mid"], base["paper"], _TEXT, _TEXT_FLOOR),
        ("points in pairs", "light skin", base["dot"], base["skin-light"], _TEXT_FLOOR, _GRAPHIC),
        ("rules of the book", "a white screen", base["rule-book"], white, _GRAPHIC, _GRAPHIC),
        ("rules of the book", "a sepia screen", base["rule-book"], sepia, _GRAPHIC, _GRAPHIC),
        ("rules of the book", "a dark screen", base["rule-book"], dark, _GRAPHIC, _GRAPHIC),
        ("rules of the book", "a black screen", base["rule-book"], black, _GRAPHIC, _GRAPHIC),
    ]
    checks = [Check(*pair[:4], _contrast(*pair[2:4]), *pair[4:]) for pair in pairs]
    for on, ground in (("paper", base["paper"]), ("the tint", base["accent-wash"])):
        ratio = _grey_contrast(base["accent"], ground)
        checks.append(Check("headings", f"{on}, printed grey", base["accent"], ground, ratio, _TEXT, _TEXT_FLOOR))
    return tuple(checks)


def propose(picture: Image.Image) -> tuple[str, str | None] | None:
    """Return the main colour of a logo (RGBA), and a second one where it has a clearly different hue.

    Both are colours of the logo itself, as it has them inside its shapes. Return None where there is nothing but white.
    """
    shades = _shades(picture)
    if not shades:
        return None
    # A strong colour counts for more than a pale one that covers more.
    weights = {colour: count * (0.005 + _oklch(colour)[1]) ** 1.5 for colour, count in shades.items()}
    primary = max(weights, key=lambda colour: (weights[colour], colour))
    hue = _oklch(primary)[2]
    others = {
        colour: weight
        for colour, weight in weights.items()
        if _oklch(colour)[1] > _OTHER_CHROMA
        and _apart(_oklch(colour)[2], hue) >= _OTHER_HUE
        and shades[colour] >= sum(shades.values()) / 50
    }
    neutral = _oklch(primary)[1] <= _GUARDED_CHROMA
    second = max(others, key=lambda colour: (others[colour], colour)) if others and not neutral else None
    return primary, second


def _shades(picture: Image.Image) -> dict[str, int]:
    """Return the main colours of a picture (RGBA) but those of paper, with how many pixels have them or nearly so."""
    shown = picture.convert("RGBA")
    inside = ImageChops.subtract(shown.filter(ImageFilter.MaxFilter(3)), shown.filter(ImageFilter.MinFilter(3)))
    steps = inside.split()
    # Where a pixel differs from one beside it, it is the soft edge of a shape: a mixture with the ground.
    edges = reduce(ImageChops.lighter, steps).point([255 * (value <= _STEP) for value in range(256)])
    opaque = shown.getchannel("A").point([255 * (value == _OPAQUE) for value in range(256)])
    solid = ImageChops.multiply(edges, opaque)
    if sum(solid.histogram()[1:]) < _LEAST_SOLID:
        solid = opaque
    few = shown.convert("RGB").quantize(24, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).tobytes()
    data, kept = shown.convert("RGB").tobytes(), solid.tobytes()
    exact: dict[int, Counter[bytes]] = {}
    every = max(len(kept) // _MOST_COUNTED, 1)
    for at in range(0, len(kept), every):
        if kept[at]:
            exact.setdefault(few[at], Counter())[data[3 * at : 3 * at + 3]] += 1
    shades: Counter[str] = Counter()
    for colours in exact.values():
        shades["#" + max(colours, key=lambda c: (colours[c], c)).hex()] += colours.total()
    # What is nearly white is paper.
    return {colour: count for colour, count in shades.items() if _contrast(colour, "#ffffff") >= _VISIBLE}


def _darken(lightness: float, chroma: float, hue: float, passes: Callable[[str], bool]) -> str:
    """Return the lightest shade, at most ``lightness`` (0 to 1), that passes; black always does."""
    low, high = 0.0, lightness
    best = _make(high, chroma, hue)
    if passes(best):
        return best
    best = "#000000"
    for _ in range(10):
        middle = (low + high) / 2
        shade = _make(middle, chroma, hue)
        if passes(shade):
            low, best = middle, shade
        else:
            high = middle
    return best


@cache
def _make(lightness: float, chroma: float, hue: float) -> str:
    """Return a colour of OKLCH as ``#rrggbb``; its chroma is reduced until sRGB has it."""
    return _hex(Color("oklch", [lightness, chroma, hue]))


def _hex(colour: Color) -> str:
    fitted = colour.convert("srgb").fit("srgb", method="oklch-chroma")
    return "#" + "".join(f"{round(min(max(part, 0.0), 1.0) * 255):02x}" for part in fitted.coords(nans=False))


@cache
def _oklch(colour: str) -> tuple[float, float, float]:
    lightness, chroma, hue = Color(colour).convert("oklch").coords(nans=False)
    return lightness, chroma, hue


def contrast(colour: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2), both ``#rrggbb``: from 1 to 21."""
    return _contrast(colour, other)


@cache
def _contrast(colour: str, other: str) -> float:
    return float(Color(colour).contrast(other, method="wcag21"))


def _grey_contrast(colour: str, other: str) -> float:
    """Return the contrast after a printer turned both into grey, by luma (ISO 32000-1, 10.3.2)."""
    return _contrast(_grey(colour), _grey(other))


def _grey(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + f"{round(0.3 * red + 0.59 * green + 0.11 * blue):02x}" * 3


def _apart(hue: float, other: float) -> float:
    """Return the angle between two hues in degrees, 0 to 180."""
    return abs((hue - other + 180) % 360 - 180)


def _difference(colour: str, other: str) -> float:
    """Return the distance of two colours in OKLab (CSS Color 4, 12.2)."""
    (l1, c1, h1), (l2, c2, h2) = _oklch(colour), _oklch(other)
    angle = math.radians(_apart(h1, h2))
    return math.sqrt((l1 - l2) ** 2 + c1**2 + c2**2 - 2 * c1 * c2 * math.cos(angle))
