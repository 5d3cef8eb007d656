"""``points --atlas``: the atlas of all points as PDF and EPUB."""

from datetime import date
from pathlib import Path

from handout_builder.atomic_files import write_all
from handout_builder.content import atlas
from handout_builder.content.loader import load_common, load_made
from handout_builder.editions import DEFAULT, EDITIONS, FORMATS
from handout_builder.errors import Problem
from handout_builder.pipeline import make, remarks
from handout_builder.progress import Progress, silent
from handout_builder.render.product import Product

LANG = "en"
# The day of the data.
_DAY = date(2026, 11, 29)


def build(root: Path, out: Path, progress: Progress = silent) -> tuple[list[Path], list[Problem]]:
    """Write the atlas of the catalogue in ``root`` into a folder; return its files and the problems found in them.

    Raises HandoutError.
    """
    common = load_common(root, LANG)
    values = atlas.handout(common.points, common.shared, _DAY)
    # The folder that a handout of its name would have.
    product = Product(load_made(root / atlas.NAME, LANG, common, values), edition=EDITIONS[DEFAULT])
    made = make(product, FORMATS, progress)
    files = {out / f"{product.name}.{kind}": data for kind, data in made.items()}
    write_all(files)
    return list(files), remarks(product, made)
