"""Programs that neither pip nor npm brings: those that give a second opinion on PDFs, strace, calibre, a Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from helpers.processes import HANGS

from . import need

CHROMIUMS = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Without what a browser has around its pages, each window takes half."""


def find(name: str) -> str:
    """Return where a program is; skip the test (fail it in CI) where it is not installed.

    "chromium" is the browser named by $CHROMIUM, or the first one on PATH.
    """
    if name == "chromium":
        named = os.environ.get("CHROMIUM")
        path = shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUMS)), None)
        need(path is not None, "a Chromium", "sh .ci/test-tools.sh chromium, or name yours in $CHROMIUM")
    elif name == "ebook-convert":
        path = shutil.which(name)
        if path is None:  # half a gigabyte: .ci/run has a part of its own for it
            pytest.skip("calibre is missing; to have it: apt-get install calibre")
    else:
        path = shutil.which(name)
        need(path is not None, name, "sh .ci/test-tools.sh")
    assert path is not None
    return path


def run(name: str, *arguments: object) -> str:
    """Return what a program prints; skip the test (fail it in CI) when it is not installed."""
    command = [find(name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANGS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
