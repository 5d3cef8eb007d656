# ruff: noqa: S704, T201
"""What the charts cost: the CPU time of a handout's build with its drawings and without, taking turns.

    .venv/bin/python benchmarks/charts.py [ROUNDS]

Without: the same pages, each drawing an empty picture of the same shape. Prints medians in ms.
"""

import gc
import re
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from markupsafe import Markup

from handout_builder.content.loader import load
from handout_builder.epub.package import write
from handout_builder.figures import chart, crop, key, layers, sheet, svg
from handout_builder.pdf import typeset
from handout_builder.pdf.cover import cover
from handout_builder.render import printing
from handout_builder.render.product import Product

SOURCE = Path(__file__).parents[1] / "source" / "chronic-back-pain"
_DRAWN = re.compile(r"(<svg[^>]*>)(<title.*</desc>)?.*(</svg>)", re.DOTALL)


def build() -> float:
    """Build PDF and EPUB once and return the CPU time in s; nothing is kept from the round before."""
    layers.drawn.cache_clear()
    gc.collect()
    started = time.process_time()
    product = Product(load(SOURCE, "en"))
    pages = typeset.lay_out(printing.print_html(product, printing.first_pages(product)), product)
    typeset.write(pages, product)
    write(product, pages.starts, cover(product))
    return time.process_time() - started


def main() -> None:
    """Measure both in turns and print the difference."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    whole = svg.picture

    def empty(*arguments: object) -> Markup:
        return Markup(_DRAWN.sub(r"\1\2<path d='M0,0h1v1z'/>\3", str(whole(*arguments))))  # type: ignore[arg-type]

    def nothing(*_: object) -> str:
        return ""

    gc.disable()
    drawn, blank = [], []
    real = layers.draw
    build()
    for _ in range(rounds):
        drawn.append(build())
        chart.picture = crop.picture = empty
        sheet.draw = crop.draw = key.draw = nothing  # type: ignore[assignment]
        blank.append(build())
        chart.picture = crop.picture = whole
        sheet.draw = crop.draw = key.draw = real
    with_charts, without = (statistics.median(times) * 1000 for times in (drawn, blank))
    print(
        f"with drawings {with_charts:.0f} ms, without {without:.0f} ms: {with_charts - without:.0f} ms for all drawings"
    )


if __name__ == "__main__":
    main()
