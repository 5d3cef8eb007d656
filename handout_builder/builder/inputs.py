"""What a product was made of: files by names that hold wherever the folders lie, and are no secret."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from handout_builder.orders import Order
from handout_builder.resources import LAYOUTS

TABLES = ("points/names.csv", "points/places.csv")
"""The tables of the catalogue, in the folder of the handouts or the program's own."""
_CATALOGUE = {f"{top}/{table}" for top in ("source", "program/source") for table in TABLES}


def named(files: Mapping[Path, str], order: Order) -> Mapping[str, str] | None:
    """Return what was read for an order, by names; None where a file has none, as it lies somewhere else."""
    found: dict[str, str] = {}
    for path, content in files.items():
        name = name_of(path, order)
        if name is None or found.setdefault(name, content) != content:
            return None
    return found


def without_catalogue(files: Mapping[str, str]) -> Mapping[str, str]:
    """Return files less the tables of the catalogue."""
    return {name: content for name, content in files.items() if name not in _CATALOGUE}


def name_of(path: Path, order: Order) -> str | None:
    """Return the name of a file or folder: ``brand/…``, ``handout/…``, ``source/…``, ``program/…``; None elsewhere."""
    for top, root in _roots(order):
        for folder in (root, root.resolve()):
            if path.is_relative_to(folder):
                rest = path.relative_to(folder)
                return "/".join((top, *rest.parts)) if ".." not in rest.parts else None
    return None


def path_of(name: str, order: Order) -> Path:
    """Return the file of a name; raises ValueError for a name that leads out of its folder, or is none."""
    top, *rest = PurePosixPath(name).parts
    root = dict(_roots(order)).get(top)
    if root is None:
        raise ValueError(name)
    return inside(root, "/".join(rest)) if rest else root


def inside(root: Path, name: str) -> Path:
    """Return a file of a folder by its name there; raises ValueError for a name that leads out of it, or is none."""
    parts = PurePosixPath(name).parts
    if not parts or any(part in ("..", "/") or "\\" in part or "\0" in part or Path(part).drive for part in parts):
        raise ValueError(name)
    return root.joinpath(*parts)


def _roots(order: Order) -> Iterator[tuple[str, Path]]:
    """Yield the folders that products are made of, those inside others first."""
    if order.brand:
        yield "brand", order.brand
    yield "handout", order.folder
    yield "source", order.folder.parent
    yield "program", LAYOUTS.parent
