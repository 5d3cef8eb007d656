"""Word documents as an outline: by mammoth to HTML, in which each block carries the number of its paragraph."""

import contextlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lxml import etree, html

from handout_builder.errors import HandoutError, Problem
from handout_builder.intake import markup
from handout_builder.intake.outline import Block, Outline, Strange, reading_behind, spaced
from handout_builder.text import dates

# What a document of a hundred pages has, several times over; the parser takes some hundred bytes for each of its own.
_MOST_PARTS = 5_000
_MOST_BYTES = 200_000_000
_MOST_MARKUP = 16_000_000
# Each element takes the converter 400 bytes: a document of a few kB that unpacks to millions would fill the memory.
_MOST_TAGS = 500_000
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Where a document has its text.
_TEXTS = re.compile(r"word/(?:document|footnotes|endnotes)\.xml")
# What the converter leaves out with the words in it, and what it goes through (ISO/IEC 29500-1, 17.3).
_CLOSED, _OPEN = ("ruby", "rubyBase", "rt", "fldSimple", "bdo", "dir"), f"{_WORDS}smartTag"
_CORE, _DOCUMENT = "docProps/core.xml", "word/document.xml"
_FACTS = {
    "{http://purl.org/dc/elements/1.1/}title": "title",
    "{http://purl.org/dc/elements/1.1/}creator": "author",
    "{http://purl.org/dc/elements/1.1/}description": "description",
    "{http://purl.org/dc/terms/}modified": "date",
}
# What a program writes of itself as the description of each document that it makes.
_MADE_BY = re.compile(r"(?:generated|created|made) (?:by|with) (\S+)", re.IGNORECASE)
# A word processor writes the day of the last change into the archive that it then writes.
_LATER = timedelta(days=2)
# What the converter leaves out: heads and feet of pages, remarks in the margin.
_BESIDE = {"header": "in the head of the pages", "footer": "in the foot of the pages", "comments": "a remark"}
# Styles that word processors have of themselves, by their English names and by their ids.
_STYLES = "\n".join(
    f"p{selector} => {made}"
    for name, made in {
        "Title": "h1.title:fresh",
        "Subtitle": "p.subtitle:fresh",
        "Caption": "p.caption:fresh",
        "Quote": "blockquote > p:fresh",
        "Intense Quote": "blockquote > p:fresh",
    }.items()
    for selector in (f"[style-name='{name}']", f".{name.replace(' ', '')}")
)
# What a damaged archive leads Python's own reader to, beside what the system says.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, KeyError)
_NUMBERED = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr")


def outline(path: Path, data: bytes) -> Outline:
    """Return the outline of a document; raises HandoutError where it cannot be used."""
    parts = _parts(path, data)
    try:
        import mammoth  # noqa: PLC0415  # an extra that most do without
    except ImportError as error:
        hint = 'install it: pip install "handout-builder[import]"; or save the document as HTML and import that'
        raise HandoutError([Problem("import", "Word documents need the package mammoth", path, hint=hint)]) from error
    pictures: dict[str, bytes] = {}

    @mammoth.images.img_element  # type: ignore[untyped-decorator, unused-ignore]
    def keep(image: Any) -> dict[str, str]:
        address = f"picture-{len(pictures) + 1}"  # without a blank: a page has addresses encoded
        with image.open() as file:
            pictures[address] = file.read()
        return {"src": address}

    try:
        made = mammoth.convert_to_html(io.BytesIO(_opened(data, parts)), convert_image=keep, style_map=_STYLES)
    except RecursionError as error:
        raise _unusable(path, "it is nested too deeply") from error
    except Exception as error:  # whatever the converter makes of a document that is none
        raise _unusable(path, "it is damaged inside") from error
    page, heads = _numbered(made.value)
    whole = markup.outline(page, "paragraph")
    facts, of_template = _facts(parts, data)
    beside = [Strange(f"the {key} of the file, which may be its template’s", text, 0) for key, text in of_template]
    beside += [Strange(f"the {key} of the file", facts[key][0], 0) for key in heads if key in facts]
    beside = [block for block in beside if block.text not in (text for text, _ in heads.values())]
    blocks = (*beside, *whole.blocks, *_beside(parts))
    return Outline(blocks, facts | heads, pictures | whole.pictures, "paragraph")


def _unusable(path: Path, reason: str) -> HandoutError:
    hint = "open it in a word processor and save it again, as DOCX or as HTML"
    return HandoutError([Problem("import", f"this Word document cannot be read: {reason}", path, hint=hint)])


def _parts(path: Path, data: bytes) -> dict[str, bytes]:
    """Return the markup in a document; raises HandoutError for what is no document, or would fill the memory."""
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            if len(listed) > _MOST_PARTS or sum(part.file_size for part in listed) > _MOST_BYTES:
                hint = "save the document anew, with smaller pictures"
                message = f"unpacked it has more than {_MOST_BYTES // 1_000_000} MB or {_MOST_PARTS:,} parts"
                raise HandoutError([Problem("too-large", message, path, hint=hint)])
            wanted = [part for part in listed if part.filename.endswith((".xml", ".rels"))]
            if sum(part.file_size for part in wanted) > _MOST_MARKUP:
                message = f"its text takes more than {_MOST_MARKUP // 1_000_000} MB"
                raise HandoutError([Problem("too-large", message, path, hint="make several documents of it")])
            for part in wanted:
                parts[part.filename] = archive.read(part)
            if sum(part.count(b"<") for part in parts.values()) > _MOST_TAGS:
                message = f"its text has more than {_MOST_TAGS:,} tags"
                raise HandoutError([Problem("too-large", message, path, hint="make several documents of it")])
    except (*_UNREADABLE, OSError) as error:
        raise _unusable(path, "it is damaged, cut off, or of another kind than its name says") from error
    if _DOCUMENT not in parts:
        raise _unusable(path, "it holds no text of a word processor")
    if any(_DOCTYPE.search(part) for part in parts.values()):
        raise _unusable(path, "it declares entities, which no word processor does")
    return parts


def _tree(data: bytes) -> Any:
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None


def _opened(data: bytes, parts: dict[str, bytes]) -> bytes:
    """Return a document in which the converter finds all words: what stands above words stands behind them."""
    changed = {name: made for name in parts if _TEXTS.fullmatch(name) and (made := _opened_text(parts[name]))}
    if not changed:
        return data
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.infolist():
            new.writestr(part.filename, changed.get(part.filename) or old.read(part))
    return packed.getvalue()


def _opened_text(part: bytes) -> bytes:
    """Return the text of a document with its closed elements opened; b"" where it has none."""
    root = _tree(part)
    closed = [] if root is None else list(root.iter(*(f"{_WORDS}{name}" for name in _CLOSED), f"{_MATH}oMath"))
    for element in closed:
        if element.tag == f"{_WORDS}ruby":
            _put_reading_behind(element)
        elif element.tag == f"{_MATH}oMath":
            formula = "".join(text.text or "" for text in element.iter(f"{_MATH}t"))
            element.getparent().replace(element, _run(formula, element.tail))
    for element in closed:
        element.tag = _OPEN
    return bytes(etree.tostring(root)) if closed else b""


def _put_reading_behind(ruby: Any) -> None:
    """Put what stands above words as a run of its own behind them."""
    readings = [spaced(_said(above)) for above in ruby.iterchildren(f"{_WORDS}rt")]
    for above in list(ruby.iterchildren(f"{_WORDS}rt")):
        ruby.remove(above)
    run = next(ruby.iterancestors(f"{_WORDS}r"), ruby)
    before, behind = ("" if beside is None else _said(beside) for beside in (run.getprevious(), run.getnext()))
    ruby.append(_run(reading_behind(readings, before, behind)))


def _said(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(f"{_WORDS}t"))


def _run(words: str, tail: str | None = None) -> Any:
    run = etree.Element(f"{_WORDS}r")
    text = etree.SubElement(run, f"{_WORDS}t")
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    text.text, run.tail = words, tail
    return run


def _facts(parts: dict[str, bytes], data: bytes) -> tuple[dict[str, tuple[str, int]], list[tuple[str, str]]]:
    """Return what a document says about itself, and what of it is likely to be its template's: with the key of each.

    A program that makes documents writes its own name as their description and their author, and leaves the day as it
    is in its template; one that does not say so has written the archive long after that day.
    """
    root = _tree(parts.get(_CORE, b"<none/>"))
    children = [] if root is None else list(root)
    found = ((_FACTS.get(str(child.tag)), spaced(child.text or "")) for child in children)
    told = {key: text for key, text in found if key and text}
    made_by = _MADE_BY.fullmatch(told.get("description", ""))
    days = dates.meant(told.get("date", ""))
    kept_day = len(days) == 1 and (made_by or _written(data) > days[0] + _LATER)
    of_template = [("date", told["date"])] if kept_day else []
    if made_by:
        del told["description"]
        if told.get("author") == made_by[1]:
            of_template.append(("author", told["author"]))
    facts = {key: (text, 0) for key, text in told.items() if (key, text) not in of_template}
    return facts, of_template


def _written(data: bytes) -> date:
    """Return the day on which an archive was written, by the times of its parts; the first one where none tells it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        times = [part.date_time[:3] for part in archive.infolist()]
    days = []
    for time in times:
        with contextlib.suppress(ValueError):  # no calendar has it
            days.append(date(*time))
    return max(days, default=date.min)


def _beside(parts: dict[str, bytes]) -> Iterator[Block]:
    for name in sorted(parts):
        match = re.fullmatch(r"word/(header|footer|comments)[0-9]*\.xml", name)
        root = _tree(parts[name]) if match else None
        for paragraph in root.iter(f"{_WORDS}p") if root is not None else ():
            if text := spaced(_said(paragraph)):
                assert match
                yield Strange(_BESIDE[match[1]], text, 0)
    root = _tree(parts[_DOCUMENT])
    for box in root.iter(f"{_WORDS}txbxContent") if root is not None else ():
        others = box.iterancestors(f"{_ALTERNATIVES}AlternateContent")
        read = any(other.find(f"{_ALTERNATIVES}Fallback") is not None for other in others)
        if not read and next(box.iterancestors(f"{_WORDS}pict"), None) is None and (text := spaced(_said(box))):
            yield Strange("in a box", text, 0)


def _numbered(page: str) -> tuple[bytes, dict[str, tuple[str, int]]]:
    """Return a page whose blocks carry their number in it, and the title and subtitle that were taken out of it."""
    if not page.strip():
        return b"", {}
    root = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    heads: dict[str, tuple[str, int]] = {}
    for number, element in enumerate(list(root.iter(*_NUMBERED)), start=1):
        element.set("data-line", str(number))
        kind, text = element.get("class", ""), spaced(str(element.text_content()))
        if kind in ("title", "subtitle") and kind not in heads and text and element.find(".//img") is None:
            heads[kind] = text, number
            element.drop_tree()
    for caption in root.xpath("//p[@class='caption']"):
        _set_caption(caption)
    for table in root.iter("table"):
        if (row := next(table.iter("tr"), None)) is not None:
            table.set("data-line", str(row.get("data-line")))
    return bytes(html.tostring(root, encoding="utf-8")), heads


def _set_caption(caption: html.HtmlElement) -> None:
    """Put a caption to the table below or above it, or to the picture above it."""
    above, below = caption.getprevious(), caption.getnext()
    for table in (below, above):
        if table is not None and table.tag == "table" and table.find("caption") is None:
            table.insert(0, caption)
            caption.tag = "caption"
            return
    if above is not None and above.find(".//img") is not None and not spaced(str(above.text_content())):
        above.tag, caption.tag = "figure", "figcaption"
        above.append(caption)
