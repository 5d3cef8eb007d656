"""Data in the words of the handout's language: places of points, what to take care of, dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handout_builder.content import place_text, schema


@dataclass(frozen=True)
class Formatter:
    """What templates ask for to have data told; points are named by their codes."""

    shared: schema.Shared
    points: Mapping[str, schema.Point]

    def place(self, code: str) -> str:
        """Return the place of a point as a sentence."""
        return place_text.long_place(known_point(self.points, code), self.shared)

    def short_place(self, code: str) -> str:
        """Return the place of a point in few words."""
        return place_text.short_place(known_point(self.points, code), self.shared)

    def where(self, card: schema.PointCard, brief: bool = False) -> str:
        """Return the place of a card, in the author's words if they are given, with its side; Markdown."""
        return place_text.card_place(card, known_point(self.points, card.code), self.shared, brief=brief)

    def how_to_find(self, card: schema.PointCard) -> str:
        """Return how to find a landmark of a card's point by touch, where the card asks for it."""
        return place_text.how_to_find(known_point(self.points, card.code), self.shared) if card.find else ""

    def says_standard(self, card: schema.PointCard) -> bool:
        """Tell whether a card's own name is the standard one, letter by letter: it need not stand there twice."""
        point = known_point(self.points, card.code)
        standard = (point.names.zh_hans, point.names.pinyin)
        return not point.own and (card.name.text, card.name.reading) == standard

    def cautions(self, code: str, without: str = "") -> list[str]:
        """Return the lines of care for a point, but for the one of a name that is said elsewhere."""
        return place_text.cautions(known_point(self.points, code), self.shared, without)

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
