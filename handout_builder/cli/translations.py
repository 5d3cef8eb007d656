"""What there is of each text in other languages: how much is done, older than the original, or not reviewed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from handout_builder import clock, source_files
from handout_builder.atomic_files import IN_PLACE, NAMED, rewrite_all, write_all
from handout_builder.content.yaml_reader import YamlFile, read_yaml
from handout_builder.errors import HandoutError, Problem, suggestion
from handout_builder.orders import handouts, languages
from handout_builder.text import language
from handout_builder.translation import alignment, exchange, freshness, review
from handout_builder.translation.blocks import blocks
from handout_builder.translation.pairs import Pair
from handout_builder.translation.units import Package

SHARED = "shared"
"""What stands for the texts that all handouts share, where a handout is named."""
_HEADS = ("text", "language", "blocks", "done", "stale", "missing", "review")


def _cells(pair: Pair) -> tuple[str, ...]:
    """Return the cells of a pair's row in the table."""
    wanted, there = blocks(pair.original), blocks(pair.translated)
    stale = sum(1 for _ in freshness.stale(pair.original, pair.translated))
    missing = len(wanted.keys() - there.keys())
    numbers = (len(wanted), len(wanted) - missing - stale, stale, missing)
    return (pair.name, pair.lang, *map(str, numbers), "reviewed" if pair.reviewed else "unreviewed")


def pairs(root: Path, names: Sequence[str], langs: Sequence[str]) -> list[Pair]:
    """Return the translations of some handouts, or of all with what they share, in some languages or in all.

    Raises HandoutError for a name that there is not.
    """
    known = [SHARED, *handouts(root)]
    for name in names:
        if name not in known:
            hint = suggestion(name, known, f"known: {', '.join(known)}")
            raise HandoutError([Problem("unknown-handout", f"there is no handout '{name}'", root, hint=hint)])
    found = (pair for name in names or known for pair in _of(root, name))
    wanted = set(map(language.canonical, langs))
    return [pair for pair in found if not wanted or pair.lang in wanted]


def _of(root: Path, name: str) -> Iterator[Pair]:
    if name == SHARED:
        for lang in sorted(path.stem for path in (root / SHARED).glob("*.yaml")):
            found = list(review.pairs(root, lang))
            for number, (original, translated, langs) in enumerate(found):
                owner = found[0][1]  # the tables of words are of the same hand
                name = f"points/{translated.path.name}" if number else SHARED
                yield Pair(name, langs, original, translated, owner.path, owner.value["translation"])
        return
    folder = root / name
    for lang in languages(folder):
        file = read_yaml(folder / f"{lang}.yaml")
        made = _made(file)
        source = folder / f"{made['from']}.yaml" if "from" in made else None
        if source and source_files.exists(source):
            langs = str(made["from"]), language.canonical(lang)
            yield Pair(name, langs, read_yaml(source), file, file.path, made)


def new_pairs(root: Path, names: Iterable[str], lang: str) -> Iterator[Pair]:
    """Yield the handouts that are not in a language yet, each with the text that is no translation."""
    for name in names:
        folder = root / name
        if lang in map(language.canonical, languages(folder)):
            continue
        first = [tag for tag in languages(folder) if not _made(read_yaml(folder / f"{tag}.yaml"))]
        for tag in first[:1]:
            path = folder / f"{lang}.yaml"
            yield Pair(name, (tag, lang), read_yaml(folder / f"{tag}.yaml"), YamlFile(path, {}, {}, ""), path, {})


def _made(file: YamlFile) -> Mapping[str, Any]:
    """Return what a file says of how it was translated, nothing where it is no translation."""
    made = file.value.get("translation") if isinstance(file.value, dict) else None
    return made if isinstance(made, dict) else {}


def table(found: Iterable[Pair]) -> str:
    """Return a table of translations in plain text."""
    rows = [_HEADS, *(_cells(pair) for pair in found)]
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
    write_all(files, hint=IN_PLACE)
    return list(files)


def align(found: Iterable[Pair]) -> Iterator[tuple[Path, str]]:
    """Build translations as their originals are now, and yield what was done to each file.

    Raises HandoutError for a list in brackets that would have to grow or shrink; nothing is written then.
    """
    files: dict[Path, bytes] = {}
    told: list[tuple[Path, str]] = []
    for pair in found:
        if pair.translated.path.suffix == ".csv":
            continue
        made = alignment.aligned(pair)
        if made.told:
            files[made.file.path] = made.file.text.encode()
            files[freshness.table(made.file.path)] = freshness.as_table(made.digests).encode()
            told += ((made.file.path, words) for words in made.told)
    rewrite_all(files)
    yield from told


def export(root: Path, names: Sequence[str], langs: Sequence[str], path: Path) -> Package:
    """Write the texts of some handouts for a translator into one language; return what was written.

    Without names it is what there is in that language. A handout that is not in it yet is taken if it is named. Raises
    HandoutError.
    """
    if len(langs) != 1:
        hint = "for example: make_handout.py translations knee-pain --lang ja --export knee-pain.ja.po"
        raise HandoutError([Problem("exchange", "one file has one language", path, hint=hint)])
    lang = language.canonical(langs[0])
    if not language.is_tag(lang):
        hint = language.meant(langs[0]) or "a tag such as ja, ko or zh-Hans"
        raise HandoutError([Problem("language", f"'{lang}' is no language tag", path, hint=f"write {hint}")])
    found = pairs(root, names, [lang])
    found += new_pairs(root, [name for name in names if name != SHARED], lang)
    data, package = exchange.packed(root, found, path)
    write_all({path: data}, hint=NAMED)
    return package


def bring_in(root: Path, names: Sequence[str], langs: Sequence[str], path: Path) -> exchange.Arrival:
    """Put what a translator sends back into its files; return what was written, and what is to be told.

    Raises HandoutError, and then nothing is written.
    """
    package = exchange.unpacked(path)
    lang = language.canonical(package.target or (langs[0] if langs else ""))
    if (langs and [lang] != [language.canonical(tag) for tag in langs]) or not language.is_tag(lang):
        message = "this file does not say which language it is in"
        if package.target or langs:
            message = f"the language of this file is '{package.target}'"
        hint = "name it in the file, or with --lang"
        raise HandoutError([Problem("exchange", message, path, hint=hint)])
    if not package.units:
        hint = "is it the file that came back from the translator?"
        raise HandoutError([Problem("exchange", "there are no texts in it", path, hint=hint)])
    found = pairs(root, names, [lang])
    sent = {unit.name.partition("/")[0] for unit in package.units}
    found += new_pairs(root, [name for name in names or handouts(root) if name in sent], lang)
    today = clock.today()
    arrival = exchange.arrived(root, found, package, path, today)
    rewrite_all(arrival.files)
    return arrival
