"""A clinic's colours made legible: its own shades as areas, and shades of the same hue for text and rules.

Contrast is that of WCAG 2.2: small text 7:1, large bold headings 4.5:1 (both 1.4.6), graphics 3:1 (1.4.11). A colour
that has what its use needs is printed exactly; another one is darkened as little as possible, and gives way to the ink
of the text where that would make another colour of it.
Lightness, chroma and hue are those of OKLCH (CSS Color 4), in which a colour can be darkened and stays the same hue.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Literal

from PIL import Image, ImageChops, ImageFilter

from handout_builder.colour import srgb
from handout_builder.colour.srgb import contrast, oklch
from handout_builder.tokens import tokens

if TYPE_CHECKING:
    from coloraide import Color

# Small text, large bold text (from 14 pt on, 1.4.6), and what is drawn.
_TEXT, _LARGE, _GRAPHIC = 7.0, 4.5, 3.0
# A tint as light as the neutral one; with more chroma it looks like the blue of a web form.
_WASH_LIGHTNESS, _WASH_CHROMA = 0.962, 0.014
# Reds and oranges, as far as text in them could be taken for the box that sends patients to a doctor; and the narrower
# range in which marks and rules could.
_GUARDED_HUES, _GUARDED_CHROMA = 40.0, 0.04
_RED_HUES, _RED_CHROMA = 20.0, 0.1
# By how much a colour may be darkened and still be called by its name. Yellow becomes olive, and orange and pink brown,
# sooner than blue becomes anything else: within this lightness they are brown already, but for a hair's breadth.
_SAME_NAME, _SAME_WARM_NAME, _HAIR, _WARM = 0.2, 0.09, 0.03, (20.0, 125.0)
_BROWN_LIGHTNESS = 0.6
# Rules of the book have at most this share of the chroma of the doctor's rule, and reds hardly any.
_BOOK_SHARE = 0.9
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
    if plain := srgb.plain(text):
        return plain
    colour = _read(text)
    return _hex(colour) if colour and colour.alpha(nans=False) == 1 else None


def on_white(text: str) -> str | None:
    """Return as ``#rrggbb`` what a CSS colour that is seen through looks like on white; None for any other text.

    One that is not seen at all (``transparent``) is no colour.
    """
    colour = None if srgb.plain(text) else _read(text)
    share = colour.alpha(nans=False) if colour else 0.0
    if colour is None or not 0 < share < 1:
        return None
    parts = bytes.fromhex(_hex(colour)[1:])
    return "#" + "".join(f"{round(255 - share * (255 - part)):02x}" for part in parts)


def _read(text: str) -> "Color | None":
    from coloraide import Color  # noqa: PLC0415  # 0.07 s, for other notations alone

    try:
        colour = Color(text)
    except (ValueError, ArithmeticError):  # of numbers without end, too
        return None
    return colour if all(abs(part) <= _MOST for part in colour.coords(nans=False)) else None


def derive(primary: str, secondary: str | None = None) -> Palette:
    """Return the tokens for a main colour and a second one, both ``#rrggbb``."""
    base = tokens()
    paper, ink = base["paper"], base["ink"]
    wash = _wash(secondary or primary)
    label, head = _text(primary, _TEXT, (paper, wash)), _text(primary, _LARGE, (paper,))
    own = {
        "accent": label or ink,
        "accent-head": head or ink,
        "accent-rule": _rule(primary),
        "accent-wash": wash,
        "band": primary,
        # Black or white is always at least 4.5:1; the ink of the text is softer than black.
        "on-band": next(c for c in (paper, ink, "#000000") if contrast(c, primary) >= _LARGE),
        "dot": _mark(primary, head) or ink,
        "dot-code": label or ink,
        "dot-mid": _second(primary, secondary) or base["ink2"],
        "rule-book": _on_any_screen(primary),
    }
    return Palette(own, _letterhead(primary), _remarks(primary, secondary, own), _checks(own))


def heading(colour: str) -> tuple[str, str]:
    """Return the colour (``#rrggbb``) of large headings for the one that a brand wants, and what was changed."""
    found = _text(colour, _LARGE, (tokens()["paper"],)) or tokens()["ink"]
    if found == colour:
        return found, ""
    return found, f"headings are {found}, not {colour}, which is {_reason(colour, found)}"


def _wash(colour: str) -> str:
    _, chroma, hue = oklch(colour)
    return srgb.shade(_WASH_LIGHTNESS, min(chroma, _WASH_CHROMA), hue)


def _text(colour: str, least: float, grounds: tuple[str, ...]) -> str | None:
    """Return a colour for text: the brand's own where it has the contrast on all grounds, else moved least.

    None where a shade that is dark enough would have another name, or the red of warnings.
    """

    def legible(shade: str) -> bool:
        return all(contrast(shade, g) >= least and _grey_contrast(shade, g) >= _LARGE for g in grounds)

    _, chroma, hue = oklch(colour)
    if _apart(hue, oklch(tokens()["warn"])[2]) <= _GUARDED_HUES and chroma > _GUARDED_CHROMA:
        return None
    return _moved(colour, legible)


def _mark(primary: str, head: str | None) -> str | None:
    """Return the colour of points: that of headings, else a lighter one that is seen on paper and skin."""
    grounds = (tokens()["paper"], tokens()["skin-light"])
    return head or _moved(primary, lambda shade: all(contrast(shade, ground) >= _GRAPHIC for ground in grounds))


def _rule(primary: str) -> str:
    """Return the colour of rules in print: they part what headings and space part, too, so a pale colour may stay."""
    paper, ink = tokens()["paper"], tokens()["ink"]
    if _warns(primary):
        return ink
    if found := _moved(primary, lambda shade: contrast(shade, paper) >= _GRAPHIC):
        return found
    return primary if contrast(primary, paper) >= _VISIBLE else ink


def _second(primary: str, secondary: str | None) -> str | None:
    """Return the colour of points on the midline, where the second colour is clearly another one."""
    if secondary is None:
        return None
    (_, _, first), (_, chroma, hue) = oklch(primary), oklch(secondary)
    if chroma <= _OTHER_CHROMA or _apart(first, hue) < _OTHER_HUE:
        return None
    return _text(secondary, _TEXT, (tokens()["paper"],))


def _moved(colour: str, passes: Callable[[str], bool]) -> str | None:
    """Return the colour where it passes, else the nearest darker shade; None where that has another name, or warns."""
    lightness, chroma, hue = oklch(colour)
    shade = colour if passes(colour) else _darken(lightness, chroma, hue, passes)
    darker = oklch(shade)[0]
    most = _SAME_NAME
    if chroma > _GUARDED_CHROMA and _WARM[0] <= hue <= _WARM[1]:
        most = _SAME_WARM_NAME if darker >= _BROWN_LIGHTNESS else _HAIR
    return shade if lightness - darker <= most and not _warns(shade) else None


def _warns(colour: str) -> bool:
    """Tell whether a colour looks like the red of warnings."""
    warn = tokens()["warn"]
    _, chroma, hue = oklch(colour)
    red = _apart(hue, oklch(warn)[2]) <= _RED_HUES and chroma > _RED_CHROMA
    return red or _difference(colour, warn) < _LEAST_DIFFERENCE


def _on_any_screen(primary: str) -> str:
    """Return the shade that is seen as a line on every ground of a reading system, where the reader chooses it.

    It is paler than the rule of the doctor's box, and no red: nothing outshines that.
    """
    _, most, warning = oklch(tokens()["warn-book"])
    _, chroma, hue = oklch(primary)
    most = _GUARDED_CHROMA if _apart(hue, warning) <= _GUARDED_HUES else most * _BOOK_SHARE
    if chroma <= most and all(contrast(primary, ground) >= _GRAPHIC for ground in _SCREENS):
        return primary
    # The lightest shade that is seen on sepia is seen on black, too.
    return _darken(1.0, min(chroma, most), hue, lambda c: contrast(c, "#f4ecd8") >= _GRAPHIC * 1.12)


def _letterhead(primary: str) -> Literal["line", "band", "wash"]:
    """Return white letters on a dark colour; on a light or middling one, a tint with a strip of it below."""
    paper = tokens()["paper"]
    if contrast(paper, primary) >= _LARGE:
        return "band"
    return "wash" if contrast(paper, primary) >= _VISIBLE else "line"


def _remarks(primary: str, secondary: str | None, own: Mapping[str, str]) -> tuple[str, ...]:
    paper, remarks = tokens()["paper"], []
    accent, head = own["accent"], own["accent-head"]
    if accent != primary:
        ratio = f"{contrast(accent, paper):.1f}:1 on paper"
        if head == primary:
            remarks.append(f"primary {primary} is used as it is, but in small labels, which take {accent} ({ratio})")
        elif head == accent:
            reason = _reason(primary, head)
            remarks.append(
                f"primary {primary} is used for areas and rules; text is {accent} ({ratio}), as it is {reason}"
            )
        else:
            large = f"{contrast(head, paper):.1f}:1"
            remarks.append(
                f"primary {primary} is used for areas, as it is too light for text; headings take {head} ({large}),"
                f" labels {accent} ({ratio})"
            )
    if secondary and own["dot-mid"] not in (secondary, tokens()["ink2"]):
        ratio = f"{contrast(own['dot-mid'], paper):.1f}:1 on paper"
        remarks.append(f"secondary {secondary}: points on the midline take {own['dot-mid']} ({ratio})")
    return tuple(remarks)


def _reason(colour: str, found: str) -> str:
    """Return why a colour was not printed as it was given."""
    if found != tokens()["ink"]:
        return "too light for text"
    _, chroma, hue = oklch(colour)
    red = _apart(hue, oklch(tokens()["warn"])[2]) <= _GUARDED_HUES and chroma > _GUARDED_CHROMA
    if red or _warns(colour):
        return "too close to the red of warnings"
    return "too light for text, and darker it would be another colour"


def _checks(own: Mapping[str, str]) -> tuple[Check, ...]:
    base = {**tokens(), **own}
    white, sepia, dark, black = _SCREENS
    pairs = [
        ("large headings and codes", "paper", base["accent-head"], base["paper"], _LARGE, _LARGE),
        ("small labels", "paper", base["accent"], base["paper"], _TEXT, _LARGE),
        ("small labels", "the tint", base["accent"], base["accent-wash"], _TEXT, _LARGE),
        ("text", "the tint", base["ink"], base["accent-wash"], _TEXT, _LARGE),
        ("small text", "the tint", base["ink2"], base["accent-wash"], _TEXT, _LARGE),
        ("name and phone", "the band", base["on-band"], base["band"], _TEXT, _LARGE),
        ("points in pairs", "paper", base["dot"], base["paper"], _LARGE, _GRAPHIC),
        ("points in pairs", "light skin", base["dot"], base["skin-light"], _LARGE, _GRAPHIC),
        ("points on the midline", "paper", base["dot-mid"], base["paper"], _TEXT, _LARGE),
        ("rules of the book", "a white screen", base["rule-book"], white, _GRAPHIC, _GRAPHIC),
        ("rules of the book", "a sepia screen", base["rule-book"], sepia, _GRAPHIC, _GRAPHIC),
        ("rules of the book", "a dark screen", base["rule-book"], dark, _GRAPHIC, _GRAPHIC),
        ("rules of the book", "a black screen", base["rule-book"], black, _GRAPHIC, _GRAPHIC),
    ]
    checks = [Check(*pair[:4], contrast(*pair[2:4]), *pair[4:]) for pair in pairs]
    for role, colour in (("large headings", base["accent-head"]), ("small labels", base["accent"])):
        ratio = _grey_contrast(colour, base["paper"])
        checks.append(Check(role, "paper, printed grey", colour, base["paper"], ratio, _TEXT, _LARGE))
    return tuple(checks)


def propose(picture: Image.Image) -> tuple[str, str | None] | None:
    """Return the main colour of a logo (RGBA), and a second one where it has a clearly different hue.

    Both are colours of the logo itself, as it has them inside its shapes. Return None where there is nothing but white.
    """
    shades = _shades(picture)
    if not shades:
        return None
    # A strong colour counts for more than a pale one that covers more.
    weights = {colour: count * (0.005 + oklch(colour)[1]) ** 1.5 for colour, count in shades.items()}
    primary = max(weights, key=lambda colour: (weights[colour], colour))
    hue = oklch(primary)[2]
    others = {
        colour: weight
        for colour, weight in weights.items()
        if oklch(colour)[1] > _OTHER_CHROMA
        and _apart(oklch(colour)[2], hue) >= _OTHER_HUE
        and shades[colour] >= sum(shades.values()) / 50
    }
    neutral = oklch(primary)[1] <= _GUARDED_CHROMA
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
    return {colour: count for colour, count in shades.items() if contrast(colour, "#ffffff") >= _VISIBLE}


def _darken(lightness: float, chroma: float, hue: float, passes: Callable[[str], bool]) -> str:
    """Return the lightest shade, at most ``lightness`` (0 to 1), that passes; black always does."""
    low, high, best = 0.0, lightness, "#000000"
    for _ in range(10):
        middle = (low + high) / 2
        shade = srgb.shade(middle, chroma, hue)
        if passes(shade):
            low, best = middle, shade
        else:
            high = middle
    return best


def _hex(colour: "Color") -> str:
    """Return a colour as ``#rrggbb``; its chroma is reduced until sRGB has it."""
    fitted = colour.convert("srgb").fit("srgb", method="oklch-chroma")
    return "#" + "".join(f"{round(min(max(part, 0.0), 1.0) * 255):02x}" for part in fitted.coords(nans=False))


def _grey_contrast(colour: str, other: str) -> float:
    """Return the contrast after a printer turned both into grey, by luma (ISO 32000-1, 10.3.2)."""
    return contrast(_grey(colour), _grey(other))


def _grey(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + f"{round(0.3 * red + 0.59 * green + 0.11 * blue):02x}" * 3


def _apart(hue: float, other: float) -> float:
    """Return the angle between two hues in degrees, 0 to 180."""
    return abs((hue - other + 180) % 360 - 180)


def _difference(colour: str, other: str) -> float:
    """Return the distance of two colours in OKLab (CSS Color 4, 12.2)."""
    (l1, c1, h1), (l2, c2, h2) = oklch(colour), oklch(other)
    angle = math.radians(_apart(h1, h2))
    return math.sqrt((l1 - l2) ** 2 + c1**2 + c2**2 - 2 * c1 * c2 * math.cos(angle))
