"""The catalogue of points: tables of names, places, landmarks, measures and words, joined by codes and ids."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from handout_builder import source_files
from handout_builder.content import patterns, tables
from handout_builder.content.point_codes import nearest_codes
from handout_builder.content.schema import Landmark, Place, Point, StandardNames
from handout_builder.content.tables import Row
from handout_builder.errors import HandoutError, Problem, nearest
from handout_builder.resources import SOURCE, beside
from handout_builder.text import language

NAMES = ("code", "pinyin", "zh-Hans", "zh-Hant", "ja", "kana", "romaji", "ko", "ko-Latn", "en", "verified")
"""The columns of the table of names."""
PLACES = (
    "code", "region", "aspect", "sides", "count", "home", "views", "kind", "formula", "p", "q", "from", "cun",
    "fraction", "offset_cun", "offset_dir", "level", "lateral_cun", "lateral_unit", "cun_kind", "unit_line",
    "line_cun", "measures_from", "landmarks", "press", "press_reason", "cautions", "caution_sources", "verified",
    "accuracy", "note", "sources",
)  # fmt: skip
"""The columns of the table of places: see source/points/README.md."""
LANDMARKS = ("id", "kind", "term", "views")
UNIT_LINES = ("id", "from", "to", "cun")
WORDS = ("code", "where", "short")
LANDMARK_WORDS = ("id", "name", "find")

_CODE = re.compile(r"[A-Z]+(-[A-Z]+)?[0-9]+")
_SLUG = re.compile(r"[a-z][a-z0-9-]*")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_IN_HAN = ("zh-Hans", "zh-Hant", "ja", "kana", "ko")
_LATERAL_UNITS = ("nipples", "back-width", "forehead-width", "mastoids")
_PLACE_COLUMNS = frozenset(field.alias or name for name, field in Place.model_fields.items())
# What each kind of formula is made of; "|" is one or the other.
_NEEDS = {
    "landmark": "p",
    "nail": "p offset_cun",
    "relative": "p offset_cun",
    "on-line": "p q cun|fraction",
    "between": "p q fraction",
    "scalp": "p cun",
    "grid": "level lateral_cun|p",
}


def catalogue(root: Path, lang: str = "") -> Mapping[str, Point]:
    """Return all points by code, in the order of the table of names, with the words of a language.

    Each table is that in ``points/`` of ``root``, else the program's. A point that has no row in ``places.csv`` has no
    place; a language without a table of words has places of which only rows of vertebrae can be told. Raises
    HandoutError with every mistake of all tables.
    """
    problems: list[Problem] = []
    names = beside(root, "points/names.csv")
    named = tables.read(names, NAMES, problems, wrong_code)
    whole = not problems
    placed = tables.read(beside(root, "points/places.csv"), PLACES, problems, wrong_code)
    landmarks = _landmarks(root, lang, problems)
    units = _unit_lines(root, problems)
    for code, row in placed.items():
        if whole and code not in named:
            hint = f"add it to {names.name}, or take the row out; the two tables belong together"
            problems.append(Problem("unknown-point", f"{code} has a place but no names", row.path, row.line, hint))
    words = _words(root, lang, "", WORDS, problems, wrong_code)
    beside_names = words_file(root, lang).parent.parent == names.parent
    for code, row in words.items():
        if whole and beside_names and code not in named:
            hint = f"add it to {names.name}, or take the row out"
            problems.append(Problem("unknown-point", f"{code} has words but no names", row.path, row.line, hint))
    standard = {code: _names(row, problems) for code, row in named.items()}
    found = {code: _place(row, problems) for code, row in placed.items()}
    places = {code: place for code, place in found.items() if place}
    known = Known(landmarks, units, named.keys() or placed.keys())
    for code, whole_place in places.items():
        row = placed[code]
        problems += (mistake(row.path, row.line) for mistake in wrong_place(code, whole_place, known))
    if not problems:
        problems += _circles(places, placed)
    points = {}
    for code, standard_names in standard.items():
        before = len(problems)
        about = _about(placed[code], problems) if code in placed else {}
        place = places.get(code)
        told = words[code].cells if code in words and place else {}
        if told and place:
            problems += _wrong_words(words[code], place)
        if standard_names and len(problems) == before:
            points[code] = Point(
                code=code,
                names=standard_names,
                place=place,
                where=told.get("where", ""),
                short=told.get("short", ""),
                landmarks=tuple(landmarks[name] for name in place.landmarks if name in landmarks) if place else (),
                **about,
            )
    if problems:
        raise HandoutError(problems)
    return MappingProxyType(points)


class Known:
    """What a place may be told by: landmarks, proportional measures, and the codes of points."""

    def __init__(self, landmarks: Mapping[str, Landmark], units: Mapping[str, float], codes: Iterable[str]) -> None:
        self.landmarks, self.units, self.codes = landmarks, units, frozenset(codes)

    def has(self, name: str) -> bool:
        """Tell whether a place can be told by a landmark or point of this name."""
        return name in self.landmarks or name in self.codes

    def near(self, name: str) -> str:
        """Return a hint: what could be meant, else where all that are known stand."""
        near = nearest_codes(name, self.codes) if _CODE.fullmatch(name) else nearest(name, self.landmarks, 3)
        return f"the nearest known: {', '.join(near)}" if near else "all that are known stand in points/landmarks.csv"


def wrong_code(code: str) -> tuple[str, str] | None:
    """Return what is wrong with a code, and a hint."""
    hint = "the WHO's form, for example BL23 or EX-B2"
    return None if _CODE.fullmatch(code) else (f"'{code}' is no code", hint)


def wrong_id(name: str) -> tuple[str, str] | None:
    """Return what is wrong with the id of a landmark, and a hint."""
    return None if _ID.fullmatch(name) else (f"'{name}' is no id", "letters, digits and hyphens, for example C7-spine")


class Mistake:
    """What cannot be true of a place, before it is known where its row stands."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        self.code, self.message, self.hint = code, message, hint

    def __call__(self, path: Path, line: int) -> Problem:
        """Return it as a problem of a row."""
        return Problem(self.code, self.message, path, line, self.hint)


def wrong_place(code: str, place: Place, known: Known) -> Iterator[Mistake]:
    """Yield what cannot be true of a place: unknown landmarks and measures, missing parts, impossible lengths."""
    level = place.row if ".." in place.level else filter(None, [place.level_name])
    wanted = [*place.p, *place.q, *place.landmarks, *level]
    for name in dict.fromkeys(wanted):
        if not known.has(name):
            yield Mistake("unknown-landmark", f"there is no landmark or point '{name}'", known.near(name))
    for column in ("unit_line", "lateral_unit"):
        name = getattr(place, column)
        lines = known.units if column == "unit_line" else [unit for unit in _LATERAL_UNITS if unit in known.units]
        if name and name not in lines:
            hint = f"known: {', '.join(lines)}"
            yield Mistake("unknown-segment", f"'{column}': there is no proportional measure '{name}'", hint)
    yield from _missing(place)
    yield from _impossible(place, known.units)
    if code in (*place.p, *place.q, place.level_name):
        yield Mistake("circle", f"{code} is told by itself")


def _missing(place: Place) -> Iterator[Mistake]:
    """Yield what the formula of a place lacks, or has too much."""
    kind = place.formula
    for part in _NEEDS[kind].split():
        if all(getattr(place, name) in (None, "", ()) for name in part.split("|")):
            yield Mistake("value", f"a place of the kind '{kind}' needs {part.replace('|', ' or ')}")
    if (place.offset_cun is None) != (not place.offset_dir):
        yield Mistake("value", "'offset_cun' and 'offset_dir' stand together: how far, and in which direction")
    if place.cun is not None and kind == "on-line" and place.start is None:
        yield Mistake("value", "'from' is empty: from which end is 'cun' counted", "p or q")
    if kind == "on-line" and None not in (place.cun, place.fraction):
        yield Mistake("value", "'cun' and 'fraction' cannot stand together", "give one of them")
    if ".." in place.level and len(place.row) < 2:  # noqa: PLR2004  # one vertebra is no row
        message = "a row runs from a vertebra down to another, for example T1..L5"
        yield Mistake("value", f"'level': {message}")
    if place.lateral_cun and not place.lateral_unit:
        hint = f"known: {', '.join(_LATERAL_UNITS)}"
        yield Mistake("value", "'lateral_unit' is empty: which measure is 'lateral_cun' a part of", hint)
    given = {"level": place.level_cun, "cun": place.cun, "offset": place.offset_cun, "lateral": place.lateral_cun}
    told = {name for name, _ in place.measures_from}
    for name in (name for name, number in given.items() if number and name not in told):
        yield Mistake("value", f"'measures_from' does not say where the number of '{name}' comes from", f"{name}:A")
    spots = {len(names) for names in (place.p, place.q, place.offset_dir) if len(names) > 1}
    if len(spots) > 1 or (spots and place.count not in spots):
        yield Mistake("value", f"'count' is {place.count}, and p, q or offset_dir name another number of spots")


def _impossible(place: Place, units: Mapping[str, float]) -> Iterator[Mistake]:
    """Yield lengths that are longer than what they are part of."""
    if place.formula == "on-line" and place.cun and place.line_cun and place.cun > place.line_cun:
        yield Mistake("value", f"'cun' is {place.cun:g}, and the whole way has {place.line_cun:g}")
    line = units.get(place.unit_line)
    for name, cun in (("level", abs(place.level_cun)), ("cun", place.cun), ("offset_cun", place.offset_cun)):
        if line and cun and cun > line:
            yield Mistake("value", f"'{name}' is {cun:g} cun, and '{place.unit_line}' has {line:g}")
    wide = units.get(place.lateral_unit)
    if wide and place.lateral_cun and place.lateral_cun > wide:
        yield Mistake("value", f"'lateral_cun' is {place.lateral_cun:g}, and '{place.lateral_unit}' has {wide:g}")


def _circles(places: Mapping[str, Place], rows: Mapping[str, Row]) -> Iterator[Problem]:
    """Yield each circle of points that are told by each other, once."""
    others = {
        code: [name for name in dict.fromkeys((*place.p, *place.q, place.level_name)) if name in places]
        for code, place in places.items()
    }
    done: set[str] = set()
    for code in places:
        way: list[str] = []
        yield from _follow(code, others, way, done, rows)


def _follow(
    code: str, others: Mapping[str, list[str]], way: list[str], done: set[str], rows: Mapping[str, Row]
) -> Iterator[Problem]:
    if code in way:
        circle = " ← ".join([*way[way.index(code) :], code])
        row = rows[code]
        yield Problem(
            "circle", f"points are told by each other: {circle}", row.path, row.line, "tell one by a landmark"
        )
    if code in way or code in done:
        return
    way.append(code)
    for other in others[code]:
        yield from _follow(other, others, way, done, rows)
    done.add(way.pop())


def _landmarks(root: Path, lang: str, problems: list[Problem]) -> Mapping[str, Landmark]:
    rows = tables.read(beside(root, "points/landmarks.csv"), LANDMARKS, problems, wrong_id)
    words = _words(root, lang, ".landmarks", LANDMARK_WORDS, problems, wrong_id)
    for name, row in words.items():
        if name not in rows:
            hint = "take the row out, or add the landmark to points/landmarks.csv"
            problems.append(Problem("unknown-landmark", f"there is no landmark '{name}'", row.path, row.line, hint))
    told = ((row, {**row.cells, **(words[name].cells if name in words else {})}) for name, row in rows.items())
    made = (tables.validated(row, Landmark, cells, problems) for row, cells in told)
    return {landmark.id: landmark for landmark in made if landmark}


def unit_lines(root: Path) -> Mapping[str, float]:
    """Return how many cun each proportional measure has; raises HandoutError."""
    problems: list[Problem] = []
    units = _unit_lines(root, problems)
    if problems:
        raise HandoutError(problems)
    return units


def word_languages(root: Path) -> frozenset[str]:
    """Return the languages that have words for places, beside the handouts or in the program."""
    folders = (root / "points" / "words", SOURCE / "points" / "words")
    return frozenset(path.stem for folder in folders for path in folder.glob("*.csv") if "." not in path.stem)


def _unit_lines(root: Path, problems: list[Problem]) -> Mapping[str, float]:
    units = {}
    for name, row in tables.read(beside(root, "points/unit_lines.csv"), UNIT_LINES, problems, wrong_id).items():
        try:
            units[name] = float(row.cells.get("cun", ""))
        except ValueError:
            problems.append(row.wrong("cun", f"'{row.cells.get('cun', '')}' is no number"))
    return units


def words_file(root: Path, lang: str, of: str = "") -> Path:
    """Return the table of words of a language, for points or (``.landmarks``) landmarks; it may not be there."""
    path = beside(root, f"points/words/{lang}{of}.csv")
    return path if source_files.exists(path) else beside(root, f"points/words/{language.canonical(lang)}{of}.csv")


def _words(
    root: Path,
    lang: str,
    of: str,
    columns: tuple[str, ...],
    problems: list[Problem],
    wrong: tables.WrongKey,
) -> Mapping[str, Row]:
    path = words_file(root, lang, of)
    if not lang or not source_files.exists(path):
        return {}
    return tables.read(path, columns, problems, wrong)


def _wrong_words(row: Row, place: Place) -> Iterator[Problem]:
    """Yield what a sentence cannot say: a measure that the place has not, or that is an estimate."""
    for column in ("where", "short"):
        for name in patterns.measures(row.cells.get(column, "")):
            if name not in place.measures and not name[:1].isdigit():
                has = ", ".join(f"{{{known}}}" for known in place.measures)
                hint = f"this place has {has or 'no measure that may be printed'}; another number: {{1.5}}"
                yield row.wrong(column, f"nothing is filled in for {{{name}}}", hint)


def _names(row: Row, problems: list[Problem]) -> StandardNames | None:
    found = len(problems)
    for column, name in row.cells.items():
        # What a spreadsheet writes for characters that its encoding lacks, or reads from another one.
        if "?" in name or "\ufffd" in name or (column in _IN_HAN) != bool(language.cjk_runs(name)):
            problems.append(row.wrong(column, f"'{name}' cannot be such a name", tables.AS_CSV))
    cells = {key: cell for key, cell in row.cells.items() if key != "code"}
    names = tables.validated(row, StandardNames, cells, problems)
    return names if len(problems) == found else None


def _place(row: Row, problems: list[Problem]) -> Place | None:
    return tables.validated(
        row, Place, {key: cell for key, cell in row.cells.items() if key in _PLACE_COLUMNS}, problems
    )


def _about(row: Row, problems: list[Problem]) -> dict[str, Any]:
    """Return what a row of the table of places says beside the place itself."""
    cells = row.cells
    listed = {key: tuple(cells.get(key, "").split()) for key in ("cautions", "sources")}
    for column, words in listed.items():
        problems += [
            row.wrong(column, f"'{word}' will not do", "words with blanks between them: ribs spine")
            for word in words
            if not _SLUG.fullmatch(word)
        ]
    for column, known in (("press", ("yes", "gently", "ask", "no")), ("accuracy", _ACCURACIES)):
        if cells.get(column, known[0]) not in known:
            problems.append(row.wrong(column, f"'{cells[column]}' will not do", f"known: {', '.join(known)}"))
    if cells.get("press") in ("ask", "no") and "press_reason" not in cells:
        problems.append(row.wrong("press_reason", "it is empty", "why a point is not to be pressed like others"))
    pairs = (pair.partition(":") for pair in cells.get("caution_sources", "").split(";") if pair.strip())
    given = {key: cells[key] for key in ("press", "press_reason", "verified", "accuracy", "note") if key in cells}
    return {**given, **listed, "caution_sources": {name.strip(): tuple(of.split()) for name, _, of in pairs}}


_ACCURACIES = ("exact-formula", "landmark", "estimate")
