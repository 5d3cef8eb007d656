"""Where points lie: the formula in the home view, lifted to the skin, seen in all other views.

The formulas are those of the catalogue (source/points/places.csv), worked out by content.place_formula. Units: mm.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import ndimage as ndi

from body_figures.camera import on_skin
from body_figures.picks import Workshop
from body_figures.views import BENT, VIEWS
from handout_builder.content.catalogue import catalogue
from handout_builder.content.place_formula import Figure, axes
from handout_builder.content.schema import Place

# Proportional measures (WHO 2008, III.2): from, to, cun. "mirror": the same landmark of the left side.
MEASURES = {
    "forehead": ("glabella", "hairline-mid", 3),
    "forehead-width": ("forehead-corner", "mirror", 9),
    "mastoids": ("mastoid-tip", "mirror", 9),
    "chest": ("suprasternal-notch", "xiphisternal", 9),
    "upper-belly": ("xiphisternal", "navel", 8),
    "lower-belly": ("navel", "pubic-symphysis", 5),
    "nipples": ("nipple", "mirror", 8),
    "back-width": ("scapula-spine-medial", "mirror", 6),
    "upper-arm": ("axillary-fold-front", "biceps-tendon", 9),
    "forearm": ("biceps-tendon", "wrist-crease-mid", 12),
    "thigh-front": ("pubic-symphysis", "patella-base", 18),
    "thigh-side": ("trochanter", "knee-crease-outer", 19),
    "thigh-back": ("gluteal-fold", "knee-crease-mid", 14),
    "leg-outer": ("knee-crease-outer", "lateral-malleolus", 16),
    "leg-inner": ("patella-apex", "medial-malleolus", 15),
    "leg-inner-13": ("medial-condyle-hollow", "medial-malleolus", 13),
}
_HEIGHT_CUN, _ANKLE_CUN = 75, 3
# The way that points of the outer upper arm are told along (WHO 2008, LI13 and LI14: from LI11 to LI15): a bent elbow
# draws its lower end upwards.
_UPPER_ARM = ("acromion-hollow-front", "elbow-crease-radial")
# Along the midline of the scalp 5 cun from the front hairline are at the line between the ear tops, as patients find
# it (WHO 2008, GV20 note): the landmark ``ear-line``; the other 7 reach to the back hairline.
_FRONT_CUN, _BACK_CUN = 5, 7
# From which base a view counts on the scalp, and how many cun are typical there.
_SCALP = {
    "head-front": ("hairline-mid", 1.0),
    "head-top": ("hairline-mid", 5.0),
    "head-back": ("posterior-hairline", 4.0),
}
# How square to the eye the skin must be for a point to be shown: the cosine of the angle.
_FACING = 0.2


def needed_landmarks(view: str) -> set[str]:
    """Return the landmarks that the points at home in a view are told by, also through other points."""
    places = _places()
    found: set[str] = set()

    def gather(place: Place) -> None:
        for name in (*place.p, *place.q, place.level_name, *place.row, *place.landmarks):
            if name in places:
                gather(places[name])
            elif name:
                found.add(name)

    for place in places.values():
        if place.home == view:
            gather(place)
    return found


def segments(shop: Workshop, view: str, shape: str) -> dict[str, float]:
    """Return the millimetres of a cun by segment, on this body; on the scalp as this view shows them."""
    pose = VIEWS["torso-front"].pose
    body = shop.body(shape, pose)
    spots = {name: on_skin(body, anchors[len(anchors) // 2]) for name, anchors in shop.landmarks.items()}
    found = {"height": float(body.points[:, 1].max()) / _HEIGHT_CUN}
    for name, (start, end, cun) in MEASURES.items():
        a = spots[start]
        b = a * [-1, 1, 1] if end == "mirror" else spots[end]
        found[name] = float(np.linalg.norm(a - b)) / cun
    if view in ("head-front", "head-top", "head-back", "torso-front", "torso-back"):
        for name in ("forehead-width", "mastoids", "nipples", "back-width"):
            start, _, cun = MEASURES[name]
            found[name] = 2 * abs(float(spots[start][0])) / cun
    if VIEWS[view].pose == BENT:
        found["upper-arm"] *= _as_seen(shop, view, shape, *_UPPER_ARM)
    found["ankle"] = float(spots["medial-malleolus"][1]) / _ANKLE_CUN
    found["head-sagittal"] = _scalp_cun(shop, view, shape)
    return {name: round(value, 2) for name, value in found.items()}


def _as_seen(shop: Workshop, view: str, shape: str, start: str, end: str) -> float:
    """Return how long a way is in a picture, as a part of what it is on the straight limb."""
    picture, straight = shop.picture(view, shape), shop.body(shape, VIEWS["torso-front"].pose)
    anchors = [shop.landmarks[name][0] for name in (start, end)]
    seen = picture.project(np.array([on_skin(picture.body, anchor) for anchor in anchors]))[:, :2]
    real = [on_skin(straight, anchor) for anchor in anchors]
    return float(np.linalg.norm(seen[0] - seen[1]) / np.linalg.norm(real[0] - real[1]))


def across(shop: Workshop, view: str, shape: str) -> dict[str, list[list[float]]]:
    """Return how far from the midline a view of the chest shows so many cun: they are measured on the skin.

    To the nipples (4 cun) the chest is flat enough; beyond them it turns away from the eye.
    """
    if view not in ("torso-front", "body-front"):
        return {}
    picture = shop.picture("torso-front", shape)
    nipple = picture.project(on_skin(picture.body, shop.landmarks["nipple"][0]))[0]
    xs = np.arange(0.0, 150.0, 0.5)
    line = np.stack([xs, np.full(len(xs), nipple[1])], 1)
    depth = picture.at(picture.depth, line)
    known = np.isfinite(depth)
    xs, depth = xs[known], ndi.gaussian_filter1d(depth[known], 6)
    way = np.r_[0, np.cumsum(np.hypot(np.diff(xs), np.diff(depth)))]
    wide = abs(float(nipple[0]))
    four = float(np.interp(wide, xs, way))
    return {
        "nipples": [[0, 0], [4, round(wide, 1)]]
        + [[cun, round(float(np.interp(four * cun / 4, way, xs)), 1)] for cun in (5, 6)]
    }


def _scalp_cun(shop: Workshop, view: str, shape: str) -> float:
    """Return a cun of the scalp: on the skin, or as it is seen where a view counts from a hairline."""
    skull = _midline(shop, shape)
    way = np.r_[0, np.cumsum(np.linalg.norm(np.diff(skull, axis=0), axis=1))]
    _, height, depth = on_skin(shop.body(shape, VIEWS["head-side"].pose), shop.landmarks["ear-line"][-1])
    ear = float(way[int(np.argmin(np.hypot(skull[:, 0] - height, skull[:, 1] - depth)))])
    front, back = ear / _FRONT_CUN, (way[-1] - ear) / _BACK_CUN
    if view not in _SCALP:
        return float(way[-1] / (_FRONT_CUN + _BACK_CUN))
    base, cun = _SCALP[view]
    along = cun * front if base == "hairline-mid" else way[-1] - cun * back
    y, z = (float(np.interp(along, way, skull[:, k])) for k in range(2))
    start = skull[0] if base == "hairline-mid" else skull[-1]
    return abs(z - start[1]) / cun if view == "head-top" else abs(y - start[0]) / cun


def _midline(shop: Workshop, shape: str) -> np.ndarray:
    """Return the midline of the scalp from hairline to hairline: y and z of points 1 mm apart or less."""
    body = shop.body(shape, VIEWS["head-side"].pose)
    ends = [on_skin(body, shop.landmarks[name][0]) for name in ("hairline-mid", "posterior-hairline")]
    points = body.points[np.abs(body.points[:, 0]) < 0.6]
    middle = np.array([(ends[0][1] + ends[1][1]) / 2 - 10, (ends[0][2] + ends[1][2]) / 2])
    flat = points[points[:, 1] > min(end[1] for end in ends) - 1][:, 1:]
    angle = np.arctan2(flat[:, 0] - middle[0], flat[:, 1] - middle[1])
    order = np.argsort(angle)
    first, last = (float(np.arctan2(end[1] - middle[0], end[2] - middle[1])) for end in ends)
    last = last + 2 * np.pi if last < first else last
    turned = np.where(angle < first - 1e-9, angle + 2 * np.pi, angle)
    # The outermost skin at each angle.
    grid = np.linspace(first, last, 300)
    far = np.linalg.norm(flat - middle, axis=1)
    assert len(order)
    radius = np.array([far[np.abs(turned - a) < 0.03].max(initial=0) for a in grid])
    known = radius > 50
    radius = np.interp(grid, grid[known], radius[known])
    return np.stack([middle[0] + radius * np.sin(grid), middle[1] + radius * np.cos(grid)], 1)


def _places() -> dict[str, Place]:
    return {point.code: point.place for point in catalogue(Path()).values() if point.place and point.place.home}


class Places:
    """Works out where points lie on one body: on the skin, and in every view."""

    def __init__(self, shop: Workshop, figures: dict[str, dict], shape: str = "neutral") -> None:
        self.shop, self.figures, self.shape, self.places = shop, figures, shape, _places()
        self._spots: dict[str, list[tuple[float, float]]] = {}
        self.failed: dict[str, str] = {}

    def told_by(self, code: str) -> list[str]:
        """Return the points that a point is told by."""
        place = self.places[code]
        return [name for name in (*place.p, *place.q, place.level_name) if name in self.places]

    def at_home(self, code: str) -> list[tuple[float, float]]:
        """Return the spots of a point in its home view; points that it is told by are carried there on the skin."""
        if code not in self._spots:
            place = self.places[code]
            data = self.figures[place.home]
            for name in self.told_by(code):
                if self.places[name].home == place.home:
                    self.at_home(name)  # that the points that it is told by are carried there, too
                else:
                    data["landmarks"][name] = [round(value, 1) for value in self.carried(name, place.home)]
            known = {name: (x, y) for name, (x, y) in data["landmarks"].items()}
            figure = Figure(known, data["segments"], axes(place.home), self.places, data["curves"], data.get("across"))
            self._spots[code] = [(round(x, 1), round(y, 1)) for x, y in figure.spots(place)]
        return self._spots[code]

    def anchors(self, code: str) -> list:
        """Return the places of a point on the skin."""
        home = self.places[code].home
        side = -1 if self.figures[home].get("right") == -1 else 1
        picture = self.shop.picture(home, self.shape)
        return [picture.anchor((side * x, y)) for x, y in self.at_home(code)]

    def carried(self, code: str, view: str) -> tuple[float, float]:
        """Return where a view has the first spot of a point, seen or hidden."""
        picture = self.shop.picture(view, self.shape)
        x, y, _ = picture.project(on_skin(picture.body, self.anchors(code)[0]))[0]
        return (abs(float(x)) if VIEWS[view].mirror else float(x)), float(y)


def positions(
    shop: Workshop, figures: dict[str, dict], shape: str = "neutral", views: Sequence[str] = tuple(VIEWS)
) -> dict[str, dict[str, list[list[float]]]]:
    """Return where some views of a body show each point of the right side.

    ``figures`` are all views of this body, as far as landmarks and measures go. Puts the points that others are told
    by, from another view, among their landmarks.
    """
    known = Places(shop, figures, shape)
    table: dict[str, dict[str, list[list[float]]]] = {view: {} for view in views}
    for code, place in known.places.items():
        try:
            spots = [list(spot) for spot in known.at_home(code)]
        except KeyError as error:
            print(f"{code}: {place.home} lacks {error}", file=sys.stderr)
            continue
        if place.home in table:
            table[place.home][code] = spots
        anchors = known.anchors(code)
        for view in views:
            if view != place.home and (seen := _seen(shop, view, anchors, shape, place)):
                table[view][code] = seen
    return {view: {code: table[view][code] for code in known.places if code in table[view]} for view in views}


def _seen(shop: Workshop, view: str, anchors: list, shape: str, place: Place) -> list[list[float]]:
    """Return where a view shows spots of the skin: those that face it, unhidden, in the part that is not faded.

    Of a pair a mirrored view has the right side's, as the other is its mirror image. What lies on the midline is there,
    though the skin that a view from the side met may be some millimetres beside it. Of several spots round the midline
    (EX-HN1) each stays where it is.
    """
    picture, spec = shop.picture(view, shape), VIEWS[view]
    part = picture.body.part(spec.part) if spec.part else np.ones(len(picture.body.points), bool)
    left, top, width, height = picture.box
    fade = {edge: shop.height(view, shape, heights[0]) for edge, heights in spec.fade.items()}
    found = []
    for corners, weights in anchors:
        where = on_skin(picture.body, (corners, weights))
        x, y, _ = picture.project(where)[0]
        normal = np.array(weights) @ picture.normals[corners]
        upper, lower = fade.get("top", top), fade.get("bottom", top + height)
        if not (part[corners].all() and left <= x <= left + width and upper <= y <= lower):
            continue
        if "arm" in fade and abs(x) > 150 and y > fade["arm"] and picture.body.part(("arms",))[corners].all():
            continue
        if normal[2] / np.linalg.norm(normal) > _FACING and picture.seen(where[None], 2.0)[0]:
            at = round(float(x), 1) + 0.0
            if spec.mirror:
                at = abs(at) if place.sides == "both" else at if place.count > 1 else 0.0
            found.append([at, round(float(y), 1)])
    return found
