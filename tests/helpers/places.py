"""Rows of the table of places, as a test needs them."""

from __future__ import annotations

from pathlib import Path

from handout_builder.content.catalogue import PLACES

from .source_text import csv_text

BL23 = {
    "code": "BL23",
    "region": "lower-back",
    "aspect": "posterior",
    "sides": "both",
    "count": "1",
    "home": "torso-back",
    "kind": "grid",
    "formula": "grid",
    "level": "L2",
    "lateral_cun": "1.5",
    "lateral_unit": "back-width",
    "measures_from": "lateral:A",
    "landmarks": "L2",
    "press": "gently",
    "cautions": "kidneys pregnancy",
    "sources": "who-2008",
}
GV4 = {**BL23, "code": "GV4", "sides": "one", "lateral_cun": "0", "lateral_unit": "", "measures_from": ""}
LANDMARK = {**BL23, "kind": "landmark", "formula": "landmark", "level": "", "lateral_cun": "", "lateral_unit": ""}
LANDMARK |= {"measures_from": "", "p": "navel", "landmarks": "navel"}


def row(cells: dict[str, str] = BL23, **changes: str) -> str:
    """Return a row of the table of places; ``from_`` is the column ``from``."""
    changed = {**cells, **{name.rstrip("_"): cell for name, cell in changes.items()}}
    return csv_text([[changed.get(column, "") for column in PLACES]]).rstrip("\n")


def table(*rows: str) -> str:
    """Return a table of places."""
    return "\n".join([",".join(PLACES), *rows]) + "\n"


def change(path: Path, code: str, **changes: str) -> None:
    """Change cells of one row of a table of points."""
    from csv import DictReader

    lines = path.read_text("utf-8").splitlines()
    heads = lines[0].split(",")
    rows = list(DictReader(lines))
    assert any(row["code"] == code for row in rows)
    for one in rows:
        one.update({name.rstrip("_"): cell for name, cell in changes.items()} if one["code"] == code else {})
    path.write_text(csv_text([heads, *([one[head] for head in heads] for one in rows)]), "utf-8")
