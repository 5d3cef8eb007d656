"""The catalogue of points: tables of names, places, landmarks, measures and words, joined by codes and ids."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from handout_builder import source_files
from handout_builder.content import anatomy, glyphs, patterns, shipped, tables
from handout_builder.content.place_formula import axes
from handout_builder.content.point_codes import nearest_codes
from handout_builder.content.schema import Landmark, Place, Point, StandardNames, UnitLine
from handout_builder.content.tables import Row, Table
from handout_builder.errors import HandoutError, Problem, nearest
from handout_builder.resources import SOURCE, beside
from handout_builder.text import language, markdown

NAMES = ("code", "pinyin", "zh-Hans", "zh-Hant", "ja", "kana", "romaji", "ko", "ko-Latn", "vi", "en", "verified")
"""The columns of the table of names."""
# Tables of names that were made before these columns lack them.
_LATER = frozenset({"vi"})
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
_NO_HOME = "tell it by what its home figure has; with 'home' empty it is not drawn"
# Of the points of a circle, more than any mistake has.
_MOST_TOLD = 12
_IN_HAN = ("zh-Hans", "zh-Hant", "ja", "kana", "ko")
_ACCURACIES = ("exact-formula", "landmark", "estimate")
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


STRAY_BRACE = (
    "a brace has no partner",
    "a measure stands between two: {cun}, {1.5}; of both sides, and of one: {both|one}",
)
"""What is wrong with words in which a brace would be printed, and a hint."""


def catalogue(root: Path, lang: str = "") -> Mapping[str, Point]:
    """Return all points by code, in the order of the table of names, with the words of a language.

    Each table is that in ``points/`` of ``root``, else the program's. A point that has no row in ``places.csv`` has no
    place; a language without a table of words has places of which only rows of vertebrae can be told. Where all tables
    are as they are shipped, a point is made when it is asked for. Raises HandoutError with every mistake of all tables.
    """
    problems: list[Problem] = []
    files = {name: Table.read(path, problems) for name, path in _paths(root, lang).items()}
    if all(file and shipped.is_unchanged(file.path, file.text) for file in files.values()):
        return _shipped(tuple((name, file.text) for name, file in files.items() if file))
    points = _checked(files, lang, problems)
    if problems:
        raise HandoutError(problems)
    return MappingProxyType(points)


def _paths(root: Path, lang: str) -> Mapping[str, Path]:
    """Return the file of each table; those of words are left out where the language has none."""
    fixed = ("names", "places", "landmarks", "unit_lines")
    of_words = {"words": words_file(root, lang), "landmark_words": words_file(root, lang, ".landmarks")}
    return {
        **{name: beside(root, f"points/{name}.csv") for name in fixed},
        **{name: path for name, path in of_words.items() if lang and source_files.exists(path)},
    }


@lru_cache(maxsize=8)  # the languages that are shipped, and none
def _shipped(texts: tuple[tuple[str, str], ...]) -> Mapping[str, Point]:
    """Return the points of tables as they are shipped, wherever they lie: the same each time in a process."""
    return MappingProxyType(_Shipped({name: tables.unchecked(Table(Path(name), text)) for name, text in texts}))


class _Shipped(Mapping[str, Point]):
    """The points of tables that are known to be right, each made when it is asked for."""

    def __init__(self, rows: Mapping[str, Mapping[str, Row]]) -> None:
        self._rows = {"words": {}, "landmark_words": {}, **rows}
        self._made: dict[str, Point] = {}

    def __getitem__(self, code: str) -> Point:
        if code not in self._made:
            self._made[code] = self._point(code)
        return self._made[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows["names"])

    def __len__(self) -> int:
        return len(self._rows["names"])

    def _point(self, code: str) -> Point:
        rows, problems = self._rows, list[Problem]()
        names = _names(rows["names"][code], problems)
        row, words = rows["places"].get(code), rows["words"].get(code)
        place = _place(row, problems) if row else None
        about = _about(row, problems) if row else {}
        ids = [name for name in place.landmarks if name in rows["landmarks"]] if place else []
        landmarks = [_landmark(rows["landmarks"][name], rows["landmark_words"].get(name), problems) for name in ids]
        if problems or not names:
            raise HandoutError(problems)
        return _made(code, names, place, about, words, filter(None, landmarks))


def _checked(files: Mapping[str, Table | None], lang: str, problems: list[Problem]) -> dict[str, Point]:
    """Return the points of tables after a look at every row; what is wrong is added to the problems."""
    named = tables.rows(files["names"], NAMES, problems, wrong_code, _LATER)
    whole = not problems
    placed = tables.rows(files["places"], PLACES, problems, wrong_code)
    before = len(problems)
    landmarks = _landmarks(files, lang, problems)
    units = _units(files["unit_lines"], problems)
    whole_tables = files["landmarks"] and files["unit_lines"] and len(problems) == before
    known = KnownNames(landmarks, units, {*named, *placed}) if whole_tables else None
    words = tables.rows(files.get("words"), WORDS, problems, wrong_code)
    if whole:
        problems += _nameless(placed, words, named, files)
    standard = {code: _checked_names(row, problems) for code, row in named.items()}
    found = {code: _place(row, problems) for code, row in placed.items()}
    places = {code: place for code, place in found.items() if place}
    if known:
        problems += _wrong_places(places, placed, known, files)
    if not problems:
        problems += (found(placed[code].path, placed[code].line) for code, found in circles(places))
    if not problems:
        for code, place in places.items():
            if why := anatomy.why_nowhere(place, place.home) if place.home else "":
                row = placed[code]
                message = f"no drawing shows the place of {code}: {why}"
                problems.append(Problem("no-picture", message, row.path, row.line, _NO_HOME))
    points = {}
    for code, standard_names in standard.items():
        before = len(problems)
        about = _about(placed[code], problems) if code in placed else {}
        its_place, its_words = places.get(code), words.get(code)
        if its_words and its_place:
            problems += [*_wrong_words(its_words, its_place), *_unprintable(its_words, ("where", "short"), lang)]
        if standard_names and len(problems) == before:
            told_by = (landmarks[name] for name in its_place.landmarks if name in landmarks) if its_place else ()
            points[code] = _made(code, standard_names, its_place, about, its_words, told_by)
    if not problems:
        beside = ((placed[code], mistake) for code, point in points.items() if (mistake := unseen(point)))
        problems += (mistake(row.path, row.line) for row, mistake in beside)
    return points


def _nameless(
    placed: Mapping[str, Row], words: Mapping[str, Row], named: Mapping[str, Row], files: Mapping[str, Table | None]
) -> Iterator[Problem]:
    """Yield points that have a place, or words, and no names; the program's tables have more than a clinic names."""
    if not _is_ours(files["places"]) or _is_ours(files["names"]):
        for code, row in placed.items():
            if code not in named:
                hint = "add it to names.csv, or take the row out; the two tables belong together"
                yield Problem("unknown-point", f"{code} has a place but no names", row.path, row.line, hint)
    for code, row in words.items() if _belong_together(files) else ():
        if code not in named:
            hint = "add it to names.csv, or take the row out"
            yield Problem("unknown-point", f"{code} has words but no names", row.path, row.line, hint)


def _belong_together(files: Mapping[str, Table | None]) -> bool:
    """Tell whether names and words lie in one folder: the program's words are for more points than a clinic's."""
    names, words = files["names"], files.get("words")
    return bool(names and words and names.path.parent == words.path.parents[1])


def _made(
    code: str,
    names: StandardNames,
    place: Place | None,
    about: Mapping[str, Any],
    words: Row | None,
    landmarks: Iterable[Landmark],
) -> Point:
    told = words.cells if words and place else {}
    return Point(
        code=code,
        names=names,
        place=place,
        where=told.get("where", ""),
        short=told.get("short", ""),
        landmarks=tuple(landmarks),
        **about,
    )


class KnownNames:
    """What a place may be told by: landmarks, proportional measures, and the codes of points."""

    def __init__(self, landmarks: Mapping[str, Landmark], units: Mapping[str, float], codes: Iterable[str]) -> None:
        self.landmarks, self.units, self.codes = landmarks, units, frozenset(codes)

    def has(self, name: str) -> bool:
        """Tell whether a place can be told by a landmark or point of this name."""
        return name in self.landmarks or name in self.codes

    def near(self, name: str) -> str:
        """Return a hint: what could be meant, else where all that are known are listed."""
        near = nearest_codes(name, self.codes) if _CODE.fullmatch(name) else nearest(name, self.landmarks, 3)
        return f"the nearest known: {', '.join(near)}" if near else "all known ones are listed in points/landmarks.csv"


def wrong_code(code: str) -> tuple[str, str] | None:
    """Return what is wrong with a code, and a hint."""
    hint = "the WHO's form, for example BL23 or EX-B2"
    return None if _CODE.fullmatch(code) else (f"'{code}' is no code", hint)


def wrong_id(name: str) -> tuple[str, str] | None:
    """Return what is wrong with the id of a landmark, and a hint."""
    return None if _ID.fullmatch(name) else (f"'{name}' is no id", "letters, digits and hyphens, for example C7-spine")


_LONGER = "look the number up again, or name the measure that it is a part of"


class Mistake:
    """What cannot be true of a place, before it is known where its row stands."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        self.code, self.message, self.hint = code, message, hint

    def __call__(self, path: Path, line: int) -> Problem:
        """Return it as a problem of a row."""
        return Problem(self.code, self.message, path, line, self.hint)


def _wrong_places(
    places: Mapping[str, Place], rows: Mapping[str, Row], known: KnownNames, files: Mapping[str, Table | None]
) -> Iterator[Problem]:
    """Yield what cannot be true of places, with their rows.

    Where the places are the program's and the landmarks or measures a clinic's, these have the mistake.
    """
    told: set[str] = set()
    others = (table for table in (files["landmarks"], files["unit_lines"]) if table and not _is_ours(table))
    own = next(others, None) if _is_ours(files["places"]) else None
    for code, place in places.items():
        for mistake in wrong_place(code, place, known):
            if own is None:
                yield mistake(rows[code].path, rows[code].line)
            elif mistake.message not in told:
                told.add(mistake.message)
                hint = f"the program's places need it, that of {code} first: put it back, or bring a places.csv, too"
                yield Problem(mistake.code, mistake.message, own.path, 1, hint)


def _is_ours(table: Table | None) -> bool:
    """Tell whether a table is the program's own."""
    return table is not None and (SOURCE / "points") in table.path.parents


def wrong_place(code: str, place: Place, known: KnownNames) -> Iterator[Mistake]:
    """Yield what cannot be true of a place: unknown landmarks and measures, missing parts, impossible lengths."""
    level = place.row if ".." in place.level else filter(None, [place.level_name])
    wanted = [*place.p, *place.q, *place.landmarks, *level]
    for column in ("p", "q", "offset_dir"):
        names = getattr(place, column)
        if "" in names:
            yield Mistake(
                "value", f"'{column}': a name is missing between the bars", "one for each spot: navel|xiphisternal"
            )
    for name in dict.fromkeys(filter(None, wanted)):
        if not known.has(name):
            yield Mistake("unknown-landmark", f"there is no landmark or point '{name}'", known.near(name))
    for column in ("unit_line", "lateral_unit"):
        name = getattr(place, column)
        lines = known.units if column == "unit_line" else [unit for unit in _LATERAL_UNITS if unit in known.units]
        if name and name not in lines:
            hint = f"known: {', '.join(lines)}"
            yield Mistake("unknown-segment", f"'{column}': there is no proportional measure '{name}'", hint)
    yield from _missing(place)
    yield from _astray(place)
    yield from _impossible(place, known.units)
    if place.p and place.p == place.q:
        yield Mistake("value", "'p' and 'q' are the same", "a way runs from one to another")
    if code in (*place.p, *place.q, place.level_name):
        yield Mistake("circle", f"{code} is told by itself", "tell it by a landmark or another point")


def unseen(point: Point) -> Mistake | None:
    """Return what is wrong with a point whose place lies beside the drawing that it is told in."""
    home = point.place.home if point.place else ""
    if not home:
        return None
    found = anatomy.positions_in(home, point)
    if anatomy.view_of(point):
        x, y = next((spot for spot in found if not anatomy.is_on_body(home, spot)), (None, None))
        if x is None:
            return None
        message = f"no drawing shows the place of {point.code}: it lies beside the body, at {x:.4g}, {y:.4g}"
        return Mistake("no-picture", message, "correct the measures, or where the landmark is")
    left, top, width, height = anatomy.extent(home)
    spots = "; ".join(f"{x:g}, {y:g}" for x, y in found)
    hint = f"{home} reaches from {left:g}, {top:g} to {left + width:g}, {top + height:g}"
    return Mistake("no-picture", f"no drawing shows the place of {point.code}: it is at {spots}", hint)


def _missing(place: Place) -> Iterator[Mistake]:
    """Yield what the formula of a place lacks, or has too much."""
    kind = place.formula
    for part in _NEEDS[kind].split():
        if all(getattr(place, name) in (None, "", ()) for name in part.split("|")):
            message = f"a place of the kind '{kind}' needs {part.replace('|', ' or ')}"
            yield Mistake("value", message, "fill in that column, or choose another kind")
    if (place.offset_cun is None) != (not place.offset_dir):
        message = "'offset_cun' and 'offset_dir' stand together: how far, and in which direction"
        yield Mistake("value", message, "fill in both, or none")
    if place.cun is not None and kind == "on-line" and place.start is None:
        yield Mistake("value", "'from' is empty: from which end is 'cun' counted", "p or q")
    if kind == "on-line" and None not in (place.cun, place.fraction):
        yield Mistake("value", "'cun' and 'fraction' cannot stand together", "give one of them")
    if ".." in place.level and len(place.row) < 2:  # noqa: PLR2004  # one vertebra is no row
        message = "'level': a row runs from a vertebra down to another, for example T1..L5"
        yield Mistake("value", message, "write the upper one first")
    if place.lateral_cun and not place.lateral_unit:
        hint = f"known: {', '.join(_LATERAL_UNITS)}"
        yield Mistake("value", "'lateral_unit' is empty: which measure is 'lateral_cun' a part of", hint)
    given = {"level": place.level_cun, "cun": place.cun, "offset": place.offset_cun, "lateral": place.lateral_cun}
    told = {name for name, _ in place.measures_from}
    for name in (name for name, number in given.items() if number and name not in told):
        yield Mistake("value", f"'measures_from' does not say where the number of '{name}' comes from", f"{name}:A")
    spots = {len(names) for names in (place.p, place.q, place.offset_dir) if len(names) > 1}
    if len(spots) > 1 or (spots and place.count not in spots):
        message = f"'count' is {place.count}, and p, q or offset_dir name another number of spots"
        yield Mistake("value", message, "name one for each spot, or one for all")
    elif not spots and place.home and (place.row or ".." not in place.level) and place.count != max(len(place.row), 1):
        message = f"'count' is {place.count}, and the place names {max(len(place.row), 1)}"
        yield Mistake("value", message, "write as many as the place names")


def _astray(place: Place) -> Iterator[Mistake]:
    """Yield directions that a place's figure does not have: the point would be drawn nowhere."""
    known = axes(place.home) if place.home else {}
    for part in dict.fromkeys(part for direction in place.offset_dir for part in direction.split("-")):
        if known and part and part not in known:
            message = f"'offset_dir': the figure '{place.home}' has no direction '{part}'"
            yield Mistake("value", message, f"known: {', '.join(known)}")
    for direction in dict.fromkeys(place.offset_dir):
        ways = [known[part] for part in direction.split("-") if part in known]
        # Of two that are 45 degrees apart neither is the other, or its opposite; one may run towards the eye.
        crossed = len(ways) == 2 and (ways[0][0] * ways[1][1] != ways[0][1] * ways[1][0] or (0.0, 0.0) in ways)  # noqa: PLR2004
        if len(ways) > 1 and not crossed:
            message = f"'offset_dir': nothing lies between the directions of '{direction}'"
            yield Mistake("value", message, "one direction, or two that are at right angles: up-medial")


def _impossible(place: Place, units: Mapping[str, float]) -> Iterator[Mistake]:
    """Yield lengths that are longer than what they are part of."""
    if place.formula == "on-line" and place.cun and place.line_cun and place.cun > place.line_cun:
        yield Mistake("value", f"'cun' is {place.cun:g}, and the whole way has {place.line_cun:g}", _LONGER)
    line = units.get(place.unit_line)
    for name, cun in (("level", abs(place.level_cun)), ("cun", place.cun), ("offset_cun", place.offset_cun)):
        if line and cun and cun > line:
            yield Mistake("value", f"'{name}' is {cun:g} cun, and '{place.unit_line}' has {line:g}", _LONGER)
    wide = units.get(place.lateral_unit)
    if wide and place.lateral_cun and place.lateral_cun > wide:
        message = f"'lateral_cun' is {place.lateral_cun:g}, and '{place.lateral_unit}' has {wide:g}"
        yield Mistake("value", message, _LONGER)


def circles(places: Mapping[str, Place]) -> Iterator[tuple[str, Mistake]]:
    """Yield each circle of points that are told by each other, once, with a point of it; one alone is none."""
    others = {
        code: [
            name for name in dict.fromkeys((*place.p, *place.q, place.level_name)) if name in places and name != code
        ]
        for code, place in places.items()
    }
    done: set[str] = set()
    for start in places:
        way = {start: iter(others[start])} if start not in done else {}
        while way:  # no recursion: a table may have a chain of thousands
            last = next(reversed(way))
            code = next(way[last], "")
            if not code:
                del way[last]
                done.add(last)
            elif code in way:
                codes = [*way]
                circle = [*codes[codes.index(code) :], code]
                circle = circle if len(circle) <= _MOST_TOLD else [*circle[: _MOST_TOLD - 2], "…", code]
                yield (
                    code,
                    Mistake("circle", f"points are told by each other: {' ← '.join(circle)}", "tell one by a landmark"),
                )
            elif code not in done:
                way[code] = iter(others[code])


def _landmarks(files: Mapping[str, Table | None], lang: str, problems: list[Problem]) -> Mapping[str, Landmark]:
    before = len(problems)
    rows = tables.rows(files["landmarks"], LANDMARKS, problems, wrong_id)
    words = tables.rows(files.get("landmark_words"), LANDMARK_WORDS, problems, wrong_id)
    ours = _is_ours(files.get("landmark_words")) and not _is_ours(files["landmarks"])  # of more landmarks
    whole = files["landmarks"] and len(problems) == before
    for name, row in words.items() if whole and not ours else ():
        if name not in rows:
            hint = "take the row out, or add the landmark to points/landmarks.csv"
            problems.append(Problem("unknown-landmark", f"there is no landmark '{name}'", row.path, row.line, hint))
    for row in words.values():
        problems += _unprintable(row, ("name", "find"), lang)
    made = (_landmark(row, words.get(name), problems) for name, row in rows.items())
    return {landmark.id: landmark for landmark in made if landmark}


def _landmark(row: Row, words: Row | None, problems: list[Problem]) -> Landmark | None:
    return tables.validated(row, Landmark, {**row.cells, **(words.cells if words else {})}, problems)


def unit_lines(root: Path) -> Mapping[str, float]:
    """Return how many cun each proportional measure has; raises HandoutError."""
    problems: list[Problem] = []
    units = _units(Table.read(beside(root, "points/unit_lines.csv"), problems), problems)
    if problems:
        raise HandoutError(problems)
    return units


def word_languages(root: Path) -> frozenset[str]:
    """Return the languages that have words for places, beside the handouts or in the program."""
    folders = (root / "points" / "words", SOURCE / "points" / "words")
    return frozenset(path.stem for folder in folders for path in folder.glob("*.csv") if "." not in path.stem)


def _units(file: Table | None, problems: list[Problem]) -> Mapping[str, float]:
    made = (
        tables.validated(row, UnitLine, row.cells, problems)
        for row in tables.rows(file, UNIT_LINES, problems, wrong_id).values()
    )
    return {line.id: line.cun for line in made if line}


def words_file(root: Path, lang: str, of: str = "") -> Path:
    """Return the table of words of a language, for points or (``.landmarks``) landmarks; it may not be there."""
    path = beside(root, f"points/words/{lang}{of}.csv")
    return path if source_files.exists(path) else beside(root, f"points/words/{language.canonical(lang)}{of}.csv")


def _wrong_words(row: Row, place: Place) -> Iterator[Problem]:
    """Yield what a sentence cannot say: a measure that the place has not, or that is an estimate."""
    for column in ("where", "short"):
        words = row.cells.get(column, "")
        if patterns.has_stray_brace(words):
            yield row.wrong(column, STRAY_BRACE[0], STRAY_BRACE[1])
        for name in patterns.measures(words):
            if name not in place.measures and not patterns.is_number(name):
                has = ", ".join(f"{{{known}}}" for known in place.measures)
                hint = f"this place has {has or 'no measure that may be printed'}; another number: {{1.5}}"
                yield row.wrong(column, f"nothing is filled in for {{{name}}}", hint)


def _unprintable(row: Row, columns: Iterable[str], lang: str) -> Iterator[Problem]:
    """Yield what cannot be printed of words in Markdown: HTML, links to sections, untagged Han, characters."""
    for column in columns:
        words = row.cells.get(column, "")
        for found in unprintable(words, lang) if words else ():
            yield Problem(found.code, f"'{column}': {found.message}", row.path, row.line, found.hint)


@lru_cache(maxsize=1 << 13)  # all words of a few languages: tables are read anew at each change, and few cells differ
def unprintable(words: str, lang: str) -> Sequence[markdown.Finding]:
    """Return what cannot be printed of words of a point in Markdown, which many handouts have, by any of them."""
    lacking = (
        markdown.Finding("missing-glyph", lack.message, lack.hint, lack.character) for lack in glyphs.lacking(words)
    )
    return (*markdown.findings(words, lang), *markdown.to_sections(words), *lacking)


def _checked_names(row: Row, problems: list[Problem]) -> StandardNames | None:
    """Return the names of a row of a table that may be wrong; None where they are."""
    found = len(problems)
    for column, name in row.cells.items():
        problems += (
            Problem("missing-glyph", f"'{column}': {lack.message}", row.path, row.line, lack.hint)
            for lack in glyphs.lacking(name)
        )
    for column, name in row.cells.items():
        # What a spreadsheet writes for characters that its encoding lacks, or reads from another one.
        if "?" in name or "\ufffd" in name or (column in _IN_HAN) != bool(language.cjk_runs(name)):
            problems.append(row.wrong(column, f"'{name}' cannot be such a name", tables.AS_CSV))
    names = _names(row, problems)
    return names if len(problems) == found else None


def _names(row: Row, problems: list[Problem]) -> StandardNames | None:
    cells = {key: cell for key, cell in row.cells.items() if key != "code"}
    return tables.validated(row, StandardNames, cells, problems)


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
            row.wrong(column, f"'{word}' is not valid", "words with blanks between them: ribs spine")
            for word in words
            if not _SLUG.fullmatch(word)
        ]
    for column, known in (("press", ("yes", "gently", "ask", "no")), ("accuracy", _ACCURACIES)):
        if cells.get(column, known[0]) not in known:
            problems.append(row.wrong(column, f"'{cells[column]}' is not valid", f"known: {', '.join(known)}"))
    if cells.get("press") in ("ask", "no") and "press_reason" not in cells:
        problems.append(row.wrong("press_reason", "it is empty", "why a point is not to be pressed like others"))
    pairs = [pair.partition(":") for pair in cells.get("caution_sources", "").split(";") if pair.strip()]
    problems += [
        row.wrong(
            "caution_sources", f"'{name.strip()}' is not valid", "who says so of each: ribs: who-2008; spine: own-rule"
        )
        for name, _, of in pairs
        if name.strip() not in listed["cautions"] or not of.strip()
    ]
    given = {key: cells[key] for key in ("press", "press_reason", "verified", "accuracy", "note") if key in cells}
    return {**given, **listed, "caution_sources": {name.strip(): tuple(of.split()) for name, _, of in pairs}}
