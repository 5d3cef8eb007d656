"""What a form has sent, taken over into a draft: the same for handouts and brands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from handout_builder.content.yaml_reader import Location
from handout_builder.errors import HandoutError, Problem
from handout_builder.studio.document import Document, EditError, whole_number
from handout_builder.studio.drafts import ConflictError, Draft
from handout_builder.studio.forms import Field, is_to_write
from handout_builder.studio.project import Project


@dataclass(frozen=True)
class Said:
    """What happened, for who has asked for it."""

    kind: str = ""
    """good, care or warn; empty for a plain word."""
    head: str = ""
    """Which words of the interface are said."""
    text: str = ""
    """More of it: of a warning in English, else values and names."""
    conflict: bool = False
    problem: Problem | None = None
    """Why it could not be done."""


def revision(form: FormData) -> int:
    """Return the revision of the draft that the form was made from."""
    return whole_number(str(form.get("revision", "0"))) or 0


def tab(form: FormData) -> str:
    """Return which tab of the browser has sent a form."""
    return str(form.get("tab", ""))[:40]


def in_turn(draft: Draft, form: FormData) -> bool:
    """Tell whether nothing that a form's tab has sent after it was here before it; tabs number what they send."""
    return draft.in_turn(tab(form), whole_number(str(form.get("turn", "0"))) or 0)


def take_over(
    draft: Draft,
    fields_of: Callable[[Any], Sequence[Field]],
    form: FormData,
    meant: Callable[[Field, Any], Any] = lambda _, value: value,
) -> Said | None:
    """Change what somebody has changed in a form; return the problems found.

    ``fields_of`` gives the fields for the values of a file. What is as it was shown is left alone, although another
    tab may have changed it since; so is a form that its tab had sent before another one that was here first: that one
    had the same text in it, and something may have been undone or moved by it. ``meant`` gives the value that is meant
    by what was typed in a field. A text that was still to be written is no answer to one that was written since.
    """
    if not in_turn(draft, form):
        return None
    shown = {field.pointer: field.texts for field in leaves(fields_of(draft.value_at(revision(form))))}
    wanted: dict[Location, Any] = {}
    for field in leaves(fields_of(draft.value)):
        if field.kind == "yaml" or (field.pointer not in form and f"shown:{field.pointer}" not in form):
            continue
        given = [str(text).replace("\r\n", "\n") for text in form.getlist(field.pointer)]
        if [text.rstrip() for text in given] != [text.rstrip() for text in shown.get(field.pointer, field.texts)]:
            value = meant(field, field.parsed(given))
            if not (is_to_write(value) and field.value and not is_to_write(field.value)):
                wanted[field.place] = value
    return set_values(draft, wanted, form) if wanted else None


def set_values(draft: Draft, wanted: dict[Location, Any], form: FormData) -> Said | None:
    """Put values in their places; return the problem where that cannot be."""

    def change(document: Document) -> None:
        for place, value in wanted.items():
            document.set(place, value)

    try:
        draft.edit(change, list(wanted), revision(form), tab(form))
    except ConflictError:
        return Said("care", "conflict", "\n".join(str(value) for value in wanted.values() if value), conflict=True)
    except EditError as error:
        return Said("warn", "not_done", str(error))
    except HandoutError as error:
        return Said("warn", "not_done", problem=error.problems[0])
    return None


def not_kept(draft: Draft) -> Said | None:
    """Return what is said of a draft that a crash would lose; None of one that it would not."""
    return Said("warn", "not_kept", problem=draft.unkept) if draft.unkept else None


def leaves(fields: Sequence[Field]) -> list[Field]:
    """Return the fields that hold values, those in groups and items, too."""
    return [leaf for field in fields for leaf in field.leaves()]


def value_in(value: Any, place: Sequence[int | str]) -> Any:
    """Return what stands in a place; None where there is none."""
    for part in place:
        found = isinstance(value, dict) and part in value
        found = found or (isinstance(value, list) and isinstance(part, int) and part < len(value))
        if not found:
            return None
        value = value[part]
    return value


def refuse_foreign(project: Project) -> None:
    """Raise HTTPException where files would be changed that are the program's own."""
    if not project.own:
        raise HTTPException(409, "not_own")
