#!/usr/bin/env python3
"""Print docs/messages.md: every message of the program with an example and the cure.

The codes and the forms of the messages come from the source, the examples from the reports that tests compare with
(tests/cases/), meaning and cure from the tables in authoring.md and plain-language.md.

python docs/make_messages.py > docs/messages.md
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handout_builder.plain_language_codes import RULES  # noqa: E402  # it lies beside this folder

HEAD = """# Messages

Every message of the program by its code, with an example and the cure: made from the source, and from the reports that
tests compare with, by `docs/make_messages.py`. A message is printed as `file:line: code message`, with a hint below it.

"""
TABLES = ("authoring.md", "plain-language.md", "copies.md")
REPORT = re.compile(r"^(\S+?(?::[0-9]+)?): (?:note |warning )?([a-z-]+) (.+(?:\n    hint: .+)?)$", re.MULTILINE)
PLACES = {
    "Problem": (0, 1),
    "RowProblem": (0, 1),
    "_refused": (0, 1),
    "note": (0, 1),
    "_check_known": (1, None),
    "PydanticCustomError": (0, 1),
    "Mistake": (0, 1),
    "Finding": (0, 1),
    "problem": (1, 2),
    "refuse": (0, 1),
    "warn": (0, 1),
    "_note": (0, 1),
    "_unknown": (0, None),
}
"""Where the code and the message stand among the arguments of what makes a problem."""
_CITED = re.compile(r" \[[0-9, ]+\]")
"""A number of the list of sources in plain-language.md."""
_ROW = re.compile(r"row \d+(?:, \w+)?: ")
"""Where a row of a list is named."""
_AGAIN = "have it checked; then give the new days under 'revised:' and 'review_due:'"
_TEXT = "source/neck-pain/en.yaml"
_SHARED = "program/source/shared/en.yaml:6"


def _report(code: str, place: str, kind: str, message: str, hint: str) -> str:
    """Return a report as it is printed."""
    return f"{place}: {kind}{code} {message}" + (f"\n    hint: {hint}" if hint else "")


EXAMPLES = {
    code: _report(code, place, kind, message, hint)
    for code, place, kind, message, hint in (
        (
            *("lock", "dist/handouts.lock.json", ""),
            *("it cannot be read: No such file or directory", "make one with: make_handout.py lock"),
        ),
        (
            *("lock-differs", "dist/neck-pain.en.pdf", "", "it has other bytes: 37,098 now, 37,075 then"),
            "the notes tell what else differs; if it is meant so, lock anew",
        ),
        (
            *("lock-made-with", "dist/handouts.lock.json", "note "),
            "library libpango-1.0.so.0: 1.50.12 01746c3514fc then, 1.56.1 5dd504f34976 now",
            "have it as it was, to get the same bytes",
        ),
        (
            *("arranged", f"{_TEXT}:42", "note "),
            "the pages were laid out once more: 3 pages instead of 4, where “The points” begins no page: edition a4",
            "look at them; a 'page-break' always begins a page, and 'size:' keeps the size of a picture",
        ),
        (
            *("coarse-picture", "source/neck-pain", "warning "),
            "page 1: a picture 120 mm wide has 64 dpi, not 300",
            "use a larger file of the same picture",
        ),
        (
            *("executor", "--executor", ""),
            "'executors:dusk' is no function",
            "name a function that gives an executor: --executor module:function",
        ),
        (
            *("no-shard", "part-3", ""),
            "the folder has no .manifest.json that holds",
            "a shard is finished when it has one: build --shard 1/64 --out DIR",
        ),
        (*("place", "--to", ""), "places by address need the package fsspec", 'pip install "handout-builder[scale]"'),
        (
            *("shard", "part-1", ""),
            "shard 3 of 64 is not there",
            "make it with --shard 3/64, then merge all",
        ),
        (*("verify", "whole/000017.pdf", ""), "this is not a copy that was made", "make it again"),
        (
            *("engine-plain", "/home/mara/handouts", "note "),
            "WeasyPrint is used as it is, which takes about twice the time: HANDOUT_ENGINE is set to plain",
            "the files are the same good ones; for speed, install the versions of requirements/runtime.lock",
        ),
        (
            *("exchange", "neck-pain.ja.po:21", "", "there is no text 'neck-pain/ja.yaml#sections/rest/9'"),
            "export the texts anew",
        ),
        (
            *("exchange-old", "neck-pain.ja.po:21", "warning "),
            "neck-pain/ja.yaml#title: the original says something else by now, so this is left out",
            "export the texts anew",
        ),
        (
            *("exchange-review", "source/neck-pain/ja.yaml", "warning "),
            "M. Example, nurse has not compared the new words, and is not named any more",
            "let a qualified person compare all of it with the original, then say so in the file",
        ),
        (
            *("exchange-text", "neck-pain.ja.po:37", ""),
            "neck-pain/ja.yaml#sections/rest/1/text: the number 10 of the original is not in it",
            "compare it with en.yaml:14",
        ),
        ("exists", "source/neck-pain", "", "the folder is there already", "choose another name"),
        (
            *("fhir", "bundle.json", "", "there are 2 resources of the type Patient"),
            "give a bundle for one patient",
        ),
        (
            *("host", "studio", "", "a network needs a password of at least 10 characters"),
            "set it as HANDOUT_STUDIO_PASSWORD in the environment",
        ),
        (
            *("setting", "service", "", "HANDOUT_SERVICE_WORKERS is a whole number from 1 to 256"),
            "leave it out for the usual number",
        ),
        (
            *("import", "photo.png", "", "'photo.png' is of no kind that can be imported"),
            "one of .md, .markdown, .mdown, .txt, .text, .html, .htm, .xhtml, .docx",
        ),
        (
            *("incomplete", f"{_TEXT}:13", "", "the page lacks the text “Write here.” of a block of type 'text'"),
            "this is a bug in the program or of a brand's templates: nothing was written",
        ),
        (
            *("left-out", "source/neck-pain", "note "),
            "the edition one-page leaves out the sections “What is it?”",
            "give another edition to those who need them",
        ),
        (
            *("limit", _TEXT, "", "neck-pain.en: laying out pages: this takes more than 20 seconds of the processor"),
            "take out what asks for so much; if it is meant so, raise --time-limit or --memory-limit",
        ),
        (
            *("mistake", _TEXT, "", "this is a bug in the program: KeyError: 'knee' (figures/chart.py:120)"),
            "please report it as an issue, with this line, the output of --version, and the text and brand if you may",
        ),
        (
            *("time-zone", "bundle.json", "", "entry 3, Appointment, start: the time is told in UTC"),
            "say the clinic's time zone: --time-zone Europe/London",
        ),
        (
            *("name", "source/Neck_Pain", "", "'Neck_Pain' is no name for a handout"),
            "small letters, digits and hyphens, for example neck-pain; and no word that has a meaning here",
        ),
        (
            *("no-book", "source/neck-pain", "", "these editions have no EPUB"),
            "the EPUB follows the pages of one of: a4, letter",
        ),
        (
            *("changed", "patients.csv", "", "the list was changed while copies were made of it"),
            "give the command again",
        ),
        (
            *("kind", "patients.csv", ""),
            "one file for a print shop holds copies of one kind, and the list asks for several",
            "divide the list",
        ),
        (
            *("long-way", "patients.csv:13", "", "row 12: the engine cannot lay it out: page-overflow"),
            "shorten the words of this row",
        ),
        ("no-copy", "archive", "", "row 12 has no copy", "look it up in the report of the run"),
        ("no-run", "letters", "", "the folder holds no copies", "a folder of copies has a file .copies.json"),
        (
            *("no-store", "letters", "", "the folder is no finished store of copies"),
            "a store is made with: copies HANDOUT --list FILE --store DIR",
        ),
        (
            *("not-personal", _TEXT, "", "the handout leaves no room for one person's words"),
            "say under 'personal:' which fields there are, and where: see docs/personal.md",
        ),
        (
            *("other-run", "copies", "", "the folder holds another run: other rows, another handout or other options"),
            "choose another folder, or remove that run: copies --forget copies",
        ),
        (
            *(
                "password",
                "patients.csv:3",
                "",
                "row 2, password: it is missing, too short or too long, or has other signs",
            ),
            "at least 8 letters, digits and signs of ASCII",
        ),
        (
            *("personal-box", "source/neck-pain", "", "copies cannot fill the box 'note': direction is rtl"),
            "boxes are set in plain text, from left to right: see docs/personal.md",
        ),
        (
            *("personal-edition", "source/neck-pain", "", "copies are not made of the edition booklet"),
            "take a4, letter, large-print or greyscale, as PDF/UA-1; a print shop takes --out FILE.pdf",
        ),
        ("rows", "archive", "", "the store has the rows 1 to 12,000", "rows are written as 12,40-60"),
        ("no-picture", "points", "", "no drawing shows the place of CV1", "another point has one"),
        (
            *("no-place", "source/neck-pain/points.yaml:3", "", "no words for MY1 in 'en'"),
            "add 'en:' beside them",
        ),
        (
            *("not-revised", f"{_TEXT}:9", "note "),
            "the text is not the one that was built into dist/ as revised on 2026-11-01",
            "if readers should know, give the day of this change under 'revised:'",
        ),
        (
            *("dose-some", f"{_TEXT}:38", "warning ", "PC6, SP6 without a dose, while other points have one"),
            "give its block or its card a dose; a dose of a block is for the points of this block alone",
        ),
        (
            *("panel-empty", f"{_TEXT}:1", "warning "),
            "96 % of the back panel is empty: page 6 of the edition leaflet",
            "print it for a clinic, whose contact stands on the back, write more, or print another edition",
        ),
        (
            *("page-empty", f"{_TEXT}:78", "warning "),
            "52 % of the page is empty before “BL25”: page 4 of the edition a4",
            "put what follows in smaller pieces, or take starts_page (or a page-break) out",
        ),
        (
            *("page-numbers", "source/neck-pain", "", "the page numbers in the text move it from page to page"),
            "take a link to a section out",
        ),
        (
            *("page-overlap", f"{_TEXT}:41", ""),
            "“Large Shuttle” stands on “Traditional use”: page 2 of the edition a4",
            "shorten one of them",
        ),
        (
            *("page-stranded", f"{_TEXT}:30", "warning "),
            "“Before you press” stands alone at the end of the page: page 1 of the edition a4",
            "let its section start a page (starts_page: true), or shorten what stands before it",
        ),
        *(
            (code, f"{_TEXT}:20", "warning ", f"the handout {message}", _AGAIN)
            for code, message in (
                ("review-due", "should have been checked again by 2026-11-01"),
                ("review-soon", "is to be checked again by 2026-12-20"),
            )
        ),
        (
            *("same-output", "other/neck-pain", ""),
            "neck-pain.en.pdf would be written for this and for source/neck-pain",
            "rename one of the folders",
        ),
        (
            *("two-languages", "source/neck-pain/ja.yaml", ""),
            "it is built otherwise than in the other language: other blocks in the section 'rest'",
            "bring it in step with en.yaml; see: make_handout.py check --lang ja",
        ),
        (
            *("too-long", "source/neck-pain", ""),
            "the edition leaflet has room for 6 pages, and the text takes 7 with what the brand my-clinic adds",
            "shorten the clinic's words, the summary or the lists; or print another edition",
        ),
        (
            *("too-many-pages", f"{_TEXT}:7", "warning "),
            "asks for 2 pages and takes 3 pages: 58 mm too much, with the end of “The points”: the edition a4",
            "shorten that or what stands before it, give pictures a smaller 'size:', or ask for more pages",
        ),
        (
            *("worker", _TEXT, "", "neck-pain.en: laying out pages: the process was ended by the system"),
            "it may have taken too much memory: try --jobs 1",
        ),
    )
}
"""Of what no handout alone can show: words of the command line, finished pages, other days, other machines."""
MORE = [
    (code, _report(code, place, "", message, hint))
    for code, place, message, hint in (
        (
            *(
                "incomplete",
                f"{_TEXT}:12",
                "the page lacks the picture “A hand” of a block of type 'figure'",
            ),
            "this is a bug in the program or of a brand's templates: nothing was written",
        ),
        (
            *("incomplete", f"{_TEXT}:12"),
            "the page lacks the block of type 'poem', for which there is no template",
            "this is a bug in the program or of a brand's templates: nothing was written",
        ),
        (
            *("installation", "program/layouts/editions/poster.css"),
            "a part of the program is missing or damaged: the edition's style sheet is not there",
            "install the program anew, or take the file from a fresh copy",
        ),
        (
            *("missing-key", _SHARED, "the labels view_elbow, alt_view_elbow are missing"),
            "each view has a name, and words for those who cannot see it; make_handout.py migrate does it",
        ),
        (
            *("style-sheet", "program/layouts/looks/warm/tokens.css"),
            "the look 'warm' sets what is no token: --papr",
            "did you mean --paper?",
        ),
    )
]
"""More examples: what clinics that write templates meet, and those who add a block, an edition, a look or a view."""
SHORTEST = 8


@cache
def forms() -> dict[str, list[str]]:
    """Return the codes of the program, each with the forms of its messages."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "handout_builder").rglob("*.py")):
        for code, message, named in _made(ast.parse(path.read_text("utf-8")).body, {}):
            texts = found.setdefault(code, [])
            texts += [text for text in _texts(message, named) if len(text) >= SHORTEST and text not in texts]
    return found


def codes(module: ast.Module) -> set[str]:
    """Return the codes of the problems that a module makes."""
    return {code for node in ast.walk(module) for code, _ in _problems(node)}


Named = dict[str, list[ast.expr]]
"""What may be meant by each name, where the program has come to."""


def _made(body: Sequence[ast.AST], named: Named) -> Iterator[tuple[str, ast.expr | None, Named]]:
    """Yield the code and the message of each problem that some statements make; follow what names stand for."""
    for statement in body:
        blocks = [part for _, part in ast.iter_fields(statement) if isinstance(part, list) and _has_statements(part)]
        for node in _apart(statement, blocks):
            yield from ((code, message, named) for code, message in _problems(node))
        named.update({name: [value] for name, value in _assigned(statement)})
        for block in blocks:
            within = dict(named)
            yield from _made(block, within)
            if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                for name, values in within.items():
                    named[name] = [
                        *named.get(name, []),
                        *(value for value in values if value not in named.get(name, [])),
                    ]


def _apart(statement: ast.AST, blocks: list[list[Any]]) -> Iterator[ast.AST]:
    """Yield the nodes of a statement that stand in none of its blocks."""
    inside = {part for block in blocks for part in block}
    nodes = [statement]
    for node in nodes:
        yield node
        nodes += [child for child in ast.iter_child_nodes(node) if child not in inside]


def _has_statements(part: list[Any]) -> bool:
    return any(isinstance(item, (ast.stmt, ast.ExceptHandler, ast.match_case)) for item in part)


def _problems(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    code: ast.expr | None = None
    message: ast.expr | None = None
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        at, said = PLACES.get(name, (None, None))
        if at is not None and len(node.args) > at:
            code = node.args[at]
            message = node.args[said] if said is not None and len(node.args) > said else None
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
        if ast.unparse(node.targets[0]).startswith("(code, message"):
            code, message = node.value.elts[:2]
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and ast.unparse(node.targets[0]) == "_CODES":
        yield from ((str(ast.literal_eval(value)), None) for value in node.value.values)
    if isinstance(code, ast.Constant):
        yield str(code.value), message


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield what a statement gives a name: messages are, often."""
    if isinstance(node, ast.Assign):
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name):
            yield target.id, value
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = zip(target.elts, value.elts, strict=False)
            yield from ((name.id, part) for name, part in pairs if isinstance(name, ast.Name))


def _texts(node: ast.expr | None, named: Named) -> Iterator[str]:
    """Yield the forms of a text, with what is filled in as {…}."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.sub(r"\{\w+\}", "…", node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    elif isinstance(node, ast.Call) and node.args:
        yield from _texts(node.args[0], named)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, named)
        yield from _texts(node.orelse, named)
    elif isinstance(node, ast.Name):
        for value in named.get(node.id, []):
            yield from _texts(value, {name: values for name, values in named.items() if name != node.id})


def told() -> dict[str, tuple[str, str]]:
    """Return what each code means, and what to do."""
    rows = (row for name in TABLES for row in _rows(name))
    return {code: (meaning, cure) for code, meaning, cure in rows}


def _rows(name: str) -> Iterator[tuple[str, str, str]]:
    """Yield the rows of a document's tables of codes, their links leading on from here."""
    for line in (ROOT / "docs" / name).read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        code = re.fullmatch(r"`([a-z-]+)`", cells[0]) if len(cells) > 2 else None  # noqa: PLR2004  # code, meaning, cure
        if code:
            meaning, cure = (re.sub(r"\]\(#", f"]({name}#", _CITED.sub("", cell)) for cell in (cells[1], cells[-1]))
            yield code[1], meaning, cure


def examples() -> dict[str, str]:
    """Return an example of each message that a known mistake gets: the shortest report of it."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "tests" / "cases").glob("*/*/expected.txt")):
        for report in REPORT.finditer(path.read_text("utf-8")):
            before = found.get(report[2], "")
            if not before or _rank(report[0]) < _rank(before):
                found[report[2]] = report[0]
    for path in sorted((ROOT / "tests" / "corpus").glob("answers*.json")):
        for answer in json.loads(path.read_text("utf-8")).values():
            for report in REPORT.finditer("\n".join(answer["told"])):
                found.setdefault(report[2], report[0])
    return EXAMPLES | found


def fits(report: str, code: str, form: str) -> bool:
    """Tell whether a report has a message of this form."""
    message = _message(report, code)
    return all(piece in message for piece in form.split("…")) and _pattern(form).fullmatch(message) is not None


@cache
def _message(report: str, code: str) -> str:
    """Return the message of a report."""
    return _ROW.sub("", report.partition("\n")[0].partition(f" {code} ")[2])


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """Return what fits a message of a form; there are more forms than Python keeps patterns."""
    return re.compile(".+".join(map(re.escape, form.split("…"))).replace(".+.+", ".+") or ".+")


def _plain(form: str) -> str:
    """Return a form as a line of Markdown."""
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", form)


def _rank(report: str) -> tuple[bool, bool, int]:
    """Return how much a report tells: first one with a remedy, of a mistake that is not accepted; short."""
    return " accepted (" in report, "hint:" not in report, len(report)


def page() -> str:
    """Return the whole page."""
    known, cures, shown = forms(), told(), examples()
    parts = [HEAD]
    for code in sorted(known):
        meaning, cure = cures.get(code, ("", ""))
        part = [f"## {code}\n"]
        if meaning:
            part.append(f"{meaning[0].upper()}{meaning[1:]}.\n")
        reports = [shown[code], *(report for other, report in MORE if other == code)]
        part += [f"```text\n{report}\n```\n" for report in reports]
        others = [form for form in known[code] if not any(fits(report, code, form) for report in reports)]
        if others:
            part.append("It also says:\n\n" + "\n".join(f"- {_plain(form)}" for form in others) + "\n")
        head = "How it is told" if code in RULES else "What to do"
        part.append(f"**{head}:** {(cure or 'the hint says it').rstrip('.')}.\n")
        parts.append("\n".join(part) + "\n")
    return "".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())
