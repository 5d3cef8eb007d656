"""How copies are made, and what of that does not go together."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from handout_builder.atomic_files import refuse_another_kind
from handout_builder.copies import outcome
from handout_builder.copies.shelf import Pack
from handout_builder.errors import HandoutError, Problem
from handout_builder.shards import WHOLE, Shard

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from handout_builder.builder.executors import MakeExecutor


@dataclass(frozen=True)
class CopyOptions:
    """How copies are made."""

    out: Path
    """A folder; or a file whose name ends in .pdf: one file for a print shop."""
    name_by: str = ""
    """The column that the files are named by; "" for the numbers of the rows."""
    jobs: int = 0
    """How many processes; 0 for one a core."""
    encrypted: bool = False
    store: bool = False
    """Whether the folder becomes a store."""
    double_sided: bool = True
    """Whether each copy in one file begins on the front of a sheet."""
    report: Path | None = None
    referenced: date | None = None
    """The day of the FHIR DocumentReference that is written beside each file; None for none."""
    executor: "Executor | MakeExecutor | None" = None
    """What makes the copies elsewhere, or a function that gives it; ``jobs`` is how many batches it has at once."""
    shard: Shard = WHOLE
    """The part of the list that copies are made of."""
    pack: Pack = ""
    """What the copies of each batch are packed as."""
    url: str = ""
    """Where the files go, as fsspec writes it; ``out`` has the record of the run alone."""

    @property
    def one_file(self) -> bool:
        """Whether all copies become one file for a print shop."""
        return self.out.suffix.lower() == ".pdf" and not self.store


def refuse_strange(options: CopyOptions) -> None:
    """Raise HandoutError for options that do not go together."""
    one_file, files = options.one_file or options.store, "make files: --out DIR"
    messages = {
        "a DocumentReference stands beside each copy's own file": bool(options.referenced) and one_file,
        "only files are packed, or written to an address": bool(options.pack or options.url) and one_file,
        "copies are packed, or written to an address": bool(options.pack and options.url),
        "one file for a print shop is made by one machine": options.one_file
        and bool(options.executor or options.shard != WHOLE),
        "a store is made by one machine, or by an executor": options.store and options.shard != WHOLE,
        "a report is about all rows: merge the shards, and give the command again with the whole as --out": bool(
            options.report and options.shard != WHOLE
        ),
    }
    if wrong := [Problem("kind", message, options.out, hint=files) for message, holds in messages.items() if holds]:
        raise HandoutError(wrong)
    if options.one_file:
        refuse_another_kind(options.out, b"%PDF")
    if options.report:
        refuse_another_kind(options.report, next(outcome.report(0, {}, outcome.kind_of(options.report))))
