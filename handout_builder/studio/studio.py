"""What all places share: the project, the process that renders, what it has made, and who is told of changes."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from handout_builder import watching
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.studio import forms, kept_pages
from handout_builder.studio.atlas import Atlas
from handout_builder.studio.drafts import Draft, Drafts
from handout_builder.studio.gate import Keys
from handout_builder.studio.jobs import EarlyPages, Job, PageFacts, Rendered, SheetJob
from handout_builder.studio.page_images import PageImages
from handout_builder.studio.project import Project
from handout_builder.studio.workshop import FIRST_SEAT, Workshop

PATIENCE = 2.5
"""Seconds that an answer waits for its pages before it says that they are being drawn."""
_MOST_MADE = 24
# Seconds without a change after which what was only looked at is made in full: some faults are seen in that alone.
_PAUSE = 4.0
_BEAT = 5.0
# What is kept for the next start, and the points, are made when the browser has had its pictures.
_AFTER_START = 1.0


@dataclass(frozen=True)
class View:
    """What is to be shown of something that is rendered."""

    pages: tuple[PageFacts, ...] = ()
    fresh: bool = False
    """Whether the pages are of the newest state."""
    drawing: bool = False
    failed: bool = False
    since: str = ""
    """When pages that are not fresh were made."""
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0
    rendered: Rendered | None = None

    @property
    def errors(self) -> list[Problem]:
        """What stops the newest state."""
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]


@dataclass
class Studio:
    """The state of the running program."""

    project: Project
    keys: Keys
    workshop: Workshop = field(default_factory=Workshop)
    images: PageImages = field(default_factory=PageImages)
    cookie: str = "studio"
    atlas: Atlas = field(init=False)
    drafts: Drafts = field(init=False)
    sheets: "dict[str, Any]" = field(default_factory=dict, repr=False)
    """The last pages of visit sheets, by the keys of their tabs."""
    proposed: dict[Path, tuple[str, str | None]] = field(default_factory=dict)
    """The colours that logos have proposed, by the files of brands."""
    _made: "OrderedDict[Job, Rendered]" = field(default_factory=OrderedDict)
    _good: "OrderedDict[object, tuple[Rendered, str]]" = field(default_factory=OrderedDict)
    _wrote: dict[Path, tuple[watching.Signature, str]] = field(default_factory=dict)
    _early: "dict[Job, tuple[PageFacts, ...]]" = field(default_factory=dict)
    """The first pages of jobs that are running."""
    _running: "dict[Job, asyncio.Task[Rendered | None]]" = field(default_factory=dict)
    _judging: "dict[str, asyncio.Task[None]]" = field(default_factory=dict)
    _listening: "set[asyncio.Queue[tuple[str, str]]]" = field(default_factory=set)

    async def view(self, seat: str, job: Job, subject: object, patience: float | None = None) -> View:
        """Return what is to be shown of a job; where it fails, or takes its time, the last good pages of its subject.

        ``seat`` is who waits, the path of the page in the browser: an older job of the same seat is dropped, and
        pictures of pages that change are told there before the rest is known. ``patience`` is in seconds.
        """
        if patience is None:  # at a start, browsers have scripts to load while the first pages are made
            patience = PATIENCE if self._made else 0.0
        made = self.known(job)
        if made is None:
            if early := self._early.get(job):
                return View(early, drawing=True)
            task = self._task(seat, job, subject)
            with contextlib.suppress(TimeoutError):
                made = await asyncio.wait_for(asyncio.shield(task), patience)
        if made is None:
            known, since = self._good.get(subject, (None, ""))
            pages = known.pages if known else ()
            return View(pages, drawing=True, since=since, rendered=known)
        if made.failed:
            known, since = self._good.get(subject, (None, ""))
            return View(
                known.pages if known else (), failed=True, since=since, problems=made.notes, rendered=known or made
            )
        now = datetime.now().astimezone().strftime("%H:%M")
        before = self._good.get(subject, (made, ""))[0].pages
        self._good[subject] = made, now
        self._good.move_to_end(subject)
        while len(self._good) > _MOST_MADE:
            self._good.popitem(last=False)
        self.images.add(made.pictures)
        if changed := next((page for page in made.pages if page not in before), None):
            self._draw_ahead(changed)
        return View(made.pages, fresh=True, problems=made.notes, seconds=made.seconds, rendered=made)

    def known(self, job: Job) -> Rendered | None:
        """Return what was made of a job, if its files are what they were."""
        made = self._made.get(job)
        if made is None or not made.up_to_date:
            self._made.pop(job, None)
            return None
        self._made.move_to_end(job)
        return made

    async def result(self, seat: str, job: Job | SheetJob) -> Rendered | None:
        """Return what came of a job, however long it takes; None where a newer one of the same seat took its place."""
        if isinstance(job, SheetJob):
            return await self._ordered(seat, job)
        if made := self.known(job):
            return made
        # Whoever asks for it at the same time has ordered it for a seat of their own, and may want another one since.
        shared = job in self._running
        made = await asyncio.shield(self._task(seat, job))
        return await self._render(seat, job) if made is None and shared else made

    def _task(self, seat: str, job: Job, subject: object = None) -> "asyncio.Task[Rendered | None]":
        """Return the task that makes a job: the one that is running, or one for this seat."""
        task = self._running.get(job)
        if task is None:
            task = self._running[job] = asyncio.create_task(self._render(seat, job, subject))
            task.add_done_callback(lambda _: (self._running.pop(job, None), self._early.pop(job, None)))
        return task

    async def _render(self, seat: str, job: Job, subject: object = None) -> Rendered | None:
        if judging := self._judging.pop(seat, None):
            judging.cancel()
        loop = asyncio.get_running_loop()
        made = await self._ordered(
            seat, job, lambda early: loop.call_soon_threadsafe(self._show_early, seat, job, subject, early)
        )
        if made is not None:
            made = replace(made, drawn=self.images.held(made.pictures)) if made.drawn else made
            self._keep(job, made)
            if job.preview and not made.failed:
                self._judging[seat] = asyncio.create_task(self._judge(seat, job, made))
        return made

    def _show_early(self, seat: str, job: Job, subject: object, early: EarlyPages) -> None:
        """Show pages before the rest is known: pictures in the places of others, or the first ones that there are."""
        self.images.add(early.pictures)
        if subject not in self._good:
            self._early[job] = early.pages
            self.tell("changed")
            self._draw_ahead(early.pages[0])
            return
        shown = self._good[subject][0].pages
        changed = [(old, new) for old, new in zip(shown, early.pages, strict=False) if old.digest != new.digest]
        for old, new in changed:
            self.tell("page", f"{seat} {old.digest} {new.digest}")
        if changed:
            self._draw_ahead(changed[0][1])

    def _draw_ahead(self, page: PageFacts) -> None:
        """Draw a page that a browser is about to ask for, which has to read an answer first."""
        asyncio.get_running_loop().run_in_executor(None, self.images.draw_ahead, page.digest)

    async def _judge(self, seat: str, job: Job, shown: Rendered) -> None:
        """Make in full what is only looked at, once nobody changes it any more, and tell what is wrong with that."""
        await asyncio.sleep(_PAUSE)
        made = await asyncio.wrap_future(self.workshop.order(seat, replace(job, preview=False), idle=True))
        if made is None or (made.notes, made.spots, made.failed) == (shown.notes, shown.spots, False):
            return
        # Where a page was not laid out again that should have been, those of the finished file are shown.
        self._keep(job, replace(shown, notes=made.notes, failed=True) if made.failed else made)
        self.tell("changed")

    def _keep(self, job: Job, made: Rendered) -> None:
        self._made[job] = made
        while len(self._made) > _MOST_MADE:
            self._made.popitem(last=False)

    async def _ordered(
        self, seat: str, job: Job | SheetJob, early: Callable[[EarlyPages], object] = lambda _: None
    ) -> Rendered | None:
        self.tell("state", "busy")
        made = await asyncio.wrap_future(self.workshop.order(seat, job, early))
        if made is not None:
            self.tell("ready", f"{made.seconds:.1f}")
        return made

    def __post_init__(self) -> None:
        self.atlas = Atlas(self.project.root)
        self.drafts = Drafts(self.project)

    def tell(self, event: str, data: str = "") -> None:
        """Tell every open page of something."""
        for listener in self._listening:
            listener.put_nowait((event, data))

    async def events(self, number: Callable[[str], str] = str) -> AsyncIterator[str]:
        """Yield what open pages are told, as server-sent events, with a beat by which they know that we live.

        ``number`` writes one as the language of the page does.
        """
        mine: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._listening.add(mine)
        try:
            yield "retry: 1500\nevent: beat\ndata:\n\n"
            while True:
                try:
                    event, data = await asyncio.wait_for(mine.get(), _BEAT)
                except TimeoutError:
                    event, data = "beat", ""
                if event == "ready":
                    event, data = "state", f"ready {number(data)}"
                yield f"event: {event}\ndata: {data}\n\n"
        finally:
            self._listening.discard(mine)

    async def watch(self) -> None:
        """Tell open pages when another program changes files of the project."""
        before = await asyncio.to_thread(watching.files_in, self.project.folders())
        while True:
            await asyncio.sleep(watching.EVERY if self._listening else 4 * watching.EVERY)
            now = await asyncio.to_thread(watching.files_in, self.project.folders())
            if changed := watching.changed(before, now):
                own = {self._wrote.get(path, (None, ""))[1] for path in changed if self._mine(path, now.get(path))}
                others = [path for path in changed if not self._mine(path, now.get(path))]
                # The tab that has saved it shows it already, with its findings.
                self.tell("changed", own.pop() if len(own) == 1 and not others else "")
            before = now

    def recall(self) -> None:
        """Take up the pages that were shown last, where they are still what would be made."""
        if (job := self.project.first_job()) and (made := kept_pages.kept(self.project, job.order)):
            self._keep(job, made)

    def keep_last(self) -> None:
        """Keep the pages that were shown last for the next start."""
        job = self.project.first_job()
        if job and (made := self.known(job)) and not made.failed:
            with contextlib.suppress(HandoutError):  # the next start takes its time, where there is no room
                kept_pages.keep(self.project, job.order, made)

    async def warm(self) -> None:
        """Render what was chosen last: it is there when a browser asks, and the process has all in its hands."""
        if job := self.project.first_job():
            if self.known(job):
                await self._render(FIRST_SEAT, job)
            else:
                await self.view(FIRST_SEAT, job, ("print", job.order), patience=60)
                await asyncio.sleep(_AFTER_START)
                await asyncio.to_thread(self.keep_last)
        with contextlib.suppress(HandoutError):  # it is told where points are asked for
            await self.atlas.lookup()

    def handout_draft(self, name: str, lang: str) -> Draft | None:
        """Return the draft of a handout in a language; None where there is none. Raises HandoutError, EditError."""
        entry = self.project.handout(name)
        if entry is None or lang not in entry.titles:
            return None
        path = self.project.root / entry.name / f"{lang}.yaml"
        return self.drafts.of(path, forms.keys(forms.handout_schema()))

    def wrote(self, path: Path, tab: str) -> None:
        """Note that a tab of ours has written a file."""
        self._wrote[path] = watching.signature(path), tab

    def _mine(self, path: Path, now: watching.Signature | None) -> bool:
        return self._wrote.get(path, (None, ""))[0] == now
