"""Words in drawings in the shapes of their language: WeasyPrint 70 knows none there, and Han would be Japanese.

The language is that of the ``lang`` attribute on the text, or on what holds it. Letters with a dot below are one glyph
each, as on the page, whose rule for them WeasyPrint does not hand down to drawings. Private names are replaced, in
every version; where another version has no such names, drawings are as it draws them.
"""

import sys
from typing import Any

from handout_builder.whole_letters import WHOLE, are_asked_for


def install(weasyprint: Any) -> None:
    """Make WeasyPrint shape the words of a drawing in their language."""
    svg = weasyprint.svg
    module: Any = sys.modules.get(f"{weasyprint.__name__}.svg.text")
    if not hasattr(module, "Style") or not hasattr(svg, "TAGS"):
        return
    original = svg.text

    class Style(module.Style):  # type: ignore[misc]
        lang: str | None = None
        """That of the text that is drawn now: one thread draws."""
        whole = False
        """Whether its letters would be drawn in parts."""

        def update(self, values: Any) -> None:
            super().update(values)
            self["lang"] = Style.lang
            if Style.whole:
                self["font_feature_settings"] = WHOLE

    def text(drawing: Any, node: Any, font_size: float) -> None:
        Style.lang, Style.whole = node.get("lang"), are_asked_for(node.text or "")
        original(drawing, node, font_size)

    module.Style, svg.text = Style, text
    svg.TAGS.update({tag: text for tag, function in svg.TAGS.items() if function is original})
