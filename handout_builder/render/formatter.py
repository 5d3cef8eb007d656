"""Data in the words of the handout's language: places of points, what to take care of, dates."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from handout_builder.content import doses, place_text, schema
from handout_builder.text.east_asian import marks


@dataclass(frozen=True)
class Formatter:
    """What templates ask for to have data told; points are named by their codes."""

    shared: schema.Shared
    points: Mapping[str, schema.Point]
    lang: str = ""
    """The language of the handout."""

    @property
    def comma(self) -> str:
        """The comma of a list, with the blank that follows it."""
        comma, _, _, blank = marks(self.lang)
        return comma + blank

    @property
    def stop(self) -> str:
        """The full stop."""
        return marks(self.lang)[1]

    @property
    def colon(self) -> str:
        """The colon."""
        return marks(self.lang)[2]

    @property
    def blank(self) -> str:
        """What follows a mark: nothing in Chinese and Japanese, whose marks have it in them."""
        return marks(self.lang)[3]

    def place(self, code: str) -> str:
        """Return the place of a point as a sentence."""
        return place_text.long_place(known_point(self.points, code), self.shared)

    def short_place(self, code: str) -> str:
        """Return the place of a point in few words."""
        return place_text.short_place(known_point(self.points, code), self.shared)

    def standard(self, code: str) -> list[tuple[str, str]]:
        """Return the standard name of a point and its reading as the handout's readers know it, each with its language.

        A handout in Japanese has the Japanese name, one in Korean or Vietnamese its own; those that no list gives are
        Chinese.
        """
        return [told for told in known_point(self.points, code).names.known_in(self.lang) if told]

    def has_standard_name(self, card: schema.PointCard) -> bool:
        """Tell whether the author's name is the standard one, so that it needs no line of its own."""
        text, reading = self.standard(card.code)[0][0], self.standard(card.code)[-1][0]
        same = card.name.text == text and _plain(card.name.reading) == _plain(reading)
        return same and not known_point(self.points, card.code).own

    def other_names(self, card: schema.PointCard) -> list[list[tuple[str, str]]]:
        """Return the standard names and readings that a card does not have by itself, each with its language.

        Where it has a name, how that is read in Latin letters is told all the same.
        """
        names = known_point(self.points, card.code).names
        every = [
            [(names.en, "en")],
            [(names.zh_hans, "zh-Hans"), (names.pinyin, schema.PINYIN)],
            [(names.zh_hant, "zh-Hant")] if names.zh_hant != names.zh_hans else [],
            [(names.ja, "ja"), (names.kana, "ja"), (names.romaji, "ja-Latn")],
            [(names.ko, "ko"), (names.ko_latn, "ko-Latn")],
            [(names.vi, "vi")],
        ]
        has = ((card.name.text, card.name.lang), (card.name.reading, card.name.reading_lang))
        given = ([told for told in one if told[0] and told not in has] for one in every)
        return [one for one in given if one]

    def where(self, card: schema.PointCard, brief: bool = False) -> str:
        """Return the place of a card, in the author's words if they are given, with its side; Markdown.

        Few words end as a sentence does: others run on behind them.
        """
        where = place_text.card_place(card, known_point(self.points, card.code), self.shared, brief=brief)
        return where + self.stop if brief and not card.where else where

    def how_to_find(self, card: schema.PointCard) -> str:
        """Return how to find a landmark of a card's point by touch, where the card asks for it."""
        return place_text.how_to_find(known_point(self.points, card.code), self.shared) if card.find else ""

    def cautions(self, code: str, without: str = "") -> list[str]:
        """Return the lines of care for a point, but for the one of a name that is told of several points at once."""
        return place_text.cautions(known_point(self.points, code), self.shared, without)

    def for_pregnant(self, codes: Iterable[str]) -> str:
        """Return in few words that those who are pregnant ask before they press points with these codes."""
        named = self.comma.join(codes)
        if pattern := self.shared.labels.get("care_in_pregnancy"):
            return pattern.format(points=named) + self.stop
        return f"{named}{self.colon}{self.blank}{self.shared.cautions[place_text.PREGNANCY].line}"

    def cited(self, code: str) -> str:
        """Return whom the cautions of a point come from, and whether its place is an estimate; mostly nothing."""
        return place_text.cited(known_point(self.points, code), self.shared, self.comma)

    def dose(self, dose: schema.Dose) -> str:
        """Return how long, how often and how to press, as a sentence."""
        return doses.sentence(dose, self.shared)

    def exercise(self, exercise: schema.Exercise) -> str:
        """Return how often and how long an exercise is done, as sentences; "" where nothing is said of it."""
        return doses.of_exercise(exercise, self.shared)

    def call(self, number: str) -> str:
        """Return what to do in an emergency: whom to call."""
        return self.shared.labels["call"].format(number=number)

    def date(self, day: date) -> str:
        """Return a date as it is written in the language."""
        return place_text.long_date(day, self.shared)


def known_point(points: Mapping[str, schema.Point], code: str) -> schema.Point:
    """Return the point with a code; raises LookupError with words for who wrote the template."""
    if code not in points:
        raise LookupError(f"there is no point '{code}'")
    return points[code]


def _plain(reading: str) -> str:
    """Return a reading without blanks, in small letters: hé gǔ and Hégǔ are one."""
    return unicodedata.normalize("NFC", "".join(reading.split())).casefold()
