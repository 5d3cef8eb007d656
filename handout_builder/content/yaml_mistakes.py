"""What is wrong with a line that is no YAML, in the words of those who write it, with the line as it should be.

A parser tells where it gave up, and in terms of its grammar ("did not find expected key"). People make few mistakes, and most
can be seen in the line where it gave up, or in the one before.
"""

import re
from collections.abc import Sequence

_LONGEST_EXAMPLE = 70
_KEY = re.compile(r"(?P<head>\s*(?:- )*(?:[A-Za-z_][\w-]*:\s+|- ))(?P<value>\S.*)")
# A folded or literal text begins with these alone; a list or mapping in brackets ends with its bracket.
_BLOCK = re.compile(r"[>|][-+]?\d?[-+]?(?:\s+#.*)?")
_FLOW = re.compile(r"\[.*\],?|\{.*\},?")
_MARKS = "*&!%@`,?|>[{"
_CURLY = "“”„«»"


def told(rows: Sequence[str], line: int, problem: str) -> tuple[int, str, str]:
    """Return the line of a mistake, counted from 0, what is wrong with it, and what helps.

    ``line`` is where the parser gave up, ``problem`` what it says.
    """
    before = next((number for number in range(min(line, len(rows)) - 1, -1, -1) if rows[number].strip()), line)
    for number in (line, before):
        if number < len(rows) and (found := _mistake(rows[number])):
            return number, *found
    if line < len(rows) and "':'" not in problem and rows[line].strip():
        blanks = len(rows[line]) - len(rows[line].lstrip(" "))
        message = "this line does not begin where it should"
        hint = (
            f"{blanks} blanks stand before it: entries of one list, and keys of one block, begin in the same column as"
            " those above"
        )
        return line, message, hint
    number = before if "':'" in problem else min(line, len(rows) - 1)
    return number, "this is neither a key with its value nor an entry of a list", "write key: value, or - entry"


def _mistake(row: str) -> tuple[str, str] | None:
    """Return what is wrong with a row, and what helps; None where nothing is seen."""
    text = row.strip()
    start = row[: len(row) - len(row.lstrip())]
    if "\t" in start:
        return "the line begins with a tab", "begin it with blanks, two for each level"
    if start.strip(" "):
        return "the line begins with a blank that is none for YAML", "delete what stands before it, and type blanks"
    if found := re.match(r"((?:- )*[A-Za-z_][\w-]*)(?:：\s*|:[\u00a0\u3000]+)(.*)", text):
        return "behind the key stands no plain colon and blank", f"write {_short(f'{found[1]}: {found[2]}')}"
    if re.match(r"[•·▪●○■]\s*\S|\* \S|[–—] \S", text):
        return "an entry of a list begins with a hyphen and a blank", f"write {_short(f'- {text[1:].strip()}')}"
    if re.match(r"-[^\s\d-]", text):
        return "a blank is missing behind the hyphen", f"write {_short(f'- {text[1:]}')}"
    if found := re.match(r"((?:- )*[a-z_]+):([^\s:/].*)", text):
        return "a blank is missing behind the colon", f"write {_short(f'{found[1]}: {found[2]}')}"
    if found := _KEY.fullmatch(row.rstrip()):
        return _value_mistake(found["head"].strip(), found["value"])
    return None


def _value_mistake(head: str, value: str) -> tuple[str, str] | None:
    """Return what is wrong with a value behind a key or hyphen, and what helps."""
    mark = value[0]
    if mark in "\"'":
        closed = re.match(r'"(?:[^"\\]|\\.)*"' if mark == '"' else r"'(?:[^']|'')*'", value)
        if not closed:
            return "a quotation mark is opened here and not closed", f"put {mark} at the end of the text"
        if (behind := value[closed.end() :].strip()) and not behind.startswith(("#", ",")):
            inside = value[closed.end()].isalnum() or (value[-1] == mark and value.count(mark) > 2)  # an apostrophe
            whole = value[1:].removesuffix(mark) if inside else value
            return "the text goes on behind its closing quotation mark", f"write {_short(f'{head} {_quoted(whole)}')}"
        if mark == '"' and (found := re.search(r'\\(?![0abtnvfre "/\\NLP_xuU])', value)):
            return (
                f"a backslash in double quotation marks: {value[found.start() : found.start() + 2]}",
                f"write {_short(f'{head} {_quoted(value[1:-1])}')}",
            )
        return None
    if mark in _MARKS and not _BLOCK.fullmatch(value) and not _FLOW.fullmatch(value):
        return f"a text cannot begin with {mark}", f"write {_short(f'{head} {_quoted(value)}')}"
    if re.search(r":(?:\s|$)", value) and mark not in "[{":
        plain = value.strip(_CURLY) if mark in _CURLY else value
        return "a colon and a blank inside a text", f"write {_short(f'{head} {_quoted(plain)}')}"
    return None


def _quoted(text: str) -> str:
    """Return a text between quotation marks that it does not hold itself."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _short(example: str) -> str:
    return example if len(example) <= _LONGEST_EXAMPLE else f"{example[:_LONGEST_EXAMPLE]}…"
