"""The picture on the book's cover: title, kicker and name of any length are whole, and none stands on another."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from helpers.project import common
from PIL import Image

from handout_builder.brand.loader import load_brand
from handout_builder.content.loader import load
from handout_builder.errors import HandoutError
from handout_builder.pdf import cover
from handout_builder.render.product import Product

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
NAMES = {
    "46 letters": "Northgate Hospital Pain Clinic Outpatients",
    "64 letters": "Royal National Orthopaedic Hospital, Department of Pain Medicine",
    "a long word": f"Praxis {LONG[:40]}, Institut für Akupunktur",
    "Japanese": "東京都世田谷区三軒茶屋鍼灸接骨院",
    "Korean and Greek": "서울 한의원 통증 클리닉, Κλινική Πόνου Αθηνών",
    "Cyrillic": "Клиника лечения боли и реабилитации при городской больнице номер семь",
}
TITLES = {
    "short": "Neck",
    "long": "What to do about pain in the neck, the shoulders and the upper arms at work",
    "a word": LONG,
}


def product(folder: Path, title: str, name: str, kicker: str = "Patient information") -> Product:
    source, brand = folder / "source" / "one", folder / "brand"
    source.mkdir(parents=True)
    brand.mkdir()
    (source / "en.yaml").write_text(
        f"title: '{title}'\nkicker: '{kicker}'\ndescription: D\nrevised: 2026-11-28\nsections:\n"
        "  - {id: a, heading: A, blocks: [{type: points, points: [{code: BL23, name: "
        "{text: 腎兪, lang: ja, reading: じんゆ, reading_lang: ja}}]}]}\n",
        "utf-8",
    )
    (brand / "_brand.yml").write_text(f"meta: {{name: '{name}'}}\ndefaults: {{handout: {{lang: ja}}}}\n", "utf-8")
    return Product(load(source, "en", common()), load_brand(brand))


def inked(png: bytes) -> Image.Image:
    """Return a picture that is black but for where there is ink."""
    picture = Image.open(io.BytesIO(png)).convert("L")
    assert picture.size == (1600, 2560)
    return picture.point([255] * 200 + [0] * 56)


# The long title with each name, and the others with the longest words.
PAIRS = [(TITLES["long"], name) for name in NAMES.values()]
PAIRS += [(TITLES[title], NAMES[name]) for title in ("short", "a word") for name in ("64 letters", "a long word")]


@pytest.mark.parametrize(("title", "name"), PAIRS)
def test_words_of_any_length_fit(tmp_path: Path, title: str, name: str) -> None:
    ink = inked(cover.cover(product(tmp_path, title, name))).crop((0, 60, 1600, 2560))  # below the strip
    left, _, right, low = ink.getbbox() or (0, 0, 0, 0)
    assert left > 300
    assert right < 1490, "the words leave their column"
    assert low < 2430, "the words leave the page"
    data = ink.tobytes()
    rows = "".join("x" if any(data[1600 * row : 1600 * (row + 1)]) else " " for row in range(300, 2300))
    assert max(map(len, rows.split("x"))) > 60, "title and name stand on each other"


def test_what_fits_on_no_cover_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match="do not fit on the cover"):
        cover.cover(product(tmp_path, "word " * 600, "A clinic"))


def test_a_cover_that_may_be_any_size_would_overprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: without the look at what was laid out, long words leave the column."""
    monkeypatch.setattr(cover, "_fits", lambda _: True)
    assert inked(cover.cover(product(tmp_path, LONG, "A clinic"))).crop((1490, 60, 1600, 2560)).getbbox()


def test_every_character_has_a_glyph(tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match=r"glyph|missing"):
        cover.cover(product(tmp_path, "ก title", "A clinic"))


def test_a_japanese_title_breaks_between_phrases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "ja.yaml").write_text(
        "title: 頭痛と首のこわばり\ndescription: 例。\nrevised: 2026-11-28\n"
        "sections: [{id: a, heading: 例, blocks: [{type: text, text: 例。}]}]\n",
        "utf-8",
    )
    lines: list[str] = []
    fits = cover._fits

    def noted(page: Any) -> bool:
        boxes = [box for box in page.descendants(placeholders=True) if type(box).__name__ == "LineBox"]
        lines[:] = ["".join(getattr(part, "text", "") for part in box.descendants()) for box in boxes]
        return fits(page)

    monkeypatch.setattr(cover, "_fits", noted)
    cover.cover(Product(load(folder, "ja")))
    assert "頭痛と首の" in lines
    assert not [line for line in lines if line.endswith("こわ")]
