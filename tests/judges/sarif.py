"""The SARIF Multitool of Microsoft, who began the format: its schema, and rules beyond."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

from helpers.processes import HANGS

from . import need, node

# This program has no address on the web that could be given.
UNASKED = ("SARIF2005",)


def check(*logs: Path) -> list[list[str]]:
    """Return what the tool finds in each log, as "level rule: text": it starts in two seconds, and then reads many."""
    node.need_packages()
    # The package's own script stumbles over blanks in a path, and another one, which npm may not run here, makes
    # the program one that can be run.
    tool = next((node.FOLDER / "node_modules" / "@microsoft").glob("sarif-multitool-*/Sarif.Multitool"), None)
    need(tool is not None, "the SARIF Multitool, which is made for x86-64 alone,", "another machine")
    assert tool is not None
    tool.chmod(0o755)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.sarif")
        run = subprocess.run(
            [tool, "validate", *logs, "-o", out],
            # The program brings its own runtime, which else wants a library for the world's alphabets.
            env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
            capture_output=True,
            text=True,
            timeout=HANGS,
            check=False,
        )
        assert out.is_file(), f"no report: {run.stdout}{run.stderr}"
        (report,) = json.loads(out.read_text(encoding="utf-8-sig"))["runs"]
    files = [log.name for log in logs]
    found: list[list[str]] = [[] for _ in logs]
    for result in report["results"]:
        if result["ruleId"].partition("/")[0] not in UNASKED:
            address = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            told = f"{result.get('level', 'warning')} {result['ruleId']}: {json.dumps(result['message'])}"
            found[files.index(address.rpartition("/")[2])].append(told)
    return found
