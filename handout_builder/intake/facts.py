"""What a document says about itself, as the first keys of a handout: its title, its author, its day."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from handout_builder.intake.outline import Heading, Outline, Run, spaced, without_links, words
from handout_builder.intake.prose import Prose
from handout_builder.intake.sections import TODO, Lacking
from handout_builder.intake.yaml_text import Noted
from handout_builder.text import dates

_NONE = ("", 0)
# Where 4/5/2026 is the fourth of May, and nothing else (Unicode CLDR).
_DAY_FIRST = ("es", "vi")
_COMMAS = re.compile("[,，、;；]")
# What an author still has to write, where the document does not say it.
_LACKING = {
    "title": f"{TODO} a title; the file has none",
    "revised": f"{TODO} the day of the last change; this is the day of the import",
}


def first_keys(
    outline: Outline,
    heading: Heading | None,
    otherwise: str,
    prose: Prose,
    tell: Callable[[int, str], None],
    lacking: Lacking,
) -> dict[str, Any]:
    """Return title, subtitle, description, author and subjects.

    ``heading`` is the one that is the title; where no title can be printed it is ``otherwise``. ``tell`` takes the line
    and the words of what else cannot be printed, ``lacking`` tells what is still to be written.
    """
    todo = {"description": f"{TODO} {lacking.description}", "author": f"{TODO} {lacking.author}"}
    values: dict[str, Any] = {"title": _title(outline, heading, otherwise, prose)}
    for key in ("subtitle", "description", "author"):
        told, line = outline.facts.get(key, _NONE)
        runs = (Run(told),) if told else ()
        label = prose.written(runs, lambda _: None) if key == "subtitle" else prose.label(runs)
        if told and not label:
            tell(line, f"{key}: {told}")
        if text := label or todo.get(key):
            values[key] = text
    return values | _subjects(outline, prose, tell)


def _subjects(outline: Outline, prose: Prose, tell: Callable[[int, str], None]) -> dict[str, list[str]]:
    """Return what a document says that it is about: its tags."""
    told, line = outline.facts.get("subjects", _NONE)
    given = [subject.strip(" \"'") for subject in _COMMAS.split(told) if subject.strip(" \"'")]
    subjects = [label for subject in given if (label := prose.label((Run(subject),)))]
    if lost := [subject for subject in given if not prose.label((Run(subject),))]:
        tell(line, f"subjects: {', '.join(lost)}")
    return {"subjects": subjects} if subjects else {}


def revised(outline: Outline, today: date, lang: str) -> Noted:
    """Return the day of a document's last change; ``today`` where it tells none, or one that may be several."""
    told, line = outline.facts.get("date", _NONE)
    days = dates.meant(told)
    days = days[:1] if lang in _DAY_FIRST else days
    exact = len(days) == 1
    above = (outline.at(line, f"date: {told}"),) if told and not (exact and told == days[0].isoformat()) else ()
    if exact:
        return Noted(days[0], above)
    return Noted(today, above, _LACKING["revised"])


def _title(outline: Outline, heading: Heading | None, otherwise: str, prose: Prose) -> Noted:
    """Return the title, with what else the document is called."""
    named, line = outline.facts.get("title", _NONE)
    runs, links = without_links(heading.runs if heading else (Run(named),))
    at = heading.line if heading else line
    remarks = [outline.at(at, f"the title leads to {link}") for link in links]
    text = prose.written(runs, lambda told: remarks.append(outline.at(at, told)))
    if not text and (heading or named):
        remarks.append(outline.at(at, words(runs)))
    if heading and named and spaced(named) != words(runs):
        remarks.append(outline.at(line, f"the title of the file: {named}"))
    return Noted(text or otherwise, tuple(remarks), "" if text else _LACKING["title"])
