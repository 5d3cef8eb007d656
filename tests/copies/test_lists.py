"""Lists of people: how they may be written, and what is told of those that are wrong."""

from __future__ import annotations

import io
import json
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers import pdf_pages
from helpers.people import copies, project, report

from handout_builder import source_files
from handout_builder.copies import rows as lists
from handout_builder.copies.mappings import Mappings, from_parquet
from handout_builder.copies.rows import STANDARD_INPUT, Columns, Row, RowProblem, Table
from handout_builder.errors import HandoutError

FIELDS = ("name", "note", "point_1")


def rows(folder: Path, data: bytes | str, name: str = "list.csv", **columns: object) -> list[Row]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(Table(path, Columns(FIELDS, **columns)).rows())  # type: ignore[arg-type]


def said(folder: Path, data: bytes | str, name: str = "list.csv", **columns: object) -> str:
    with pytest.raises(HandoutError) as raised:
        rows(folder, data, name, **columns)
    return str(raised.value)


def told(row: Row) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in row.problems]


@pytest.mark.parametrize(
    "data",
    [
        "name,note\nZoë,Slowly; now\n",
        "name;note\r\nZoë;Slowly; now\r\n".replace("Slowly; now", '"Slowly; now"'),
        "name\tnote\nZoë\tSlowly; now\n",
        "\ufeffname,note\nZoë,Slowly; now\n",
        " Name , NOTE \n Zoë ,Slowly; now",
        'note,name\n"Slowly;\nnow",Zoë\n',
        'note,name\n"Slowly;\r\n\r\n\tnow",Zoe\u0308\n',
        "\nname,note\nZoë,Slowly; now\n".lstrip(),
        "name,note\n\n,\nZoë,Slowly; now\n\n",
        "name,note,_id\nZoë,Slowly; now,17\n",
        "Name,Note,Point 1\nZoë,Slowly; now,\n",
    ],
)
def test_tables_are_read(tmp_path: Path, data: str) -> None:
    """Commas, semicolons and tabs; with a byte order mark; line ends in quotes; letters in two characters."""
    (row,) = rows(tmp_path, data)
    assert not row.problems
    assert {name: words.text for name, words in row.words.items()} == {"name": "Zoë", "note": "Slowly; now"}


def test_json_lines_are_read(tmp_path: Path) -> None:
    data = '{"name": "Zoë", "point_1": 23, "note": null}\n\n{"name": "Al", "_id": [1]}\n'
    first, second = rows(tmp_path, data, "list.jsonl")
    assert {name: words.text for name, words in first.words.items()} == {"name": "Zoë", "point_1": "23"}
    assert (second.line, second.words["name"].text, told(second)) == (3, "Al", [])


def test_languages_are_those_of_fields_before_those_of_rows(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, "name,name_lang,note,lang\n直,zh-CN,座る,ja\n")
    assert {name: words.lang for name, words in row.words.items()} == {"name": "zh-Hans", "note": "ja"}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("name,note\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04 an Excel file", "a spreadsheet"),
        (b"\xd0\xcf\x11\xe0 an old one", "a spreadsheet"),
        ("nmae,note\nAl,x\n", "did you mean 'name'?"),
        ("name,note,name\nAl,x,Bo\n", "appears twice"),
        ("name,,note\nAl,x,y\n", "has no name"),
        ("Maria,Slowly\nAl,x\n", "no column of the first line"),
        ("", "no column of the first line"),
        ('name,note\nAl,"x\nBo,y\n', "a quotation mark is open"),
        ('name,note\nAl,"x" y\n', "a quotation mark is open"),
        (f"name,note\nAl,{'x' * 300_000}\n", "a cell has more than 131,072 characters"),
        (f'name,note\nAl,"{"x" * 3000}\n' + "Bo,y\n" * 50_000, "a quotation mark is open"),
    ],
)
def test_what_is_no_list_is_told(tmp_path: Path, data: str | bytes, what: str) -> None:
    message = said(tmp_path, data)
    assert what in message
    assert "list.csv" in message
    assert "Maria" not in message
    assert "Al" not in message


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    for path, what in ((tmp_path / "none.csv", "No such file"), (tmp_path, "no file")):
        with pytest.raises(HandoutError, match=what):
            Table(path, Columns(FIELDS))


def test_columns_that_are_asked_for_must_be_there(tmp_path: Path) -> None:
    told = said(tmp_path, "name\nAl\n", name_by="id", encrypted=True)
    assert "the column 'id' is missing" in told
    assert "the column 'password' is missing" in told


def test_a_row_without_words_is_told(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, '{"name": null, "_id": 7}\n', "list.jsonl")
    assert told(row) == [("", "blank")]


def test_lists_have_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "_MOST_ROWS", 2)
    assert len(rows(tmp_path, "name\nAl\nBo\n")) == 2
    assert "list.csv:4: many more than 2 rows" in said(tmp_path, "name\nAl\nBo\nCy\n")


def test_what_comes_in_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_files, "MOST_BYTES", 10)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"name\nAnna\nBo\n")))
    with pytest.raises(HandoutError, match="more than 10 bytes come in"):
        Table(STANDARD_INPUT, Columns(FIELDS))


def test_rows_of_other_programs_are_told_by_their_numbers() -> None:
    people = Mappings(lambda: [{"name": "Al"}, {"name": ["Bo"]}], Columns(FIELDS), Path("visits"))
    first, second = people.rows()
    assert (told(first), told(second)) == ([], [("name", "table")])
    assert [people.problem(wrong, second).message for wrong in (*second.problems, RowProblem("blank", "no words"))] == [
        "row 2, name: it is no text",
        "row 2: no words",
    ]


def test_what_parquet_needs_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(HandoutError, match=r'pip install "handout-builder\[scale\]"'):
        from_parquet(tmp_path / "a.parquet")


def test_a_line_without_end_is_not_read(tmp_path: Path) -> None:
    assert "a line has more than" in said(tmp_path, "name,note\n" + "x" * 1_100_000)


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ("Al,x,z", [("", "table")]),
        ("Al", [("", "table")]),
        ("A\u202el,x", [("name", "control-character")]),
        ("A\u200bl,x", [("name", "control-character")]),
        ("A\x07l,\x00", [("name", "control-character"), ("note", "control-character")]),
        (f"Al,{'x' * 2001}", [("note", "too-large")]),
        ("Zoë,x".encode("latin-1"), [("name", "encoding")]),
    ],
)
def test_a_wrong_row_costs_itself_alone(tmp_path: Path, cells: str | bytes, problems: list[tuple[str, str]]) -> None:
    data = cells if isinstance(cells, bytes) else cells.encode()
    one, two, three = rows(tmp_path, b"name,note\nAnna,a\n" + data + b"\nBo,b\n")
    assert (told(one), told(three)) == ([], [])
    assert told(two) == problems
    assert (two.number, two.line) == (2, 3)


@pytest.mark.parametrize(
    "line", ["{", "[1]", '"Al"', '{"name": ["Al"]}', '{"name": true}', '{"nmae": "Al"}', '{"name": "A", "name": "B"}']
)
def test_a_wrong_line_costs_itself_alone(tmp_path: Path, line: str) -> None:
    one, two, three = rows(tmp_path, f'{{"name": "Anna"}}\n{line}\n{{"name": "Bo"}}\n', "list.jsonl")
    assert (told(one), told(three)) == ([], [])
    assert "table" in {code for _, code in told(two)}


def test_wrong_languages_are_told_by_their_columns(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, "name,name_lang,lang\nAl,Englisch!,chinese\n")
    assert told(row) == [("lang", "language-tag"), ("name_lang", "language-tag")]


@pytest.mark.parametrize("name", ["", "a/b", "..", ".x", "a\\b", "a:b", "x" * 101, "a.", "con|x", "CON", "lpt1.old"])
def test_what_cannot_name_a_file_is_told(tmp_path: Path, name: str) -> None:
    (row,) = rows(tmp_path, f"name,id\nAl,{name}\n", name_by="id")
    assert ("id", "name") in told(row)


@pytest.mark.parametrize("password", ["", "short", "x" * 128, "pässwörter"])
def test_passwords_are_long_enough_and_can_be_typed(tmp_path: Path, password: str) -> None:
    (row,) = rows(tmp_path, f"name,password\nAl,{password}\n", encrypted=True)
    assert told(row) == [("password", "password")]


def test_all_that_is_wrong_is_told_before_anything_is_written(tmp_path: Path) -> None:
    root = project(tmp_path)
    people = [{"name": "Anna 😀"}, {"name": "直子"}, {"name": "Bo"}, {"name": "C\u202e", "note": "\u202e"}]
    done = copies(root, people, "--out", "out", "--report", "r.csv")
    assert done.returncode == 1
    order = [done.stderr.find(words) for words in ("row 1, name: no font has U+1F600", "row 2, name", "row 4, note")]
    assert order == sorted(order)
    assert -1 < order[-1] < done.stderr.find("of 4 rows")
    assert [path.name for path in sorted((tmp_path / "out").glob("*.pdf"))] == ["000003.pdf"]
    lines = (tmp_path / "r.csv").read_text().splitlines()
    assert lines[0] == "row,line,result,field,code,message"
    assert [line.split(",")[:3:2] for line in lines[1:]] == [
        ["1", "not-made"],
        ["2", "not-made"],
        ["3", "made"],
        ["4", "not-made"],
        ["4", "not-made"],
    ]


def test_files_are_named_by_a_column_that_is_asked_for(tmp_path: Path) -> None:
    root = project(tmp_path)
    people = [{"id": "A-17", "name": "Anna"}, {"id": "b 2", "name": "Bo"}, {"id": "a-17", "name": "Cy"}]
    done = copies(root, people, "--out", "out", "--name-by", "id", "--report", "r.json")
    assert done.returncode == 1
    assert [path.name for path in (tmp_path / "out").glob("*.pdf")] == ["b 2.pdf"]
    results = report(tmp_path / "r.json")
    assert [results[row]["result"] for row in (1, 2, 3)] == ["not-made", "made", "not-made"]


def test_lists_come_by_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from helpers.people import HANDOUT
    from helpers.project import run

    root = project(tmp_path)
    for data in (b"name\nAnna\n", json.dumps({"name": "Anna"}).encode()):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        out = f"out{len(data)}"
        done = run(root, "copies", HANDOUT, "--list", "-", "--out", out, "--jobs", "1")
        assert done.returncode == 0, done.stderr
        assert "Anna" in pdf_pages.text(tmp_path / out / "000001.pdf")


@pytest.mark.parametrize("field", ["date", "next_visit"])
@pytest.mark.parametrize("number", ["45992.5", "45992", "0.4375"])
def test_a_spreadsheets_number_is_no_day(tmp_path: Path, field: str, number: str) -> None:
    """Nobody can tell which day it is: some count from 1900, some from 1904. Other fields may hold numbers."""
    known = Columns((field, "note"))
    csv, json_lines = tmp_path / "list.csv", tmp_path / "list.jsonl"
    csv.write_text(f"note,{field}\n{number},{number}\n", "utf-8")
    json_lines.write_text(json.dumps({"note": number, field: number}) + "\n", "utf-8")
    lists = [Table(csv, known), Table(json_lines, known), Mappings(lambda: [{"note": number, field: number}], known)]
    for people in lists:
        (row,) = people.rows()
        (problem,) = row.problems
        assert (problem.field, problem.message) == (field, "this is a number, not a day")
        assert "row 1, " + field in people.problem(problem, row).message
        assert number not in str(people.problem(problem, row))


@pytest.mark.parametrize("value", [45992.5, date(2026, 12, 12), True])
def test_what_is_no_text_is_told_with_what_to_do(value: object) -> None:
    (row,) = Mappings(lambda: [{"date": value}], Columns(("date",))).rows()
    (problem,) = row.problems
    assert (problem.field, problem.hint) == ("date", "give it as text, as it is to be printed")
