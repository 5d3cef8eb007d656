"""Points and tables of an author's own: places that are nowhere, tables as spreadsheets save them, open braces."""

from __future__ import annotations

from pathlib import Path

from helpers.places import change
from helpers.project import ROOT

from corpus.numbers import CARD, own_point, shared
from corpus.texts import TEXT, WORDS, Make, text

TABLES = ROOT / "source" / "points"
KNOTS = (
    "landmarks: [{id: a-knot, term: a, at: {leg-back: [110, -390]}}, "
    "{id: b-knot, term: b, at: {leg-back: [140, -390]}}]\n"
)
PLACE = "formula: on-line, p: BL40, q: BL57, cun: 3"
MY = (
    "points:\n"
    "  - {code: MY1, words: {en: {label: A spot, where: On the calf., short: calf}}, source: Us,\n"
    "     place: {region: lower-leg, aspect: posterior, home: leg-back, formula: on-line, p: BL40, "
    "q: BL57, from: p, cun: 3, line_cun: 8}}\n"
)


def own_points(data: str) -> Make:
    """A file of points of the handout's own."""

    def make(folder: Path) -> None:
        text(TEXT)(folder)
        (folder / "points.yaml").write_text(data, "utf-8")

    return make


def place(new: str, more: str = "") -> Make:
    """A point that is told by something else."""
    old = PLACE.replace(", cun: 3", ", from: p, cun: 3, line_cun: 8")
    assert old in MY
    return own_points(MY.replace(old, new) + more)


def of_table(name: str, edit: tuple[str, str] | dict[str, str]) -> Make:
    """One of the tables of points beside the handouts, with other text, or other cells in the row of BL23."""

    def make(folder: Path) -> None:
        text(TEXT.replace(f"{{type: text, text: {WORDS}}}", f"{{type: points, points: [{CARD.format('BL23')}]}}"))(
            folder
        )
        path = folder.parent / "points" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((TABLES / name).read_bytes())
        if isinstance(edit, dict):
            change(path, "BL23", **edit)
            return
        own = path.read_text("utf-8")
        assert edit[0] in own
        path.write_text(own.replace(*edit, 1), "utf-8")

    return make


# Each is told by the two before it: looked for anew for each, the last would be looked for 2^40 times.
TOLD_BY_TWO = MY + "".join(
    MY.partition("\n")[2]
    .replace("MY1", f"MY{n}")
    .replace("p: BL40, q: BL57", f"p: MY{n - 1}, q: {f'MY{n - 2}' if n > 2 else 'BL57'}")
    for n in range(2, 43)
).replace("home: leg-back", "home: leg-outer", 1)
HEADS = (TABLES / "places.csv").read_text("utf-8").partition("\n")[0]
CASES: dict[str, Make] = {
    "own-point-at-a-level-line": place("formula: grid, p: a-knot, q: b-knot, level: BL57", KNOTS),
    "own-point-on-a-way-to-itself": place("formula: between, p: a-knot, q: a-knot, fraction: 0.5", KNOTS),
    "own-point-a-step-there-and-back": place("formula: relative, p: BL40, offset_cun: 1, offset_dir: up-down"),
    "own-point-of-another-figure": place("formula: landmark, p: navel"),
    "own-points-told-by-two-each": own_points(TOLD_BY_TWO),
    "own-point-with-an-open-brace": own_point("On the calf.", "'{cun below the knee.'"),
    "own-point-like-a-standard-one": own_point("MY1", "EXHN3"),
    "own-point-in-small-letters": own_point("MY1", "my1"),
    "own-point-with-a-comma": own_point("cun: 3", 'cun: "1,5"'),
    "landmark-of-one-number": place("formula: landmark, p: a-knot", KNOTS.replace("[110, -390]", "[110]")),
    "landmark-in-no-figure": place("formula: landmark, p: a-knot", KNOTS.replace("leg-back", "calf", 1)),
    "table-with-two-marks": of_table("places.csv", ("code,", "\ufeff\ufeffcode,")),
    "table-with-a-line-for-a-spreadsheet": of_table("places.csv", ("code,", "sep=,\ncode,")),
    "table-without-heads": of_table("places.csv", (f"{HEADS}\n", "")),
    "table-with-an-empty-column": of_table("names.csv", (",verified\n", ",verified,\n")),
    "table-with-a-comma-in-a-measure": of_table("words/en.csv", ("{cun} below the front", "{1,5} below the front")),
    "table-with-an-open-brace": of_table("words/en.csv", ("{cun} below the front", "{cun below the front")),
    "table-of-landmarks-without-one": of_table("landmarks.csv", ("\nnavel,", "\nbelly-button,")),
    "table-of-measures-with-nan": of_table(
        "unit_lines.csv", ("chest,suprasternal-notch,xiphisternal,9", "chest,a,b,nan")
    ),
    "table-with-another-home": of_table("places.csv", {"home": "leg-back"}),
    "table-with-a-measure-of-nobody": of_table("places.csv", {"measures_from": "lateral:estimate"}),
    "table-with-a-place-beside-the-body": of_table(
        "places.csv", {"offset_cun": "70", "offset_dir": "down", "measures_from": "lateral:A offset:own"}
    ),
    "shared-week-of-8-days": shared("weekdays: Mon", "weekdays: Sun Mon"),
    "shared-distance-with-a-comma": shared('"1.5": {words', '"1,5": {words'),
}
