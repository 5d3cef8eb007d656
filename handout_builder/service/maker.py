"""What makes files in a process of its own: handouts and brands stay loaded as long as their files are the same."""

import contextlib
import json
import os
import re
import signal
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handout_builder import clock
from handout_builder.builder.file_cache import FileCache
from handout_builder.builder.garbage_collection import Garbage
from handout_builder.content.loader import Common, Source, load, load_common
from handout_builder.content.yaml_reader import YamlFile
from handout_builder.errors import HandoutError, Problem, kind_and_place
from handout_builder.fhir.bundle import one_patient, time_zone
from handout_builder.looks import DEFAULT_LOOK
from handout_builder.orders import Order, look_of, source_folder
from handout_builder.pipeline import make, remarks
from handout_builder.progress import Progress
from handout_builder.render.bilingual import refuse_unlike
from handout_builder.render.product import Product
from handout_builder.service.catalogue import brand_folder, handout_folder, order_of
from handout_builder.service.messages import Finding, HandoutOrder, SheetOrder
from handout_builder.service.pointers import Pointers, TooManyError
from handout_builder.service.tasks import Made, Outcome, Ping, Refused, Task
from handout_builder.visit import contents, handout_link, reader, record, sheet

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand

MEDIA_TYPES = {"pdf": "application/pdf", "epub": "application/epub+zip"}
_REQUEST = Path("request")
_VISIT = "#/visit"
_ORDER, _FILES = 422, 409
# The keys of orders that problems with these codes are about; and what says which point one is about.
_KEYS = {
    "fhir": "fhir",
    "no-book": "format",
    "time-zone": "time_zone",
    "too-long": "visit",
    "two-languages": "lang",
    "unknown-brand": "brand",
    "unknown-edition": "edition",
    "unknown-handout": "handout",
    "unknown-language": "lang",
    "unknown-look": "look",
}
_POINT = re.compile(r"points (\d+)")
# Brands, languages and texts that stay loaded; handouts that stay made.
_LOADED, _MADE = 40, 40
# Codes of what neither an order nor a file of the service is to blame for.
_OURS = frozenset(("engine", "incomplete", "installation", "mistake", "typesetting"))


class Maker:
    """Makes one file after another."""

    def __init__(self) -> None:
        self._loaded, self._made = FileCache(_LOADED), FileCache(_MADE)
        self._garbage = Garbage()

    def prepare(self) -> None:
        """Load the engine, which takes most of a start.

        Signals are the parent's to obey: it lets what was begun be finished. What libraries say may quote what they
        were given, so that nobody hears it.
        """
        from handout_builder.builder.worker import load_engine  # noqa: PLC0415

        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_IGN)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        load_engine()

    def do(self, task: Task, _: Progress) -> Outcome:
        """Return what comes of a task; what is wrong is told, not raised, and nothing of a visit is quoted."""
        if isinstance(task, Ping):
            return Made(b"", "", "")
        self._garbage.collect()
        try:
            return self._sheet(task) if isinstance(task, SheetOrder) else self._handout(task)
        except HandoutError as error:  # of the files that the service has
            return _refusal(_FILES, error.problems)
        except MemoryError:  # who gave the task tells what is too much
            raise
        except Exception as error:  # its words may be those of a visit
            told = f"this is a bug in the program: {kind_and_place(error)}"
            return Refused(500, (Finding(code="mistake", message=told),))

    def _handout(self, wanted: HandoutOrder) -> Outcome:
        try:
            order = order_of(wanted, source_folder())
        except HandoutError as error:
            return _refusal(_ORDER, error.problems)
        return self._made.once(wanted, lambda: self._made_of(order, wanted))

    def _made_of(self, order: Order, wanted: HandoutOrder) -> Made:
        """Return the file of an order; raises HandoutError."""
        source, *second = (self._text(order.folder, lang) for lang in filter(None, (order.lang, order.second)))
        refuse_unlike(source, *second)
        brand = self._brand(order.brand) if order.brand else None
        product = Product(source, brand, second=second[0] if second else None)
        edition = order.chosen(source.handout.editions, source.handout.look)[0]
        product = replace(product, edition=edition)
        made = make(product, [wanted.format])
        notes = tuple(dict.fromkeys(note.code for note in remarks(product, made)))
        name = Path(order.target(edition, wanted.format)).name
        pages = made.pages.count if made.pages else 0
        return Made(made[wanted.format], MEDIA_TYPES[wanted.format], name, pages, notes)

    def _sheet(self, wanted: SheetOrder) -> Outcome:
        root = source_folder()
        try:
            pointers = Pointers(wanted.visit, _VISIT)
        except TooManyError:
            found = Finding(code="too-large", message="a visit has fewer values", pointer=_VISIT)
            return Refused(_ORDER, (found,))
        try:
            folder = brand_folder(wanted.brand, root)
            look = look_of(wanted.look) if wanted.look else DEFAULT_LOOK
            values = {**_told(wanted), **wanted.visit}
            file = YamlFile(_REQUEST, values, pointers.lines, "")
            visit, common = reader.checked(file, root, self._common)
            linked = handout_folder(wanted.handout, root) if wanted.handout else None
        except HandoutError as error:
            return _refusal(_ORDER, error.problems, pointers)
        link = handout_link.address_of(linked, visit.lang) if linked else ""
        brand = self._brand(folder) if folder else None
        form = sheet.SheetForm(wanted.paper, wanted.large_print, look, wanted.pages, link)
        try:
            made = sheet.made(visit, common, brand, form)
        except HandoutError as error:
            return _refusal(_ORDER, error.problems)
        notes = tuple(dict.fromkeys(note.code for note in made.notes))
        return Made(made.pdf, MEDIA_TYPES["pdf"], f"{contents.NAME}.pdf", made.pages, notes)

    def _common(self, root: Path, lang: str) -> Common:
        return self._loaded.once((root, lang), lambda: load_common(root, lang))

    def _text(self, folder: Path, lang: str) -> Source:
        common = self._common(folder.parent, lang)
        return self._loaded.once((folder, lang), lambda: load(folder, lang, common))

    def _brand(self, folder: Path) -> "Brand":
        from handout_builder.brand.loader import load_brand  # noqa: PLC0415  # colours and QR codes only with a brand

        return self._loaded.once(folder, lambda: load_brand(folder))


def maker() -> Maker:
    """Return what makes files; for a new process."""
    return Maker()


def _told(wanted: SheetOrder) -> dict[str, Any]:
    """Return what a record tells, and the day of the visit, today where it is not given; raises HandoutError."""
    zone = time_zone(wanted.time_zone, _REQUEST) if wanted.time_zone else None
    today = datetime.now(zone).date() if zone else clock.today()
    told: dict[str, Any] = {"date": today.isoformat()}
    if wanted.fhir is None:
        return told
    day = wanted.visit.get("date")
    after = today
    if isinstance(day, str):
        with contextlib.suppress(ValueError):  # what is no day is told by the reader of visits
            after = date.fromisoformat(day)
    data = json.dumps(wanted.fhir).encode()
    return {**told, **record.values_of(one_patient(data, _REQUEST, after=after, zone=wanted.time_zone))}


def _refusal(status: int, problems: Iterable[Problem], pointers: Pointers | None = None) -> Refused:
    """Return what is told of problems: of an order where it is wrong, of a file of the service where that is."""
    found = tuple(problems)
    if any(problem.code in _OURS for problem in found):
        status = 500
    return Refused(
        status,
        tuple(
            Finding(
                code=problem.code,
                message=problem.message,
                hint=problem.hint,
                pointer=_pointer(problem, pointers) if status == _ORDER else "",
                source=_source(problem) if status == _FILES else "",
            )
            for problem in found
        ),
    )


def _pointer(problem: Problem, pointers: Pointers | None) -> str:
    """Return where in a request a problem is; empty where it is not known."""
    if problem.code in _KEYS:
        return f"#/{_KEYS[problem.code]}"
    if match := _POINT.match(problem.message):
        return f"{_VISIT}/points/{int(match[1]) - 1}"
    return pointers.pointer(problem.line) if pointers and problem.line else ""


def _source(problem: Problem) -> str:
    """Return where in a file a problem is: the path inside the source folder, else the file's name."""
    path = problem.path.absolute()
    with contextlib.suppress(ValueError):
        path = path.relative_to(source_folder().absolute())
    shown = path.name if path.is_absolute() else path.as_posix()
    return f"{shown}:{problem.line}" if problem.line else shown
