"""Programs of the system that give a second opinion on a PDF: Poppler, MuPDF and Ghostscript."""

from __future__ import annotations

import shutil
import subprocess

from helpers.processes import HANGS

from . import need


def run(name: str, *arguments: object) -> str:
    """Return what a program prints; skip the test (fail it in CI) when it is not installed."""
    need(shutil.which(name) is not None, name, "sh .ci/test-tools.sh")
    command = [name, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANGS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
