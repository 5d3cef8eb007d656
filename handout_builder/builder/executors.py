"""Tasks given to any executor of ``concurrent.futures``: pools of this machine, or a cluster that somebody else runs.

What travels is a chunk: a few tasks, what makes their worker, and what this program is made of (``surroundings``). A
worker that is made of something else refuses a chunk. Chunks that are lost with their worker are done again; one that
takes its workers along is halved until the one task is known that does it, which is set aside.

Nothing is remembered between runs, nothing is agreed upon, and no message has a form of its own: queues, addresses and
the lives of workers are the executor's.
"""

import functools
import importlib
import pickle
import queue
import secrets
import socket
import sys
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from handout_builder import source_files
from handout_builder.builder.limits import Limits
from handout_builder.builder.pool import Apart, Ended
from handout_builder.builder.process import TaskWorker
from handout_builder.builder.surroundings import Surroundings, differences, surroundings
from handout_builder.errors import HandoutError, Problem
from handout_builder.progress import Progress, silent

T = TypeVar("T")
MakeExecutor = Callable[[], Executor]
"""Gives an executor, and another one when that has broken."""
Accept = Callable[[Any, Any], bool]
"""Tells whether what came of a task is what this machine would have come to; what is not is done again elsewhere."""

OUT_AT_ONCE = 64
"""Chunks that an executor has at once, where nobody says how many."""
# Seconds that a worker waits before it refuses, so that those who can do the work take it meanwhile.
_HESITATION = 1.0
# At most this many copies of a refused chunk are in flight: some executors hand a lone chunk to the same worker again
# and again.
_MOST_COPIES = 4
# Workers that a thread of a process keeps ready: each has a handout's template and typefaces.
_MOST_KEPT = 2
# Give up on the executor after this many losses or refusals in a row.
_MOST_FRUITLESS = 40
# How often chunks are looked at that do not come back, in s.
_OFTEN = 1.0


@dataclass(frozen=True)
class RetryPolicy:
    """Retry policy for lost chunks of work."""

    tries: int = 3
    """How often a chunk is given out at most before it is halved, or set aside."""
    patience: float = 900.0
    """Seconds after which a chunk that was given out counts as lost: its worker hangs, or nobody knows where it is."""
    out: int = OUT_AT_ONCE
    """How many chunks are given out at once."""


@dataclass(frozen=True)
class Lost:
    """There is no result: every worker that was given the task alone was lost with it."""

    reason: str
    tries: int

    def problem(self, name: str, path: Path) -> Problem:
        """Return this as a problem; ``name`` is that of the task, ``path`` its file."""
        message = f"{name}: set aside, as {self.tries} workers were lost with it ({self.reason})"
        return Problem("worker", message, path, hint="build it alone on this machine: that tells what it takes")


@dataclass(frozen=True)
class Recipe:
    """What makes the worker of a chunk, pickled once."""

    data: bytes = field(repr=False)
    since: str
    """A name for each run, and for each change of sources: workers live longer, and remember what they have read."""
    limits: Limits | None
    together: bool
    """Whether the tasks of a chunk are small: limits are then those of the chunk, until they are passed."""
    sources: Mapping[Path, str] = field(default_factory=dict, repr=False)
    """Files that a worker must have, with their digests."""


@dataclass(frozen=True)
class Chunk:
    """What a worker is given."""

    recipe: Recipe
    items: tuple[Any, ...] = field(repr=False)
    surroundings: Surroundings
    number: int
    """Of all that were given out: Dask does not do an equal call again, but gives back what came of it."""


@dataclass(frozen=True)
class Done:
    """What came of the tasks of a chunk, in their order."""

    results: tuple[Any, ...] = field(repr=False)


@dataclass(frozen=True)
class Refused:
    """A worker is made of something else, and has done nothing."""

    differences: tuple[str, ...]
    where: str
    """The name of its machine."""


# At the worker


def do_chunk(chunk: Chunk) -> Done | Refused:
    """Do the tasks of a chunk, in this process or, with limits, in one of its own that is kept for the next."""
    different = differences(chunk.surroundings, surroundings())
    if not different:
        try:
            hand = _hands.of(chunk.recipe)
        except _OtherSourcesError:
            different = ("sources",)
    if different:
        time.sleep(_HESITATION)
        return Refused(different, socket.gethostname())
    return Done(tuple(hand.do(chunk.items)))


class _OtherSourcesError(Exception):
    """A worker has other files than the one who gave it work."""


class _Hand(Protocol):
    """Does the tasks of chunks."""

    def do(self, items: Sequence[Any]) -> Sequence[Any]:
        """Return what comes of each."""

    def end(self) -> None:
        """Let go of what it keeps."""


class _Hands(threading.local):
    """What a thread keeps ready, by recipe; a thread of a pool does one chunk at a time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Hand] = OrderedDict()

    def of(self, recipe: Recipe) -> _Hand:
        """Return what does the chunks of a recipe; raises _OtherSourcesError."""
        if recipe.since not in self._kept:
            if any(source_files.state(path) != content for path, content in recipe.sources.items()):
                raise _OtherSourcesError
            while len(self._kept) >= _MOST_KEPT:
                self._kept.popitem(last=False)[1].end()
            make = pickle.loads(recipe.data)  # noqa: S301  # from whoever gives this process its work
            self._kept[recipe.since] = _Apart(make, recipe) if recipe.limits else _Here(make)
        self._kept.move_to_end(recipe.since)
        return self._kept[recipe.since]


_hands = _Hands()


class _Here:
    """Does tasks in this process."""

    def __init__(self, make: Callable[[], TaskWorker]) -> None:
        self._worker = make()
        self._worker.prepare()

    def do(self, items: Sequence[Any]) -> Sequence[Any]:
        return [self._worker.do(item, silent) for item in items]

    def end(self) -> None:
        """Nothing else than memory is kept."""


class _Apart:
    """Does tasks in a process that is ended when it takes too much."""

    def __init__(self, make: Callable[[], TaskWorker], recipe: Recipe) -> None:
        assert recipe.limits
        self._process, self._together = Apart(functools.partial(Together, make), recipe.limits), recipe.together

    def do(self, items: Sequence[Any]) -> Sequence[Any]:
        if self._together and len(items) > 1:
            results = self._process.do(items)
            if not isinstance(results, Ended):
                return list(results)
        found: list[Any] = []
        for item in items:
            result = self._process.do([item])
            found.append(result if isinstance(result, Ended) else result[0])
        return found

    def end(self) -> None:
        self._process.end()


class Together:
    """Does several tasks as one."""

    def __init__(self, make: Callable[[], TaskWorker]) -> None:
        self._worker = make()

    def prepare(self) -> None:
        """Load what every task needs."""
        self._worker.prepare()

    def do(self, task: Sequence[Any], progress: Progress) -> Sequence[Any]:
        """Do each."""
        return [self._worker.do(item, progress) for item in task]


# At the one who gives the work


def run(
    chunks: Iterable[Sequence[T]],
    make: Callable[[], TaskWorker],
    executor: Executor | MakeExecutor,
    *,
    limits: Limits | None = None,
    together: bool = False,
    policy: RetryPolicy | None = None,
    accept: Accept = lambda _, __: True,
    sources: Mapping[Path, str] | None = None,
) -> Iterator[tuple[Sequence[T], Sequence[Any]]]:
    """Give chunks of tasks to an executor; yield those of a chunk, or of its half, with what came of each, when done.

    What came of a task is what ``make``'s worker returns, ``Ended`` where it passed a limit, or ``Lost``. An executor
    that this gets is left open; one that it makes is shut down. ``sources`` are files that a worker must have, with
    their digests. Raises HandoutError where an executor is of no use:
    broken for good, or all its workers are lost or made of something else.
    """
    data = pickle.dumps(make)
    recipe = Recipe(data, secrets.token_hex(8), limits, together, sources or {})
    turn: _Turn[T] = _Turn(_Source(executor), recipe, policy or RetryPolicy(), accept)
    try:
        yield from turn.results(_Piece(tuple(items)) for items in chunks)
    finally:
        turn.end()


@dataclass(frozen=True)
class _Piece(Generic[T]):
    """Tasks that are given out together, and what has become of them so far."""

    items: tuple[T, ...]
    lost: int = 0
    refused: int = 0
    key: object = field(default_factory=object)
    """The same for all times that it is given out."""


class _Source:
    """Gives an executor, and another one where it knows how to make it."""

    def __init__(self, given: Executor | MakeExecutor) -> None:
        self._make = None if isinstance(given, Executor) else given
        self._executor = given if isinstance(given, Executor) else None
        self._stuck = False

    def submit(self, chunk: Chunk) -> "Future[Done | Refused]":
        """Give a chunk out; raises HandoutError where there is nobody to take it."""
        for _ in range(2):
            if self._executor is None:
                assert self._make
                self._executor = self._make()
            try:
                return self._executor.submit(do_chunk, chunk)
            except (BrokenExecutor, RuntimeError):  # RuntimeError: it was shut down
                if not self._make:
                    break
                self.renew()
        hint = "give a function that makes an executor, so that another can follow one that breaks"
        raise _useless("the executor is broken, or was shut down, and takes no work", hint)

    def renew(self) -> None:
        """Forget an executor that is broken, if another can be made."""
        if self._make and self._executor:
            self._executor.shutdown(wait=False)
            self._executor = None

    def stuck(self) -> None:
        """Note that a worker hangs: nobody waits for it."""
        self._stuck = True

    def end(self) -> None:
        """Shut down what was made here."""
        if self._make and self._executor:
            self._executor.shutdown(wait=not self._stuck)


class _Turn(Generic[T]):
    """One run: what is given out, and what comes back."""

    def __init__(self, source: _Source, recipe: Recipe, policy: RetryPolicy, accept: Accept) -> None:
        self._source, self._recipe, self._policy, self._accept = source, recipe, policy, accept
        self._surroundings = surroundings()
        self._out: dict[Future[Done | Refused], tuple[_Piece[T], float]] = {}
        self._back: queue.SimpleQueue[Future[Done | Refused]] = queue.SimpleQueue()
        self._again: deque[_Piece[T]] = deque()
        """What was refused."""
        self._suspect: deque[_Piece[T]] = deque()
        """What was lost: given out one at a time, so that it is known who is to blame."""
        self._copies: Counter[object] = Counter()
        """How often pieces are given out now, or wait to be, by their keys."""
        self._fruitless = self._given = 0

    def results(self, pieces: Iterator[_Piece[T]]) -> Iterator[tuple[Sequence[T], Sequence[Any]]]:
        """Yield what comes back."""
        while True:
            self._give(pieces)
            if not self._out:
                return
            for piece, back in self._heard():
                self._copies[piece.key] -= 1
                if isinstance(back, Done):
                    self._fruitless = 0
                    self._finish(piece)
                    yield piece.items, back.results
                elif self._copies[piece.key]:
                    self._fruitless += 1  # it is still with another worker
                elif isinstance(back, Refused):
                    self._refused(piece, back)
                else:
                    yield from self._lost(piece, back)

    def end(self) -> None:
        """Take back what nobody has begun."""
        for future in self._out:
            future.cancel()
        self._source.end()

    def _give(self, pieces: Iterator[_Piece[T]]) -> None:
        if self._suspect:
            if not self._out:
                self._submit(self._suspect.popleft())
            return
        while len(self._out) < self._policy.out:
            piece = self._again.popleft() if self._again else self._next(pieces)
            if piece is None:
                return
            self._submit(piece)

    def _next(self, pieces: Iterator[_Piece[T]]) -> _Piece[T] | None:
        """Return a piece that was not given out before."""
        piece = next(pieces, None)
        if piece is not None:
            self._copies[piece.key] = 1
        return piece

    def _finish(self, piece: _Piece[T]) -> None:
        """Note that a piece is done, and take back what else is given out of it."""
        if self._copies.pop(piece.key):
            self._again = deque(other for other in self._again if other.key != piece.key)
            for future in [future for future, (other, _) in self._out.items() if other.key == piece.key]:
                del self._out[future]
                future.cancel()

    def _submit(self, piece: _Piece[T]) -> None:
        self._given += 1
        future = self._source.submit(Chunk(self._recipe, piece.items, self._surroundings, self._given))
        self._out[future] = piece, time.monotonic()
        future.add_done_callback(self._back.put)

    def _heard(self) -> Iterator[tuple[_Piece[T], Done | Refused | str]]:
        """Yield what has come back; a word for what has not, as its worker is lost."""
        try:
            future = self._back.get(timeout=_OFTEN)
        except queue.Empty:
            now = time.monotonic()
            for late in [one for one, (_, since) in self._out.items() if now - since > self._policy.patience]:
                if late not in self._out:  # it is done, by another
                    continue
                late.cancel()
                self._source.stuck()
                yield self._out.pop(late)[0], f"nothing was heard for {self._policy.patience:g} s"
            return
        if future not in self._out:  # it was given up, and done again
            return
        piece, _ = self._out.pop(future)
        yield piece, self._told(piece, future)

    def _told(self, piece: _Piece[T], future: "Future[Done | Refused]") -> Done | Refused | str:
        try:
            back = future.result()
        except BrokenExecutor as error:
            self._source.renew()
            return type(error).__name__
        except Exception as error:  # its words may be those of a task
            return type(error).__name__
        if isinstance(back, Done):
            if len(back.results) != len(piece.items):
                return "it has come back incomplete"
            if not all(map(self._accept, piece.items, back.results)):
                self._recipe = replace(self._recipe, since=secrets.token_hex(8))
                return Refused(("sources",), "a worker")
        return back

    def _refused(self, piece: _Piece[T], back: Refused) -> None:
        self._useless_after(_MOST_FRUITLESS, f"workers have other {', '.join(back.differences)}: {back.where}")
        refused = replace(piece, refused=piece.refused + 1)
        count = min(_MOST_COPIES, 1 + refused.refused)
        self._again += [refused] * count
        self._copies[piece.key] = count

    def _lost(self, piece: _Piece[T], reason: str) -> Iterator[tuple[Sequence[T], Sequence[Lost]]]:
        """Do a piece again; halve it, or set it aside, when it was given out often enough."""
        self._useless_after(_MOST_FRUITLESS, f"workers are lost: {reason}")
        lost = piece.lost + 1
        if lost < self._policy.tries:
            self._copies[piece.key] = 1
            self._suspect.append(replace(piece, lost=lost))
        elif len(piece.items) > 1:
            half = len(piece.items) // 2
            once = self._policy.tries - 1
            halves = [_Piece(items, once) for items in (piece.items[:half], piece.items[half:])]
            self._copies.update(piece.key for piece in halves)
            self._suspect += halves
        else:
            yield piece.items, [Lost(reason, lost)]

    def _useless_after(self, most: int, why: str) -> None:
        self._fruitless += 1
        if self._fruitless > most:
            raise _useless(f"nothing is done any more: {why}", "give all workers the same image; see docs/scale.md")


def _useless(message: str, hint: str) -> HandoutError:
    return HandoutError([Problem("executor", message, Path("--executor"), hint=hint)])


def load_factory(text: str) -> MakeExecutor:
    """Return the function ``module:function`` that makes an executor; raises HandoutError for no such name."""
    module, colon, name = text.partition(":")
    here = str(Path.cwd())
    sys.path.insert(0, here)  # as `python -m` does: it is the user who names it
    try:
        function = getattr(importlib.import_module(module), name) if colon and module and name else None
    except Exception as error:  # whatever a module of somebody else raises
        message = f"'{text}' cannot be loaded: {type(error).__name__}: {error}"
        raise _useless(message, "name a function: --executor module:function") from error
    finally:
        sys.path.remove(here)
    if not callable(function):
        raise _useless(f"'{text}' is no function", "name a function that gives an executor: --executor module:function")
    return functools.partial(_made, function, text)


def _made(function: Callable[[], object], text: str) -> Executor:
    try:
        executor = function()
    except Exception as error:  # whatever a function of somebody else raises
        message = f"'{text}' gives no executor: {type(error).__name__}: {error}"
        raise _useless(message, "see whether the cluster can be reached from here") from error
    if not isinstance(executor, Executor):
        message = f"'{text}' gives no concurrent.futures.Executor, but {type(executor).__name__}"
        raise _useless(message, "a Dask client has one: client.get_executor()")
    return executor
