"""A translation and its original, as they are in their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handout_builder.content.yaml_reader import YamlFile


@dataclass(frozen=True)
class Pair:
    """A translation and its original."""

    name: str
    """What it is called by: the handout, or what stands for the texts that handouts share."""
    langs: tuple[str, str]
    """The language of the original, and of the translation."""
    original: YamlFile
    translated: YamlFile
    """Without values where there is no translation yet."""
    owner: Path
    """The file that says who translated it, and who reviewed it: itself, or that of the texts that handouts share."""
    made: Mapping[str, Any]
    """What that file says under ``translation:``."""

    @property
    def lang(self) -> str:
        """The language of the translation."""
        return self.langs[1]

    @property
    def reviewed(self) -> bool:
        """Whether a qualified person has compared them."""
        return bool(self.made.get("reviewed_by"))

    @property
    def by_person(self) -> bool:
        """Whether a person stands for its words."""
        return self.reviewed or self.made.get("by") == "person"

    @property
    def is_new(self) -> bool:
        """Whether there is no translation yet."""
        return not self.translated.text
