"""Two texts that were begun from the same one: where they differ, and both changes in one text where they are apart."""

import difflib
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Difference(NamedTuple):
    """Lines in which two texts differ."""

    ours: str
    theirs: str


class _Change(NamedTuple):
    """Lines of the common text, from the first to before the last, that became others."""

    first: int
    last: int
    new: tuple[str, ...]


def differences(ours: str, theirs: str) -> list[Difference]:
    """Return where two texts differ, from above."""
    a, b = ours.splitlines(), theirs.splitlines()
    return [Difference("\n".join(a[change.first : change.last]), "\n".join(change.new)) for change in _changes(a, b)]


def merged(base: str, ours: str, theirs: str) -> str | None:
    """Return a text with the changes that two others have made to a common one.

    None where they have changed the same line, or lines beside each other, in different ways.
    """
    rows = base.splitlines(keepends=True)
    mine, other = (list(_changes(rows, text.splitlines(keepends=True))) for text in (ours, theirs))
    if any(a != b and a.first <= b.last and b.first <= a.last for a in mine for b in other):
        return None
    for change in sorted({*mine, *other}, reverse=True):
        rows[change.first : change.last] = change.new
    return "".join(rows)


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[_Change]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind != "equal":
            yield _Change(i1, i2, tuple(after[j1:j2]))
