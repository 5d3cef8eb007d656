"""What a person picked on pictures of the reference body: landmarks and lines, held to the skin.

A pick is lifted to a triangle of the mesh and its weights, so that it follows the body when its shape, its pose or the
camera changes. Units: mm in the picture of the view in which it was picked (x to the right, y down).
"""

import csv
import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from body_figures.camera import Picture, axes, on_skin
from body_figures.fitting import curve
from body_figures.mesh import Body, Pose, Source, body
from body_figures.views import VIEWS

LINES = Path(__file__).resolve().parent.parent / "lines"
Anchor = tuple[list[int], list[float]]
# Bodies whose arms stand farther out than those of the reference body.
_WIDER = {"man": 1.1}


class Workshop:
    """Bodies and pictures, each made once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._bodies: dict[tuple[str, Pose], Body] = {}
        self._pictures: dict[tuple[str, str], Picture] = {}

    def body(self, shape: str, pose: Pose) -> Body:
        """Return a body in a pose."""
        if (shape, pose) not in self._bodies:
            self._bodies[shape, pose] = body(self.source, shape, pose)
        return self._bodies[shape, pose]

    def picture(self, view: str, shape: str) -> Picture:
        """Return a view of a body; its box grows with the body."""
        if (view, shape) not in self._pictures:
            spec = VIEWS[view]
            made = self.body(shape, spec.pose)
            origin = made.joints[spec.origin] if spec.origin else np.zeros(3)
            box = self.box(view, shape)
            self._pictures[view, shape] = Picture(made, axes(spec.eye, spec.up), origin, box, spec.pixel, spec.part)
        return self._pictures[view, shape]

    def box(self, view: str, shape: str) -> tuple[float, float, float, float]:
        """Return a view's box on a body."""
        left, top, width, height = VIEWS[view].box
        upper, lower = (self.height(view, shape, y) for y in (top, top + height))
        return left * _WIDER.get(shape, 1), upper, width * _WIDER.get(shape, 1), lower - upper

    def height(self, view: str, shape: str, y: float) -> float:
        """Return a height of the reference body's picture on another body: with the floor fixed, as tall as it is.

        Views with an origin of their own move with it and keep their heights.
        """
        spec = VIEWS[view]
        if spec.origin or shape == "reference" or abs(spec.up[1]) < 0.5:
            return y
        return float(np.interp(-y, *self._scale(shape)) * -1)

    def _scale(self, shape: str) -> tuple[np.ndarray, np.ndarray]:
        """Return heights of joints on the reference body and on another one."""
        names = ("foot.R", "lowerleg01.R", "upperleg01.R", "spine03", "upperarm01.R", "neck01", "head")
        first, second = (self.body(name, VIEWS["torso-front"].pose) for name in ("reference", shape))
        rows = sorted(
            (float(first.joints[name][1]), float(second.joints[name][1])) for name in names if name in first.joints
        )
        tops = float(first.points[:, 1].max()), float(second.points[:, 1].max())
        a = np.array([-100.0, 0.0, *(row[0] for row in rows), tops[0], tops[0] + 100])
        b = np.array([-100.0, 0.0, *(row[1] for row in rows), tops[1], tops[1] + 100])
        return a, b

    @cached_property
    def landmarks(self) -> dict[str, list[Anchor]]:
        """Return the landmarks; one of several places is a line."""
        found: dict[str, list[Anchor]] = {}
        with (LINES / "landmarks.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault(row["id"], []).append(self.anchor(row["view"], (float(row["x"]), float(row["y"]))))
        return found

    def anchor(self, view: str, xy: tuple[float, float]) -> Anchor:
        """Return the skin's place under a pick."""
        return self.picture(view, "reference").anchor(xy)

    def carried(self, view: str, points: list[list[float]], target: str, shape: str) -> np.ndarray:
        """Return picked places of one view in the picture of another, on another body, with their depths."""
        made = self.body(shape, VIEWS[target].pose)
        where = np.array([on_skin(made, self.anchor(view, (x, y))) for x, y in points])
        return self.picture(target, shape).project(where)

    def line(self, view: str, points: list[list[float]], shape: str) -> np.ndarray:
        """Return a picked line on another body: picks off the body are carried with the nearest skin."""
        first = self.picture(view, "reference")
        rim = np.array([first.project(on_skin(first.body, self.anchor(view, (x, y))))[0][:2] for x, y in points])
        off = np.array(points, float) - rim
        return self.carried(view, points, view, shape)[:, :2] + off


def lines_of(view: str) -> dict[str, Any]:
    """Return the hand-made lines of a view."""
    path = LINES / f"{view}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def drawn(points: np.ndarray) -> np.ndarray:
    """Return a picked line as the pen would draw it."""
    return curve(points, 10) if len(points) > 1 else points
