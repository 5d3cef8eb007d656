"""Feed bytes to the doors, led by what they reach in our code (atheris, which is libFuzzer for Python).

`make fuzz` runs each door for a minute, `make fuzz ARGS="svg -max_total_time=3600"` one of them for an hour. What
follows the name of a door are options of libFuzzer. What has reached new code is kept in .fuzz/, where the next run
begins; an input that breaks something is written to .fuzz/DOOR-crash-…, and `make fuzz ARGS="svg FILE"` runs it again.
`make fuzz ARGS="generated 1000"` tries odd values in whole builds instead: see generated.py.
"""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from pathlib import Path

import atheris

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
with atheris.instrument_imports(include=["handout_builder"]):
    import doors

KEPT = doors.ROOT / ".fuzz"
_WORDS = {"drawn": "svg"}
"""The word lists of doors that have none of their own."""
# Seconds, bytes, seconds for one input, MB.
LIMITS = ("-max_total_time=60", "-max_len=20000", "-timeout=10", "-rss_limit_mb=2048")


def run(door: str, options: list[str]) -> None:
    """Run one door in this process, which libFuzzer ends."""
    corpus = KEPT / door
    corpus.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(doors.seeds(door)):
        shutil.copy(path, corpus / f"seed-{number}")
    listed = HERE / f"{_WORDS.get(door, door)}.dict"
    known = [f"-dict={listed}"] if listed.is_file() else []
    words = [*LIMITS, f"-artifact_prefix={KEPT}/{door}-", *known, *options]
    again = any(not option.startswith("-") for option in options)  # a file is named
    gc.freeze()  # what is loaded stays: not looked at again
    atheris.Setup([sys.argv[0], *words, *([] if again else [str(corpus)])], doors.DOORS[door])
    atheris.Fuzz()


def main() -> int:
    """Run the door that is named, or one after another in processes of their own; or what is generated."""
    if sys.argv[1:] and sys.argv[1] in doors.DOORS:
        run(sys.argv[1], sys.argv[2:])
    if sys.argv[1:2] == ["generated"]:
        return subprocess.run([sys.executable, HERE / "generated.py", *sys.argv[2:]], check=False).returncode
    for door in doors.DOORS:
        if code := subprocess.run([sys.executable, __file__, door, *sys.argv[1:]], check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
