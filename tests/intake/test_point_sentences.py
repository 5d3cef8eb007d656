"""Sentences about points are told apart in every language, judged by what the program itself says of points."""

import csv

import pytest
from helpers.project import LANGUAGES, SOURCE

from handout_builder.authoring.import_handout import point_sentences
from handout_builder.content import doses, patterns, schema
from handout_builder.content.loader import load
from handout_builder.content.shared_texts import texts_of
from handout_builder.plain_language.word_lists import plain_words

HANDOUTS = ("chronic-back-pain", "headache-stiff-neck", "knee-pain")
MOST = 0.93  # some places are a bare word: “The navel.”


@pytest.mark.parametrize("lang", LANGUAGES)
def test_places_of_the_catalogue_are_places(lang: str) -> None:
    told = point_sentences(plain_words(SOURCE, lang))
    table = (SOURCE / "points" / "words" / f"{lang}.csv").read_text("utf-8")
    rows = csv.DictReader(table.splitlines())
    places = [patterns.filled(row["where"], lambda _: "2 cun") for row in rows if row["where"]]
    assert sum(map(told.tells_place, places)) > MOST * len(places)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cautions_are_remarks(lang: str) -> None:
    told = point_sentences(plain_words(SOURCE, lang))
    assert [
        line for caution in texts_of(SOURCE, lang).cautions.values() if not told.is_remark(line := caution.line)
    ] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_uses_on_shipped_cards_are_uses(lang: str) -> None:
    told = point_sentences(plain_words(SOURCE, lang))
    blocks = [
        block for name in HANDOUTS for section in load(SOURCE / name, lang).handout.sections for block in section.blocks
    ]
    uses = [card.use for block in blocks if isinstance(block, schema.Points) for card in block.points if card.use]
    assert uses
    assert [use for use in uses if told.is_remark(use)] == []


DOSES = ({"seconds": 30}, {"times_a_day": [2, 3]}, {"pressure": "firm", "seconds": 60, "times_a_day": 1})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_doses_are_remarks(lang: str) -> None:
    told, shared = point_sentences(plain_words(SOURCE, lang)), texts_of(SOURCE, lang)
    said = [doses.sentence(schema.Dose.model_validate(dose), shared) for dose in DOSES]
    assert [sentence for sentence in said if not told.is_remark(sentence)] == []
