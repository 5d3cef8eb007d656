"""What authors get wrong, and what they are told: every folder in cases/content/ is one mistake.

A case is a handout's folder with `expected.txt`, the exact report of `make_handout.py check NAME`.
UPDATE_GOLDEN=1 writes the reports anew; look at the difference before you commit it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.project import HERE, ROOT, Project
from helpers.reports import compare
from helpers.warm_program import WarmProgram

from handout_builder.cli.main import OK, PROBLEMS, main

CASES = ROOT / "tests" / "cases" / "content"
BRAND_CASES = ROOT / "tests" / "cases" / "brand"
BRANDS = sorted(folder.name for folder in BRAND_CASES.iterdir())
NAMES = sorted(folder.name for folder in CASES.iterdir() if (folder / "en.yaml").is_file())


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def place(name: str, top: Path) -> None:
    """Put a case where the program looks for handouts; what handouts share is the program's own."""
    shutil.copytree(CASES / name, top / "source" / name, ignore=shutil.ignore_patterns("expected.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_report(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    place(name, tmp_path)
    monkeypatch.chdir(tmp_path)
    before = tree(tmp_path)
    code = main(["check", name, *HERE])
    output = capsys.readouterr()
    compare(output.err.replace(f"{ROOT}{os.sep}", "PROGRAM/"), CASES / name / "expected.txt")
    expected = OK if output.err.splitlines()[-1].startswith("0 errors; ") else PROBLEMS
    assert (code, output.out) == (expected, "")
    assert tree(tmp_path) == before


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmProgram]:
    """The program with what brands need: each check has a process of its own."""
    with WarmProgram("import handout_builder.brand.loader, handout_builder.cli.brand_report", ROOT) as program:
        yield program


@pytest.mark.parametrize("name", BRANDS)
def test_report_on_a_brand(name: str, tmp_path: Path, warm: WarmProgram) -> None:
    """Folders in cases/brand/ are brands with a mistake; what is expected comes from `make_handout.py brand check`."""
    folder = tmp_path / "source" / "brands" / name
    shutil.copytree(BRAND_CASES / name, folder, ignore=shutil.ignore_patterns("expected.txt"))
    (tmp_path / "secret.png").write_bytes(b"\x89PNG")
    errors = tmp_path / "errors"
    done = warm.run(["brand", "check", "--strict"], tmp_path, errors)
    compare(errors.read_text("utf-8"), BRAND_CASES / name / "expected.txt")
    assert done.returncode == PROBLEMS


def test_there_are_cases() -> None:
    assert len(NAMES) >= 18
    assert len(BRANDS) >= 20


@pytest.mark.parametrize("name", NAMES)
def test_expected_report_says_where_and_no_more_than_once(name: str) -> None:
    lines = (CASES / name / "expected.txt").read_text("utf-8").splitlines()
    problems = [line for line in lines if re.match(rf"source/{name}/(?:\w+)\.yaml:", line)]
    assert problems
    assert len(problems) == len(set(problems))
    assert "Traceback" not in "".join(lines)


def test_problems_are_reported_in_the_order_of_the_lines() -> None:
    lines = (CASES / "several" / "expected.txt").read_text("utf-8").splitlines()
    numbers = [int(line.split(":")[1]) for line in lines if line.startswith("source/")]
    assert len(numbers) >= 5
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("name", ["unknown-point", "yaml-tab", "picture-truncated"])
def test_mistake_leaves_earlier_files_alone(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place(name, tmp_path)
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "dist"
    out.mkdir()
    for kind in ("pdf", "epub"):
        (out / f"{name}.en.{kind}").write_bytes(b"from last week")
    before = tree(tmp_path)
    assert main([name, *HERE]) == PROBLEMS
    assert tree(tmp_path) == before
    output = capsys.readouterr()
    assert output.out == ""
    assert f"source/{name}/en.yaml" in output.err


def test_mistakes_of_all_handouts_are_reported_together(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("unknown-key", "yaml-tab"):
        place(name, project.top)
    monkeypatch.chdir(project.top)
    assert main(["build", *HERE]) == PROBLEMS
    output = capsys.readouterr()
    assert "source/unknown-key/en.yaml" in output.err
    assert "source/yaml-tab/en.yaml" in output.err
    # One handout is right, and is built.
    made = [f"dist/chronic-back-pain.en.{kind}" for kind in ("pdf", "epub")]
    assert output.out.splitlines() == made
    assert sorted(path.name for path in (project.top / "dist").iterdir() if path.suffix != ".json") == [
        "chronic-back-pain.en.epub",
        "chronic-back-pain.en.pdf",
    ]


def test_mistakes_in_files_that_handouts_share(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.top)
    shared = project.top / "source" / "shared" / "en.yaml"
    project.edit("labels:\n", "lables:\n", shared)
    assert main(["check", *HERE]) == PROBLEMS
    line = 1 + shared.read_text("utf-8").splitlines().index("lables:")
    assert f"source/shared/en.yaml:{line}: unknown-key " in capsys.readouterr().err
