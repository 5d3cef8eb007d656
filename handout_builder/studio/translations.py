"""A handout beside what it is translated from: block by block, with what is stale or missing."""

from collections.abc import Mapping
from typing import Any

from handout_builder.atomic_files import IN_PLACE, write_all
from handout_builder.content.yaml_reader import Location, YamlFile, read_yaml
from handout_builder.errors import HandoutError
from handout_builder.studio import cards
from handout_builder.studio.document import pointer
from handout_builder.studio.drafts import Draft
from handout_builder.studio.studio import Studio
from handout_builder.translation import freshness
from handout_builder.translation.blocks import blocks


def original_of(studio: Studio, draft: Draft) -> YamlFile | None:
    """Return what a text is translated from; None where it is no translation."""
    made = draft.document.value.get("translation")
    tag = made.get("from") if isinstance(made, dict) else None
    entry = studio.project.handout(draft.path.parent.name)
    if entry is None or tag not in entry.titles or tag == draft.path.stem:
        return None
    try:
        return read_yaml(draft.path.parent / f"{tag}.yaml")
    except HandoutError:
        return None


def pairs(original: YamlFile, file: YamlFile) -> list[dict[str, Any]]:
    """Return each block of an original beside its translation, with what is stale or missing."""
    there, fields = blocks(file), cards.prose_fields(file.value)
    stale = {block.name for block in freshness.stale(original, file)}
    known = freshness.recorded(freshness.table(file.path))
    # A field stands beside one block, or two would send it, and the older would win: the deepest that holds it, as a
    # section holds its blocks, too. A list of lines is one field, beside its first line, as are the lines.
    places = {block.at: name for name, block in there.items()}
    owners = {one.place: places.get((*one.place, 0)) or _deepest(one.place, places) for one in fields}
    found: dict[str, dict[str, Any]] = {}
    for name, block in blocks(original).items():
        own = there.get(name)
        own_fields = [one for one in fields if owners[one.place] == name]
        texts, translated = cards.texts(block.value), cards.texts(own.value) if own else []
        state = "missing" if own is None else "stale" if name in stale else "done"
        if state == "stale" and not known.get(name):
            state = "written" if own and _is_translated(block.value, own.value) else "new"
        if own and len(own.at) == 1 and not own_fields and (state == "done" or texts == translated):
            continue  # no words: which part of the body it is about, how it is printed
        first = found.get(owners.get(own.at[:-1], "")) if own and not own_fields else None
        if first:
            first["texts"] += texts
            first["translated"] += translated
            if state != "done":
                first["name"] = f"{first['name']} {name}" if first["state"] != "done" else name
                first["state"] = "stale" if "stale" in (state, first["state"]) else state
            continue
        found[name] = {
            "name": name,
            "state": state,
            "texts": texts,
            "translated": translated,
            "fields": own_fields,
            "open": pointer(cards.card_of(own.at)) if own else "",
        }
    return [*found.values()]


def _deepest(place: Location, names: Mapping[Location, str]) -> str:
    """Return the name of the deepest place that holds another; empty for none."""
    return next((names[place[:end]] for end in range(len(place), 0, -1) if place[:end] in names), "")


def record_translated(studio: Studio, draft: Draft, before: YamlFile | None) -> None:
    """Record of blocks that were translated for the first time, and saved now, which text they were made from."""
    original = original_of(studio, draft)
    if original is None or before is None:
        return
    path, there, earlier, now = freshness.table(draft.path), blocks(original), blocks(before), blocks(draft.file())
    known = dict(freshness.recorded(path))
    new = {
        name: freshness.digest(block)
        for name, block in there.items()
        if not known.get(name) and name in now and name in earlier and now[name].value != earlier[name].value
        if _is_translated(block.value, now[name].value)
    }
    if new:
        write_all(
            {path: freshness.as_table({one: (known | new).get(one, "") for one in there}).encode()}, hint=IN_PLACE
        )


def _is_translated(original: Any, own: Any) -> bool:
    """Tell whether none of the texts of a block says what the original says."""
    theirs, ours = cards.texts(original), cards.texts(own)
    return len(theirs) == len(ours) and all(one != other for one, other in zip(theirs, ours, strict=True))
