"""What is wrong with a line that is no YAML, in the words of those who write it, with the line as it should be.

A parser tells where it gave up, in terms of its grammar ("did not find expected key"). People make few mistakes, and
most can be seen in the line where it gave up, or in the one before.
"""

import re
from collections.abc import Sequence

_LONGEST_EXAMPLE = 70
_KEY = re.compile(r"(?P<head>\s*(?:- )*(?:[A-Za-z_][\w-]*:\s+|- ))(?P<value>\S.*)")
# Keys that have keys of their own, and several of these behind the colon: they stand in braces.
_HAS_KEYS = ("dose:", "name:", "picture:", "place:", "translation:")
_PAIRS = re.compile(r"[a-z_]+: [^,:{}]+(?:, [a-z_]+: [^,:{}]+)+")
# A folded or literal text begins with these alone; behind a list or mapping in brackets nothing stands.
_BLOCK = re.compile(r"[>|][-+]?\d?[-+]?(?:\s+#.*)?")
_BEHIND = re.compile(r"(?:\[[^]]*\]|\{[^}]*\})\s*[^,\s#]")
# Lines that are no YAML, each with what is wrong and how it is written.
_FORMS = (
    (
        re.compile("((?:- )*[A-Za-z_][\\w-]*)(?:：\\s*|:[\u00a0\u3000]+)(.*)"),
        "behind the key stands no plain colon and blank",
        "{}: {}",
    ),
    (
        re.compile(r"(?:[•·▪●○■]\s*|[*–—] )(\S.*)"),  # dashes that people type for a hyphen
        "an entry of a list begins with a hyphen and a blank",
        "- {}",
    ),
    (re.compile(r"-([^\s\d-].*)"), "a blank is missing behind the hyphen", "- {}"),
    (re.compile(r"((?:- )*[a-z_]+):([^\s:/].*)"), "a blank is missing behind the colon", "{}: {}"),
)
# What the parser says where the indentation is wrong; in C and in Python it has other words.
_OF_INDENTATION = ("expected '-' indicator", "expected key", "expected <block end>", "mapping values are not allowed")
# What the parser says that is true wherever a text stands, and how it is told here.
_SAID = (
    ("end of stream", "a quotation mark is opened here and not closed", "put the same mark at the end of the text"),
    ("escape character", "a backslash in double quotation marks", "put single ones around the text, or write \\\\"),
    ("undefined alias", "a text cannot begin with *", "put quotation marks around it"),
)
# What is in brackets, as the parser calls it, with these.
_IN_BRACKETS = {"flow sequence": "[]", "flow mapping": "{}"}
_QUOTES = "\"'"
_MARKS = "*&!%@`,?|>"
_CURLY = "“”„«»"


def told(rows: Sequence[str], line: int, problem: str) -> tuple[int, str, str]:
    """Return the line of a mistake, counted from 0, what is wrong with it, and what helps.

    ``line`` is where the parser gave up, ``problem`` what it says, which is all that is told of what nobody has met.
    """
    before = next((number for number in range(min(line, len(rows)) - 1, -1, -1) if rows[number].strip()), line)
    for number in (line, before):
        if number < len(rows) and (found := _mistake(rows[number])):
            return number, *found
    if left_open := _left_open(rows, line, problem):
        return left_open
    for words, message, hint in _SAID:
        if words in problem:
            return line, message, hint
    if "':'" in problem:
        return before, "this is neither a key with its value nor an entry of a list", "write key: value, or - entry"
    row = rows[line] if line < len(rows) else ""
    blanks = len(row) - len(row.lstrip(" "))
    if (
        row.strip()
        and any(words in problem for words in _OF_INDENTATION)
        and (blanks or "mapping values" not in problem)
    ):
        hint = f"{blanks} blanks stand before it: entries of one list, and keys of one block, begin in the same column"
        return line, "this line does not begin where it should", hint
    return line, problem, "check the indentation, and quote texts that hold ': ' or ' #'"


def _left_open(rows: Sequence[str], line: int, problem: str) -> tuple[int, str, str] | None:
    """Return the line of a bracket or quotation mark that is opened before a line and not closed, as ``told`` does."""
    for number in range(min(line, len(rows)) - 1, -1, -1):
        row = rows[number].rstrip()
        for called, brackets in _IN_BRACKETS.items():
            if called in problem and row.count(brackets[0]) > row.count(brackets[1]):
                return number, f"a {brackets[0]} is opened here and not closed", f"put {brackets[1]} where it ends"
        value = found["value"] if (found := _KEY.fullmatch(row)) else ""
        if value and value[0] in _QUOTES and _end_of_quoted(value) is None and _goes_on(rows[number + 1 : line + 1]):
            return number, *_unclosed(value[0])
    return None


def _goes_on(rows: Sequence[str]) -> bool:
    """Tell whether the row behind a text has a key or an entry of its own, so that the text ends before it."""
    return bool(rows) and _KEY.fullmatch(rows[0].rstrip()) is not None


def _end_of_quoted(value: str) -> int | None:
    """Return where a text in quotation marks ends; None where it does not."""
    closed = re.match(r'"(?:[^"\\]|\\.)*"' if value[0] == '"' else r"'(?:[^']|'')*'", value)
    return closed.end() if closed else None


def _unclosed(mark: str) -> tuple[str, str]:
    return "a quotation mark is opened here and not closed", f"put {mark} at the end of the text"


def _mistake(row: str) -> tuple[str, str] | None:
    """Return what is wrong with a row, and what helps; None where nothing is seen."""
    text = row.strip()
    start = row[: len(row) - len(row.lstrip())]
    if "\t" in start:
        return "the line begins with a tab", "begin it with blanks, two for each level"
    if start.strip(" "):
        return "the line begins with a blank that is none for YAML", "delete what stands before it, and type blanks"
    for form, message, as_it_should_be in _FORMS:
        if found := form.match(text):
            return message, f"write {_short(as_it_should_be.format(*found.groups()))}"
    if found := _KEY.fullmatch(row.rstrip()):
        head, value = found["head"].strip(), found["value"]
        return _in_quotes(head, value) if value[0] in _QUOTES else _plain(head, value)
    return None


def _in_quotes(head: str, value: str) -> tuple[str, str] | None:
    """Return what is wrong with a value that begins with a quotation mark, and what helps."""
    mark = value[0]
    end = _end_of_quoted(value)
    if end is None:
        return _unclosed(mark)
    if (behind := value[end:].strip()) and not behind.startswith(("#", ",")):
        apostrophe = value[end].isalnum()
        around = value[-1] == mark and mark in value[1:-1]
        whole = value[1:].removesuffix(mark) if apostrophe or around else value
        return "the text goes on behind its closing quotation mark", f"write {_short(f'{head} {_quoted(whole)}')}"
    if mark == '"' and (found := re.search(r'\\(?![0abtnvfre "/\\NLP_xuU])', value)):
        message = f"a backslash in double quotation marks: {value[found.start() : found.start() + 2]}"
        return message, f"write {_short(f'{head} {_quoted(value[1:-1])}')}"
    return None


def _plain(head: str, value: str) -> tuple[str, str] | None:
    """Return what is wrong with a value without quotation marks, and what helps."""
    mark = value[0]
    odd = bool(_BEHIND.match(value)) if mark in "[{" else mark in _MARKS and not _BLOCK.fullmatch(value)
    if odd:
        return f"a text cannot begin with {mark}", f"write {_short(f'{head} {_quoted(value)}')}"
    if re.search(r":(?:\s|$)", value) and mark not in "[{":
        if head.removeprefix("- ") in _HAS_KEYS and _PAIRS.fullmatch(value):
            return "several keys behind a colon", f"write {_short(f'{head} {{{value}}}')}"
        text = value.strip(_CURLY) if mark in _CURLY else value
        return "a colon and a blank inside a text", f"write {_short(f'{head} {_quoted(text)}')}"
    return None


def _quoted(text: str) -> str:
    """Return a text between quotation marks that it does not hold itself."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _short(example: str) -> str:
    return example if len(example) <= _LONGEST_EXAMPLE else f"{example[:_LONGEST_EXAMPLE]}…"
