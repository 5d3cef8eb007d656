"""What a short form leaves out of a handout, by name."""

from collections.abc import Iterator

from handout_builder.content import schema
from handout_builder.errors import Problem, Severity
from handout_builder.render.contents import Contents
from handout_builder.render.product import Product
from handout_builder.render.short_contents import ShortContents
from handout_builder.text import markdown

_BEGUN = 50
_NO_CAUTIONS = "make them or others shorter, or give another edition to those who need them"


def may_lack(product: Product) -> tuple[str, ...]:
    """Return what the short form of a handout may leave out, of what the handout has, the least needed first."""
    contents = Contents(product.source)
    whole = ShortContents(contents)
    cards = [card for block in contents.blocks("points") for card in block.points]
    has = {
        "headings": bool(headings(product)),
        "others": bool(contents.others),
        "drawings": bool(contents.drawn_cards),
        "texts": len(whole.lists) > len(ShortContents(contents, ("texts",)).lists),
        "aids": bool(whole.aids),
        "tips": len(whole.lists) > len(ShortContents(contents, ("tips",)).lists),
        "lists": bool(ShortContents(contents, ("aids", "tips")).lists),
        "summary": bool(product.source.handout.summary),
        "cautions": bool(ShortContents(contents, ("lists",)).cautions),
        "uses": any(card.use or card.remark for card in cards),
    }
    return tuple(part for part in product.edition.may_lack if has.get(part, True))


def headings(product: Product) -> list[str]:
    """Return the headings of the sections that words of a short form lead to, beside those that it has anyway."""
    return [section.heading for _, section in ShortContents.of(product).parts]


def carded(product: Product) -> list[str]:
    """Return the codes of the points that have cards, in their order."""
    blocks = Contents(product.source).blocks("points")
    return list(dict.fromkeys(card.code for block in blocks for card in block.points))


def lacks(product: Product) -> Iterator[Problem]:
    """Yield a note of each part of a handout that its short form lacks, and a warning of its author's cautions."""
    handout, edition = product.source.handout, product.edition
    if not edition.may_lack:
        return
    short = ShortContents.of(product)
    contents = short.contents
    if not short.has("cautions") and short.cautions:
        begun = ", ".join(_begun(block.text) for block in short.cautions)
        message = f"the edition {edition.name} has no room for what its author warns of: {begun}"
        yield Problem("left-out", message, product.source.folder, hint=_NO_CAUTIONS, severity=Severity.WARNING)
    charts = [_quoted(chart.title) for chart in contents.blocks("chart")[1:]]
    cards = [card for block in contents.blocks("points") for card in block.points]
    shown = [card for card in cards if short.has(card.code)]
    others = [] if short.has("others") else contents.others
    drawn = contents.drawn_cards
    for what, names in (
        ("the sections", [_quoted(s.heading) for s in handout.sections if short.lacked(s) == "all"]),
        (
            "parts of the sections",
            [_with_parts(section, short) for section in handout.sections if short.lacked(section) == "some"],
        ),
        ("the charts", charts),
        ("the points", list(dict.fromkeys([*(c.code for c in cards if not short.has(c.code)), *others]))),
        ("the drawings of", list(drawn.points) if drawn and not short.has("drawings") else []),
        ("uses and remarks of", [] if short.has("uses") else [c.code for c in shown if _shortened(c)]),
        (
            "the headings",
            [] if short.has("headings") else [_quoted(heading) for heading in headings(product)],
        ),
        ("its", ["sources"] if contents.sources and not short.has("sources") else []),
        ("its", ["blocks for one person"] if handout.personal else []),
        ("the explanations of", [_quoted(entry.term) for entry in handout.glossary]),
        ("the summary:", [_quoted(line) for line in handout.summary if line not in short.summary]),
        (
            "what its words lead to:",
            list(dict.fromkeys(_quoted(s.heading) for words in short.told for s in short.missed(words))),
        ),
    ):
        if names:
            message = f"the edition {edition.name} leaves out {what} {', '.join(names)}"
            hint = "give another edition to those who need them"
            yield Problem("left-out", message, product.source.folder, hint=hint, severity=Severity.NOTE)


def _shortened(card: schema.PointCard) -> bool:
    """Tell whether a card has less to say without uses and remarks, of which what is bold stays."""
    remark = card.remark or ""
    return bool(card.use) or markdown.inline_html(remark) != markdown.strong_html(remark)


def _with_parts(section: schema.Section, short: ShortContents) -> str:
    """Return the heading of a section, and the types of its blocks that a short form lacks."""
    return f"{_quoted(section.heading)} ({', '.join(dict.fromkeys(block.type for block in short.lost(section)))})"


def _begun(text: str) -> str:
    """Return the first words of a text."""
    words = markdown.plain(text)
    return f"“{words}”" if len(words) <= _BEGUN else f"“{words[:_BEGUN].rstrip()}…”"


def _quoted(text: str) -> str:
    return f"“{markdown.plain(text)}”"
