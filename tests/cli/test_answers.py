"""What the command line answers: exit codes and words, whatever becomes of what it calls."""

from __future__ import annotations

import errno
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers.project import tiny_handout

from handout_builder.authoring import point_lookup
from handout_builder.cli import copies, studio
from handout_builder.cli import service as service_command
from handout_builder.cli.main import CANNOT, OK, PROBLEMS, USAGE, main
from handout_builder.copies import journal
from handout_builder.errors import HandoutError, Problem
from handout_builder.visit import sheet
from handout_builder.visit.sheet import MadeSheet


def test_a_mistake_of_ours_is_told_as_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("odd")

    monkeypatch.setattr(point_lookup.Lookup, "__init__", broken)
    assert main(["points", "LI4"]) == CANNOT
    assert "make_handout.py points: mistake this is a bug in the program" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("check NAME", PROBLEMS),
        ("check knee-pain --brand NAME", PROBLEMS),
        ("copies --forget NAME", PROBLEMS),
        ("import NAME.md", PROBLEMS),
        ("merge NAME --out NAME", PROBLEMS),
        ("migrate NAME", PROBLEMS),
        ("new NAME", CANNOT),
        ("sheet --for NAME", PROBLEMS),
        ("sheet --points BL23 --out NAME", CANNOT),
        ("verify NAME", PROBLEMS),
    ],
)
def test_names_that_no_file_can_have_are_told(words: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words.replace("NAME", "x" * 300).split()) == code
    told = capsys.readouterr()
    assert "x" * 30 in told.err + told.out
    assert "bug in the program" not in told.err


@pytest.mark.parametrize(("word", "command"), [("studio", studio), ("service", service_command)])
def test_what_runs_all_day_ends_well(word: str, command: object, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(command, "run", lambda *given, **more: asked.append((given, more)))
    assert main([word, "--port", "8123"]) == OK
    ((given, _),) = asked
    assert 8123 in given


def made_sheet(*_: object) -> MadeSheet:
    return MadeSheet(b"%PDF", 1, (Problem("fitted", "it is set smaller", Path("visit-sheet")),))


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (None, OK, ""),
        (BrokenPipeError(), OK, ""),
        (OSError(errno.ENOSPC, "No space left on device"), CANNOT, "No space"),
    ],
)
def test_a_sheet_goes_to_standard_output(
    error: OSError | None, code: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Output(io.BytesIO):
        def flush(self) -> None:
            if error:
                raise error

    out = Output()
    monkeypatch.setattr(sheet, "made", made_sheet)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out, write=sys.stdout.write, flush=sys.stdout.flush))
    assert main(["sheet", "--points", "BL23", "--about", "low-back, neck", "-o", "-"]) == code
    err = capsys.readouterr().err
    assert "fitted it is set smaller" in err
    assert told in err
    assert out.getvalue() == b"%PDF"


def test_a_sample_is_of_what_its_command_has_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = {"format": 2, "key": "k", "rows": 0, "wrong": [], "digits": 1, "spread": 0, "files": "number"}
    more = {"encrypted": False, "elsewhere": False, "shard": [1, 1]}
    (tmp_path / journal.STATE).write_text(json.dumps({**state, **more}))
    (tmp_path / journal.LOG).touch()
    assert main(["verify", str(tmp_path), "--sample", "2"]) == USAGE
    assert "a sample needs the command that made the whole" in capsys.readouterr().err
    assert main(["verify", str(tmp_path), "--sample", "2", "--", "build"]) == PROBLEMS
    assert "'build' has not made what is here" in capsys.readouterr().err


def test_copies_are_of_one_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tiny_handout(tmp_path / "source", "tiny")
    for lang in ("es", "ja"):
        (folder / "en.yaml").with_stem(lang).write_bytes((folder / "en.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    options = SimpleNamespace(lang=None, brand=None, edition=None, look=None)
    assert copies._order("tiny", options).lang == "en"  # type: ignore[arg-type]
    (folder / "en.yaml").unlink()
    with pytest.raises(HandoutError, match="say in which language, with --lang\n    hint: written in: es, ja"):
        copies._order("tiny", options)  # type: ignore[arg-type]
