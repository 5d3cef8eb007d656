"""The SARIF Multitool of Microsoft, who began the format: its schema, and rules beyond."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from . import node

TOOL = "node_modules/@microsoft/sarif-multitool/bin.js"
# This program has no address on the web that could be given.
UNASKED = ("SARIF2005",)


def check(path: Path) -> list[str]:
    """Return what the tool finds in a log, as "level rule: text"."""
    # npm may run no scripts here, and this package's makes the program one that can be run.
    for program in (node.FOLDER / "node_modules" / "@microsoft").glob("sarif-multitool-*/Sarif.Multitool"):
        program.chmod(0o755)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.sarif")
        # The program brings its own runtime, which else wants a library for the world's alphabets.
        run = node.run(TOOL, "validate", str(path), "-o", str(out), DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1")
        assert out.is_file(), f"no report: {run.stdout}{run.stderr}"
        (report,) = json.loads(out.read_text(encoding="utf-8-sig"))["runs"]
    return [
        f"{result.get('level', 'warning')} {result['ruleId']}: {json.dumps(result['message'])}"
        for result in report["results"]
        if result["ruleId"].partition("/")[0] not in UNASKED
    ]
