"""Fixtures that several test files share."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers.project import LANG, NAME, ROOT, Project


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The first handout, built once: `pdf` and `epub` are the paths of its files."""
    from handout_builder.builder.incremental import build
    from handout_builder.orders import Order

    out = tmp_path_factory.mktemp("built")
    build([Order(ROOT / "source" / NAME, LANG)], out)
    return SimpleNamespace(pdf=out / f"{NAME}.{LANG}.pdf", epub=out / f"{NAME}.{LANG}.epub")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of source/ in the test's own folder."""
    shutil.copytree(ROOT / "source", tmp_path / "source")
    return Project(tmp_path)
