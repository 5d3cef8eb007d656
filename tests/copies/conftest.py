"""What tests of copies have in common."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from handout_builder.copies import kinds
from handout_builder.copies.template import Template, compiled
from handout_builder.progress import Progress, silent
from handout_builder.render.product import Product

_KNOWN: dict[tuple[object, ...], Template] = {}


def _digest(folder: Path) -> str:
    """Return the digest of all files in a folder."""
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def _compiled_once(product: Product, progress: Progress = silent) -> Template:
    source = product.source
    key = (
        _digest(source.folder.parent),
        source.name,
        source.lang,
        product.brand and product.brand.name,
        product.edition,
    )
    if key not in _KNOWN:
        _KNOWN[key] = compiled(product, progress)
    return _KNOWN[key]


@pytest.fixture(autouse=True)
def _templates_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the template of a project's files once a process: nearly all tests here make copies of the same handout."""
    monkeypatch.setattr(kinds, "compiled", _compiled_once)
