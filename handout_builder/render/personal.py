"""What a handout says to one person: the blocks that leave room for it, and the words where there are any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handout_builder.content import schema
from handout_builder.text.language import canonical, cjk_runs, is_cjk_language

PERSONAL = "personal_"
"""What the ids of personal blocks begin with; a book has none of them."""


@dataclass(frozen=True)
class Words:
    """Words of one person for one box; they are told by no message and no trace."""

    text: str = field(repr=False)
    lang: str = ""
    """Their language, where it is not the handout's: the shapes of Han follow it."""


@dataclass(frozen=True)
class PersonalWords:
    """What templates print of them."""

    blocks: Sequence[schema.Personal]
    words: Mapping[str, Words] = field(repr=False)
    """By the name of the box; empty for a copy to write on."""
    lang: str = ""
    """The language of the handout."""

    def after(self, place: str) -> list[tuple[int, schema.Personal]]:
        """Return the blocks that stand behind a section, or the title, each with its number from 1."""
        return [(number, block) for number, block in enumerate(self.blocks, 1) if block.after == place]

    def boxes(self, entry: schema.PersonalField) -> list[schema.PersonalBox]:
        """Return the boxes of a field, in the order in which they are read."""
        return schema.boxes_of(entry)

    def text(self, name: str) -> str:
        """Return what stands in a box; "" for one to write in."""
        return self.words[name].text if name in self.words else ""

    def own_lang(self, name: str) -> str:
        """Return the language of what stands in a box, where it is not the handout's."""
        lang = self.words[name].lang if name in self.words else ""
        return canonical(lang) if lang and canonical(lang) != self.lang else ""

    def latin(self, name: str) -> bool:
        """Tell whether what stands in a box has no Han, kana or hangul though the handout is in a language of these."""
        text = self.text(name)
        return bool(text) and is_cjk_language(self.lang) and not self.own_lang(name) and not cjk_runs(text)
