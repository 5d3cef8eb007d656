"""The vertebrae from behind: one closed outline each, computed from the heights of the spinous processes.

Schematic: body edge, transverse process and spinous process in proportions of the spacing; widths of the
transverse processes are general anatomical knowledge, not measured.
"""

from collections.abc import Mapping

from handout_builder.units import XY

# Half the width between the tips of the transverse processes and how far they point upwards, in %.
_LUMBAR = {"L1": (5.6, 0.1), "L2": (6.3, 0.1), "L3": (6.6, 0.1), "L4": (6.2, 0.35), "L5": (5.6, 0.55)}
_LOWEST_THORACIC = {"T11": 3.5, "T12": 2.9}
# How far the right half reaches over the midline, so that no seam shows between the halves.
_OVERLAP = -0.2


def vertebrae(spinous: Mapping[str, float]) -> dict[str, list[XY]]:
    """Return the control points of the right half of each vertebra from T1 to L5, in %, from L5 upwards."""
    levels = list(spinous)
    outlines = {}
    for level, above, below in zip(levels[1:], levels, levels[2:], strict=False):
        spacing = (spinous[below] - spinous[above]) / 2
        if level[0] == "T":
            outlines[level] = _thoracic(level, spinous[level], spacing)
        elif level[0] == "L":
            outlines[level] = _lumbar(level, spinous[level], spacing)
    return dict(reversed(outlines.items()))


def _thoracic(level: str, y: float, p: float) -> list[XY]:
    tx, up = _LOWEST_THORACIC.get(level, 5.0 - 0.13 * int(level[1:])), 0.55
    yt = y - 0.52 * p
    return [
        (_OVERLAP, yt - 0.62), (1, yt - 0.78), (2, yt - 0.62), (tx - 0.7, yt - 0.62 - up), (tx, yt - 0.25 - 0.8 * up),
        (tx - 0.35, yt + 0.42 - 0.5 * up), (2, yt + 0.66), (1.25, yt + 1), (1, y - 0.06 * p), (1.02, y + 0.1 * p),
        (0.62, y + 0.23 * p), (_OVERLAP, y + 0.27 * p),
    ]  # fmt: skip


def _lumbar(level: str, y: float, p: float) -> list[XY]:
    tx, up = _LUMBAR[level]
    yt = y - 0.4 * p
    return [
        (_OVERLAP, yt - 0.55), (1.3, yt - 0.8), (2.5, yt - 0.52), (tx - 1, yt - 0.48 - up), (tx, yt - 0.12 - up),
        (tx - 0.8, yt + 0.36 - 0.7 * up), (2.9, yt + 0.62), (1.95, yt + 1.05), (1.72, y + 0.1), (1.75, y + 0.19 * p),
        (1.2, y + 0.3 * p), (_OVERLAP, y + 0.33 * p),
    ]  # fmt: skip
