"""What tests of visits have in common."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.project import SOURCE, common

from handout_builder.content.loader import Common
from handout_builder.visit import reader


def _common_of(root: Path, lang: str) -> Common:
    assert root == SOURCE
    return common(lang)


@pytest.fixture(autouse=True)
def _the_catalogue_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read what all sheets of a language share once a process: it takes longer than to check a visit."""
    monkeypatch.setattr(reader, "load_common", _common_of)
    monkeypatch.setattr("handout_builder.visit.sheet.load_common", _common_of)
