"""The tables of points: every mistake told with its line; codes as people write them; looking points up."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import unicodedata
from pathlib import Path

import jsonschema
import pytest
from helpers.places import GV4, change, table
from helpers.places import row as place_row
from helpers.project import LANGUAGES, ROOT, SOURCE, Project, run
from helpers.source_text import catalogue_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from handout_builder.authoring.point_lookup import Lookup
from handout_builder.content import anatomy, catalogue, place_text
from handout_builder.content import tables as catalogue_tables
from handout_builder.content.point_codes import MERIDIANS, meridian, nearest_codes, spelled
from handout_builder.content.point_names import PointNames, plain
from handout_builder.content.schema import Point
from handout_builder.content.shared_texts import texts_of
from handout_builder.content.tables import Table
from handout_builder.errors import HandoutError, nearest

HEADS = {"names": ",".join(catalogue.NAMES), "places": ",".join(catalogue.PLACES)}
NAME = "BL23,Shènshū,肾俞,腎俞,腎兪,じんゆ,Jin'yu,신수,Sinsu,Thận du,Kidney Transporter,3"
PLACE = place_row()
CODES = list(catalogue_rows())


def tables(folder: Path, names: str | bytes = "", places: str | bytes = "") -> Path:
    """Write both tables into a folder of handouts; without a text a right one with BL23."""
    rights = {"names": f"{HEADS['names']}\n{NAME}\n", "places": f"{HEADS['places']}\n{PLACE}\n"}
    (folder / "points").mkdir(exist_ok=True)
    for (name, right), text in zip(rights.items(), (names, places), strict=True):
        (folder / "points" / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else (text or right).encode())
    return folder


def told(root: Path) -> list[str]:
    with pytest.raises(HandoutError) as caught:
        catalogue.catalogue(root)
    return [f"{p.path.name}:{p.line}: {p.code} {p.message}" for p in caught.value.problems]


# The loader


def test_the_tables_of_the_program_say_what_csv_says() -> None:
    found = catalogue.catalogue(SOURCE, "en")
    wanted = catalogue_rows()
    assert list(found) == list(wanted)
    for code, point in found.items():
        names = {key: str(value) for key, value in point.names.model_dump(by_alias=True).items()}
        assert names == wanted[code]["names"]
        row, place = wanted[code]["place"], point.place
        assert place is not None
        texts = (
            "region",
            "aspect",
            "sides",
            "home",
            "kind",
            "formula",
            "level",
            "lateral_unit",
            "cun_kind",
            "unit_line",
        )
        assert [getattr(place, key) for key in texts] == [row[key] for key in texts]
        assert ["|".join(getattr(place, key)) for key in ("p", "q", "offset_dir")] == [
            row[key] for key in ("p", "q", "offset_dir")
        ]
        numbers = ("cun", "fraction", "offset_cun", "lateral_cun", "line_cun")
        assert [getattr(place, key) for key in numbers] == [float(row[key]) if row[key] else None for key in numbers]
        assert (place.start or "", place.count) == (row["from"], int(row["count"]))
        assert [point.press, point.press_reason] == [row["press"], row["press_reason"]]
        for key in ("cautions", "sources"):
            assert " ".join(getattr(point, key)) == row[key]
        assert set(point.caution_sources) == set(point.cautions)


def beside_l2(point: Point) -> bool:
    return point.place is not None and (point.place.level, point.place.lateral_cun) == ("L2", 1.5)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_what_a_spreadsheet_may_write(tmp_path: Path, mark: bytes, end: str) -> None:
    heads = HEADS["names"].split(",")
    cells = NAME.replace("Kidney Transporter", '"Kidney, Transporter"')
    # NFD, quotes, blanks around a cell, empty rows below
    text = unicodedata.normalize("NFD", end.join([f'"{heads[0]}",' + ",".join(heads[1:]), cells, "," * 10, "", ""]))
    found = catalogue.catalogue(tables(tmp_path, mark + text.replace("肾俞", " 肾俞 ").encode()))
    assert found["BL23"].names.pinyin == "Shènshū"
    assert (found["BL23"].names.zh_hans, found["BL23"].names.en) == ("肾俞", "Kidney, Transporter")
    assert beside_l2(found["BL23"])


def test_tables_of_names_from_before_vietnamese_are_read_as_before(tmp_path: Path) -> None:
    old = HEADS["names"].replace(",vi,", ",")
    found = catalogue.catalogue(tables(tmp_path, names=f"{old}\n{NAME.replace('Thận du,', '')}\n"))
    assert (found["BL23"].names.vi, found["BL23"].names.en) == ("", "Kidney Transporter")
    older = old.replace(",en,", ",")
    assert told(tables(tmp_path, names=f"{older}\n{NAME}\n"))[0] == "names.csv:1: table columns are missing: en"


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    text = "\n".join(",".join(reversed(line.split(","))) for line in (HEADS["places"], PLACE))
    # The key of a row is its code, wherever it stands.
    assert beside_l2(catalogue.catalogue(tables(tmp_path, places=text))["BL23"])


NAMES_MISTAKES = {
    "name-missing": (NAME.replace("Shènshū", ""), "value 'pinyin': it is empty"),
    "name-lost": (NAME.replace("肾俞", "??"), "value 'zh-Hans': '??' cannot be such a name"),
    "name-garbled": (NAME.replace("肾俞", "è‚¾ä¿ž"), "value 'zh-Hans': 'è‚¾ä¿ž' cannot be such a name"),
    "columns-shifted": (NAME.replace("Shènshū,肾俞", "肾俞,肾俞"), "value 'pinyin': '肾俞' cannot be such a name"),
    "verified-range": (NAME[:-1] + "4", "value 'verified': '4' should be less than or equal to 3"),
    "verified-word": (NAME[:-1] + "yes", "value 'verified': 'yes' should be a valid integer"),
    "code-missing": (NAME[4:], "value 'code': the code is missing"),
    "code-small": ("bl23" + NAME[4:], "value 'code': 'bl23' is no code"),
    "cells-missing": (NAME.rpartition(",")[0], "table 11 cells where 12 are wanted"),
    "cells-too-many": (NAME + ",", "table 13 cells where 12 are wanted"),
}
ON_LINE = {"kind": "on-line", "formula": "on-line", "level": "", "lateral_cun": "", "lateral_unit": ""}
ON_LINE |= {"p": "navel", "q": "xiphisternal", "from_": "p", "cun": "3", "line_cun": "8", "measures_from": "cun:A"}
PLACES_MISTAKES = {
    "word-for-number": ({"lateral_cun": "wide"}, "value 'lateral_cun': 'wide' should be a valid number"),
    "comma-in-number": ({"lateral_cun": "1,5"}, "value 'lateral_cun': '1,5' should be a valid number"),
    "no-finite-number": ({"lateral_cun": "inf"}, "value 'lateral_cun': 'inf' should be a valid number"),
    "nan": ({"lateral_cun": "nan"}, "value 'lateral_cun': 'nan' should be a valid number"),
    "too-far": ({"lateral_cun": "76"}, "value 'lateral_cun': '76' should be less than or equal to 75"),
    "mark-between-digits": ({"lateral_cun": "1_5"}, "value 'lateral_cun': '1_5' should be a valid number"),
    "lateral-negative": ({"lateral_cun": "-1.5"}, "value 'lateral_cun': '-1.5' should be greater than or equal to 0"),
    "too-far-for-its-measure": ({"lateral_cun": "7"}, "value 'lateral_cun' is 7, and 'back-width' has 6"),
    "step-longer-than-its-measure": (
        {"offset_cun": "9", "offset_dir": "up", "unit_line": "upper-belly", "measures_from": "lateral:A offset:A"},
        "value 'offset_cun' is 9 cun, and 'upper-belly' has 8",
    ),
    "share-in-percent": ({"fraction": "50"}, "value 'fraction': '50' should be less than 1"),
    "sides": ({"sides": "left"}, "value 'sides': 'left' should be 'both' or 'one'"),
    "no-region": ({"region": ""}, "value 'region': it is empty"),
    "odd-home": ({"home": "back"}, "value 'home': 'back' should be 'head-front', 'head-side', "),
    "odd-view": ({"views": "torso-side bak"}, "value 'views': 'bak' should be 'head-front', 'head-side', "),
    "odd-level": ({"level": "L2+"}, "value 'level': 'L2+' is no level"),
    "odd-source-of-a-number": (
        {"measures_from": "lateral:estimate"},
        "value 'measures_from': 'estimate' should be 'A'",
    ),
    "caution-without-a-source": (
        {"cautions": "spine", "caution_sources": "spine"},
        "value 'caution_sources': 'spine' is not valid",
    ),
    "sources-of-another-caution": (
        {"cautions": "spine", "caution_sources": "ribs: who-2008"},
        "value 'caution_sources': 'ribs' is not valid",
    ),
    "name-between-bars-missing": ({**ON_LINE, "p": "navel|", "count": "2"}, "value 'p': a name is missing between"),
    "way-to-itself": ({**ON_LINE, "q": "navel"}, "value 'p' and 'q' are the same"),
    "rows-of-another-length": ({"level": "T3..T6"}, "value 'count' is 1, and the place names 4"),
    "step-that-comes-back": (
        {"offset_cun": "1", "offset_dir": "up-down", "measures_from": "lateral:A offset:A"},
        "value 'offset_dir': nothing lies between the directions of 'up-down'",
    ),
    "another-figure": (
        {"home": "leg-back"},
        "no-picture no drawing shows the place of BL23: the figure 'leg-back' has no 'L2'",
    ),
    "no-name": ({"code": "BL24"}, "unknown-point BL24 has a place but no names"),
}


@pytest.mark.parametrize(("row", "message"), NAMES_MISTAKES.values(), ids=NAMES_MISTAKES)
def test_mistake_in_names(tmp_path: Path, row: str, message: str) -> None:
    good = NAME.replace("BL23", "BL24")
    place = f"{HEADS['places']}\n{PLACE}\n"
    found = told(tables(tmp_path, f"{HEADS['names']}\n{good}\n{row}\n", place))
    assert found == [f"names.csv:3: {message}"]


@pytest.mark.parametrize(("cells", "message"), PLACES_MISTAKES.values(), ids=PLACES_MISTAKES)
def test_mistake_in_places(tmp_path: Path, cells: dict[str, str], message: str) -> None:
    names = f"{HEADS['names']}\n{NAME}\n{NAME.replace('BL23', 'GV4')}\n"
    found = told(tables(tmp_path, names, table(place_row(GV4), place_row(**cells))))
    assert found[0].startswith(f"places.csv:3: {message}")
    assert {line.partition(": ")[0] for line in found} == {"places.csv:3"}


def test_a_chain_of_thousands_is_followed(tmp_path: Path) -> None:
    codes = [f"EX-B{number}" for number in range(10, 1100)]
    names = "\n".join(NAME.replace("BL23", code) for code in codes)
    chain = (place_row(code=code, level=before) for code, before in zip(codes, [codes[-1], *codes], strict=False))
    found = told(tables(tmp_path, f"{HEADS['names']}\n{names}\n", table(*chain)))
    assert [line.replace(" ← ", " ")[:60] for line in found] == [
        "places.csv:2: circle points are told by each other: EX-B10 E"
    ]
    assert len(found[0]) < 200


def test_measures_and_landmarks_of_a_clinic_are_looked_at_too(tmp_path: Path) -> None:
    root = tables(tmp_path)
    units = root / "points" / "unit_lines.csv"
    units.write_text("id,from,to,cun\nforearm,a,b,twelve\n")
    with pytest.raises(HandoutError, match=r"unit_lines.csv:2: value 'cun': 'twelve' should be a valid number"):
        catalogue.unit_lines(root)
    units.unlink()
    words = root / "points" / "words" / "en.landmarks.csv"
    words.parent.mkdir()
    shipped = (SOURCE / "points" / "words" / "en.landmarks.csv").read_text("utf-8").splitlines()
    words.write_text("\n".join([*shipped, shipped[1].replace(shipped[1].partition(",")[0], "elbow-tip", 1)]), "utf-8")
    with pytest.raises(HandoutError, match="unknown-landmark there is no landmark 'elbow-tip'"):
        catalogue.catalogue(root, "en")


def test_points_cannot_be_told_by_each_other(tmp_path: Path) -> None:
    names = f"{HEADS['names']}\n{NAME}\n{NAME.replace('BL23', 'GV4')}\n"
    found = told(tables(tmp_path, names, table(place_row(level="GV4"), place_row(GV4, level="BL23"))))
    assert found == ["places.csv:2: circle points are told by each other: BL23 ← GV4 ← BL23"]


def test_hints_name_what_could_be_meant(tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        catalogue.catalogue(tables(tmp_path, places=table(place_row(landmarks="navell", lateral_unit="back"))))
    hints = [problem.hint for problem in caught.value.problems]
    assert hints[0].startswith("the nearest known: navel")
    assert hints[1] == "known: nipples, back-width, forehead-width, mastoids"
    with pytest.raises(HandoutError) as caught:
        catalogue.catalogue(tables(tmp_path, places=table(place_row(home="torso-bak", lateral_cun="1,5"))))
    assert [problem.hint for problem in caught.value.problems] == ["did you mean 'torso-back'?", "write 1.5"]


def test_a_row_may_be_the_whole_spine(tmp_path: Path) -> None:
    place = catalogue.catalogue(tables(tmp_path, places=table(place_row(level="C7..L5", count="18"))))["BL23"].place
    assert place
    assert (place.row[0], place.row[-1], len(place.row)) == ("C7", "L5", 18)


WORDS_MISTAKES = {
    "an-estimate": ("BL23,{offset} up.,x", "value 'where': nothing is filled in for {offset}"),
    "no-such-measure": ("BL23,x.,{cun} out", "value 'short': nothing is filled in for {cun}"),
    "unknown-point": ("BL99,x.,x", "unknown-point BL99 has words but no names"),
    "no-code": ("23,x.,x", "value 'code': '23' is no code"),
    "comma-in-a-measure": (
        "BL23,{1,5} up.,x".replace("{1,5} up.", '"{1,5} up."'),
        "value 'where': nothing is filled in for {1,5}",
    ),
    "two-points": ("BL23,{1.5.2} up.,x", "value 'where': nothing is filled in for {1.5.2}"),
    "brace-open": ("BL23,x.,{lateral out", "value 'short': a brace has no partner"),
    "brace-in-brace": ("BL23,{both|{lateral}} out.,x", "value 'where': a brace has no partner"),
    "no-language": ("BL23,Beside 腰.,x", "untagged-language 'where': '腰' has no language"),
    "to-a-section": (
        "BL23,x.,[out](#there)",
        "unknown-link 'short': a text for many handouts cannot lead to a section of one: #there",
    ),
    "no-font": (
        "BL23,x \U00013000.,x",
        "missing-glyph 'where': no font has '\U00013000' (U+13000 EGYPTIAN HIEROGLYPH A001)",
    ),
}


@pytest.mark.parametrize(("line", "message"), WORDS_MISTAKES.values(), ids=WORDS_MISTAKES)
def test_mistake_in_words(tmp_path: Path, line: str, message: str) -> None:
    step = {"offset_cun": "0.3", "offset_dir": "up", "measures_from": "lateral:A offset:est"}
    root = tables(tmp_path, places=table(place_row(**step)))
    (root / "points" / "words").mkdir()
    (root / "points" / "words" / "en.csv").write_text(f"code,where,short\n{line}\n", "utf-8")
    with pytest.raises(HandoutError) as caught:
        catalogue.catalogue(root, "en")
    assert [f"{p.path.name}:{p.line}: {p.code} {p.message}" for p in caught.value.problems] == [f"en.csv:2: {message}"]


HEAD = HEADS["places"]
FORM_MISTAKES: dict[str, tuple[str | bytes, list[str]]] = {
    "nothing": (b"\n", ["1: table the table is empty"]),
    "semicolons": (f"{HEAD}\n{PLACE}\n".replace(",", ";"), ["1: table the columns are not separated by commas"]),
    "tabs": (f"{HEAD}\n{PLACE}\n".replace(",", "\t"), ["1: table the columns are not separated by commas"]),
    "marks-twice": (
        f"\ufeff\ufeff{HEAD}\n",
        ["1: control-character the character U+FEFF ZERO WIDTH NO-BREAK SPACE cannot be printed"],
    ),
    "line-for-a-spreadsheet": (f"sep=,\n{HEAD}\n", ["1: table the first line does not name the columns"]),
    "empty-line-above": (f"\n{HEAD}\n{PLACE}\n", ["1: table the first line does not name the columns"]),
    "no-heads": (f"{PLACE}\n", ["1: table the first line does not name the columns"]),
    "empty-columns": (f"{HEAD},,\n{PLACE},,\n", ["1: table a column has no name"]),
    "latin-1": (f"{HEAD}\n{PLACE}\nGV4,Knöchel\n".encode("latin-1"), ["3: encoding the file is not UTF-8"]),
    "utf-16": (f"{HEAD}\n".encode("utf-16"), ["1: encoding the file is not UTF-8"]),
    "column-missing": (f"{HEAD.replace(',sides', '')}\n", ["1: table columns are missing: sides"]),
    "column-unknown": (f"{HEAD},colour\n", ["1: table the column 'colour' is not known here"]),
    "column-twice": (f"{HEAD},sides\n", ["1: table the column 'sides' appears twice"]),
    "column-misspelt": (
        f"{HEAD.replace('aspect', 'aspekt')}\n",
        ["1: table columns are missing: aspect", "1: table the column 'aspekt' is not known here"],
    ),
    "code-twice": (f"{HEAD}\n{PLACE}\n\n{PLACE}\n", ["4: duplicate-point BL23 appears twice, first in line 2"]),
    "quote-open": (f'{HEAD}\nBL23,"hand,,,\n,,,\n', ["2: table not a CSV table: unexpected end of data"]),
    "too-large": (b"x" * 1_000_001, ["0: too-large 1,000,001 bytes, more than 300,000"]),
    "after-a-cell-of-two-lines": (
        f"{HEAD}\n{PLACE.replace('both', chr(34) + chr(10) + 'both' + chr(34))}\n{PLACE}\n",
        ["4: duplicate-point BL23 appears twice, first in line 2"],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), FORM_MISTAKES.values(), ids=FORM_MISTAKES)
def test_mistake_in_the_form(tmp_path: Path, text: str | bytes, wanted: list[str]) -> None:
    assert told(tables(tmp_path, places=text)) == [f"places.csv:{line}" for line in wanted]


def test_the_programs_places_are_for_more_points_than_a_clinics_names(tmp_path: Path) -> None:
    folder = tables(tmp_path) / "points"
    (folder / "places.csv").unlink()
    assert [*catalogue.catalogue(tmp_path)] == ["BL23"]
    assert beside_l2(catalogue.catalogue(tmp_path)["BL23"])


@pytest.mark.parametrize(
    ("name", "old", "new", "wanted"),
    [
        ("landmarks", "id,kind", "id;kind", "landmarks.csv:1: table columns are missing: id, kind"),
        (
            "landmarks",
            "\nnavel,",
            "\nbelly-button,",
            "landmarks.csv:1: unknown-landmark there is no landmark or point 'navel'",
        ),
        (
            "unit_lines",
            "\nchest,",
            "\nbreast,",
            "unit_lines.csv:1: unknown-segment 'unit_line': there is no proportional",
        ),
        ("unit_lines", ",9\n", ",nan\n", "unit_lines.csv:4: value 'cun': 'nan' should be a valid number"),
        ("unit_lines", ",9\n", ",0\n", "unit_lines.csv:4: value 'cun': '0' should be greater than 0"),
    ],
)
def test_a_clinics_table_has_the_mistake_not_the_programs_places(
    tmp_path: Path, name: str, old: str, new: str, wanted: str
) -> None:
    (tmp_path / "points").mkdir()
    text = (SOURCE / "points" / f"{name}.csv").read_text("utf-8")
    assert old in text
    (tmp_path / "points" / f"{name}.csv").write_text(text.replace(old, new, 1), "utf-8")
    first, *others = told(tmp_path)
    assert first.startswith(wanted)
    assert {line.partition(":")[0] for line in others} <= {f"{name}.csv"}


def test_a_place_without_a_home_is_not_drawn(tmp_path: Path) -> None:
    root = tables(tmp_path, places=table(place_row(home="")))
    assert not anatomy.positions(catalogue.catalogue(root)["BL23"])


def test_all_mistakes_of_both_tables_at_once_in_their_order(tmp_path: Path) -> None:
    names = f"{HEADS['names']}\n{NAME[:-1]}9\n{NAME.replace('BL23', 'GV4').replace('Shènshū', '')}\n"
    found = told(tables(tmp_path, names, table(place_row(lateral_cun="x"), place_row(code="GV9"))))
    assert sorted(line.partition(" ")[0] for line in found) == [
        "names.csv:2:",
        "names.csv:3:",
        "places.csv:2:",
        "places.csv:3:",
    ]


def test_names_that_cannot_be_read_make_no_place_a_mistake(tmp_path: Path) -> None:
    assert told(tables(tmp_path, HEADS["names"].replace(",", ";"))) == [
        "names.csv:1: table the columns are not separated by commas"
    ]


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_damaged_tables_are_problems_and_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    right = table(PLACE, place_row(GV4)).encode()
    at = data.draw(st.integers(0, len(right)))
    end = data.draw(st.integers(at, min(len(right), at + 9)))
    text = right[:at] + data.draw(st.binary(max_size=6)) + right[end:]
    names = f"{HEADS['names']}\n{NAME}\n{NAME.replace('BL23', 'GV4')}\n"
    try:
        found = catalogue.catalogue(tables(tmp_path_factory.mktemp("tables"), names, text or b"\n"))
    except HandoutError as error:
        found = dict.fromkeys(problem.code for problem in error.problems)
        known = {"table", "value", "encoding", "control-character", "unknown-point", "duplicate-point", "circle"}
        assert set(found) <= {*known, "unknown-landmark", "unknown-segment"}
    else:
        assert list(found) == ["BL23", "GV4"]


def test_check_tells_a_mistake_in_a_table_beside_the_handouts(project: Project) -> None:
    path = project.top / "source" / "points" / "places.csv"
    change(path, "BL23", sides="left")
    line = 1 + next(n for n, line in enumerate(path.read_text("utf-8").splitlines()) if line.startswith("BL23,"))
    done = run(project.top / "source", "check")
    assert done.returncode == 1
    assert f"source/points/places.csv:{line}: value 'sides': 'left' should be 'both' or 'one'\n" in done.stderr


def test_point_of_ones_own(project: Project) -> None:
    folder = project.top / "source" / "points"
    own = place_row(code="EX-B99", level="L3", lateral_cun="3")
    for name, line in (("names", "EX-B99,Wǒde,我的,我的,,,,,,,My Own,1"), ("places", own)):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    done = run(project.top / "source", "points", "my own")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("EX-B99  Wǒde  (Extra points)\n")
    assert re.search(r"Where +About four finger-widths to each side .* third\s+lumbar", done.stdout, re.DOTALL)


def test_a_point_without_a_place_is_on_no_drawing() -> None:
    point = catalogue.catalogue(SOURCE)["BL23"]
    assert anatomy.figure_of(point) == "torso-back"
    assert anatomy.shown("lower-back", point)
    nowhere = point.model_copy(update={"place": None})
    assert anatomy.figure_of(nowhere) is None
    assert not anatomy.positions(nowhere)
    assert not anatomy.positions_in("torso-back", nowhere)
    assert not anatomy.shown("lower-back", nowhere)
    assert not anatomy.place_on_figure(point.place.model_copy(update={"level": "T99"}), "torso-back")  # type: ignore[union-attr]


def test_loading_is_quick() -> None:
    # After pydantic's first model, which every run of the program makes anyway; up to three tries, the best counts.
    code = (
        "import time\n"
        "from handout_builder.content import catalogue, schema\n"
        "from handout_builder.resources import SOURCE\n"
        "schema.Text.model_rebuild()\n"
        "start = time.process_time()\n"
        "catalogue.catalogue(SOURCE, 'en')\n"
        "print(1000 * (time.process_time() - start))\n"
    )
    command = [sys.executable, "-c", code]
    times = (float(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout) for _ in range(3))
    # 45 ms on a busy machine for five tables with 409 points; the margin is for slower ones.
    assert any(time < 150 for time in times)


# Codes


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("BL023", ["BL23"]),
        ("bl 23", ["BL23"]),
        ("B23", ["BL23"]),
        ("UB23", ["BL23"]),
        ("Bl-23", ["BL23"]),
        ("ＢＬ２３", ["BL23"]),
        ("BL68", ["BL67", "BL66", "BL65"]),
        ("DU3", ["GV3"]),
        ("GV-3", ["GV3"]),
        ("REN4", ["CV4"]),
        ("SJ5", ["TE5"]),
        ("TB5", ["TE5"]),
        ("LIV3", ["LR3"]),
        ("UB", ["BL1", "BL2", "BL3"]),
        ("EXB2", ["EX-B2"]),
        ("ex b 02", ["EX-B2"]),
        ("BL233", ["BL33", "BL23"]),
        ("LB23", ["BL23"]),
        ("BL32A", ["BL32", "BL31", "BL33"]),
        ("SI22", ["SI12", "SI2"]),
    ],
)
def test_nearest_codes(written: str, wanted: list[str]) -> None:
    assert nearest_codes(written, CODES)[: len(wanted)] == wanted


@pytest.mark.parametrize("written", ["", "?", "Shènshū", "肾俞", "x" * 100_000])
def test_nothing_is_near_to_what_is_no_code(written: str) -> None:
    assert nearest_codes(written, CODES) == []


def edits(one: str, other: str) -> int:
    """Count single signs to insert, delete or change (Levenshtein), the plain recursive way."""
    if not one or not other:
        return len(one) + len(other)
    if one[0] == other[0]:
        return edits(one[1:], other[1:])
    return 1 + min(edits(one[1:], other), edits(one, other[1:]), edits(one[1:], other[1:]))


def other_spelling(slip: str) -> bool:
    """Tell whether a slip happens to be how other books write another meridian: TH5, for HT5, is TE5."""
    letters = slip.rstrip("0123456789")
    return meridian(letters) not in ("", letters)


@given(st.sampled_from(CODES), st.data())
@settings(deadline=None)
def test_code_with_a_sign_too_many_or_two_letters_swapped_is_among_the_three_nearest(
    code: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(code)))
    # Of one figure alone, as in ST5, another slip is as likely: ST55 may be ST45.
    twice = data.draw(st.sampled_from([0, 1, *((len(code) - 1, len(code) - 2) if code[-2].isdigit() else ())]))
    slip = data.draw(
        st.sampled_from(
            [
                code[:at] + data.draw(st.sampled_from("XQZJ- .")) + code[at:],
                code[: twice + 1] + code[twice:],
                code[1] + code[0] + code[2:],
                code.lower(),
                re.sub(r"(?=[0-9]+$)", "0", code, count=1),
            ]
        )
    )
    if slip not in CODES and not other_spelling(slip):
        assert code in nearest_codes(slip, CODES), slip


@given(st.sampled_from(CODES), st.integers(0, 4), st.sampled_from("ABEGLSTVX123456789"))
@settings(deadline=None, max_examples=40)
def test_no_code_is_told_that_is_further_away_than_the_one_meant(code: str, at: int, sign: str) -> None:
    slip = code[:at] + sign + code[at + 1 :]  # one sign changed: other codes may be as near, but none further
    near = nearest_codes(slip, CODES)
    if code not in near and not other_spelling(slip):
        assert near
        assert all(edits(slip, other) <= 1 or sorted(slip) == sorted(other) for other in near), near


def test_spellings_of_other_books_are_no_two_codes_at_once() -> None:
    for one in MERIDIANS:
        for other in MERIDIANS:
            assert (spelled(f"{one}1") == spelled(f"{other}1")) == (one == other)


# Looking points up


@pytest.fixture(scope="session")
def program() -> Lookup:
    return Lookup(SOURCE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_point_is_told_in_the_language_that_is_asked_for(lang: str) -> None:
    """In one language, its lines have no tag; in all of them, these have an order."""
    one = Lookup(SOURCE, [lang])
    words, shared = catalogue.catalogue(SOURCE, lang)["LI4"], texts_of(SOURCE, lang)
    told, entry = one.answer("LI4"), json.loads(one.answer("LI4", as_json=True))[0]
    assert "".join(place_text.long_place(words, shared).split()) in "".join(told.split())
    assert f"({lang})" not in told
    assert [*entry["where"]] == [*entry["short"]] == [lang]


def test_lines_of_a_point_begin_below_each_other_in_all_languages(program: Lookup) -> None:
    assert [*program.languages] == ["en", *sorted(set(LANGUAGES) - {"en"})]
    for code in ("LI4", "EX-HN5", "ST9", "BL23"):
        _, *lines = program.answer(code).split("\n")
        assert all(line[24:26] == "  " and line[26] != " " for line in lines), code


def test_a_language_that_there_is_not_is_told() -> None:
    with pytest.raises(HandoutError, match="no words for points in 'xx'") as caught:
        Lookup(SOURCE, ["xx"])
    assert "zh-Hant" in caught.value.problems[0].hint


def found(program: Lookup, word: str) -> list[str]:
    return [point.code for point in program.find(word)]


@pytest.mark.parametrize(
    "word",
    [
        *("BL23", "bl23", "UB 23", "B-023", "shen shu", "Shenshu", "shènshū", "SHÈN SHŪ", "肾俞", "腎俞", "腎兪"),
        *(
            "じんゆ",
            "ジンユ",
            "ｼﾞﾝﾕ",
            "Jin'yu",
            "Jinyu",
            "jin yu",
            "신수",
            "Sinsu",
            "肾愈",
            "shèn yù",
            "Kidney Transporter",
        ),
    ],
)
def test_exact_match(program: Lookup, word: str) -> None:
    assert found(program, word) == ["BL23"]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Daichoyu", "BL25"),
        ("Daichōyu", "BL25"),
        ("Kikaiyu", "BL24"),
        ("気海愈", "BL24"),
        ("腰陽關", "GV3"),
        ("腰陽関", "GV3"),
    ],
)
def test_other_points(program: Lookup, word: str, code: str) -> None:
    assert found(program, word) == [code]


@pytest.mark.parametrize(
    ("word", "codes", "not_codes"),
    [
        ("shen", {"BL23", "HT7", "GV11"}, {"BL52"}),  # beginnings of names
        ("肾", {"BL23"}, {"BL52"}),
        ("阳关", {"GB33", "GV3"}, {"GB34"}),  # Han inside a name
        ("kidney", {"BL23", "KI1", "KI27"}, {"BL24"}),  # English words and the meridian
        ("kidn", {"BL23", "KI1"}, {"BL24"}),
        ("gate", {"GV4", "BL26"}, {"BL25"}),
        ("L4", {"BL25", "GV3", "EX-B2", "EX-B7"}, {"BL24"}),
        ("T1", {"BL11", "GV13", "EX-B2"}, {"BL18", "BL19", "BL20", "BL21"}),  # not T10 to T12
        ("BL", {"BL1", "BL67"}, {"LR1"}),
        ("UB", {"BL1", "BL67"}, {"LR1"}),
        ("Ren", {"CV1", "CV24"}, {"GV26"}),
        ("bladder", {"BL1", "BL28", "BL67"}, {"GB1"}),
        ("large intestine", {"LI1", "BL25"}, {"SI1"}),
    ],
)
def test_several_matches(program: Lookup, word: str, codes: set[str], not_codes: set[str]) -> None:
    got = found(program, word)
    assert codes <= set(got)
    assert not not_codes & set(got)
    assert got == sorted(got, key=CODES.index)


def test_every_point_is_found_by_its_code_and_each_of_its_names(program: Lookup) -> None:
    for number, (code, row) in enumerate(catalogue_rows().items()):
        assert found(program, code) == [code]
        for column, name in row["names"].items():
            if name and column not in ("en", "verified"):
                assert plain(name) in program.keys[code], (code, name)
                if number % 15 == 0:
                    assert code in found(program, name), (code, name)


@given(st.text(max_size=12))
@settings(deadline=None, max_examples=25)
def test_any_word_has_an_answer_or_a_problem(program: Lookup, word: str) -> None:
    try:
        assert program.answer(word)
    except HandoutError as error:
        assert error.problems[0].code == "unknown-point"  # noqa: PT017


def test_names_are_compared_without_tones_and_voiced_kana_stay() -> None:
    assert plain("Dà-cháng Shū") == plain("DACHANGSHU") == "dachangshu"
    assert plain("じんゆ") != plain("しんゆ")
    assert plain("신수") == "신수"


def test_whole_entry(project: Project) -> None:
    done = run(project.top / "source", "points", "肾愈")
    assert (done.returncode, done.stderr) == (0, "")
    lines = project.text.read_text("utf-8").splitlines()
    card = 1 + lines.index("          - code: BL23")
    for row in (
        r"BL23  Shènshū  \(Bladder\)",
        "  Chinese, traditional    腎俞",
        "    romaji                Jin'yu",
        "  Verified                three lists agree .*",
        "  Where                   About two finger-widths to each side of the spine,",
        r"  Take care               .+",
        "  Pressing                after asking: see below",
        "  Care from               pregnancy: WHO 1999, common teaching",
        "  Place from              who-2008, gbt-12346",
        r"  Sources agree           A\+B\+C \(A: WHO 2008; B: .*",
        rf"  Used in                 source/chronic-back-pain/en.yaml:[0-9]+, {card}, [0-9]+, [0-9]+:",
        r"BL23: 肾愈 is written so in chronic-back-pain \(en\)",
    ):
        assert re.search(f"^{row}$", done.stdout, re.MULTILINE), row
    (used,) = re.findall(r"en\.yaml:(.+)", done.stdout)
    assert "肾愈 shèn yù" in done.stdout
    told_lines = [int(n) for n in re.findall("[0-9]+", used)]
    assert len(told_lines) >= 3
    assert all("BL23" in lines[number - 1] for number in told_lines)


def test_a_terminal_has_one_language_at_a_time_and_a_program_all() -> None:
    """Seven languages of three points were 200 lines for who reads one of them."""
    told = {words: run(SOURCE, "points", "BL23", *words.split()).stdout for words in ("", "--lang all", "--lang ja")}
    assert [told[words].count("  Where") for words in told] == [1, len(LANGUAGES), 1]
    assert "About two finger-widths" in told[""]
    assert "第2腰椎" in told["--lang ja"]


def test_standard_name_is_not_called_somebodys_spelling(program: Lookup) -> None:
    assert "written so" not in program.answer("腎俞")


def test_point_without_a_place_and_place_without_words(project: Project) -> None:
    path = project.top / "source" / "points" / "places.csv"
    path.write_text(table(place_row(lateral_cun="1.7", cautions="odd-word")), "utf-8")
    told_of = Lookup(project.top / "source")
    entry = told_of.answer("BL23")
    assert re.search(r"^  Where +region lower-back, .*lateral_cun\s+1\.7", entry, re.MULTILINE | re.DOTALL)
    assert "  Take care               odd-word\n" in entry
    assert "  Where                   no verified place" in told_of.answer("LU1")


def test_handout_that_cannot_be_read_hides_no_point(project: Project) -> None:
    project.text.write_text("title: [", "utf-8")
    done = run(project.top / "source", "points", "BL23")
    assert done.returncode == 0
    assert "Used in" not in done.stdout


def columns(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def test_lines_fit_a_terminal_and_columns_stand_below_each_other(program: Lookup) -> None:
    listed = program.answer("").splitlines()
    assert len(listed) == len(CODES)
    for line, (code, row) in zip(listed, catalogue_rows().items(), strict=True):
        names = row["names"]
        assert line.startswith(code)
        assert columns(line.partition(names["zh-Hans"])[0]) == 7
        assert columns(line.partition(names["pinyin"])[0]) == 19
        assert columns(line.rpartition(names["en"])[0]) == 37
        assert columns(line) <= 80
    for code in CODES:
        for line in program.answer(code).splitlines():
            assert columns(line) <= 80, line


def test_json(program: Lookup) -> None:
    done = run(SOURCE, "points", "BL23", "--format", "json")
    (entry,) = json.loads(done.stdout)
    assert entry["names"] == {**catalogue_rows()["BL23"]["names"], "verified": 3}
    assert (entry["place"]["level"], entry["place"]["lateral_cun"], entry["place"]["home"]) == ("L2", 1.5, "torso-back")
    assert entry["where"]["en"].startswith("About two finger-widths")
    assert entry["press"] == "ask"
    cards = [use for use in entry["used"] if use["names"]]
    assert [card["lang"] for card in cards] == list(LANGUAGES)
    assert {(card["handout"], *card["names"]) for card in cards} == {("chronic-back-pain", "肾愈", "shèn yù")}
    assert [entry["code"] for entry in json.loads(program.answer("", as_json=True))] == CODES


def test_several_codes_are_several_points(program: Lookup) -> None:
    done = run(SOURCE, "points", "EX-HN5", "st9,", "ub-023", "--format", "json")
    assert [entry["code"] for entry in json.loads(done.stdout)] == ["EX-HN5", "ST9", "BL23"]
    assert program.answer("EX-HN5", "ST9") == f"{program.answer('EX-HN5')}\n\n{program.answer('ST9')}"
    unknown = run(SOURCE, "points", "LI4", "BL68")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "no point is called 'BL68'\n    hint: the nearest: BL67" in unknown.stderr
    # Words of one name stay together, and codes that are written in two words.
    assert program.asked(["shen", "shu"]) == ["shen shu"]
    assert program.asked(["UB", "23"]) == ["UB 23"]


def test_nothing_found_is_told_with_the_nearest() -> None:
    for words, hint in (
        ("BL68", "the nearest: BL67 Zhìyīn"),
        ("shenshuu", "the nearest: BL23 Shènshū"),
        ("((", "all points"),
    ):
        done = run(SOURCE, "points", words, "--format", "json")
        assert (done.returncode, done.stdout) == (1, "")
        assert f"unknown-point no point is called '{words}'\n    hint: {hint}" in done.stderr


@pytest.mark.parametrize("words", ["points", "points --format json"])
def test_reader_that_leaves_early(words: str) -> None:
    # The pipe is closed before anything is written, which no buffer can hide.
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, str(ROOT / "make_handout.py"), *shlex.split(words)]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_engine_is_loaded() -> None:
    code = (
        "import sys\n"
        "from handout_builder.cli.main import main\n"
        "main(['points', 'BL23'])\n"
        "slow = {'weasyprint', 'lxml', 'ebooklib', 'jinja2'}\n"
        "print(*sorted(slow & set(sys.modules)), file=sys.stderr, end='')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr == ""


def test_example_of_the_readme() -> None:
    word, code = re.findall(
        r"`python make_handout\.py points (\w+)` finds.*?\(here (\w+)\)",
        (ROOT / "README.md").read_text("utf-8"),
        re.DOTALL,
    )[0]
    assert run(SOURCE, "points", word).stdout.startswith(f"{code}  ")


def test_points_of_a_part_of_the_body(program: Lookup) -> None:
    done = run(SOURCE, "points", "--region", "neck")
    codes = [line.split()[0].removesuffix("颈百劳") for line in done.stdout.splitlines()]
    wanted = [code for code, row in catalogue_rows().items() if row["place"]["region"] == "neck"]
    assert codes == wanted
    assert {"GB20", "ST9"} <= set(codes)
    few = json.loads(program.answer("ST", region="neck", as_json=True))
    assert [entry["code"] for entry in few] == [code for code in wanted if code.startswith("ST")]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--region", "nek"), "unknown-region there is no region 'nek'\n    hint: did you mean neck"),
        (("LI4", "--region", "neck"), "unknown-point no 'LI4' in the neck"),
    ],
)
def test_a_region_that_has_nothing(words: tuple[str, ...], told: str) -> None:
    done = run(SOURCE, "points", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr


def test_the_exported_catalogue_follows_its_schema(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.json"
    done = run(SOURCE, "points", "--export", str(path))
    assert (done.returncode, done.stdout) == (0, "")
    value = json.loads(path.read_text("utf-8"))
    schema = json.loads((SOURCE / "catalogue.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(value)
    assert [point["code"] for point in value["points"]] == CODES
    (pc6,) = (point for point in value["points"] if point["code"] == "PC6")
    assert pc6["words"]["en"]["where"].startswith("Inner forearm. Three finger-widths")
    assert pc6["words"]["en"]["care"] == ["Press gently.", "Stop if it tingles."]
    assert (pc6["place"]["p"], pc6["place"]["cun"], pc6["place"]["line_cun"]) == (["PC7"], 2.0, 12.0)
    assert value["unit_lines"]["forearm"] == 12
    assert {landmark["id"] for landmark in value["landmarks"]} >= {"wrist-crease-mid", "navel"}
    stored = json.loads((ROOT / "layouts" / "figures" / "positions.json").read_text("utf-8"))
    assert value["cited"]["who-1999"].startswith("WHO: Guidelines on Basic Training and Safety")
    assert value["cited"]["who-1999-from-memory"] == "WHO 1999 (cited from memory)"
    used = {name for point in value["points"] for names in point.get("caution_sources", {}).values() for name in names}
    assert used <= value["cited"].keys()
    assert value["positions"]["torso-back"]["BL23"] == stored["torso-back"]["BL23"]
    few = value | {"landmarks": [], "positions": {}}
    for key, wrong in (("press", "maybe"), ("accuracy", "good")):
        with pytest.raises(jsonschema.ValidationError, match=wrong):
            jsonschema.Draft202012Validator(schema).validate(few | {"points": [pc6 | {key: wrong}]})


def test_what_is_known_of_a_point_in_a_language_of_ones_own(project: Project) -> None:
    source = project.top / "source"
    shared = (source / "shared" / "en.yaml").read_text("utf-8")
    (source / "shared" / "de.yaml").write_text(
        shared.replace("three finger-widths", "drei Fingerbreiten").replace(
            "Stop if it tingles", "Bei Kribbeln aufhören"
        ),
        "utf-8",
    )
    words = "code,where,short\nPC6,Unterarm. {cun} über dem Handgelenk.,Unterarm\n"
    (source / "points" / "words" / "de.csv").write_text(words, "utf-8")
    entry = Lookup(source).answer("PC6")
    assert re.search(r"^  Take care \(en\) +Stop if it tingles\.$", entry, re.MULTILINE)
    assert re.search(r"^  Take care \(de\) +Bei Kribbeln aufhören\.$", entry, re.MULTILINE)
    assert re.search(r"^  Where \(de\) +Unterarm\. Drei Fingerbreiten über dem Handgelenk\.$", entry, re.MULTILINE)
    assert re.search(r"^  Where \(en\) +Inner forearm\.", entry, re.MULTILINE)


def test_shipped_tables_are_read_without_checks_as_with_them(tmp_path: Path) -> None:
    """Their rows and lines; a cell of two lines is one row."""
    text = (SOURCE / "points" / "names.csv").read_text("utf-8").replace("Kidney Transporter", '"Kidney\nTransporter"')
    read = Table(tmp_path / "names.csv", text)
    checked = catalogue_tables.rows(read, catalogue.NAMES, [], catalogue.wrong_code, catalogue.NAMES)
    quick = catalogue_tables.unchecked(read)
    assert {code: (row.line, row.cells) for code, row in quick.items()} == {
        code: (row.line, row.cells) for code, row in checked.items()
    }


def test_names_that_are_a_slip_away_are_those_of_a_comparison_with_all_names() -> None:
    names = PointNames(catalogue.catalogue(SOURCE, "en"))
    known = [*names._codes]
    for word in ("shenhsu", "zusanl", "kidney transporte", "肾愈", "hegux", "lower back"):
        wanted = names._folded(plain(word))
        alike = nearest(wanted, known, 3, 0.8)
        assert names.near(word) == list(dict.fromkeys(code for key in alike for code in names._codes[key]))[:3]
    assert names.near("zusanl")
