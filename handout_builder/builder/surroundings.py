"""Digests, by name, of everything except the sources that determines a product's bytes.

Each part is digested whole, fonts too: a worker does it once, and a file that was damaged on one machine is found.
"""

import os
import sys
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from handout_builder import source_files
from handout_builder.builder.fingerprints import code, digest, libraries, packages, text_digest
from handout_builder.resources import ENGINE, EPOCH, FONTS, LAYOUTS, SOURCE

Surroundings = Mapping[str, str]
"""The digest of each part by its name, as ``differences`` tells it."""


def surroundings() -> Surroundings:
    """Return what decides the bytes of products in this process."""
    return {**_installed(), "environment": text_digest([os.environ.get(name) for name in (EPOCH, ENGINE)])}


@cache
def _installed() -> Surroundings:
    """Return what does not change while a process lives."""
    return {
        "program": code(),
        "Python": text_digest([sys.version, zlib.ZLIB_RUNTIME_VERSION]),
        "packages": text_digest(packages()),
        "libraries": text_digest([sys.platform, libraries()]),
        "compression": _compression(),
        "fonts": _folder(FONTS, FONTS.glob("*.*")),
        "layouts": _folder(LAYOUTS, LAYOUTS.rglob("*.*")),
        "catalogue": _folder(SOURCE, (path for name in ("points", "shared") for path in (SOURCE / name).rglob("*.*"))),
    }


def differences(wanted: Surroundings, here: Surroundings) -> tuple[str, ...]:
    """Return the names of the parts in which two differ, sorted."""
    return tuple(sorted(name for name in {*wanted, *here} if wanted.get(name) != here.get(name)))


def _compression() -> str:
    """Return the digest of compressed bytes: ISA-L has other ones on other processors, as have some kinds of zlib."""
    data = b" ".join(b"%d" % (number * number) for number in range(20_000))
    packed = [zlib.compress(data, level) for level in (1, 6, 9)]
    with suppress(ImportError):
        from isal import isal_zlib  # noqa: PLC0415  # an extra

        packed.append(bytes(isal_zlib.compress(data, 2)))
    return text_digest([digest(one) for one in packed])


def _folder(root: Path, paths: Iterable[Path]) -> str:
    files = (path for path in paths if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".py")
    return text_digest(sorted((path.relative_to(root).as_posix(), source_files.state(path)) for path in files))
