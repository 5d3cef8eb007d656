"""The place Sheet: what its buttons do."""

from __future__ import annotations

import pytest

from .conftest import Opened, StillWorkshop

POINTS = ["BL23", "ST36", "LI4"]


@pytest.mark.parametrize(
    ("do", "codes"),
    [
        ("up ST36", ["ST36", "BL23", "LI4"]),
        ("up BL23", POINTS),
        ("down ST36", ["BL23", "LI4", "ST36"]),
        ("down LI4", POINTS),
        ("remove ST36", ["BL23", "LI4"]),
        ("toggle ST36", ["BL23", "LI4"]),
        ("toggle PC6", [*POINTS, "PC6"]),
        ("add PC6", [*POINTS, "PC6"]),
        ("add LI4", POINTS),
        ("add XX99", POINTS),
        ("sing PC6", POINTS),
        ("clear", []),
    ],
)
def test_what_the_buttons_of_a_sheet_do(still: Opened, do: str, codes: list[str]) -> None:
    still.post("/sheet", do=do, code=POINTS, tab="one", lang="en", name="Canary", script="zh-Hans")
    if not codes:
        assert "one" not in still.studio.sheets
        return
    visit = still.studio.sheets["one"].job.visit
    assert [point["code"] for point in visit["points"]] == codes
    assert visit["name"] == {"text": "Canary", "lang": "zh-Hans"}


def test_a_sheet_is_made_anew_once_its_brand_is_another(still: Opened) -> None:
    workshop = still.studio.workshop
    assert isinstance(workshop, StillWorkshop)
    workshop.read = [still.brand]

    def made() -> int:
        still.post("/sheet/pdf", tab="one", lang="en", brand="harbour-lane", paper="a4")
        return len(workshop.jobs)

    assert (made(), made()) == (1, 1)
    still.brand.write_text(still.brand.read_text("utf-8") + "# another\n", "utf-8")
    assert made() == 2
