"""What is wrong with a line that is no YAML, in the words of those who write it, with the line as it should be.

A parser tells where it gave up, in terms of its grammar ("did not find expected key"). People make few mistakes, and
most can be seen in the line where it gave up, or in the one before.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

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
_MERGE = "delete this line; a text in Markdown comes in by: make_handout.py import FILE"
_SEPARATE = "put a comma between two, and quotation marks around a text that has a comma, a colon or a bracket"
# What the parser says that is true wherever a text stands, and how it is told here.
_SAID = (
    (
        "another document",
        "a second document begins here, and a file has one",
        _MERGE,
    ),
    ("end of stream", "a quotation mark is opened here and not closed", "put the same mark at the end of the text"),
    ("escape character", "a backslash in double quotation marks", "put single ones around the text, or write \\\\"),
    ("expected ',' or '}'", "what stands in { } is no list of keys and values", _SEPARATE),
    ("expected ',' or ']'", "what stands in [ ] is no list", _SEPARATE),
    ("undefined alias", "a text cannot begin with *", "put quotation marks around it"),
)
# What is in brackets, as the parser calls it, with these.
_IN_BRACKETS = {"flow sequence": "[]", "flow mapping": "{}"}
_QUOTES = "\"'"
_COLUMN = "this line does not begin where it should"
_MARKS = "*&!%@`,?|>"
_CURLY = "“”„«»"


# Nobody mends more at once; each takes a parse of the text or some.
_MOST_TOLD = 20
# How many blanks people mean by a tab, and how many columns entries of one list are apart by a slip.
_WIDTHS, _SHIFTS = (2, 4, 8, 1), (-1, 1, -2, 2)


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a line, counted from 0, and what helps."""

    line: int
    message: str
    hint: str
    mended: str | None = None
    """The line as it should be; None where only its author knows that."""


def every(
    text: str, gave_up: Callable[[str], tuple[int, str] | None], most: int = _MOST_TOLD
) -> tuple[list[Mistake], str | None]:
    """Return the mistakes of a text that is no YAML, and the text as it should be; None where that is a guess.

    ``gave_up`` tells where the parser gives up on a text, and what it says; None where it does not. What is below a
    mistake is told as it is when the hint is followed. Where that is a guess, only what is seen in a line by itself is.
    """
    found: list[Mistake] = []
    rows = text.splitlines()
    at = gave_up(text)
    sure = all_sure = True
    while at and len(found) < most:
        mistake = told(rows, *at)
        if not sure and not _seen(rows, mistake.line):
            return found, None
        found.append(mistake)
        tried = [(cured, sure, gave_up("\n".join(cured))) for cured, sure in _cured(rows, mistake)]
        # Of several, the one that the parser gets furthest with.
        rows, sure, at = max(tried, key=lambda each: each[2][0] if each[2] else len(rows), default=(rows, False, at))
        all_sure = all_sure and sure
        if at and told(rows, *at).line in {each.line for each in found}:
            return found, None
    return found, None if at or not all_sure else "\n".join(rows)


def _cured(rows: Sequence[str], mistake: Mistake) -> Iterator[tuple[list[str], bool]]:
    """Yield the lines of a text without a mistake, as they may be meant, and whether they can be meant otherwise."""
    line, row = mistake.line, rows[mistake.line] if mistake.line < len(rows) else ""
    if mistake.mended is not None:
        yield [*rows[:line], mistake.mended, *rows[line + 1 :]], not mistake.message.endswith("not closed")
    elif row[: _indent(row)].strip(" "):
        for width in _WIDTHS:
            yield [re.sub("[^ ]", " " * width, each[: _indent(each)]) + each.lstrip() for each in rows], False
    elif mistake.message == _COLUMN:
        end = line + 1
        while end < len(rows) and (not rows[end].strip() or _indent(rows[end]) > _indent(row)):
            end += 1
        for shift in _SHIFTS:
            moved = [" " * (_indent(each) + shift) + each.lstrip() for each in rows[line:end]]
            yield [*rows[:line], *moved, *rows[end:]], False


def _seen(rows: Sequence[str], line: int) -> bool:
    """Tell whether a mistake is seen in a line by itself."""
    return line < len(rows) and _mistake(rows[line]) is not None


def _indent(row: str) -> int:
    """Return the number of blanks that a row begins with."""
    return len(row) - len(row.lstrip())


def told(rows: Sequence[str], line: int, problem: str) -> Mistake:
    """Return a mistake from the line where the parser gave up, counted from 0.

    ``problem`` is what it says, which is all that is told of what nobody has met.
    """
    before = next((number for number in range(min(line, len(rows)) - 1, -1, -1) if rows[number].strip()), line)
    for number in (line, before):
        if number < len(rows) and (found := _mistake(rows[number])):
            message, hint, mended = found
            return Mistake(number, message, hint, mended)
    if left_open := _left_open(rows, line, problem):
        return left_open
    for words, message, hint in _SAID:
        if words in problem:
            return Mistake(line, message, hint)
    if "':'" in problem:
        message = "this is neither a key with its value nor an entry of a list"
        return Mistake(before, message, "write key: value, or - entry")
    row = rows[line] if line < len(rows) else ""
    blanks = len(row) - len(row.lstrip(" "))
    if (
        row.strip()
        and any(words in problem for words in _OF_INDENTATION)
        and (blanks or "mapping values" not in problem)
    ):
        hint = f"{blanks} blanks stand before it: entries of one list, and keys of one block, begin in the same column"
        return Mistake(line, _COLUMN, hint)
    return Mistake(line, problem, "check the indentation, and quote texts that hold ': ' or ' #'")


def _left_open(rows: Sequence[str], line: int, problem: str) -> Mistake | None:
    """Return the mistake of a bracket or quotation mark that is opened before a line and not closed."""
    for number in range(min(line, len(rows)) - 1, -1, -1):
        row = rows[number].rstrip()
        for called, brackets in _IN_BRACKETS.items():
            if called in problem and row.count(brackets[0]) > row.count(brackets[1]):
                message = f"a {brackets[0]} is opened here and not closed"
                return Mistake(number, message, f"put {brackets[1]} where it ends", row + brackets[1])
        value = found["value"] if (found := _KEY.fullmatch(row)) else ""
        if value and value[0] in _QUOTES and _end_of_quoted(value) is None and _goes_on(rows[number + 1 : line + 1]):
            message, hint, mended = _unclosed(row, value[0])
            return Mistake(number, message, hint, mended)
    return None


def _goes_on(rows: Sequence[str]) -> bool:
    """Tell whether the row behind a text has a key or an entry of its own, so that the text ends before it."""
    return bool(rows) and _KEY.fullmatch(rows[0].rstrip()) is not None


def _end_of_quoted(value: str) -> int | None:
    """Return where a text in quotation marks ends; None where it does not."""
    closed = re.match(r'"(?:[^"\\]|\\.)*"' if value[0] == '"' else r"'(?:[^']|'')*'", value)
    return closed.end() if closed else None


def _unclosed(row: str, mark: str) -> tuple[str, str, str]:
    return "a quotation mark is opened here and not closed", f"put {mark} at the end of the text", row + mark


def _mistake(row: str) -> tuple[str, str, str | None] | None:
    """Return what is wrong with a row, what helps, and the row as it should be; None where nothing is seen."""
    row = row.rstrip()
    text = row.strip()
    start = row[: _indent(row)]
    if "\t" in start:
        return "the line begins with a tab", "begin it with blanks, two for each level", None
    if start.strip(" "):
        return (
            "the line begins with a blank that is none for YAML",
            "delete what stands before it, and type blanks",
            None,
        )
    for form, message, as_it_should_be in _FORMS:
        if found := form.match(text):
            return _written(message, start, as_it_should_be.format(*found.groups()))
    if found := _KEY.fullmatch(row):
        head, value = found["head"].strip(), found["value"]
        return _in_quotes(start, head, value) if value[0] in _QUOTES else _plain(start, head, value)
    return None


def _written(message: str, start: str, row: str) -> tuple[str, str, str]:
    """Return a mistake whose cure is a row, behind the blanks that it starts with."""
    return message, f"write {_short(row)}", start + row


def _in_quotes(start: str, head: str, value: str) -> tuple[str, str, str] | None:
    """Return what is wrong with a value that begins with a quotation mark, as ``_mistake`` does."""
    mark = value[0]
    end = _end_of_quoted(value)
    if end is None:
        return _unclosed(f"{start}{head} {value}", mark)
    if (behind := value[end:].strip()) and not behind.startswith(("#", ",")):
        apostrophe = value[end].isalnum()
        around = value[-1] == mark and mark in value[1:-1]
        whole = value[1:].removesuffix(mark) if apostrophe or around else value
        return _written("the text goes on behind its closing quotation mark", start, f"{head} {_quoted(whole)}")
    if mark == '"' and (found := re.search(r'\\(?![0abtnvfre "/\\NLP_xuU])', value)):
        message = f"a backslash in double quotation marks: {value[found.start() : found.start() + 2]}"
        return _written(message, start, f"{head} {_quoted(value[1:-1])}")
    return None


def _plain(start: str, head: str, value: str) -> tuple[str, str, str] | None:
    """Return what is wrong with a value without quotation marks, as ``_mistake`` does."""
    mark = value[0]
    odd = bool(_BEHIND.match(value)) if mark in "[{" else mark in _MARKS and not _BLOCK.fullmatch(value)
    if odd:
        return _written(f"a text cannot begin with {mark}", start, f"{head} {_quoted(value)}")
    if re.search(r":(?:\s|$)", value) and mark not in "[{":
        if head.removeprefix("- ") in _HAS_KEYS and _PAIRS.fullmatch(value):
            return _written("several keys behind a colon", start, f"{head} {{{value}}}")
        text = value.strip(_CURLY) if mark in _CURLY else value
        return _written("a colon and a blank inside a text", start, f"{head} {_quoted(text)}")
    return None


def _quoted(text: str) -> str:
    """Return a text between quotation marks that it does not hold itself."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _short(example: str) -> str:
    return example if len(example) <= _LONGEST_EXAMPLE else f"{example[:_LONGEST_EXAMPLE]}…"
