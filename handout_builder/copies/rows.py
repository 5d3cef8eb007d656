"""Lists of people: CSV or JSON Lines, read row by row, each checked; nothing that is told repeats what stands in a row.

A list is read as it comes, never as a whole: first to tell all that is wrong with it, then to make the copies. What is
wrong with one row is that row's alone.
"""

import codecs
import csv
import hashlib
import io
import json
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import IO, Protocol

from handout_builder.errors import READ_HINT, HandoutError, Problem, suggestion
from handout_builder.render.personal import Words
from handout_builder.resources import DEVICES
from handout_builder.text import characters, dates, language

LANG, PASSWORD = "lang", "password"
"""Columns beside the fields: the language of a row's words, and the password of its file."""
OWN_LANG = "_lang"
"""Behind the name of a field: the language of its words alone."""
KINDS = ("handout_lang", "brand", "edition")
"""Columns that choose what is filled, where that is not the same for all."""
STANDARD_INPUT = Path("-")
LEFT_ALONE = "_"
"""Columns whose names begin so are left alone."""

_MOST_LINE, _MOST_TEXT, _MOST_ROWS = 1_000_000, 2_000, 5_000_000
# What becomes one blank, as in HTML: wide blanks and those that keep words together stay.
_BLANKS = re.compile("[ \t\r\n]+")
_DELIMITERS = (",", ";", "\t")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# How files of spreadsheets begin: today's are archives, older ones compound documents.
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_AS_UTF_8 = "save the list as CSV in UTF-8; spreadsheets call it 'CSV UTF-8'"
_DAYS = ("date", "next_visit")
"""Fields that tell a day."""
_AS_DAY = "show the column as dates in the spreadsheet, as they are to be printed, and save the list anew"
_AS_TEXT = "give it as text, as it is to be printed"
_SHOWN = "write it in Latin, Greek, Cyrillic, Han, kana or hangul letters"
_PRINTABLE_ASCII = range(0x20, 0x7F)
# AES-256 takes up to 127 bytes (ISO 32000-2, 7.6.4.3); shorter passwords are found by trying.
_PASSWORD = range(8, 128)


@dataclass(frozen=True)
class Row:
    """One person's row."""

    number: int
    """From 1, without the head and empty lines."""
    line: int
    words: Mapping[str, Words] = field(repr=False)
    kind: tuple[str, ...] = ("", "", "")
    """What it asks for by the columns of ``KINDS``."""
    name: str = field(default="", repr=False)
    """What its file is called, without the ending; "" for its number."""
    password: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)
    """What a record system calls the person: ``Patient/123``."""
    problems: tuple["RowProblem", ...] = ()


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row, without its words."""

    code: str
    message: str
    field: str = ""
    """The column."""
    hint: str = ""


@dataclass(frozen=True)
class Columns:
    """The columns that a list may have."""

    fields: tuple[str, ...]
    """The boxes of the handout."""
    name_by: str = ""
    """The column that names the files; "" for numbers."""
    encrypted: bool = False

    @cached_property
    def known(self) -> list[str]:
        """All of them."""
        more = [f"{name}{OWN_LANG}" for name in self.fields]
        own = [self.name_by] if self.name_by and self.name_by not in self.fields else []
        return [*self.fields, LANG, *KINDS, *([PASSWORD] if self.encrypted else []), *own, *more]

    def cells(self, pairs: Iterable[tuple[str, object]]) -> tuple[dict[str, str], list[RowProblem]]:
        """Return named values as cells, with what is wrong: they are texts, whole numbers or nothing."""
        cells: dict[str, str] = {}
        problems: list[RowProblem] = []
        for key, value in pairs:
            head = _plain(key)
            if head.startswith(LEFT_ALONE):
                continue
            known = head in self.known
            if head in cells:
                problems.append(RowProblem("table", "it appears twice", head if known else "", "keep one of them"))
            elif not known:
                hint = suggestion(head, self.known, f"fields: {', '.join(self.fields)}")
                problems.append(RowProblem("table", "a key is not known", hint=hint))
            elif value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
                problems.append(RowProblem("table", "it is no text", head if known else "", _AS_TEXT))
            cells[head] = str(value) if isinstance(value, str | int) else ""
        return cells, problems

    @cached_property
    def _pairs(self) -> Sequence[tuple[str, str]]:
        """The fields, each with the column of its language."""
        return [(name, f"{name}{OWN_LANG}") for name in self.fields]

    def row(self, number: int, line: int, cells: Mapping[str, str], problems: Iterable[RowProblem] = ()) -> Row:
        """Return a row of cells, checked, with what is wrong with it."""
        found = [*problems]
        row_lang = _lang(cells.get(LANG, ""), LANG, found)
        words: dict[str, Words] = {}
        for name, own_lang in self._pairs:
            if text := _checked(cells.get(name, ""), name, found):
                words[name] = Words(text, _lang(cells.get(own_lang, ""), own_lang, found) or row_lang)
        if not words and not found:
            hint = f"fill in one of: {', '.join(self.fields)}; or take the row out"
            found.append(RowProblem("blank", "no field has any words", hint=hint))
        kind = tuple(cells.get(column, "").strip() for column in KINDS)
        name = _checked(cells.get(self.name_by, ""), self.name_by, found) if self.name_by else ""
        found += (
            RowProblem("value", "this is a number, not a day", name, _AS_DAY)
            for name in _DAYS
            if name in words and dates.is_serial(words[name].text)
        )
        if self.name_by and not _file_name(name):
            found.append(RowProblem("name", "it cannot name a file", self.name_by, "letters, digits, - _ . and blanks"))
        password = cells.get(PASSWORD, "") if self.encrypted else ""
        if self.encrypted and not (
            len(password) in _PASSWORD and all(ord(letter) in _PRINTABLE_ASCII for letter in password)
        ):
            hint = "at least 8 letters, digits and signs of ASCII"
            found.append(
                RowProblem("password", "it is missing, too short or too long, or has other signs", PASSWORD, hint)
            )
        return Row(number, line, words, kind, name, password, problems=tuple(found))


class People(Protocol):
    """Where rows come from: a table, or what a record system tells."""

    path: Path
    """Where problems are shown."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows from the first on; called more than once."""

    @property
    def digest(self) -> str:
        """The digest of all that was read, when all was."""

    def problem(self, wrong: RowProblem, row: Row) -> Problem:
        """Return what is wrong with a row as a problem of the list, with where it stands there."""


class Table:
    """A list in a file, or in standard input."""

    def __init__(self, path: Path, columns: Columns) -> None:
        """Look at the head; raises HandoutError for a file that is no list, and for unknown columns."""
        self.path, self._columns = path, columns
        self.digest = ""
        self._kept = _standard_input() if path == STANDARD_INPUT else None
        with self._opened() as file:
            begin = file.read(4)
        if begin.startswith(_UTF_16):
            raise self._refused("encoding", "the list is in UTF-16", _AS_UTF_8, 1)
        if begin in _OFFICE:
            raise self._refused("table", "this is a spreadsheet, not a list as CSV", _AS_UTF_8, 1)
        self._json = path.suffix.lower() in (".jsonl", ".ndjson") or begin.lstrip(codecs.BOM_UTF8).lstrip()[:1] == b"{"
        if not self._json:
            self._heads, self._delimiter = self._head()

    def rows(self) -> Iterator[Row]:
        """Yield the rows; raises HandoutError where the list cannot be read any further."""
        found = self._objects() if self._json else self._cells()
        for number, (line, cells, problems) in enumerate(found, start=1):
            if number > _MOST_ROWS:
                raise self._refused("many", f"more than {_MOST_ROWS:,} rows", "divide the list", line)
            yield self._columns.row(number, line, cells, problems)

    def problem(self, wrong: RowProblem, row: Row) -> Problem:
        """Return what is wrong with a row, with its line, number and column."""
        where = f"row {row.number}, {wrong.field}" if wrong.field else f"row {row.number}"
        return Problem(wrong.code, f"{where}: {wrong.message}", self.path, row.line, wrong.hint)

    def _refused(self, code: str, message: str, hint: str = "", line: int = 0) -> HandoutError:
        return HandoutError([Problem(code, message, self.path, line, hint)])

    @contextmanager
    def _opened(self) -> Iterator[IO[bytes]]:
        if self._kept is not None:
            yield io.BytesIO(self._kept)
            return
        try:
            descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        except OSError as error:
            raise self._refused("unreadable", error.strerror or "it cannot be read", READ_HINT) from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise self._refused("unreadable", "this is no file", "pipe it in with: --list -")
        with os.fdopen(descriptor, "rb") as file:
            yield file

    def _lines(self) -> Iterator[str]:
        """Yield the lines with their ends; what is no UTF-8 becomes lone surrogates, which each row tells."""
        digest = hashlib.sha256()
        with self._opened() as file:
            first = True
            number = 0
            while line := file.readline(_MOST_LINE):
                number += 1
                if len(line) == _MOST_LINE:
                    raise self._refused("table", f"a line has more than {_MOST_LINE:,} bytes", _AS_UTF_8, number)
                digest.update(line)
                yield line.decode("utf-8-sig" if first else "utf-8", "surrogateescape")
                first = False
        self.digest = digest.hexdigest()

    def _head(self) -> tuple[list[str], str]:
        """Return the columns and what stands between them; raises HandoutError."""
        lines = self._lines()
        line = next(lines, "").rstrip("\r\n")
        lines.close()  # type: ignore[attr-defined]
        known = self._columns.known
        try:
            heads, delimiter = max(
                (
                    ([_plain(cell) for cell in next(csv.reader([line], delimiter=sign), [])], sign)
                    for sign in _DELIMITERS
                ),
                key=lambda found: sum(head in known for head in found[0]),
            )
        except csv.Error as error:  # its lines end as on an old Mac, or it is no table
            raise self._refused("table", "the first line is not that of a CSV table", _AS_UTF_8, 1) from error
        problems = list(self._wrong_heads(heads, known))
        if problems:
            raise HandoutError(problems)
        return heads, delimiter

    def _wrong_heads(self, heads: Sequence[str], known: Sequence[str]) -> Iterator[Problem]:
        def wrong(message: str, hint: str = "") -> Problem:
            return Problem("table", message, self.path, 1, hint)

        fields = ", ".join(self._columns.fields)
        if not any(head in self._columns.fields for head in heads):
            yield wrong("no column of the first line is a field of the handout", f"columns: {fields}")
            return
        for head in dict.fromkeys(heads):
            if not head:
                yield wrong("a column has no name", f"begin the names of columns to be left alone with {LEFT_ALONE}")
            elif heads.count(head) > 1:
                yield wrong(f"the column '{head}' appears twice", "keep one of them")
            elif head not in known and not head.startswith(LEFT_ALONE):
                meant = suggestion(head, known, f"fields: {fields}")
                yield wrong(f"the column '{head}' is not known", f"{meant} or begin its name with {LEFT_ALONE}")
        for needed in (self._columns.name_by, PASSWORD if self._columns.encrypted else ""):
            if needed and needed not in heads:
                yield wrong(f"the column '{needed}' is missing", "add it to the first line, and to each row")

    def _cells(self) -> Iterator[tuple[int, dict[str, str], list[RowProblem]]]:
        """Yield the rows of a CSV table (RFC 4180)."""
        reader = csv.reader(self._lines(), delimiter=self._delimiter, strict=True)
        heads, line = self._heads, 1
        try:
            next(reader)
            line = reader.line_num + 1
            for cells in reader:
                if any(cells):
                    problems = []
                    if len(cells) != len(heads):
                        message = f"{len(cells)} cells where {len(heads)} are wanted"
                        problems = [RowProblem("table", message, hint="quote a cell that holds what divides cells")]
                    yield line, dict(zip(heads, cells, strict=False)), problems
                line = reader.line_num + 1
        except csv.Error as error:
            message = "this is no CSV table from here on: a quotation mark is open, or stands inside a cell"
            hint = 'close it; inside a quoted cell write ""'
            most = csv.field_size_limit()
            if reader.line_num == line and "limit" in str(error):  # one long line, and no mark that was left open
                message, hint = f"a cell has more than {most:,} characters", "shorten it"
            raise self._refused("table", message, hint, line) from error

    def _objects(self) -> Iterator[tuple[int, dict[str, str], list[RowProblem]]]:
        """Yield the rows of JSON Lines: one object a line, its values texts, whole numbers or null."""
        for line, text in enumerate(self._lines(), start=1):
            if not text.strip():
                continue
            try:
                pairs = json.loads(text, object_pairs_hook=list)
            except (ValueError, RecursionError):
                yield line, {}, [RowProblem("table", "this is no JSON", hint="one object a line")]
                continue
            if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
                yield line, {}, [RowProblem("table", "this is no JSON object", hint="one object a line")]
                continue
            cells, problems = self._columns.cells(pairs)
            yield line, cells, problems


def _lang(text: str, column: str, problems: list[RowProblem]) -> str:
    """Return a language as it is written here, "" for none; what is none is added to the problems."""
    if not text:
        return ""
    tag = _tag(text)
    if tag is None:
        meant = language.meant(language.canonical(text)) if text.strip() else ""
        hint = f"write {meant}" if meant else "for example en, zh-Hans, zh-Hant, ja, ko, vi"
        problems.append(RowProblem("language-tag", "this is no language", column, hint))
    return tag or ""


@lru_cache(maxsize=200)
def _tag(text: str) -> str | None:
    tag = language.canonical(text) if text.strip() else ""
    return None if tag and (not language.is_tag(tag) or language.meant(tag)) else tag


def _plain(head: str) -> str:
    """Return a column's name as it is compared: people write "Next visit" for next_visit."""
    return unicodedata.normalize("NFC", head).strip().casefold().replace(" ", "_")


def _checked(text: str, column: str, problems: list[RowProblem]) -> str:
    """Return a text as it is set: composed (NFC), lines in one; what it may not hold is added to the problems."""
    if text.isascii() and text.isprintable():
        text = text.strip(" ")
        if "  " not in text and len(text) <= _MOST_TEXT:
            return text
    elif not text.isascii():
        text = characters.without_presentation(unicodedata.normalize("NFC", text))
        if not text.isprintable() and any("\udc80" <= letter <= "\udcff" for letter in text):
            problems.append(RowProblem("encoding", "bytes that are no UTF-8", column, _AS_UTF_8))
            return ""
    text = _BLANKS.sub(" ", text).strip(" ").replace("\u00ad", "")
    problems += (
        RowProblem("control-character", f"{characters.name(odd)} cannot be printed", column, "leave it out")
        for odd in characters.odd(text)
    )
    if len(text) > _MOST_TEXT:
        problems.append(RowProblem("too-large", f"more than {_MOST_TEXT:,} characters", column, "shorten it"))
        return ""
    return text


def _file_name(name: str) -> bool:
    """Tell whether a file may be called so, on any system."""
    return (
        0 < len(name.encode("utf-8", "replace")) <= 100  # noqa: PLR2004
        and name[0] not in ". "
        and name[-1] not in ". "
        and name.partition(".")[0].strip().lower() not in DEVICES
        and all(letter.isalnum() or letter in "-_. " for letter in name)
    )


def _standard_input() -> bytes:
    """Return what comes in by standard input; raises HandoutError for too much."""
    import sys  # noqa: PLC0415

    from handout_builder.source_files import MOST_BYTES  # noqa: PLC0415

    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        message = f"more than {MOST_BYTES:,} bytes come in"
        raise HandoutError([Problem("many", message, STANDARD_INPUT, hint="longer lists come by file")])
    return data


def shown_wrong(row: Row, characters_known: frozenset[str], lang: str) -> Iterator[RowProblem]:
    """Yield what of a row's words cannot be shown: characters that no font has, and Han without a language."""
    for name, words in row.words.items():
        text = words.text
        if not characters_known.issuperset(text):
            for letter in dict.fromkeys(text):
                if letter not in characters_known and not characters.is_odd(letter):
                    yield RowProblem("missing-glyph", f"no font has U+{ord(letter):04X}", name, _SHOWN)
        if not text.isascii() and not language.is_cjk_language(words.lang or lang) and language.cjk_runs(text):
            message = "Chinese, Japanese or Korean letters without a language"
            yield RowProblem(
                "untagged-language",
                message,
                name,
                f"say so in the column {name}{OWN_LANG} or {LANG}: zh-Hans, zh-Hant, ja, ko",
            )
