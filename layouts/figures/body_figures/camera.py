"""Orthographic cameras: what of a body is seen, and how deep it lies.

Units: mm; in a picture x to the right, y DOWN, depth towards the eye.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit
from scipy import ndimage as ndi

from body_figures.mesh import Body

# Room round the box of a view, so that outlines close outside it.
_PAD = 6.0


def axes(view: tuple[float, float, float], up: tuple[float, float, float]) -> np.ndarray:
    """Return a camera's rows: right, down, towards the eye. ``view`` points from the body to the eye."""
    w = np.array(view, float)
    w /= np.linalg.norm(w)
    u = np.array(up, float)
    u -= w * (u @ w)
    u /= np.linalg.norm(u)
    return np.stack([np.cross(u, w), -u, w])


@njit(cache=False)
def _zbuffer(points, triangles, left, top, pixel, depth, face):  # compiled
    h, w = depth.shape
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t]
        x0, y0 = (points[a, 0] - left) / pixel - 0.5, (points[a, 1] - top) / pixel - 0.5
        x1, y1 = (points[b, 0] - left) / pixel - 0.5, (points[b, 1] - top) / pixel - 0.5
        x2, y2 = (points[c, 0] - left) / pixel - 0.5, (points[c, 1] - top) / pixel - 0.5
        den = (y1 - y2) * (x0 - x2) + (x2 - x1) * (y0 - y2)
        if abs(den) < 1e-12:
            continue
        for y in range(int(max(0, np.ceil(min(y0, y1, y2)))), int(min(h - 1, np.floor(max(y0, y1, y2)))) + 1):
            for x in range(int(max(0, np.ceil(min(x0, x1, x2)))), int(min(w - 1, np.floor(max(x0, x1, x2)))) + 1):
                l0 = ((y1 - y2) * (x - x2) + (x2 - x1) * (y - y2)) / den
                l1 = ((y2 - y0) * (x - x2) + (x0 - x2) * (y - y2)) / den
                l2 = 1 - l0 - l1
                if l0 < -1e-9 or l1 < -1e-9 or l2 < -1e-9:
                    continue
                z = l0 * points[a, 2] + l1 * points[b, 2] + l2 * points[c, 2]
                if z > depth[y, x]:
                    depth[y, x] = z
                    face[y, x] = t


@dataclass
class Picture:
    """A body as a camera sees it: depth and triangle of each pixel."""

    body: Body
    axes: np.ndarray
    origin: np.ndarray
    box: tuple[float, float, float, float]
    pixel: float
    part: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.points = (self.body.points - self.origin) @ self.axes.T
        self.normals = self.body.normals @ self.axes.T
        self.triangles = self.body.triangles
        if self.part:
            self.triangles = self.triangles[self.body.part(self.part)[self.triangles].all(1)]
        left, top, width, height = self.box
        self.left, self.top = left - _PAD, top - _PAD
        size = int(np.ceil((height + 2 * _PAD) / self.pixel)), int(np.ceil((width + 2 * _PAD) / self.pixel))
        self.depth, self.face = np.full(size, -np.inf), np.full(size, -1, np.int64)
        _zbuffer(
            np.ascontiguousarray(self.points), np.ascontiguousarray(self.triangles), self.left, self.top, self.pixel,
            self.depth, self.face,
        )  # fmt: skip
        self.mask = self.face >= 0

    def project(self, points: np.ndarray) -> np.ndarray:
        """Return x, y, depth of points of the body."""
        return (np.atleast_2d(points) - self.origin) @ self.axes.T

    def xy(self, rows_columns: np.ndarray) -> np.ndarray:
        """Return the places of pixel centres."""
        rc = np.asarray(rows_columns, float)
        return np.stack([self.left + (rc[:, 1] + 0.5) * self.pixel, self.top + (rc[:, 0] + 0.5) * self.pixel], 1)

    def rows_columns(self, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the pixels in which places lie, the nearest ones for places outside."""
        rows = np.round((xy[:, 1] - self.top) / self.pixel - 0.5).astype(int)
        columns = np.round((xy[:, 0] - self.left) / self.pixel - 0.5).astype(int)
        return np.clip(rows, 0, self.mask.shape[0] - 1), np.clip(columns, 0, self.mask.shape[1] - 1)

    def at(self, image: np.ndarray, xy: np.ndarray) -> np.ndarray:
        """Return an image's values at places."""
        return image[self.rows_columns(xy)]

    @cached_property
    def nearest(self) -> np.ndarray:
        """Return the nearest pixel with body in it, for each pixel."""
        return ndi.distance_transform_edt(~self.mask, return_distances=False, return_indices=True)

    @cached_property
    def rim(self) -> np.ndarray:
        """Return each pixel's distance from the edge of the body, in mm."""
        return ndi.distance_transform_edt(self.mask) * self.pixel

    def anchor(self, xy: tuple[float, float]) -> tuple[list[int], list[float]]:
        """Return the place of the skin seen at xy: corners of a triangle and their weights. Off the body: the rim's."""
        place = np.array([xy], float)
        row, column = (int(value[0]) for value in self.rows_columns(place))
        if not self.mask[row, column]:
            row, column = (int(axis[row, column]) for axis in self.nearest)
            place = self.xy(np.array([[row, column]]))
        corners = self.triangles[self.face[row, column]]
        system = np.vstack([self.points[corners, 0], self.points[corners, 1], np.ones(3)])
        try:
            weights = np.linalg.solve(system, [place[0, 0], place[0, 1], 1])
        except np.linalg.LinAlgError:
            weights = np.full(3, 1 / 3)
        weights = np.clip(weights, -0.5, 1.5)
        return corners.tolist(), (weights / weights.sum()).tolist()

    def seen(self, points: np.ndarray, slack: float = 3.0) -> np.ndarray:
        """Tell which points of the skin no other part hides; ``slack`` mm may lie before them."""
        places = self.project(points)
        front = self.at(self.depth, places[:, :2])
        return np.isfinite(front) & (places[:, 2] > front - slack)


def on_skin(body: Body, anchor: tuple[list[int], list[float]]) -> np.ndarray:
    """Return an anchor's place on a body."""
    corners, weights = anchor
    return np.array(weights) @ body.points[corners]
