#!/usr/bin/env python3
"""Build with the speed layer and with the plain engine, and compare the files byte by byte.

compare_engines.py                              a handout of each topic and language, a kind of page each
compare_engines.py knee-pain --edition leaflet  words of `make_handout.py build`: which handouts, languages, editions

What is the same cannot pass one test and fail another, so that tests of finished pages need no second run for the plain
engine. Exit codes: 0 the same files, 1 others.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = (
    "chronic-back-pain --lang es --edition leaflet",
    "chronic-back-pain --lang vi --edition booklet --brand harbour-lane",
    "headache-stiff-neck --lang ja --edition a4",
    "headache-stiff-neck --lang en+ja --edition large-print --format pdf",
    "headache-stiff-neck --lang zh-Hant --edition one-page",
    "knee-pain --lang zh-Hans --edition leaflet",
    "knee-pain --lang ko --edition letter --look compact",
)
"""All that the page plan does: columns, short forms that are fitted, large type, sheets, two languages, looks."""


def built(words: str, out: Path, engine: str) -> dict[str, bytes]:
    """Return the files that a command builds, by name.

    Raises:
        subprocess.CalledProcessError: it builds none.
    """
    command = [sys.executable, ROOT / "make_handout.py", "build", *words.split(), "--out", out, "--time-limit", "0"]
    env = os.environ | {"HANDOUT_ENGINE": engine}
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    files = (path for path in out.rglob("*") if path.suffix in (".pdf", ".epub"))
    return {path.name: path.read_bytes() for path in files}


def main(arguments: Sequence[str]) -> int:
    """Compare what the sample, or the words given, make; return the exit code."""
    others = 0
    for words in [" ".join(arguments)] if arguments else SAMPLE:
        with tempfile.TemporaryDirectory() as folder:
            fast, plain = (
                built(words, Path(folder, name), engine) for name, engine in (("fast", ""), ("plain", "plain"))
            )
        for name in sorted({*fast, *plain}):
            same = fast.get(name) == plain.get(name)
            others += not same
            sys.stdout.write(f"{name}: {'the same' if same else 'other bytes'}\n")
    return 1 if others else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
