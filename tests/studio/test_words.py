"""The words of the interface: every template finds its own, and translations say what the original says."""

from __future__ import annotations

import re
import string

import pytest

from handout_builder.content.loader import texts_of
from handout_builder.resources import LAYOUTS, SOURCE
from handout_builder.studio import forms, words

FOLDER = LAYOUTS / "studio"
ENGLISH = words._texts("en")
SAID = re.compile(r'\bsay\("([a-z0-9_-]+)"(?!\s*~)')


def holes(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_word_that_templates_say_is_there() -> None:
    said = {key for path in FOLDER.glob("*.html") for key in SAID.findall(path.read_text("utf-8"))}
    assert len(said) > 150
    assert said <= ENGLISH.keys() | {key.removesuffix("_one") for key in ENGLISH}
    assert {f"block_{kind}" for kind in forms.block_types()} <= ENGLISH.keys()


def test_no_word_is_said_by_nobody() -> None:
    text = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.html"))
    made = (
        "block_",
        "choice_",
        "edition_",
        "field_",
        "key_",
        "paper_",
        "part_",
        "place_",
        "press_",
        "region_",
        "side_",
    )
    made += ("template_", "name_", "brand_", "about_")
    unsaid = {key for key in ENGLISH if f'"{key.removesuffix("_one")}"' not in text and not key.startswith(made)} - {
        "no_page"
    }
    assert not unsaid


@pytest.mark.parametrize("lang", [lang for lang in words.languages() if lang != "en"])
def test_translations_have_every_word_with_its_holes_and_say_who_made_them(lang: str) -> None:
    own = dict(words._texts(lang))
    assert own.pop("translated_by")
    assert own.keys() == ENGLISH.keys()
    assert not {key for key, text in own.items() if not text.strip()}
    # The form for one may say the number in a word.
    lacking = {key for key, text in ENGLISH.items() if holes(own[key]) ^ holes(text) and not key.endswith("_one")}
    assert not lacking
    assert not {key for key, text in own.items() if not holes(text) <= holes(ENGLISH[key])}


def test_every_field_of_a_block_has_words() -> None:
    schemas = forms.block_types().values()
    named = {name for schema in schemas for name in schema["properties"]} - {"type"}
    assert len(named) > 40
    assert {f"field_{name}" for name in named} <= ENGLISH.keys()


def test_every_choice_has_words_in_every_language() -> None:
    schema = forms.handout_schema()
    objects = [schema, *schema["$defs"].values()]
    made = [field for own in objects for field in forms.form(own, schema, {}, ())]
    # What is left free for one person has no form.
    fields = [field for field in made if field.kind in ("select", "checks") and field.name != "field"]
    choices = {(field.name, choice) for field in fields for choice in field.choices if not choice.isdecimal()}
    assert len(choices) > 80
    for lang in words.languages():
        labels = texts_of(SOURCE, lang).labels
        # Words that are marked show whether they were found.
        marked = words.Words(lang)
        marked._texts = {key: f"!{text}" for key, text in words._texts(lang).items()}
        told = {one: marked.choice(*one, {key: f"!{text}" for key, text in labels.items()}) for one in choices}
        assert not {one for one, text in told.items() if not text.startswith("!")}, lang


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("ja-JP,ja;q=0.9", "ja"),
        ("zh-TW", "zh-Hant"),
        ("zh-CN,en", "zh-Hans"),
        ("de,es;q=0.5", "es"),
        ("", "en"),
        ("*", "en"),
    ],
)
def test_the_language_is_the_one_that_the_browser_asks_for(accepted: str, lang: str) -> None:
    assert words.fitting(accepted) == lang
