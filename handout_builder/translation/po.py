"""Packages of texts as PO files, which Poedit, Weblate, OmegaT and all of gettext read (polib)."""

import re
from pathlib import Path
from typing import Any

from handout_builder.errors import HandoutError, Problem
from handout_builder.translation.units import Package, Unit
from handout_builder.version import VERSION

_REVIEWED, _SOURCE, _TARGET = "X-Reviewed-By", "X-Source-Language", "Language"
_HEAD = (
    "Texts of handouts. What stands in braces, and where links lead, stays as it is.\n"
    "A fuzzy text is older than its source, or of a machine; take the mark off when you have compared them.\n"
    f"A qualified person who has compared all texts may be named below: {_REVIEWED}."
)
# A blank in the name of a file is none between two files (gettext 0.22): FIRST STRONG ISOLATE and its end.
_ISOLATED = "\u2068{}\u2069"
_LINE = re.compile(r"\(line (\d+)\)")


def written(package: Package) -> bytes:
    """Return a package as a PO file; raises HandoutError without polib."""
    polib = _polib()
    made = polib.POFile(wrapwidth=0)  # a wrapped reference falls apart
    made.header = _HEAD
    made.metadata = {
        "Project-Id-Version": f"handout-builder {VERSION}",
        _TARGET: package.target,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        _SOURCE: package.source,
        _REVIEWED: package.reviewed_by,
    }
    for unit in package.units:
        path, _, line = unit.place.rpartition(":")
        entry = polib.POEntry(msgctxt=unit.name, msgid=unit.source, msgstr=unit.target)
        entry.occurrences = [(_ISOLATED.format(path) if " " in path else path, line)]
        entry.flags = ["fuzzy"] if unit.target and not unit.done else []
        made.append(entry)
    return f"{made}\n".encode()


def read(text: str, path: Path) -> Package:
    """Return the package of a PO file; raises HandoutError for what is none, and without polib."""
    polib = _polib()
    try:
        made = polib.pofile(text + "\n")  # a text that is the name of a file would be taken for it
    except (OSError, ValueError, IndexError, KeyError) as error:
        found = _LINE.search(str(error))
        hint = "save it as PO in the program that it was translated with"
        raise HandoutError(
            [Problem("exchange", "this is no PO file", path, int(found[1]) if found else 0, hint)]
        ) from error
    units = tuple(_unit(entry) for entry in made if not entry.obsolete)
    said = made.metadata
    return Package(
        str(said.get(_SOURCE, "")), str(said.get(_TARGET, "")), units, " ".join(str(said.get(_REVIEWED, "")).split())
    )


def _unit(entry: Any) -> Unit:
    done = bool(entry.msgstr) and not entry.fuzzy
    return Unit(entry.msgctxt or "", entry.msgid, entry.msgstr, done, line=entry.linenum)


def _polib() -> Any:
    """Return the library; raises HandoutError where it is not installed."""
    try:
        import polib  # noqa: PLC0415  # an extra
    except ImportError as error:
        hint = 'pip install "handout-builder[translate]"; or take XLIFF (.xlf), which needs nothing more'
        raise HandoutError(
            [Problem("exchange", "PO files need the package polib", Path("make_handout.py"), hint=hint)]
        ) from error
    return polib
