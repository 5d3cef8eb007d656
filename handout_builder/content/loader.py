"""Stage 1, load: from the folders of ``source/`` to checked values, or to all problems at once."""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any, get_args

from handout_builder import source_files
from handout_builder.content import anatomy, doses, glyphs, patterns, place_text, schema, shipped, sides, views
from handout_builder.content import pictures as picture_files
from handout_builder.content.catalogue import catalogue, unit_lines
from handout_builder.content.other_words import OLDER
from handout_builder.content.point_codes import MERIDIANS
from handout_builder.content.point_names import is_standard_reading
from handout_builder.content.validation import validate
from handout_builder.content.yaml_reader import Location, NoYamlError, YamlFile, read_text, read_yaml, yaml_file
from handout_builder.errors import HandoutError, Problem, Severity, first, nearest, suggestion
from handout_builder.resources import OWN_POINTS, SOURCE, beside
from handout_builder.text import language, markdown

# Each takes up to 80 ms to be drawn and set, and all of them less than ten seconds.
_MOST_DRAWINGS = 100
# What stands in a value, or in a remark, where an author still has to write it.
_TODO = re.compile(r"\bTODO:\s*")
_TODO_REMARK = re.compile(r"(?:^|\s)#\s*TODO:\s*(.*)")
_WEEK = 7


@dataclass(frozen=True)
class Source:
    """The content of one handout in one language."""

    name: str
    lang: str
    """The tag that its file is called by."""
    folder: Path
    handout: schema.Handout
    editorial: schema.Editorial
    shared: schema.Shared
    points: Mapping[str, schema.Point]
    characters: frozenset[str]
    """Those of its own texts and of the labels."""
    notes: tuple[Problem, ...]
    """Warnings and notes that ``check`` reports; they do not stop a build."""
    pictures: Mapping[str, bytes]
    """Its picture files by the names that the author gives, as readers get them."""

    @property
    def path(self) -> Path:
        """Where its text is, or would be if a program had not made it."""
        return self.folder / f"{self.lang}.yaml"

    @property
    def language(self) -> str:
        """The tag of its language as it is used in files: that of zh-CN.yaml is zh-Hans."""
        return language.canonical(self.lang)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the points that the handout names."""
        return tuple(sorted({code for block in self.handout.blocks for _, code in _codes(block, ())}))


@dataclass(frozen=True)
class Common:
    """What the handouts of a folder share, in one language."""

    points: Mapping[str, schema.Point]
    shared: schema.Shared
    units: Mapping[str, float]
    """Cun of each proportional measure."""


def file_of(source: Source) -> YamlFile:
    """Return the file with a handout's text; one without any line where a program made it. Raises HandoutError."""
    return read_yaml(source.path) if source_files.exists(source.path) else YamlFile(source.path, {}, {}, "")


def load_common(root: Path, lang: str) -> Common:
    """Load what the handouts in ``root`` share: theirs, else the program's; raises HandoutError."""
    return Common(catalogue(root, lang), texts_of(root, lang), unit_lines(root))


def load(folder: Path, lang: str, known: Common | None = None) -> Source:
    """Load one handout in one language with the shared texts and the catalogue beside it.

    ``known`` saves reading what they share once more. Raises HandoutError with every problem of every file that
    could be read.
    """
    path = folder / f"{lang}.yaml"
    if meant := language.meant(lang):
        message, hint = f"the file's name: '{lang}' is not a language tag", f"name it after its language: {meant}"
        raise HandoutError([Problem("language-tag", message, path, hint=hint)])
    known = known or load_common(folder.parent, lang)
    try:
        file = read_yaml(path)
    except NoYamlError as error:
        raise HandoutError([*error.problems, *_further(folder, lang, known, error)]) from error
    return _loaded(folder, lang, known, file, limited=True)


def _further(folder: Path, lang: str, known: Common, found: NoYamlError) -> list[Problem]:
    """Return what else is wrong with a file that is no plain YAML, where it is known how it should be."""
    try:
        if found.mended:
            _loaded(folder, lang, known, found.mended, limited=True)
    except HandoutError as error:
        told = {problem.line for problem in found.problems}  # whose values are lacking
        return [problem for problem in error.problems if problem.code != "value" or problem.line not in told]
    return []


def load_text(folder: Path, lang: str, file: YamlFile) -> Source:
    """Load a handout whose text is not in its file yet; raises HandoutError as ``load`` does."""
    return _loaded(folder, lang, load_common(folder.parent, lang), file, limited=True)


def load_made(folder: Path, lang: str, known: Common, values: Mapping[str, Any]) -> Source:
    """Load a handout that no file has but a program made, with any number of values and drawings.

    ``folder`` is what it is called. Raises HandoutError as ``load`` does.
    """
    return _loaded(folder, lang, known, YamlFile(folder / f"{lang}.yaml", dict(values), {}, ""), limited=False)


def _with_own_points(folder: Path, lang: str, known: Common) -> Mapping[str, schema.Point]:
    """Return the catalogue with the points of a handout's own, where it has any; raises HandoutError."""
    if not source_files.exists(folder / OWN_POINTS):
        return known.points
    from handout_builder.content.own_points import with_own  # noqa: PLC0415  # few handouts have any

    return with_own(folder, lang, known.points, known.shared, known.units)


def _loaded(folder: Path, lang: str, known: Common, file: YamlFile, *, limited: bool) -> Source:
    shared = known.shared
    points = _with_own_points(folder, language.canonical(lang), known)
    context = {
        "lang": language.canonical(lang),
        "points": points,
        "folder": folder,
        "safety": shared.safety,
        "sources": shared.sources,
    }
    problems = first(_text_problems(file))
    try:
        handout = validate(file, schema.Handout, context)
    except HandoutError as error:
        raise HandoutError([*problems, *error.problems]) from error
    problems += first(_place_problems(file, handout, shared, points, lang, limited=limited))
    sided = first(sides.of_none(handout, points, file))
    problems += (problem for problem in sided if problem.severity is Severity.ERROR)
    if problems:
        raise HandoutError(problems)
    handout = sides.without(handout, points)
    editorial, notes = _editorial(folder / "editorial" / f"{lang}.yaml", language.canonical(lang))
    notes += sided
    notes += _handout_notes(file, handout, points, shared)
    notes += _unreviewed(file, handout, shared_file(folder.parent, lang), shared)
    pictures, lost = _pictures(file, handout)
    notes += lost
    characters = frozenset[str]().union(*(text for value in (file.value, shared.labels) for _, text in _texts(value)))
    return Source(
        folder.name,
        lang,
        folder,
        handout,
        editorial,
        shared,
        points,
        characters,
        tuple(notes),
        pictures,
    )


def _pictures(file: YamlFile, handout: schema.Handout) -> tuple[Mapping[str, bytes], list[Problem]]:
    """Return the pictures of a handout, and what drawings lost; that they can be used was seen when it was checked."""
    pictures: dict[str, bytes] = {}
    lost = []
    for s, section in enumerate(handout.sections):
        for b, block in enumerate(section.blocks):
            for at, picture in schema.pictures_of(block):
                if picture.key in pictures:
                    continue
                line = file.line(("sections", s, "blocks", b, *at, "image"))
                hint = "compare the page with your drawing; export it with these effects flattened, or as PNG"
                pictures[picture.key], remarks = picture_files.read(file.path.parent, picture.image)
                for remark in remarks:
                    message = f"the picture '{picture.image}': {remark}"
                    lost.append(Problem("drawing", message, file.path, line, hint, Severity.WARNING))
                if not picture.whole:
                    if (part := picture_files.part(pictures[picture.key], picture.crop)) is None:
                        hint = "cut it in the program that it was drawn with, or export it as PNG"
                        message = f"the picture '{picture.image}' is a drawing, of which no part can be shown"
                        raise HandoutError([Problem("broken-image", message, file.path, line, hint)])
                    pictures[picture.key] = part
    return pictures, lost


def texts_of(root: Path, lang: str) -> schema.Shared:
    """Load the shared texts of a language: those beside the handouts, else the program's; raises HandoutError."""
    return _shared(shared_file(root, lang), language.canonical(lang))


def shared_file(root: Path, lang: str) -> Path:
    """Return the file of the shared texts of a language, which may be there by its common tag: zh-CN has zh-Hans's."""
    path = beside(root, f"shared/{lang}.yaml")
    return path if source_files.exists(path) else beside(root, f"shared/{language.canonical(lang)}.yaml")


def _shared(path: Path, lang: str) -> schema.Shared:
    if not source_files.exists(path):
        if meant := language.meant(lang):
            hint = f"call the file by {meant}" if "(" in meant else f"call the file {meant}.yaml"
            raise HandoutError([Problem("language-tag", f"'{lang}' is not a language tag", path, hint=hint)])
        message = f"the language '{lang}' has no shared texts (labels, safety blocks)"
        base = lang.partition("-")[0]
        there = base != lang and source_files.exists(beside(path.parents[1], f"shared/{base}.yaml"))
        hint = f"write {base}" if there else "copy en.yaml beside it and translate it"
        raise HandoutError([Problem("language", message, path, hint=hint)])
    text = read_text(path)
    if shipped.is_unchanged(path, text):
        return _shipped_texts(text, lang)
    file = yaml_file(path, text)
    shared = validate(file, schema.Shared, {"lang": lang, "shared": True})
    if problems := first(_shared_problems(file, shared)):
        raise HandoutError(problems)
    return shared


@lru_cache(maxsize=8)  # the languages that are shipped
def _shipped_texts(text: str, lang: str) -> schema.Shared:
    """Return the shared texts of a language as they are shipped, wherever they lie: the same each time in a process."""
    return validate(yaml_file(Path(lang), text), schema.Shared, {"lang": lang, "shipped": True})


def _shared_problems(file: YamlFile, shared: schema.Shared) -> Iterator[Problem]:
    """Yield labels that are missing or name what is not filled in, and sources that are not there."""
    own = SOURCE / "shared" / "en.yaml"
    if file.path != own:
        every = read_yaml(own).value
        for key, what in (
            ("labels", "labels"),
            ("meridians", "meridians"),
            ("red_flags", "parts of the body"),
            ("safety", "safety blocks"),
        ):
            if missing := [name for name in every[key] if name not in {*getattr(shared, key), *schema.OPTIONAL_LABELS}]:
                hint = f"everything under '{key}:' of the program's own shared/en.yaml is needed; {OLDER}"
                message = f"the {what} {', '.join(missing)} are missing"
                yield Problem("missing-key", message, file.path, file.line((key,)), hint)
    drawn = (view for view in get_args(schema.ViewName) if view != views.AUTO)
    unnamed = [name for view in drawn for name in (f"view_{view}", f"alt_view_{view}") if name not in shared.labels]
    if unnamed and file.path == own:
        message = f"the labels {', '.join(unnamed)} are missing"
        hint = f"each view has a name, and words for those who cannot see it; {OLDER}"
        yield Problem("missing-key", message, file.path, file.line(("labels",)), hint)
    for label, pattern in shared.labels.items():
        wanted = patterns.LABELS.get(label, ())
        if reason := patterns.wrong(pattern, wanted):
            message = f"the label '{label}': {reason}"
            hint = "words in braces that it needs: " + (" ".join(f"{{{name}}}" for name in wanted) or "none")
            yield Problem("pattern", message, file.path, file.line(("labels", label)), hint)
    yield from _shared_names(file, shared)
    for key in ("ask", "never"):
        if reason := patterns.wrong(getattr(shared.press, key), ("reason",)):
            hint = "words in braces that it needs: {reason}"
            yield Problem("pattern", f"'press: {key}': {reason}", file.path, file.line(("press", key)), hint)
    for name, block in shared.safety.items():
        if block.above and (block.above not in shared.safety or shared.safety[block.above].above):
            near = nearest(block.above, shared.safety)
            hint = f"did you mean '{near[0]}'?" if near and near[0] != block.above else "a block that has none above it"
            message = f"no safety block '{block.above}' can stand above '{name}'"
            yield Problem("unknown-block", message, file.path, file.line(("safety", name, "above")), hint)
    for at, source in _sources(shared):
        if source not in shared.sources:
            hint = suggestion(source, shared.sources, f"known: {', '.join(sorted(shared.sources))}")
            yield Problem("unknown-source", f"there is no source '{source}'", file.path, file.line(at, source), hint)


def _shared_names(file: YamlFile, shared: schema.Shared) -> Iterator[Problem]:
    """Yield vertebrae, meridians and distances that no point has, and days of the week that are not seven."""
    known = {"vertebrae": schema.VERTEBRAE, "meridians": MERIDIANS}
    for key, names in known.items():
        for name in getattr(shared, key).keys() - {*names}:
            hint = suggestion(name, names, f"known: {', '.join(names)}")
            yield Problem("unknown-key", f"the key '{name}' is not known here", file.path, file.line((key, name)), hint)
    for cun in shared.distances:
        if not patterns.is_number(cun) or f"{float(cun):g}" != cun:
            line, hint = file.line(("distances", cun)), 'digits, with a point and no 0 at the end: "1.5"'
            yield Problem("value", f"'{cun}' is no number of cun", file.path, line, hint)
    if (given := len(shared.labels["weekdays"].split()) if "weekdays" in shared.labels else _WEEK) != _WEEK:
        message, hint = f"the label 'weekdays': {given} words", "seven, from Monday to Sunday, with blanks between them"
        yield Problem("pattern", message, file.path, file.line(("labels", "weekdays")), hint)


def _sources(shared: schema.Shared) -> Iterator[tuple[Location, str]]:
    """Yield the sources of cautions, safety blocks and warning signs, each with its place."""
    for name, caution in shared.cautions.items():
        yield from ((("cautions", name, "sources", index), source) for index, source in enumerate(caution.sources))
    for name, block in shared.safety.items():
        yield from ((("safety", name, "sources", index), source) for index, source in enumerate(block.sources))
    for part, flags in shared.red_flags.items():
        for rank in ("emergency", "doctor"):
            for number, sign in enumerate(getattr(flags, rank).signs):
                at = ("red_flags", part, rank, "signs", number, "sources")
                yield from (((*at, index), source) for index, source in enumerate(sign.sources))


def _editorial(path: Path, lang: str) -> tuple[schema.Editorial, list[Problem]]:
    if not source_files.exists(path):
        return schema.Editorial(changes=[], doubts=[]), []
    file = read_yaml(path)
    editorial = validate(file, schema.Editorial, {"lang": lang})
    notes = []
    for index, doubt in enumerate(editorial.doubts):
        # Interned, as every product of a handout keeps its notes until the end.
        message = sys.intern(f"“{doubt.quote}”: {doubt.doubt} ({doubt.source})")
        line, hint = file.line(("doubts", index)), "have it decided by who may; then take it out of this file"
        notes.append(Problem("doubt", message, path, line, hint, Severity.NOTE))
    return editorial, notes


def _text_problems(file: YamlFile) -> Iterator[Problem]:
    """Yield links that lead nowhere, ids given twice, and characters that cannot be shown.

    This needs no valid handout, so that these are told together with all other mistakes.
    """
    ids: dict[str, Location] = {}
    for location, text in _texts(file.value):
        if location[:1] == ("sections",) and location[2:] == ("id",):
            if text in ids:
                message = f"two sections have the id '{text}'"
                yield Problem("duplicate-id", message, file.path, file.line(location), "give one of them another id")
            ids[text] = location
    for line, comment in file.cut:
        message = f"YAML takes this for a comment and leaves it out: {comment}"
        hint = "quote the text if it belongs to it; else put two blanks before the # and one behind it"
        yield Problem("comment", message, file.path, line, hint)
    for location, text in _texts(file.value):
        for lack in glyphs.lacking(unescape(text)):
            line = file.line(location, lack.character)
            yield Problem("missing-glyph", lack.message, file.path, line, lack.hint)
        for target in markdown.links(text) if "](" in text else ():
            name = target.removeprefix("#")
            if name != target and name not in ids:
                hint = suggestion(name, ids, f"known: {', '.join(sorted(ids))}")
                message = f"there is no section '{name}'"
                yield Problem("unknown-link", message, file.path, file.line(location, target), hint)


def _place_problems(
    file: YamlFile,
    handout: schema.Handout,
    shared: schema.Shared,
    points: Mapping[str, schema.Point],
    lang: str,
    *,
    limited: bool,
) -> Iterator[Problem]:
    """Yield points that appear twice in a block, lie outside its drawing, or lack words in the language."""
    drawings = 0
    carded = any(isinstance(block, schema.Points) for block in handout.blocks)
    for s, section in enumerate(handout.sections):
        for b, block in enumerate(section.blocks):
            if isinstance(block, schema.Index) and not carded:
                message = "the index is empty: no point has a card"
                line = file.line(("sections", s, "blocks", b))
                yield Problem(
                    "empty-index", message, file.path, line, "give points cards (type: points), or take it out"
                )
            before: set[str] = set()
            told = _told_by_author(block, ("sections", s, "blocks", b))
            drawings += len(block.points) if isinstance(block, schema.Points) else isinstance(block, schema.Chart)
            if limited and drawings > _MOST_DRAWINGS:
                message = f"more than {_MOST_DRAWINGS} cards of points and charts"
                line = file.line(("sections", s, "blocks", b))
                yield Problem("too-large", message, file.path, line, "make two handouts of it")
                return
            for location, code in _codes(block, ("sections", s, "blocks", b)):
                point, line = points[code], file.line(location)
                if code in before and not isinstance(block, schema.Points):  # two cards may differ in their names
                    message = f"{code} appears twice in this block"
                    yield Problem("duplicate-point", message, file.path, line, "keep one of them")
                before.add(code)
                if point.press == "no" and "not-for-pressing" not in handout.accept:
                    yield _not_for_pressing(point, shared, file.path, line)
                for caution in place_text.wordless(point, shared) if isinstance(block, schema.Points) else ():
                    message = f"no words for the caution '{caution}' of {code}"
                    hint = f"add the words to shared/{lang}.yaml"
                    yield Problem("no-caution", message, file.path, line, hint)
                view = block.view if isinstance(block, schema.Chart) else None
                seen = anatomy.view_of(point) if view == views.AUTO else view and anatomy.shown(view, point)
                if view == views.AUTO and not seen:
                    yield Problem("not-on-chart", f"no drawing shows {code}", file.path, line, "take it out")
                elif isinstance(block, schema.Chart) and not seen:
                    message = f"the view '{view}' does not show {code}"
                    yield Problem("not-on-chart", message, file.path, line, _other_view(block, point, points))
                elif isinstance(block, schema.Overview) and point.place and not anatomy.view_of(point):
                    yield Problem("not-on-chart", f"no drawing shows {code}", file.path, line, "take it out")
                elif not view and location not in told and not place_text.can_tell(point, shared):
                    hint = _wordless(point, lang)
                    yield Problem("no-place", f"no words for the place of {code}", file.path, line, hint)


def _other_view(chart: schema.Chart, point: schema.Point, points: Mapping[str, schema.Point]) -> str:
    """Return what to do where the view of a chart does not show one of its points."""
    if not anatomy.view_of(point):
        return "no drawing shows its place"
    if shows := views.showing([points[code] for code in chart.points]):
        return f"the view '{shows}' shows {'it' if len(chart.points) == 1 else 'them all'}"
    return "no view shows them all: write 'view: auto', which takes several"


def _wordless(point: schema.Point, lang: str) -> str:
    """Return what to do where the place of a point cannot be told."""
    if point.place is None:
        return "give its place in points/places.csv"
    words = f"points/words/{lang}.csv"
    return f"add its words to {words}, with measures that shared/{lang}.yaml has; or say 'where:' on the card"


def _not_for_pressing(
    point: schema.Point, shared: schema.Shared, path: Path, line: int, severity: Severity = Severity.ERROR
) -> Problem:
    why = shared.press.reasons.get(point.press_reason, "")
    message = f"{point.code} is not for pressing{': ' if why else ''}{why}"
    hint = f"take it out; if it must stand here, say why: {_accepting('not-for-pressing')}"
    return Problem("not-for-pressing", message, path, line, hint, severity)


def _codes(block: schema.Block, at: Location) -> list[tuple[Location, str]]:
    """Return the codes that a block names, each with its location."""
    if isinstance(block, schema.Points):
        return [((*at, "points", index, "code"), card.code) for index, card in enumerate(block.points)]
    if isinstance(block, schema.Overview):
        groups = [((*at, "groups", number, "points"), group.points) for number, group in enumerate(block.groups)]
    elif isinstance(block, schema.Chart):
        groups = [((*at, "points"), block.points)]
    else:
        groups = []
    return [((*where, index), code) for where, codes in groups for index, code in enumerate(codes)]


def _told_by_author(block: schema.Block, at: Location) -> set[Location]:
    """Return where the codes of cards stand that tell the place in the author's own words."""
    cards = block.points if isinstance(block, schema.Points) else ()
    return {(*at, "points", index, "code") for index, card in enumerate(cards) if card.where}


def _texts(value: Any, location: Location = ()) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield location, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*location, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*location, index))


def _placeholders(file: YamlFile) -> Iterator[Problem]:
    """Yield what an author still has to write: texts and remarks with TODO and a colon in them."""
    split = ((location, _TODO.split(text, maxsplit=1)) for location, text in _texts(file.value) if "TODO:" in text)
    found = {file.line(location, "TODO:"): parts[1] for location, parts in split if parts[1:]}
    for number, row in enumerate(file.rows if "TODO:" in file.text else (), start=1):
        if remark := _TODO_REMARK.search(row):
            found.setdefault(number, remark[1])
    for number, text in sorted(found.items()):
        what = " ".join(text.split())
        message = f"this is still to be written{': ' if what else ''}{what}"
        hint = "write it, and take TODO: out"
        yield Problem("placeholder", message, file.path, number, hint, Severity.WARNING)


def _unreviewed(file: YamlFile, handout: schema.Handout, common: Path, shared: schema.Shared) -> Iterator[Problem]:
    """Yield a warning for each text that was translated and not reviewed; it is printed, too."""
    hint = "let a qualified person compare it with the original, then give their name under 'reviewed_by:'"
    for made, path, line in (
        (handout.translation, file.path, file.line(("translation",))),
        (shared.translation, common, 0),
    ):
        if made and not made.reviewed_by:
            who = "a machine" if made.by == "machine" else "a person"
            message = f"translated from {made.source} by {who}, and not reviewed by a qualified person"
            yield Problem("translation-unreviewed", message, path, line, hint, Severity.WARNING)


def _without_dose(handout: schema.Handout, file: YamlFile) -> Iterator[Problem]:
    """Tell of the first point without a dose where others have one: readers cannot know whether that holds for it."""
    cards = [
        (("sections", s, "blocks", b, "points", p), card.code, bool(card.dose or block.dose))
        for s, section in enumerate(handout.sections)
        for b, block in enumerate(section.blocks)
        if isinstance(block, schema.Points)
        for p, card in enumerate(block.points)
    ]
    bare = [(at, code) for at, code, dosed in cards if not dosed]
    if bare and len(bare) < len(cards):
        message = f"{', '.join(code for _, code in bare)} without a dose, while other points have one"
        hint = "give its block or its card a dose; a dose of a block is for the points of this block alone"
        yield Problem("dose-some", message, file.path, file.line(bare[0][0]), hint, Severity.WARNING)


def _handout_notes(
    file: YamlFile, handout: schema.Handout, points: Mapping[str, schema.Point], shared: schema.Shared
) -> list[Problem]:
    """Return what an author should know although the handout can be built."""

    def note(code: str, message: str, at: Location, hint: str) -> Problem:
        return Problem(code, message, file.path, file.line(at), hint, Severity.WARNING)

    notes = [*_placeholders(file), *_without_dose(handout, file)]
    for s, section in enumerate(handout.sections):
        for b, block in enumerate(section.blocks):
            at: Location = ("sections", s, "blocks", b)
            for location, code in _codes(block, at):
                if points[code].press == "no":
                    line = file.line(location)
                    notes.append(_not_for_pressing(points[code], shared, file.path, line, Severity.WARNING))
            if isinstance(block, schema.Video) and block.link is None:
                hint = "give its https:// address as 'link:'"
                notes.append(note("video-link", "the video has no link and is left out", at, hint))
            elif isinstance(block, schema.Safety) and not block.show:
                hint = f"take out 'show: false'; if it is meant so, say why: {_accepting('safety-off')}"
                notes.append(note("safety-off", f"the safety block '{block.include}' is switched off", at, hint))
            elif isinstance(block, schema.Points):
                for p, card in enumerate(block.points):
                    dose = card.dose or block.dose
                    if wrong := doses.too_firm(dose, points[card.code], shared):
                        where = (*at, "points", p, "dose") if card.dose else (*at, "dose")
                        notes.append(note("dose-firm", wrong, where, "give its card a dose with 'pressure: light'"))
                    standard = points[card.code].names
                    chinese = f"{standard.zh_hans} {standard.pinyin} (zh-Hans), {standard.zh_hant} (zh-Hant)"
                    others = (
                        (standard.ja, standard.kana, "ja"),
                        (standard.ko, standard.ko_latn, "ko"),
                        (standard.vi, standard.zh_hant, "vi"),
                    )
                    written = (standard.zh_hans, standard.zh_hant, standard.ja, standard.ko, standard.vi)
                    own = points[card.code].own  # which has no other name
                    told = [chinese, *(f"{name} {reading} ({lang})" for name, reading, lang in others if name)]
                    if not own and card.name.text not in written:
                        printed = f"{card.name.text} {card.name.reading}"
                        message = f"{card.code} is printed as {printed}; standard: {', '.join(told)}"
                        notes.append(note("point-name", message, (*at, "points", p, "name", "text"), _STANDARD_NAME))
                    elif not own and not is_standard_reading(points[card.code], card.name.reading):
                        reading = card.name.reading
                        message = f"the reading of {card.code} is printed as {reading}; standard: {', '.join(told)}"
                        notes.append(note("point-name", message, (*at, "points", p, "name", "reading"), _STANDARD_NAME))
    return notes


def _accepting(code: str) -> str:
    return f"accept: {{{code}: the reason}}"


_STANDARD_NAME = f"write a standard one; if it is meant so, say why: {_accepting('point-name')}"
