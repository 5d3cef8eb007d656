"""One net for all texts: whatever key they stand under, what is odd in them is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from handout_builder.content.schema import Handout
from handout_builder.content.validation import validate
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.errors import HandoutError, Problem
from handout_builder.text import markdown
from handout_builder.text.addresses import wrong_address

ODD = "\x01\x7f\x85\u061c\u200b\u200e\u200f\u2028\u202e\u2060\u2066\u3164\ufe0f\ufeff\ue000\U000e0041\U0010ffff"


def problems(path: Path, text: str) -> list[Problem]:
    path.write_text(text, "utf-8")
    try:
        validate(read_yaml(path), Handout, {"lang": "en"})
    except HandoutError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize("character", ODD, ids=lambda character: f"{ord(character):X}")
@pytest.mark.parametrize("form", ['a: b\nc: ["x{}"]\n', 'a: b\n"x{}": c\n'], ids=["value", "key"])
def test_odd_character_is_told_wherever_it_stands(form: str, character: str, tmp_path: Path) -> None:
    found = problems(tmp_path / "a.yaml", form.replace("{}", f"\\U{ord(character):08X}"))
    told = [(p.code, p.line) for p in found if p.code == "control-character"]
    assert told == [("control-character", 2)]


def test_soft_hyphen_stands_between_letters_alone(tmp_path: Path) -> None:
    found = problems(tmp_path / "a.yaml", 'a: "lum\\u00adbar"\nb: "1\\u00ad0 minutes"\nc: "\\u00ad"\n')
    assert [(p.code, p.line) for p in found if p.code == "control-character"] == [
        ("control-character", 2),
        ("control-character", 3),
    ]


@pytest.mark.parametrize("address", ["https://[", "https://", "mailto:", "mailto:a@b.c?bcc=x@y.z", "tel:()", "tel:"])
def test_malformed_address_is_told(address: str) -> None:
    assert wrong_address(address)


@pytest.mark.parametrize(
    "address",
    ["https://[::1]/a", "https://praxis-größe.de", "http://a.b:8080/c?d#e", "mailto:a.b@c.org", "tel:+1555-0142"],
)
def test_good_address_passes(address: str) -> None:
    assert wrong_address(address) == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "blank"),
        ("\u00a0", "blank"),
        ("1.", "blank"),
        ("\n".join("  " * depth + "- a" for depth in range(12)), "too-deep"),
        ("[" * 5000, "too-large"),
        ("a**b" * 1400, "too-large"),
    ],
    ids=["blank", "no-break", "number", "list", "brackets", "stars"],
)
def test_odd_text_is_told(text: str, code: str) -> None:
    assert code in [finding.code for finding in markdown.findings(text, "en")]


def test_problem_is_one_line() -> None:
    told = str(Problem("value", "a\n::error::b\x1b[31m", Path("a.yaml"), 1, "c\nd")).splitlines()
    assert [line[:4] for line in told] == ["a.ya", "    "]
    assert "\x1b" not in "".join(told)


def test_problem_quotes_no_more_than_anybody_reads(tmp_path: Path) -> None:
    (long,) = problems(tmp_path / "a.yaml", f"revised: {'9' * 5000}\n")[-1:]
    told = Problem("value", f"there is no {'x' * 5000}; say y", Path("a.yaml"))
    assert len(long.message) < 700
    assert told.message.startswith("there is no x")
    assert told.message.endswith("x; say y")
    assert len(str(told)) < 700
