"""What validators cannot tell of a finished PDF: whether its tags say what a reader who does not see it needs.

The first seventeen checks are those that axes4 lists for its PDF Accessibility Checker, PAC 2024
(https://pac.pdf-accessibility.org/en/resources/pac-2024-quality-checks). PAC itself is closed and runs on Windows:
how we look is ours, see docs/accessibility.md. The others are our own.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from handout_builder.pdf.tag_tree import Box, Element, Piece, Place, TagTree
from handout_builder.text.language import canonical, cjk_runs, is_cjk_language, meant

PAC = "PAC 2024"
OURS = "ours"

_HEADINGS = ("H", "H1", "H2", "H3", "H4", "H5", "H6")
_WITH_WORDS = (*_HEADINGS, "P", "Lbl", "Quote", "Note", "Reference", "BibEntry", "Code", "Annot")
"""The elements that PAC looks at for words that are none."""
_TEXT = (*_HEADINGS, "P", "Span", "Lbl", "LBody", "Caption", "Quote", "BlockQuote", "Note", "TD", "TH", "Title", "Em")
_NOTES = ("Note", "FENote")
_GROUPS = ("Document", "Part", "Art", "Sect", "Div", "L", "LI", "Table", "THead", "TBody", "TFoot", "TR")
_FORMS_OF_ITEM = (["Lbl", "LBody"], ["LBody"])
_CELLS = ("TD", "TH")
_MAY_BE_EMPTY = ("TD", "TH")
_PATH = re.compile(
    r"^(?:[A-Za-z]:[\\/]|\\\\|/|file:)"
    r"|\.(?:pdf|docx?|odt|indd|html?|svg|png|jpe?g|gif|tiff?|webp)$",
    re.IGNORECASE,
)
_MADE_BY = re.compile(r"^(?:microsoft word|untitled|document\d*$)", re.IGNORECASE)
# A title, and the same words in the sentence behind it; scripts without blanks have no ends of words.
_TWICE = re.compile(r"(.{3,}?)[.:]\s+\1\b|([^\x00-\x7f][^.。：]+?)[.。：]\s*[^.。：]*?\2")
_NO_TARGETS = {"here", "click here", "more", "read more", "link", "this", "this page"}
_SHORTEST_ALT, _LONGEST_ALT = 6, 1500
_LONGEST_HEADING = 120
_BESIDE_PAGE = 1.0
_NEAR_HEADING = 72.0
_MARGIN = 0.1
"""The share of a page's height in which heads and feet stand."""


class Hindrance(NamedTuple):
    """Something that may hinder a reader."""

    page: int
    """From 1; 0: the file as a whole."""
    what: str


class Result(NamedTuple):
    """What a check has come to."""

    name: str
    of: str
    """Whose check it is."""
    applies: bool
    """Whether the file has anything of what it looks at."""
    findings: tuple[Hindrance, ...]

    @property
    def verdict(self) -> str:
        """The result in words."""
        if self.findings:
            return "warned"
        return "passed" if self.applies else "does not apply"


Found = Iterable[Hindrance] | None
"""What a check finds; None where there is nothing to look at."""


def results(tree: TagTree) -> list[Result]:
    """Return the results of all checks that can be made of a file; where it has no tags, of its title and language."""
    found = []
    for name, of, look in _CHECKS:
        if tree.root is None and look not in (_title, _languages):
            continue
        findings = look(tree)
        found.append(Result(name, of, findings is not None, tuple(findings or ())))
    return found


def _all(tree: TagTree) -> Iterator[Element]:
    return tree.root.walk() if tree.root else iter(())


def _of_kind(tree: TagTree, *kinds: str) -> list[Element]:
    return [element for element in _all(tree) if element.kind in kinds]


# The seventeen of PAC 2024


def _title(tree: TagTree) -> Found:
    if not tree.title.strip():
        return [Hindrance(0, "the file has no title")]
    if _PATH.search(tree.title) or _MADE_BY.search(tree.title):
        return [Hindrance(0, f"the title seems to be the name of a file: {tree.title}")]
    return []


def _languages(tree: TagTree) -> Found:
    named = {tree.lang: 0} | {element.lang: element.page for element in _all(tree)}
    return [
        Hindrance(page, f"“{lang}” is no language: {hint}") for lang, page in named.items() if (hint := meant(lang))
    ]


def _artifacts(tree: TagTree) -> Found:
    if not tree.artifacts:
        return None
    spans: dict[int, tuple[float, float]] = {}
    for piece in tree.root.pieces() if tree.root else ():
        for box in piece.boxes if piece.words.strip() else ():
            low, high = spans.get(piece.page, (box.bottom, box.top))
            spans[piece.page] = min(low, box.bottom), max(high, box.top)
    return [
        Hindrance(piece.page, f"no program reads out: {_short(piece.words)}")
        for piece in tree.artifacts
        if _between(piece.boxes[0], *spans.get(piece.page) or _middle(tree.pages[piece.page - 1]))
    ]


def _middle(page: Box) -> tuple[float, float]:
    """Return where a page without words in its tags is taken to have its text."""
    margin = (page.top - page.bottom) * _MARGIN
    return page.bottom + margin, page.top - margin


def _between(box: Box, low: float, high: float) -> bool:
    return low < (box.bottom + box.top) / 2 < high


def _blank(tree: TagTree) -> Found:
    def blank(element: Element) -> bool:
        if element.kind not in (*_WITH_WORDS, "Span", "NonStruct"):
            return False
        if element.actual is not None:  # it is read in place of all that is inside
            return not _is_said(element.actual)
        return (
            not element.alt
            and not any(True for _ in element.annotations())
            and all(not _is_said(piece.words) and not piece.drawn for piece in element.pieces())
            and all(blank(kid) for kid in element.elements)
        )

    looked = _of_kind(tree, *_WITH_WORDS)
    return (
        [Hindrance(item.page, f"{item.kind} holds blanks alone") for item in looked if blank(item)] if looked else None
    )


def _is_said(words: str) -> bool:
    """Tell whether a text has anything but blanks, controls and private characters, of which no voice says anything."""
    return any(unicodedata.category(character)[0] not in "ZC" for character in words)


def _outside(tree: TagTree) -> Found:
    pieces = [piece for piece in tree.root.pieces() if piece.boxes] if tree.root else []
    return [
        Hindrance(piece.page, f"beside the page: {_short(piece.words) or 'a drawing'}")
        for piece in pieces
        if any(box.beyond(tree.pages[piece.page - 1], _BESIDE_PAGE) for box in piece.boxes)
    ]


def _headings(tree: TagTree) -> Found:
    return [] if _of_kind(tree, *_HEADINGS) else [Hindrance(0, "there is no heading")]


def _bookmarks(tree: TagTree) -> Found:
    if not _of_kind(tree, *_HEADINGS):
        return None
    return [] if tree.bookmarks else [Hindrance(0, "there are headings, and no bookmarks")]


def _contents_linked(tree: TagTree) -> Found:
    entries = _of_kind(tree, "TOCI")
    wrong = (entry for entry in entries if not entry.find("Link"))
    return [Hindrance(entry.page, f"no link: {_short(entry.words)}") for entry in wrong] if entries else None


def _contents_lead_to_headings(tree: TagTree) -> Found:
    entries = [link for entry in _of_kind(tree, "TOCI") for link in entry.find("Link")]
    heads = {_key(heading.words): heading for heading in _of_kind(tree, *_HEADINGS)}
    return [Hindrance(link.page, wrong) for link in entries if (wrong := _misled(link, heads))] if entries else None


def _misled(link: Element, headings: dict[str, Element]) -> str:
    """Return what is wrong with a link of a table of contents."""
    words = _key(link.words)
    heading = headings.get(words) or headings.get(re.sub(r"[\s.·…]*\d+$", "", words))
    if heading is None:
        return f"there is no heading of these words: {_short(link.words)}"
    target = next((note.target for note in link.annotations()), None)
    return "" if target is None or _leads_to(target, heading) else f"leads elsewhere: {_short(link.words)}"


def _leads_to(target: Place, heading: Element) -> bool:
    tops = [box.top for piece in heading.pieces() if piece.page == target.page for box in piece.boxes]
    return bool(tops) and target.top is not None and abs(target.top - max(tops)) <= _NEAR_HEADING


def _alternatives(tree: TagTree) -> Found:
    described = [element for element in _all(tree) if element.alt]
    wrong = (element for element in described if _PATH.search(element.alt or ""))
    return [Hindrance(e.page, f"seems to be the name of a file: {e.alt}") for e in wrong] if described else None


def _text_described(tree: TagTree) -> Found:
    elements = _of_kind(tree, *_TEXT)
    wrong = (element for element in elements if element.alt is not None and element.words)
    return [Hindrance(e.page, f"{e.kind} has words, and others in their place: {_short(e.alt or '')}") for e in wrong]


def _links(tree: TagTree) -> Found:
    links = _of_kind(tree, "Link")
    found = []
    for link in links:
        notes = list(link.annotations())
        words = link.words or link.alt or link.actual or any(figure.alt for figure in link.find("Figure"))
        if not notes:
            found.append(Hindrance(link.page, f"cannot be pressed: {_short(link.words)}"))
        elif not all(note.contents for note in notes):
            found.append(Hindrance(link.page, f"does not say where it leads: {_short(link.words)}"))
        elif not words:
            found.append(Hindrance(link.page, f"has no words: {notes[0].contents}"))
    return found if links else None


def _items(tree: TagTree) -> Found:
    lists = _of_kind(tree, "L")
    wrong = [
        Hindrance(item.page, f"no item of a list with a label and a text: {_short(item.words)}")
        for part in lists
        for item in part.elements
        if item.kind not in ("L", "Caption")
        and (item.kind != "LI" or [kid.kind for kid in item.kids if isinstance(kid, Element)] not in _FORMS_OF_ITEM)
    ]
    astray = [
        Hindrance(e.page, "an item in no list") for e in _of_kind(tree, "LI") if e.parent and e.parent.kind != "L"
    ]
    return wrong + astray if lists or astray else None


def _tables(tree: TagTree) -> Found:
    tables = _of_kind(tree, "Table")
    return [Hindrance(t.page, wrong) for t in tables if (wrong := _incomplete(t))] if tables else None


def _incomplete(table: Element) -> str:
    """Return what is wrong with a table."""
    rows = table.find("TR")
    if not rows:
        return "a table without rows"
    if any(not row.elements or any(cell.kind not in _CELLS for cell in row.elements) for row in rows):
        return "a row without cells, or with something else than cells"
    if not table.find("TH"):
        return f"a table without heads of its columns: {_short(table.words)}"
    widths, down = set(), dict[int, int]()
    for row in rows:
        column = 0
        above, down = {at: left for at, left in down.items() if left}, {}
        for cell in row.elements:
            while above.get(column):
                down[column], column = above[column] - 1, column + 1
            across = int(cell.attributes.get("ColSpan", 1))
            for at in range(column, column + across):
                down[at] = int(cell.attributes.get("RowSpan", 1)) - 1
            column += across
        while above.get(column):
            down[column], column = above[column] - 1, column + 1
        widths.add(column)
    return f"rows of {' and '.join(map(str, sorted(widths)))} cells in one table" if len(widths) > 1 else ""


def _notes_labelled(tree: TagTree) -> Found:
    notes = _of_kind(tree, *_NOTES)
    wrong = (note for note in notes if not note.find("Lbl"))
    return [Hindrance(note.page, f"a note without a label: {_short(note.words)}") for note in wrong] if notes else None


def _notes_referenced(tree: TagTree) -> Found:
    notes = _of_kind(tree, *_NOTES)
    named = {_key(e.words) for e in _of_kind(tree, "Reference", "Link") if e.parent and e.parent.kind not in _NOTES}
    wrong = (note for note in notes if not named & {_key(label.words) for label in note.find("Lbl")})
    return (
        [Hindrance(note.page, f"nothing leads to the note: {_short(note.words)}") for note in wrong] if notes else None
    )


def _notes_in_paragraphs(tree: TagTree) -> Found:
    notes = _of_kind(tree, "Note")  # FENote of PDF 2.0 stands by itself
    wrong = (note for note in notes if note.parent is None or note.parent.kind not in ("P", "LBody", "TD", "TH"))
    return [Hindrance(note.page, f"a note in no paragraph: {_short(note.words)}") for note in wrong] if notes else None


# Ours


def _described(tree: TagTree) -> Found:
    figures = _of_kind(tree, "Figure", "Formula")
    found = []
    for figure in figures:
        box, length = figure.attributes.get("BBox"), len(figure.alt or figure.actual or "")
        if not length:
            found.append(Hindrance(figure.page, "a figure that nothing describes"))
        elif not _SHORTEST_ALT <= length <= _LONGEST_ALT:
            found.append(Hindrance(figure.page, f"a description of {length} characters: {_short(figure.alt or '')}"))
        if not box or Box(*map(float, box)).beyond(tree.pages[figure.page - 1], _BESIDE_PAGE):
            found.append(Hindrance(figure.page, f"a figure without a place on the page: {_short(figure.alt or '')}"))
    return found if figures else None


def _said_once(tree: TagTree) -> Found:
    figures = [figure for figure in _of_kind(tree, "Figure") if figure.alt]
    return [
        Hindrance(figure.page, f"says the same twice: {_short(figure.alt or '')}")
        for figure in figures
        if _TWICE.match(figure.alt or "")
    ]


def _levels(tree: TagTree) -> Found:
    heads = _of_kind(tree, *_HEADINGS[1:])
    found = [
        Hindrance(heading.page, f"a heading of {len(heading.words)} characters: {_short(heading.words)}")
        for heading in heads
        if len(heading.words) > _LONGEST_HEADING
    ]
    steps = pairwise([0, *(int(heading.kind[1:]) for heading in heads)])
    for heading, (before, level) in zip(heads, steps, strict=True):
        if level > before + 1:
            found.append(Hindrance(heading.page, f"a heading of level {level} below one of {before}: {heading.words}"))
    return found if heads else None


def _targets(tree: TagTree) -> Found:
    links = _of_kind(tree, "Link")
    wrong = ((link.page, said) for link in links if _key(said := link.actual or link.words) in _NO_TARGETS)
    return [Hindrance(page, f"does not say where it leads: {said}") for page, said in wrong] if links else None


def _whole_links(tree: TagTree) -> Found:
    found = []
    for element in _all(tree):
        for one, other in pairwise(element.elements):
            if one.kind == other.kind == "Link" and _adjacent(element, one, other) and _same(one, other):
                found.append(Hindrance(other.page, f"one link that is read as two: {one.words}{other.words}"))
    return found if _of_kind(tree, "Link") else None


def _adjacent(parent: Element, one: Element, other: Element) -> bool:
    return parent.kids.index(other) - parent.kids.index(one) == 1


def _same(one: Element, other: Element) -> bool:
    ends = [{(note.contents, note.target) for note in link.annotations()} for link in (one, other)]
    return bool(ends[0]) and ends[0] == ends[1]


def _nothing(tree: TagTree) -> Found:
    return [
        Hindrance(element.page, f"{element.kind} holds nothing")
        for element in _all(tree)
        if not element.kids and element.kind not in _MAY_BE_EMPTY
    ]


def _groups(tree: TagTree) -> Found:
    return [
        Hindrance(element.page, f"{element.kind} holds text that is in no paragraph: {_short(kid.words) or 'a blank'}")
        for element in _of_kind(tree, *_GROUPS)
        for kid in element.kids
        if isinstance(kid, Piece)
    ]


def _wrapped(tree: TagTree) -> Found:
    spans = _of_kind(tree, "Span")
    return [
        Hindrance(span.page, f"a Span round a Span that says no more: {_short(span.words)}")
        for span in spans
        if len(span.kids) == 1 and isinstance(span.kids[0], Element) and span.kids[0].kind == "Span"
        if span.kids[0].lang == span.lang and not (span.alt or span.actual)
    ]


def _heads_of_cells(tree: TagTree) -> Found:
    tables = _of_kind(tree, "Table")
    heads = [head for table in tables for head in table.find("TH")]
    wrong = (head for head in heads if not {"Scope", "Headers"} & head.attributes.keys())
    return (
        [Hindrance(e.page, f"a head that does not say of what: {_short(e.words)}") for e in wrong] if tables else None
    )


def _scripts(tree: TagTree) -> Found:
    found = []
    for element in _all(tree):
        if any(around.kind == "Figure" for around in _around(element)):
            continue  # its description is read, not its words
        own = "".join(kid.words for kid in element.kids if isinstance(kid, Piece))
        words = (element.alt or "") if element.kind == "Figure" else own
        if not is_cjk_language(canonical(element.lang)) and any(map(str.isalpha, "".join(cjk_runs(words)))):
            found.append(Hindrance(element.page, f"read as {element.lang}: {_short(words)}"))
    return found


def _around(element: Element) -> Iterator[Element]:
    while element.parent is not None:
        element = element.parent
        yield element


def _key(words: str) -> str:
    return " ".join(words.casefold().split()).strip(" .:[]()")


def _short(words: str) -> str:
    words, most = " ".join(words.split()), 60
    return words if len(words) <= most else f"{words[:most]}…"


_CHECKS: tuple[tuple[str, str, Callable[[TagTree], Found]], ...] = (
    ("Validity of document title", PAC, _title),
    ("Correctness of language attribute", PAC, _languages),
    ("Artifacted content on page body", PAC, _artifacts),
    ("Tagged text consists of only whitespace", PAC, _blank),
    ("Tagged content exists outside of the page boundaries", PAC, _outside),
    ("Presence of headings", PAC, _headings),
    ("Presence of bookmarks if headings are present", PAC, _bookmarks),
    ("“TOCI” elements contain “Link” elements", PAC, _contents_linked),
    ("“TOCI” elements are correctly linked to headings", PAC, _contents_lead_to_headings),
    ("Validity of alternative texts", PAC, _alternatives),
    ("Alternative text on text elements", PAC, _text_described),
    ("Completeness of “Link” elements", PAC, _links),
    ("Formal correctness of “LI” elements", PAC, _items),
    ("Completeness of “Table” elements", PAC, _tables),
    ("“Note” elements contain “Lbl” elements", PAC, _notes_labelled),
    ("“Note” elements are referenced", PAC, _notes_referenced),
    ("“P” elements contain “Note” elements", PAC, _notes_in_paragraphs),
    ("Figures are described, and have a place", OURS, _described),
    ("Descriptions say nothing twice", OURS, _said_once),
    ("Headings are short, and no level is left out", OURS, _levels),
    ("Words of links say where they lead", OURS, _targets),
    ("A link on two lines is one link", OURS, _whole_links),
    ("No element is empty", OURS, _nothing),
    ("Groups hold no text themselves", OURS, _groups),
    ("No Span stands round another for nothing", OURS, _wrapped),
    ("Heads of tables say what they are heads of", OURS, _heads_of_cells),
    ("Words are in a language of their script", OURS, _scripts),
)
