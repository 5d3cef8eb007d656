"""Lines and areas out of a picture of the body: the silhouette, folds that hide a part behind, and what is light.

Units: mm.
"""

import numpy as np
import shapely
from scipy import ndimage as ndi
from shapely.geometry import MultiPolygon, Polygon
from skimage import measure

from body_figures.camera import Picture
from body_figures.fitting import length, smooth


def region(picture: Picture, mask: np.ndarray, sigma: float, least: float = 60.0) -> MultiPolygon:
    """Return a mask's area with a smooth outline; ``sigma`` smooths it along its way, ``least`` is in mm2."""
    step = 0.5 if picture.pixel < 0.4 else 1.0
    image = ndi.gaussian_filter(np.pad(mask, 2).astype(float), 0.8)
    rings = []
    for found in measure.find_contours(image, 0.5):
        ring = smooth(picture.xy(found - 2), sigma, step, closed=True)
        if len(ring) > 8:
            rings.append(Polygon(ring).buffer(0))
    return _nested(rings, least)


def _nested(rings: list, least: float) -> MultiPolygon:
    """Return rings as areas: what lies inside another is a hole."""
    shape = Polygon()
    for ring in sorted(rings, key=lambda ring: -ring.area):
        if ring.area >= least:
            inside = shape.contains(ring.representative_point())
            shape = shape.difference(ring) if inside else shape.union(ring)
    return MultiPolygon([part for part in getattr(shape, "geoms", [shape]) if not part.is_empty])


def folds(
    picture: Picture, jump: float, reach: float, least: float, sigma: float, edge: float
) -> list[tuple[np.ndarray, float]]:
    """Return inner outlines, each with its depth: where the skin turns away and another part lies behind.

    The zero set of normal x view on the mesh, where it is seen and the depth falls by more than ``jump`` within
    ``reach``; ``edge`` keeps clear of the silhouette; lines shorter than ``least`` are left out.
    """
    places, ways, depth, neighbours = _turning(picture)
    if not len(places):
        return []
    seen = picture.at(picture.depth, places) <= depth + 2.0
    behind = np.minimum(
        picture.at(picture.depth, places + ways * reach), picture.at(picture.depth, places + ways * 2 * reach)
    )
    solid = np.isfinite(behind)
    step = np.where(solid, depth - np.where(solid, behind, 0), 0)
    left, top, width, height = picture.box
    good = (
        seen & solid & (step > jump) & (picture.at(picture.rim, places) > edge)
        & (places[:, 0] >= left) & (places[:, 0] <= left + width)
        & (places[:, 1] >= top) & (places[:, 1] <= top + height)
    )  # fmt: skip
    found = []
    for chain in _chains(neighbours):
        run = np.array(chain)
        keep = good[run]
        if len(keep) > 3:
            keep = ndi.binary_closing(np.r_[[False] * 5, keep, [False] * 5], iterations=4)[5:-5]
        labels, count = ndi.label(keep)
        for number in range(1, count + 1):
            piece = run[labels == number]
            if len(piece) > 3 and length(places[piece]) > least:
                found.append((smooth(places[piece], sigma), float(np.median(step[piece]))))
    return found


def _turning(picture: Picture) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[list[int]]]:
    """Return where the mesh turns away from the eye: places, outward ways, depths, and which are neighbours."""
    facing = picture.normals[:, 2]
    side = facing[picture.triangles] > 0
    mixed = side.any(1) & ~side.all(1)
    nodes: dict[tuple[int, int], int] = {}
    rows: list[np.ndarray] = []
    joins: list[tuple[int, int]] = []

    def node(a: int, b: int) -> int:
        key = (a, b) if a < b else (b, a)
        if key not in nodes:
            i, j = key
            t = facing[i] / (facing[i] - facing[j])
            place = picture.points[i] + t * (picture.points[j] - picture.points[i])
            normal = (picture.normals[i] + t * (picture.normals[j] - picture.normals[i]))[:2]
            nodes[key] = len(rows)
            rows.append(np.r_[place, normal / (np.linalg.norm(normal) + 1e-9)])
        return nodes[key]

    for corners, which in zip(picture.triangles[mixed], side[mixed], strict=True):
        ends = [node(int(corners[i]), int(corners[(i + 1) % 3])) for i in range(3) if which[i] != which[(i + 1) % 3]]
        joins.append((ends[0], ends[1]))
    table = np.array(rows).reshape(-1, 5)
    neighbours: list[list[int]] = [[] for _ in rows]
    for a, b in joins:
        neighbours[a].append(b)
        neighbours[b].append(a)
    return table[:, :2], table[:, 3:], table[:, 2], neighbours


def _chains(neighbours: list[list[int]]) -> list[list[int]]:
    done, chains = [False] * len(neighbours), []
    for start in sorted(range(len(neighbours)), key=lambda i: len(neighbours[i]) == 2):
        if done[start]:
            continue
        chain, done[start] = [start], True
        for _ in range(2):
            while True:
                onward = [j for j in neighbours[chain[-1]] if not done[j]]
                if not onward:
                    break
                chain.append(onward[0])
                done[onward[0]] = True
            chain.reverse()
        chains.append(chain)
    return chains


def lights(picture: Picture, level: float, sigma: float, least: float) -> tuple[list[Polygon], list[Polygon]]:
    """Return the areas turned to the light, and the holes in them; the rest of the body lies in shade."""
    light = np.array([0, -0.15, 1.0])
    light /= np.linalg.norm(light)
    normals = picture.body.normals[picture.triangles].mean(1) @ picture.axes.T
    lit = normals @ light / (np.linalg.norm(normals, axis=1) + 1e-9)
    coarse = max(1, int(sigma / picture.pixel / 4))
    faces = picture.face[::coarse, ::coarse]
    mask = faces >= 0
    image = np.zeros(faces.shape)
    image[mask] = lit[faces[mask]]
    s = sigma / picture.pixel / coarse
    share = ndi.gaussian_filter(mask.astype(float), s)
    soft = np.where(mask, ndi.gaussian_filter(image, s) / np.maximum(share, 1e-3), -1)
    soft = ndi.gaussian_filter(soft, 0.7)
    rings = []
    for found in measure.find_contours(np.pad(soft, 1, constant_values=-1), level):
        ring = picture.xy((found - 1) * coarse + (coarse - 1) / 2)
        if len(ring) > 8:
            rings.append(Polygon(smooth(ring, sigma * 0.6, 1, closed=True)).buffer(0))
    parts = list(_nested([ring for ring in rings if ring.geom_type == "Polygon"], least).geoms)
    return [Polygon(part.exterior) for part in parts], [Polygon(ring) for part in parts for ring in part.interiors]


def half(shape: shapely.Geometry, box: tuple[float, float, float, float], *, mirror: bool) -> list[Polygon]:
    """Return the parts of a shape inside a box; of a mirrored figure the right half alone."""
    left, top, width, height = box
    cut = shape.intersection(shapely.box(0.0 if mirror else left, top, left + width, top + height))
    return [part for part in getattr(cut, "geoms", [cut]) if part.geom_type == "Polygon" and not part.is_empty]


def pieces(line: np.ndarray, clip: shapely.Geometry) -> list[np.ndarray]:
    """Return the parts of a polyline inside an area."""
    if len(line) < 2:
        return []
    found = shapely.LineString(line).intersection(clip)
    parts = shapely.line_merge(found) if found.geom_type == "MultiLineString" else found
    return [
        np.array(part.coords)
        for part in getattr(parts, "geoms", [parts])
        if part.geom_type == "LineString" and not part.is_empty
    ]
