"""What a product is made of, as digests: files by their content, the program and its engines by their versions.

Nothing here loads an engine or a source file's values, so that it can be told in 0.1 s that nothing has changed.
"""

import csv
import ctypes
import hashlib
import io
import json
import os
import sys
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handout_builder.editions import EDITIONS, SHEET, Edition, Format
from handout_builder.orders import Order
from handout_builder.resources import EPOCH, FONTS, LAYOUTS, PACKAGE, beside

_TABLES = ("points/names.csv", "points/places.csv")
# Library, function and kind of answer by platform: what breaks lines, shapes text and cuts fonts.
_LIBRARIES: Mapping[str, Sequence[tuple[str, str]]] = {
    "linux": (
        ("libpango-1.0.so.0", "pango_version_string"),
        ("libharfbuzz.so.0", "hb_version_string"),
        ("libharfbuzz-subset.so.0", "hb_version_string"),
        ("libfontconfig.so.1", "FcGetVersion"),
    ),
    "darwin": (
        ("libpango-1.0.0.dylib", "pango_version_string"),
        ("libharfbuzz.0.dylib", "hb_version_string"),
        ("libharfbuzz-subset.0.dylib", "hb_version_string"),
        ("libfontconfig.1.dylib", "FcGetVersion"),
    ),
}
# The subset library is an aid: without it, WeasyPrint cuts fonts with fontTools.
_OPTIONAL = "subset"


def digest(data: bytes) -> str:
    """Return the SHA-256 digest of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def text_digest(value: object) -> str:
    """Return the digest of a value made of texts, numbers, lists and mappings."""
    return digest(json.dumps(value, sort_keys=True).encode())


@dataclass(frozen=True)
class Inputs:
    """The digests of all that one file is made of, taken before it is made."""

    parts: Mapping[str, object]
    points: Mapping[str, object]
    """The rows of each point in the tables of the catalogue."""
    whole_catalogue: bool
    """Whether any point may be in the file, as templates of a brand can ask for each."""

    def key(self, points: Iterable[str]) -> str:
        """Return the digest of everything; ``points`` are the codes that the handout names."""
        codes = self.points if self.whole_catalogue else points
        return text_digest([self.parts, {code: self.points.get(code) for code in codes}])


class Reader:
    """Takes digests of inputs; every file is read once, before any product is made of it.

    A file that changes later makes a product that is newer than its key, which is then built again;
    the other way round, an old product would look fresh.
    """

    def __init__(self) -> None:
        self._files: dict[Path, str] = {}
        self._tables: dict[Path, Mapping[str, object]] = {}
        self._points: dict[Path, Mapping[str, object]] = {}
        self._folders: dict[object, list[tuple[str, str]]] = {}

    def file(self, path: Path) -> str:
        """Return the digest of a file, or a word for one that cannot be read."""
        if path not in self._files:
            try:
                self._files[path] = digest(path.read_bytes()) if path.is_file() else "no file"
            except OSError as error:
                self._files[path] = f"error {error.errno}"
        return self._files[path]

    def inputs(self, order: Order, edition: Edition, kind: Format, *, strict: bool, proof: bool) -> Inputs:
        """Return what a file of an order's edition is made of."""
        root = order.folder.parent
        own_templates = order.brand is not None and (order.brand / "layouts").is_dir()
        parts = {
            "program": program(),
            "options": [repr(edition), order.standard, order.lang, kind, strict, proof, os.environ.get(EPOCH)],
            "folder": str(order.folder),
            "handout": self.files((order.folder, order.lang), lambda: _handout(order)),
            "shared": [self.file(beside(root, f"shared/{lang}.yaml")) for lang in (order.lang, "en")],
            "rules": self.file(beside(root, f"shared/plain/{order.lang}.yaml")) if strict else "",
            "fonts": self.files(FONTS, lambda: FONTS.glob("*.[tc]*f")),  # and the configuration of fontconfig
            "layouts": self.files((edition, kind, proof), lambda: _layouts(edition, kind, proof=proof)),
            "brand": [str(order.brand), self.files(order.brand, lambda: _inside(order.brand))],
        }
        return Inputs(parts, self.points(root), own_templates)

    def points(self, root: Path) -> Mapping[str, object]:
        """Return the rows of each point, the same for all handouts of a folder."""
        if root not in self._points:
            tables = [self.table(beside(root, name)) for name in _TABLES]
            codes = {code for table in tables for code in table}
            self._points[root] = {code: [table.get(code) for table in tables] for code in codes}
        return self._points[root]

    def files(self, group: object, paths: Callable[[], Iterable[Path]]) -> list[tuple[str, str]]:
        """Return the name and digest of each file of a group, in the order of their names."""
        if group not in self._folders:
            self._folders[group] = sorted((str(path), self.file(path)) for path in paths())
        return self._folders[group]

    def table(self, path: Path) -> Mapping[str, object]:
        """Return the rows of a table by code; one that cannot be read is one row for every code."""
        if path not in self._tables:
            try:
                rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True))
                at = rows[0].index("code")
                self._tables[path] = {row[at]: [rows[0], row] for row in rows[1:]}
            except (OSError, ValueError, IndexError, csv.Error):
                self._tables[path] = _Same(self.file(path))
        return self._tables[path]


class _Same(dict[str, object]):
    """The same value for every code."""

    def __init__(self, value: str) -> None:
        super().__init__()
        self.value = value

    def get(self, code: str, default: object = None) -> object:  # noqa: ARG002
        return self.value


def _inside(folder: Path | None) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file()) if folder else iter(())


def _handout(order: Order) -> Iterator[Path]:
    """Yield the files of a handout's folder, but not its texts in other languages."""
    for path in _inside(order.folder):
        home = path.parent in (order.folder, order.folder / "editorial")
        if not (home and path.suffix == ".yaml" and path.stem != order.lang):
            yield path


def _layouts(edition: Edition, kind: Format, *, proof: bool) -> Iterator[Path]:
    """Yield the templates, styles and drawings that a file may be made of."""
    names = {edition.name, *edition.ladder, *(["stacked"] if edition.stacked else [])}
    templates = {edition.template}
    if edition.sheets:
        names.add(SHEET.name)
        templates.add(SHEET.template)
    others = {SHEET.template, *(other.template for other in EDITIONS.values())} - templates
    for path in _inside(LAYOUTS):
        top, *rest = path.relative_to(LAYOUTS).parts
        wanted = {
            "__pycache__": False,
            "editions": path.stem in names,
            "epub": kind == "epub",
            "looks": edition.look.name in rest,
            "press": edition.colours == "cmyk",
            "proof": proof,
        }
        if wanted.get(top, top not in others):
            yield path


@cache
def program() -> str:
    """Return the digest of the program's code, of the packages around it by name and version, and of the libraries."""
    modules = ((path.relative_to(PACKAGE).as_posix(), path) for path in PACKAGE.rglob("*.py"))
    code = sorted((name, digest(path.read_bytes())) for name, path in modules if "__pycache__" not in name)
    packages = sorted(
        path.name for folder in {*sys.path} if Path(folder).is_dir() for path in Path(folder).glob("*.dist-info")
    )
    return text_digest([code, packages, sys.version, zlib.ZLIB_RUNTIME_VERSION, _libraries()])


def _libraries() -> list[str]:
    versions = []
    for name, function in _LIBRARIES.get(sys.platform, (("", ""),)):
        try:
            ask = getattr(ctypes.CDLL(name), function)
        except (OSError, AttributeError):
            # What cannot be asked is never the same again, so that nothing looks fresh.
            versions.append("" if _OPTIONAL in name else uuid.uuid4().hex)
            continue
        number = function.startswith("Fc")
        ask.restype = ctypes.c_int if number else ctypes.c_char_p
        versions.append(str(ask()))
    return versions
