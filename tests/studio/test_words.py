"""The words of the interface: every template finds its own, and translations say what the original says."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.project import ROOT
from helpers.scripts import loaded_script

from handout_builder.colour import palette
from handout_builder.content.shared_texts import texts_of
from handout_builder.content.validation import _BOUNDS
from handout_builder.errors import Problem, Severity
from handout_builder.plain_language_codes import ACCEPTABLE
from handout_builder.resources import LAYOUTS, SOURCE
from handout_builder.studio import forms, words

FOLDER = LAYOUTS / "studio"
PROGRAM = ROOT / "handout_builder"
ENGLISH = words._texts("en")
OTHERS = [lang for lang in words.languages() if lang != "en"]
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
        "side_",
    )
    made += ("template_", "name_", "brand_", "about_")
    unsaid = {key for key in ENGLISH if f'"{key.removesuffix("_one")}"' not in text and not key.startswith(made)} - {
        "file_too_large",
        "gone",
        "no_page",
        "old_form",
        "refused_name",
        "refused_page",
        "refused_visitor",
        "refused_link",
    }
    assert not unsaid


# What the studio calls that is named on pages, by the label that is printed there.
PRINTED = {
    **{f"choice_{lang}": f"language_{lang}" for lang in ("en", "es", "ja", "ko", "vi")},
    **{f"name_{lang}": f"language_{lang}" for lang in ("ja", "ko", "vi")},
    **{f"choice_kind_{kind}": f"notice_{kind}" for kind in ("tip", "note", "caution")},
    **{f"side_{side}": f"sheet_{side}" for side in ("left", "right", "both")},
    "choice_by_code": "code",
    "date": "personal_date",
    "feel_for": "find_by_touch",
    "field_practitioner": "personal_practitioner",
    "field_progression": "exercise_progression",
    "field_sources": "sources",
    "name": "personal_name",
    "next_visit": "personal_next_visit",
    "take_care": "care",
    "where": "where",
}


@pytest.mark.parametrize("lang", words.languages())
def test_what_is_printed_is_called_as_it_is_printed(lang: str) -> None:
    own, labels = words._texts(lang), texts_of(SOURCE, lang).labels
    told = {key: (own[key], labels[label].rstrip(":：")) for key, label in PRINTED.items()}
    assert {key: both for key, both in told.items() if both[0].casefold() != both[1].casefold()} == {}


# What an edition is called, as "more ways to print" says; and words for it, for a clinic and for what is asked of who
# writes that the studio says nowhere else.
WAYS = {"es": "forma", "ja": "形", "ko": "형태", "vi": "kiểu", "zh-Hans": "形式", "zh-Hant": "形式"}
OTHERWISE = {
    "es": r"\bedici[oó]n",
    "ja": "クリニック|施術所|別の版|(?<!治療)院用",
    "ko": "병원|클리닉|다른 판|세요",
    "vi": "ấn bản",
    "zh-Hans": "(?:其他|别的)版本",
    "zh-Hant": "(?:其他|別的)版本",
}


@pytest.mark.parametrize("lang", OTHERS)
def test_a_handout_a_clinic_and_an_edition_have_one_word_each(lang: str) -> None:
    own = words._texts(lang)
    assert WAYS[lang] in own["more_editions"]
    terms = {key: own[key].casefold().split()[0] for key in ("handout", "clinic")} | {"edition": WAYS[lang]}
    told = {**{ENGLISH[key]: own[key] for key in ENGLISH}, **words._descriptions(lang), **_form_texts(lang)}
    lacking = [
        (english, text)
        for english, text in told.items()
        for term, word in terms.items()
        if re.search(rf"\b{term}s?\b", english, re.IGNORECASE)
        if word not in text.casefold() and f":{term}}}" not in text
    ]
    assert not lacking
    assert not [text for text in words.words(lang).texts if re.search(OTHERWISE[lang], text)]


def _form_texts(lang: str) -> dict[str, str]:
    """Return what the program says with values, by its English form."""
    return dict(words._read("details", lang)["texts"])


def test_what_is_said_of_a_handout_in_spanish_is_masculine() -> None:
    told = [one for one in words._meanings("es").values() if "folleto" in one.wrong]
    assert len(told) > 5
    assert not [one for one in told if re.search(r"\b[A-ZÁÉÍÓÚ]\w*[áéíóú]\w*las?\b|\blas que hay\b", one.cure)]


@pytest.mark.parametrize("lang", OTHERS)
def test_translations_have_every_word_with_its_holes_and_say_who_made_them(lang: str) -> None:
    own = dict(words._texts(lang))
    assert own.pop("translated_by")
    assert own.keys() == ENGLISH.keys()
    assert not {key for key, text in own.items() if not text.strip()}
    # The form for one may say the number in a word.
    lacking = {key for key, text in ENGLISH.items() if holes(own[key]) ^ holes(text) and not key.endswith("_one")}
    assert not lacking
    assert not {key for key, text in own.items() if not holes(text) <= holes(ENGLISH[key])}


def all_fields() -> Iterator[forms.Field]:
    """Yield a field for each key that a handout may have."""
    schema = forms.handout_schema()
    for own in (schema, *schema["$defs"].values()):
        yield from forms.form(own, schema, {}, (), skip=("type", "sections", "blocks"))


def test_every_field_has_words() -> None:
    named = {field.name for field in all_fields()} - {"field"}  # of what has no form
    assert len(named) > 90
    assert {f"field_{name}" for name in named} <= ENGLISH.keys()


@pytest.fixture(scope="module")
def described() -> set[str]:
    """All that the program tells of fields and measurements in English."""
    checks = palette.derive("#1b5466", "#a05a00").checks
    return {field.about for field in all_fields()} - {""} | {text for one in checks for text in (one.role, one.ground)}


@pytest.mark.parametrize("lang", OTHERS)
def test_descriptions_are_translated_and_no_others(lang: str, described: set[str]) -> None:
    assert len(described) > 120
    own = words._descriptions(lang)
    untranslated, unused = sorted(described - own.keys()), sorted(own.keys() - described)
    assert (untranslated, unused) == ([], [])
    said = words.words(lang)
    assert {one for one in described if not said.description(one).strip() or said.description(one) == one} == set()


# What only who writes YAML or types commands knows.
OF_YAML = re.compile(
    r"--\w|source/|\[\d|'\w+'|zh-Han|YYYY|AAAA|\b(?:keys?|ids?|schema|auto|smart|false|check)\b", re.IGNORECASE
)


@pytest.mark.parametrize("lang", ["en", *OTHERS])
def test_nobody_has_to_know_yaml_to_fill_in_a_field(lang: str, described: set[str]) -> None:
    said = words.words(lang)
    told = [said.description(one) for one in described]
    told += [text for key, text in words._texts(lang).items() if key.startswith("field_")]
    assert not [text for text in told if OF_YAML.search(text)]
    assert set(words._descriptions("en")) <= described


def add_needed(path: Path, known: dict[Path, ast.Module]) -> None:
    """Add to the modules that are known one, and those of the program that it needs, wherever it imports them."""
    if path in known:
        return
    known[path] = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(known[path]):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == PROGRAM.name:
            there = ROOT.joinpath(*str(node.module).split("."))
            for one in (there.with_suffix(".py"), *((there / name.name).with_suffix(".py") for name in node.names)):
                if one.is_file():
                    add_needed(one, known)


@pytest.fixture(scope="module")
def codes() -> set[str]:
    """The codes of what can be wrong in the studio: of all that it imports."""
    script: Any = loaded_script(ROOT / "docs" / "make_messages.py")
    known: dict[Path, ast.Module] = {}
    for path in (PROGRAM / "studio").rglob("*.py"):
        add_needed(path, known)
    return {code for module in known.values() for code in script.codes(module)}


@pytest.mark.parametrize("lang", OTHERS)
def test_what_is_wrong_is_told_by_every_code_and_no_other(lang: str, codes: set[str]) -> None:
    assert 110 < len(codes) < 130
    own = words._meanings(lang)
    notes = {f"{code}-note" for code in codes} | {words.ACCEPTED}
    untranslated, unused = sorted(codes - own.keys()), sorted(own.keys() - codes - notes)
    assert (untranslated, unused) == ([], [])
    assert not {code for code, told in own.items() if not told.wrong.strip() or not told.cure.strip()}


def test_a_note_is_no_error() -> None:
    said = words.words("ja")

    def wrong(code: str, severity: Severity) -> str:
        meaning = said.meaning(Problem(code, "", Path("en.yaml"), severity=severity))
        assert meaning
        return meaning.wrong

    for code in ("brand-colour", "brand-font", "brand-logo", *ACCEPTABLE):
        assert wrong(code, Severity.NOTE) != wrong(code, Severity.ERROR), code
    assert wrong("left-out", Severity.NOTE) == wrong("left-out", Severity.ERROR)


def _constants(paths: Iterable[Path]) -> list[str]:
    """Return the texts that stand in sources."""
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


# What tells what a short form lacks of advice: no report that tests compare with has it.
SHORT_FORMS = (PROGRAM / "plain_language" / "left_out.py", PROGRAM / "render" / "short_form.py")


@pytest.fixture(scope="module")
def said() -> list[str]:
    """Messages and hints as the program says them, from its reports."""
    reports = [ROOT / "docs" / "messages.md", *(ROOT / "tests" / "cases").rglob("expected.txt")]
    found = re.compile(r"(?m)^(?:\S+?(?::[0-9]+)?: (?:note |warning )?[a-z-]+|    hint:) (.+)$")
    texts = [text for path in reports for text in found.findall(path.read_text("utf-8"))]
    texts += re.findall(r"(?m)^- (.+)$", reports[0].read_text("utf-8"))  # in their forms
    texts += _constants(SHORT_FORMS)
    return [*texts, *("'reps' " + re.sub(r"\{\w+\}", "3", text) for text in _BOUNDS.values())]


@pytest.mark.parametrize("lang", OTHERS)
def test_advice_that_a_short_form_leaves_out_is_told_in_every_language(lang: str) -> None:
    hints = "make what nobody may miss", "make them or others shorter", "say it in other words"
    for message, hint in (
        ("the edition leaflet leaves out advice: “Never press here.”", hints[0]),
        ("the edition one-page has no room for what its author warns of: “Never …”", hints[1]),
        ("the edition leaflet leaves out what its summary speaks of: “The diary”", hints[2]),
    ):
        (whole,) = {text for text in _constants(SHORT_FORMS) if text.startswith(hint)}
        found = words.words(lang).told(Problem("left-out", message, Path(), hint=whole, severity=Severity.WARNING))
        assert found
        assert found.english == ""
        assert message.rpartition(": ")[2] in found.wrong


@pytest.mark.parametrize("lang", OTHERS)
def test_values_stand_in_the_sentences_of_every_language(lang: str, said: list[str]) -> None:
    texts, parts = (words._read("details", lang)[name] for name in ("texts", "parts"))
    assert [*texts, *parts] == [form for one in words._read("details", "es").values() for form in one]
    for form, text in (texts | parts).items():
        places = {int(place) for place in holes(text)}
        # What a library says of a damaged picture is left out.
        wanted = set(range(form.count("…"))) - ({1} if "damaged" in form else set())
        assert places == wanted, form
    for form, _ in words._details(lang)[0]:
        assert any(form.fullmatch(text) for text in said), form.pattern
    own = words.words(lang)
    told = [text for text in said if own.with_values(text)]
    assert len(told) > 150


def test_what_is_told_has_its_values_as_the_language_writes_them() -> None:
    def told(lang: str, message: str, hint: str = "", code: str = "value") -> list[str]:
        found = words.words(lang).told(Problem(code, message, Path("en.yaml"), hint=hint))
        assert found
        return [found.wrong, found.cure, found.english]

    assert told("es", "the key 'heading' is missing", code="missing-key") == ["Falta «Encabezado».", "Rellénelo.", ""]
    message, hint = "'title' should be a text; here it is the number 2026", 'quote it: "2026"'
    assert told("ja", message, hint) == [
        "「表題」には文章を入れてください。今の値：数 2026",
        "値を直してください。",
        hint,
    ]
    message = "reading it takes 18.2 years of school (Flesch-Kincaid; SMOG 12.3), far above 6"
    assert "18,2" in told("vi", message)[0]
    assert "18.2" in told("ko", message)[0]
    message = "“Braces” stands on “{0}”: page 2 of the edition one-page for the brand a"
    assert told("es", message)[0] == "«Braces» se imprimiría sobre «{0}»: página 2 (Una página, marca a)."
    assert told("zh-Hans", "nobody says so", "nor this")[2] == "nobody says so – nor this"
    assert told("en", "the key 'kicker' is missing") == ["“Beside the title” is missing.", "", ""]
    assert told("en", "nobody says so", "nor this") == ["nobody says so", "nor this", ""]


@pytest.mark.parametrize(
    ("hint", "left"),
    [
        ("its code, such as BL23; make_handout.py points finds it by any name", "its code, such as BL23"),
        ("bring it up to date, then: make_handout.py translations --done", "bring it up to date"),
        ("make_handout.py points finds it by any name", ""),
        ("for example 2026-12-12T10:30", "for example 2026-12-12T10:30"),
    ],
)
def test_nobody_in_the_studio_is_told_to_type_commands(hint: str, left: str) -> None:
    told = words.words("en").told(Problem("value", "next_visit: this cannot be read", Path("visit"), hint=hint))
    assert told
    assert (told.wrong, told.cure) == ("Next visit: this cannot be read", left)
    other = words.words("ja").told(Problem("value", "next_visit: this cannot be read", Path("visit"), hint=hint))
    assert other
    assert other.wrong.startswith("次回の来院: ")
    assert "make_handout" not in other.english


@pytest.mark.parametrize(
    ("lang", "number", "written"),
    [
        ("es", "4.5", "4,5"),
        ("vi", "1,234.5", "1.234,5"),
        ("ja", "4.5", "4.5"),
        ("en", "1,234", "1,234"),
        ("es", "40.000", "40,000"),
        ("es", "7", "7"),
        ("es", "1.2.3", "1.2.3"),
    ],
)
def test_numbers_are_written_as_the_language_does(lang: str, number: str, written: str) -> None:
    assert words.words(lang).number(number) == written


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
