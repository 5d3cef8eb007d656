"""Makes copies, one row after another, in this process or in one of its own; what it tells has no words of a row."""

import gc
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from handout_builder import shards, signals
from handout_builder.copies import private_files
from handout_builder.copies.bucket import Bucket
from handout_builder.copies.kinds import load
from handout_builder.copies.outcome import Outcome, Result
from handout_builder.copies.rows import Row, RowProblem
from handout_builder.copies.template import Template
from handout_builder.copies.writer import BoxError, Filler, fastest
from handout_builder.engine.session import session
from handout_builder.errors import REPORT_HINT, HandoutError, kind_and_place
from handout_builder.fhir.document_reference import document_reference
from handout_builder.orders import Order
from handout_builder.pdf import joiners
from handout_builder.pipeline import Loader, make
from handout_builder.progress import Progress
from handout_builder.render.product import Product

REFERENCE = ".fhir.json"
"""The ending of a DocumentReference: no report or list has it, so that --forget knows them."""


@dataclass(frozen=True)
class Stopped:
    """Nothing more can be written: what the system says."""

    reason: str


@dataclass(frozen=True)
class Work:
    """What is done with rows."""

    kinds: Sequence[tuple[Order, Template]] = field(repr=False)
    folder: Path | None = None
    """Where the files go; without one their bytes are given back."""
    encrypted: bool = False
    digits: int = 6
    """Of the numbers that files are called by."""
    referenced: str = ""
    """The day (YYYY-MM-DD) of the DocumentReference beside each file; "" for none."""
    spread: int = 0
    """How many digits the names of the folders have that copies are spread over; 0 for none."""
    url: str = ""
    """Where the files go that no folder of this machine has, as fsspec writes it; "" for nowhere."""

    def from_elsewhere(self) -> "Work":
        """Return the work as a process finds it that stands in another folder."""
        return replace(self, kinds=[(order.from_elsewhere(), template) for order, template in self.kinds])

    def stem(self, row: Row) -> str:
        """Return what a row's copy is called, without the ending."""
        return row.name or f"{row.number:0{self.digits}}"

    def name(self, row: Row) -> str:
        """Return where a row's copy goes, inside the place for all."""
        stem = self.stem(row)
        folder = shards.folder_of(stem, self.spread)
        return f"{folder}/{stem}.pdf" if folder else f"{stem}.pdf"

    def file(self, row: Row) -> Path:
        """Return where a row's copy goes."""
        assert self.folder
        return self.folder / self.name(row)

    def reference(self, number: int, row: Row, pdf: bytes) -> bytes:
        """Return the DocumentReference of a row's copy; ``number`` is that of its kind."""
        _, template = self.kinds[number]
        return document_reference(
            pdf,
            title=template.title,
            lang=template.lang,
            created=self.referenced,
            subject=row.subject,
            topics=template.topics,
        )


class Worker:
    """Does batches of rows."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._fillers: dict[int, Filler] = {}
        self._products: dict[int, Product] = {}
        self._begun = [hashlib.sha256(template.pdf) for _, template in work.kinds]
        self._bucket = Bucket(work.url) if work.url else None

    def prepare(self) -> None:
        """Load the typefaces."""
        for number in range(len(self._work.kinds)):
            self._filler(number)

    def do(self, task: Sequence[tuple[int, Row]], progress: Progress) -> list[Outcome] | Stopped:  # noqa: ARG002
        """Make the copies of rows, given with the numbers of their kinds."""
        done = []
        part = private_files.part_name()
        for kind, row in task:
            try:
                done.append(self._made(kind, row, part))
            except OSError as error:
                return Stopped(error.strerror or type(error).__name__)
        return done

    def _made(self, number: int, row: Row, part: str) -> Outcome:
        """Return what came of a row; raises OSError where it cannot be written."""
        try:
            head, tail, problems = self._copy(number, row)
            if self._work.encrypted:
                from handout_builder.copies.encryption import encrypted  # noqa: PLC0415

                head, tail = encrypted(head + tail, row.password), b""
        except HandoutError as error:  # whose words may be the row's
            codes = sorted({problem.code for problem in error.problems})
            message = f"the engine cannot lay it out: {', '.join(codes)}"
            return _not_made(row, RowProblem("long-way", message, hint="shorten the words of this row"))
        except OSError:
            raise
        except Exception as error:  # a mistake of ours, told without the row's words
            message = f"this is a bug in the program: {kind_and_place(error)}"
            return _not_made(row, RowProblem("mistake", message, hint=REPORT_HINT))
        finally:
            signals.raise_again()
        result: Result = "made-long" if problems else "made"
        outcome = Outcome(row.number, result, problems, row.line, digest=self._digest(number, head, tail))
        if self._bucket:
            if self._work.referenced:
                name = self._work.name(row).removesuffix(".pdf") + REFERENCE
                self._bucket.write(name, self._work.reference(number, row, head + tail))
            self._bucket.write(self._work.name(row), head + tail)
        elif self._work.folder is None:
            whole = bool(problems) or not tail
            return replace(outcome, data=head + tail if whole else tail, whole=whole)
        else:
            write_copy(self._work, number, row, part, head, tail)
        return outcome

    def _digest(self, number: int, head: bytes, tail: bytes) -> str:
        """Return the digest of a copy; the template is not digested again for each."""
        digest = self._begun[number].copy() if tail else hashlib.sha256(head)
        digest.update(tail)
        return digest.hexdigest()

    def _copy(self, number: int, row: Row) -> tuple[bytes, bytes, tuple[RowProblem, ...]]:
        """Return a copy in two parts, and why it was laid out by the engine; no reasons where it was not."""
        order, template = self._work.kinds[number]
        try:
            return template.pdf, self._filler(number).tail(row.words), ()
        except BoxError as error:
            hint = "nothing is to be done: the copy is laid out by itself, which takes longer"
            reasons = tuple(RowProblem("long-way", str(reason), box, hint) for box, reason in error.reasons.items())
            if number not in self._products:
                self._products[number] = load(Loader(), order)
            product = replace(self._products[number], personal=row.words)
            made = make(product, ["pdf"])["pdf"]
            gc.collect()  # laid-out pages refer to each other, and the collector may be off
            return made, b"", reasons

    def _filler(self, number: int) -> Filler:
        if number not in self._fillers:
            _, template = self._work.kinds[number]
            self._fillers[number] = Filler(template, breaks(template.lang), fastest()[0])
        return self._fillers[number]


class RowWorker:
    """Does rows one by one, as executors give them."""

    def __init__(self, work: Work) -> None:
        self._worker = Worker(work)

    def prepare(self) -> None:
        """Load the typefaces."""
        self._worker.prepare()

    def do(self, task: tuple[int, Row], progress: Progress) -> Outcome | Stopped:
        """Make the copy of a row, given with the number of its kind."""
        found = self._worker.do([task], progress)
        return found if isinstance(found, Stopped) else found[0]


def write_copy(work: Work, number: int, row: Row, part: str, *data: bytes) -> None:
    """Write a row's copy, and what goes beside it, into the folder of a run; raises OSError.

    ``part`` is the name under which files are written until they are whole.
    """
    assert work.folder
    path = work.file(row)
    if path.parent != work.folder:
        path.parent.mkdir(mode=private_files.FOLDER_MODE, exist_ok=True)
    if work.referenced:  # first: where the copy is whole, it is there
        reference = work.reference(number, row, b"".join(data))
        private_files.replace(work.folder / part, path.with_suffix(REFERENCE), reference)
    private_files.replace(work.folder / part, path, *data)


def breaks(lang: str) -> Callable[[str, str], set[int]]:
    """Return what tells where lines may end in a handout of a language; in Korean ones words stay whole."""
    with session() as engine:
        found = engine.line_breaks
    if lang != "ko":
        return found

    def between_words(text: str, lang: str) -> set[int]:
        inside = {place for start, end in joiners.whole_words(text) for place in range(start + 1, end)}
        return found(text, lang) - inside

    return between_words


def _not_made(row: Row, *problems: RowProblem) -> Outcome:
    return Outcome(row.number, "not-made", problems, row.line)
