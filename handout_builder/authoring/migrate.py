"""``migrate``: files of earlier versions, rewritten as they are written today."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from handout_builder import source_files
from handout_builder.atomic_files import rewrite_all
from handout_builder.authoring.migrations import migrated
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.errors import HandoutError, Problem

_ENDING = ".yaml"


def migrate(root: Path, names: Sequence[str], *, write: bool = True) -> Mapping[Path, Sequence[str]]:
    """Rewrite files; return what was done to each that was changed, or, without ``write``, what would be.

    ``names`` are files, folders, or handouts in ``root``; without any it is all of ``root``. Raises HandoutError with
    every file that cannot be read, and then writes nothing.
    """
    with source_files.recording():
        return _migrated(root, names, write=write)


def _migrated(root: Path, names: Sequence[str], *, write: bool) -> Mapping[Path, Sequence[str]]:
    made: dict[Path, bytes] = {}
    done: dict[Path, Sequence[str]] = {}
    problems: list[Problem] = []
    for path in _files(root, names):
        try:
            before = read_yaml(path)
            after, told = migrated(before)
        except HandoutError as error:
            problems += error.problems
            continue
        if after.text != before.text:
            made[path], done[path] = after.text.encode(), told
    if problems:
        raise HandoutError(problems)
    if write:
        rewrite_all(made)
    return done


def _files(root: Path, names: Sequence[str]) -> Iterable[Path]:
    """Return the YAML files that are meant, each once; raises HandoutError for a name of nothing."""
    found: dict[Path, None] = {}
    for name in names or [str(root)]:
        path = next((path for path in (Path(name), root / name) if source_files.exists(path)), None)
        if path is None:
            hint = "give a file, a folder, or the name of a handout"
            raise HandoutError([Problem("unreadable", "there is nothing of this name", Path(name), hint=hint)])
        if not source_files.is_folder(path) and not source_files.is_file(path):
            raise HandoutError([Problem("unreadable", "this is no file", path, hint="give a file or a folder")])
        inside = sorted(path.rglob(f"*{_ENDING}")) if path.is_dir() else [path]
        found |= dict.fromkeys(file for file in inside if file.is_file())
    return found
