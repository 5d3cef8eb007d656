"""A handout's own points: points.yaml in its folder, checked as the catalogue is, and told apart from it."""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from types import MappingProxyType

from handout_builder.content import anatomy, patterns, schema
from handout_builder.content.catalogue import STRAY_BRACE, KnownNames, circles, unprintable, unseen, wrong_place
from handout_builder.content.point_codes import MERIDIANS, letters, meridian, spelled
from handout_builder.content.schema.own_points import OwnPoint, OwnPoints
from handout_builder.content.validation import validate
from handout_builder.content.yaml_reader import YamlFile, read_yaml
from handout_builder.errors import HandoutError, Problem, suggestion
from handout_builder.resources import OWN_POINTS
from handout_builder.units import XY

_HOME = "tell it by what its home figure has, or give a landmark of your own a place there: landmarks: at:"
_DISTANCES = "a number of cun that the shared texts have finger-widths for, or a measure of the place: {cun}"


def with_own(
    folder: Path, lang: str, points: Mapping[str, schema.Point], shared: schema.Shared, units: Mapping[str, float]
) -> Mapping[str, schema.Point]:
    """Return the catalogue with the points of a handout's folder; raises HandoutError with every mistake."""
    file = read_yaml(folder / OWN_POINTS)
    own = validate(file, OwnPoints, {"lang": lang})
    problems = list(_problems(file, own, points, shared, units, lang))
    if problems:
        raise HandoutError(problems)
    landmarks = _landmarks(own, points, lang)
    spots, nowhere = _spots(file, own)
    made = {point.code: _point(point, lang, landmarks, spots[point.code]) for point in own.points}
    if unseen := nowhere or list(_unseen(file, made.values())):
        raise HandoutError(unseen)
    return MappingProxyType({**points, **made})


def _spots(file: YamlFile, own: OwnPoints) -> tuple[dict[str, list[XY]], list[Problem]]:
    """Return where each point lies in its home figure, and a problem for each that its formula does not tell there."""
    number_of = {point.code: number for number, point in enumerate(own.points)}
    found: dict[str, list[XY]] = {}
    problems = []
    told_by = {
        point.code: {*point.place.p, *point.place.q, point.place.level_name} & number_of.keys() for point in own.points
    }
    for code in TopologicalSorter(told_by).static_order():  # each after those by which it is told
        place = own.points[number_of[code]].place
        home = place.home
        at = {one.id: one.at[home] for one in own.landmarks if home in one.at}
        at |= {
            other: found[other][0]
            for other in told_by[code]
            if found[other] and own.points[number_of[other]].place.home == home
        }
        found[code] = anatomy.place_on_figure(place, home, more=at) if home else []
        # Of another that has a home and no spot, it is told already.
        lost = any(not found[other] and own.points[number_of[other]].place.home for other in told_by[code])
        if why := anatomy.why_nowhere(place, home, at) if home and not lost else "":
            line = file.line(("points", number_of[code], "place"))
            problems.append(
                Problem("no-picture", f"no drawing shows the place of {code}: {why}", file.path, line, _HOME)
            )
    return found, problems


def _unseen(file: YamlFile, points: Iterable[schema.Point]) -> Iterator[Problem]:
    """Yield points whose place lies beside the drawing that it is told in."""
    for number, point in enumerate(points):
        if beside := unseen(point):
            yield beside(file.path, file.line(("points", number, "place")))


def _problems(
    file: YamlFile,
    own: OwnPoints,
    points: Mapping[str, schema.Point],
    shared: schema.Shared,
    units: Mapping[str, float],
    lang: str,
) -> Iterator[Problem]:
    known = KnownNames(_landmarks(own, points, lang), units, [*points, *(point.code for point in own.points)])
    lines = {point.code: file.line(("points", number, "place")) for number, point in enumerate(own.points)}
    yield from (found(file.path, lines[code]) for code, found in circles({one.code: one.place for one in own.points}))
    yield from _twice(file, own, points)
    extras = {spelled(code) for code in points}
    before: set[str] = set()
    for number, point in enumerate(own.points):
        line = file.line(("points", number, "code"))
        standard = point.code in points or f"EX{spelled(point.code).removeprefix('EX')}" in extras
        if standard or meridian(letters(point.code).partition("-")[0]) in MERIDIANS:
            hint = "take letters that no meridian has, so that nobody takes it for a standard point: MY1"
            yield Problem("duplicate-point", f"{point.code} is, or looks like, a standard point", file.path, line, hint)
        if point.code in before:
            yield Problem("duplicate-point", f"{point.code} appears twice", file.path, line, "keep one of them")
        before.add(point.code)
        if not point.in_words:
            yield from (
                mistake(file.path, lines[point.code]) for mistake in wrong_place(point.code, point.place, known)
            )
        for caution in point.cautions:
            if caution not in shared.cautions:
                hint = suggestion(caution, shared.cautions, f"known: {', '.join(shared.cautions)}")
                where = file.line(("points", number, "cautions"), caution)
                yield Problem("no-caution", f"there are no words for the caution '{caution}'", file.path, where, hint)
        yield from _wordless(file, number, point, shared, lang)


def _twice(file: YamlFile, own: OwnPoints, points: Mapping[str, schema.Point]) -> Iterator[Problem]:
    """Yield landmarks that are called as another one is, of the catalogue or of one's own."""
    before = {landmark.id for point in points.values() for landmark in point.landmarks}
    for number, landmark in enumerate(own.landmarks):
        if landmark.id in before:
            line = file.line(("landmarks", number, "id"))
            hint = "give it an id of its own"
            yield Problem("duplicate-id", f"there is a landmark '{landmark.id}' already", file.path, line, hint)
        before.add(landmark.id)


def _wordless(file: YamlFile, number: int, point: OwnPoint, shared: schema.Shared, lang: str) -> Iterator[Problem]:
    """Yield words that are missing in the handout's language, and measures that cannot be told."""
    if lang not in point.words:
        line = file.line(("points", number, "words"))
        yield Problem(
            "no-place", f"no words for {point.code} in '{lang}'", file.path, line, f"add '{lang}:' beside them"
        )
        return
    for key in ("where", "short"):
        line = file.line(("points", number, "words", lang, key))
        for found in unprintable(getattr(point.words[lang], key), lang):
            yield Problem(found.code, f"'{key}': {found.message}", file.path, line, found.hint)
        if patterns.has_stray_brace(getattr(point.words[lang], key)):
            yield Problem("pattern", f"'{key}': {STRAY_BRACE[0]}", file.path, line, STRAY_BRACE[1])
        for name in patterns.measures(getattr(point.words[lang], key)):
            cun = point.place.measures.get(name)
            if f"{cun:g}" not in shared.distances if cun is not None else name not in shared.distances:
                yield Problem("pattern", f"nothing is filled in for {{{name}}}", file.path, line, _DISTANCES)


def _landmarks(own: OwnPoints, points: Mapping[str, schema.Point], lang: str) -> Mapping[str, schema.Landmark]:
    """Return the landmarks of the catalogue and the handout's own."""
    known = {landmark.id: landmark for point in points.values() for landmark in point.landmarks}
    mine = (
        schema.Landmark(
            id=one.id,
            kind="point",
            term=one.term,
            views=tuple(one.at),
            name=one.name.get(lang, ""),
            find=one.find.get(lang, ""),
        )
        for one in own.landmarks
    )
    return {**known, **{landmark.id: landmark for landmark in mine}}


def _point(own: OwnPoint, lang: str, landmarks: Mapping[str, schema.Landmark], spots: Iterable[XY]) -> schema.Point:
    words = own.words[lang]
    named = dict.fromkeys((*own.place.landmarks, *own.place.p, *own.place.q))
    return schema.Point(
        code=own.code,
        # No standard has a name for it: what it is called is no pinyin, and has no Han characters.
        names=schema.StandardNames.model_construct(
            pinyin=words.label, zh_hans="", zh_hant="", en=words.label, verified=0
        ),
        place=own.place,
        press=own.press,
        cautions=tuple(own.cautions),
        note=own.source,
        where=words.where,
        short=words.short,
        landmarks=tuple(landmarks[name] for name in named if name in landmarks),
        own=True,
        spots=tuple(spots),
    )
