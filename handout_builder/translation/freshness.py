"""Which blocks of a translation are older than the original: each has the digest of the text that it was made from.

The digests stand in a table beside the text, ``editorial/LANG.csv``; nothing is told by the dates of files.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from handout_builder import source_files
from handout_builder.content.tables import Table, rows
from handout_builder.content.yaml_reader import YamlFile
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.translation.blocks import Block, blocks

COLUMNS = ("block", "original")
_LENGTH = 16  # hexadecimal digits of SHA-256: enough to tell two versions of a text apart


def table(text: Path) -> Path:
    """Return where the digests of a translation stand."""
    return text.parent / "editorial" / f"{text.stem}.csv"


def digest(block: Block) -> str:
    """Return the digest of what a block says, whatever its form in YAML."""
    return hashlib.sha256(json.dumps(block.value, sort_keys=True, default=str).encode()).hexdigest()[:_LENGTH]


def recorded(path: Path) -> Mapping[str, str]:
    """Return the digests of a table by block, none where there is no table; raises HandoutError for a broken one."""
    if not source_files.exists(path):
        return {}
    problems: list[Problem] = []
    found = rows(Table.read(path, problems), COLUMNS, problems, lambda _: None)
    if problems:
        raise HandoutError(problems)
    return {name: row.cells.get("original", "") for name, row in found.items()}


def written(originals: Mapping[str, Block]) -> str:
    """Return the table of a translation that was made from these blocks as they are now."""
    return table_of({name: digest(block) for name, block in originals.items()})


def table_of(digests: Mapping[str, str]) -> str:
    """Return the table of a translation whose blocks were made from texts with these digests."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([COLUMNS, *digests.items()])
    return out.getvalue()


def stale(original: YamlFile, translated: YamlFile) -> Iterator[Block]:
    """Yield the blocks of a translation that were made from another text than the original has now, or nobody knows."""
    known, there = recorded(table(translated.path)), blocks(translated)
    for name, block in blocks(original).items():
        if name in there and known.get(name) != digest(block):
            yield there[name]


def problems(original: YamlFile, translated: YamlFile) -> Iterator[Problem]:
    """Yield a warning for each block that is older than the original."""
    found = list(stale(original, translated))
    hint = "bring it up to date, then: make_handout.py translations --done"
    for number, block in enumerate(found, start=1):
        message = f"{block.name} is older than the original ({number} of {len(found)})"
        yield Problem("translation-stale", message, translated.path, translated.line(block.at), hint, Severity.WARNING)
