"""A translation says what its original does, is as new, and tells that nobody has reviewed it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from helpers.project import HERE, LANGUAGES, NAME, OTHERS, SOURCE, run
from helpers.translated import TEXTS, done, edit, tired_back

from handout_builder.cli.main import main
from handout_builder.content.loader import load
from handout_builder.content.shared_texts import texts_of
from handout_builder.render.contents import Contents
from handout_builder.render.imprint import Imprint
from handout_builder.text import markdown
from handout_builder.translation.review import of_handout, of_shared

SHIPPED = [(name, lang) for name in (NAME, *OTHERS) for lang in LANGUAGES[1:]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tired_back(tmp_path)


def told(root: Path) -> list[str]:
    """Return what check says of the translation, less that it is not reviewed."""
    words = ["check", "source/tired-back", "--lang", "es", "--edition", "a4"]
    rows = run(root, *words).stderr.splitlines()
    return [row for row in rows if " translation-" in row and "unreviewed" not in row]


def test_nothing_is_said_of_a_translation_that_says_the_same(root: Path) -> None:
    assert told(root) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("Camine 10 minutos", "Camine 20 minutos", 10, "the number 10 of the original is not in it"),
        ("Camine 10 minutos", "Camine diez minutos", 10, "the number 10 of the original is not in it"),
        ("los dos pies", "los 3 pies", 12, "the number 3 is not in the original"),
        ("No se quede acostado", "Quédese acostado", 10, "the original says “not”, and this does not"),
        ("Siéntese con", "No se siente con", 12, "this says “not”, and the original does not"),
        ("(#rest)", "(#help)", 10, "its links lead elsewhere"),
        ("reps: 5", "reps: 6", 16, "'reps' is 6, not 5"),
        ("id: rest", "id: descanso", 13, "sections/descanso is not in en.yaml"),
        ("[Siéntese con los dos pies en el suelo., ", "[", 12, "'items' has 1 items instead of 2"),
        ("boca arriba.], reps", "boca arriba.], sets: 2, reps", 16, "'sets' is in one language only"),
        ("Levántese dos veces cada hora.", "Get up twice an hour.", 12, "this is not translated"),
    ],
)
def test_what_differs_is_an_error_in_its_line(root: Path, old: str, new: str, line: int, what: str) -> None:
    edit(root / "tired-back/es.yaml", old, new)
    if "descanso" in new:  # the link to it is its own mistake
        edit(root / "tired-back/es.yaml", "(#rest)", "(#descanso)")
    rows = told(root)
    assert any(row.endswith(f"es.yaml:{line}: translation-differs {what}") for row in rows), rows


def test_a_number_in_words_is_the_same_number(root: Path) -> None:
    edit(root / "tired-back/en.yaml", "twice an hour", "2 times an hour")
    done(root)
    assert told(root) == []


def test_blocks_older_than_the_original_are_told_by_their_lines(root: Path) -> None:
    edit(root / "tired-back/en.yaml", "Sit with both feet down.", "Sit with both feet on the floor.")
    edit(root / "tired-back/en.yaml", "heading: Rest", "heading: How to rest")
    rows = told(root)
    stale = "es.yaml:{}: warning translation-stale {} is older than the original ({} of 2)"
    assert [row.partition("tired-back/")[2] for row in rows] == [
        stale.format(11, "sections/help/2", 1),
        stale.format(13, "sections/rest", 2),
    ]
    table = run(root, "translations", "tired-back").stdout.splitlines()
    assert [row.split() for row in table] == [
        ["text", "language", "blocks", "done", "stale", "missing", "review"],
        ["tired-back", "es", "7", "5", "2", "0", "unreviewed"],
    ]
    done(root)
    assert told(root) == []


def test_an_edit_that_changes_no_words_makes_nothing_old(root: Path) -> None:
    path = root / "tired-back/en.yaml"
    edit(
        path,
        "items: [Sit with both feet down., Get up twice an hour.]",
        "items:\n          - Sit with both feet down.\n          - Get up twice an hour.",
    )
    assert told(root) == []


def test_what_is_not_translated_cannot_be_called_done(root: Path) -> None:
    edit(root / "tired-back/es.yaml", "description: Dos cosas que ayudan.\n", "")
    before = (root / "tired-back/editorial/es.csv").read_bytes()
    result = run(root, "translations", "tired-back", "--done")
    assert result.returncode == 1
    assert "not translated yet: description" in result.stderr
    assert (root / "tired-back/editorial/es.csv").read_bytes() == before


def test_a_translation_says_so_on_each_page_until_it_is_reviewed(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root.parent)
    note, end = "Machine translation, not reviewed", "A machine translated this text from English."
    words = ["source/tired-back", "--lang", "es", "--format", "pdf", *HERE]
    assert main(words) == 0
    pages = pages_of(root.parent / "dist/tired-back.es.pdf")
    assert all(note in page for page in pages)
    assert end in pages[-1]
    capsys.readouterr()
    assert main([*words, "--strict"]) == 1
    assert "es.yaml:3: translation-unreviewed translated from en by a machine" in capsys.readouterr().err

    edit(root / "tired-back/es.yaml", "by: machine,", "by: machine, reviewed_by: 'M. Example, nurse',")
    assert main(words) == 0
    pages = pages_of(root.parent / "dist/tired-back.es.pdf")
    assert not any(note in page for page in pages)
    assert "Translation reviewed by M. Example, nurse." in pages[-1]


def test_an_authors_own_text_is_not_called_a_translation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "source" / "tired-back"
    folder.mkdir(parents=True)
    (folder / "es.yaml").write_text(TEXTS["es"].format(translation=""), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["source/tired-back", "--lang", "es", "--format", "pdf", *HERE]) == 0
    pages = pages_of(tmp_path / "dist/tired-back.es.pdf")
    assert all("Seguridad, lugares y dosis: traducción automática, sin revisar" in page for page in pages)
    assert "Una máquina tradujo del inglés los consejos de seguridad" in pages[-1]
    assert "Una máquina tradujo este texto" not in pages[-1]


@pytest.mark.parametrize(
    ("own", "advice", "foot"),
    [
        ("machine", "machine", "foot_machine"),
        ("", "machine", "foot_advice_machine"),
        ("", "person", "foot_advice_person"),
        ("person", "person", "foot_person"),
        ("person", "machine", "foot_mixed"),
        ("machine", "", "foot_machine"),
        ("person", "", "foot_person"),
        ("", "", ""),
    ],
)
def test_the_foot_says_what_was_translated_and_how(own: str, advice: str, foot: str) -> None:
    source = load(SOURCE / OTHERS[0], "es")
    made = source.shared.translation
    assert made
    by = {who: made.model_copy(update={"by": who}) if who else None for who in (own, advice)}
    shared = source.shared.model_copy(update={"translation": by[advice]})
    handout = source.handout.model_copy(update={"translation": by[own]})
    imprint = Imprint(Contents(replace(source, shared=shared, handout=handout)), ())
    assert imprint.unreviewed == shared.labels.get(foot, "")


def pages_of(path: Path) -> list[str]:
    """Return the words of each page on one line."""
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(path)]


def test_a_translation_without_its_original_is_told(root: Path) -> None:
    (root / "tired-back/en.yaml").unlink()
    rows = told(root)
    assert [row.partition("tired-back/")[2] for row in rows] == [
        "es.yaml:3: translation-original the original en.yaml is not there"
    ]


@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_what_is_shared_is_as_new_as_the_english_and_says_the_same(lang: str) -> None:
    assert of_shared(SOURCE, lang) == []


@pytest.mark.parametrize(("name", "lang"), SHIPPED)
def test_a_shipped_handout_is_as_new_as_the_english_and_says_the_same(name: str, lang: str) -> None:
    assert of_handout(load(SOURCE / name, lang)) == []


def test_every_shipped_text_is_in_every_language() -> None:
    texts = [SOURCE / name for name in (NAME, *OTHERS, "shared", "shared/plain")]
    assert [sorted(path.stem for path in text.glob("*.yaml")) for text in texts] == [sorted(LANGUAGES)] * len(texts)


@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_titles_that_are_cited_in_english_say_so(lang: str) -> None:
    """Voices read them, and hyphenation breaks them, in the language that they are in."""
    originals, cited = (texts_of(SOURCE, tag).sources for tag in ("en", lang))
    for name, source in cited.items():
        untagged = re.sub(r"\[(?:[^\[\]]|\[[^\[\]]*\]\([^)]*\))*\]\{lang=en\}", "|", source.text)
        same = threes(markdown.plain(untagged)) & threes(markdown.plain(originals[name].text))
        assert not same, (name, source.text)


def threes(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W\d_]{2,}|\|", re.sub(r"doi\.org/\S+", "|", text))
    return {three for three in zip(words, words[1:], words[2:], strict=False) if "|" not in three}
