"""`make upgrade-check` tells what has changed, page by page. Its long part, new packages, is the scheduled job's."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from helpers.project import HERE, ROOT, run, tiny_handout
from helpers.scripts import loaded_script


@pytest.fixture(scope="module")
def check() -> Any:
    return loaded_script(ROOT / ".ci" / "upgrade_check.py")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("before")
    tiny_handout(top / "source", "tiny")
    done = run(top / "source", "build", "tiny", *HERE)
    assert done.returncode == 0, done.stderr
    return top / "dist"


@pytest.fixture
def after(before: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(before, tmp_path / "after"))


def test_of_the_same_files_nothing_is_told(check: Any, before: Path, after: Path) -> None:
    assert list(check.compared(before, after)) == []
    assert "Nothing has changed." in check.report([], ("a 1\nb 1", "a 2\nb 1"))


def test_a_page_that_looks_otherwise_is_told_with_its_number(check: Any, before: Path, after: Path) -> None:
    with pikepdf.open(after / "tiny.en.pdf", allow_overwriting_input=True) as pdf:
        box = pdf.make_stream(b"q 1 0 0 rg 100 100 50 50 re f Q")
        pdf.pages[-1].contents_add(box)
        number = len(pdf.pages)
        pdf.save()
    (change,) = check.compared(before, after)
    (page,) = change.pages
    assert (change.name, page.number) == ("tiny.en.pdf", number)
    assert 0.003 < page.share < 0.008  # 50 pt squared, of A4
    report = check.report([change], ("weasyprint 70.0", "weasyprint 72.0"))
    assert f"| tiny.en.pdf | {number} | 0." in report
    assert "| weasyprint 70.0 | weasyprint 72.0 |" in report
    assert check.gallery([change]).count("<img") == 3


def test_other_bytes_that_look_the_same_are_no_changed_page(check: Any, before: Path, after: Path) -> None:
    with pikepdf.open(after / "tiny.en.pdf", allow_overwriting_input=True) as pdf:
        pdf.docinfo["/Title"] = "Another"
        pdf.save()
    assert [(change.told, change.pages) for change in check.compared(before, after)] == [
        ("other bytes, the same pages", ())
    ]


def test_files_of_a_book_and_files_that_are_gone_are_told(check: Any, before: Path, after: Path) -> None:
    with zipfile.ZipFile(after / "tiny.en.epub", "a") as book:
        book.writestr("EPUB/more.txt", "more")
    (after / "tiny.en.pdf").unlink()
    assert [(change.name, change.told) for change in check.compared(before, after)] == [
        ("tiny.en.epub", "changed: EPUB/more.txt in one of them"),
        ("tiny.en.pdf", "it is not made any more"),
    ]
