"""make: what it sets up is its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from helpers.project import ROOT

# Makes environments as Python does, with a Python in them that installs nothing.
PYTHON = """#!/bin/sh
set -eu
case "$*" in
*--clear*) rm -rf .venv/* ;;
esac
case "$*" in
"-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
esac
"""


def test_an_environment_behind_a_link_is_left_alone(tmp_path: Path) -> None:
    others = tmp_path / "others"
    others.mkdir()
    (others / "package.py").write_text("kept", "utf-8")
    clone = tmp_path / "clone"
    (clone / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", clone)
    (clone / ".ci" / "system-libraries.sh").touch()
    (clone / "requirements").mkdir()
    (clone / "requirements" / "runtime.lock").touch()
    python = tmp_path / "python"
    python.write_text(PYTHON, "utf-8")
    python.chmod(0o755)
    (clone / ".venv").symlink_to(others)
    subprocess.run(["make", "--silent", ".venv/ready", f"PYTHON={python}"], cwd=clone, check=True, timeout=60)
    assert [path.name for path in others.iterdir()] == ["package.py"]
    assert (clone / ".venv" / "ready").is_file()
    assert not (clone / ".venv").is_symlink()
