"""``points --atlas``: the atlas of all points as PDF and EPUB."""

from datetime import date
from pathlib import Path

from handout_builder.atomic_files import refuse_no_folder, write_all
from handout_builder.content import atlas
from handout_builder.content.loader import load_common, load_made
from handout_builder.editions import DEFAULT, EDITIONS, FORMATS
from handout_builder.errors import Problem
from handout_builder.pipeline import make, remarks
from handout_builder.progress import Progress, silent
from handout_builder.render.product import Product

# The day of the data.
_DAY = date(2026, 11, 29)


def build(root: Path, out: Path, lang: str, progress: Progress = silent) -> tuple[list[Path], list[Problem]]:
    """Write the atlas of the catalogue in ``root`` in a language into a folder.

    Return its files and the problems found in them. Raises HandoutError.
    """
    refuse_no_folder(out)
    common = load_common(root, lang)
    values = atlas.handout(common.points, common.shared, lang, _DAY)
    # The folder that a handout of its name would have.
    product = Product(load_made(root / atlas.NAME, lang, common, values), edition=EDITIONS[DEFAULT])
    made = make(product, FORMATS, progress)
    files = {out / f"{product.name}.{kind}": data for kind, data in made.items()}
    write_all(files)
    return list(files), remarks(product, made)
