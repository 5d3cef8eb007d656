"""Looking points up: by code, by name in any script, by word; and where the handouts use them."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from handout_builder.content import anatomy, catalogue_export, place_text, point_codes
from handout_builder.content.catalogue import catalogue, unit_lines, word_languages
from handout_builder.content.point_names import keys, plain
from handout_builder.content.schema import BodyRegion, Place, Point, Shared
from handout_builder.content.shared_texts import texts_of
from handout_builder.content.yaml_reader import Location, read_yaml
from handout_builder.errors import HandoutError, Problem, display_path, nearest
from handout_builder.orders import handouts, languages
from handout_builder.resources import beside
from handout_builder.text import language
from handout_builder.text.east_asian import is_wide

_VERIFIED = {
    3: "three lists agree (WHO, GB/T 12346, a third)",
    2: "two lists agree (WHO and one more)",
    1: "one list alone, or a known variant: see ORIGIN.md",
}
_PRESSING = {
    "yes": "yes",
    "gently": "gently",
    "ask": "after asking: see below",
    "no": "no: not on a card without a reason (accept: not-for-pressing)",
}
_ACCURACY = {
    "exact-formula": "measure and line are the standard's",
    "landmark": "at a bone or hollow that is named; small steps for drawing are ours",
    "estimate": "an estimate, to be looked at by an acupuncturist first",
}
_LISTS = "A: WHO 2008; B: the list of an app; C: a list after GB/T 12346"
REGIONS: tuple[str, ...] = get_args(BodyRegion)
"""The parts of the body by which points are listed."""
_WIDTH = 80
_INDENT = 26
# Marks that begin no line of Chinese or Japanese, and the columns that two take: one after another, as in ）。
_CLOSING, _HANGING = "、。，．：；？！）」』”", 4
_NAMES = (
    ("zh_hans", "Chinese, simplified"),
    ("zh_hant", "Chinese, traditional"),
    ("ja", "Japanese"),
    ("kana", "  kana"),
    ("romaji", "  romaji"),
    ("ko", "Korean"),
    ("ko_latn", "  romanised"),
    ("vi", "Vietnamese"),
    ("en", "English meaning"),
)
_CODE = re.compile(r"(?<![\w-])[A-Z]+(?:-[A-Z]+)?[0-9]+(?![\w-])")
# What people type for a code: BL23, ub-023, EX-HN5.
_ASKED = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)?-?[0-9]+")


@dataclass(frozen=True)
class Use:
    """One place where a handout names a point, with the names that it prints there."""

    handout: str
    lang: str
    at: str
    """``path:line``."""
    names: tuple[str, ...] = ()
    """The author's spelling and reading, on a card."""


class Lookup:
    """The catalogue, and the handouts of a source folder that use it."""

    def __init__(self, root: Path, langs: Sequence[str] = ()) -> None:
        """Load what ``root`` or else the program itself has, in all languages at hand; raises HandoutError.

        ``langs`` are those that points are told in, if not in all.
        """
        self.root = root
        self.path = beside(root, "points/names.csv")
        self.points = catalogue(root, "en")
        self.shared: Shared = texts_of(root, "en")
        self.languages = {"en": (self.points, self.shared)}
        for lang in sorted(word_languages(root) - {"en"}):
            with suppress(HandoutError):  # a language that is not whole is a matter for check
                self.languages[lang] = (catalogue(root, lang), texts_of(root, lang))
        wanted = [language.canonical(lang) for lang in langs] or [*self.languages]
        if unknown := [lang for lang in wanted if lang not in self.languages]:
            message, hint = f"no words for points in '{unknown[0]}'", f"at hand: {', '.join(self.languages)}"
            raise HandoutError([Problem("unknown-language", message, self.path, hint=hint)])
        self.told_in = {lang: self.languages[lang] for lang in wanted}
        self.uses: dict[str, list[Use]] = {code: [] for code in self.points}
        for code, use in _uses(root):
            if code in self.uses and use.at not in (known.at for known in self.uses[code]):
                self.uses[code].append(use)
        self._spelled = {code: point_codes.spelled(code) for code in self.points}
        self.keys = {code: [*keys(point), *map(plain, self._written(point))] for code, point in self.points.items()}

    def asked(self, words: Sequence[str]) -> list[str]:
        """Return what the words of a command line ask for: codes, each by itself; else one name, of all words."""
        codes = [code for word in words for code in re.split("[,;]", word) if code]
        alone = codes and all(map(_ASKED.fullmatch, codes)) and not self.named(" ".join(words))
        return codes if alone else [" ".join(words)]

    def answer(self, *words: str, region: str = "", as_json: bool = False) -> str:
        """Return what is known about each word, or about everything without one; raises HandoutError for nothing.

        ``region`` keeps the points of a part of the body alone.
        """
        found = [(word, self._sought(word, region)) for word in words or ("",)]
        if as_json:
            entries = [self.entry(point) for _, points in found for point in points]
            return json.dumps(entries, ensure_ascii=False, indent=1)
        return "\n\n".join(self.tell(points, word) for word, points in found)

    def _sought(self, word: str, region: str) -> list[Point]:
        found = self.find(word) if word else list(self.points.values())
        if not found:
            near = self.nearest(word)
            hint = f"the nearest: {', '.join(near)}" if near else "all points: make_handout.py points"
            hint += "; a point that is in no standard goes into the handout's own points.yaml"
            raise HandoutError([Problem("unknown-point", f"no point is called '{word}'", self.path, hint=hint)])
        return self._of_region(found, word, region) if region else found

    def one(self, *words: str) -> Point:
        """Return the only point that words mean; raises HandoutError for none, or several."""
        found = [point for word in words for point in self.find(word)]
        if len(found) == 1:
            return found[0]
        called = " ".join(words)
        message = (
            f"'{called}' means {len(found)} points; a picture shows one" if found else f"no point is called '{called}'"
        )
        hint = (
            f"one of: {', '.join(point.code for point in found[:5])}" if found else "for example: points LI4 --svg FILE"
        )
        raise HandoutError([Problem("unknown-point", message, self.path, hint=hint)])

    def _of_region(self, found: list[Point], word: str, region: str) -> list[Point]:
        if region not in REGIONS:
            near = nearest(region, REGIONS, 3)
            hint = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(REGIONS)}"
            raise HandoutError([Problem("unknown-region", f"there is no region '{region}'", self.path, hint=hint)])
        here = [point for point in found if point.place and point.place.region == region]
        if not here:
            hint = f"all of it: make_handout.py points --region {region}"
            raise HandoutError([Problem("unknown-point", f"no '{word}' in the {region}", self.path, hint=hint)])
        return here

    def export(self) -> str:
        """Return the whole catalogue as one JSON document: see ``make_handout.py schema catalogue``."""
        return catalogue_export.as_json(catalogue_export.exported(self.languages, unit_lines(self.root)))

    def find(self, word: str) -> list[Point]:
        """Return the points that a word means by a name, else those of whose place or cautions it is told."""
        return self.named(word) or self.told_of(word)

    def named(self, word: str) -> list[Point]:
        """Return the points that a word names: exactly, else those that begin with it, else those that hold it."""
        points = list(self.points.values())
        wanted = plain(word)
        if not wanted:
            return []
        code = point_codes.spelled(word)
        if same := [point for point in points if self._spelled[point.code] == code]:
            return same
        # The name of one is a word of other points, too: Kidney Transporter is BL23.
        if (meridian := point_codes.meridian(word)) and not point_codes.is_name_of_meridian(word):
            return [point for point in points if point.meridian == meridian]
        rules: list[Callable[[str, str], bool]] = [str.__eq__, str.startswith]
        for fits in [*rules, str.__contains__] if language.cjk_runs(word) else rules:
            if found := [point for point in points if any(fits(key, wanted) for key in self.keys[point.code])]:
                return found
        return []

    def told_of(self, word: str) -> list[Point]:
        """Return the points of which what is told has a word, whole, else at the beginning of another."""
        points = list(self.points.values())
        if not plain(word):
            return []
        said = re.escape(" ".join(word.split()))
        for pattern in (rf"\b{said}\b", rf"\b{said}"):  # T1 is not T11 where there is T1
            if found := [p for p in points if any(re.search(pattern, text, re.IGNORECASE) for text in self._texts(p))]:
                return found
        return []

    def nearest(self, word: str) -> list[str]:
        """Return up to three points, as code and pinyin, whose code or name is nearest to a word."""
        owners = {key: point.code for point in self.points.values() for key in keys(point)}
        near = point_codes.nearest_codes(word, self.points)
        near = near or list(dict.fromkeys(owners[key] for key in nearest(plain(word), owners, 3)))
        return [f"{code} {self.points[code].names.pinyin}" for code in near]

    def entry(self, point: Point) -> dict[str, Any]:
        """Return everything about a point as plain values; words by language."""
        place = point.place
        told = {lang: (points[point.code], shared) for lang, (points, shared) in self.told_in.items()}
        where = {lang: place_text.long_place(one, shared) for lang, (one, shared) in told.items()}
        short = {lang: place_text.short_place(one, shared) for lang, (one, shared) in told.items()}
        find = {lang: place_text.how_to_find(one, shared) for lang, (one, shared) in told.items()}
        wordless = place_text.wordless(point, self.shared)
        care = {
            lang: place_text.cautions(one, shared)
            for lang, (one, shared) in told.items()
            if not place_text.wordless(one, shared)
        }
        return {
            "code": point.code,
            "meridian": self.shared.meridians.get(point.meridian, point.meridian),
            "names": point.names.model_dump(by_alias=True),
            "place": place.model_dump(by_alias=True, exclude_defaults=True) if place else None,
            "where": {lang: words for lang, words in where.items() if words},
            "short": {lang: words for lang, words in short.items() if words},
            "find": {lang: words for lang, words in find.items() if words},
            "press": point.press,
            "cautions": wordless or place_text.cautions(point, self.shared),
            "care": {lang: lines for lang, lines in care.items() if lines},
            "caution_sources": {name: list(sources) for name, sources in point.caution_sources.items()},
            "verified": point.verified,
            "accuracy": point.accuracy,
            "note": point.note,
            "sources": list(point.sources),
            "used": [
                {"handout": use.handout, "lang": use.lang, "at": use.at, "names": list(use.names)}
                for use in self.uses[point.code]
            ],
        }

    def tell(self, points: list[Point], word: str = "") -> str:
        """Return one point as its whole entry, several as a table; then who writes one as ``word``, but no standard."""
        wanted = plain(word)
        told = [self.describe(points[0]) if len(points) == 1 else table(points)]
        told += [
            f"{point.code}: {word} is written so in {use.handout} ({use.lang})"
            for point in points
            for use in self.uses[point.code]
            if wanted in map(plain, use.names) and wanted not in keys(point)
        ]
        return "\n".join(dict.fromkeys(told))

    def describe(self, point: Point) -> str:
        """Return the whole entry as text."""
        entry = self.entry(point)
        rows = [(label, str(getattr(point.names, name))) for name, label in _NAMES if getattr(point.names, name)]
        rows.append(("Verified", _VERIFIED[point.names.verified]))
        rows += [("Region", point.place.region)] if point.place else []
        if view := anatomy.view_of(point):
            name = self.shared.labels[f"view_{view}"]
            rows.append(("Picture", f"{name}: points {point.code} --svg FILE, or --png FILE"))
        several = len(entry["where"]) > 1
        for label, told in (("Where", entry["where"]), ("In few words", entry["short"]), ("Feel for", entry["find"])):
            rows += [(f"{label} ({lang})" if several else label, words) for lang, words in told.items()]
        if not entry["where"]:
            rows.append(("Where", _measures(point.place)))
        rows.append(("Pressing", _PRESSING[point.press]))
        care = entry["care"] or {"en": entry["cautions"]}
        for lang, lines in care.items():
            rows += [(f"Take care ({lang})" if len(care) > 1 else "Take care", line) for line in lines]
        for name, sources in point.caution_sources.items():
            told = ", ".join(place_text.source_name(source, self.shared) for source in sources)
            rows.append(("Care from", f"{name}: {told}"))
        rows += [("Place from", ", ".join(entry["sources"]))] if entry["sources"] else []
        rows += [("Sources agree", f"{point.verified} ({_LISTS})")] if point.verified else []
        rows += [("Accuracy", _ACCURACY[point.accuracy])] if point.accuracy else []
        rows += [("Note", point.note)] if point.note else []
        rows += [("Used in", told) for told in _by_file(self.uses[point.code])]
        lines = [f"{point.code}  {point.names.pinyin}  ({entry['meridian']})"]
        for label, text in rows:
            first, *rest = _wrapped(text, _WIDTH - _INDENT)
            lines += [f"  {label:<{_INDENT - 2}}{first}", *(" " * _INDENT + line for line in rest)]
        return "\n".join(lines)

    def _written(self, point: Point) -> Iterator[str]:
        for use in self.uses[point.code]:
            yield from use.names

    def _texts(self, point: Point) -> Iterator[str]:
        """Yield what may hold a word: the English name, the meridian, the place and its vertebrae."""
        yield point.names.en
        yield self.shared.meridians.get(point.meridian, "")
        if place := point.place:
            yield place_text.long_place(point, self.shared)
            yield place.region
            yield " ".join((place.level, *place.p, *place.q, *place.row))


def _by_file(uses: Iterable[Use]) -> Iterator[str]:
    """Yield each file with the lines in which it names a point, and as what: en.yaml:77, 101: 肾愈 shèn yù."""
    lines: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    for use in uses:
        path, _, line = use.at.rpartition(":")
        lines.setdefault(path, []).append(line)
        names.setdefault(path, []).extend([" ".join(use.names)] if use.names else [])
    for path, told in lines.items():
        yield ": ".join((f"{path}:{', '.join(told)}", *dict.fromkeys(names[path])))


def table(points: Iterable[Point]) -> str:
    """Return points as aligned lines: code, simplified name, pinyin, English."""
    return "\n".join(
        f"{p.code:<7}{_padded(p.names.zh_hans, 12)}{_padded(p.names.pinyin, 18)}{p.names.en}".rstrip() for p in points
    )


def _measures(place: Place | None) -> str:
    """Return a place that the language has no words for as its columns."""
    if place is None:
        return "no verified place"
    given = place.model_dump(by_alias=True, exclude_defaults=True)
    told = (f"{column} {' '.join(map(str, _flat(value)))}" for column, value in given.items())
    return ", ".join(told)


def _flat(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        for item in value:
            yield from _flat(item)
    else:
        yield value


def _uses(root: Path) -> Iterator[tuple[str, Use]]:
    for name in handouts(root):
        for lang in languages(root / name):
            path = root / name / f"{lang}.yaml"
            with suppress(HandoutError):  # a text that cannot be read is a matter for check
                file = read_yaml(path)
                for location, code, names in _mentions(file.value, ()):
                    yield code, Use(name, lang, f"{display_path(path)}:{file.line(location, code)}", names)


def _mentions(
    value: Any, location: Location, names: tuple[str, ...] = ()
) -> Iterator[tuple[Location, str, tuple[str, ...]]]:
    """Yield each code in a text's values, with the author's names where it is the code of a card."""
    if isinstance(value, str):
        for code in _CODE.findall(value):
            yield location, code, names
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _mentions(item, (*location, index))
    elif isinstance(value, dict):
        name = value.get("name")
        given = tuple(str(name[key]) for key in ("text", "reading") if key in name) if isinstance(name, dict) else ()
        for key, item in value.items():
            yield from _mentions(item, (*location, key), given if key == "code" else ())


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: Han characters, kana and hangul take two each (UAX 11)."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * max(1, width - _columns(text))


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text as lines that break between words, and between characters of scripts without blanks.

    A longer word, a path for example, stays whole.
    """
    lines: list[str] = []
    taken = 0
    for part in (part for word in text.split() for part in _parts(word, width)):
        wide = _columns(part)
        if lines and taken + 1 + wide <= width:
            lines[-1] += f" {part}"
            taken += 1 + wide
        else:
            lines.append(part)
            taken = wide
    return lines


def _parts(word: str, width: int) -> Iterator[str]:
    """Yield what a word without blanks is parted into: lines of Chinese and Japanese, else the word itself."""
    part, taken = "", 0
    for character in word:
        wide = _columns(character)
        full = taken + wide > width - _HANGING and character not in _CLOSING
        if part and full and (is_wide(part[-1]) or is_wide(character)):
            yield part
            part, taken = "", 0
        part += character
        taken += wide
    yield part
