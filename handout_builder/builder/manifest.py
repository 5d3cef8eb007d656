"""What a shard of a build has made, in its folder: ``.manifest.json``; shards joined, and the whole proved.

A manifest says which part of which whole it is, what it was made by (``surroundings``), and has the digest of each
file. The program makes the same bytes of the same sources wherever it runs, so that shards of one whole that were made
by the same program are what one machine makes; ``verify`` proves all of that but the sources, which a sample does.
"""

import contextlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from handout_builder import source_files
from handout_builder.atomic_files import write_all
from handout_builder.builder.fingerprints import text_digest
from handout_builder.builder.inputs import inside
from handout_builder.builder.record import NAME as RECORD
from handout_builder.builder.record import Record
from handout_builder.builder.surroundings import Surroundings, differences, surroundings
from handout_builder.errors import HandoutError, Problem, cannot_write
from handout_builder.orders import Order
from handout_builder.shards import Shard

NAME = ".manifest.json"
_FORMAT = 1
Parts = Mapping[str, Mapping[str, str]]
"""The files of each order by its name: their digests by path."""

_AGAIN = "build that shard again, and merge anew"


@dataclass(frozen=True)
class Manifest:
    """What a shard has made, or the whole."""

    asked: str
    """The digest of all orders of the whole, and of how they are made."""
    orders: int
    """How many these are."""
    shard: Shard
    parts: Parts = field(repr=False)
    surroundings: Surroundings


def of_build(orders: Sequence[Order], options: Mapping[str, object], shard: Shard, parts: Parts) -> Manifest:
    """Return the manifest of a shard; ``orders`` are those of the whole."""
    asked = sorted(
        repr((order.name, [edition.name for edition in order.editions], order.standard, order.look and order.look.name))
        for order in orders
    )
    return Manifest(text_digest([asked, options]), len({order.name for order in orders}), shard, parts, surroundings())


def write(folder: Path, manifest: Manifest) -> None:
    """Write a manifest; raises HandoutError."""
    write_all({folder / NAME: json.dumps({"format": _FORMAT, **asdict(manifest)}, sort_keys=True).encode() + b"\n"})


def remove(folder: Path) -> None:
    """Remove a manifest that does not hold any longer."""
    with contextlib.suppress(FileNotFoundError):
        (folder / NAME).unlink()


def read(folder: Path) -> Manifest:
    """Return the manifest of a folder; raises HandoutError where there is none."""
    try:
        value: dict[str, Any] = source_files.read_json(folder / NAME)
        if value.pop("format") == _FORMAT:
            found = Manifest(**{**value, "shard": Shard(**value["shard"])})
            _check(folder, found)
            return found
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        pass
    hint = "a shard is finished when it has one: build --shard 1/64 --out DIR"
    raise HandoutError([Problem("no-shard", f"the folder has no {NAME} that holds", folder, hint=hint)])


def _check(folder: Path, found: Manifest) -> None:
    """Raise ValueError, TypeError or AttributeError for what no build has written."""
    found.shard.check()
    if type(found.orders) is not int or found.orders < 0:
        raise TypeError(found.orders)
    texts = [found.asked, *found.parts, *found.surroundings.keys(), *found.surroundings.values()]
    for path, digest in _files(found):
        inside(folder, path)
        texts += [path, digest]
    for text in texts:
        text.encode()  # no text, or half of a character


def merge(folders: Sequence[Path], out: Path) -> int:
    """Join the shards of a whole in a new folder, and return how many files it has.

    Files are linked where the file system can, else copied; shards stay as they are. Raises HandoutError for shards
    that are no whole, and for files that are not what was made.
    """
    found = {folder: read(folder) for folder in folders}
    if problems := list(_apart(found)):
        raise HandoutError(problems)
    new_folder(out)
    record = Record(out)
    count = 0
    for folder, manifest in found.items():
        for path, digest in _files(manifest):
            if source_files.state(folder / path, source_files.MOST_OUTPUT) != digest:
                raise HandoutError(
                    [Problem("verify", "this is not the file that was made", folder / path, hint=_AGAIN)]
                )
            link(folder / path, out / path)
            count += 1
        own = Record.read(folder)
        record.targets |= own.targets
        record.texts |= own.texts
    record.save()
    parts = {name: files for manifest in found.values() for name, files in manifest.parts.items()}
    write(out, replace(next(iter(found.values())), shard=Shard(), parts=parts))
    return count


def verify(folder: Path) -> tuple[int, list[Problem]]:
    """Return how many files a whole has, and what is wrong with it; raises HandoutError where there is no manifest."""
    from handout_builder.builder import index, release_lock  # noqa: PLC0415  # models, which a build may not need

    manifest = read(folder)
    problems = list(_apart({folder: manifest}))
    beside = (NAME, RECORD, index.NAME, release_lock.NAME)
    known = dict(_files(manifest))
    for name, digest in known.items():
        state = source_files.state(folder / name, source_files.MOST_OUTPUT)
        if state != digest:
            what = "the file is missing" if state == source_files.NO_FILE else "this is not the file that was made"
            problems.append(Problem("verify", what, folder / name, hint=_AGAIN))
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in known and name not in beside:
            problems.append(Problem("verify", "no shard has made this file", path, hint="remove it"))
    return len(known), problems


def _files(manifest: Manifest) -> Iterator[tuple[str, str]]:
    for files in manifest.parts.values():
        yield from files.items()


def _apart(found: Mapping[Path, Manifest]) -> Iterator[Problem]:
    """Yield why shards are no whole: of another one, missing, there twice, or made by another program."""
    (first_folder, first), *_ = found.items()
    for folder, manifest in found.items():
        if (manifest.asked, manifest.shard.count) != (first.asked, first.shard.count):
            hint = "merge the shards of one command; give this one's again with the words of the others"
            yield Problem("shard", f"this shard belongs to a different build than {first_folder}", folder, hint=hint)
        elif other := differences(first.surroundings, manifest.surroundings):
            message = f"this was made by a program with other {', '.join(other)} than {first_folder}"
            yield Problem("shard", message, folder, hint="make it again, with the same image")
        for name in manifest.parts:
            if not manifest.shard.holds(name):
                yield Problem("shard", f"'{name}' does not belong to this shard", folder, hint=_AGAIN)
    yield from missing([manifest.shard for manifest in found.values()], first_folder)
    names = [name for manifest in found.values() for name in manifest.parts]
    if len({*names}) != len(names) or (len(names) != first.orders and first.shard.count == len(found)):
        message = f"{len({*names})} of {first.orders} products are there once"
        yield Problem("shard", message, first_folder, hint=_AGAIN)


def missing(shards: Iterable[Shard], folder: Path) -> Iterator[Problem]:
    """Yield which shards of a whole are not there, or more than once."""
    found = [*shards]
    numbers = [shard.number for shard in found]
    for number in sorted({*range(1, found[0].count + 1)} - {*numbers})[:100]:
        hint = f"make it with --shard {number}/{found[0].count}, then merge all"
        yield Problem("shard", f"shard {number} of {found[0].count} is not there", folder, hint=hint)
    for number in sorted(number for number, count in Counter(numbers).items() if count > 1):
        hint = "leave one of the two folders out"
        yield Problem("shard", f"shard {number} of {found[0].count} is there twice", folder, hint=hint)


def new_folder(folder: Path) -> None:
    """Make a folder that is new or empty; raises HandoutError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            message = "the folder is not empty"
            raise HandoutError([Problem("exists", message, folder, hint="choose another one with --out")])
    except OSError as error:
        raise cannot_write(folder, error) from error


def link(old: Path, new: Path) -> None:
    """Give a file a second name, or copy it where that is not possible; raises HandoutError."""
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(old, new, follow_symlinks=False)
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):
            shutil.copy2(old, new, follow_symlinks=False)
    except OSError as error:
        raise cannot_write(new, error) from error
