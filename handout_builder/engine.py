"""WeasyPrint, started quickly, with our fonts only and with a language on every run of the tags.

Three things are done around the import, all measured in docs/ARCHITECTURE.md:

- fontconfig is pointed at ``fonts/fonts.conf``, so that no system font exists for the program;
- library look-ups by name are answered with "not found" at once: cffi would start dozens of processes
  (ldconfig, gcc) for Windows names before it opens the Linux name that is there;
- fontTools' subsetter, which is only needed without libharfbuzz-subset, is loaded when it is called.
"""

import contextlib
import ctypes.util
import importlib
import io
import os
import sys
import types
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

from handout_builder.errors import HandoutError, Problem
from handout_builder.resources import FONTS

_ONLY_WITHOUT_HARFBUZZ = ("fontTools.subset", "fontTools.varLib.instancer")


@cache
def weasyprint() -> types.ModuleType:
    """Return the imported module; raises HandoutError when Pango and its companions are missing."""
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    find_library = ctypes.util.find_library
    postponed = [name for name in _ONLY_WITHOUT_HARFBUZZ if name not in sys.modules]
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None  # noqa: ARG005
    for name in postponed:
        sys.modules[name] = _Postponed(name)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):  # it prints advice
            # The fallback without libharfbuzz-subset is slower, not wrong.
            warnings.filterwarnings("ignore", "HarfBuzz-Subset", DeprecationWarning)
            module = importlib.import_module("weasyprint")
            tags = importlib.import_module("weasyprint.pdf.tags")
    except OSError as error:
        hint = "install Pango: 'make' does it, or see Requirements in the README"
        raise HandoutError([Problem("engine", f"WeasyPrint cannot start: {error}", FONTS, hint=hint)]) from error
    finally:
        ctypes.util.find_library = find_library
        for name in postponed:
            sys.modules.pop(name, None)
    _write_languages(tags)
    return module


class _Postponed(types.ModuleType):
    """Stands for a module that costs 100 ms to import and is hardly ever called."""

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)

        def call(*arguments: Any, **options: Any) -> Any:
            return getattr(importlib.import_module(self.__name__), attribute)(*arguments, **options)

        return call


def _write_languages(tags: Any) -> None:
    """Give each tag the language of its element (PDF 1.7, 14.9.2; PDF/UA-1, 7.2): WeasyPrint 70 forgets it."""
    original = tags._build_box_tree  # noqa: SLF001  # pinned in pyproject.toml, asserted in tests/test_pdf.py

    def with_language(box: Any, *arguments: Any) -> Iterator[Any]:
        element = getattr(box, "element", None)
        lang = element.get("lang") if element is not None and element.tag != "html" else None
        for tag in original(box, *arguments):
            if lang:
                tag["Lang"] = tags.pydyf.String(lang)
            yield tag

    tags._build_box_tree = with_language  # noqa: SLF001


def pango_version() -> str:
    """Return the version of the Pango library that WeasyPrint runs on; raises HandoutError without one."""
    weasyprint()
    ffi = importlib.import_module("weasyprint.text.ffi")
    number = ffi.pango.pango_version()
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
