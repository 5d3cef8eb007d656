"""The file that is imported: which kind it is, and its text, whatever program has saved it."""

import codecs
import re
import unicodedata
from pathlib import Path

from handout_builder import source_files
from handout_builder.errors import READ_HINT, HandoutError, Problem
from handout_builder.intake import markdown_text, markup, plain_text, web_page, word_document
from handout_builder.intake.outline import Bullets, Outline, told

KINDS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
}
"""What can be imported, by the ending of its name."""
_MOST_BYTES = {"docx": 40_000_000, "html": 2_000_000}
_MOST_TEXT = 500_000
"""Bytes of a text, and characters of the words in a document of any kind."""
# One handout has room for a third of it.
_MOST_BLOCKS = 3_000
# The time that a parser of Markdown takes grows with the square of the marks that are open.
_MOST_MARKS = {"[": 3_000, "*_`~": 20_000}
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_HEAD = 4096
# Controls that no text has but files of other kinds are full of.
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_OTHERS = {
    b"%PDF": "a PDF: copy its text into a file, or export it from the program that made it, as DOCX or HTML",
    b"\xd0\xcf\x11\xe0": "a document of an old Word (.doc): save it as .docx",
    b"{\\rtf": "rich text (RTF): save it as .docx or .html",
    b"PK\x03\x04": "a packed file: give the document itself, as .docx",
}
_ADDRESS = re.compile("https?:/", re.IGNORECASE)
_ENDINGS = {
    ".odt": "save it as .docx or .html",
    ".doc": "save it as .docx",
    ".rtf": "save it as .docx or .html",
    ".pdf": "export it from the program that made it, as .docx or .html",
    ".pages": "export it as Word (.docx)",
    ".epub": "unpack it, and import its chapters, which are .xhtml",
    ".yaml": "it is written for this program already: put it into source/NAME/",
}


def read(path: Path) -> tuple[bytes, Outline]:
    """Return a file's bytes and its outline; raises HandoutError for what cannot be read."""
    kind = KINDS.get(path.suffix.lower())
    known = ", ".join(KINDS)
    if not kind:
        message = f"'{path.name}' is of no kind that can be imported"
        raise HandoutError(
            [Problem("import", message, path, hint=_ENDINGS.get(path.suffix.lower(), f"one of {known}"))]
        )
    try:
        data = source_files.read(path, _MOST_BYTES.get(kind, _MOST_TEXT))
    except source_files.TooLargeError as error:
        hint = "make several files of it" if kind != "docx" else "save it with smaller pictures"
        raise HandoutError([Problem("too-large", str(error.strerror), path, hint=hint)]) from error
    except OSError as error:
        hint = "nothing is fetched: save the page as a file, and give that" if _ADDRESS.match(str(path)) else READ_HINT
        raise HandoutError([Problem("unreadable", error.strerror or str(error), path, hint=hint)]) from error
    try:
        found = _outline(path, data, kind)
    except (web_page.TooDeepError, RecursionError) as error:
        hint = "open it in a browser or word processor, and copy the text that is wanted into a file of its own"
        raise HandoutError([Problem("too-deep", "it is nested too deeply to be read", path, hint=hint)]) from error
    if sum(len(block.items) if isinstance(block, Bullets) else 1 for block in found.blocks) > _MOST_BLOCKS:
        message = f"more than {_MOST_BLOCKS:,} paragraphs and items"
        raise HandoutError([Problem("too-large", message, path, hint="make several files of it")])
    if sum(len(told(block)) for block in found.blocks) > _MOST_TEXT:
        message = f"its words have more than {_MOST_TEXT:,} characters"
        raise HandoutError([Problem("too-large", message, path, hint="make several files of it")])
    if not found.blocks:
        hint = "is it the right file?"
        raise HandoutError([Problem("import", "there are no words in this file", path, hint=hint)])
    return data, found


def _outline(path: Path, data: bytes, kind: str) -> Outline:
    if kind == "docx":
        return word_document.outline(path, data)
    text = _text(path, data, is_page=kind == "html")
    if kind == "html":
        return markup.outline(text.encode())
    if kind == "text":
        return plain_text.outline(text)
    for marks, most in _MOST_MARKS.items():
        if sum(map(text.count, marks)) > most:
            message = f"more than {most:,} of the marks {' '.join(marks)}"
            raise HandoutError([Problem("too-large", message, path, hint="make several files of it")])
    return markdown_text.outline(text)


def _text(path: Path, data: bytes, *, is_page: bool) -> str:
    for start, what in _OTHERS.items():
        if data.startswith(start):
            said, _, hint = what.partition(": ")
            raise HandoutError([Problem("import", f"this file is {said}", path, 1, hint)])
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    told = _CHARSET.search(data[:_HEAD]) if is_page and not encoding else None
    if not encoding.startswith("utf-16") and (found := _BINARY.search(data)):
        line = data[: found.start()].count(b"\n") + 1
        message = f"this is no text: it holds the byte 0x{found[0].hex().upper()}"
        raise HandoutError([Problem("import", message, path, line, f"give a text, one of {', '.join(KINDS)}")])
    name = encoding or (told[1].decode("ascii") if told else "utf-8")
    try:
        text = data.decode(name)
    except LookupError as error:
        hint = "open the page in a browser and save it as UTF-8"
        raise HandoutError([Problem("encoding", f"the page says that it is in '{name}'", path, 1, hint)]) from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        hint = "save the file as UTF-8 (in a text editor: Save as, Encoding)"
        raise HandoutError([Problem("encoding", f"the file is not {name.upper()}", path, line, hint)]) from error
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)
