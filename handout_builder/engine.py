"""WeasyPrint, started quickly, with our fonts only and with better tags.

What is done around the import, measured in docs/ARCHITECTURE.md:

- fontconfig knows ``fonts/fonts.conf`` only, so that no system font exists for the program;
- cffi gets the C declarations in a form that loads at once: see declarations.py;
- library look-ups by name are answered with "not found" at once: cffi would start dozens of processes
  (ldconfig, gcc) for Windows names before it opens the Linux name that is there;
- modules that are hardly ever needed (fontTools without libharfbuzz-subset, colour management) are
  loaded when they are called;
- the base style sheet is ours: ``layouts/engine/``.
"""

import contextlib
import ctypes.util
import importlib
import importlib.resources
import io
import os
import sys
import types
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

from handout_builder.declarations import Ffi
from handout_builder.errors import HandoutError, Problem
from handout_builder.resources import FONTS, LAYOUTS

_HARDLY_NEEDED = (
    "fontTools",
    "fontTools.subset",
    "fontTools.ttLib",
    "fontTools.varLib",
    "fontTools.varLib.instancer",
    "PIL.ImageCms",
)
_BASE = LAYOUTS / "engine"


@cache
def weasyprint() -> types.ModuleType:
    """Return the imported module; raises HandoutError when Pango and its companions are missing."""
    postponed = [name for name in _HARDLY_NEEDED if name not in sys.modules]
    find_library, files = ctypes.util.find_library, importlib.resources.files
    # WeasyPrint reads all fonts once while it is imported, only to warn when there are none.
    os.environ["FONTCONFIG_FILE"] = str(_BASE / "no-fonts.conf")
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None  # noqa: ARG005
    importlib.resources.files = _files_with_our_base(files)
    for name in postponed:
        sys.modules[name] = _Postponed(name)
    cffi = sys.modules.get("cffi")
    sys.modules["cffi"] = stand_in = types.ModuleType("cffi")
    stand_in.FFI = Ffi  # type: ignore[attr-defined]
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):  # it prints advice
            warnings.filterwarnings("ignore", "No fonts configured", UserWarning)
            # The fallback without libharfbuzz-subset is slower, not wrong.
            warnings.filterwarnings("ignore", "HarfBuzz-Subset", DeprecationWarning)
            module = importlib.import_module("weasyprint")
            tags = importlib.import_module("weasyprint.pdf.tags")
    except OSError as error:
        hint = "install Pango: 'make' does it, or see Requirements in the README"
        raise HandoutError([Problem("engine", f"WeasyPrint cannot start: {error}", FONTS, hint=hint)]) from error
    finally:
        ctypes.util.find_library, importlib.resources.files = find_library, files
        os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
        for name in postponed:
            sys.modules.pop(name, None)
        del sys.modules["cffi"]
        if cffi is not None:
            sys.modules["cffi"] = cffi
    _complete_tags(tags)
    return module


def _files_with_our_base(files: Any) -> Any:
    def ours(anchor: Any = None) -> Any:
        return _BASE if getattr(anchor, "__name__", anchor) == "weasyprint.css" else files(anchor)

    return ours


class _Postponed(types.ModuleType):
    """Stands for a module that costs 100 ms to import and is hardly ever called."""

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)

        name = self.__name__
        if f"{name}.{attribute}" in _HARDLY_NEEDED:
            return sys.modules[f"{name}.{attribute}"]

        # Works as a function that is called and as an exception that is caught.
        class Real(Exception):  # noqa: N818
            def __new__(cls, *arguments: Any, **options: Any) -> Any:
                return getattr(importlib.import_module(name), attribute)(*arguments, **options)

        return Real


def _complete_tags(tags: Any) -> None:
    """Make WeasyPrint 70 write better tags than it does.

    - Each element gets its language (PDF 1.7, 14.9.2; PDF/UA-1, 7.2): only the document has one otherwise.
    - Elements hold their lines of text themselves: a Span round each line says nothing and makes a third of
      all objects of the file.
    - What stands before a list item's text is its label (PDF 1.7, table 336).
    - Running feet are left out, to be artifacts (PDF/UA-1, 7.1): they are marked as content of no element.
    - A figure's box is given in pt from the page's lower edge (PDF 1.7, table 343), not in px from the upper.
    """
    original = tags._build_box_tree  # pinned in pyproject.toml, asserted in tests/test_pdf.py

    def build(box: Any, parent: Any, pdf: Any, page: int, holders: dict[int, bytes], *rest: Any) -> Iterator[Any]:
        source = getattr(box, "element", None)
        if isinstance(box, tags.boxes.MarginBox):
            running = dict[int, bytes]()
            list(original(box, parent, _Discarding(pdf.pdf), page, running, *rest))
            pdf.pdf.running = {**getattr(pdf.pdf, "running", {}), page: running.keys() | pdf.running(page)}
            return
        lang = source.get("lang") if source is not None and source.tag != "html" else None
        for element in original(box, parent, _WithoutWrappers.of(pdf), page, holders, *rest):
            if lang:
                element["Lang"] = tags.pydyf.String(lang)
            kids = element["K"]
            for index, kid in enumerate(kids):
                if isinstance(kid, bytes) and kid.startswith(b"-"):
                    kids[index] = -1 - int(kid.split()[0])
                    holders[kids[index]] = element.reference
            if "BBox" in element.get("A", ()):
                left, upper, right, lower = (edge * 0.75 for edge in element["A"]["BBox"])
                height = pdf.page_height(page)
                element["A"]["BBox"][:] = [left, height - lower, right, height - upper]
            if element["S"] == "/LBody" and isinstance(kids[0], bytes):
                label = pdf.pdf.objects[int(kids[0].split()[0])]
                if label["S"] == "/NonStruct":  # what a style sheet puts before the text: bullet or number
                    del kids[0]
                    label |= {"S": "/Lbl", "P": element["P"]}
                    yield label
            if not any(isinstance(kid, int) for kid in kids):
                element.pop("Pg", None)  # only needed beside text (PDF 1.7, table 323)
            yield element

    tags._build_box_tree = build


class _WithoutWrappers:
    """A PDF that does not take in elements that only wrap one piece of text.

    They get a negative number instead, from which the piece's own number (MCID) can be told.
    """

    def __init__(self, pdf: Any) -> None:
        self.pdf = pdf
        self.page_references = pdf.page_references

    @classmethod
    def of(cls, pdf: Any) -> "_WithoutWrappers":
        return pdf if isinstance(pdf, cls) else cls(pdf)

    def add_object(self, item: Any) -> None:
        kids = item.get("K")
        if kids and isinstance(kids[0], int):
            item.number = -1 - kids[0]
        else:
            self.take(item)

    def take(self, item: Any) -> None:
        self.pdf.add_object(item)

    def page_height(self, page: int) -> float:
        return float(self.pdf.objects[int(self.page_references[page].split()[0])]["MediaBox"][3])

    def running(self, page: int) -> set[int]:
        return set(getattr(self.pdf, "running", {}).get(page, ()))


class _Discarding(_WithoutWrappers):
    """A PDF that takes no element at all."""

    def take(self, item: Any) -> None:
        item.number = 0


def pango_version() -> str:
    """Return the version of the Pango library that WeasyPrint runs on; raises HandoutError without one."""
    weasyprint()
    ffi = importlib.import_module("weasyprint.text.ffi")
    number = ffi.pango.pango_version()
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
