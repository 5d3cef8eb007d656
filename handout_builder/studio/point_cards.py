"""A point put on a handout: a card among those of a section, with the catalogue's name in the language of the text."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import FormData

from handout_builder.content.point_names import PointNames
from handout_builder.content.schema import Point
from handout_builder.studio import edits, forms
from handout_builder.studio.document import Document, EditError, Location
from handout_builder.studio.drafts import Draft
from handout_builder.studio.project import has_cards
from handout_builder.text import language


def put(draft: Draft, section: str, point: Point, tab: str) -> Location:
    """Put a point on the last cards of a section, or on new ones behind its blocks; return where these stand.

    A point that is there already is not put there again. Raises EditError where there is no such section (by its id).
    """
    at, blocks = _section(draft.value, section)
    cards = [number for number, block in enumerate(blocks) if has_cards(block)]
    for number in cards:
        if any(isinstance(one, dict) and one.get("code") == point.code for one in blocks[number]["points"]):
            return (*at, "blocks", number)
    card = {"code": point.code, "name": _name(point, draft.path.stem)}
    place: Location = (*at, "blocks", cards[-1] if cards else len(blocks))

    def change(document: Document) -> None:
        if cards:
            document.set((*place, "points", len(blocks[cards[-1]]["points"])), card)
        else:
            document.insert(place, {"type": "points", "points": [card]})

    draft.restructure(change, draft.revision, tab)
    return place


def codes_meant(points: Mapping[str, Point]) -> Callable[[forms.Field, Any], Any]:
    """Return what gives the code of a point for one of its names, where that is the name of no other."""

    def meant(field: forms.Field, value: Any) -> Any:
        if field.name != "code" or not value or value in points:
            return value
        codes = PointNames(points).codes(str(value))
        return codes[0] if len(codes) == 1 else value

    return meant


def name_new(draft: Draft, block: Location, points: Mapping[str, Point], form: FormData) -> None:
    """Give the cards of a block the names of the catalogue, where they have none, or that of the point before.

    Who types GB21 has typed GB2 on the way.
    """
    node = edits.value_in(draft.document.value, block)
    before = draft.value_at(edits.revision(form))
    wanted: dict[Location, Any] = {}
    for number, card in enumerate(node["points"] if has_cards(node) else ()):
        point = points.get(str(card.get("code"))) if isinstance(card, dict) else None
        if point is None:
            continue
        here, name, own = (*block, "points", number), card.get("name"), _name(point, draft.path.stem)
        written = isinstance(name, dict) and name.get("text") and not forms.is_to_write(name["text"])
        if written and (name == own or edits.value_in(before, (*here, "code")) == point.code):
            continue
        if not written or any(name == _name(other, draft.path.stem) for other in points.values()):
            wanted[(*here, "name")] = own
    if wanted:
        edits.set_values(draft, wanted, form)


def _section(value: Any, ident: str) -> tuple[Location, list[Any]]:
    """Return where a section stands, and its blocks; raises EditError."""
    sections = value.get("sections") if isinstance(value, dict) else None
    for number, section in enumerate(sections if isinstance(sections, list) else ()):
        if isinstance(section, dict) and section.get("id") == ident and isinstance(section.get("blocks"), list):
            return ("sections", number), section["blocks"]
    raise EditError(ident)


def _name(point: Point, lang: str) -> Mapping[str, str]:
    """Return the name of a point as a card has it, without what its letters tell."""
    name = point.names.on_card(lang)
    told = language.of_reading(name["reading"], name["lang"]) == name["reading_lang"]
    return {key: value for key, value in name.items() if not (told and key == "reading_lang")}
