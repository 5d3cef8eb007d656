"""Days are understood as people write them, and told both ways where they may mean two."""

from __future__ import annotations

from datetime import date

import pytest

from handout_builder.text import dates

DAY = date(2026, 12, 13)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-13",
        "2026/12/13",
        "2026.12.13",
        "13.12.2026",
        "13. 12. 2026",
        "13/12/2026",
        "12/13/2026",
        "13 December 2026",
        "13th of December, 2026",
        "December 13, 2026",
        "Dec. 13th 2026",
        "13-Dec-2026",
        "2026年12月13日",
        "2026-12-13T08:00:00Z",
        "13 de diciembre de 2026",
        "domingo, 13 de dic. del 2026",
        "Diciembre 13, 2026",
        "2026年12月13日（日）",
        "2026年12月13日星期日",
        "2026년 12월 13일 일요일",
        "13 tháng 12, 2026",
        "Chủ Nhật, ngày 13 tháng 12 năm 2026",
        "Sunday, December 13, 2026",
    ],
)
def test_day(text: str) -> None:
    assert dates.meant(text) == [DAY]


def test_two_days_may_be_meant() -> None:
    assert dates.meant("11/12/2026") == [date(2026, 12, 11), date(2026, 11, 12)]


def test_with_points_the_day_stands_first() -> None:
    assert dates.meant("11.12.2026") == [date(2026, 12, 11)]


@pytest.mark.parametrize(
    "text", ["", "soon", "31 February 2026", "2026", "Ju 4 2026", "13/13/2026", "1 Marble 2026", "Ada, 1 May 2026"]
)
def test_no_day(text: str) -> None:
    assert dates.meant(text) == []


@pytest.mark.parametrize(
    "text", ["45992.5", " 45992 ", "45992,5", "0.4375", ",4375", "45,992.5", "4.5992E+04", "20261213", "12.4375"]
)
def test_numbers_of_spreadsheets(text: str) -> None:
    assert dates.is_serial(text)


@pytest.mark.parametrize(
    "text", ["2026", "12.12", "13.12.2026", "10.30", "10:30", "3", "12/13", "Monday, 9.00", "030 123456"]
)
def test_what_people_write_is_no_number_of_spreadsheets(text: str) -> None:
    assert not dates.is_serial(text)
