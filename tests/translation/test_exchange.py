"""Texts go to translators and come back: nothing is lost, nothing breaks, and what is done is recorded."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.project import LANGUAGES, SOURCE, run
from helpers.translated import done, edit, tired_back
from hypothesis import given, settings
from hypothesis import strategies as st

from handout_builder.content.loader import load
from handout_builder.content.yaml_reader import read_yaml, yaml_file
from handout_builder.text import characters
from handout_builder.translation import exchange, po, xliff, yaml_edit
from handout_builder.translation.units import Package, Unit, texts_of

KINDS = ("po", "xlf")
FORMS = {"po": po, "xlf": xliff}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tired_back(tmp_path)


def export(root: Path, kind: str, lang: str = "es", name: str = "tired-back") -> Path:
    path = root.parent / f"texts.{kind}"
    result = run(root, "translations", name, "--lang", lang, "--export", str(path))
    assert result.returncode == 0, result.stderr
    return path


def bring_in(root: Path, path: Path, returncode: int = 0) -> str:
    result = run(root, "translations", "--import", str(path))
    assert result.returncode == returncode, result.stderr
    return result.stderr


def translate(path: Path, targets: dict[str, str], reviewer: str = "") -> Package:
    """Do what a translator does: give some units new texts, and take the marks of doubt off all."""
    form = FORMS[path.suffix[1:]]
    package = form.read(path.read_text("utf-8"), path)
    units = [
        Unit(unit.name, unit.source, targets.get(unit.name.partition("#")[2], unit.target), True, "a/b.yaml:1")
        for unit in package.units
    ]
    new = Package(package.source, package.target, tuple(units), reviewer)
    path.write_bytes(form.written(new))
    return new


def files_of(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


# What is written and read

# What a source file can hold: everything but what cannot be seen, and line ends of other systems.
TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")),
        st.sampled_from("\n\t \"\\'{}[]()#*_<>&%:|-" + "腰の痛み，。「」허리đau"),
    ),
    min_size=1,
    max_size=60,
).filter(lambda text: bool(text.strip()) and not any(characters.odd(text)))
UNITS = st.builds(
    Unit,
    st.from_regex(r"[a-z]{1,8}/ja\.yaml#[a-z/0-9_.-]{1,12}", fullmatch=True),
    TEXTS,
    st.one_of(st.just(""), TEXTS),
    st.booleans(),
    st.from_regex(r"[a-z]{1,5}( [a-z]{1,5})?/en\.yaml:[1-9]{1,4}", fullmatch=True),
)
PACKAGES = st.builds(
    Package,
    st.just("en"),
    st.sampled_from(LANGUAGES),
    st.lists(UNITS, unique_by=lambda unit: unit.name, max_size=5).map(tuple),
    st.one_of(st.just(""), st.just('Dr. A. "Example", 医師 <a@b.example>')),
)


@pytest.mark.parametrize("kind", KINDS)
@given(PACKAGES)
@settings(max_examples=100, deadline=None)
def test_any_text_comes_back_as_it_went(kind: str, package: Package) -> None:
    form = FORMS[kind]
    found = form.read(form.written(package).decode(), Path("texts"))
    assert (found.source, found.target) == (package.source, package.target) or not package.units
    assert found.reviewed_by == package.reviewed_by or not package.units
    sent = [(unit.name, unit.source, unit.target, unit.done and bool(unit.target)) for unit in package.units]
    assert [(unit.name, unit.source, unit.target, unit.done) for unit in found.units] == sent


TEMPLATE = """\
# A remark above.
plain: a text  # a remark behind
single: 'quoted ''here'''
double: "quoted \\"here\\""
folded: >-  # a remark
  two rows
  of words

literal: |-
  two
  rows

# A remark between.
list:
  - an item
  -   far: in
      keys: [among, "others", {in: brackets}]
last: |
  the last
"""


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_yaml_keeps_all_but_the_texts_that_are_new(data: st.DataObject) -> None:
    file = yaml_file(Path("en.yaml"), TEMPLATE)
    places = [("plain",), ("single",), ("double",), ("folded",), ("literal",), ("list", 0), ("list", 1, "far")]
    places += [("list", 1, "keys", 0), ("list", 1, "keys", 2, "in"), ("last",)]
    chosen = data.draw(st.lists(st.sampled_from(places), unique=True))
    texts = {at: data.draw(TEXTS) for at in chosen}
    made = yaml_edit.with_texts(file, texts)
    for at in places:
        assert yaml_edit.value_at(made.value, at) == texts.get(at, yaml_edit.value_at(file.value, at))
    assert [row for row in made.text.split("\n") if row.startswith("#")] == ["# A remark above.", "# A remark between."]
    assert "  # a remark behind" in made.text
    assert list(made.value) == list(file.value)
    back = yaml_edit.with_texts(made, {at: yaml_edit.value_at(file.value, at) for at in chosen})
    assert back.value == file.value


def test_line_ends_of_another_system_stay() -> None:
    file = yaml_file(Path("en.yaml"), "a: one\r\nb: two\r\n")
    made = yaml_edit.with_texts(file, {("a",): "one\nand more"})
    assert made.text == "a: |-\r\n  one\r\n  and more\r\nb: two\r\n"


@pytest.mark.parametrize(("kind", "lang"), [*(("po", lang) for lang in LANGUAGES[1:]), ("xlf", "zh-Hant")])
def test_what_is_shipped_goes_out_and_comes_in_byte_by_byte(tmp_path: Path, kind: str, lang: str) -> None:
    root = Path(shutil.copytree(SOURCE, tmp_path / "source", ignore=shutil.ignore_patterns("brands", "original*")))
    path = tmp_path / f"texts.{kind}"
    before = files_of(root)
    assert run(root, "translations", "--lang", lang, "--export", str(path)).returncode == 0
    assert bring_in(root, path).startswith("0 texts changed")
    assert files_of(root) == before


def test_every_text_that_readers_see_goes_out() -> None:
    """The keys come from the models; those whose texts stand in a short form are found by what is shipped."""
    from handout_builder.content import texts

    for folder in ("tests/samples/handouts/blocks", "source/knee-pain", "source/chronic-back-pain", "docs/cheat-sheet"):
        path = SOURCE.parent / folder / "en.yaml"
        sent = {" ".join(text.value.split()) for text in texts_of(read_yaml(path)).values()}
        handout = load(path.parent, "en").handout
        seen = {" ".join(text.split()) for section in handout.sections for text in texts.prose(section)}
        assert seen <= sent | {""}, seen - sent  # a cell may be empty


# What an import does


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_back_stands_in_the_yaml_and_is_done(root: Path, kind: str) -> None:
    path = root / "tired-back/es.yaml"
    edit(path, "title: Una espalda cansada\n", "# Un título.\ntitle: 'Una espalda cansada'   # corto\n")
    edit(root / "tired-back/en.yaml", "Get up twice an hour.", "Get up three times an hour.")
    package = export(root, kind)
    targets = {
        "title": "Una espalda 'muy' cansada: ayuda",
        "sections/help/2/items/2": "Levántese tres veces cada hora.",
    }
    translate(package, targets, "M. Example, nurse")
    assert "2 texts changed; 7 blocks done, 0 left" in bring_in(root, package)
    text = path.read_text("utf-8")
    assert "# Un título.\ntitle: 'Una espalda ''muy'' cansada: ayuda'   # corto\n" in text
    assert "items: [Siéntese con los dos pies en el suelo., Levántese tres veces cada hora.]" in text
    assert "by: person" in text
    assert "reviewed_by: M. Example, nurse" in text or 'reviewed_by: "M. Example, nurse"' in text
    assert load(root / "tired-back", "es").handout.translation.reviewed_by == "M. Example, nurse"  # type: ignore[union-attr]
    table = run(root, "translations", "tired-back").stdout.splitlines()
    assert table[1].split() == ["tired-back", "es", "7", "7", "0", "0", "reviewed"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_in_doubt_is_taken_and_not_called_done(root: Path, kind: str) -> None:
    edit(root / "tired-back/en.yaml", "title: A tired back", "title: A very tired back")
    path = export(root, kind)
    text = path.read_text("utf-8")
    assert text.count("fuzzy\n" if kind == "po" else "needs-review") == 9  # a machine's
    path.write_text(text.replace("Una espalda cansada", "Una espalda muy cansada"), "utf-8")
    assert "1 text changed" in bring_in(root, path)
    assert "title: Una espalda muy cansada" in (root / "tired-back/es.yaml").read_text("utf-8")
    assert "by: machine" in (root / "tired-back/es.yaml").read_text("utf-8")
    table = run(root, "translations", "tired-back").stdout.splitlines()
    assert table[1].split() == ["tired-back", "es", "7", "6", "1", "0", "unreviewed"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_language_that_is_new_begins_as_a_copy(root: Path, kind: str) -> None:
    edit(root / "tired-back/en.yaml", "revised: ", "reviewed_by: A. Example, nurse\nrevised: ")
    for folder, suffix in (("shared", "yaml"), ("shared/plain", "yaml")):
        shutil.copy(root / folder / f"en.{suffix}", root / folder / f"de.{suffix}")
    path = export(root, kind, "de")
    assert "1 of 10 texts are not translated yet" not in bring_in(root, path, 1)
    german = {
        "title": "Ein müder Rücken",
        "description": "Zwei Dinge, die helfen.",
        "sections/help/heading": "Was hilft",
        "sections/help/1/text": "Gehen Sie 10 Minuten am Tag. Do not: liegen Sie nicht lange; siehe [Ruhe](#rest).",
        "sections/help/2/items/1": "Stellen Sie beide Füße auf.",
        "sections/help/2/items/2": "Stehen Sie zweimal in der Stunde auf.",
        "sections/rest/heading": "Ruhe",
        "sections/rest/1/name": "Knie hoch",
        "sections/rest/1/steps/1": "Legen Sie sich auf den Rücken.",
    }
    translate(path, german)
    bring_in(root, path)
    text = (root / "tired-back/de.yaml").read_text("utf-8")
    handout = load(root / "tired-back", "de").handout
    assert handout.title == "Ein müder Rücken"
    assert handout.translation is not None
    assert (handout.translation.source, handout.translation.by) == ("en", "person")
    assert "A. Example" not in text, "who checked the English did not check this"
    assert run(root, "translations", "tired-back", "--lang", "de").stdout.splitlines()[1].split()[2:6] == [
        "7",
        "7",
        "0",
        "0",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_blocks_that_are_new_in_the_original_find_their_places(root: Path, kind: str) -> None:
    path = root / "tired-back/en.yaml"
    edit(
        path,
        "  - id: rest\n",
        "      - type: text\n        text: Stand well.\n  - id: more\n    heading: More\n"
        "    blocks:\n      - {type: text, text: Breathe.}\n  - id: rest\n",
    )
    edit(path, "title: A tired back\n", "title: A tired back\nkicker: Patient information\n")
    package = export(root, kind)
    new = {
        "kicker": "Información",
        "sections/help/3/text": "Póngase bien de pie.",
        "sections/more/heading": "Más",
        "sections/more/1/text": "Respire.",
    }
    translate(package, new)
    assert "4 texts changed" in bring_in(root, package)
    file = read_yaml(root / "tired-back/es.yaml")
    assert list(file.value)[:2] == ["title", "kicker"]
    assert [section["id"] for section in file.value["sections"]] == ["help", "more", "rest"]
    assert [len(section["blocks"]) for section in file.value["sections"]] == [3, 1, 1]
    assert file.value["sections"][0]["blocks"][2] == {"type": "text", "text": "Póngase bien de pie."}
    check = run(root, "check", "source/tired-back", "--lang", "es", "--edition", "a4")
    assert "translation-differs" not in check.stderr
    assert "translation-stale" not in check.stderr


def test_a_new_section_comes_in_when_all_of_it_is_translated(root: Path) -> None:
    edit(
        root / "tired-back/en.yaml",
        "  - id: rest\n",
        "  - id: more\n    heading: More\n    blocks:\n      - {type: text, text: Breathe.}\n  - id: rest\n",
    )
    package = export(root, "xlf")
    translate(package, {"title": "Otra espalda", "sections/more/1/text": "Respire."})
    bring_in(root, package)
    value = read_yaml(root / "tired-back/es.yaml").value
    assert value["title"] == "Otra espalda"
    assert [section["id"] for section in value["sections"]] == ["help", "rest"]


def test_what_was_wrong_before_stops_no_other_text(root: Path) -> None:
    package = export(root, "xlf")
    edit(root / "tired-back/es.yaml", "reps: 5", "reps: 6")
    translate(package, {"title": "Otra espalda"})
    bring_in(root, package)
    assert read_yaml(root / "tired-back/es.yaml").value["title"] == "Otra espalda"


def test_a_file_for_translators_has_an_end(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = export(root, "xlf")
    monkeypatch.setattr(exchange, "_MOST_UNITS", 3)
    assert "more than 3 texts in one file" in bring_in(root, path, 1)


def test_texts_of_the_program_go_out_when_they_are_copied(root: Path) -> None:
    shutil.copy(SOURCE / "shared/es.yaml", root / "shared/es.yaml")
    (root / "shared/en.yaml").unlink()
    result = run(root, "translations", "shared", "--lang", "es", "--export", str(root.parent / "a.xlf"))
    assert result.returncode == 1
    assert "it does not lie beside the handouts" in result.stderr


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "target", "what"),
    [
        (
            "sections/help/1/text",
            "Camine. No se quede; vea [Descanso](#rest).",
            "the number 10 of the original is not in it",
        ),
        ("sections/help/1/text", "Camine 10 minutos. No; vea [Descanso](#help).", "its links lead elsewhere"),
        (
            "sections/help/1/text",
            "Camine 10 minutos; vea [Descanso](#rest).",
            "the original says “not”, and this does not",
        ),
        ("title", "Una {espalda} cansada", "the words in braces are {espalda}, not none"),
        ("title", "Una espalda\u202e cansada", "the character U+202E"),
        ("title", "腰", "has no language"),
        ("title", "Una espalda <b>cansada</b>", "HTML"),
        ("sections/help/2/items/1", "Siéntese 3 veces.", "the number 3 is not in the original"),
    ],
)
def test_what_breaks_the_text_is_told_by_its_unit_and_nothing_is_written(
    root: Path, kind: str, name: str, target: str, what: str
) -> None:
    path = export(root, kind)
    translate(path, {name: target})
    before = files_of(root)
    told = bring_in(root, path, 1)
    assert files_of(root) == before
    rows = [row for row in told.splitlines() if what in row]
    assert rows, told
    assert f"tired-back/es.yaml#{name}: " in rows[0]
    line = int(rows[0].split(":")[1])
    around = "\n".join(path.read_text("utf-8").splitlines()[line - 1 : line + 12])
    assert f"tired-back/es.yaml#{name}" in around


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_whose_original_has_changed_since_is_left_out(root: Path, kind: str) -> None:
    path = export(root, kind)
    translate(path, {"title": "Otra espalda", "sections/rest/heading": "Otro descanso"})
    edit(root / "tired-back/en.yaml", "title: A tired back", "title: A weary back")
    told = bring_in(root, path)
    assert "warning exchange-old tired-back/es.yaml#title: the original says something else by now" in told
    text = (root / "tired-back/es.yaml").read_text("utf-8")
    assert "title: Una espalda cansada" in text
    assert "heading: Otro descanso" in text


def test_new_words_are_not_those_that_somebody_has_reviewed(root: Path) -> None:
    edit(root / "tired-back/es.yaml", "by: machine,", "by: machine, reviewed_by: 'M. Example, nurse',")
    path = export(root, "po")
    translate(path, {"title": "Otra espalda"})
    assert "exchange-review M. Example, nurse has not compared the new words" in bring_in(root, path)
    assert "M. Example" not in (root / "tired-back/es.yaml").read_text("utf-8")


def test_words_of_places_and_shared_texts_come_in_too(root: Path) -> None:
    (root / "shared/es.yaml").unlink()
    shutil.copy(SOURCE / "shared/es.yaml", root / "shared/es.yaml")
    shutil.copytree(SOURCE / "points", root / "points")
    path = export(root, "po", name="shared")
    package = po.read(path.read_text("utf-8"), path)
    names = [unit.name for unit in package.units]
    assert "points/words/es.csv#points/LU1/where" in names
    where = next(unit for unit in package.units if unit.name.endswith("#points/LU1/where"))
    translate(path, {"points/LU1/where": f"{where.target} Es así.", "labels/in_short": "En pocas palabras"})
    before = (root / "points/words/es.csv").read_text("utf-8").splitlines()
    assert "2 texts changed" in bring_in(root, path)
    rows = (root / "points/words/es.csv").read_text("utf-8").splitlines()
    assert [number for number, (one, two) in enumerate(zip(before, rows, strict=True)) if one != two] == [1]
    assert "  in_short: En pocas palabras\n" in (root / "shared/es.yaml").read_text("utf-8")
    translate(path, {"points/LU1/where": "Sin medida."})
    told = bring_in(root, path, 1)
    assert "exchange-text points/words/es.csv#points/LU1/where: the words in braces are none, not {1}" in told


# Files of strangers

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.xlf", "not XML", "this is no XLIFF file"),
        ("a.xlf", "<xliff/>", "this is no XLIFF 1.2 file"),
        ("a.xlf", BOMB + "]><x>&i;</x>", "a.xlf:1: exchange "),
        ("a.xlf", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "it declares a document type"),
        ("a.xlf", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "it declares a document type"),
        ("a.xlf", "<a>" * 5000 + "</a>" * 5000, "this is no XLIFF file"),
        ("a.po", 'msgid "a""b"', "this is no PO file"),
        ("a.po", "msgid unquoted", "this file does not say which language it is in"),
        ("a.po", 'msgid "a"\nmsgstr "b"\nmsgfoo "c"\n', "this is no PO file"),
        ("a.po", '"Language: es\\n"', "this is no PO file"),
        ("a.po", "/etc/passwd", "this is no PO file"),
        ("a.po", 'msgid ""\nmsgstr "Language: es\\n"\n\nmsgctxt "c"\nmsgid "a"\nmsgstr "b"\n', "there is no text 'c'"),
        ("a.po", 'msgid ""\nmsgstr "Language: 12345\\n"\n', "the language of this file is '12345'"),
        ("a.po", b"\xff\xfe", "the file is not UTF-8"),
        ("a.txt", "", "this is no kind of file for translators"),
        ("a.po", 'msgid ""\nmsgstr "Language: es\\n"\n', "there are no texts in it"),
        ("a.po", "#" * 9_000_000, "more than 8,000,000"),
    ],
)
def test_files_that_are_none_are_refused_in_words(root: Path, name: str, content: str | bytes, what: str) -> None:
    path = root.parent / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = files_of(root)
    assert what in bring_in(root, path, 1)
    assert files_of(root) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_unit_that_stands_twice_is_refused(root: Path, kind: str) -> None:
    path = export(root, kind)
    package = FORMS[kind].read(path.read_text("utf-8"), path)
    units = [Unit(u.name, u.source, u.target, True, "a:1") for u in (*package.units, package.units[0])]
    path.write_bytes(FORMS[kind].written(Package("en", "es", tuple(units))))
    assert "tired-back/es.yaml#title appears twice, first in line" in bring_in(root, path, 1)


def test_a_translation_built_otherwise_does_not_go_out(root: Path) -> None:
    edit(root / "tired-back/es.yaml", "steps: [Acuéstese boca arriba.]", "steps: [Acuéstese., Boca arriba.]")
    result = run(root, "translations", "tired-back", "--lang", "es", "--export", str(root.parent / "a.po"))
    assert result.returncode == 1
    assert "es.yaml:16: translation-differs sections/rest/1/steps/2 is not in the original" in result.stderr
    assert not (root.parent / "a.po").exists()
    done(root)


def test_the_file_of_another_project_is_refused_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its texts is a stranger, and what it may have meant takes long to find."""
    path = export(root, "xlf")
    package = xliff.read(path.read_text("utf-8"), path)
    units = tuple(Unit(f"other/es.yaml#{number}", "a", "b", True, "a/b.yaml:1") for number in range(500))
    path.write_bytes(xliff.written(Package(package.source, package.target, units)))
    looked_for: list[str] = []
    monkeypatch.setattr(exchange, "suggestion", lambda word, *_: looked_for.append(word) or "")
    told = bring_in(root, path, 1)
    assert "there is no text 'other/es.yaml#0'" in told
    assert "only the first 20 problems are shown" in told
    assert len(looked_for) < 30


def test_what_makes_no_file_for_translators_is_told(root: Path) -> None:
    other = shutil.copytree(root / "tired-back", root / "other")
    (other / "en.yaml").rename(other / "ja.yaml")
    edit(other / "es.yaml", "from: en", "from: ja")
    for words, told in (
        (("tired-back",), "exchange one file has one language\n"),
        (("tired-back", "--lang", "e"), "language 'e' is no language tag"),
        (("tired-back", "other", "--lang", "es"), "exchange one file has one language and one original language"),
        (("tired-back", "--lang", "en"), "exchange there is nothing to translate"),
    ):
        result = run(root, "translations", *words, "--export", str(root.parent / "a.po"))
        assert (result.returncode, told in result.stderr) == (1, True), result.stderr
        assert not (root.parent / "a.po").exists()


def test_who_reviewed_a_part_has_not_reviewed_all(root: Path) -> None:
    path = export(root, "xlf")
    package = translate(path, {"title": "Otra espalda"}, "M. Example")
    units = tuple(replace(unit, done=unit.name.endswith("#title")) for unit in package.units)
    path.write_bytes(xliff.written(replace(package, units=units)))
    told = bring_in(root, path)
    assert "blocks are not done, so M. Example is not named as having reviewed all of them" in told
    text = (root / "tired-back/es.yaml").read_text("utf-8")
    assert "title: Otra espalda" in text
    assert "M. Example" not in text
