"""Pango on Windows, from a package: what WeasyPrint is told there, with a package that has its layout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.project import ROOT

TOLD = """
import os
from handout_builder.engine import weasyprint_copy
weasyprint_copy._WINDOWS = {windows}
folders = []
os.add_dll_directory = folders.append
weasyprint_copy.load(fast=False)
print(*folders, sep="\\n")
print(os.environ.get("WEASYPRINT_DLL_DIRECTORIES"))
"""


def told(packages: Path, own: str = "", *, windows: bool = True) -> list[str]:
    """Return the folders in which WeasyPrint lets Windows look, then what is left in the environment."""
    said = {"WEASYPRINT_DLL_DIRECTORIES": own} if own else {}
    done = subprocess.run(
        [sys.executable, "-c", TOLD.format(windows=windows)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(packages)))} | said,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """What pip makes of the wheel gstreamer-libs; nothing of it is run."""
    (tmp_path / "gstreamer_libs" / "bin").mkdir(parents=True)
    (tmp_path / "gstreamer_libs" / "__init__.py").write_text("raise AssertionError", "utf-8")
    return tmp_path


def test_the_libraries_of_the_package_are_found(package: Path) -> None:
    assert told(package) == [str(package / "gstreamer_libs" / "bin"), "None"]


def test_what_the_user_says_holds(package: Path) -> None:
    assert told(package, "C:/own;D:/other") == ["C:/own", "D:/other", "C:/own;D:/other"]


def test_without_the_package_the_usual_folders_are_tried(tmp_path: Path) -> None:
    assert "C:\\msys64\\ucrt64\\bin" in told(tmp_path)


def test_other_systems_have_libraries_of_their_own(package: Path) -> None:
    assert str(package / "gstreamer_libs" / "bin") not in told(package, windows=False)
