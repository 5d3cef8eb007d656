"""Files that somebody gives to the studio: looked at in a process with limits, then put beside a draft's file."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from handout_builder.atomic_files import IN_PLACE, write_all
from handout_builder.errors import HandoutError, Problem, cannot_write

T = TypeVar("T")


def looked_at(look: Callable[[Path], T], name: str, data: bytes) -> T:
    """Return what a function finds in a stranger's file, in a process with limits; raises HandoutError."""
    from handout_builder.builder import pool  # noqa: PLC0415  # a start need not wait for it
    from handout_builder.builder.limits import Limits  # noqa: PLC0415

    with put_down(name, data) as path:
        (found,) = pool.each(look, [path], Limits())
    if isinstance(found, HandoutError):
        raise found
    return found


@contextlib.contextmanager
def put_down(name: str, data: bytes) -> Iterator[Path]:
    """Give a file in a temporary folder, which is there inside only; raises HandoutError where there is no room."""
    with contextlib.ExitStack() as stack:
        try:
            path = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)), name)
            path.write_bytes(data)
        except OSError as error:
            raise cannot_write(Path(name), error, "make room in the temporary folder, and give it again") from error
        yield path


def stored(folder: Path, name: str, data: bytes) -> str:
    """Put a file into a folder, under its name or, where another one has it, one that is free; return the name.

    Raises HandoutError where it cannot be written.
    """
    stem, _, ending = name.rpartition(".")
    for number in range(1, 100):
        free = f"{stem}.{ending}" if number == 1 else f"{stem}-{number}.{ending}"
        path = folder / free
        if not path.exists():
            write_all({path: data}, hint=IN_PLACE)
            return free
        if path.is_file() and path.read_bytes() == data:
            return free
    hint = "give the file another name"
    raise HandoutError([Problem("exists", "there are too many files of this name", folder / name, hint=hint)])


def usable_picture(path: Path) -> str:
    """Return under which name a handout keeps a picture; raises HandoutError for one that cannot be used."""
    from handout_builder.intake.pictures import Pictures  # noqa: PLC0415  # a start need not wait for it

    name, reason = Pictures(path.parent, {}).kept(path.name)
    if not name:
        hint = "PNG, JPEG, WebP or AVIF, or a drawing in SVG"
        raise HandoutError([Problem("broken-image", f"the picture cannot be used: {reason}", path, hint=hint)])
    return name
