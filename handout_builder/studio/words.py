"""The words of the interface, in files by language, each of which has every word.

What fields are for, and what is wrong, the program tells in English: in other languages the one is told by files with
the English text as the key, the other by files with the code of the problem, each read when a page first needs it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from handout_builder.content.yaml_reader import read_yaml
from handout_builder.errors import Problem, Severity
from handout_builder.plain_language_codes import ACCEPTABLE
from handout_builder.resources import LAYOUTS
from handout_builder.text import language

_FOLDER = LAYOUTS / "studio"
USUAL = "en"
ACCEPTED = "accepted"
"""What stands for the code of a warning that a handout accepts, which is a note."""
NAMES: Mapping[str, str] = {
    "en": "English",
    "es": "Español",
    "ja": "日本語",
    "ko": "한국어",
    "vi": "Tiếng Việt",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
}
"""Languages by their own names."""


@dataclass(frozen=True)
class Meaning:
    """What a problem is, told by its code alone."""

    wrong: str
    cure: str


class Words:
    """The interface in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._texts = _texts(lang)

    def __call__(self, key: str, **values: Any) -> str:
        """Return a text with its values; of ``one`` and ``many`` forms the one that fits ``count``."""
        if values.get("count") == 1 and f"{key}_one" in self._texts:
            key = f"{key}_one"
        return self._texts[key].format(**values)

    def known(self, key: str, other: str) -> str:
        """Return a text where there is one, else another."""
        return self._texts.get(key, other)

    def choice(self, field: str, value: str, labels: Mapping[str, str]) -> str:
        """Return what a choice in a field is called; ``labels`` are those of handouts, with names of drawings."""
        if field == "view" and f"view_{value}" in labels:
            return labels[f"view_{value}"]
        head = {"side": "side", "editions": "edition"}.get(field, f"choice_{field}")
        return self._texts.get(f"{head}_{value}") or self._texts.get(f"choice_{value}", value)

    def description(self, english: str) -> str:
        """Return what a field is for, or what is measured; empty where nobody has translated it."""
        return english if self.lang == USUAL else _descriptions(self.lang).get(english, "")

    def meaning(self, problem: Problem) -> Meaning | None:
        """Return what a problem is and what to do; None in English, which its message says more closely."""
        known = _meanings(self.lang)
        if problem.severity is Severity.NOTE:
            note = ACCEPTED if problem.code in ACCEPTABLE else f"{problem.code}-note"
            return known.get(note) or known.get(problem.code)
        return known.get(problem.code)

    @property
    def regions(self) -> dict[str, str]:
        """The names of the parts of the body."""
        head = "region_"
        return {key.removeprefix(head): text for key, text in self._texts.items() if key.startswith(head)}

    @property
    def texts(self) -> list[str]:
        """All its texts."""
        told = (text for one in _meanings(self.lang).values() for text in (one.wrong, one.cure))
        return [*self._texts.values(), *_descriptions(self.lang).values(), *told]

    @property
    def translated(self) -> str:
        """Who has translated it; empty for the original."""
        return self._texts.get("translated_by", "") if self.lang != USUAL else ""


@cache
def words(lang: str) -> Words:
    """Return the interface in a language."""
    return Words(lang)


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that the interface has."""
    known = {path.stem for path in (_FOLDER / "words").glob("*.yaml")}
    return tuple(lang for lang in NAMES if lang in known)


def fitting(accepted: str) -> str:
    """Return the language of the interface that fits best what a browser accepts."""
    for part in accepted.split(","):
        tag = part.partition(";")[0].strip()
        if not language.is_tag(tag):
            continue
        full = language.canonical(tag)
        for lang in (full, full.partition("-")[0]):
            if lang in languages():
                return lang
    return USUAL


@cache
def _texts(lang: str) -> Mapping[str, str]:
    return {key: str(value) for key, value in _read("words", lang).items()}


@cache
def _descriptions(lang: str) -> Mapping[str, str]:
    return {key: str(value) for key, value in _read("descriptions", lang).items()}


@cache
def _meanings(lang: str) -> Mapping[str, Meaning]:
    return {code: Meaning(**told) for code, told in _read("problems", lang).items()}


def _read(folder: str, lang: str) -> Mapping[str, Any]:
    """Return what a file has for a language; nothing where there is none."""
    path = _FOLDER / folder / f"{lang}.yaml"
    return {str(key): value for key, value in read_yaml(path).value.items()} if path.is_file() else {}
