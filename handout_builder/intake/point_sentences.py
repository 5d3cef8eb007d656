"""What a sentence about a point tells: where it is, what it is for, how it is pressed, or what to take care of."""

from dataclasses import dataclass

from handout_builder.text.sentences import phrases

# What a full stop may follow that ends no sentence in any language: short forms, and the numbers of steps.
_SHORT = ("approx", "ca", "cf", "e.g", "Fig", "fig", "i.e", "No", "no", "vs", *map(str, range(1, 100)))

# Letters between the name of a point and what turns to it: a blank behind the name, "the point" before it.
_BEHIND, _BEFORE = 1, 25


@dataclass(frozen=True)
class PointSentences:
    """The phrases by which a language tells it; with none, no sentence tells anything.

    ``*`` stands for any ending of a word, ``…`` for up to four words.
    """

    places: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    """These go before places and doses."""
    doses: tuple[str, ...] = ()
    """How long and how often it is pressed."""
    warnings: tuple[str, ...] = ()
    """These go before uses."""
    warned_first: tuple[str, ...] = ()
    """What tells a warning at the beginning of a sentence alone."""
    used_first: tuple[str, ...] = ()
    """What tells a use at the beginning of a sentence alone, where nothing else in it tells anything."""
    placed_first: tuple[str, ...] = ()
    """The same for a place."""
    others: tuple[str, ...] = ()
    """What stands before the name of another point, or right behind it, in a sentence that turns to it."""
    abbreviations: tuple[str, ...] = ()
    """Shortened words, without the full stop that ends no sentence."""

    @property
    def short(self) -> tuple[str, ...]:
        """What may stand before a full stop that ends no sentence."""
        return (*_SHORT, *self.abbreviations)

    def key(self, text: str) -> str:
        """Return the key of a card that words belong to, "use" or "remark"; "" for what tells neither."""
        if self.is_remark(text):
            return "remark"
        if self.tells_use(text) or _begins(text, self.used_first):
            return "use"
        return "remark" if _begins(text, self.placed_first) else ""

    def tells_use(self, text: str) -> bool:
        """Tell whether words say what a point is for."""
        return bool(phrases(self.uses).search(text))

    def tells_place(self, text: str) -> bool:
        """Tell whether words say where a point is, and nothing else."""
        return bool(phrases(self.places).search(text)) and not self.tells_use(text)

    def is_remark(self, text: str) -> bool:
        """Tell whether words about a point are no use of it: its place, its dose, or what to take care of."""
        return self._warns(text) or self.tells_place(text) or self._tells_dose(text)

    def _tells_dose(self, text: str) -> bool:
        """Tell whether words say how long or how often a point is pressed, and nothing else."""
        return bool(phrases(self.doses).search(text)) and not self.tells_use(text)

    def turns_to(self, text: str, first: int, end: int) -> bool:
        """Tell whether a sentence turns to the point that it names from ``first`` to ``end``."""
        turns = phrases(self.others).finditer(text)
        return any(turn.start() - _BEHIND <= end and first <= turn.end() + _BEFORE for turn in turns)

    def _warns(self, text: str) -> bool:
        """Tell whether words warn: that is no use, whatever else their sentence says."""
        return bool(phrases(self.warnings).search(text)) or _begins(text, self.warned_first)


def _begins(text: str, told: tuple[str, ...]) -> bool:
    """Tell whether words begin with one of some phrases, behind what is no letter."""
    first = next((place for place, letter in enumerate(text) if letter.isalnum()), 0)
    return bool(phrases(told).match(text, first))
