"""Notes on the arrangement of pages: how often they were laid out and what for, and what does not fit."""

from handout_builder.content import lines
from handout_builder.content.loader import file_of
from handout_builder.errors import Problem, Severity
from handout_builder.pdf import flow
from handout_builder.pdf.layout_report import where
from handout_builder.pdf.page_plan import Plan
from handout_builder.pdf.pages import Pages
from handout_builder.render.contents import Contents
from handout_builder.render.product import Product
from handout_builder.text import markdown
from handout_builder.units import PX_PER_MM

_STEPS = {
    "small-charts": "charts are smaller",
    "close-lines": "lines stand closer",
    "cards-run-on": "the words of cards run on",
}


def arranged(plan: Plan, tried: int, before: int, after: int, product: Product) -> Problem:
    """Return a note on the arrangement in which pages were laid out; ``before`` and ``after`` are numbers of pages."""
    source = product.source
    file = file_of(source)
    boxes = {ident: box.heading for ident, box in Contents(source).placed_boxes}
    words = boxes | {section.id: section.heading for section in source.handout.sections}
    headings = {ident: f"“{markdown.plain(heading)}”" for ident, heading in words.items()}
    names = _row([headings.get(ident, ident) for ident in plan.run_on])
    changes = [f"{names} {'begins' if len(plan.run_on) == 1 else 'begin'} no page"] if plan.run_on else []
    if plan.early:
        changes.append(f"{headings.get(plan.early, plan.early)} begins a page")
    if plan.pictures < 1:
        changes.append(f"pictures have {plan.pictures:.0%} of their width")
    if plan.bare:
        changes.append("the first one has no picture")
    if plan.moved:
        steps, to = abs(plan.moved.steps), "later" if plan.moved.steps > 0 else "earlier"
        heading = headings.get(plan.moved.section, plan.moved.section)
        changes.append(f"a block of {heading} stands {steps} block{'s' if steps > 1 else ''} {to}")
    if plan.loose:
        changes.append("a box or an overview goes on on the next page")
    changes += [what for name, what in _STEPS.items() if name in plan.step.split()]
    if {*plan.step.split()} - _STEPS.keys():
        changes.append("all stands closer")
    saved = f"{_pages(after)} instead of {before}" if after < before else f"{_pages(after)} with less white"
    message = f"the pages were laid out {_again(tried)}: {saved}, where {_row(changes)}: {where(product)}"
    of = [*plan.run_on, *([plan.early] if plan.early else []), *([plan.moved.section] if plan.moved else [])]
    line = lines.of_element(of[0], source, file) if of else 0
    hint = "look at them; a 'page-break' always begins a page, and 'size:' keeps the size of a picture"
    return Problem("arranged", message, file.path, line, hint, Severity.NOTE)


def kept(tried: int, product: Product) -> Problem:
    """Return a note that pages were laid out in other arrangements, which were no better."""
    message = f"the pages were laid out {_again(tried)}, and kept as they were at first: {where(product)}"
    hint = "look at them; a 'page-break' begins a page where you want one"
    return Problem("arranged", message, product.source.path, hint=hint, severity=Severity.NOTE)


def too_many(pages: Pages, asked: int, product: Product) -> Problem:
    """Return a warning that a handout takes more pages than it asks for: by how much, and what does not fit."""
    file = file_of(product.source)
    over = sum(sheet.used for sheet in flow.sheets(pages.pieces)[asked:]) / PX_PER_MM
    beyond: dict[str, None] = {}
    before = {box.element for piece in pages.pieces if piece.page < asked for box in piece.around}
    for element in (box.element for piece in pages.pieces if piece.page >= asked for box in piece.around):
        head = None if element is None else element.find("h2")
        if head is not None:
            words = f"“{' '.join(''.join(head.itertext()).split())}”"
            beyond[f"the end of {words}" if element in before else words] = None
    message = f"asks for {_pages(asked)} and takes {_pages(pages.count)}: {over:.0f} mm too much"
    hint = "shorten that or what stands before it, give pictures a smaller 'size:', or ask for more pages"
    message += f", with {_row(list(beyond))}"
    return Problem(
        "too-many-pages",
        f"{message}: {where(product)}",
        file.path,
        file.line(("pages",)),
        hint,
        Severity.WARNING,
    )


def _pages(count: int) -> str:
    return "one page" if count == 1 else f"{count} pages"


def _again(tried: int) -> str:
    return "once more" if tried == 1 else f"{tried} times more"


def _row(words: list[str]) -> str:
    """Return words as a list in a sentence."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
