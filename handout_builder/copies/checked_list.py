"""A list of people that was looked through, row by row, before anything is written."""

import hashlib
import secrets
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from handout_builder.copies.kinds import Kind, Kinds
from handout_builder.copies.options import CopyOptions
from handout_builder.copies.outcome import Outcome
from handout_builder.copies.rows import Columns, People, Row, RowProblem, shown_wrong
from handout_builder.errors import HandoutError, Problem
from handout_builder.orders import Order
from handout_builder.progress import Progress, silent
from handout_builder.typefaces import coverage

# So many problems are shown one by one; a report has them all.
MOST_TOLD = 100


class CheckedList:
    """A list that was looked through."""

    def __init__(self, people: People, kinds: Kinds, options: CopyOptions) -> None:
        self.people, self.kinds = people, kinds
        self._options = options
        self.all = 0
        """All rows of the list."""
        self.count = 0
        """Those of the shard."""
        self.wrong: dict[int, Outcome] = {}
        """Rows that have no copy, as they are wrong."""
        self.first: list[Problem] = []
        self._characters: dict[int, frozenset[str]] = {}
        self._seed = secrets.token_bytes(16)

    def look(self, progress: Progress) -> None:
        """Read all rows; raises HandoutError."""
        names = array("Q")
        for row in self.people.rows():
            self.all += 1
            if self.all % 20_000 == 0:
                progress(f"{self.all:,} rows looked at")
            if row.name:
                names.append(self._digest(row))
            own = self.holds(row)
            self.count += own
            # Rows of other shards are looked at, too, for the kinds that all have in common.
            problems = [*row.problems, *self._more(row)]
            if problems and own:
                self._note(row, problems)
        if twice := _twice(names):
            for row in self.people.rows():
                if row.name and self._digest(row) in twice and row.number not in self.wrong and self.holds(row):
                    hint = "give each row a name of its own"
                    self._note(row, [RowProblem("name", "several rows have the same", self._options.name_by, hint)])

    def holds(self, row: Row) -> bool:
        """Tell whether a row is of the shard."""
        return self._options.shard.holds(row.name or str(row.number))

    def _note(self, row: Row, problems: Sequence[RowProblem]) -> None:
        self.wrong[row.number] = Outcome(row.number, "not-made", tuple(problems), row.line)
        if len(self.first) < MOST_TOLD:
            self.first += [self.people.problem(problem, row) for problem in problems]

    def _more(self, row: Row) -> Iterator[RowProblem]:
        """Yield what is wrong with a row that its kind has to be known for."""
        number = self.kinds.number(row)
        if isinstance(number, RowProblem):
            yield number
            return
        kind = self.kinds.made[number]
        if number not in self._characters:
            self._characters[number] = _characters(kind)
        yield from shown_wrong(row, self._characters[number], kind.template.lang)

    def _digest(self, row: Row) -> int:
        """Return a number for what a file is called; capitals do not matter, as some systems take them so."""
        name = row.name.casefold().encode()
        return int.from_bytes(hashlib.blake2b(name, digest_size=8, key=self._seed).digest(), "big")

    def good(self) -> Iterator[tuple[int, Row]]:
        """Yield the rows that are right, with the numbers of their kinds.

        Raises HandoutError for a list that is another one now.
        """
        looked_at = self.people.digest
        for row in self.people.rows():
            if row.number not in self.wrong and not row.problems and self.holds(row):
                number = self.kinds.number(row)
                if isinstance(number, int):
                    yield number, row
        if self.people.digest != looked_at:
            message = "the list was changed while copies were made of it"
            raise HandoutError([Problem("changed", message, self.people.path, hint="give the command again")])

    def problems_of(self, one: Outcome) -> Iterator[Problem]:
        """Yield the problem of a row without a copy."""
        for problem in one.problems:
            yield self.people.problem(problem, Row(one.row, one.line, {}))

    @property
    def key(self) -> str:
        """The digest of all that decides the files."""
        options = self._options
        digest = hashlib.sha256(self.people.digest.encode())
        for kind in self.kinds.made:
            digest.update(hashlib.sha256(kind.template.pdf).digest())
        digest.update(repr((options.name_by, options.encrypted, options.store, bool(options.referenced))).encode())
        digest.update(options.pack.encode())
        return digest.hexdigest()


def _twice(numbers: "array[int]") -> set[int]:
    ordered = sorted(numbers)
    return {one for one, other in pairwise(ordered) if one == other}


def _characters(kind: Kind) -> frozenset[str]:
    """Return all characters that a kind of copies can show."""
    clinics = kind.product.brand.faces if kind.product.brand else ()
    own = {chr(code) for face in clinics if face.use == "text" for code in face.font.characters}
    return coverage.covered() | own


def checked_list(
    order: Order, door: Callable[[Columns], People], options: CopyOptions, progress: Progress = silent
) -> CheckedList:
    """Return a list that was looked through, with its kinds laid out; raises HandoutError as ``make_copies`` does."""
    kinds = Kinds(order, progress)
    list_of = CheckedList(door(Columns(kinds.fields, options.name_by, encrypted=options.encrypted)), kinds, options)
    list_of.look(progress)
    if not list_of.all:
        hint = "write a row for each person below the heads"
        raise HandoutError([Problem("blank", "the list has no rows", list_of.people.path, hint=hint)])
    if not kinds.made:
        raise HandoutError(list_of.first)
    return list_of
