"""Blocks that stand elsewhere in their section than they were written: how they are marked, and put there.

Elements of a page are known by their numbers in the order as written, so that this order can be told from a page.
"""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

_STEPS = re.compile(r"(?:^|\s)(earlier|later)-(\d+)(?=\s|$)")
BLOCKS = "blocks"
"""The class of the elements that hold blocks."""


def mark(steps: int) -> str:
    """Return the class of a block that stands so many blocks later than it was written, or earlier."""
    return f"later-{steps}" if steps > 0 else f"earlier-{-steps}"


def move(root: Element) -> None:
    """Put the blocks of a page that are marked so where they are to stand: one in a section at most."""
    for holder in (element for element in root.iter() if element.get("class") == BLOCKS):
        for place, block in enumerate(list(holder)):
            if steps := _steps(block):
                holder.remove(block)
                holder.insert(place + steps, block)
                break


def as_written(element: Element) -> Sequence[Element]:
    """Return what an element holds, in the order in which it was written."""
    held = list(element)
    if element.get("class") == BLOCKS:
        for place, block in enumerate(held):
            if steps := _steps(block):
                held.insert(place - steps, held.pop(place))
                break
    return held


def _steps(block: Element) -> int:
    found = _STEPS.search(block.get("class", ""))
    return 0 if found is None else int(found[2]) * (1 if found[1] == "later" else -1)
