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
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handout_builder.plain_codes import RULES  # noqa: E402  # it lies beside this folder

HEAD = """# Messages

Every message of the program by its code, with an example and the cure: made from the source, and from the reports that
tests compare with, by `docs/make_messages.py`. A message is printed as `file:line: code message`, with a hint below it.

"""
TABLES = ("authoring.md", "plain-language.md")
REPORT = re.compile(r"^(\S+?(?::[0-9]+)?): (?:note |warning )?([a-z-]+) (.+(?:\n    hint: .+)?)$", re.MULTILINE)
PLACES = {
    "Problem": (0, 1),
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
EXAMPLES = {
    "page-empty": "source/neck-pain/en.yaml:78: warning page-empty 52 % of the page is empty before “BL25”: page 4 of "
    "the edition a4\n    hint: put what follows in smaller pieces, or take starts_page (or a page-break) out",
    "page-overlap": "source/neck-pain/en.yaml:41: page-overlap “Large Shuttle” stands on “Traditional use”: page 2 of "
    "the edition a4\n    hint: shorten one of them",
    "page-stranded": "source/neck-pain/en.yaml:30: warning page-stranded “Before you press” stands alone at the end of "
    "the page: page 1 of the edition a4\n    hint: let its section start a page (starts_page: true), or shorten what "
    "stands before it",
}
"""Of what is seen on finished pages alone."""
MOST_FORMS = 4
SHORTEST = 8


def forms() -> dict[str, list[str]]:
    """Return the codes of the program, each with the forms of its messages."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "handout_builder").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for function in ast.walk(tree):
            if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)):
                continue
            named = dict(_named(function))
            for code, message in _made(function):
                texts = found.setdefault(code, [])
                for text in _texts(message, named):
                    if len(text) >= SHORTEST and text not in texts and not isinstance(function, ast.Module):
                        texts.append(text)
    return found


def _made(tree: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    for node in ast.walk(tree):
        code: ast.expr | None = None
        message: ast.expr | None = None
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            at, said = PLACES.get(name, (None, None))
            if at is not None and len(node.args) > at:
                code = node.args[at]
                message = node.args[said] if said is not None and len(node.args) > said else None
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            target = ast.unparse(node.targets[0])
            if target.startswith("(code, message"):
                code, message = node.value.elts[:2]
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_CODES":
            assert isinstance(node.value, ast.Dict)
            yield from ((str(ast.literal_eval(value)), None) for value in node.value.values)
        if isinstance(code, ast.Constant):
            yield str(code.value), message


def _named(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield what is given a name in a function: messages are, often."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign):
            continue
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name):
            yield target.id, value
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = zip(target.elts, value.elts, strict=False)
            yield from ((name.id, part) for name, part in pairs if isinstance(name, ast.Name))


def _texts(node: ast.expr | None, named: dict[str, ast.expr]) -> Iterator[str]:
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
    elif isinstance(node, ast.Name) and node.id in named and not isinstance(named[node.id], ast.Name):
        yield from _texts(named[node.id], named)


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
        if code in shown:
            part.append(f"```text\n{shown[code]}\n```\n")
        elif known[code]:
            part.append("```text\n" + "\n".join(f"{code} {text}" for text in known[code][:MOST_FORMS]) + "\n```\n")
        head = "How it is told" if code in RULES else "What to do"
        part.append(f"**{head}:** {(cure or 'the hint says it').rstrip('.')}.\n")
        parts.append("\n".join(part) + "\n")
    return "".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())
