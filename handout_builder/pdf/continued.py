"""Tables that go on: where their head is repeated, it says so.

A style sheet cannot tell a head from its repetitions, so the word stands in every head, unseen, and is shown in those
that come after the first. It takes its room in all of them: no line moves when it is shown.
"""

from typing import Any
from xml.etree.ElementTree import Element

CLASS = "continued"
"""The class of the word; the style sheet hides what has it."""


def show(document: Any) -> None:
    """Show the word in the repeated heads of a laid-out document, page after page."""
    seen: dict[Element, int] = {}
    for number, page in enumerate(document.pages):
        for box in page._page_box.descendants():
            element = box.element
            if element is None or element.get("class") != CLASS or hasattr(box, "text"):
                continue
            if seen.setdefault(element, number) != number:
                for part in (box, *box.descendants()):
                    part.style = part.style.copy()
                    part.style["visibility"] = "visible"
