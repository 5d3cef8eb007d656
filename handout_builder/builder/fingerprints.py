"""What a product is made of, as digests: files by their content, the program and its engines by their versions.

Nothing here loads an engine or a source file's values, so that it can be told in 0.1 s that nothing has changed.
"""

import csv
import ctypes
import hashlib
import io
import json
import os
import secrets
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from handout_builder import source_files
from handout_builder.builder.inputs import TABLES
from handout_builder.editions import EDITIONS, SHEET, Edition, Format
from handout_builder.orders import Order
from handout_builder.resources import ENGINE, EPOCH, FONTS, LAYOUTS, PACKAGE, beside

if TYPE_CHECKING:
    from handout_builder.content.schema import Handout

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
# Bytes of the beginning of a font, and of each table's entry in its directory.
_HEAD, _ENTRY = 12, 16
# The subset library is an aid: without it, WeasyPrint cuts fonts with fontTools.
_OPTIONAL = "subset"


def digest(data: bytes) -> str:
    """Return the SHA-256 digest of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def text_digest(value: object) -> str:
    """Return the digest of a value made of texts, numbers, lists and mappings."""
    return digest(json.dumps(value, sort_keys=True).encode())


@dataclass(frozen=True)
class Target:
    """One file to be made, or a PDF with its proof."""

    order: Order
    edition: Edition
    kind: Format
    key: str
    """The digest of what is the program's: its code, its layouts and fonts, and what it was asked for."""

    @property
    def path(self) -> str:
        """The path of the file inside the output folder."""
        return self.order.target(self.edition, self.kind)


def words_of(handout: "Handout") -> tuple[str, str]:
    """Return when a text was revised, and the digest of all else that its author wrote into it."""
    words = handout.model_dump_json(exclude_unset=True, exclude={"revised", "identifier", "schema_version", "topics"})
    return handout.revised.isoformat(), digest(words.encode())


class Reader:
    """Tells what targets would be made of now; each file is read once, so that all targets see the same."""

    def __init__(self) -> None:
        self._states: dict[Path, str] = {}
        self._rows: dict[Path, Rows] = {}
        self._groups: dict[object, list[tuple[str, str]]] = {}

    def state(self, path: Path) -> str:
        """Return the digest of a file, or a word for one that is not there or cannot be read."""
        if path not in self._states:
            self._states[path] = source_files.state(path)
        return self._states[path]

    def target(self, order: Order, edition: Edition, kind: Format, *, strict: bool, proof: bool) -> Target:
        """Return a file of an order's edition."""
        options = [repr(edition), order.standard, order.tag, kind, strict, proof]
        surroundings = [os.environ.get(EPOCH), os.environ.get(ENGINE)]
        fonts = [
            self._group("fonts", lambda: FONTS.glob("*.ttf"), _font),
            self._group("fonts.conf", lambda: FONTS.glob("*.conf"), self.state),
        ]
        chosen = partial(_layouts, self._all, edition, kind, proof=proof)
        layouts = self._group((edition, kind, proof), chosen, self.state)
        brand = order.brand.resolve().name if order.brand else ""
        parts = [program(), options, surroundings, fonts, layouts, brand]
        return Target(order, edition, kind, text_digest(parts))

    @cached_property
    def _all(self) -> Sequence[tuple[str, Path]]:
        """The files of ``layouts/`` by name: to look for them takes longer than to choose those of an edition."""
        within = len(os.path.join(LAYOUTS, ""))  # noqa: PTH118  # with its separator
        return [(path[within:].replace(os.sep, "/"), _path(path)) for path in _inside(LAYOUTS)]

    def rows(self, root: Path, codes: Iterable[str]) -> str:
        """Return the digest of what the tables say of some points."""
        if root not in self._rows:
            self._rows[root] = rows(root)
        return rows_digest(self._rows[root], codes)

    def _group(
        self, group: object, paths: Callable[[], Iterable[Path]], state: Callable[[Path], str]
    ) -> list[tuple[str, str]]:
        """Return the name and state of each file of a group, in the order of their names."""
        if group not in self._groups:
            self._groups[group] = sorted((str(path), state(path)) for path in paths())
        return self._groups[group]


def _font(path: Path) -> str:
    """Return the digest of a font's size and table directory, which has a checksum of each table.

    See OpenType 1.9.1, "Organization of an OpenType font". To digest its 16 MB would take as long as two pages do.
    """
    try:
        with source_files.opened(path) as file:
            head = file.read(_HEAD)
            directory = file.read(_ENTRY * int.from_bytes(head[4:6]))
            return digest(b"%d %b%b" % (os.fstat(file.fileno()).st_size, head, directory))
    except OSError as error:
        return str(error.errno)


Rows = Sequence[Mapping[str, object]]
"""What each table of the catalogue says of each point."""


def rows(root: Path) -> Rows:
    """Return what the tables say that the handouts of a folder share."""
    return [_table(beside(root, name)) for name in TABLES]


def rows_digest(tables: Rows, codes: Iterable[str]) -> str:
    """Return the digest of what the tables say of some points."""
    return text_digest([[table.get(code) for table in tables] for code in codes])


def _table(path: Path) -> Mapping[str, object]:
    """Return the rows of a table by code; none of one that cannot be read, of which nothing is made."""
    try:
        text = source_files.read(path).decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        at = lines[0].index("code")
        return {line[at]: [lines[0], line] for line in lines[1:]}
    except (OSError, ValueError, IndexError, csv.Error):
        return {}


def _inside(folder: str | Path) -> Iterator[str]:
    """Yield the paths of the files in a folder and those in it, without what Python and Jinja2 keep of them.

    Texts, and what the system's list of a folder says by itself: with an object and a question for each of a thousand
    files, this took a hundredth of a build.
    """
    try:
        found = os.scandir(folder)
    except OSError:  # who needs its files tells what lacks
        return
    with found as entries:
        for entry in entries:
            if entry.is_file():
                yield entry.path
            elif entry.is_dir(follow_symlinks=False) and entry.name != "__pycache__":
                yield from _inside(entry.path)


def _states(folder: Path, ending: str = "") -> Sequence[tuple[str, str]]:
    """Return the name and digest of each file in a folder whose name ends so, in the order of names."""
    files = ((_name(path, folder), path) for path in _inside(folder) if path.endswith(ending))
    return sorted((name, digest(Path(path).read_bytes())) for name, path in files)


def _name(path: str, folder: Path) -> str:
    """Return how a file inside a folder is called, from there."""
    return path[len(os.path.join(folder, "")) :].replace(os.sep, "/")  # noqa: PTH118  # with its separator


_path = lru_cache(maxsize=1024)(Path)
"""A path, taken apart once in a process: that takes as long as to read a template."""


def _layouts(files: Iterable[tuple[str, Path]], edition: Edition, kind: Format, *, proof: bool) -> Iterator[Path]:
    """Yield of the files of ``layouts/`` the templates, styles and drawings that a file may be made of."""
    names = {edition.name, *edition.both, *(["stacked"] if edition.stacked else []), *edition.on_paper("letter")}
    templates = {edition.template}
    if edition.sheets:
        names |= {SHEET.name, *SHEET.on_paper("letter")}
        templates.add(SHEET.template)
    others = {SHEET.template, *(other.template for other in EDITIONS.values())} - templates
    look, steps = edition.look.name, edition.steps
    for name, path in files:
        top, *rest = name.split("/")
        stem = (rest or [top])[-1].rpartition(".")[0]
        wanted = {
            "editions": stem in names,
            "epub": kind == "epub",
            "fitting": stem in steps,
            "looks": look in rest,
            "new": False,
            "press": edition.colours == "cmyk",
            "proof": proof,
            "studio": False,
        }
        if wanted.get(top, top not in others):
            yield path


@cache
def program() -> str:
    """Return the digest of the program's code, of the packages around it by name and version, and of the libraries."""
    known = libraries()
    # What cannot be asked is never the same again, so that nothing looks fresh.
    sure = known and all(version for name, version in known.items() if _OPTIONAL not in name)
    once = "" if sure else secrets.token_hex()
    return text_digest([code(), packages(), sys.version, zlib.ZLIB_RUNTIME_VERSION, known, once])


def code() -> str:
    """Return the digest of the program's own modules."""
    return text_digest(_states(PACKAGE, ".py"))


def layouts() -> str:
    """Return the digest of all that pages are laid out by: templates, style sheets, drawings."""
    return text_digest(_states(LAYOUTS))


def packages() -> Sequence[str]:
    """Return the installed packages by name and version; those inside another, as Ray has them, belong to that one."""
    folders = (Path(folder) for folder in {*sys.path})
    own = (folder for folder in folders if folder.is_dir() and not (folder.parent / "__init__.py").exists())
    return sorted(path.name for folder in own for path in folder.glob("*.dist-info"))


def libraries() -> dict[str, str]:
    """Return the versions of the libraries that break lines, shape text and cut fonts, by name; "" where none is told.

    There are none where it is not known how they are called.
    """
    versions = {}
    for name, function in _LIBRARIES.get(sys.platform, ()):
        try:
            ask = getattr(ctypes.CDLL(name), function)
        except (OSError, AttributeError):
            versions[name] = ""
            continue
        number = function.startswith("Fc")
        ask.restype = ctypes.c_int if number else ctypes.c_char_p
        answer = ask()
        versions[name] = answer.decode() if isinstance(answer, bytes) else str(answer)
    return versions
