"""Cases that stand for others: what a run that need not see every case takes of the tests that are marked for it.

A test with many cases is a list (bad inputs, one after another) or a table (editions times brands). Of a list one case
in so many is taken, from the first on; of a table so many, too, and then what is still missing of each row and of each
column. Words that several names of a list begin with ("yaml-tab", "yaml-bom") are taken for a column as well. All of
it follows from the order of the cases alone: each process of a run, and each run, takes the same ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence

import pytest


def taken(cases: Sequence[Iterable[Hashable]], one_in: int) -> set[int]:
    """Return the numbers of the cases that stand for all: each is told by its values, a tuple with one for each column.

    A value of one case alone stands for nothing else: it is no reason to take the case.
    """
    values = [{(column, value) for column, value in enumerate(case)} for case in cases]
    often = {value for value, times in Counter(value for case in values for value in case).items() if times > 1}
    numbers = set(range(0, len(cases), one_in))
    missing = often - set[tuple[int, Hashable]]().union(*(values[number] for number in numbers))
    while missing:
        best = max(range(len(cases)), key=lambda number: (len(values[number] & missing), -number))
        numbers.add(best)
        missing -= values[best]
    return numbers


def split(items: Sequence[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """Return the tests of a run that is a sample, and the cases that are left out of it, both in their order."""
    cases = defaultdict[str, list[pytest.Item]](list)
    for item in items:
        cases[item.nodeid.partition("[")[0]].append(item)
    left_out = set[str]()
    for group in cases.values():
        if mark := group[0].get_closest_marker("sampled"):
            chosen = taken([*map(_values, group)], mark.args[0])
            left_out |= {item.nodeid for number, item in enumerate(group) if number not in chosen}
    return [item for item in items if item.nodeid not in left_out], [item for item in items if item.nodeid in left_out]


def _values(item: pytest.Item) -> tuple[Hashable, ...]:
    call = getattr(item, "callspec", None)
    if call is None:
        return ()
    return call.id.partition("-")[0], *map(_hashable, call.params.values())


def _hashable(value: object) -> Hashable:
    try:
        hash(value)
    except TypeError:  # a list, or a tuple that holds one
        return id(value)
    return value
