"""What a sample of the cases takes: the same each time, and of each row and each column of a table."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from helpers import sample
from helpers.project import LANGUAGES, NOT_MADE
from hypothesis import given
from hypothesis import strategies as st

from handout_builder.editions import EDITIONS

TABLE = [(brand, edition) for brand, edition in product(("plain", *NOT_MADE), EDITIONS)]
rows = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9), st.sampled_from(LANGUAGES)), max_size=60)


@given(rows, st.integers(1, 20))
def test_sample_has_each_value_that_several_cases_have(cases: list[tuple[Any, ...]], one_in: int) -> None:
    numbers = sample.taken(cases, one_in)
    assert numbers >= set(range(0, len(cases), one_in))
    for column in zip(*cases, strict=True):
        often = {value for value in column if column.count(value) > 1}
        assert often <= {column[number] for number in numbers}


def test_sample_of_a_table_has_each_row_and_each_column_and_is_small() -> None:
    numbers = sample.taken(TABLE, 6)
    chosen = [TABLE[number] for number in numbers]
    assert {brand for brand, _ in chosen} == {"plain", *NOT_MADE}
    assert {edition for _, edition in chosen} == set(EDITIONS)
    assert len(chosen) < len(TABLE) / 2


def test_sample_of_a_list_has_one_of_each_kind() -> None:
    names = ["yaml-a", "yaml-b", "char-a", "char-b", "picture-a", "picture-b", "alone"]
    assert sample.taken([(name.partition("-")[0],) for name in names], 6) == {0, 2, 4, 6}


def item(name: str, mark: Any = None, **params: object) -> Any:
    call = {"callspec": SimpleNamespace(id=name.partition("[")[2], params=params)} if params else {}
    return SimpleNamespace(nodeid=name, get_closest_marker=lambda _: mark, **call)


def test_only_marked_tests_lose_cases_and_none_loses_all() -> None:
    mark = pytest.mark.sampled(3).mark
    marked = [item(f"a.py::test_a[{number}]", mark, number=[number]) for number in range(5)]
    others = [item("a.py::test_b"), *(item(f"a.py::test_c[{number}]", number=number) for number in range(5))]
    one = item("a.py::test_d[0]", mark, number=0)
    run, left_out = sample.split([others[0], *marked, *others[1:], one])
    assert run == [others[0], marked[0], marked[3], *others[1:], one]
    assert left_out == [marked[1], marked[2], marked[4]]
