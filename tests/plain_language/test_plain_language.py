"""Plain language: each folder in cases/plain_language/ breaks one rule, and holds what comes near it and breaks none.

A case is a handout's folder with `expected.txt`, the exact report of `make_handout.py check NAME`.
UPDATE_GOLDEN=1 writes the reports anew; look at the difference before you commit it.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from helpers.project import HERE, LANG, LANGUAGES, NAME, ROOT, SOURCE, Project, common
from helpers.reports import compare
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judges import sarif

from handout_builder.builder import checking
from handout_builder.cli.main import OK, PROBLEMS, main
from handout_builder.content.loader import load
from handout_builder.errors import HandoutError
from handout_builder.pipeline import MadeFiles
from handout_builder.plain_language.review import review
from handout_builder.plain_language.word_lists import plain_words, regions_in
from handout_builder.plain_language_codes import RULES
from handout_builder.text import sentences
from handout_builder.text.readability import reading

CASES = ROOT / "tests" / "cases" / "plain_language"
NAMES = sorted(folder.name for folder in CASES.iterdir())


ERRORS = {"plain-red-flags"}
"""Rules whose breach is an error of `check`."""


@pytest.fixture(autouse=True)
def _no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `check` set no pages: rules look at the text alone."""
    monkeypatch.setattr(checking, "make", lambda *_: MadeFiles())


def codes(report: str) -> list[str]:
    """Return the codes of the errors and warnings of a report."""
    return re.findall(r"^\S+:\d+: (?:warning )?(?!note )([a-z-]+) ", report, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_report(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(CASES / name, tmp_path / "source" / name, ignore=shutil.ignore_patterns("expected.txt"))
    monkeypatch.chdir(tmp_path)
    assert main(["check", name, *HERE]) == (PROBLEMS if name in ERRORS else OK)
    report = "".join(line for line in capsys.readouterr().err.splitlines(keepends=True) if ".en: " not in line)
    compare(report, CASES / name / "expected.txt")
    if name in (NAMES[0], NAMES[-1]):  # what is a warning is so for every rule
        assert main(["check", name, "--strict", *HERE]) == PROBLEMS


@pytest.mark.parametrize("name", NAMES)
def test_a_case_breaks_the_rule_that_it_is_named_after(name: str) -> None:
    assert set(codes((CASES / name / "expected.txt").read_text("utf-8"))) == {name}


def test_every_rule_has_a_case() -> None:
    assert set(NAMES) == {*RULES, "accept-unused"}


def test_own_handout_breaks_no_rule_that_it_does_not_accept(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert main(["check", NAME, *HERE]) == OK
    assert {code for code in codes(capsys.readouterr().err) if code in RULES} == set()


def test_build_with_strict_refuses_what_check_warns_of(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "plain-claim"
    shutil.copytree(CASES / name, project.top / "source" / name)
    monkeypatch.chdir(project.top)
    assert main([name, "--format", "pdf", *HERE]) == OK
    before = (project.top / "dist" / f"{name}.en.pdf").read_bytes()
    capsys.readouterr()
    assert main([name, "--format", "pdf", "--strict", *HERE]) == PROBLEMS
    assert "plain-claim this promises" in capsys.readouterr().err
    assert (project.top / "dist" / f"{name}.en.pdf").read_bytes() == before
    project.edit(
        "sources: [who-2008]",
        "sources: [who-2008]\naccept: {plain-claim: A test.}",
        project.folder.parent / name / "en.yaml",
    )
    assert main([name, "--format", "pdf", "--strict", *HERE]) == OK


def test_words_of_a_language_are_read_and_may_be_the_authors_own(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.top)
    words = project.top / "source" / "shared" / "plain" / "en.yaml"
    project.edit("jargon:\n", "jargon:\n  pillow: cushion\n", words)
    project.edit("Press near the dot and look", "Put a pillow down and look")
    project.edit("plain-jargon: ", "plain-list: ")
    assert main(["check", *HERE]) == OK
    report = capsys.readouterr().err
    assert "plain-jargon “pillow” is not explained" in report
    assert "write “cushion”" in report
    project.edit("jargon:\n", "jargn:\n", words)
    assert main(["check", *HERE]) == PROBLEMS
    assert re.search(r"^source/shared/plain/en.yaml:\d+: unknown-key ", capsys.readouterr().err, re.MULTILINE)


def test_change_of_the_words_makes_a_strict_build_anew(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "plain-claim"
    shutil.copytree(CASES / name, project.top / "source" / name)
    text = project.folder.parent / name / "en.yaml"
    project.edit("sources: [who-2008]", "sources: [who-2008]\naccept: {plain-claim: A test.}", text)
    monkeypatch.chdir(project.top)
    words = [name, "--format", "pdf", "--strict", *HERE]
    assert main(words) == OK
    project.edit("jargon:\n", "jargon:\n  rest: pause\n", project.top / "source" / "shared" / "plain" / "en.yaml")
    assert main(words) == PROBLEMS
    assert "plain-jargon" in capsys.readouterr().err


def test_language_without_words_is_judged_by_what_needs_none(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = project.top / "source" / "shared"
    shutil.copy(shared / "en.yaml", shared / "de.yaml")
    words = project.top / "source" / "points" / "words"
    shutil.copy(words / "en.csv", words / "de.csv")
    text = project.folder / "de.yaml"
    shutil.copy(project.text, text)
    project.edit("kicker: Patient information\n", "", text)
    value = text.read_text("utf-8")
    text.write_text(
        value[: value.index("# What check finds")].replace("summary:", "author: Mara Lind\nsummary:"), "utf-8"
    )
    monkeypatch.chdir(project.top)
    assert main(["check", NAME, "--lang", "de", *HERE]) == OK
    assert {code for code in codes(capsys.readouterr().err) if code in RULES} == {"plain-paragraph"}


# Sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("About 1.5 cm, e.g. at L4. Then rest.", 2),
        ("Ask Dr. Lind. She knows.", 2),
        ("“Stop.” Then go on.", 2),
        ("See it (below.) Then go.", 2),
        ("It goes on... and on.", 1),
        ("", 0),
        ("…", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences.split_sentences(text, ["Dr", "e.g"])) == count


@given(st.text(max_size=200))
def test_sentences_hold_all_words(text: str) -> None:
    found = sentences.split_sentences(text)
    assert [word for sentence in found for word in sentences.split_words(sentence)] == sentences.split_words(text)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("improv* … circulation", "it Improves your blood circulation", True),
        ("improv* … circulation", "improving circulation", True),
        ("improv* … circulation", "improves this and that and also the circulation", False),
        ("improv* … circulation", "improves. The circulation", False),
        ("heal", "health", False),
        ("no side effects", "There are no  side\neffects.", True),
        ("a.b", "axb", False),
    ],
)
def test_phrases(pattern: str, text: str, found: bool) -> None:
    assert bool(sentences.phrases((pattern,)).search(text)) == found


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Đau đầu gối", {"hip-knee": "Đau đầu gối"}),
        ("Đau đầu và đau đầu gối", {"head": "Đau đầu", "hip-knee": "đau đầu gối"}),
        ("Đau cổ tay", {"shoulder-arm": "Đau cổ tay"}),
        ("Đi bộ", {}),
    ],
)
def test_of_the_words_of_a_title_the_longest_counts(title: str, parts: dict[str, str]) -> None:
    assert regions_in(title, plain_words(SOURCE, "vi")) == parts


def test_a_language_may_count_longer_sentences() -> None:
    """Vietnamese has blanks between syllables."""
    lengths = {lang: words.lengths for lang in LANGUAGES if (words := plain_words(SOURCE, lang))}
    assert lengths.pop("vi").longest == 35
    assert {(each.mean, each.longest) for each in lengths.values()} == {(15, 25)}


def test_smog_follows_its_formula() -> None:
    # McLaughlin (1969): 1.0430 × √(30 × 3 long words ÷ 2 sentences) + 3.1291.
    counted = reading(["Medical examination is necessary. Rest is important."])
    assert counted is not None
    assert (counted.sentences, counted.long_words) == (2, 4)
    assert counted.smog == round(1.043 * (30 * 4 / 2) ** 0.5 + 3.1291, 1) == 11.2


# For programs


def report(form: str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, object]:
    code = main(["check", NAME, "--lang", LANG, "--format", form, *more, *HERE])
    return code, json.loads(capsys.readouterr().out)


def test_json_says_what_the_text_says(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert main(["check", NAME, "--lang", LANG, *HERE]) == OK
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("source/")]
    code, value = report("json", capsys)
    assert code == OK
    assert isinstance(value, list)
    kinds = {"error": "", "warning": "warning ", "note": "note "}
    assert [f"{x['path']}:{x['line']}: {kinds[x['severity']]}{x['code']} {x['message']}" for x in value] == lines


def test_sarif_is_what_the_standard_asks_for(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the judge of it catches a defect; it takes two seconds to start, so that it looks at all at once."""
    monkeypatch.chdir(project.top)
    whole, lacking, spoilt = (project.top / f"{name}.sarif" for name in ("whole", "lacking", "spoilt"))
    value = sarif_of(capsys)
    whole.write_text(json.dumps(value), "utf-8")
    del value["runs"][0]["results"][0]["message"]
    lacking.write_text(json.dumps(value), "utf-8")
    project.edit("kicker:", "kiker:")
    spoilt.write_text(json.dumps(sarif_of(capsys, spoilt=True)), "utf-8")
    of_whole, of_lacking, of_spoilt = sarif.check(whole, lacking, spoilt)
    assert (of_whole, of_spoilt) == ([], [])
    assert any(found.startswith("error JSON") for found in of_lacking)


def sarif_of(capsys: pytest.CaptureFixture[str], *, spoilt: bool = False) -> dict[str, Any]:
    """Return the report on the handout after a look at codes, levels, rules and places."""
    code, value = report("sarif", capsys)
    assert code == (PROBLEMS if spoilt else OK)
    assert isinstance(value, dict)
    (run,) = value["runs"]
    results = run["results"]
    places = [result["locations"][0]["physicalLocation"] for result in results]
    levels = {result["level"] for result in results}
    assert levels == ({"error"} if spoilt else {"warning", "note"})
    if not spoilt:
        assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {r["ruleId"] for r in results} & RULES.keys()
    assert {place["artifactLocation"]["uri"] for place in places} <= {
        f"source/{NAME}/en.yaml",
        f"source/{NAME}/editorial/en.yaml",
    }
    assert all(place["region"]["startLine"] > 0 for place in places)
    return value


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_what_cannot_be_loaded_is_told_in_the_same_form(
    form: str, project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.top)
    code = main(["check", "no-such-handout", "--format", form, *HERE])
    output = capsys.readouterr()
    assert code == PROBLEMS
    assert "unknown-handout" in json.dumps(json.loads(output.out))
    assert output.err == "1 error; 0 warnings and 0 notes\n"


def test_a_file_elsewhere_has_its_name_alone(
    project: Project,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("a b"))
    assert main(["check", str(project.folder), "--format", "sarif", *HERE]) == OK
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}
    assert project.text.name in uris
    assert not any(str(project.top) in uri for uri in uris)


# Any text

PIECES = [
    "Press",
    "the",
    "sacrum",
    "(",
    ")",
    ". ",
    "… ",
    "is ",
    "used ",
    "“",
    "”",
    '"',
    "*",
    "1.5 cun ",
    "肾愈",
    "Jinyu",
    "\n\n",
    "- ",
]


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30).map("".join))
def test_any_text_can_be_judged(project: Project, words: str) -> None:
    text = yaml.safe_load(project.text.read_text("utf-8"))
    text["sections"][0]["blocks"][0]["text"] = words
    text["sections"][4]["blocks"][0]["items"][0] = words
    name = project.folder.parent / "any" / "en.yaml"
    name.parent.mkdir(exist_ok=True)
    name.write_text(yaml.safe_dump(text, allow_unicode=True), "utf-8")
    with contextlib.suppress(HandoutError):
        for problem in review(load(name.parent, LANG, common())):
            assert 0 < problem.line <= len(problem.path.read_text("utf-8").splitlines())


FIELDS = """\
      - {type: notice, kind: tip, text: WORD}
      - {type: quote, text: WORD}
      - type: questions
        items:
          - question: WORD
            answer: WORD
      - type: columns
        lists:
          - {heading: WORD, items: [Rest.]}
          - heading: Do not
            items:
              - WORD
      - {type: checklist, items: [WORD]}
      - type: diary
        caption: WORD
        rows: [WORD]
      - type: write-in
        fields:
          - WORD
          - {label: WORD, lines: 2}
      - type: table
        caption: WORD
        columns: [WORD, {head: WORD}]
        groups:
          - heading: WORD
            rows:
              - [WORD, "Yes"]
"""


def test_every_field_of_a_form_is_looked_at(tmp_path: Path) -> None:
    """Each has another term that needs an explanation."""
    text = (CASES / "plain-jargon" / "en.yaml").read_text("utf-8").partition("      - type: text\n")[0]
    terms = [forms.split(", ")[0] for forms in plain_words(SOURCE, LANG).jargon][: FIELDS.count("WORD")]
    lines, waiting = (text + FIELDS).splitlines(), iter(terms)
    wanted = {}
    for number, line in enumerate(lines, start=1):
        for _ in range(line.count("WORD")):
            word = next(waiting)
            wanted[word] = number
            lines[number - 1] = lines[number - 1].replace("WORD", f"The {word}", 1)
    handout = tmp_path / "forms" / "en.yaml"
    handout.parent.mkdir()
    handout.write_text("\n".join([*lines, "sources: [who-2008]", "about: low-back", ""]), "utf-8")
    found = [one for one in review(load(handout.parent, LANG, common())) if one.code == "plain-jargon"]
    assert {re.findall("“(.+?)”", one.message)[0]: one.line for one in found} == wanted
