"""The finger-width bar: two fingers are 1.5 cun, four fingers are 3 cun, drawn to a chart's scale.

Four fingers at the middle finger's middle joint are 3 cun (WHO 2008); two fingers as 1.5 cun are common
teaching. Shapes and breadths of the single fingers are ours.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add

from handout_builder.figures import curves
from handout_builder.units import XY

# Breadth, length from the middle joint to the tip, and how much lower the joint lies: in % of C7–PSIS.
TWO = ((3.36, 9.2, 0.9), (3.42, 10.2, 0.0))
FOUR = ((3.15, 7.6, 2.6), (3.42, 9.4, 0.8), (3.55, 10.2, 0.0), (3.44, 9.2, 0.9))
# Half outlines as shares of half the breadth and of the length.
_OUTLINE = (
    (0.95, -0.22), (0.90, -0.45), (0.91, -0.55), (0.86, -0.72), (0.74, -0.88), (0.42, -0.975), (0, -1),
)  # fmt: skip
_NAIL = ((0, -0.93), (0.42, -0.905), (0.56, -0.82), (0.55, -0.70), (0.34, -0.625), (0, -0.61))
_BELOW = 3.4
_NARROWEST = 1.6


def fingers(kind: Sequence[tuple[float, float, float]], left: float, joint: float, colours: Mapping[str, str]) -> str:
    """Return fingers side by side from ``left``, their middle joint at the height ``joint`` (both in %)."""
    parts = []
    for breadth, length, lower in kind:
        centre, y, half = left + breadth / 2, joint + lower, breadth / 2
        # Cut off at one height by the bar below.
        end = _BELOW - lower
        side = [(0.97 * half, end), *([(0.96 * half, _NARROWEST)] if end > _NARROWEST else []), (half, 0.0)]
        side += [(x * half, share * length) for x, share in _OUTLINE]
        outline = _both_sides(side, centre, y)
        nail = _both_sides([(x * half, share * length) for x, share in _NAIL], centre, y)
        creases = "".join(_crease(centre, y + at, share * half) for at, share in ((-0.2, 0.55), (-0.46 * length, 0.5)))
        parts.append(
            f'<path d="{curves.spline(outline)}" fill="{colours["finger"]}" stroke="{colours["skin-line"]}"'
            f' stroke-width=".28"/><path d="{curves.spline(nail, closed=True)}" fill="{colours["bone"]}"'
            f' stroke="{colours["bone-line"]}" stroke-width=".16"/>'
            f'<path d="{creases}" fill="none" stroke="{colours["skin-fold"]}" stroke-width=".18"/>'
        )
        left += breadth
    return "".join(parts)


def _crease(x: float, y: float, half: float) -> str:
    return f"M{curves.number(x - half)},{curves.number(y)}q{curves.number(half)},.5 {curves.number(2 * half)},0"


def breadth(kind: Sequence[tuple[float, float, float]]) -> float:
    """Return the breadth of fingers side by side, in %."""
    # Not sum(): from Python 3.12 on it rounds otherwise, and so would the drawing in the finished file.
    return reduce(add, (width for width, _, _ in kind))


def _both_sides(half: Sequence[XY], centre: float, y: float) -> list[XY]:
    """Return the whole outline from its right half, which runs from the bottom to the tip or from tip to root."""
    right = [(centre + x, y + dy) for x, dy in half]
    left = [(centre - x, y + dy) for x, dy in reversed(half) if x]
    return right + left
