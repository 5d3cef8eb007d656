"""What must stand around the text of a handout: who wrote it and when, what it rests on and does not replace."""

from collections.abc import Iterator

from handout_builder.content.yaml_reader import Location
from handout_builder.render.context import Context


def always(context: Context, *, second: bool = False) -> Iterator[tuple[Location, str]]:
    """Yield what stands in every print and book, with where it comes from in the handout's file, () for elsewhere.

    The day, what it does not replace, and that nobody has reviewed a translation: in a book, ``about`` says so. Of the
    ``second`` language of a handout in two, what stands in each.
    """
    if not second:
        yield ("revised",), context.format.date(context.handout.revised)
    yield (), context.labels["disclaimer"]
    yield (), "" if context.epub else context.imprint.unreviewed


def about(context: Context, *, second: bool = False) -> Iterator[tuple[Location, str]]:
    """Yield what stands around the whole of a handout, likewise: what it is, who wrote it, and what it rests on."""
    handout, imprint = context.handout, context.imprint
    yield from always(context, second=second)
    yield from ((("kicker",), handout.kicker or ""), (("subtitle",), handout.subtitle or ""))
    yield from ((("author",), sentence) for sentence in imprint.sentences)
    if not second:
        yield from (((), imprint.added), *((("sources",), source.text) for source in context.contents.sources))
