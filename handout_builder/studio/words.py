"""The words of the interface, in files by language, each of which has every word.

What fields are for, and what is wrong, the program tells in English: in other languages the one is told by files with
the English text as the key, the other by files with the code of the problem and, with its values, by files with the
form of the English text, each read when a page first needs it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from handout_builder.content.yaml_reader import read_yaml
from handout_builder.errors import Problem, Severity
from handout_builder.plain_language_codes import ACCEPTABLE
from handout_builder.resources import LAYOUTS
from handout_builder.text import language

_FOLDER = LAYOUTS / "studio"
USUAL = "en"
COOKIE = "studio-language"
"""The cookie with the language of the interface."""
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


# Languages that write a comma where English has a point in numbers, and the other way around (CLDR).
_COMMA = frozenset(("es", "vi"))
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+")
_SWAPPED = str.maketrans(",.", ".,")
# What a hint has for who types commands, which is nothing for who works here; and the key that a message begins with.
_COMMAND = re.compile(r"(?:^|[;,.]\s)[^;,.]*\bmake_handout\.py\b.*", re.DOTALL)
_KEY = re.compile(r"([a-z_]+): (.+)", re.DOTALL)
# Texts with values that are kept: a page tells the same ones with each key.
_MOST_TOLD = 500


@dataclass(frozen=True)
class Meaning:
    """What a problem is, told by its code alone."""

    wrong: str
    cure: str


@dataclass(frozen=True)
class Told:
    """What is wrong and what to do, for who works in the studio."""

    wrong: str
    cure: str
    english: str
    """What is told in English alone."""


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
        return _descriptions(self.lang).get(english, english if self.lang == USUAL else "")

    def meaning(self, problem: Problem) -> Meaning | None:
        """Return what a problem is and what to do; None in English, which its message says more closely."""
        known = _meanings(self.lang)
        if problem.severity is Severity.NOTE:
            note = ACCEPTED if problem.code in ACCEPTABLE else f"{problem.code}-note"
            return known.get(note) or known.get(problem.code)
        return known.get(problem.code)

    def told(self, problem: Problem) -> Told | None:
        """Return what is wrong and what to do: with the values of its message and hint where their forms are known.

        It is None in a language where nobody has translated the code of the problem.
        """
        label, message = self._labelled(problem.message)
        hint = _COMMAND.sub("", problem.hint)
        if self.lang == USUAL:
            return Told(label + (self.with_values(message) or message), self.with_values(hint) or hint, "")
        meaning = self.meaning(problem)
        if meaning is None:
            return None
        wrong, cure = self.with_values(message), self.with_values(hint)
        english = " – ".join(filter(None, ("" if wrong else problem.message, "" if cure else hint)))
        return Told(label + (wrong or meaning.wrong), cure or meaning.cure, english)

    def _labelled(self, message: str) -> tuple[str, str]:
        """Return what a field is called that a message begins with, and the rest of it; else nothing, and all of it."""
        found = _KEY.fullmatch(message)
        label = found and (self._texts.get(f"field_{found[1]}") or self._texts.get(found[1]))
        return (f"{label}: ", found[2]) if found and label else ("", message)

    def with_values(self, english: str) -> str:
        """Return what the program says, with its values; empty where nobody has translated a text of that form."""
        return _with_values(self.lang, english)

    def number(self, english: str) -> str:
        """Return a number as this language writes it."""
        return english.translate(_SWAPPED) if self.lang in _COMMA and _NUMBER.fullmatch(english) else english

    @property
    def texts(self) -> list[str]:
        """All its texts."""
        told = [text for one in _meanings(self.lang).values() for text in (one.wrong, one.cure)]
        told += [text for forms in _details(self.lang) for _, text in forms]
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


def chosen(kept: str, accepted: str) -> str:
    """Return the language of the interface: the one that a cookie keeps, else the one that a browser accepts."""
    return kept if kept in languages() else fitting(accepted)


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


Forms = tuple[tuple[re.Pattern[str], str], ...]


@cache
def _details(lang: str) -> tuple[Forms, Forms]:
    """Return the forms of what the program says, and of what stands in that, with what they are in a language."""
    read = _read("details", lang)
    return _forms(read.get("texts", {})), _forms(read.get("parts", {}))


def _forms(texts: Mapping[str, str]) -> Forms:
    """Return what finds texts of some forms, in which … is a value, beginning with those that say most."""
    parts = ((form.split("…"), texts[form]) for form in sorted(texts, key=len, reverse=True))
    return tuple((re.compile("(.+?)".join(map(re.escape, said)), re.DOTALL), text) for said, text in parts)


class _Value(NamedTuple):
    """A value that stands in a text, as it is; as a number; as words of ours; as what the interface has for a name."""

    said: Words
    english: str

    def __format__(self, kind: str) -> str:
        said, english = self
        match kind:
            case "":
                return english
            case "number":
                return said.number(english)
            case "said":
                return _filled(said.lang, _details(said.lang)[1], english) or english
            case _:  # {0:field}
                return said.known(f"{kind}_{english}", english)


@lru_cache(maxsize=_MOST_TOLD)
def _with_values(lang: str, english: str) -> str:
    return _filled(lang, _details(lang)[0], english)


def _filled(lang: str, forms: Forms, english: str) -> str:
    """Return a text with its values in a language; empty where it is of no known form."""
    for form, text in forms:
        if found := form.fullmatch(english):
            return text.format(*(_Value(words(lang), value) for value in found.groups()))
    return ""


def _read(folder: str, lang: str) -> Mapping[str, Any]:
    """Return what a file has for a language; nothing where there is none."""
    path = _FOLDER / folder / f"{lang}.yaml"
    return {str(key): value for key, value in read_yaml(path).value.items()} if path.is_file() else {}
