"""Places in words: made from the data of the catalogue and the patterns of the shared texts."""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from helpers.project import LANGUAGES, NAME, SOURCE, source_of
from helpers.source_text import catalogue_rows

from handout_builder.content import place_text
from handout_builder.content.loader import load_common
from handout_builder.content.schema import Dose, Place, Point, PointCard

GOLDEN = Path(__file__).parent / "place-words.txt"
BOOK = source_of(SOURCE / NAME)
POINTS = BOOK.points
# How many words a table of places of the standard prints for a patient at most.
WORDS, SHORT = 25, 36


def told(code: str) -> str:
    return place_text.long_place(POINTS[code], BOOK.shared)


def changed(code: str, **change: Any) -> Point:
    place = POINTS[code].place
    assert place
    return POINTS[code].model_copy(update={"place": Place.model_validate(place.model_dump(by_alias=True) | change)})


@pytest.mark.parametrize("code", POINTS)
def test_every_place_can_be_told(code: str) -> None:
    point = POINTS[code]
    long, short = place_text.long_place(point, BOOK.shared), place_text.short_place(point, BOOK.shared)
    assert place_text.can_tell(point, BOOK.shared)
    assert long.endswith(".")
    assert len(long.split()) <= WORDS
    assert 0 < len(short) <= SHORT
    for text in (long, short, place_text.spot_alt(point, BOOK.shared)):
        assert text
        assert not any(sign in text for sign in ("{", "}", "None", "  ", "'"))
    assert all(sentence[:1].isupper() for sentence in long.split(". "))
    assert not place_text.wordless(point, BOOK.shared)


def test_sentences_of_the_handout() -> None:
    assert told("BL23") == (
        "About two finger-widths to each side of the spine, level with the gap below the second lumbar vertebra (L2)."
    )
    assert told("GV3") == "One point, in the middle of the spine, in the gap below the fourth lumbar vertebra (L4)."
    assert place_text.short_place(POINTS["BL23"], BOOK.shared) == "2 fingers out, below L2"
    assert place_text.short_place(POINTS["GV3"], BOOK.shared) == "midline, below L4"
    assert told("PC6").startswith("Inner forearm. Three finger-widths above the middle of the wrist crease")


# What toes are called; in Japanese fingers have the same names, but for the foot before them.
TOES = {
    "es": "dedo",
    "ja": "足の(?![甲裏])",
    "ko": "발가락",
    "vi": "ngón chân",
    "zh-Hans": "趾",
    "zh-Hant": "趾",
}


@pytest.mark.parametrize("lang", TOES)
def test_toes_are_no_fingers(lang: str) -> None:
    words = {one: _words_of_places(one) for one in ("en", lang)}
    toes = [code for code, text in words["en"].items() if re.search(r"\btoes?\b", text)]
    assert len(toes) > 20
    assert [code for code in toes if not re.search(TOES[lang], words[lang][code])] == []


def _words_of_places(lang: str) -> dict[str, str]:
    with (SOURCE / "points" / "words" / f"{lang}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["where"] for row in csv.DictReader(file)}


# What is said of both sides of the body, and the points of which it is said of something else.
TO_BOTH = {
    "en": r"each side|both sides|both legs|[Ii]n pairs|each (?:hand|foot)",
    "es": r"cada lado|ambos lados|ambas piernas|[Ee]n pares|cada (?:mano|pie)",
    "ja": "左右|両側|1対|片[手足]",
    "ko": "양옆|양쪽|한 쌍|[손발]마다",
    "vi": "mỗi bên|hai bên|hai chân|[Tt]ừng cặp|mỗi bàn",
    "zh-Hans": "两侧|双腿|成对|一对|每只",
    "zh-Hant": "兩側|雙腿|成對|一對|每隻",
}
OF_ANOTHER = defaultdict(lambda: {"EX-UE2", "EX-LE1", "EX-LE5"}, ja={"BL32", "EX-LE1"})
"""Points with a spot on each side of a tendon or of the knee; one that is told by both dimples of the hip."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_card_for_one_side_tells_of_both(lang: str) -> None:
    common = load_common(SOURCE, lang)
    shared, said = common.shared, re.compile(TO_BOTH[lang])
    pairs = [point for point in common.points.values() if point.place and point.place.sides == "both"]
    found = {}
    for point, side in product(pairs, ("left", "right")):
        by_dose = {"side": None, "dose": Dose.model_construct(side=side)}
        for values, brief in product(({"side": side, "dose": None}, by_dose), (False, True)):
            card = PointCard.model_construct(code=point.code, where=None, **values)
            where = place_text.card_place(card, point, shared, brief=brief)
            found |= {point.code: where} if said.search(where) else {}
        where = place_text.spot_alt(point, shared, side)
        found |= {point.code: where} if said.search(where) else {}
    assert {code: where for code, where in found.items() if code not in OF_ANOTHER[lang]} == {}
    # The words are those that are said of both.
    assert sum(bool(said.search(place_text.long_place(point, shared))) for point in pairs) >= 79


# The fingers that tell the sides of a hand and an arm. The ring finger tells none; of nails, "inner" is said otherwise.
FINGERS = {
    "en": "little|index|thumb",
    "es": "meñique|índice|pulgar",
    "ja": "小指|人さし指|親指",
    "ko": "새끼|집게|엄지",
    "vi": r"\bút\b|trỏ|cái",
    "zh-Hans": "小指|食指|拇指",
    "zh-Hant": "小指|食指|拇指",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_of_a_place_names_each_finger_that_its_few_words_name(lang: str) -> None:
    """It stands alone on a card: of HT7 only the few words said that it is at the little finger."""
    lost = {
        code: finger
        for code, point in load_common(SOURCE, lang).points.items()
        for finger in re.findall(FINGERS[lang], point.short)
        if finger not in point.where.casefold()
    }
    assert lost == {}


# Anchors of which there are two, or that nobody finds who has not read of another point.
UNTOLD = (
    r"side of the bump",
    r"ankle hollow|\bthe V\b",
    r"shoulder corner|its upper corner",
    r"\b(?:toes|bones) \d",
    r"in front of the bony knob(?! below)",
)


def test_no_sentence_tells_of_an_anchor_that_it_does_not_place() -> None:
    found = {code: hit[0] for code in POINTS if (hit := re.search("|".join(UNTOLD), told(code)))}
    assert found == {}


def test_all_sentences_are_those_that_were_read() -> None:
    text = "".join(
        f"{code}: {told(code)} | {place_text.short_place(point, BOOK.shared)}"
        f" | {' '.join(place_text.cautions(point, BOOK.shared))}\n"
        for code, point in POINTS.items()
    )
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("BL23", {"level": "L3"}),
        ("BL23", {"lateral_cun": 3.0}),
        ("BL23", {"lateral_cun": 0.0, "sides": "one"}),
        ("EX-B2", {"level": "T1..L4"}),
        ("CV12", {"level": "navel+3"}),
        ("PC6", {"cun": 3.0}),
        ("SP10", {"offset_cun": 3.0}),
    ],
)
def test_each_field_is_heard(code: str, change: dict[str, Any]) -> None:
    for tell in (place_text.long_place, place_text.short_place):
        new, old = tell(changed(code, **change), BOOK.shared), tell(POINTS[code], BOOK.shared)
        assert new
        # CV12 is told as a part of the way, which no number changes.
        assert (new != old) == (code != "CV12")


def test_no_number_of_ours_is_printed() -> None:
    """What is good enough to draw is no measure: it is never among those that words may name."""
    for code, row in catalogue_rows().items():
        place = POINTS[code].place
        assert place
        estimated = {pair.partition(":")[0] for pair in row["place"]["measures_from"].split() if pair.endswith(":est")}
        assert not estimated & set(place.measures), code


def test_what_has_no_words_is_not_told_in_part() -> None:
    assert place_text.long_place(changed("BL23", lateral_cun=1.7), BOOK.shared) == ""
    assert place_text.long_place(changed("BL23", level="nowhere"), BOOK.shared) == ""
    assert place_text.long_place(changed("EX-B2", level="T1..L9"), BOOK.shared) == ""
    assert "BL23" not in place_text.chart_alt("lower-back", [changed("BL23", level="nowhere")], BOOK.shared)
    assert not place_text.can_tell(changed("PC6", cun=1.7), BOOK.shared)
    assert not place_text.can_tell(POINTS["PC6"].model_copy(update={"where": "", "short": ""}), BOOK.shared)


def test_the_description_of_a_chart_names_each_point_and_how_it_is_drawn() -> None:
    alt = place_text.chart_alt("lower-back", [POINTS["BL23"], POINTS["GV3"]], BOOK.shared)
    assert "BL23: two dots, about two finger-widths to each side of the spine, level with the gap below L2." in alt
    assert "GV3: one diamond on the midline, in the gap below L4." in alt
    assert "two finger-widths (1.5 cun)" in alt


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_description_of_a_chart_of_many_points_can_be_listened_to(lang: str) -> None:
    many = [code for code in POINTS if code.startswith(("BL1", "BL2", "BL3", "GV"))][:24]
    book = source_of(SOURCE / NAME, lang)
    alt = place_text.chart_alt("back", [book.points[code] for code in many], book.shared)
    assert len(alt) <= 1500
    assert all(f"{code}:" in alt or f"{code}：" in alt for code in many)


@pytest.mark.parametrize(
    ("code", "start"),
    [
        ("LI4", "LI4: one dot. Back of the hand."),
        ("ST25", "ST25: two dots. Belly, level with the navel"),
        ("CV12", "CV12: one diamond on the midline. Upper belly."),
        ("EX-UE9", "EX-UE9: several dots. Back of the hand."),
        ("EX-B2", "EX-B2: pairs of dots, half a thumb-width"),
    ],
)
def test_the_description_of_a_point_says_how_it_is_marked(code: str, start: str) -> None:
    assert place_text.spot_alt(POINTS[code], BOOK.shared).startswith(start)


# How points are pressed


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("LI11", []),
        ("LI4", ["If you are or may be pregnant, ask your doctor or midwife first."]),  # asking is all of it
        ("PC7", ["Press gently.", "Stop if it tingles."]),
        ("BL12", ["Press lightly: the ribs lie under it."]),  # says gently by itself
        ("ST17", ["Do not press here: the nipple only helps to find other points."]),
        (
            "SP12",  # pregnancy is not why one asks here
            [
                "Ask your clinic or doctor before you press here: large blood vessels run here.",
                "Press softly, away from the pulse.",
                "If you are or may be pregnant, ask your doctor or midwife first.",
            ],
        ),
    ],
)
def test_how_a_point_is_pressed(code: str, lines: list[str]) -> None:
    assert place_text.cautions(POINTS[code], BOOK.shared) == lines


def test_each_point_that_is_not_pressed_like_others_says_so() -> None:
    for code, point in POINTS.items():
        lines = place_text.cautions(point, BOOK.shared)
        said = " ".join(lines).casefold()
        assert bool(lines) or point.press == "yes", code
        if point.press == "no":
            assert said.startswith("do not press here: ")
        elif point.press == "ask":
            assert "ask your" in said
        elif point.press == "gently":
            assert any(word in said for word in ("gently", "lightly", "softly", "only on bone")), code
        assert len(lines) == len(set(lines))


def test_the_points_that_nobody_presses_are_known() -> None:
    """Retyped from the review of safety: eye, vessels of the neck, nipple, navel, private parts, mouth, nose."""
    never = "ST1 ST9 ST10 ST11 ST17 LI18 BL1 LR12 GV1 GV28 CV1 CV8 EX-HN7 EX-HN9 EX-HN10 EX-HN11 EX-HN12 EX-HN13"
    neck = "LI17 SI16 SI17 TE16 ST12 CV22 CV23"
    assert {code for code, point in POINTS.items() if point.press == "no"} == set(f"{never} {neck}".split())


def test_no_card_contradicts_the_page_of_safety() -> None:
    """The page forbids the front and the sides of the neck, with or without a doctor's leave."""
    page = yaml.safe_load((SOURCE / "shared" / "en.yaml").read_text("utf-8"))["safety"]["when-not-to-press"]
    assert "the neck’s front or sides" in str(page["groups"][0])
    sides = {code for code, point in POINTS.items() if point.place and point.place.region == "neck"}
    sides -= {code for code in sides if (place := POINTS[code].place) and place.aspect == "posterior"}
    assert len(sides) > 10
    assert {code: POINTS[code].press for code in sides} == dict.fromkeys(sides, "no")


def test_those_who_are_pregnant_are_told_to_ask() -> None:
    """The points that textbooks name, and the belly, the low back and the sacrum (WHO 1999, 2.1)."""
    codes = "LI4 SP6 BL60 BL67 GB21 BL31 BL32 BL33 BL34 CV3 CV4 CV5 CV6 CV7 ST25 ST29 BL23 BL25 GV3 GV4 BL53"
    for code in codes.split():
        assert "pregnancy" in POINTS[code].cautions, code


def test_a_place_that_is_an_estimate_says_so_and_no_other() -> None:
    says = BOOK.shared.labels["place_estimated"]
    for code, point in POINTS.items():
        assert (says in place_text.cited(point, BOOK.shared, ", ")) == (point.accuracy == "estimate"), code
    assert {point.accuracy for point in POINTS.values()} > {"estimate"}
