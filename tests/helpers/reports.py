"""Reports of the program beside those that were read and kept."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import pytest


def compare(reported: str, expected: Path) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(reported, "utf-8", newline="\n")
    wanted = expected.read_text("utf-8")
    if reported != wanted:
        name = f"{expected.parent.name}/{expected.name}"
        lines = difflib.unified_diff(wanted.splitlines(), reported.splitlines(), name, "reported", lineterm="")
        pytest.fail("\n".join(lines), pytrace=False)
