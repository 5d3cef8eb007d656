"""Node, the packages of tests/node, and a Chromium: what Ace and the reading system stand on."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from . import need

FOLDER = Path(__file__).resolve().parents[1] / "node"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Return the browser named by $CHROMIUM, or the first one on PATH."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUMS)), None)


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script of tests/node; skip the test (fail it in CI) when something is not installed."""
    program, browser = shutil.which("node"), chromium()
    need(program is not None, "node (version 18 or later)")
    need(browser is not None, "a Chromium (name it in $CHROMIUM, or have it on PATH)")
    # The hidden lock is what npm writes last: a broken-off install does not have it.
    need((FOLDER / "node_modules" / ".package-lock.json").is_file(), "tests/node (run: npm ci --prefix tests/node)")
    assert program is not None
    assert browser is not None
    return subprocess.run(
        [program, str(FOLDER / script), *arguments],
        env={**os.environ, "CHROMIUM": browser, "PUPPETEER_EXECUTABLE_PATH": browser, **environment},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
