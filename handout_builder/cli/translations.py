"""What there is of each text in other languages: how much is done, older than the original, or not reviewed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handout_builder import source_files
from handout_builder.atomic_files import write_all
from handout_builder.content.yaml_reader import YamlFile, read_yaml
from handout_builder.errors import HandoutError, Problem, nearest
from handout_builder.orders import handouts, languages
from handout_builder.translation import freshness, review
from handout_builder.translation.blocks import blocks

SHARED = "shared"
"""What stands for the texts that all handouts share, where a handout is named."""
_HEADS = ("text", "language", "blocks", "done", "stale", "missing", "review")


@dataclass(frozen=True)
class Pair:
    """A translation and its original."""

    name: str
    lang: str
    original: YamlFile
    translated: YamlFile
    reviewed: bool
    """Whether a qualified person has compared them."""

    def cells(self) -> tuple[str, ...]:
        """Return the cells of its row in the table."""
        wanted, there = blocks(self.original), blocks(self.translated)
        stale = sum(1 for _ in freshness.stale(self.original, self.translated))
        missing = len(wanted.keys() - there.keys())
        numbers = (len(wanted), len(wanted) - missing - stale, stale, missing)
        return (self.name, self.lang, *map(str, numbers), "reviewed" if self.reviewed else "unreviewed")


def pairs(root: Path, names: Sequence[str], langs: Sequence[str]) -> list[Pair]:
    """Return the translations of some handouts, or of all with what they share, in some languages or in all.

    Raises HandoutError for a name that there is not.
    """
    known = [SHARED, *handouts(root)]
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
            raise HandoutError([Problem("unknown-handout", f"there is no handout '{name}'", root, hint=hint)])
    found = (pair for name in names or known for pair in _of(root, name))
    return [pair for pair in found if not langs or pair.lang in langs]


def _of(root: Path, name: str) -> Iterator[Pair]:
    if name == SHARED:
        for lang in sorted(path.stem for path in (root / SHARED).glob("*.yaml")):
            reviewed = False
            for number, (original, translated, _) in enumerate(review.pairs(root, lang)):
                if not number:  # the tables of words are of the same hand
                    reviewed = bool(translated.value["translation"].get("reviewed_by"))
                name = f"points/{translated.path.name}" if number else SHARED
                yield Pair(name, lang, original, translated, reviewed)
        return
    folder = root / name
    for lang in languages(folder):
        file = read_yaml(folder / f"{lang}.yaml")
        made: Any = file.value.get("translation") if isinstance(file.value, dict) else None
        source = folder / f"{made['from']}.yaml" if isinstance(made, dict) and "from" in made else None
        if source and source_files.exists(source):
            yield Pair(name, lang, read_yaml(source), file, bool(made.get("reviewed_by")))


def table(found: Iterable[Pair]) -> str:
    """Return a table of translations in plain text."""
    rows = [_HEADS, *(pair.cells() for pair in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)


def mark_done(found: Iterable[Pair]) -> list[Path]:
    """Record that translations say what their originals say now; return the tables that were written.

    Raises HandoutError where a block is missing.
    """
    files: dict[Path, bytes] = {}
    problems = []
    for pair in found:
        wanted = blocks(pair.original)
        lost = wanted.keys() - blocks(pair.translated).keys()
        message = f"not translated yet: {', '.join(sorted(lost))}"
        if lost:
            problems.append(Problem("translation-differs", message, pair.translated.path, hint="translate it first"))
        files[freshness.table(pair.translated.path)] = freshness.written(wanted).encode()
    if problems:
        raise HandoutError(problems)
    write_all(files)
    return list(files)
