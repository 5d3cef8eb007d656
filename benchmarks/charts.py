# ruff: noqa: S704, T201
"""What the charts cost: the CPU time of a handout's build with its drawings and without, taking turns.

    .venv/bin/python benchmarks/charts.py [ROUNDS]

Without: the same pages, each drawing an empty picture of the same shape. And with more: ten cards instead of four,
their points on a chart of six views instead of one. Prints medians in ms.
"""

import gc
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import yaml
from markupsafe import Markup

from handout_builder.content import views
from handout_builder.content.loader import load, load_common
from handout_builder.epub.package import write
from handout_builder.figures import chart, crop, key, layers, sheet, svg
from handout_builder.pdf import typeset
from handout_builder.pdf.cover import cover
from handout_builder.render import printing
from handout_builder.render.product import Product

SOURCE = Path(__file__).parents[1] / "source" / "chronic-back-pain"
TEN = ("BL23", "BL24", "BL25", "GV3", "LI4", "GB20", "EX-HN5", "ST36", "LR3", "PC6")
VIEWS = 6
_DRAWN = re.compile(r"(<svg[^>]*>)(<title.*</desc>)?.*(</svg>)", re.DOTALL)


def with_ten_points(folder: Path) -> Path:
    """Write the handout with ten cards, and a chart of their points on six views, into a folder; return its own."""
    for name in ("points", "shared"):
        shutil.copytree(SOURCE.parent / name, folder / name)
    values = yaml.safe_load((SOURCE / "en.yaml").read_text("utf-8"))
    blocks = [block for section in values["sections"] for block in section["blocks"]]
    (cards,) = (block for block in blocks if block["type"] == "points")
    (chart_block,) = (block for block in blocks if block["type"] == "chart")
    names = {code: point.names for code, point in load_common(folder, "en").points.items() if code in TEN}
    cards["points"] = [
        {
            "code": code,
            "name": {"text": names[code].zh_hans, "lang": "zh-Hans", "reading": names[code].pinyin},
            "use": cards["points"][0]["use"],
        }
        for code in TEN
    ]
    chart_block |= {"view": views.AUTO, "points": [*TEN]}
    copy = folder / SOURCE.name
    copy.mkdir()
    (copy / "en.yaml").write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    return copy


def build(folder: Path = SOURCE) -> float:
    """Build PDF and EPUB once and return the CPU time in s; nothing is kept from the round before."""
    layers.drawn.cache_clear()
    gc.collect()
    started = time.process_time()
    product = Product(load(folder, "en"))
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
    drawn, blank, many = [], [], []
    real = layers.draw
    with tempfile.TemporaryDirectory() as folder:
        ten = with_ten_points(Path(folder))
        points = load(ten, "en").points
        if len(found := views.chosen([points[code] for code in TEN])) != VIEWS:
            sys.exit(f"the ten points stand on other views: {', '.join(found)}")
        build()
        build(ten)
        for _ in range(rounds):
            drawn.append(build())
            many.append(build(ten))
            chart.picture = crop.picture = empty
            sheet.draw = crop.draw = key.draw = nothing  # type: ignore[assignment]
            blank.append(build())
            chart.picture = crop.picture = whole
            sheet.draw = crop.draw = key.draw = real
    with_charts, without = (statistics.median(times) * 1000 for times in (drawn, blank))
    ratio = statistics.median(more / usual for more, usual in zip(many, drawn, strict=True))
    print(
        f"with drawings {with_charts:.0f} ms, without {without:.0f} ms: {with_charts - without:.0f} ms for all drawings"
    )
    print(f"ten points on six views: {statistics.median(many) * 1000:.0f} ms, {ratio:.2f} of the handout's")


if __name__ == "__main__":
    main()
