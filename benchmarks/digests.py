#!/usr/bin/env python3
"""Print a digest of everything that the program makes, to compare before and after a change that changes no product.

    python benchmarks/digests.py > /tmp/before
    python benchmarks/digests.py | diff /tmp/before -

Handouts × brands × editions as PDF and EPUB, both standards, the answers of ``check``, and the schemas.
"""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "tests" / "samples" / "brands").iterdir())
BRANDS = ("none", "all", *(f"tests/samples/brands/{path.name}" for path in SAMPLES))
SCHEMAS = ("handout", "texts", "editorial", "brand", "plain")


def run(*arguments: str) -> bytes:
    """Return what a command prints, with its exit code."""
    command = [sys.executable, "make_handout.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: S603  # our own program
    return done.stdout + done.stderr + str(done.returncode).encode()


def digests() -> dict[str, str]:
    """Return the digest of each product by its name."""
    found: dict[str, bytes] = {}
    brands = [word for brand in BRANDS for word in ("--brand", brand)]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        run("--out", str(out / "ua-1"), "--edition", "all", *brands)
        run("--out", str(out / "ua-2"), "--pdf-standard", "ua-2", "--brand", "all", "--brand", "none")
        other = str(ROOT / "tests" / "samples" / "handouts" / "stiff-neck")
        run(other, "--out", str(out / "other"), "--edition", "all", "--brand", "all", "--brand", "none")
        for path in sorted(out.rglob("*.pdf")) + sorted(out.rglob("*.epub")):
            found[str(path.relative_to(out))] = path.read_bytes()
    for form in ("text", "json", "sarif"):
        found[f"check {form}"] = run("check", "--brand", "all", "--brand", "none", "--format", form)
    for kind in SCHEMAS:
        found[f"schema {kind}"] = run("schema", kind)
    found["points"] = run("points", "--format", "json", "shen")
    found["brand check"] = run("brand", "check")
    return {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}


if __name__ == "__main__":
    for name, digest in digests().items():
        print(digest, name)  # noqa: T201  # it is what it is for
