"""What pages cost, so that arrangements of them can be compared: docs/pages.md says why by these numbers."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from math import ceil

from handout_builder.pdf.elements import classes
from handout_builder.pdf.flow import Piece, Sheet
from handout_builder.pdf.layout_faults import MAY_BREAK, Kind
from handout_builder.pdf.pages import Pages

PAGE = 100.0
"""For each page. All costs are points of one scale, on which a page is 100."""
WHITE = 100.0
"""For a page that is all white; for less, by the square of its share: two small gaps are better than a large one."""
GAP = 15.0
"""For a page that is not filled to two thirds though the text goes on after it: it looks like an end."""
HALF_EMPTY = 150.0
"""For a page of which more than half is white, besides."""
LONE = 15.0
"""For the contact panel alone on the last page."""
REFERENCES = 5.0
"""For sources alone on the last page: who looks for them finds them there, and nobody else need turn it."""
SCRAP = 40.0
"""For a last page of a few lines: it looks like a mistake, and is lost."""
STRANDED = 4.0
"""For one of several that go together, which a page parts from the others."""
FAULT = 50.0
"""For each fault that stays on the pages."""
WISH = 35.0
"""For a section that begins no page although its author asked for it."""
CLOSER = 10.0
"""For pages on which all stands closer."""
CLOSE_LINES = 5.0
"""For lines that stand closer, too."""
DENSER = 5.0
"""For things that stand as close as they can."""
RUN_ON = 10.0
"""For cards whose words run on: what is looked for is found less easily."""
SMALL_CHARTS = 8.0
"""For charts that take less room, as much as for pictures at two thirds of their width: names become codes."""
DIVIDED = 12.0
"""For a box or an overview that goes on on the next page although it should be kept whole."""
TURNED = 3.0
"""For steps or a box that go on on the back of the sheet: who follows them has to turn it."""
MOVED = 2.0
"""For a block that may stand anywhere in its section: less than for the smallest change of what an author asked for."""
EARLY = 5.0
"""For a section that begins a page although nobody asked for it, and the page before has room."""
BARE = 20.0
"""For a first page without its picture."""
PICTURES: Mapping[float, float] = {1.0: 0.0, 0.8: 3.0, 0.65: 8.0, 0.5: 16.0}
"""Pictures that are so wide, of the width that they could have."""
GAIN = 10.0
"""Pages are not set again for less."""
FULL = 2 / 3
"""Of a page. Where all but the last are as full, and would not go onto fewer, they are good as they are."""
THIN = 1 / 3
"""Of the last page. Where it is less full, all may stand closer and save it."""
# Of the last page. Where it is less full, it has a few lines alone.
_FEW_LINES = 1 / 8
_SOURCES = "sources"
LAST = ("contact", _SOURCES)
"""The ids of what stands behind the text: nobody turns a page for it alone."""
# What is in these goes together; of so many, one that a page parts from the others is stranded.
_SETS = frozenset(("cards", "definitions", "questions"))
_MANY = 3
# The check looks at ink, which ends a little above its box.
_HALF = 0.49


def is_good(pages: Pages, asked: int) -> bool:
    """Tell whether pages are good as they are; ``asked`` is how many there may be, 0 for any number."""
    *used, last = pages.shares[: pages.text_count]
    thin = bool(used) and last < THIN
    cover = pages.count - pages.text_count
    needs_all = _paper(ceil(sum(used) + last) + cover, pages.pages_per_sheet) == _paper(
        pages.count, pages.pages_per_sheet
    )
    full = needs_all and min(used, default=1) >= FULL
    return full and not thin and not pages.alone(*LAST) and not 0 < asked < pages.count


def of_step(step: str) -> float:
    """Return what a step of an edition's ladder costs: the names of its style sheets, with blanks between them."""
    names = {*step.split()}
    own = {
        "small-charts": SMALL_CHARTS,
        "close-lines": CLOSE_LINES,
        "denser": DENSER,
        "closest": DENSER,
        "cards-run-on": RUN_ON,
    }
    return CLOSER * bool(names - own.keys()) + sum(own.get(name, 0.0) for name in names)


def faults(pages: Pages) -> float:
    """Return what is wrong on laid-out pages, as a cost; how empty they are is counted for itself."""
    return sum(FAULT for fault in pages.faults if fault.kind is not Kind.EMPTY)


def cost(pieces: Sequence[Piece], sheets: Sequence[Sheet], pages: Pages) -> float:
    """Return what the pages ``sheets`` cost: their number, their white, and what stands alone on them.

    Room and back cover are those of ``pages``, which were laid out.
    """
    text = sheets[:-1] if pages.text_count < pages.count else sheets
    white = [max(0.0, 1 - sheet.used / pages.room) for sheet in text[:-1]]
    spoilt = sum(WHITE * share**2 + GAP * (1 - share < FULL) + HALF_EMPTY * (share > _HALF) for share in white)
    spoilt += SCRAP * (len(text) > 1 and text[-1].used / pages.room < _FEW_LINES)
    stranded = _stranded(pieces, {sheet.first for sheet in sheets})
    divided = sum(_is_divided(pieces[sheet.first]) for sheet in sheets)
    turned = sum(_goes_on(pieces[sheet.first]) for sheet in sheets[1::2])
    parted = _alone(pieces[text[-1].first]) + STRANDED * stranded + DIVIDED * divided + TURNED * turned
    return PAGE * _paper(len(sheets), pages.pages_per_sheet) + spoilt + parted


def least(lower: Sequence[float], pieces: Sequence[Piece], pages: Pages) -> float:
    """Return what pieces that are lower by so many px cost at the least: as few pages as hold them, and no white."""
    above = min(0.0, pages.pieces[0].above)  # of a letterhead that begins in the margin
    height = above + sum(piece.height for piece in pieces) - sum(lower)
    return PAGE * _paper(ceil(height / pages.room), pages.pages_per_sheet)


def _alone(piece: Piece) -> float:
    """Return what it costs that the last page begins with a piece: with what stands behind the text, or with other."""
    begun = {element.get("id") for element in piece.begins}
    return REFERENCES if _SOURCES in begun else LONE if not begun.isdisjoint(LAST) else 0.0


def _paper(count: int, pages_per_sheet: int) -> int:
    """Return how many pages are printed, with those that stay blank as paper has so many."""
    return ceil(count / pages_per_sheet) * pages_per_sheet


def _is_divided(piece: Piece) -> bool:
    """Tell whether a page that begins with a piece parts what should be kept whole."""
    held = {box.element for box in piece.around if box.element is not None and MAY_BREAK in classes(box.element)}
    return piece.held is not None or not held <= {*piece.begins}


def _goes_on(piece: Piece) -> bool:
    """Tell whether a page that begins with a piece has the rest of numbered steps, or of a box."""
    lists = {box.element for box in piece.around if box.element is not None and box.element.tag == "ol"}
    return _is_divided(piece) or not lists <= {*piece.begins}


def _stranded(pieces: Sequence[Piece], first: set[int]) -> int:
    """Return how many cards, rows and the like a page parts from the others that they stand with."""
    stranded = 0
    for holder, group in groupby(range(len(pieces)), key=lambda number: pieces[number].holder):
        parts = list(group)
        if len(parts) >= _MANY and (holder.tag == "tbody" or not _SETS.isdisjoint(classes(holder))):
            stranded += (parts[1] in first) + (parts[-1] in first)
    return stranded
