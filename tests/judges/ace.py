"""Ace by DAISY: the accessibility of an EPUB, with axe in a headless Chromium."""

from __future__ import annotations

import atexit
import json
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from . import node

VERSION = "1.4.6"


@cache
def _at_work() -> subprocess.Popen[str]:
    """The one Ace of this process, which ends with it: it starts once, and looks at one book after another."""
    ace = node.start("ace.mjs")
    atexit.register(ace.communicate)
    return ace


def check(path: Path) -> list[str]:
    """Return the violations Ace finds, as "impact rule: text (file#place)"."""
    with tempfile.TemporaryDirectory() as folder:
        ace = _at_work()
        assert ace.stdin is not None
        assert ace.stdout is not None
        print(json.dumps([str(path.resolve()), folder]), file=ace.stdin, flush=True)
        answer = ace.stdout.readline()
        report_path = Path(folder, "out", "report.json")
        assert report_path.is_file(), f"Ace left no report: {answer or f'it ended with {ace.wait()}'}"
        assert json.loads(answer) is None, f"Ace left a report, and says {answer}"
        report = json.loads(report_path.read_text(encoding="utf-8"))
    version = report["earl:assertedBy"]["doap:release"]["doap:revision"]
    assert version == VERSION, f"Ace {VERSION} was expected, and {version} ran"
    assert report["assertions"], "Ace looked at no document"
    found = []
    for document in report["assertions"]:
        name = document["earl:testSubject"]["url"]
        for assertion in document["assertions"]:
            test, result = assertion["earl:test"], assertion["earl:result"]
            text = " ".join(result["dct:description"].split())
            place = ", ".join(result.get("earl:pointer", {}).get("css", []))
            found.append(f"{test['earl:impact']} {test['dct:title']}: {text} ({name}{place and ' ' + place})")
    outcome = report["earl:result"]["earl:outcome"]
    assert bool(found) == (outcome == "fail"), f"Ace says {outcome}, with {len(found)} violations"
    return found
