"""What is wrong with a handout's own text, and what its author should know although it can be built."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

from handout_builder.content import anatomy, doses, glyphs, place_text, schema, views
from handout_builder.content.point_names import is_standard_reading
from handout_builder.content.yaml_reader import Location, YamlFile
from handout_builder.errors import Problem, Severity, suggestion
from handout_builder.text import markdown

# Each takes up to 80 ms to be drawn and set, and all of them less than ten seconds.
_MOST_DRAWINGS = 100
# What stands in a value, or in a remark, where an author still has to write it.
_TODO = re.compile(r"\bTODO:\s*")
_TODO_REMARK = re.compile(r"(?:^|\s)#\s*TODO:\s*(.*)")


def text_problems(file: YamlFile) -> Iterator[Problem]:
    """Yield links that lead nowhere, ids given twice, and characters that cannot be shown.

    This needs no valid handout, so that these are told together with all other mistakes.
    """
    ids: dict[str, Location] = {}
    for location, text in texts(file.value):
        if location[:1] == ("sections",) and location[2:] == ("id",):
            if text in ids:
                message = f"two sections have the id '{text}'"
                yield Problem("duplicate-id", message, file.path, file.line(location), "give one of them another id")
            ids[text] = location
    for line, comment in file.cut:
        message = f"YAML takes this for a comment and leaves it out: {comment}"
        hint = "quote the text if it belongs to it; else put two blanks before the # and one behind it"
        yield Problem("comment", message, file.path, line, hint)
    for location, text in texts(file.value):
        for lack in glyphs.lacking(unescape(text)):
            line = file.line(location, lack.character)
            yield Problem("missing-glyph", lack.message, file.path, line, lack.hint)
        for target in markdown.links(text) if "](" in text else ():
            name = target.removeprefix("#")
            if name != target and name not in ids:
                hint = suggestion(name, ids, f"known: {', '.join(sorted(ids))}")
                message = f"there is no section '{name}'"
                yield Problem("unknown-link", message, file.path, file.line(location, target), hint)


def place_problems(
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
            for location, code in codes(block, ("sections", s, "blocks", b)):
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


def unreviewed(file: YamlFile, handout: schema.Handout, common: Path, shared: schema.Shared) -> Iterator[Problem]:
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


def handout_notes(
    file: YamlFile, handout: schema.Handout, points: Mapping[str, schema.Point], shared: schema.Shared
) -> list[Problem]:
    """Return what an author should know although the handout can be built."""

    def note(code: str, message: str, at: Location, hint: str) -> Problem:
        return Problem(code, message, file.path, file.line(at), hint, Severity.WARNING)

    notes = [*_placeholders(file), *_without_dose(handout, file)]
    for s, section in enumerate(handout.sections):
        for b, block in enumerate(section.blocks):
            at: Location = ("sections", s, "blocks", b)
            for location, code in codes(block, at):
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


def _placeholders(file: YamlFile) -> Iterator[Problem]:
    """Yield what an author still has to write: texts and remarks with TODO and a colon in them."""
    split = ((location, _TODO.split(text, maxsplit=1)) for location, text in texts(file.value) if "TODO:" in text)
    found = {file.line(location, "TODO:"): parts[1] for location, parts in split if parts[1:]}
    for number, row in enumerate(file.rows if "TODO:" in file.text else (), start=1):
        if remark := _TODO_REMARK.search(row):
            found.setdefault(number, remark[1])
    for number, text in sorted(found.items()):
        what = " ".join(text.split())
        message = f"this is still to be written{': ' if what else ''}{what}"
        hint = "write it, and take TODO: out"
        yield Problem("placeholder", message, file.path, number, hint, Severity.WARNING)


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


def _accepting(code: str) -> str:
    return f"accept: {{{code}: the reason}}"


def codes(block: schema.Block, at: Location) -> list[tuple[Location, str]]:
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


def texts(value: Any, location: Location = ()) -> Iterator[tuple[Location, str]]:
    """Yield the texts in plain values, each with its place."""
    if isinstance(value, str):
        yield location, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, (*location, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*location, index))


_STANDARD_NAME = f"write a standard one; if it is meant so, say why: {_accepting('point-name')}"
