"""Ace by DAISY: the accessibility of an EPUB, with axe in a headless Chromium."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from . import node

VERSION = "1.4.6"
ACE = "node_modules/@daisy/ace-cli/bin/ace.js"
# With -E the exit code is 2 when there are violations, and stays 1 when Ace itself broke down.
VERDICTS = {"pass": 0, "fail": 2}


def check(path: Path) -> list[str]:
    """Return the violations Ace finds, as "impact rule: text (file#place)"."""
    with tempfile.TemporaryDirectory() as folder:
        run = node.run(
            ACE,
            *("-E", "-f", "-s", "-o", f"{folder}/out", "-t", f"{folder}/tmp", str(path)),
            # Nobody's own settings, and no log left behind; parallel runs share nothing.
            XDG_CONFIG_HOME=f"{folder}/config",
            XDG_STATE_HOME=f"{folder}/state",
            # A busy machine may take longer than Ace's five seconds to start a browser.
            ACE_TIMEOUT_INITIAL="60000",
        )
        report_path = Path(folder, "out", "report.json")
        # With -s the reason of a breakdown stands in the log only.
        log = "".join(file.read_text(encoding="utf-8") for file in Path(folder, "state").rglob("*.log"))
        assert report_path.is_file(), f"Ace left no report: {log}{run.stderr}"
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
    assert VERDICTS[outcome] == run.returncode, f"Ace says {outcome} and exits {run.returncode}: {run.stderr}"
    assert bool(found) == (outcome == "fail"), f"Ace says {outcome}, with {len(found)} violations"
    return found
