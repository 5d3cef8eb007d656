"""Fixtures that several test files share."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAME, LANG = "chronic-back-pain", "en"


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


@dataclass(frozen=True)
class Project:
    """A copy of source/ that a test may spoil."""

    top: Path
    """The folder that holds source/; commands run here find the copy."""

    @property
    def folder(self) -> Path:
        """The handout's folder."""
        return self.top / "source" / NAME

    @property
    def text(self) -> Path:
        """The handout's text."""
        return self.folder / f"{LANG}.yaml"

    def edit(self, old: str, new: str, path: Path | None = None) -> None:
        """Replace `old`, which must occur, by `new` in the text, or in another file of the copy."""
        path = path or self.text
        text = path.read_text("utf-8")
        assert old in text, f"{path.name} holds no {old!r}"
        path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of source/ in the test's own folder."""
    shutil.copytree(ROOT / "source", tmp_path / "source")
    return Project(tmp_path)
