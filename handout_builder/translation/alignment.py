"""A translation built as its original is now: what is new there put in, untranslated, and what went taken out.

Which block was made from which is told by the digests of the originals, not by counting: see ``freshness``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from handout_builder.content.yaml_reader import Location, YamlFile
from handout_builder.translation import freshness, parity, yaml_edit
from handout_builder.translation.blocks import Block, blocks
from handout_builder.translation.pairs import Pair

_Match = list[int | None]
"""For each part of an original list, the index of its translation, None where there is none."""


@dataclass
class Aligned:
    """A translation built as its original, and what was done to it."""

    file: YamlFile
    digests: dict[str, str]
    """Of the originals that its blocks were made from, by the names that the blocks have now."""
    told: list[str] = field(default_factory=list)


def aligned(pair: Pair) -> Aligned:
    """Return a translation with the blocks of its original, in the order of these.

    What is new stands in the language of the original, and counts as stale. A block that is built otherwise inside is
    put in anew, and its words are kept below it in comments. Raises HandoutError where a list is written in brackets.
    """
    known = freshness.recorded(freshness.table(pair.translated.path))
    made = Aligned(pair.translated, dict(known))
    _sections(pair.original, made)
    for key in ("summary", "glossary"):
        if key in pair.original.value and key in made.file.value:
            _numbered(pair.original, made, key, (key,), (key,))
    _parts(pair.original, made)
    for name, block in blocks(pair.original).items():
        _inside(pair.original, made, name, block)
    names = blocks(pair.original)
    made.digests = {name: made.digests[name] for name in names if name in made.digests}
    return made


def _sections(original: YamlFile, made: Aligned) -> None:
    wanted = [section["id"] for section in original.value.get("sections", ())]
    for index, section in reversed(list(enumerate(made.file.value.get("sections", ())))):
        if section["id"] not in wanted and len(made.file.value["sections"]) > 1:
            made.file = yaml_edit.without_item(made.file, ("sections", index))
            made.told.append(f"sections/{section['id']} is out: it is not in the original any more")
    for index, name in enumerate(wanted):
        there = [section["id"] for section in made.file.value["sections"]]
        if name in there:
            at = ("sections", there.index(name), "blocks")
            _numbered(original, made, f"sections/{name}", ("sections", index, "blocks"), at)
        else:
            made.file = yaml_edit.with_part(made.file, ("sections",), original, ("sections", index))
            made.told.append(f"sections/{name} is in, not translated yet")


def _numbered(original: YamlFile, made: Aligned, name: str, there: Location, at: Location) -> None:
    """Bring a list whose parts are known by their numbers into the order of the original."""
    wanted, found = (yaml_edit.value_at(file.value, place) for file, place in ((original, there), (made.file, at)))
    names = [f"{name}/{index + 1}" for index in range(max(len(wanted), len(found)))]
    digests = [freshness.digest(Block(name, value, ())) for value in wanted]
    before = [made.digests.pop(part, "") for part in names]
    match = _matched(digests, before[: len(found)], [*map(_kind, wanted)], [*map(_kind, found)])
    _rearrange(original, made, match, there, at, names, names)
    for part, index in zip(names, match, strict=False):
        if index is not None and before[index]:
            made.digests[part] = before[index]


def _rearrange(
    original: YamlFile,
    made: Aligned,
    match: _Match,
    there: Location,
    at: Location,
    names: Sequence[str],
    before: Sequence[str],
) -> None:
    """Take out what belongs to no part of the original, then put in what is new; all are told by their names."""
    count = len(yaml_edit.value_at(made.file.value, at))
    for index in sorted({*range(count)} - {*match}, reverse=True):
        made.file = yaml_edit.without_item(made.file, (*at, index))
        made.told.append(f"{before[index]} as it was is out: it is not in the original any more")
    for index, old in enumerate(match):
        if old is None:
            made.file = yaml_edit.with_part(made.file, at, original, (*there, index))
            made.told.append(f"{names[index]} is in, not translated yet")


def _matched(wanted: Sequence[str], before: Sequence[str], kinds: Sequence[str], found: Sequence[str]) -> _Match:
    """Return which translation belongs to which part: by the digest of what it was made from, then by its kind."""
    match: _Match = [None] * len(wanted)
    for tag, start, end, first, last in SequenceMatcher(None, before, wanted, autojunk=False).get_opcodes():
        if tag == "equal":
            match[first:last] = range(start, end)
        elif tag == "replace":
            alike = SequenceMatcher(None, found[start:end], kinds[first:last], autojunk=False)
            for old, new, size in alike.get_matching_blocks():
                match[first + new : first + new + size] = range(start + old, start + old + size)
    if match and before and all(index is None for index in match):
        match[0] = 0  # a list is never without any part
    return match


def _kind(value: Any) -> str:
    return str(value.get("type", "")) if isinstance(value, Mapping) else ""


def _parts(original: YamlFile, made: Aligned) -> None:
    """Put in what stands under keys: a title, a label, a whole table."""
    for block in blocks(original).values():
        for length in range(1, len(block.at) + 1):
            at = block.at[:length]
            if at[0] == "sections":
                break
            outer = yaml_edit.value_at(made.file.value, at[:-1])
            if isinstance(outer, Mapping) and at[-1] not in outer:
                made.file = yaml_edit.with_part(made.file, at[:-1], original, at)
                made.told.append(f"{'/'.join(map(str, at))} is in, not translated yet")
                break


def _inside(original: YamlFile, made: Aligned, name: str, block: Block) -> None:
    """Put a block in anew that is built otherwise than its original; cards of points are put right one by one."""
    mine = blocks(made.file)[name]
    for path in _lists_of_cards(block.value):
        codes = [[card["code"] for card in yaml_edit.value_at(part.value, path)] for part in (block, mine)]
        if codes[0] != codes[1]:
            match = [codes[1].index(code) if code in codes[1] else None for code in codes[0]]
            if _rises(match) and any(index is not None for index in match):
                names = [[f"{name}/{code}" for code in side] for side in codes]
                _rearrange(original, made, match, (*block.at, *path), (*mine.at, *path), *names)
                made.digests.pop(name, None)
    mine = blocks(made.file)[name]
    if isinstance(mine.at[-1], int) and _is_block(mine) and _built(block.value) != _built(mine.value):
        made.file = yaml_edit.with_copy(made.file, mine.at, original, block.at)
        made.digests.pop(name, None)
        made.told.append(
            f"{name} is in anew, not translated yet: it is built otherwise now; its words stand below it in comments"
        )


def _lists_of_cards(value: Any) -> Iterator[Location]:
    points = value.get("points") if isinstance(value, Mapping) else None
    if isinstance(points, list) and all(isinstance(card, Mapping) and "code" in card for card in points):
        yield ("points",)


def _is_block(block: Block) -> bool:
    """Tell whether it stands in a section, not whether it is one: a section's blocks are blocks of their own."""
    return len(block.at) != len(("sections", 0))


def _rises(match: _Match) -> bool:
    found = [index for index in match if index is not None]
    return found == sorted(set(found))


def _built(value: Any) -> Any:
    """Return the form of a value: its keys and the lengths of its lists, without the words."""
    if isinstance(value, Mapping):
        return {key: _built(part) for key, part in value.items() if key not in parity.FREE}
    if isinstance(value, list):
        return [_built(part) for part in value]
    return None
