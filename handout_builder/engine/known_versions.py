"""Which versions of WeasyPrint the speed layer fits: told by version and by the source of what it replaces.

``python -m handout_builder.engine.known_versions`` prints the digests of the version that is installed.
"""

import hashlib
import importlib.metadata
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# What the speed layer replaces, or whose insides it relies on, as attributes of the package.
_REPLACED = (
    *("css.ComputedStyle", "css.AnonymousStyle", "css.InitialStyle"),
    *("CSS", "css.preprocess_declarations", "css.preprocess_stylesheet"),
    *("layout.percent.resolve_one_percentage", "layout.percent.resolve_percentages", "layout.percent.percentage"),
    *("layout.background.layout_box_backgrounds", "layout.inline.inline_min_content_width"),
    *("formatting_structure.boxes.Box", "formatting_structure.boxes.TextBox"),
    *("text.line_break.Layout", "text.line_break.split_first_line", "text.line_break.create_layout"),
    *("text.line_break.strut", "text.fonts.FontConfiguration", "text.fonts.get_font_description"),
    *("draw.text.draw_first_line", "draw.text.draw_emojis", "pdf.stream.Stream", "pdf.stream.Font"),
    *("svg.SVG", "svg.Node", "svg.path", "svg.text", "svg.utils.color", "images.SVGImage"),
    *("html.handle_svg", "html.make_replaced_box"),
    *("layout.layout_document", "layout.initialize_page_maker", "layout.make_all_pages", "layout.make_margin_boxes"),
    *("formatting_structure.build.build_formatting_structure", "document.Document"),
)
# SHA-256 of the source files of all of them together, by version.
KNOWN: Mapping[str, str] = {"70.0": "5de6e75623df273f13fc487d6f65721d920c70adf5b465b3edef04398ba75f20"}


def installed() -> str:
    """Return the version of WeasyPrint that is installed."""
    return importlib.metadata.version("weasyprint")


def digest(weasyprint: Any) -> str:
    """Return the digest of the source of everything that the speed layer replaces, "" where some of it is not there.

    Whole source files are read: where a function ends in them is told otherwise by each version of Python.
    """
    found = hashlib.sha256()
    try:
        files = {_file(weasyprint, name) for name in _REPLACED}
        for path in sorted(files, key=lambda path: path.parts[-2:]):
            found.update(path.read_bytes().replace(b"\r\n", b"\n"))
    except (AttributeError, OSError):
        return ""
    return found.hexdigest()


def _file(weasyprint: Any, name: str) -> Path:
    """Return the file that something is defined in."""
    value = weasyprint
    for part in name.split("."):
        value = getattr(value, part)
    module = sys.modules[value.__module__]
    assert module.__file__ is not None
    return Path(module.__file__)


if __name__ == "__main__":
    from handout_builder.engine.weasyprint_copy import load

    print(installed(), digest(load(fast=False)))  # noqa: T201  # for those who look at a new version
