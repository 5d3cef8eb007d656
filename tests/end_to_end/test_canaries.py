"""Files outside the project are never read, whatever links and names in a handout or brand lead to them (strace)."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from corpus import texts
from helpers.project import ROOT
from helpers.warm_program import WarmProgram
from judges import programs

pytestmark = [pytest.mark.tools("strace"), pytest.mark.skipif(sys.platform != "linux", reason="strace is for Linux")]

Make = Callable[[Path, Path], object]
HANDOUT, BRAND, LAYOUTS = "source/good", "source/brands/b", "source/brands/b/layouts"


def put(path: str, text: str) -> Make:
    return lambda top, canary: (top / path).write_text(text.replace("CANARY", str(canary)), "utf-8")


def linked(path: str, to: str = "") -> Make:
    return lambda top, canary: (top / path).symlink_to(canary / to if to else canary)


def figure(name: str) -> Make:
    return put(f"{HANDOUT}/en.yaml", texts.TEXT.replace(f"{{type: text, text: {texts.WORDS}}}", name))


FIGURE = "{{type: figure, image: {}, alt: It}}"
WAYS: dict[str, list[Make]] = {
    "nothing": [],
    "picture-by-name": [figure(FIGURE.format("CANARY/a.png"))],
    "picture-by-link": [figure(FIGURE.format("a.png")), linked(f"{HANDOUT}/a.png", "a.png")],
    "text-by-link": [lambda top, _: (top / HANDOUT / "en.yaml").unlink(), linked(f"{HANDOUT}/en.yaml", "a.yaml")],
    "editorial-by-link": [linked(f"{HANDOUT}/editorial")],
    "brand-by-link": [lambda top, _: (top / BRAND / "_brand.yml").unlink(), linked(f"{BRAND}/_brand.yml", "b.yml")],
    "logo-by-name": [put(f"{BRAND}/_brand.yml", "meta: {name: B}\nlogo: CANARY/a.png\n")],
    "logo-by-link": [put(f"{BRAND}/_brand.yml", "meta: {name: B}\nlogo: a.png\n"), linked(f"{BRAND}/a.png", "a.png")],
    "logo-that-fetches": [
        put(f"{BRAND}/_brand.yml", "meta: {name: B}\nlogo: a.svg\n"),
        put(
            f"{BRAND}/a.svg",
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><style>@import "CANARY/a.css";</style>'
            '<path d="M0 0h9v9z" style="fill:url(CANARY/a.svg#a)"/><use href="CANARY/a.svg#a"/></svg>',
        ),
    ],
    "font-by-link": [
        put(
            f"{BRAND}/_brand.yml",
            "meta: {name: B}\ntypography: {headings: F, fonts: [{family: F, source: file, files: [a.ttf]}]}\n",
        ),
        linked(f"{BRAND}/a.ttf", "a.ttf"),
    ],
    "template-by-name": [put(f"{LAYOUTS}/print.html", "{% include 'CANARY/a.html' %}")],
    "template-by-link": [linked(f"{LAYOUTS}/print.html", "a.html")],
    "template-in-a-linked-folder": [
        put(f"{LAYOUTS}/print.html", "{% include 'd/a.html' %}"),
        linked(f"{LAYOUTS}/d"),
    ],
    "template-picture": [put(f"{LAYOUTS}/print.html", '<html><body><img src="file://CANARY/a.png"/></body></html>')],
    "style-by-link": [linked(f"{LAYOUTS}/print.css", "a.css")],
    "style-import": [put(f"{LAYOUTS}/print.css", '@import "file://CANARY/a.css";')],
    "style-picture": [put(f"{LAYOUTS}/print.css", "body { background: url(file://CANARY/a.png) }")],
    "style-picture-by-link": [
        put(f"{LAYOUTS}/print.css", "body { background: url(a.png) }"),
        linked(f"{LAYOUTS}/a.png", "a.png"),
    ],
    "style-font": [put(f"{LAYOUTS}/print.css", "@font-face { font-family: F; src: url(file://CANARY/a.ttf) }")],
    "output-by-link": [
        lambda top, _: (top / "dist" / "b").mkdir(parents=True),
        linked("dist/b/good.en.pdf", "a.png"),
    ],
}


LOAD = """
import tempfile
from pathlib import Path
from handout_builder.builder.incremental import build
from handout_builder.orders import Order
with tempfile.TemporaryDirectory() as out:
    build([Order(Path("tests/samples/handouts/short"), "en", Path("source/brands/harbour-lane"))], Path(out), ("pdf",))
"""


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[WarmProgram, Path]]:
    """The program with all that a build loads, every copy of it watched by strace; with the log of calls."""
    folder = tmp_path_factory.mktemp("calls")
    log = folder / "calls"
    watch = [
        programs.find("strace"),
        "-f",
        "-y",
        "-s",
        "4096",
        "-e",
        "trace=open,openat,openat2,execve,connect",
        "--seccomp-bpf",
    ]
    with WarmProgram(LOAD, ROOT, [*watch, "-o", str(log)]) as program:
        program.run(["--version"], folder, folder / "errors")  # all is loaded then
        yield program, log


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_out(way: str, tmp_path: Path, warm: tuple[WarmProgram, Path]) -> None:
    program, log = warm
    top, canary = tmp_path / "top", tmp_path / "canary"
    for folder in (top / HANDOUT, top / LAYOUTS, canary):
        folder.mkdir(parents=True)
    texts.text(texts.TEXT)(top / HANDOUT)
    (top / BRAND / "_brand.yml").write_text("meta: {name: B}\n")
    shutil.copy(ROOT / "docs" / "brand-five.png", canary / "a.png")
    shutil.copy(ROOT / "fonts" / "NotoSans-Regular.ttf", canary / "a.ttf")
    for name, text in {
        "a.yaml": texts.TEXT,
        "en.yaml": "changes: []\ndoubts: []\n",
        "b.yml": "meta: {name: B}\n",
        "a.html": "<p>canary</p>",
        "a.css": "p { color: red }",
    }.items():
        (canary / name).write_text(text)
    before = {path: path.read_bytes() for path in canary.iterdir()}
    for make in WAYS[way]:
        make(top, canary)
    begun = log.stat().st_size
    done = program.run(["good", "--brand", "b", "--format", "pdf"], top, tmp_path / "errors")
    told = (tmp_path / "errors").read_text("utf-8")
    assert "Traceback" not in told
    assert (done.returncode == 0) == (way in ("nothing", "logo-that-fetches")), told
    calls = log.read_bytes()[begun:].decode("utf-8", "replace").splitlines()
    opened = [match[1] for line in calls if (match := re.search(r"= \d+<([^>]*)>$", line))]
    assert any(path.startswith(str(top)) for path in opened)  # the log sees what it should
    assert [path for path in opened if path.startswith(str(canary))] == []
    assert {path: path.read_bytes() for path in canary.iterdir()} == before
    assert [line for line in calls if " execve(" in line or "AF_INET" in line] == []
