"""A reading system: what a reader sees of a book, page after page."""

from __future__ import annotations

from pathlib import Path

from . import node


def screenshots(book: Path, folder: Path, *options: str) -> list[Path]:
    """Return a picture of each page; the options are those of tests/node/read.mjs."""
    run = node.run("read.mjs", str(book), str(folder), *options)
    assert run.returncode == 0, f"the reader failed: {run.stdout}{run.stderr}"
    return sorted(folder.glob("*.png"))
