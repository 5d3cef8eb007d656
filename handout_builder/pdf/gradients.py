"""Gradients of a PDF: patterns that WeasyPrint writes as tiles become what they are.

It draws each gradient on a tile as large as the shape. Poppler leaves such tiles out at some sizes, and others show
the next tile along an edge.
"""

from typing import Any

from handout_builder.pdf import objects


def straighten(pdf: Any) -> None:
    """Make shading patterns (ISO 32000-1, 8.7.4) of the tiles that hold nothing but one gradient; ``pdf`` is pydyf's.

    Tiles with more, a gradient that fades among them, are set apart, so that no neighbour is seen.
    """
    for number, tile in enumerate(pdf.objects):
        extra = getattr(tile, "extra", None)
        if not extra or extra.get("PatternType") != 1:
            continue
        shading = _only_shading(pdf, tile)
        if shading is None:
            extra["XStep"], extra["YStep"] = extra["XStep"] * 2, extra["YStep"] * 2
            continue
        keys = {"Type": "/Pattern", "PatternType": 2, "Matrix": extra["Matrix"], "Shading": shading}
        pattern = objects.library(pdf).Dictionary(keys)
        pattern.number = number
        pdf.objects[number] = pattern


def _only_shading(pdf: Any, tile: Any) -> Any:
    """Return the shading that a tile, or the form in it, paints; None where it does more."""
    group = _named(pdf, tile, "XObject", b"Do")
    return None if group is None else _named(pdf, group, "Shading", b"sh")


def _named(pdf: Any, stream: Any, kind: str, operator: bytes) -> Any:
    """Return the resource that is all that a stream paints, after a state that changes nothing."""
    words = b" ".join(part if isinstance(part, bytes) else part.encode() for part in stream.stream).split()
    if words[:2] == [b"/a1", b"gs"]:
        words = words[2:]
    if len(words) != 2 or words[1] != operator:  # noqa: PLR2004
        return None
    named = _value(pdf, _value(pdf, stream.extra["Resources"])[kind])
    return _value(pdf, named[words[0][1:].decode()])


def _value(pdf: Any, value: Any) -> Any:
    return objects.referred(pdf, value) if isinstance(value, bytes) else value
