"""Where this process puts copies that were made elsewhere: files, archives of batches, or a store."""

import io
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

from handout_builder.copies import private_files
from handout_builder.copies.outcome import Outcome
from handout_builder.copies.rows import Row
from handout_builder.copies.store import Store
from handout_builder.copies.worker import REFERENCE, Work, write_copy

Pack = Literal["", "tar", "zip"]
"""What batches of copies are packed as; "" for a file each."""
PACKS: tuple[Pack, ...] = ("tar", "zip")
# Archives have the same bytes whenever they are made: the first day that ZIP knows.
_DAY = (1980, 1, 1, 0, 0, 0)
Batch = Sequence[tuple[int, Row]]


class Shelf(Protocol):
    """Takes copies."""

    def add(self, batch: Batch, outcomes: Sequence[Outcome]) -> None:
        """Put the copies of a batch where they belong; raises OSError or HandoutError."""


class Files:
    """A file each, in the folder of the run."""

    def __init__(self, work: Work, templates: Sequence[bytes]) -> None:
        self._work, self._templates = work, templates
        self._part = private_files.part_name()

    def add(self, batch: Batch, outcomes: Sequence[Outcome]) -> None:
        """Write the files."""
        for (kind, row), outcome in zip(batch, outcomes, strict=True):
            if outcome.data:
                head = b"" if outcome.whole else self._templates[kind]
                write_copy(self._work, kind, row, self._part, head, outcome.data)


class InStore:
    """A store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, batch: Batch, outcomes: Sequence[Outcome]) -> None:
        """Add the copies."""
        self._store.add(outcomes, {row.number: kind for kind, row in batch})


class Packed:
    """An archive for each batch, called by its first row and its last."""

    def __init__(self, work: Work, templates: Sequence[bytes], pack: Pack) -> None:
        self._work, self._templates, self._pack = work, templates, pack

    def add(self, batch: Batch, outcomes: Sequence[Outcome]) -> None:
        """Write the archive of a batch."""
        files: list[tuple[str, bytes]] = []
        for (kind, row), outcome in zip(batch, outcomes, strict=True):
            if outcome.data:
                pdf = outcome.data if outcome.whole else self._templates[kind] + outcome.data
                stem = self._work.stem(row)
                files.append((f"{stem}.pdf", pdf))
                if self._work.referenced:
                    files.append((f"{stem}{REFERENCE}", self._work.reference(kind, row, pdf)))
        assert self._work.folder
        path = self._work.folder / archive(batch[0][1].number, batch[-1][1].number, self._work.digits, self._pack)
        packed = _tar(files) if self._pack == "tar" else _zip(files)
        private_files.replace(self._work.folder / private_files.part_name(), path, packed)


def archive(first: int, last: int, digits: int, pack: Pack) -> str:
    """Return what the archive of a batch is called, by the numbers of its first row and its last."""
    return f"{first:0{digits}}-{last:0{digits}}.{pack}"


def unpacked(path: Path) -> dict[str, bytes]:
    """Return the files of an archive by name; raises OSError, and ValueError for what is no archive."""
    data = path.read_bytes()
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(io.BytesIO(data)) as archived:
                return {name: archived.read(name) for name in archived.namelist()}
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
            found = ((member.name, tar.extractfile(member)) for member in tar)
            return {name: file.read() for name, file in found if file}
    except (zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise ValueError(str(error)) from error


def _tar(files: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, data in files:
            head = tarfile.TarInfo(name)
            head.size, head.mode = len(data), private_files.MODE
            tar.addfile(head, io.BytesIO(data))
    return out.getvalue()


def _zip(files: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archived:  # PDFs are compressed already
        for name, data in files:
            head = zipfile.ZipInfo(name, _DAY)
            head.external_attr = private_files.MODE << 16
            archived.writestr(head, data)
    return out.getvalue()
