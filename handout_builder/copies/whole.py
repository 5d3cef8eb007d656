"""A run of copies made in shards: joined, and proved to be what one machine would have made.

Each folder has the journal of its run: rows, and the digest of each copy. A copy depends on its own row, the template
and the options alone, and the key of the run has the digests of all of these; so shards with the same key that have
each row once are the whole. A sample makes some of the copies again.
"""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from handout_builder import source_files
from handout_builder.builder.manifest import link, missing, new_folder
from handout_builder.copies import journal, private_files
from handout_builder.copies.bucket import Bucket
from handout_builder.copies.checked_list import checked_list
from handout_builder.copies.journal import LOG, STATE, write
from handout_builder.copies.options import CopyOptions
from handout_builder.copies.rows import Columns, People
from handout_builder.copies.run import work_of
from handout_builder.copies.shelf import PACKS, unpacked
from handout_builder.copies.worker import REFERENCE, Stopped, Worker
from handout_builder.errors import HandoutError, Problem
from handout_builder.fhir.document_reference import digest_of
from handout_builder.orders import Order
from handout_builder.progress import silent
from handout_builder.shards import Shard, folder_of
from handout_builder.source_files import MOST_OUTPUT

_OWN = {"shard", "wrong"}
"""What differs between the shards of a run."""
_MOST_TOLD = 100
_MOST_DIGITS = 20


@dataclass(frozen=True)
class Run:
    """What the journal of a folder says."""

    folder: Path
    state: Mapping[str, Any]
    made: Mapping[int, bytes] = field(repr=False)
    """The digests of copies by row."""
    lost: frozenset[int]
    """Rows that were looked at and have no copy."""

    @property
    def shard(self) -> Shard:
        """Which part it is."""
        return Shard(*self.state["shard"])


def read(folder: Path) -> Run:
    """Return what a journal says; raises HandoutError where there is none."""
    try:
        state = source_files.read_json(folder / STATE)
        Shard(*state["shard"]).check()
        _check(state)
        made: dict[int, bytes] = {}
        lost = {*state["wrong"]}
        lines = source_files.read(folder / LOG, MOST_OUTPUT).split(b"\n")[:-1] if (folder / LOG).exists() else []
        for batch in map(source_files.json_in, lines):
            made |= {int(row): bytes.fromhex(digest) for row, digest in batch["made"].items()}
            lost |= {row for row, _, result, _ in batch["told"] if result == "not-made"}
        return Run(folder, state, made, frozenset(lost - made.keys()))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        hint = "a folder of copies has a file .copies.json"
        raise HandoutError([Problem("no-run", "the folder holds no copies", folder, hint=hint)]) from error


def _check(state: Mapping[str, Any]) -> None:
    """Raise LookupError or TypeError for what no run has written."""
    numbers = [state["rows"], state["digits"], state["spread"], *state["wrong"]]
    texts = [state["key"], state["files"]]
    flags = [state["elsewhere"], state["encrypted"]]
    for values, kind in ((numbers, int), (texts, str), (flags, bool)):
        if {*map(type, values)} != {kind}:
            raise TypeError(values)
    if min(numbers) < 0 or max(state["digits"], state["spread"]) > _MOST_DIGITS:
        raise ValueError(numbers)


def merge(folders: Sequence[Path], out: Path) -> int:
    """Join the shards of a run in a new folder, as if one machine had made it; return how many files there are.

    Files are linked where the file system can, else copied; shards stay as they are. Raises HandoutError for shards
    that are no whole.
    """
    runs = [read(folder) for folder in folders]
    if problems := list(_apart(runs)):
        raise HandoutError(problems)
    new_folder(out)
    out.chmod(private_files.FOLDER_MODE)
    count = 0
    for run in runs:
        for path in sorted(run.folder.rglob("*")):
            if path.is_file() and path.name not in (STATE, LOG) and not private_files.is_part(path.name):
                target = out / path.relative_to(run.folder)
                link(path, target)
                if target.parent != out:
                    target.parent.chmod(private_files.FOLDER_MODE)
                count += 1
    wrong = sorted(row for run in runs for row in run.state["wrong"])
    state = {**runs[0].state, "shard": [1, 1], "wrong": wrong}
    state.pop("surroundings", None)  # which a part has, and all parts have the same
    logs = (run.folder / LOG for run in runs)
    write(out / LOG, b"".join(log.read_bytes() for log in logs if log.exists()))
    write(out / STATE, json.dumps(state).encode() + b"\n")
    return count


def verify(folder: Path, url: str = "") -> tuple[int, list[Problem]]:
    """Return how many copies a run has, and what is wrong with it; the first hundred of each kind.

    ``url`` is where the copies are, if they were written to an address. Raises HandoutError for no run.
    """
    run = read(folder)
    if run.state["files"] == "store" or run.state["encrypted"]:
        message = "a store, and copies that are encrypted, cannot be compared: two of one row differ"
        raise HandoutError([Problem("kind", message, folder, hint="open some of them, and look")])
    if run.state["elsewhere"] and not url:
        hint = "say which one: verify DIR --to URL"
        raise HandoutError([Problem("place", "the copies were written to an address", folder, hint=hint)])
    problems = list(_apart([run]))
    expected = Counter(run.made.values())
    named = run.state["files"] == "number"
    references = _References(folder, asked=bool(run.state.get("referenced")))
    for name, data in _files(run, url):
        if name.endswith(REFERENCE):
            references.read(name, data)
            continue
        references.wanted(name, data)
        digest = _digest(data)
        row = int(stem) if named and (stem := Path(name).stem).isdecimal() else 0
        if expected[digest] < 1 or (named and (run.made.get(row) != digest or name != _name(row, run))):
            problems.append(Problem("verify", "this is not a copy that was made", folder / name, hint="make it again"))
        expected[digest] -= 1
    problems += references.problems()
    if gone := sum(count for count in expected.values() if count > 0):
        message = f"{gone:,} copies are missing, or are not what was made"
        problems.append(Problem("verify", message, folder, hint="give the command of the run again"))
    return len(run.made), problems[:_MOST_TOLD]


class _References:
    """The DocumentReferences of a run, each of which tells digest and size of the copy beside it."""

    def __init__(self, folder: Path, *, asked: bool) -> None:
        self._folder, self._asked = folder, asked
        self._wanted: dict[str, tuple[str, int]] = {}
        self._told: dict[str, tuple[object, object]] = {}

    def wanted(self, name: str, pdf: bytes) -> None:
        """Note a copy."""
        if self._asked:
            self._wanted[name.removesuffix(".pdf") + REFERENCE] = digest_of(pdf), len(pdf)

    def read(self, name: str, data: bytes) -> None:
        """Note a DocumentReference."""
        try:
            attachment = json.loads(data)["content"][0]["attachment"]
            self._told[name] = attachment["hash"], attachment["size"]
        except (ValueError, LookupError, TypeError):
            self._told[name] = None, None

    def problems(self) -> Iterator[Problem]:
        """Yield what is missing, and what is of no copy beside it."""
        for name in sorted(self._wanted.keys() - self._told.keys()):
            message = "the DocumentReference of a copy is missing"
            yield Problem("verify", message, self._folder / name, hint="give the command of the run again")
        for name in sorted(name for name, told in self._told.items() if told != self._wanted.get(name)):
            message = "this DocumentReference is of no copy beside it"
            yield Problem("verify", message, self._folder / name, hint="remove it; give the command of the run again")


def forget(folder: Path, url: str = "") -> tuple[int, int]:
    """Remove all files of a run, those at an address, too; return how many copies there were, and how many files stay.

    At an address only what has the digest of a copy of the run goes, with the DocumentReference beside it. Raises
    HandoutError for no run, and for one whose copies are at an address that is not given: its record alone knows them.
    """
    if not _elsewhere(folder):
        count, left = journal.forget(folder)
        return count, len(left)
    if not url:
        message = "the copies of this run were written to another place, which only its record knows them in"
        hint = f"say where: copies --forget {folder} --to URL"
        raise HandoutError([Problem("place", message, folder, hint=hint)])
    ours, bucket = frozenset(read(folder).made.values()), Bucket(url)
    try:
        names = frozenset(bucket.names())
        copies = [name for name in names if name.endswith(".pdf") and _digest(bucket.read(name)) in ours]
        beside = {name.removesuffix(".pdf") + REFERENCE for name in copies} & names
        for name in (*beside, *copies):
            bucket.remove(name)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = "look at the address, and give the command again"
        raise HandoutError([Problem("place", f"the copies cannot be removed: {reason}", folder, hint=hint)]) from error
    _, left = journal.forget(folder)
    return len(copies), len(left) + len(names) - len(copies) - len(beside)


def _elsewhere(folder: Path) -> bool:
    """Tell whether a journal says that the copies are at an address; one that cannot be read can be forgotten, too."""
    try:
        return bool(source_files.read_json(folder / STATE)["elsewhere"])
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def sample(
    folder: Path,
    url: str,
    order: Order,
    door: Callable[[Columns], People],
    options: CopyOptions,
    count: int,
) -> tuple[int, list[Problem]]:
    """Make some copies of a run again; return how many, and a problem for each that has other bytes now.

    The list, the handout and the options are those of the whole; which rows are taken is left to chance.
    """
    run = read(folder)
    checked = checked_list(order, door, replace(options, out=folder, url=url))
    if checked.key != run.state["key"] or checked.all != run.state["rows"]:
        message = "the run is of another list or handout, or has other options"
        return 0, [Problem("verify", message, folder, hint="give the words of the command that made it")]
    chosen = {*random.sample(sorted(run.made), min(count, len(run.made)))}  # no secret
    worker = Worker(replace(work_of(checked.kinds, checked.all, options), folder=None, url=""))
    heads = [kind.template.pdf for kind in checked.kinds.made]
    problems = []
    for number, row in checked.good():
        if row.number in chosen:
            made = worker.do([(number, row)], silent)
            assert not isinstance(made, Stopped)
            data = made[0].data if made[0].whole else heads[number] + made[0].data
            if _digest(data) != run.made[row.number]:
                hint = "take the program, handout and list that it was made with, or make that run again"
                message = f"row {row.number}: made again, it has other bytes"
                problems.append(Problem("verify", message, folder, hint=hint))
    return len(chosen), problems


def _name(row: int, run: Run) -> str:
    stem = f"{row:0{run.state['digits']}}"
    folder = folder_of(stem, run.state["spread"])
    return f"{folder}/{stem}.pdf" if folder else f"{stem}.pdf"


def _files(run: Run, url: str) -> Iterator[tuple[str, bytes]]:
    """Yield all copies of a run and their DocumentReferences, with their names."""
    if run.state["elsewhere"]:
        bucket = Bucket(url)
        for name in bucket.names():
            yield name, bucket.read(name)
        return
    for path in sorted(run.folder.rglob("*")):
        name = path.relative_to(run.folder).as_posix()
        if path.suffix[1:] in PACKS:
            yield from _packed(path)
        elif path.is_file() and name not in (STATE, LOG):
            yield name, path.read_bytes()


def _packed(path: Path) -> Iterable[tuple[str, bytes]]:
    try:
        return unpacked(path).items()
    except (OSError, ValueError):
        return [(path.name, b"")]  # it is none that was made


def _apart(runs: Sequence[Run]) -> Iterator[Problem]:
    """Yield why shards are no whole."""
    first = runs[0]
    for run in runs:
        if any(run.state.get(key) != first.state.get(key) for key in {*run.state, *first.state} - _OWN):
            message = f"this is a part of another run than {first.folder}: another list, handout, program or option"
            hint = "merge the parts of one run; give this one's command again with the words of the others"
            yield Problem("shard", message, run.folder, hint=hint)
            return
    yield from missing([run.shard for run in runs], first.folder)
    rows: Counter[int] = Counter()
    for run in runs:
        rows.update({*run.made} | run.lost)
    for row in [row for row, count in rows.items() if count > 1][:_MOST_TOLD]:
        yield Problem("shard", f"row {row} is there twice", first.folder, hint="leave one of the parts out")
    if len(runs) == first.shard.count:
        gone = (row for row in range(1, first.state["rows"] + 1) if row not in rows)
        for row in islice(gone, _MOST_TOLD):
            yield Problem("shard", f"row {row} is not done", first.folder, hint="give that shard's command again")
