"""The visit sheet as a PDF: laid out in the largest type in which it fits, kept in memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from handout_builder import privacy
from handout_builder.content import doses, place_text
from handout_builder.content.loader import Common, Source, load_common
from handout_builder.editions import Edition, Paper, SheetPaper
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.looks import DEFAULT_LOOK, Look
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.resources import SOURCE
from handout_builder.text import language
from handout_builder.visit import contents
from handout_builder.visit.contents import NAME
from handout_builder.visit.schema import Visit

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand
    from handout_builder.pdf.pages import Pages

    _Way = tuple[Product, Pages]

_EDITION = Edition(NAME, "what one person does at home", template="visit-sheet.html", pages=1)


class _Step(NamedTuple):
    """A way to lay out a page; each holds more than the one before."""

    sheets: str
    """The names of its style sheets."""
    room: float
    """How much of the first way's room the same takes, about."""
    left_out: tuple[str, ...] = ()
    """What it goes without: "places" are those in whole sentences, "doctor" the signs that ask for one within days."""
    halved: bool = False
    """Whether the signs have a half of their own, on a sheet that is folded."""
    days_below: bool = False
    """Whether the days to tick stand below them there, and the next visit on the other half."""


# Type as small as the short forms of handouts have it, and no smaller.
_ROOMY = (
    _Step("", 1),
    _Step("11pt", 0.9),
    _Step("10.5pt", 0.86),
    _Step("10.5pt visit-tight", 0.74),
    _Step("10pt visit-tight", 0.7),
    _Step("9.5pt visit-tight", 0.65),
    _Step("9.5pt visit-tight visit-columns", 0.52),
)
_CLOSE = (
    _Step("9.5pt visit-tight visit-columns visit-close", 0.44),
    _Step("9.5pt visit-tight visit-columns visit-close visit-brief", 0.37, ("places",)),
    _Step("9.5pt visit-tight visit-columns visit-close visit-brief", 0.28, ("places", "doctor")),
)
_LEAST = _CLOSE[-1]._replace(sheets=f"{_CLOSE[-1].sheets} visit-least", room=0.27)
# With the least white, the type may be larger again; a half has the choice of fewer ways, as more of them are tried.
_LADDER = (
    *_ROOMY,
    _Step("10.5pt visit-tight visit-columns visit-close", 0.5),
    _Step("10pt visit-tight visit-columns visit-close", 0.47),
    *_CLOSE,
    _LEAST,
)


def _after(sheets: str, ladder: Sequence[_Step]) -> tuple[_Step, ...]:
    """Return the steps of a ladder with other style sheets before their own."""
    return tuple(step._replace(sheets=f"{sheets} {step.sheets}".rstrip()) for step in ladder)


_WIDE = _after("visit-wide", _LADDER)
_FOLDED = tuple(step._replace(sheets=f"{step.sheets} visit-two-up") for step in (*_ROOMY[1:], *_CLOSE))
# In the last ways its signs have a half of their own, with the next visit, or with the days to tick.
_HALVED = (_FOLDED[-2]._replace(room=0.28, halved=True), _FOLDED[-1]._replace(room=0.22, halved=True))
_TWO_UP = (
    *_FOLDED[:-1],
    *(step._replace(days_below=below) for step in _HALVED for below in (False, True)),
    _HALVED[-1]._replace(sheets=f"{_HALVED[-1].sheets} visit-least", room=0.21),
)
_LARGE = (_Step("visit-large", 1), _Step("visit-large visit-snug", 0.9))
# Of a page in large print: nobody turns it for the place and line of the next visit alone.
_SCRAP = 0.25
# Of a page: what is estimated to take more is not tried. Where the signs have a half of their own, this tells less.
_HOPEFUL, _HOPEFUL_HALVED = 1.06, 1.25
# Where less than this, of a page, is too much for a folded sheet, one of the first two ways holds it nearly always.
_LITTLE = 0.5
# White at the foot of a page, as a part of it, and the style sheet that has nearly as much of it between things.
_AIRY = ((0.105, "visit-airier"), (0.06, "visit-airy"))
# The most pages of a sheet of which nothing else is asked; one that is folded has one side.
_MOST, _MOST_LARGE = 2, 12


@dataclass(frozen=True)
class SheetForm:
    """How a sheet is printed."""

    paper: SheetPaper | None = None
    """None for the brand's, else A4."""
    large_print: bool = False
    """In 18 pt, on as many pages as it takes."""
    look: Look = DEFAULT_LOOK
    pages: int = 0
    """The most that it may take; 0 for one where it fits, else two. No sign is left out where it may take several."""
    link: str = ""
    """An address (https) for the code to scan, in which nothing personal may stand; "" for the brand's booking page."""

    @property
    def folded(self) -> bool:
        """Whether it stands on two halves of a page."""
        return self.paper == "a5-two-up" and not self.large_print

    @property
    def most(self) -> int:
        """The most pages that it may take."""
        if self.pages:
            return self.pages
        return _MOST_LARGE if self.large_print else 1 if self.folded else _MOST


class MadeSheet(NamedTuple):
    """A finished sheet."""

    pdf: bytes
    pages: int
    notes: tuple[Problem, ...] = ()
    """Notes on it: what it has no room for, what was changed in the brand."""


def sheet(visit: Visit, *, brand: Path | None = None, form: SheetForm | None = None, root: Path = SOURCE) -> MadeSheet:
    """Return the sheet of a visit as a PDF (PDF/UA-1 and PDF/A-3a); nothing is written to the disk.

    ``brand`` is the folder of a brand, ``root`` the one with the catalogue and the shared texts. Raises HandoutError,
    of which no message quotes a word of the visit.
    """
    return made(visit, load_common(root, language.canonical(visit.lang)), brand, form or SheetForm())


def made(visit: Visit, common: Common, brand: "Path | Brand | None", form: SheetForm) -> MadeSheet:
    """Return the sheet of a visit in a language whose texts are loaded: see ``sheet``; the brand may be loaded, too."""
    refuse(visit, common)
    if isinstance(brand, Path):
        from handout_builder.brand.loader import load_brand  # noqa: PLC0415  # colours and QR codes only with a brand

        brand = load_brand(brand)
    paper: Paper | None = form.paper and ("letter" if form.paper == "letter" else "a4")
    source = contents.source_of(visit, common, paper or "a4")
    product = Product(source, brand.on(paper) if brand and paper else brand, replace(_EDITION, look=form.look))
    return privacy.kept(source.folder, lambda: _fitted(visit, product, form))


def _fitted(visit: Visit, product: Product, form: SheetForm) -> MadeSheet:
    """Return a sheet in the first way in which it has as few pages as it should have."""
    from handout_builder.pdf import typeset  # noqa: PLC0415  # the engine takes most of a start's time

    shown = contents.sheet_of(visit, product.source, form.link)
    ladder = _LARGE if form.large_print else _TWO_UP if form.folded else _WIDE if shown.wide else _LADDER
    shown = replace(shown, wide=ladder is not _LADDER, folded=form.folded)

    def rendered(step: _Step, *, counted: bool) -> tuple[str, Product]:
        own = replace(product, edition=replace(product.edition, step=step.sheets), left_out=step.left_out)
        html = printing.print_html(
            own, {}, sheet=replace(shown, counted=counted, halved=step.halved, days_below=step.days_below)
        )
        return html, own

    def laid_out(step: _Step, *, counted: bool) -> "_Way":
        html, own = rendered(step, counted=counted)
        return own, typeset.lay_out(html, own)

    def fitted(step: _Step, most: int = 1) -> "_Way | None":
        html, own = rendered(step, counted=most > 1)
        pages = typeset.fitted(html, own, most)
        return (own, pages) if pages else None

    chosen, pages = laid_out(ladder[0], counted=form.large_print)
    if form.large_print and pages.count > 1 and pages.shares[-1] < _SCRAP:
        chosen, pages = fitted(ladder[1], pages.count - 1) or (chosen, pages)
    if not form.large_print and (pages.count > 1 or pages.faults):
        # Whoever lets it have more pages loses no sign for a page less.
        whole = [step for step in ladder[1:] if form.pages <= 1 or "doctor" not in step.left_out]
        # How many pages it takes where nothing is made smaller, about.
        used, hopeful, found = pages.used / ladder[0].room, _HOPEFUL, None
        if form.folded:
            # What one half has no room for is overleaf, and the other half, too: up to a page of these is white.
            roomy = [step for step in whole if not step.halved]
            found = _roomiest(_hopeful(roomy, used - 1, hopeful), fitted, 2 if used - 1 < _LITTLE else 0)
            whole, hopeful = [step for step in whole if step.halved], _HOPEFUL_HALVED
        found = found or next(filter(None, map(fitted, _hopeful(whole, used, hopeful))), None)
        if not found and form.most > 1:
            on_more = (fitted(step, form.most) for step in _hopeful(ladder, used, _HOPEFUL * form.most))
            found = next(filter(None, on_more), None)
        chosen, pages = found or laid_out(ladder[0], counted=True)
        if pages.count == 1 and not form.folded:
            airy = next((name for white, name in _AIRY if 1 - pages.used > white), "")
            way = airy and fitted(_Step(f"{chosen.edition.step} {airy}", 1, chosen.left_out))
            chosen, pages = way or (chosen, pages)
    if pages.count > form.most:
        message = f"the sheet takes page {pages.count}, and there is room for {form.most}"
        hint = "choose fewer points, shorten the notes, or let it have more pages (--pages 3)"
        raise HandoutError([Problem("too-long", message, product.source.folder, hint=hint)])
    notes = [*map(privacy.without_words, typeset.checked(pages, chosen)), *chosen.brand_notes]
    notes += (_left_out(part, product.source.folder) for part in chosen.left_out)
    notes += _too_firm(visit, product.source)
    return MadeSheet(typeset.write(pages, chosen), pages.count, tuple(notes))


def _too_firm(visit: Visit, source: Source) -> Iterator[Problem]:
    for point in visit.points:
        if told := doses.too_firm(point.dose or visit.dose, source.points[point.code], source.shared):
            hint = "press it lightly: {code: …, dose: {pressure: light}}"
            yield Problem("dose-firm", told, source.folder, hint=hint, severity=Severity.WARNING)


def _left_out(part: str, path: Path) -> Problem:
    what = {"places": "places in whole sentences", "doctor": "the signs that ask for a doctor within days"}[part]
    hint = "choose fewer points, shorten the notes, or let it have two pages (--pages 2)"
    return Problem("left-out", f"the sheet has no room for {what}", path, hint=hint, severity=Severity.NOTE)


def _hopeful(steps: Iterable[_Step], used: float, most: float) -> Iterator[_Step]:
    """Yield the steps in which what takes so many pages with all the room may fit on so many."""
    return (step for step in steps if used * step.room < most)


def _roomiest(steps: Iterable[_Step], fitted: "Callable[[_Step], _Way | None]", in_order: int) -> "_Way | None":
    """Return the first way that fits on a page, of ways that each hold more than the one before; None if none does.

    So many of them are tried ``in_order``, then always the one in the middle of those that are left.
    """
    left, found, tried = list(steps), None, 0
    while left:
        at = 0 if tried < in_order else len(left) // 2
        tried += 1
        if way := fitted(left[at]):
            found, left = way, left[:at]
        else:
            left = left[at + 1 :]
    return found


def refuse(visit: Visit, common: Common) -> None:
    """Raise HandoutError for points that are unknown, or not for pressing and not accepted, and what has no words."""
    problems = [
        Problem("untagged-language", f"{where}: it has Han without a language", Path(NAME), hint="{text: …, lang: ja}")
        for where, said in visit.texts
        if not said.told_in(language.canonical(visit.lang))
    ]
    for number, point in enumerate(visit.points, 1):
        known = common.points.get(point.code)
        if known is None:
            message, hint = (
                f"points {number}: the catalogue has no such point",
                "make_handout.py points finds it by any name",
            )
            problems.append(Problem("unknown-point", message, Path(NAME), hint=hint))
            continue
        where = f"points {number} ({point.code})"
        if known.press == "no" and not point.accept:
            why = common.shared.press.reasons.get(known.press_reason, "")
            message = f"{where}: it is not for pressing{': ' if why else ''}{why}"
            hint = "take it out; if it must stand here, say why: {code: …, accept: the reason}"
            problems.append(Problem("not-for-pressing", message, Path(NAME), hint=hint))
        sides = {point.side, point.dose.side if point.dose else None}
        if known.place and known.place.sides == "one" and sides & {"left", "right"}:
            message = f"{where}: it is not one of a pair, so that no side can be chosen"
            problems.append(Problem("value", message, Path(NAME), hint="take the side out"))
        if not point.where and not place_text.long_place(known, common.shared):
            hint = "say where it is: {code: …, where: …}"
            problems.append(Problem("no-place", f"{where}: there are no words for its place", Path(NAME), hint=hint))
        for caution in place_text.wordless(known, common.shared):
            message = f"{where}: there are no words for the caution '{caution}'"
            problems.append(Problem("no-caution", message, Path(NAME), hint="add them to the shared texts"))
    if problems:
        raise HandoutError(problems)
