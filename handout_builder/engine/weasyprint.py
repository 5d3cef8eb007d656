"""WeasyPrint, started quickly, with our fonts only.

What is done around the import, measured in docs/ARCHITECTURE.md:

- fontconfig knows ``fonts/fonts.conf`` only, so that no system font exists for the program;
- cffi gets the C declarations in a form that loads at once: see engine/c_declarations.py;
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
from functools import cache
from typing import Any

from handout_builder.engine import line_drawing, line_fitting, styles_and_boxes, svg_cache, svg_paths, svg_words
from handout_builder.engine.c_declarations import Ffi
from handout_builder.errors import HandoutError, Problem
from handout_builder.pdf import streams, tags
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
    tags.complete(module.pdf.tags)
    streams.complete(module.pdf.pydyf)
    styles_and_boxes.complete(module)
    line_fitting.complete(module.text.line_break)
    line_drawing.complete(module)
    svg_paths.complete(module)
    svg_words.complete(module)
    svg_cache.complete(module)
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


def pango_version() -> str:
    """Return the version of the Pango library that WeasyPrint runs on; raises HandoutError without one."""
    weasyprint()
    ffi = importlib.import_module("weasyprint.text.ffi")
    number = ffi.pango.pango_version()
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
