"""``points --atlas``: the atlas of all points as PDF and EPUB."""

from datetime import date
from pathlib import Path

from handout_builder.atomic_files import write_all
from handout_builder.content import atlas
from handout_builder.content.loader import Common, load_common, load_made
from handout_builder.editions import DEFAULT, EDITIONS, Format
from handout_builder.errors import Problem
from handout_builder.pipeline import make, remarks, settled
from handout_builder.progress import Progress, silent
from handout_builder.render.product import Product

LANG = "en"
_KINDS: tuple[Format, ...] = ("pdf", "epub")
# The day of the data.
_DAY = date(2026, 11, 28)


def build(root: Path, out: Path, progress: Progress = silent) -> tuple[list[Path], list[Problem]]:
    """Write the atlas of the catalogue in ``root`` into a folder; return its files, and what is to be said of them.

    It is set twice: only then the pages of the cards are known, which its indexes tell. Raises HandoutError.
    """
    common = load_common(root, LANG)
    place = root / atlas.NAME
    progress(f"{atlas.NAME}: finding pages")
    found = settled(_product(place, common, {})).page_of
    codes = [code for code, point in common.points.items() if not point.own]
    pages = {code: found[ident] for code in codes if (ident := atlas.card(code, common.points)) in found}
    product = _product(place, common, pages)
    made = make(product, _KINDS, progress)
    files = {out / f"{product.name}.{kind}": data for kind, data in made.items()}
    write_all(files)
    return list(files), remarks(product, made)


def _product(place: Path, common: Common, pages: dict[str, int]) -> Product:
    """Return the atlas in the usual edition; ``place`` is the folder that a handout of its name would have."""
    values = atlas.handout(common.points, common.shared, pages, _DAY)
    return Product(load_made(place, LANG, common, values), edition=EDITIONS[DEFAULT])
