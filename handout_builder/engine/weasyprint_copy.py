"""WeasyPrint in a copy of its own: what is changed in it here, no other program in this process sees.

The package is loaded a second time, under a name inside this one, so that a host's ``import weasyprint`` gets the
module as it was installed, before, during and after a build. All imports inside WeasyPrint are relative, so the copy
is whole. What is done around the import, measured in docs/ARCHITECTURE.md:

- fontconfig knows ``fonts/fonts.conf`` only, so that no system font exists for the program: see ``own_fonts``;
- cffi gets the C declarations in a form that loads at once: see c_declarations.py;
- library look-ups by name are answered with "not found" at once: cffi would start dozens of processes
  (ldconfig, gcc) for Windows names before it opens the Linux name that is there;
- pydyf, which writes the PDF, is a copy, too, with its streams ended well: see pydyf_streams.py;
- modules that are hardly ever needed (fontTools without libharfbuzz-subset, colour management, HTML that is no XML) are
  loaded when they are called;
- Windows looks for Pango in the package gstreamer-libs, where that is installed;
- the base style sheet is ours: ``layouts/engine/``.
"""

import contextlib
import ctypes.util
import importlib
import importlib.resources
import importlib.util
import io
import logging
import os
import sys
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handout_builder import temporary_folders
from handout_builder.engine import pydyf_streams
from handout_builder.engine.c_declarations import Ffi
from handout_builder.errors import HandoutError, Problem, installation
from handout_builder.resources import FONTS, LAYOUTS

_NAME = f"{__package__}._weasyprint"
_PYDYF = f"{__package__}._pydyf"
_HARDLY_NEEDED = (
    "tinyhtml5",
    "fontTools",
    "fontTools.subset",
    "fontTools.ttLib",
    "fontTools.varLib",
    "fontTools.varLib.instancer",
    "PIL.ImageCms",
)
_BASE = LAYOUTS / "engine"
_NO_FONTS = _BASE / "no-fonts.conf"
_WINDOWS = os.name == "nt"
_WITH_PANGO = "gstreamer_libs"
"""A package that brings Pango and its companions to Windows as a wheel (pyproject.toml: windows)."""
_LIBRARIES = ("gobject", "pango", "harfbuzz", "harfbuzz_subset", "fontconfig", "pangoft2")
"""Pango and its companions, as WeasyPrint calls them."""
_FONTCONFIG = {"linux": "libfontconfig.so.1", "darwin": "libfontconfig.1.dylib"}
OWN_FONTS = FONTS / "fonts.conf"
"""The configuration of fontconfig with the program's own fonts. A process that is the program's alone sets the
variable FONTCONFIG_FILE to it, and is spared the look at the system's fonts."""


def load(*, fast: bool) -> types.ModuleType:
    """Return the copy, loaded now; only one thread may do so at a time.

    ``fast`` takes the short ways round the import. Raises HandoutError when Pango and its companions are missing, or
    the files that fontconfig is given.
    """
    for needed in (OWN_FONTS, _NO_FONTS):
        if not needed.is_file():  # fontconfig would print so, and go on
            raise installation(needed, "it is not there")
    with _guarded_import(fast=fast), _libraries():
        try:
            module = _import_copy("weasyprint", _NAME)
        except OSError as error:
            hint = "install Pango: 'make' does it, or see Requirements in the README"
            raise HandoutError([Problem("engine", f"WeasyPrint cannot start: {error}", FONTS, hint=hint)]) from error
    _give_own_logger(module)
    _keep_open(module)
    return module


def _import_copy(package: str, name: str) -> types.ModuleType:
    """Load an installed package once more, under another name."""
    installed = importlib.util.find_spec(package)
    if installed is None or installed.origin is None:
        raise ModuleNotFoundError(f"No module named '{package}'")
    spec = importlib.util.spec_from_file_location(
        name, installed.origin, submodule_search_locations=installed.submodule_search_locations
    )
    assert spec is not None
    assert spec.loader is not None
    for other in [other for other in sys.modules if other.startswith(name)]:
        del sys.modules[other]  # of an earlier try
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _guarded_import(*, fast: bool) -> Iterator[None]:
    """Set up what the import sees, and put everything back afterwards."""
    postponed = [name for name in _HARDLY_NEEDED if fast and name not in sys.modules]
    find_library, files = ctypes.util.find_library, importlib.resources.files
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None  # noqa: ARG005
    if fast:
        importlib.resources.files = _files_with_our_base(files)
    pydyf = _import_copy("pydyf", _PYDYF)
    pydyf_streams.mend(pydyf)
    stand_ins: dict[str, types.ModuleType] = {name: _Postponed(name) for name in postponed}
    stand_ins["pydyf"] = pydyf
    if fast:
        stand_ins["cffi"] = types.ModuleType("cffi")
        stand_ins["cffi"].FFI = Ffi  # type: ignore[attr-defined]
    before = {name: sys.modules[name] for name in stand_ins if name in sys.modules}
    sys.modules.update(stand_ins)
    try:
        # WeasyPrint reads all fonts once while it is imported, only to warn when there are none; and prints advice.
        with _fontconfig(_NO_FONTS), warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.filterwarnings("ignore", "No fonts configured", UserWarning)
            # The fallback without libharfbuzz-subset is slower, not wrong.
            warnings.filterwarnings("ignore", "HarfBuzz-Subset", DeprecationWarning)
            yield
    finally:
        ctypes.util.find_library, importlib.resources.files = find_library, files
        for name in stand_ins:
            sys.modules.pop(name, None)
        sys.modules.update(before)


def _libraries() -> contextlib.AbstractContextManager[None]:
    """Let WeasyPrint find the libraries of a package on Windows, unless the user says where they are."""
    name = "WEASYPRINT_DLL_DIRECTORIES"
    package = importlib.util.find_spec(_WITH_PANGO) if _WINDOWS and name not in os.environ else None
    if package is None or package.origin is None:
        return contextlib.nullcontext()
    return _variable(name, Path(package.origin).parent / "bin")


def _fontconfig(configuration: Path) -> contextlib.AbstractContextManager[None]:
    """Let fontconfig read this file instead of the system's, while it is asked to read one."""
    return _variable("FONTCONFIG_FILE", configuration)


@contextlib.contextmanager
def _variable(name: str, path: Path) -> Iterator[None]:
    """Set a variable of the environment, for a while."""
    before = os.environ.get(name)
    os.environ[name] = str(path)
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def own_fonts(weasyprint: Any, *, shared: bool) -> Any:
    """Return a new font configuration of WeasyPrint's that knows the program's own fonts and no others.

    ``shared`` tells whether several documents have it, so that what is made with it can be kept.
    """

    class Fonts(weasyprint.text.fonts.FontConfiguration):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.shared = shared
            self.lines: Any = None
            """The lines of text that are set in them, where the speed layer keeps them."""
            self.faces: dict[int, Any] = {}
            self.line_settings: dict[Any, Any] = {}
            self.drawing_styles: dict[Any, Any] = {}

        _folder: Path | None = None

        def add_font_face(self, rule_descriptors: Any, url_fetcher: Any) -> None:
            if self._folder is None:
                self._folder = temporary_folders.make()
            super().add_font_face(rule_descriptors, url_fetcher)

        def __del__(self) -> None:
            if self._folder:
                temporary_folders.give_back(self._folder)

    if os.environ.get("FONTCONFIG_FILE") != str(OWN_FONTS):
        _start_fontconfig()
    with _fontconfig(OWN_FONTS):
        return Fonts()


def _start_fontconfig() -> None:
    """Let fontconfig make the host's configuration the current one, before ours is read.

    Pango does so in a thread of its own when the first font map is made, and would find ours instead.
    """
    with contextlib.suppress(OSError, KeyError, AttributeError):
        ctypes.CDLL(_FONTCONFIG[sys.platform]).FcInit()


def _give_own_logger(weasyprint: types.ModuleType) -> None:
    """Let the copy log to a logger that no host sets up, silences or listens to."""
    logger = logging.Logger(weasyprint.__name__, logging.WARNING)
    logger.propagate = False
    shared = weasyprint.LOGGER
    for name, module in list(sys.modules.items()):
        if name.startswith(weasyprint.__name__) and getattr(module, "LOGGER", None) is shared:
            vars(module)["LOGGER"] = logger


def _keep_open(weasyprint: types.ModuleType) -> None:
    """Let no library be closed before the process is gone.

    At the end of Python's own, what is left is taken apart in any order: an object of Pango that is given back after
    its library was closed ends the host in a crash.
    """
    for name in _LIBRARIES:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(getattr(weasyprint.text.ffi, name)))


def _files_with_our_base(files: Any) -> Any:
    def ours(anchor: Any = None) -> Any:
        return _BASE if getattr(anchor, "__name__", anchor) == f"{_NAME}.css" else files(anchor)

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
