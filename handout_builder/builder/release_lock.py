"""The lock of a release, beside its files: what they are, made of what and with what, to make them again.

Years later it tells whether files are those that were given out, and, where the same text gives other bytes, what has
changed: the program, the engine, a library, a font or a source file. It may be given out with the files: nothing in it
tells where folders lie, but for the names that were typed.
"""

import hashlib
import json
import os
import platform
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from handout_builder import source_files
from handout_builder.atomic_files import write_all
from handout_builder.builder import inputs
from handout_builder.builder.fingerprints import code, layouts, libraries
from handout_builder.builder.index import NAME as INDEX
from handout_builder.builder.record import Record
from handout_builder.engine.session import session
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.resources import EPOCH, FONTS
from handout_builder.version import VERSION

NAME = "handouts.lock.json"
"""What the file is called, in the folder of the release."""
PACKAGES = (
    "brotli",
    "budoux",
    "coloraide",
    "cssselect2",
    "ebooklib",
    "fonttools",
    "jinja2",
    "lxml",
    "markdown-it-py",
    "markupsafe",
    "mdit-py-plugins",
    "mdurl",
    "pikepdf",
    "pillow",
    "pydantic",
    "pydantic-core",
    "pydyf",
    "pypdfium2",
    "pyphen",
    "pyyaml",
    "segno",
    "tinycss2",
    "tinyhtml5",
    "uharfbuzz",
    "weasyprint",
    "webencodings",
)
"""The packages that files are made with; a test holds them against what pyproject.toml and WeasyPrint ask for."""
_FORM = 1
_MOST_BYTES = 20_000_000


class Difference(NamedTuple):
    """What is not as the lock has it."""

    kind: str
    """output, program, python, engine, package, library, font, input or environment."""
    name: str
    locked: str
    now: str

    def __str__(self) -> str:
        what = f"{self.kind} {self.name}".rstrip()
        if len({self.locked[:8], self.now[:8]}) == 1:
            return f"{what}: a different build of the same version"
        return f"{what}: {_short(self.locked)} then, {_short(self.now)} now"


def lock(out: Path, paths: Iterable[Path], words: Sequence[str]) -> Path:
    """Write the lock of the files of a build into its folder; return its path.

    ``words`` are those of the command line that made them. Raises HandoutError where a file is not what the record of
    the build says, or the lock cannot be written.
    """
    record = Record.read(out)
    made = {name: entry for entry in record.targets.values() for name in entry.files}
    outputs: dict[str, Any] = {}
    for path in sorted(paths):
        name = path.relative_to(out).as_posix()
        digest = source_files.state(path, source_files.MOST_OUTPUT)
        if name == INDEX:  # which tells of the others
            outputs[name] = {"sha256": digest, "bytes": path.stat().st_size, "inputs": {}}
            continue
        if name not in made or made[name].files[name] != digest:
            hint = "build it again: make_handout.py --rebuild"
            raise HandoutError([Problem("lock", "this file is not what was built", path, hint=hint)])
        entry = made[name].made
        outputs[name] = {"sha256": digest, "bytes": path.stat().st_size, "inputs": dict(entry.files)}
        if entry.rows:
            outputs[name]["inputs"]["points"] = entry.rows
    value = {"form": _FORM, "words": [*words], "made_with": made_with(), "outputs": outputs}
    path = out / NAME
    write_all({path: (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()})
    return path


def made_with() -> dict[str, dict[str, str]]:
    """Return what files are made with here, by kind and name: versions, with digests where there are any.

    Raises HandoutError where WeasyPrint cannot start.
    """
    with session() as engine:
        way = "plain" if engine.plain else "fast"
    return {
        "program": {"": f"{VERSION} {code()}", "layouts": layouts()},
        "python": {"": f"{platform.python_implementation()} {platform.python_version()}"},
        "system": {"": f"{sys.platform} {platform.machine()}"},
        "engine": {"": way},
        "environment": {name: value for name in (EPOCH,) if (value := os.environ.get(name))},
        "package": {name: _package(name) for name in PACKAGES},
        "library": {"zlib": zlib.ZLIB_RUNTIME_VERSION}
        | {name: f"{version or '?'} {_loaded(name)}".rstrip() for name, version in libraries().items()},
        "font": {path.name: source_files.state(path, source_files.MOST_OUTPUT) for path in sorted(FONTS.glob("*.ttf"))},
    }


def read(folder: Path) -> dict[str, Any]:
    """Return the lock in a folder; raises HandoutError where there is none that this program can read."""
    path = folder / NAME
    try:
        value = json.loads(source_files.read(path, _MOST_BYTES))
        if value["form"] > _FORM:
            raise HandoutError(
                [Problem("lock", "a newer version of the program has written it", path, hint="take that version")]
            )
        _check(value)
    except OSError as error:
        hint = "make one with: make_handout.py lock"
        raise HandoutError([Problem("lock", f"it cannot be read: {error.strerror}", path, hint=hint)]) from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        hint = "make it anew with: make_handout.py lock"
        raise HandoutError([Problem("lock", "this is no lock of a release", path, hint=hint)]) from error
    return dict(value)


def verify(folder: Path) -> list[Problem]:
    """Return what is wrong with the files of a release: those that are not as its lock has them.

    Where there are any, notes tell what else differs from where it was made. Raises HandoutError as ``read``.
    """
    locked = read(folder)
    found = [*_outputs(folder, locked)]
    return [*found, *_surroundings(folder, locked)] if found else []


def verify_again(folder: Path, build: Callable[[Path], object], again: Path) -> list[Problem]:
    """Return what is wrong with a release that is built again: files whose bytes differ now, and all that may be why.

    ``build`` builds into the folder ``again``, which is empty. Raises HandoutError as ``read`` and ``build`` do.
    """
    locked = read(folder)
    build(again)
    found = [*_outputs(again, locked, shown=folder)]
    if not found:
        return []
    now = Record.read(again)
    made = {name: entry.made for entry in now.targets.values() for name in entry.files}
    changed: dict[Difference, None] = {}
    for name, output in locked["outputs"].items():
        if name in made:
            files = dict(made[name].files) | ({"points": made[name].rows} if made[name].rows else {})
            changed |= dict.fromkeys(_differences("input", output["inputs"], files))
    path = folder / NAME
    inputs_told = [Problem("lock-made-with", str(one), path, 0, _AS_IT_WAS, Severity.NOTE) for one in changed]
    return [*found, *_surroundings(folder, locked), *inputs_told]


def _outputs(folder: Path, locked: Mapping[str, Any], *, shown: Path | None = None) -> Iterator[Problem]:
    for name, output in locked["outputs"].items():
        path = inputs.inside(folder, name)
        state = source_files.state(path, source_files.MOST_OUTPUT)
        if state == output["sha256"]:
            continue
        at = inputs.inside(shown or folder, name)
        if path.is_file():
            size = path.stat().st_size
            yield Problem("lock-differs", f"it has other bytes: {size:,} now, {output['bytes']:,} then", at, hint=_WHY)
        else:
            yield Problem("lock-differs", "it is not there", at, hint=_WHY)


_WHY = "the notes tell what else differs; if it is meant so, lock anew"


def _surroundings(folder: Path, locked: Mapping[str, Any]) -> Iterator[Problem]:
    now = made_with()
    for kind, values in locked["made_with"].items():
        for difference in _differences(kind, values, now.get(kind, {})):
            yield Problem("lock-made-with", str(difference), folder / NAME, 0, _AS_IT_WAS, Severity.NOTE)


_AS_IT_WAS = "have it as it was, to get the same bytes"


def _differences(kind: str, locked: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    for name in sorted({*locked, *now}):
        before, after = locked.get(name, "missing"), now.get(name, "missing")
        if before != after:
            yield Difference(kind, name, before, after)


def _short(value: str) -> str:
    """Return a version with the beginning of its digest, which tells apart what has the same version."""
    *head, last = value.split(" ")
    digest = len(last) == hashlib.sha256().digest_size * 2
    return " ".join([*head, last[:12] if digest else last])


def _check(value: Any) -> None:
    """Raise ValueError, TypeError, LookupError or AttributeError for what is no lock."""
    texts = [*value["words"]]
    for values in value["made_with"].values():
        texts += [*values.keys(), *values.values()]
    for name, output in value["outputs"].items():
        inputs.inside(Path(), name)
        texts += [output["sha256"], *output["inputs"].keys(), *output["inputs"].values()]
        if type(output["bytes"]) is not int:
            raise TypeError(output)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError(value)


def _package(name: str) -> str:
    """Return a package's version, and the digest of its files; "missing" where it is not there."""
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return "missing"
    # What an installation adds, compiled modules and its own notes, is left out.
    rows = sorted(
        row
        for row in (found.read_text("RECORD") or "").splitlines()
        if "sha256=" in row and ".dist-info/" not in row and not row.split(",")[0].startswith("../")
    )
    return f"{found.version} {hashlib.sha256(chr(10).join(rows).encode()).hexdigest()}"


def _loaded(name: str) -> str:
    """Return the digest of a library's file, "" where the system does not tell which one was loaded (Linux does)."""
    try:
        rows = Path("/proc/self/maps").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    paths = sorted({row[row.index("/") :] for row in rows if "/" in row})
    found = next((path for path in paths if Path(path).name.startswith(name)), "")
    return source_files.state(Path(found), source_files.MOST_OUTPUT) if found else ""
