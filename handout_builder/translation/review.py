"""Problems of translations: where they differ from the original, and where they are older."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from handout_builder import source_files
from handout_builder.content.loader import Source, file_of
from handout_builder.content.shared_texts import shared_file
from handout_builder.content.tables import Table, unchecked
from handout_builder.content.yaml_reader import Location, YamlFile, read_yaml
from handout_builder.errors import HandoutError, Problem
from handout_builder.plain_language.word_lists import plain_words
from handout_builder.resources import beside
from handout_builder.text import language
from handout_builder.translation import freshness
from handout_builder.translation.parity import Reader, Readers, differences

_TABLES = ("points/words/{}.csv", "points/words/{}.landmarks.csv")
_KEYS = frozenset(("code", "id"))


def of_handout(source: Source) -> list[Problem]:
    """Return the errors and warnings on a handout that is a translation, none on others; raises HandoutError."""
    made = source.handout.translation
    if made is None:
        return []
    file = file_of(source)
    path = source.folder / f"{made.source}.yaml"
    if not source_files.exists(path):
        hint = f"put the original there, or take 'translation:' out of {file.path.name}"
        line = file.line(("translation", "from"))
        return [Problem("translation-original", f"the original {path.name} is not there", file.path, line, hint)]
    return [*_compared(read_yaml(path), file, source.folder.parent, (made.source, source.language))]


def of_shared(root: Path, lang: str) -> list[Problem]:
    """Return the same of the texts that handouts share in a language."""
    found: list[Problem] = []
    for original, translated, langs in pairs(root, lang):
        found += _compared(original, translated, root, langs)
    return found


def pairs(root: Path, lang: str) -> Iterator[tuple[YamlFile, YamlFile, tuple[str, str]]]:
    """Yield the shared texts of a language, and its words for places and landmarks, with their originals."""
    file = read_yaml(shared_file(root, lang))
    made = file.value.get("translation") if isinstance(file.value, Mapping) else None
    if not isinstance(made, Mapping):
        return
    langs = str(made["from"]), language.canonical(lang)
    yield read_yaml(shared_file(root, langs[0])), file, langs
    for pattern in _TABLES:
        paths = [beside(root, pattern.format(tag)) for tag in langs]
        if all(map(source_files.exists, paths)):
            first, second = (words_table(path) for path in paths)
            yield first, second, langs


def words_table(path: Path) -> YamlFile:
    """Return a table of words as a text in which each row is a block; raises HandoutError."""
    problems: list[Problem] = []
    table = Table.read(path, problems)
    if table is None:
        raise HandoutError(problems)
    return in_blocks(table)


def in_blocks(table: Table) -> YamlFile:
    """Return a table of words that is known to be right as a text in which each row is a block."""
    name = "landmarks" if table.path.name.endswith(".landmarks.csv") else "points"
    rows = unchecked(table)
    lines: dict[Location, int] = {(name,): 1} | {(name, key): row.line for key, row in rows.items()}
    cells = {
        key: {column: cell for column, cell in row.cells.items() if column not in _KEYS} for key, row in rows.items()
    }
    return YamlFile(table.path, {name: cells}, lines, table.text)


def readers(root: Path, langs: tuple[str, str]) -> Readers:
    """Return how numbers and negations are told in the languages of an original and a translation, where both know."""
    words = [plain_words(root, lang) for lang in langs]
    told = [word.parity for word in words if word and word.parity]
    return (Reader(told[0]), Reader(told[1])) if len(told) == len(langs) else None


def _compared(original: YamlFile, translated: YamlFile, root: Path, langs: tuple[str, str]) -> Iterator[Problem]:
    yield from differences(original, translated, readers(root, langs))
    yield from freshness.problems(original, translated)
