"""The engine in a program of others: nothing of the host's changes, and two threads get whole files."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.project import ROOT, SHORT, source_of, tiny_handout

from handout_builder import pipeline
from handout_builder.engine import known_versions
from handout_builder.engine.session import session
from handout_builder.render.product import Product

HANDOUTS = ROOT / "tests" / "samples" / "handouts"

HOST = """
import hashlib, sys, tempfile
from pathlib import Path
PAGE = "<title>x</title><h1>Invoice</h1><dl><dt>Item<dd>Tea</dl><pre>a\\n  b</pre><blockquote>Quote</blockquote>"
if sys.argv[1:] == ["after"]:
    from handout_builder import Order, build
    build([Order(Path("stiff-neck"), "en")], out=Path(tempfile.mkdtemp()), formats=["pdf"])
import weasyprint
print(hashlib.sha256(weasyprint.HTML(string=PAGE).write_pdf()).hexdigest())
"""

THREADS = """
import hashlib, sys, tempfile, threading
from pathlib import Path
from handout_builder import Order, build
out = Path(tempfile.mkdtemp())
def go(number):
    for path in build([Order(Path("stiff-neck"), "en")], out / str(number), ["pdf"]).paths:
        sys.stdout.write(hashlib.sha256(path.read_bytes()).hexdigest() + "\\n")  # in one piece
threads = [threading.Thread(target=go, args=(number,)) for number in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
go(2)
"""

IDLE = """
import tempfile, threading, time
from pathlib import Path
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
from handout_builder import Order, build
from handout_builder.editions import EDITIONS
order = Order(Path("short"), "en", None, (EDITIONS["a4"], EDITIONS["one-page"]))
print(len(build([order], out=Path(tempfile.mkdtemp())).paths))
"""

END = """
import sys
from handout_builder.engine.session import session
class Cycle: pass
with session() as engine:
    sys.last_to_go = Cycle()
    sys.last_to_go.itself, sys.last_to_go.engine = sys.last_to_go, engine
"""

MANY = """
import gc
from pathlib import Path
from handout_builder.engine.session import File, Page, session
from handout_builder.resources import FONTS
gc.disable()  # as the command line does
font = File((FONTS / "NotoSans-Regular.ttf").read_bytes(), "font/ttf")
own = "@font-face { font-family: Ours; src: url('font.ttf') } p { font-family: Ours }"
html = '<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>T</title></head><body><p>腰</p></body></html>'
for _ in range(30):
    with session() as engine:
        engine.write(engine.lay_out(Page(html, "", Path.cwd(), Path("x"), lambda url: font, own=own)), Path("x"))
    print(Path("/proc/self/maps").read_text().count("HandoutHan-Regular.ttf"))
"""

KEPT = """
import gc, os
from pathlib import Path
from handout_builder.engine.session import File, Page, session
from handout_builder.resources import FONTS
own = "@font-face { font-family: Ours; src: url('font.ttf') } p { font-family: Ours }"
html = '<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>T</title></head><body><p/></body></html>'
def width(face, text):
    font = File((FONTS / f"NotoSans-{face}.ttf").read_bytes(), "font/ttf")
    made = html.replace("<p/>", f"<p>{text}</p>")
    with session() as engine:
        document = engine.lay_out(Page(made, "", Path.cwd(), Path("x"), lambda url: font, own=own, own_files=font))
    return next(box.width for box in document.pages[0]._page_box.descendants() if getattr(box, "text", "") == text)
def folders():
    gc.collect()
    return {*Path(os.environ["TMPDIR"]).glob("handouts-*/*")}
regular = width("Regular", "Hello")
first = folders()
print(width("Regular", "Hello, you") > regular, folders() == first != set())
print(width("Bold", "Hello") > regular, width("Regular", "Hello") == regular)
first = folders()
child = os.fork()
if not child:
    width("Bold", "Hello")
    folders()
    os._exit(0)
print(os.waitpid(child, 0)[1], folders() >= first, width("Regular", "Wide") > 0)
"""


def printed(code: str, *arguments: str, **environment: str) -> list[str]:
    """Return what a program without a guard for ``__main__`` prints, run in the folder of the samples."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=HANDOUTS,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr  # of a thread, which is no end of the program
    return done.stdout.split()


def test_a_hosts_own_pages_are_the_same_after_a_build() -> None:
    assert printed(HOST, "after") == printed(HOST)


def test_two_threads_build_two_whole_and_equal_files() -> None:
    first, *others = printed(THREADS)
    assert others == [first, first]


def test_a_library_call_needs_no_guard_and_minds_no_idle_thread() -> None:
    assert printed(IDLE) == ["3"]


def test_a_host_that_holds_the_engine_to_its_end_ends_well() -> None:
    assert printed(END) == []


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no list of mapped files here")
def test_fonts_of_documents_that_are_gone_are_given_back() -> None:
    # Each held the fonts in 16 MB of its own, and Python's collector saw a few small objects.
    assert max(map(int, printed(MANY))) <= 12


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not copied here")
def test_fonts_of_a_brand_are_loaded_once_and_are_its_own(tmp_path: Path) -> None:
    """Whatever its rules are called, and whatever a copy of the process does meanwhile."""
    assert printed(KEPT, TMPDIR=str(tmp_path)) == ["True"] * 4 + ["0", "True", "True"]


def test_the_speed_layer_is_left_out_where_a_source_differs() -> None:
    code = (
        "import os\n"
        "os.environ.pop('HANDOUT_ENGINE', None)\n"
        "import handout_builder.engine.known_versions as known\n"
        "from handout_builder.engine.session import session\n"
        "known.KNOWN = {version: 'other' for version in known.KNOWN}\n"
        "with session() as engine: print(engine.plain)\n"
    )
    assert " ".join(printed(code)).endswith("was changed after its release")


def test_the_known_version_is_the_one_of_the_lock_file() -> None:
    if known_versions.installed() not in known_versions.KNOWN:
        pytest.skip("another version of WeasyPrint is installed")
    with session() as engine:
        assert engine.versions[0] == known_versions.installed()
        assert (engine.speed is None) == bool(engine.plain)


def test_the_plain_way_is_told_once_and_makes_files_of_its_own(tmp_path: Path) -> None:
    folder = tiny_handout(tmp_path, "knee")

    def built(*, plain: bool) -> str:
        env = os.environ | {"HANDOUT_ENGINE": "plain" if plain else ""}
        words = ["--format", "pdf", "--edition", "a4", "--edition", "one-page", "--out", str(tmp_path / "out")]
        command = [sys.executable, "make_handout.py", str(folder), *words]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
        return done.stderr

    built(plain=False)
    assert "nothing changed" in built(plain=False)
    told = built(plain=True)
    assert told.count("note engine-plain") == 1
    assert "changed" not in told  # all was made anew


def test_no_page_of_other_words_is_taken_for_one_that_was_seen() -> None:
    """The plain engine called the pages of each document the same: a preview stayed as it was."""
    source = source_of(SHORT)
    first = pipeline.preview(Product(source))
    title = source.handout.model_copy(update={"title": "Another title"})
    assert first.pages is not None
    again = pipeline.preview(Product(replace(source, handout=title)), first.pages.looks)
    assert "pdf" in again


def test_a_column_as_high_as_the_page_is_taken_for_no_higher() -> None:
    """The columns of a Spanish visit sheet: the engine left the first one full, the other one half empty."""
    room, columns = 637.5660993175853, [637.5660993175854, 288.41521889763834]
    with session() as engine:
        module = sys.modules[f"{engine._weasyprint.__name__}.layout.column"]
    assert max(columns) > room
    assert module.max(columns) <= room
    assert module.max(1, 2) == 2
