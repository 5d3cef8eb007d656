"""The process that renders: the newest state first, what nobody waits for is dropped, an end is told and got over."""

from __future__ import annotations

import itertools
import json
import os
import signal
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.processes import HANGS

from handout_builder import watching
from handout_builder.builder import supervisor
from handout_builder.editions import EDITIONS
from handout_builder.orders import Order
from handout_builder.pipeline import Arrangement, MadeFiles
from handout_builder.render.product import Product
from handout_builder.studio import kept_pages
from handout_builder.studio import renderer as renderer_module
from handout_builder.studio.jobs import EarlyPages, Job, PageFacts, Rendered
from handout_builder.studio.page_images import _drawn
from handout_builder.studio.project import Project
from handout_builder.studio.renderer import Renderer
from handout_builder.studio.workshop import Workshop

from .conftest import NAME


class Slow:
    """Takes a moment for each job, and tells which one it did; for a word it ends its process."""

    def __init__(self) -> None:
        self.early: Callable[[EarlyPages], None] = lambda _: None
        self.dropped: Callable[[], bool] = lambda: False

    def prepare(self) -> None:
        """Nothing is to be loaded."""

    def do(self, task: Job, _: Callable[[str], None]) -> Rendered | None:
        """Return the name of the job; of one that is long nothing before it is dropped."""
        if task.order.lang == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        self.early(EarlyPages((PageFacts(task.order.lang, 1, 1, ()),), ()))
        time.sleep(0.3)
        end = time.monotonic() + 2 * HANGS
        while task.order.lang == "long" and time.monotonic() < end:
            if self.dropped():
                return None
            time.sleep(0.01)
        return Rendered(files={"pdf": task.order.lang.encode()})


def slow() -> Slow:
    """Return what does jobs slowly."""
    return Slow()


def job(word: str) -> Job:
    """Return a job that is told by a word."""
    return Job(Order(Path("source") / NAME, word, None, (EDITIONS["a4"],)))


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    """A workshop that is slow."""
    found = Workshop(slow)
    found.open()
    yield found
    found.close()


def test_a_seat_gets_its_newest_job_and_the_older_ones_are_dropped(workshop: Workshop) -> None:
    told = list[EarlyPages]()
    first = workshop.order("one", job("a"), early=told.append)
    time.sleep(0.15)  # it is begun
    others = [workshop.order("one", job(word)) for word in "bcd"]
    results = [one.result(20) for one in (first, *others)]
    assert [found.files["pdf"] if found else None for found in results] == [b"a", None, None, b"d"]
    assert [page.digest for early in told for page in early.pages] == ["a"]


def test_who_asks_for_what_is_being_done_gets_that_and_what_it_has_shown(workshop: Workshop) -> None:
    told, more = list[EarlyPages](), list[EarlyPages]()
    first = workshop.order("one", job("a"), early=told.append)
    time.sleep(0.15)
    assert workshop.order("one", job("a"), early=more.append) is first
    assert more == told
    assert workshop.order("two", job("a")) is not first
    # Of what waits the newest counts, whatever is being done.
    dropped = workshop.order("one", job("b"))
    last = workshop.order("one", job("a"))
    assert last is not first
    assert (first.result(20), dropped.result(20), last.result(20)) == (last.result(20), None, first.result(20))
    # What is done is done: files may be others by now.
    assert workshop.order("one", job("a")) is not last


def test_an_idle_job_is_left_off_for_another_and_begun_again(workshop: Workshop) -> None:
    told = list[EarlyPages]()
    idle = workshop.order("one", job("long"), early=told.append, idle=True)
    time.sleep(0.5)
    found = workshop.order("two", job("a")).result(HANGS)
    assert found is not None
    assert found.files["pdf"] == b"a"
    time.sleep(0.5)
    assert len(told) == 2
    # Of the same seat the newer one takes its place.
    assert workshop.order("one", job("b")).result(20) is not None
    assert idle.result(20) is None
    # Nobody waits for one that is idle.
    waiting = [workshop.order("one", job("a")), workshop.order("three", job("idle"), idle=True)]
    waiting.append(workshop.order("two", job("b")))
    done: list[str] = []
    for outcome in waiting:
        outcome.add_done_callback(lambda found: done.append(found.result().files["pdf"].decode()))
    for outcome in waiting:
        outcome.result(20)
    assert done[-1] == "idle"


def test_who_gives_up_ends_nothing_for_others(workshop: Workshop) -> None:
    begun = workshop.order("one", job("a"))
    time.sleep(0.15)
    waiting = workshop.order("two", job("b"))
    dropped = workshop.order("one", job("c"))
    assert waiting.cancel()
    assert dropped.cancel()
    assert not begun.cancel()  # it is in the works, and what it gives is told to nobody
    after = workshop.order("one", job("d")).result(20)
    assert after is not None
    assert after.files["pdf"] == b"d"


def test_who_has_asked_last_is_served_first(workshop: Workshop) -> None:
    first = workshop.order("one", job("a"))
    time.sleep(0.15)
    done: list[str] = []
    waiting = [workshop.order(seat, job(seat)) for seat in ("two", "three")]
    for outcome in waiting:
        outcome.add_done_callback(lambda found: done.append(found.result().files["pdf"].decode()))
    for outcome in (first, *waiting):
        outcome.result(20)
    assert done == ["three", "two"]


def test_an_end_of_the_process_is_told_and_the_next_job_starts_another(workshop: Workshop) -> None:
    ended = workshop.order("one", job("die")).result(30)
    assert ended is not None
    assert ended.failed
    assert ended.notes[0].code in ("worker", "limit")
    after = workshop.order("one", job("a")).result(30)
    assert after is not None
    assert after.files["pdf"] == b"a"


def order_of(top: Path) -> Order:
    """Return the order for the short handout."""
    return Order(top / "source" / NAME, "en", None, (EDITIONS["a4"],))


def rendered(top: Path, renderer: Renderer, draft: str = "", *, preview: bool = False) -> Rendered:
    """Return what a renderer makes of the short handout."""
    order = order_of(top)
    drafts = ((order.text, draft.encode()),) if draft else ()
    made = renderer.do(Job(order, drafts=drafts, preview=preview), lambda _: None)
    assert made is not None
    return made


def test_where_no_process_may_be_started_that_is_told_and_the_next_job_tries_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    workshop.order("one", job("die")).result(HANGS)
    with monkeypatch.context() as context:
        context.setattr(supervisor.Process, "started", refuse)
        failed = workshop.order("one", job("a")).result(HANGS)
    assert failed is not None
    assert [note.code for note in failed.notes] == ["worker"]
    made = workshop.order("one", job("b")).result(HANGS)
    assert made is not None
    assert made.files == {"pdf": b"b"}


def test_what_fails_tells_of_which_files_it_would_be_made(project: Path) -> None:
    # Else it would be said of these files for ever, mended or not.
    folder = project / "source" / "brands" / "harbour-lane"
    path = folder / "_brand.yml"
    path.write_text(path.read_text("utf-8") + "surprise: x\n", "utf-8")
    failed = Renderer().do(Job(replace(order_of(project), brand=folder)), lambda _: None)
    assert failed is not None
    assert failed.failed
    assert path in failed.read


def test_a_page_that_looks_the_same_has_the_same_digest(project: Path) -> None:
    renderer = Renderer()
    text = (project / "source" / NAME / "en.yaml").read_text("utf-8")
    one, same = rendered(project, renderer), rendered(project, renderer, draft=text)
    other = rendered(project, renderer, draft=text.replace("Write what the point is for.", "Another word."))
    assert not one.failed
    assert one.pages == same.pages
    # What is only looked at looks like what is printed.
    looked = rendered(project, renderer, preview=True)
    shown, printed = ([_drawn(pdf, number, 800) for _, pdf, number in made.pictures] for made in (looked, one))
    assert shown == printed
    assert looked.spots == one.spots
    assert not any(b"/StructTreeRoot" in pdf for _, pdf, _ in looked.pictures)
    # The next start has them at once, as long as they are what would be made.
    known = Project()
    kept_pages.keep(known, order_of(project), one)
    kept = kept_pages.kept(known, order_of(project))
    assert kept is not None
    assert (kept.pages, kept.files) == (one.pages, dict(one.files))
    assert kept_pages.kept(known, replace(order_of(project), editions=(EDITIONS["letter"],))) is None
    path = order_of(project).text
    path.write_text(text + "# a word\n", "utf-8")
    assert kept_pages.kept(known, order_of(project)) is None
    path.write_text(text, "utf-8")
    assert other.pages != one.pages
    moved = [a.digest != b.digest for a, b in zip(one.pages, other.pages, strict=True)]
    assert any(moved)
    assert one.pages[0].headings[0] == "A short handout"
    assert {spot.location[0] for spot in one.spots} >= {"title", "sections"}
    assert all(0 <= spot.left <= 1 and 0 <= spot.top <= 1 for spot in one.spots)


def test_pages_are_shown_before_all_is_known_of_them(project: Path) -> None:
    renderer, early = Renderer(), list[EarlyPages]()
    renderer.early = early.append
    begun, again = rendered(project, renderer), rendered(project, renderer)
    ((page, pdf, number),) = early[0].pictures  # the first one of what a process makes first
    assert early == [((page,), ((page, pdf, number),))]
    assert page.headings == begun.pages[0].headings
    assert begun.files == again.files  # nothing is other by that
    text = order_of(project).text.read_text("utf-8")
    for words in ("Write what the point is for.", "Another word."):
        draft = text.replace("Write what the point is for.", words)
        looked = rendered(project, renderer, draft=draft, preview=True)
        assert early[-1].pages == looked.pages
    changed = {page for page in early[-1].pages if page not in early[-2].pages}
    assert changed
    assert changed <= {page for page, *_ in early[-1].pictures}


def test_a_job_that_is_left_off_anywhere_leaves_nothing_behind(project: Path) -> None:
    renderer = Renderer()
    first, looked = rendered(project, renderer), rendered(project, renderer, preview=True)
    for stop in itertools.count():
        asked = itertools.count()
        renderer.dropped = lambda: next(asked) == stop  # noqa: B023  # it is asked in this turn alone
        left = renderer.do(Job(order_of(project)), lambda _: None)
        renderer.dropped = lambda: False
        if left:
            break
        assert rendered(project, renderer, preview=True).pages == looked.pages
    assert stop == 8  # two pages laid out, two drawn; the fonts, the end of the file; what is said of it; its pages
    assert rendered(project, renderer).files == first.files


def test_while_somebody_types_pages_are_those_of_the_whole_text(project: Path) -> None:
    renderer, path = Renderer(), order_of(project).text
    text = path.read_text("utf-8")
    for words in ("for", "for, and for whom", "for, " + "and for whom " * 40):
        draft = text.replace("Write what the point is for.", json.dumps(f"Write what the point is {words}".strip()))
        typed, whole = (rendered(project, one, draft=draft, preview=True) for one in (renderer, Renderer()))
        assert not typed.failed
        assert (typed.pages, typed.spots, typed.notes) == (whole.pages, whole.spots, whole.notes)
        assert [_drawn(pdf, number, 360) for _, pdf, number in typed.pictures] == [
            _drawn(pdf, number, 360) for _, pdf, number in whole.pictures
        ]


def test_a_draft_is_judged_as_a_file_and_touches_none(project: Path) -> None:
    path = project / "source" / NAME / "en.yaml"
    before = path.read_bytes()
    text = path.read_text("utf-8").replace("BL23", "BL230")
    found = rendered(project, Renderer(), draft=text)
    assert found.failed
    problem = found.notes[0]
    assert (problem.code, problem.line) == ("unknown-point", text.splitlines().index("          - code: BL230") + 1)
    assert path.read_bytes() == before


def test_pages_of_a_text_that_is_saved_while_they_are_made_are_not_taken_for_those_of_the_new_one(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = order_of(project).text
    real = renderer_module.preview

    def slow_preview(product: Product, known: Collection[int], before: Arrangement | None) -> MadeFiles:
        path.write_text(path.read_text("utf-8") + "# a word\n", "utf-8")
        return real(product, known, before)

    monkeypatch.setattr(renderer_module, "preview", slow_preview)
    made = rendered(project, Renderer(), preview=True)
    assert made.read[path] != watching.signature(path)
    others = {one: signature for one, signature in made.read.items() if one != path}
    assert watching.signatures(others) == others
