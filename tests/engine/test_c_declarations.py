"""C declarations are kept where that may be, and mean the same from wherever they come."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from handout_builder.engine import c_declarations, known_versions

DECLARATIONS = "typedef struct { int width; double *heights; } page; int pages_of(page *);"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(sys.modules, "cffi", ModuleType("cffi"))  # the stand-in that WeasyPrint is loaded with
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(c_declarations, "_CACHE", tmp_path / "kept")
    return tmp_path / "kept"


def works() -> bool:
    ffi = c_declarations.Ffi()
    ffi.cdef(DECLARATIONS)
    page = ffi.new("page *", {"width": 7})  # type: ignore[attr-defined]
    return bool(page.width == 7 and ffi.sizeof("page") == 16)  # type: ignore[attr-defined]


def test_declarations_are_kept_once(cache: Path) -> None:
    assert works()
    (kept,) = cache.glob("*.py")
    written = kept.stat().st_mtime_ns
    assert works()
    assert [path.stat().st_mtime_ns for path in cache.glob("*.py")] == [written]


def test_what_was_kept_may_be_damaged(cache: Path) -> None:
    assert works()
    (kept,) = cache.glob("*.py")
    kept.write_text("ffi = (")
    assert works()


def test_nothing_is_kept_where_nothing_may_be(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert works()
    assert not cache.exists()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    cache.write_text("a file where the folder would be")
    assert works()


def test_another_engine_has_no_digest() -> None:
    assert known_versions.digest(SimpleNamespace()) == ""
