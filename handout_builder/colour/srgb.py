"""Colours of sRGB, ``#rrggbb``: in OKLCH and back, and how they contrast.

Formulas and matrices are those of CSS Color 4 (its sample code; gamut mapping by binary search with local MINDE), and
contrast is that of WCAG 2.2. coloraide has them, too, beside much else that takes longer to load than all the rest of a
brand: it reads colours in other notations (palette.py), and the tests compare (decision 95).
"""

import math
import re
from functools import cache
from typing import NamedTuple

_PLAIN = re.compile("#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_Three = tuple[float, float, float]
_Matrix = tuple[_Three, _Three, _Three]

_RGB_TO_XYZ: _Matrix = (
    (0.4123907992659593, 0.357584339383878, 0.1804807884018343),
    (0.21263900587151024, 0.715168678767756, 0.07219231536073371),
    (0.01933081871559182, 0.11919477979462598, 0.9505321522496607),
)
_XYZ_TO_RGB: _Matrix = (
    (3.240969941904523, -1.5373831775700941, -0.4986107602930035),
    (-0.9692436362808797, 1.8759675015077204, 0.04155505740717562),
    (0.05563007969699365, -0.20397695888897652, 1.0569715142428784),
)
_XYZ_TO_LMS: _Matrix = (
    (0.819022437996703, 0.3619062600528904, -0.1288737815209879),
    (0.03298365393238847, 0.9292868615863434, 0.03614466635064236),
    (0.04817718935962421, 0.2642395317527308, 0.6335478284694309),
)
_LMS_TO_XYZ: _Matrix = (
    (1.226879875845924, -0.5578149944602171, 0.2813910456659647),
    (-0.04057574521480083, 1.112286803280317, -0.07171105806551635),
    (-0.07637293667466008, -0.42149333240224324, 1.5869240198367818),
)
_LMS_TO_OKLAB: _Matrix = (
    (0.21045426830931396, 0.7936177747023053, -0.0040720430116192585),
    (1.9779985324311686, -2.42859224204858, 0.450593709617411),
    (0.025904042465547734, 0.7827717124575297, -0.8086757549230774),
)
_OKLAB_TO_LMS: _Matrix = (
    (1.0, 0.3963377773761749, 0.21580375730991364),
    (1.0, -0.10556134581565857, -0.0638541728258133),
    (1.0, -0.08948417752981186, -1.2914855480194092),
)
# sRGB is linear in the dark: up to this part of it, and up to this light.
_DARK_PART, _DARK_LIGHT = 0.04045, 0.0031308
# Less chroma than this is none: its hue would be what rounding makes of it.
_NEUTRAL = 1e-6
# Two colours that differ by so much are told apart (CSS Color 4); how near to that, and to each other, is enough.
_JND, _NEAR, _CONVERGED = 0.02, 1e-4, 1e-4
# As light as white, but for rounding.
_WHITE = 1 - 1e-6


class Oklch(NamedTuple):
    """A colour in OKLCH."""

    lightness: float
    """From 0 to 1."""
    chroma: float
    """From 0 (grey) to about 0.32, the most that sRGB has."""
    hue: float
    """In degrees, 0 to 360; 0 for greys."""


def plain(text: str) -> str | None:
    """Return a colour that is written in hexadecimal as ``#rrggbb``; None for any other text."""
    if not _PLAIN.fullmatch(text):
        return None
    return (text if len(text) > 4 else "#" + "".join(2 * digit for digit in text[1:])).lower()  # noqa: PLR2004  # "#rgb"


@cache
def oklch(colour: str) -> Oklch:
    """Return a colour, ``#rrggbb``, in OKLCH."""
    lightness, a, b = _oklab(_times(_RGB_TO_XYZ, _linear(_parts(colour))))
    chroma = math.hypot(a, b)
    return Oklch(lightness, chroma, math.degrees(math.atan2(b, a)) % 360 if chroma >= _NEUTRAL else 0.0)


@cache
def shade(lightness: float, chroma: float, hue: float) -> str:
    """Return a colour of OKLCH as ``#rrggbb``: with less chroma where sRGB has no such colour."""
    if lightness >= _WHITE:
        return "#ffffff"
    if lightness <= 0:
        return "#000000"
    wanted = _rectangular(lightness, chroma, hue)
    low, high, low_fits = 0.0, chroma, True
    found = _clipped(shown := _rgb(wanted))
    if found == shown or math.dist(wanted, _lab_of(found)) <= _JND:
        return _hex(found)
    while high - low > _CONVERGED:
        middle = (low + high) / 2
        wanted = _rectangular(lightness, middle, hue)
        shown = _rgb(wanted)
        clipped = _clipped(shown)
        if low_fits and clipped == shown:
            low = middle
            continue
        found = clipped
        difference = math.dist(wanted, _lab_of(found))
        if difference >= _JND:
            high = middle
        elif _JND - difference < _NEAR:
            break
        else:
            low, low_fits = middle, False
    return _hex(found)


@cache
def contrast(colour: str, other: str) -> float:
    """Return the contrast of two colours, both ``#rrggbb``: from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    return _times(_RGB_TO_XYZ, _linear(_parts(colour)))[1]


def _parts(colour: str) -> _Three:
    red, green, blue = bytes.fromhex(colour[1:])
    return red / 255, green / 255, blue / 255


def _hex(rgb: _Three) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _clipped(rgb: _Three) -> _Three:
    red, green, blue = (min(max(part, 0.0), 1.0) for part in rgb)
    return red, green, blue


def _rectangular(lightness: float, chroma: float, hue: float) -> _Three:
    return lightness, chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))


def _rgb(oklab: _Three) -> _Three:
    """Return a colour of OKLab in sRGB, below 0 or above 1 where sRGB has none."""
    long, middle, short = _times(_OKLAB_TO_LMS, oklab)
    red, green, blue = _times(_XYZ_TO_RGB, _times(_LMS_TO_XYZ, (long**3, middle**3, short**3)))
    return _gamma(red), _gamma(green), _gamma(blue)


def _lab_of(rgb: _Three) -> _Three:
    return _oklab(_times(_RGB_TO_XYZ, _linear(rgb)))


def _oklab(xyz: _Three) -> _Three:
    long, middle, short = _times(_XYZ_TO_LMS, xyz)
    return _times(_LMS_TO_OKLAB, (math.cbrt(long), math.cbrt(middle), math.cbrt(short)))


def _linear(rgb: _Three) -> _Three:
    red, green, blue = (part / 12.92 if part <= _DARK_PART else ((part + 0.055) / 1.055) ** 2.4 for part in rgb)
    return red, green, blue


def _gamma(light: float) -> float:
    return 1.055 * light ** (1 / 2.4) - 0.055 if light > _DARK_LIGHT else 12.92 * light


def _times(matrix: _Matrix, vector: _Three) -> _Three:
    x, y, z = vector
    first, second, third = (row[0] * x + row[1] * y + row[2] * z for row in matrix)
    return first, second, third
