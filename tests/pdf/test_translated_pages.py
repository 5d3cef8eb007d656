"""Pages of the languages that are shipped: other words are longer, and a brand may have words in one language alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import cycle

import pytest
from helpers.project import LANGUAGES, NAME, OTHERS, SOURCE, source_of

from handout_builder.brand.loader import Brand, load_brand
from handout_builder.editions import EDITIONS
from handout_builder.pdf.layout_faults import Kind
from handout_builder.pipeline import laid_out
from handout_builder.render.product import Product
from handout_builder.render.typography import printed

FOREIGN = LANGUAGES[1:]
LONGEST = ("es", "vi")
WITH_CODE = ("one-page", "large-print", "booklet", "leaflet")
# The longest words meet each form that has a code, the others one of these each.
CODES = [
    *((lang, edition) for lang in LONGEST for edition in WITH_CODE),
    *zip((lang for lang in FOREIGN if lang not in LONGEST), WITH_CODE, strict=True),
]
# Each language meets each of the other forms here or below; the page with least room meets the longest text in each.
PAGES = [
    *(("one-page", NAME, lang, "harbour-lane") for lang in FOREIGN),
    *(("one-page", NAME, lang, "") for lang in LONGEST[:1]),
    *(
        (edition, name, lang, "harbour-lane")
        for edition, names in (("large-print", (OTHERS[0], NAME)), ("leaflet", (NAME, OTHERS[0])))
        for name, lang in zip(cycle(names), (lang for lang in FOREIGN if (lang, edition) not in CODES))
    ),
]


@cache
def clinic(name: str) -> Brand | None:
    return load_brand(SOURCE / "brands" / name) if name else None


@pytest.mark.parametrize(("edition", "name", "lang", "brand"), PAGES)
def test_nothing_stands_on_something_else_in_any_language(edition: str, name: str, lang: str, brand: str) -> None:
    product = Product(source_of(SOURCE / name, lang), clinic(brand), EDITIONS[edition])
    _, pages, _ = laid_out(printed(product))
    assert [fault.message for fault in pages.faults if fault.kind in (Kind.OVERLAP, Kind.OVERFLOW)] == []


@pytest.mark.parametrize(("lang", "edition"), CODES)
def test_what_the_code_is_for_has_room_below_it(lang: str, edition: str) -> None:
    """A clinic without bookings on the web has another, longer word below its code."""
    brand = clinic("harbour-lane")
    assert brand
    link = brand.file.meta.link.model_copy(update={"booking": None})
    file = brand.file.model_copy(update={"meta": brand.file.meta.model_copy(update={"link": link})})
    product = Product(source_of(SOURCE / OTHERS[1], lang), replace(brand, file=file), EDITIONS[edition])
    _, pages, _ = laid_out(printed(product))
    words = "".join(ink.words for page in pages.ink for ink in page)
    assert product.source.shared.labels["scan_web"].replace(" ", "") in words.replace(" ", "")
    assert [fault.message for fault in pages.faults if fault.kind in (Kind.OVERLAP, Kind.OVERFLOW)] == []
