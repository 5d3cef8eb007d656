"""What is inside a release, with the licence of each part: REUSE.toml, and the SBOM that is made from it."""

from __future__ import annotations

import json
import subprocess
from importlib import metadata
from typing import Any

import pytest
from helpers.project import ROOT
from helpers.scripts import loaded_script

BOM = ROOT / "requirements" / "sbom.cdx.json"


@pytest.fixture(scope="module")
def maker() -> Any:
    return loaded_script(ROOT / "requirements" / "make_sbom.py")


def test_it_is_valid() -> None:
    json_validation = pytest.importorskip("cyclonedx.validation.json")
    schema = pytest.importorskip("cyclonedx.schema")
    validator = json_validation.JsonStrictValidator(schema.SchemaVersion.V1_6)
    assert validator.validate_str(BOM.read_text("utf-8")) is None
    broken = json.loads(BOM.read_text("utf-8"))
    broken["components"][0]["type"] = "poem"
    assert validator.validate_str(json.dumps(broken)) is not None


def test_it_is_made_from_what_is_there(maker: Any) -> None:
    def version(name: str) -> str:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return ""

    known = (one for one in maker.packages() if one.name not in maker.ELSEWHERE)
    if other := [one.name for one in known if version(one.name) != one.version]:
        pytest.skip(f"other versions than those of the lock files are installed: {', '.join(other)}")
    hint = "python requirements/make_sbom.py > requirements/sbom.cdx.json"
    assert BOM.read_text("utf-8") == maker.text(), hint


def test_it_has_every_package_of_the_lock_files_once(maker: Any) -> None:
    told = json.loads(BOM.read_text("utf-8"))
    libraries = {(part["name"], part["version"]) for part in told["components"] if part["type"] == "library"}
    assert libraries == {(package.name, package.version) for package in maker.packages()}
    references = {part["bom-ref"] for part in told["components"]} | {told["metadata"]["component"]["bom-ref"]}
    for needs in told["dependencies"]:
        assert {needs["ref"], *needs["dependsOn"]} <= references
    direct = next(needs for needs in told["dependencies"] if needs["ref"].startswith("pkg:pypi/handout-builder@"))
    assert {"pkg:pypi/weasyprint", "pkg:pypi/ebooklib"} <= {name.partition("@")[0] for name in direct["dependsOn"]}


def test_every_file_has_a_licence_whose_text_is_there(maker: Any) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    entries = maker.licences()
    used = set()
    strange = (".ttf", ".otf", ".woff", ".woff2", ".icc", ".min.js")
    for name in filter(None, listed.stdout.split("\0")):
        paths, _ = maker.entry_of(name, entries)
        used.add(tuple(paths))
        own = paths == ["**"] and not name.startswith("tests/cases/")  # whose mistake is that they are no fonts
        assert not (own and name.endswith(strange)), f"{name}: whose is it? Give it an entry in REUSE.toml"
    assert {tuple(paths) for paths, _ in entries} == used, "these entries of REUSE.toml name no file"
    texts = {
        "AGPL-3.0-or-later": "LICENSE",
        "OFL-1.1": "fonts/OFL-NotoSans.txt",
        "CC0-1.0": "layouts/figures/LICENSE-mesh.md",
        "0BSD": "layouts/studio/vendor/LICENSE-htmx.txt",
        "AGPL-3.0-or-later AND Zlib": "layouts/press/ORIGIN.md",
        "LicenseRef-as-given-by-the-author": "README.md",
    }
    assert {licence.expression for _, licence in entries} == texts.keys()
    assert all((ROOT / text).is_file() for text in texts.values())
