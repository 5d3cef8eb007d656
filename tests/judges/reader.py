"""Reading systems: what a reader sees of a book, page after page, and what does not fit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import node


def screenshots(book: Path, folder: Path, *options: str) -> list[Path]:
    """Return a picture of each page; the options are those of tests/node/read.mjs."""
    run = node.run("read.mjs", str(book), str(folder), *options)
    assert run.returncode == 0, f"the reader failed: {run.stdout}{run.stderr}"
    return sorted(folder.glob("*.png"))


def reflow(*books: Path, widths: Sequence[int] = ()) -> list[dict[str, Any]]:
    """Return what tests/node/reflow.mjs says of books in foliate-js and epub.js, at all its widths or at some (px)."""
    chosen = [f"--widths={','.join(map(str, widths))}"] if widths else []
    run = node.run("reflow.mjs", *chosen, *map(str, books))
    assert run.returncode == 0, f"a reader failed: {run.stderr}"
    return [json.loads(line) for line in run.stdout.splitlines()]
