"""The documents tell the truth: examples load, links lead somewhere, commands are there, problem codes are listed."""

from __future__ import annotations

import ast
import re
import textwrap
import typing
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pytest
from helpers.project import HERE, ROOT, SOURCE, common
from helpers.scripts import loaded_script
from PIL import Image
from pydantic import BaseModel
from yaml import safe_load

from handout_builder.brand.schema import BrandName, HandoutDefaults, Links, Meta, Practitioner, Words
from handout_builder.cli.main import main
from handout_builder.content import anatomy, schema
from handout_builder.content.loader import Source, load
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.editions import EDITIONS
from handout_builder.errors import Severity
from handout_builder.fhir.bundle import one_patient
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.resources import TEMPLATES
from handout_builder.visit.reader import checked, read_values

DOCUMENTS = sorted(
    path for folder in (".", ".github", "docs", "docs/decisions", "fonts") for path in (ROOT / folder).glob("*.md")
)
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
TOP = ("handout_builder", "layouts", "tests", "docs", "fonts", "benchmarks", "examples", ".ci")
FENCE = re.compile(r"^```(\w*) ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HANDOUT = """\
title: A title
description: One sentence.
revised: 2026-11-23
sections:
"""
SECTION = "- id: {id}\n  heading: A heading\n  blocks:\n"


class Example(NamedTuple):
    """A fenced piece of YAML, with what it is the source of: handout, section, block, shared, editorial."""

    place: str
    kind: str
    text: str


def examples() -> Iterator[Example]:
    for path, name in zip(DOCUMENTS, NAMES, strict=True):
        text = path.read_text("utf-8")
        for match in FENCE.finditer(text):
            if match[1] == "yaml":
                yield Example(f"{name}:{text.count(chr(10), 0, match.start()) + 1}", match[2], match[3])


EXAMPLES = list(examples())
HANDOUTS = [example for example in EXAMPLES if example.kind in ("handout", "section", "block")]
SHARED = [example for example in EXAMPLES if example.kind in ("shared", "editorial")]


def source_of(example: Example, top: Path) -> Source:
    """Load an example as the handout it is, or as the one that it is a piece of."""
    text = example.text
    if example.kind != "handout":
        # Links of an example lead to sections that are not shown.
        wanted = sorted(set(re.findall(r"\(#([a-z-]+)\)", text)) - set(re.findall(r"id: ([a-z-]+)", text)))
        if example.kind == "block":
            text = SECTION.format(id="example") + textwrap.indent(text, "    ")
        others = (SECTION.format(id=ident) + "    - {type: text, text: Words.}\n" for ident in wanted)
        text = HANDOUT + textwrap.indent(text + "".join(others), "  ")
    folder = top / "source" / "example"
    folder.mkdir(parents=True)
    (folder / "en.yaml").write_text(text, "utf-8")
    Image.new("L", (30, 20)).save(folder / "photo.jpg")
    return load(folder, "en", common())


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Example], Source]:
    """What loads an example, once for all tests."""
    return cache(lambda example: source_of(example, tmp_path_factory.mktemp("example")))


def test_there_are_examples_of_every_kind() -> None:
    kinds = {"handout", "section", "block", "shared", "editorial", "brand", "points", "visit"}
    assert {example.kind for example in EXAMPLES} == kinds


@pytest.mark.parametrize("example", HANDOUTS, ids=lambda example: example.place)
def test_example_is_a_handout_without_mistakes(example: Example, loaded: Callable[[Example], Source]) -> None:
    source = loaded(example)
    told = {note.code for note in source.notes if note.severity > Severity.NOTE}
    assert told <= {"safety-off"}, source.notes
    product = Product(source)
    assert printing.print_html(product, printing.first_pages(product))


def test_visits_are_without_mistakes() -> None:
    texts = [example.text.encode() for example in EXAMPLES if example.kind == "visit"]
    for data in (*texts, (ROOT / "docs" / "sheet" / "visit.yaml").read_bytes()):
        visit, _ = checked(read_values(data, Path("visit.yaml")), SOURCE)
        assert visit.points
    bundle = ROOT / "docs" / "sheet" / "bundle.json"
    assert one_patient(bundle.read_bytes(), bundle).name == "Hana Yamada"


def keys_of(value: Any) -> Iterator[tuple[str, str]]:
    """Yield every key that is given in a handout, with the name of its model."""
    if isinstance(value, BaseModel):
        for key in value.model_fields_set:
            yield type(value).__name__, type(value).model_fields[key].alias or key
            yield from keys_of(getattr(value, key))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from keys_of(part)


def test_the_whole_file_is_whole() -> None:
    text = (ROOT / "docs" / "authoring.md").read_text("utf-8").partition("## The whole file")[2]
    match = FENCE.search(text)
    assert match
    value = safe_load(match[3])
    assert {field.alias or name for name, field in schema.Handout.model_fields.items()} == set(value)
    assert set(schema.Section.model_fields) == {key for section in value["sections"] for key in section}


def test_every_key_of_a_handout_has_an_example(loaded: Callable[[Example], Source]) -> None:
    """In each model that has it: a key of one block says nothing of its namesake in another."""
    shown = {key for example in HANDOUTS for key in keys_of(loaded(example).handout)}
    models = schema.Handout.model_json_schema()["$defs"].items()
    known = {(name, key) for name, model in models for key in model.get("properties", ())}
    missing = {(name, key) for name, key in known - shown if key != "keep"}  # which all blocks have
    assert missing == set()


def test_the_cheat_sheet_names_what_there_is(tmp_path: Path) -> None:
    folder = ROOT / "docs" / "cheat-sheet"
    assert main([str(folder), "--format", "pdf", "--out", str(tmp_path), *HERE]) == 0
    (path,) = tmp_path.rglob("*.pdf")
    said = []
    for file in (path, folder / "cheat-sheet.pdf"):
        with pypdfium2.PdfDocument(file) as document:
            assert len(document) == 1
            said.append(" ".join(document[0].get_textpage().get_text_bounded().split()))
    words = said[0]
    assert said[1] == words, "make it anew: python docs/make_pictures.py cheat-sheet.png"
    kinds = schema.Section.model_json_schema()["properties"]["blocks"]["items"]["discriminator"]["mapping"]
    # A clinic's words have a place of their own.
    for word in (*(f"{kind}:" for kind in kinds if kind != "invitation"), *TEMPLATES[1:], "import", "check", "points"):
        assert word in words, word
    for key in (name for name, field in schema.Handout.model_fields.items() if field.is_required()):
        assert key in words, key


@pytest.fixture(scope="module")
def script() -> Any:
    """What makes the page of messages."""
    return loaded_script(ROOT / "docs" / "make_messages.py")


def test_messages_are_those_of_the_program(script: Any) -> None:
    page = (ROOT / "docs" / "messages.md").read_text("utf-8")
    assert page == script.page(), "make it anew: python docs/make_messages.py > docs/messages.md"
    sections = dict(re.findall(r"^## ([a-z-]+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    assert set(sections) == codes_of_the_program()
    for code, section in sections.items():
        examples = re.findall(r"^```text\n(.+?)\n```$", section, re.MULTILINE | re.DOTALL)
        assert all(re.match(rf"\S+: (?:warning |note )?{code} \S", example) for example in examples), examples
        cure = re.search(r"^\*\*(?:What to do|How it is told):\*\* (.+)\.$", section, re.MULTILINE)
        assert cure, code
        assert cure[1] != "the hint says it" or "\n    hint: " in examples[0], code
        # What stops nothing says all the more what to do; a doubt is an editor's own words.
        told = [example for example in examples if re.match(r"\S+: (?:warning|note) ", example)]
        assert code == "doubt" or all("\n    hint: " in example for example in told), told


def test_examples_of_messages_that_are_written_by_hand_are_what_the_program_says(script: Any) -> None:
    """The others come from the reports that tests compare with."""
    forms = script.forms()
    said = {
        text
        for path in (ROOT / "handout_builder").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.Constant, ast.JoinedStr))
        for text in script._texts(node, {})
        if len(text) >= 8
    }
    for code, report in (*script.EXAMPLES.items(), *script.MORE):
        assert not forms[code] or any(script.fits(report, code, form) for form in forms[code]), report
        hint = report.partition("\n    hint: ")[2]
        assert not hint or any(script.fits(f"x {code} {hint}", code, text) for text in said), report


def test_every_type_of_block_has_an_example(loaded: Callable[[Example], Source]) -> None:
    sections = [section for example in HANDOUTS for section in loaded(example).handout.sections]
    types = {block.type for section in sections for block in section.blocks}
    known = schema.Section.model_json_schema()["properties"]["blocks"]["items"]["discriminator"]["mapping"]
    assert types == set(known)


def test_every_type_of_block_has_its_picture_which_a_command_makes() -> None:
    """`docs/make_pictures.py` makes it of the example that it stands below."""
    pictures = loaded_script(ROOT / "docs" / "make_pictures.py")
    kinds = set(schema.Section.model_json_schema()["properties"]["blocks"]["items"]["discriminator"]["mapping"])
    assert set(pictures.examples()) == kinds - set(pictures.UNSEEN)
    text = (ROOT / "docs" / "authoring.md").read_text("utf-8").partition("\n## Blocks\n")[2]
    for kind, example in pictures.examples().items():
        assert text.count(f"](blocks/{kind}.png)") == 1, kind
        assert text.index(example.splitlines()[0]) < text.index(f"](blocks/{kind}.png)"), kind
        with Image.open(ROOT / "docs" / "blocks" / f"{kind}.png") as picture:
            assert picture.width > 200, kind
    made = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.png")}
    places = {f"studio-{place}.png" for place in loaded_script(ROOT / "docs" / "make_studio_pictures.py").PLACES}
    assert made == places | {
        *pictures.PICTURES,
        pictures.SHEETS_PICTURE,
        *(f"blocks/{kind}.png" for kind in pictures.examples()),
    }


@pytest.mark.parametrize("example", SHARED, ids=lambda example: example.place)
def test_example_of_what_handouts_share(example: Example, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(example.text, "utf-8")
    value = read_yaml(path).value
    if example.kind == "editorial":
        schema.Editorial.model_validate(value, context={"lang": "en"})
    else:
        whole = read_yaml(ROOT / "source" / "shared" / "en.yaml").value
        shared = schema.Shared.model_validate(whole | value, context={"lang": "en"})
        assert {name for block in shared.safety.values() for name in block.sources} <= shared.sources.keys()


@pytest.mark.parametrize(
    "example", [example for example in EXAMPLES if example.kind == "points"], ids=lambda example: example.place
)
def test_example_of_own_points_is_without_mistakes(example: Example, tmp_path: Path) -> None:
    folder = tmp_path / "example"
    folder.mkdir()
    (folder / "points.yaml").write_text(example.text, "utf-8")
    (folder / "en.yaml").write_text(f"{HANDOUT}{SECTION.format(id='one')}    - {{type: text, text: Words.}}\n", "utf-8")
    assert load(folder, "en").points["MY1"].own


def test_example_of_a_brand_is_the_whole_one() -> None:
    """The example of the document is that of source/brands/, with the two keys that it leaves at their defaults."""
    (example,) = (example for example in EXAMPLES if example.kind == "brand")
    value = safe_load(example.text)
    assert value["defaults"]["handout"].pop("wordmark") is False
    assert value["defaults"]["handout"].pop("lang") == "en"
    assert value == safe_load((ROOT / "source" / "brands" / "harbour-lane" / "_brand.yml").read_text("utf-8"))


def test_every_key_of_a_brand_is_explained() -> None:
    text = (ROOT / "docs" / "branding.md").read_text("utf-8")
    for kind in (Meta, HandoutDefaults, Words, Links, BrandName, Practitioner):
        for key in kind.model_fields:
            assert f"`{key}`" in text, key


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    text = FENCE.sub("", path.read_text("utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_links_lead_to_files_and_headings(path: Path) -> None:
    text = FENCE.sub("", path.read_text("utf-8"))
    for target in LINK.findall(re.sub(r"`[^`\n]*`", "", text)):
        if target.startswith(("https://", "http://")):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_commands_are_there(path: Path) -> None:
    text = path.read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    code = "\n".join([*re.findall(r"`([^`\n]+)`", text), *(match[3] for match in FENCE.finditer(text))])
    assert set(re.findall(r"^make ([a-z-]+)", code, re.MULTILINE)) <= targets
    for script in re.findall(r"\b(?:python|node|sh|bash) ([\w./-]+\.(?:py|mjs|sh))", code):
        assert (ROOT / script).is_file() or (path.parent / script).is_file(), script


@pytest.mark.parametrize(
    "path",
    [path for path in DOCUMENTS if path.parent.name != "decisions" and path.name != "branding.md"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_files_that_are_named_are_there(path: Path) -> None:
    """Capitals stand for any name; decisions tell of what was there once, branding.md of files of clinics."""
    for name in re.findall(r"`([\w./-]+\.(?:py|css|html|json|mjs|sh|ya?ml))`", path.read_text("utf-8")):
        ours = name.endswith(".py") or name.partition("/")[0] in TOP
        if ours and not re.search(r"\b[A-Z]{3,}\b", name):
            assert any((ROOT / top / name).is_file() for top in ("", *TOP)) or any(ROOT.glob(f"*/**/{name}")), name


def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


def test_system_packages_are_those_that_are_installed() -> None:
    script = (ROOT / ".ci" / "system-libraries.sh").read_text("utf-8")
    commands = re.findall(r"^\| .+ \| `(?:sudo )?[\w-]+ (?:install|add|-S) (.+)` \|$", readme(), re.MULTILINE)
    assert len(commands) == 5
    for packages in commands:
        assert f'"{packages}' in script, packages


def test_report_of_a_slip_is_the_readmes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "neck-pain"]) == 0
    text = tmp_path / "source" / "neck-pain" / "en.yaml"
    text.write_text(text.read_text("utf-8").replace("code: BL23", "code: BL23x"), "utf-8")
    capsys.readouterr()
    assert main(["check", "neck-pain", *HERE]) == 1
    assert f"```text\n{capsys.readouterr().err}```" in readme()


def test_every_module_has_its_line() -> None:
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    package = ROOT / "handout_builder"
    modules = {path.relative_to(package).with_suffix("").as_posix() for path in package.rglob("*.py")}
    modules = {name for name in modules if not name.endswith("__init__") and "__pycache__" not in name}
    listed = re.findall(r"^\| `([\w/]+)` \|", text, re.MULTILINE)
    assert listed == sorted(modules, key=lambda name: ("/" in name, name))


def test_stages_have_the_numbers_of_the_pipeline() -> None:
    told = re.findall(
        r"^(\d)\. (\w+) +([\w/]+\.py)", (ROOT / "handout_builder" / "pipeline.py").read_text("utf-8"), re.MULTILINE
    )
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    assert re.findall(r"^\| (\d) (\w+) \| `([\w/]+\.py)` \|", text, re.MULTILINE) == told
    assert len(told) == 5


# Decisions

DECISION = re.compile(
    r"# (\d+)\. ([^\n]+)\n\n- Date: (\d{4}-\d\d-\d\d)\n- Status: (accepted|superseded by \[\d+\]\([^\n]+\.md\))\n\n"
    r"## Context\n\n.+\n\n## Decision\n\n.+\n\n## Consequences\n\n.+\n",
    re.DOTALL,
)


def test_each_decision_is_dated_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(
        r"^\| (\d+) \| \[(.+)\]\((.+)\) \| (\S+) \| (.+) \|$", (folder / "README.md").read_text("utf-8"), re.MULTILINE
    )
    files = sorted(folder.glob("[0-9]*.md"))
    assert [row[2] for row in listed] == [path.name for path in files]
    overview = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    for number, (path, (no, title, _, date, status)) in enumerate(zip(files, listed, strict=True), 1):
        found = DECISION.fullmatch(path.read_text("utf-8"))
        assert found, path.name
        assert found.groups() == (no, title, date, status), path.name
        assert path.name.startswith(f"{number:04}-")
        assert int(no) == number
        assert (f"(decisions/{path.name})" in overview) == (status == "accepted"), path.name


def test_glossary_has_each_term_once_and_in_order() -> None:
    lines = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    entries = [line for line in lines if line.startswith("-") or "**" in line]
    terms = []
    for line in entries:
        entry = re.fullmatch(r"- \*\*([^*]+)\*\*: [^*]+\.", line)
        assert entry, line
        terms.append(entry[1])
    assert len({term.casefold() for term in terms}) == len(terms) > 90
    assert terms == sorted(terms, key=str.casefold)


def test_glossary_names_the_types_of_blocks() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    entry = re.search(r"^- \*\*block\*\*: .*`type`: (.*)\.$", glossary, re.MULTILINE)
    models = typing.get_args(typing.get_args(schema.Block)[0])
    types = [typing.get_args(model.model_fields["type"].annotation)[0] for model in models]
    assert entry
    assert entry[1].split(", ") == types


def test_readme_names_the_editions() -> None:
    listed = re.search(r"^The editions: (.*?);", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert listed
    assert re.findall(r"`([^`]+)`", listed[1]) == list(EDITIONS)


def test_keys_of_figures_are_in_the_table() -> None:
    chapter = (ROOT / "docs" / "charts.md").read_text("utf-8").split("## The data of a figure")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)`(\*?) \|", chapter, re.MULTILINE)
    figures = [anatomy.figure(name) for name in anatomy.figures()]
    used = {key for data in figures for key in data}
    always = {key for key in used if all(key in data for data in figures)}
    assert len(rows) == len(used)
    assert {key for key, _ in rows} == used
    assert {key for key, star in rows if not star} == always


# Problem codes

PLACES = {
    "Problem": 0,
    "RowProblem": 0,
    "_refused": 0,
    "note": 0,
    "_check_known": 1,
    "PydanticCustomError": 0,
    "Mistake": 0,
    "Finding": 0,
    "problem": 1,
    "refuse": 0,
    "warn": 0,
    "_note": 0,
    "_unknown": 0,
}
"""Where the code stands among the arguments of what makes a problem."""


@cache
def unparsed(target: ast.expr) -> str:
    """Return a name, or several, to which something is assigned: to make text of every place takes a second."""
    return ast.unparse(target) if isinstance(target, (ast.Name, ast.Tuple)) else ""


@cache
def codes_of_the_program() -> set[str]:
    codes: set[str] = set()
    for path in (ROOT / "handout_builder").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            given: ast.expr | None = None
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in PLACES and len(node.args) > PLACES[name]:
                    given = node.args[PLACES[name]]
            elif isinstance(node, ast.Assign) and unparsed(node.targets[0]) == "(code, message)":
                assert isinstance(node.value, ast.Tuple)
                given = node.value.elts[0]
            elif isinstance(node, ast.Assign) and unparsed(node.targets[0]) == "_CODES":
                assert isinstance(node.value, ast.Dict)
                codes |= {ast.literal_eval(value) for value in node.value.values}
            if isinstance(given, ast.Constant):
                codes.add(str(given.value))
    return codes


def documented_codes() -> list[str]:
    text = "".join(
        (ROOT / "docs" / name).read_text("utf-8") for name in ("authoring.md", "plain-language.md", "copies.md")
    )
    return re.findall(r"^\| `([a-z][a-z-]*)` \|", text, re.MULTILINE)


def test_every_code_is_documented_and_no_other() -> None:
    documented = documented_codes()
    assert len(documented) == len(set(documented))
    assert set(documented) == codes_of_the_program()


CASES = sorted((ROOT / "tests" / "cases" / "content").glob("*/expected.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_codes_of_the_known_mistakes_are_documented(case: Path) -> None:
    told = re.findall(r"^source/\S+?: (?:note |warning )?([a-z-]+) ", case.read_text("utf-8"), re.MULTILINE)
    assert told
    assert set(told) <= set(documented_codes())


def test_every_code_is_provoked_by_a_test() -> None:
    tests = [path for path in (ROOT / "tests").rglob("*") if path.suffix in (".py", ".txt", ".json")]
    words = {
        word for path in tests if "node" not in path.parts for word in re.findall(r"[\w-]+", path.read_text("utf-8"))
    }
    assert set(documented_codes()) - words == set()


def test_exit_codes_of_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    table = re.findall(r"^\| (\d+) \| (.+) \|$", readme(), re.MULTILINE)
    assert [code for code, _ in table] == ["0", "1", "2", "3", "130"]
    for code, meaning in table:
        assert re.search(rf"\b{code}\s+{re.escape(meaning)}", text), meaning


# What must be added in several places


def test_every_type_of_block_has_its_template() -> None:
    types = schema.Section.model_json_schema()["properties"]["blocks"]["items"]["discriminator"]["mapping"]
    named = re.findall(r'b\.type == "([a-z-]+)"', (ROOT / "layouts" / "blocks.html").read_text("utf-8"))
    assert {*named, "invitation"} == set(types)  # which stands in the contact panel alone


def test_every_view_can_be_asked_for_and_has_its_words() -> None:
    views = set(anatomy.views())
    assert set(typing.get_args(schema.ViewName)) == views | {"auto"}
    labels = safe_load((ROOT / "source" / "shared" / "en.yaml").read_text("utf-8"))["labels"]
    assert {f"{word}_{view}" for word in ("view", "alt_view") for view in views} <= set(labels)
