"""The words of the interface, in files by language, each of which has every word."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from handout_builder.content.yaml_reader import read_yaml
from handout_builder.resources import LAYOUTS
from handout_builder.text import language

_FOLDER = LAYOUTS / "studio" / "words"
USUAL = "en"
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

    @property
    def regions(self) -> dict[str, str]:
        """The names of the parts of the body."""
        head = "region_"
        return {key.removeprefix(head): text for key, text in self._texts.items() if key.startswith(head)}

    @property
    def texts(self) -> list[str]:
        """All its texts."""
        return list(self._texts.values())

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
    known = {path.stem for path in _FOLDER.glob("*.yaml")}
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
    path = _FOLDER / f"{lang}.yaml"
    return {str(key): str(value) for key, value in read_yaml(path).value.items()} if path.is_file() else {}
