#!/usr/bin/env python3
"""Print requirements/sbom.cdx.json: what is inside a release and what it needs, with licences (CycloneDX 1.6).

Files come from REUSE.toml, versions of packages from the lock files, which have their digests, and licences of packages
from these as they are installed. No clock and no chance are in it: the same files give the same bytes.

python requirements/make_sbom.py > requirements/sbom.cdx.json
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = "handout-builder"
INSIDE = ("fonts", "layouts", "source")
"""The folders of data that a wheel carries."""
LOCKS = {"runtime.lock": "required", "studio.lock": "optional"}
"""The lock files of what users install, and in which scope."""
VENDORED = "layouts/studio/vendor/ORIGIN.md"
OWN = "AGPL-3.0-or-later"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
# What asks for a package stands below it: behind "via", or one a line.
VIA = re.compile(r"^    #(?: via)? +(?!via$)([A-Za-z0-9._-]+)(?: \(.*\))?$", re.MULTILINE)
SCRIPT = re.compile(r"^\| `([^`]+)` \| `([^`]+)` ([0-9.]+) \|", re.MULTILINE)
# Licences that packages tell in words, as SPDX has them (https://spdx.org/licenses/).
SPDX = {
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "GNU Affero General Public License": OWN,
    "MIT License": "MIT",
    "MPL-2.0": "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "MIT": "MIT",
    "BSD-3-Clause": "BSD-3-Clause",
}
ELSEWHERE = {"brotlicffi": "MIT"}
"""Packages that the lock files have for other systems or interpreters: what their metadata say."""


class Licence(NamedTuple):
    """What REUSE.toml says of a file."""

    expression: str
    holder: str


class Package(NamedTuple):
    """A package of a lock file."""

    name: str
    version: str
    scope: str
    needed_by: Sequence[str]


def licences() -> list[tuple[Sequence[str], Licence]]:
    """Return the entries of REUSE.toml: patterns of paths, and what they say."""
    found = []
    for entry in tomllib.loads((ROOT / "REUSE.toml").read_text("utf-8"))["annotations"]:
        paths = [entry["path"]] if isinstance(entry["path"], str) else entry["path"]
        found.append((paths, Licence(entry["SPDX-License-Identifier"], entry["SPDX-FileCopyrightText"])))
    return found


def entry_of(path: str, entries: Sequence[tuple[Sequence[str], Licence]]) -> tuple[Sequence[str], Licence]:
    """Return the entry of a file: the last one that names it; raises LookupError where there is none."""
    return [entry for entry in entries if any(_names(pattern, path) for pattern in entry[0])][-1]


def _names(pattern: str, path: str) -> bool:
    """Tell whether a pattern names a path: ** stands for any characters, * for those inside a name."""
    regex = re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
    return re.fullmatch(regex, path) is not None


def packages() -> list[Package]:
    """Return the packages of the lock files, those of several in the first one's scope."""
    found: dict[str, Package] = {}
    for lock, scope in LOCKS.items():
        text = (ROOT / "requirements" / lock).read_text("utf-8")
        pins = list(PIN.finditer(text))
        for pin, following in zip(pins, [*pins[1:], None], strict=True):
            part = text[pin.start() : following.start() if following else len(text)]
            needed_by = sorted({_plain(name) for name in VIA.findall(part)})
            package = Package(_plain(pin[1]), pin[2], scope, needed_by)
            found.setdefault(package.name, package)
    return [found[name] for name in sorted(found)]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def packaged_licence(name: str) -> dict[str, Any]:
    """Return the licence of an installed package as CycloneDX has it; raises PackageNotFoundError."""
    if name in ELSEWHERE:
        return {"license": {"id": ELSEWHERE[name]}}
    told = metadata.metadata(name)
    if expression := told.get("License-Expression"):
        return {"expression": expression}
    classifiers = [row.rpartition(" :: ")[2] for row in told.get_all("Classifier", []) if row.startswith("License :: ")]
    word = next((row for row in [*classifiers, told.get("License") or ""] if row in SPDX), "")
    if word:
        return {"license": {"id": SPDX[word]}}
    named = (told.get("License") or "; ".join(classifiers) or "not told").splitlines()[0]
    return {"license": {"name": named}}


def _files() -> Iterator[dict[str, Any]]:
    """Yield what of others is inside: fonts, profiles and scripts file by file, data by their entry of REUSE.toml."""
    entries = licences()
    scripts = {
        name: (package, version) for name, package, version in SCRIPT.findall((ROOT / VENDORED).read_text("utf-8"))
    }
    told = set()
    for folder in INSIDE:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if not path.is_file() or "__pycache__" in path.parts:
                continue
            paths, licence = entry_of(name, entries)
            single = path.suffix in (".ttf", ".icc", ".js")
            named = name if single else " ".join(paths)
            if licence.expression == OWN or named in told or path.name.startswith(("OFL", "LICENSE")):
                continue
            told.add(named)
            component: dict[str, Any] = {
                "type": "file" if single else "data",
                "bom-ref": f"file:{named}",
                "name": named,
                "licenses": [_expression(licence.expression)],
                "copyright": licence.holder,
            }
            if single:
                component["hashes"] = [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}]
            if path.name in scripts:
                package, version = scripts[path.name]
                component |= {"version": version, "purl": f"pkg:npm/{package}@{version}"}
            yield component


def _expression(expression: str) -> dict[str, Any]:
    if expression.startswith("LicenseRef-"):
        return {"license": {"name": expression.removeprefix("LicenseRef-").replace("-", " ")}}
    return {"expression": expression}


def _packages() -> Iterator[dict[str, Any]]:
    for package in packages():
        yield {
            "type": "library",
            "bom-ref": _ref(package.name, package.version),
            "name": package.name,
            "version": package.version,
            "scope": package.scope,
            "licenses": [packaged_licence(package.name)],
            "purl": _ref(package.name, package.version),
        }


def _ref(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def bom(version: str) -> Mapping[str, Any]:
    """Return the whole; raises PackageNotFoundError where a package of a lock file is not installed."""
    root = _ref(PROGRAM, version)
    found = packages()
    names = {package.name: _ref(package.name, package.version) for package in found}
    needs: dict[str, set[str]] = {root: set(), **{ref: set() for ref in names.values()}}
    for package in found:
        for asker in package.needed_by:
            needs[names.get(asker, root)].add(names[package.name])
    components = [*_packages(), *_files()]
    body: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": PROGRAM,
                "version": version,
                "purl": root,
                "licenses": [{"expression": OWN}],
            }
        },
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(refs)} for ref, refs in needs.items()],
    }
    content = json.dumps(body, sort_keys=True)
    return (
        {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json"}
        | body
        | {"serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}"}
    )


def text() -> str:
    """Return the SBOM as it is written."""
    sys.path.insert(0, str(ROOT))
    from handout_builder.version import VERSION  # noqa: PLC0415  # it lies beside this folder

    return json.dumps(bom(VERSION), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
