"""Names of files hold anywhere, and lead nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from handout_builder.builder import inputs
from handout_builder.orders import Order
from handout_builder.resources import LAYOUTS


def test_a_file_is_called_by_the_innermost_folder_that_holds_it(tmp_path: Path) -> None:
    order = Order(tmp_path / "source" / "neck", "en", tmp_path / "source" / "brands" / "clinic")
    for name, path in (
        ("brand/logo.svg", tmp_path / "source/brands/clinic/logo.svg"),
        ("handout/en.yaml", tmp_path / "source/neck/en.yaml"),
        ("source/shared/en.yaml", tmp_path / "source/shared/en.yaml"),
        ("handout", tmp_path / "source/neck"),
        ("program/layouts/print.css", LAYOUTS / "print.css"),
    ):
        assert inputs.name_of(path, order) == name
        assert inputs.path_of(name, order) == path
    assert inputs.named({tmp_path / "elsewhere": "1"}, order) is None
    assert inputs.named({tmp_path / "source/neck/../../elsewhere": "1"}, order) is None


@pytest.mark.parametrize("name", ["nowhere/a", "", "handout/../a", "handout/a\\b", "handout/a\0b"])
def test_what_is_no_name_leads_nowhere(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r".*"):
        inputs.path_of(name, Order(tmp_path / "source" / "neck", "en"))
