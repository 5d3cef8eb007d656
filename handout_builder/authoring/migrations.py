"""How files of earlier versions are rewritten: a table, oldest first; remarks, order and all else stay.

What is here was written for programs before 1.0, whose files tell no version. Each entry finds for itself whether a
file has what it is about, so that all of them can be tried on any file.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from handout_builder.content.schema import SCHEMA, Shared
from handout_builder.content.yaml_reader import Location, YamlFile, read_yaml
from handout_builder.resources import SOURCE
from handout_builder.translation import yaml_edit

_BOLD, _OTHERS = "TODO: points in bold", "TODO: the other points"
_VERSION = "schema"


class Migration(NamedTuple):
    """One change of what may be written."""

    version: int
    """The version of the schema that it leads to."""
    told: str
    """What it does, for those whose file it is."""
    rewrite: Callable[[YamlFile], YamlFile]
    """Returns the file itself where there is nothing to do."""


def migrated(file: YamlFile) -> tuple[YamlFile, list[str]]:
    """Return a file as it is written today, and what was done to it; raises HandoutError where that makes no YAML."""
    if not isinstance(file.value, dict):
        return file, []
    version = file.value.get(_VERSION)
    told = []
    for migration in MIGRATIONS:
        if version is not None and not (isinstance(version, int) and version < migration.version):
            continue
        made = migration.rewrite(file)
        if made is not file:
            file = made
            told.append(migration.told)
    if told and (version or 1) < SCHEMA:
        file = _stamped(file)
    return file, told


def _stamped(file: YamlFile) -> YamlFile:
    """Return a file that tells today's version."""
    if _VERSION in file.value:
        return yaml_edit.with_keys(file, (), {_VERSION: str(SCHEMA)})
    return yaml_edit.with_line(file, next(iter(file.value)), f"{_VERSION}: {SCHEMA}")


def _overviews(file: YamlFile) -> YamlFile:
    """Make overviews of tables of points, which had some of them in bold, and neither title nor labels."""
    for at, block in _blocks(file):
        points = _codes(block, "points")
        if block.get("type") != "point-table" or not points:
            continue
        strong = [code for code in points if code in _codes(block, "strong")]
        parts = [("filled", _BOLD, strong), ("ring", _OTHERS, [code for code in points if code not in strong])]
        groups = [{"mark": mark, "label": label, "points": codes} for mark, label, codes in parts if codes]
        file = yaml_edit.with_value(file, (*at, "points"), groups)
        file = yaml_edit.with_key_named(file, (*at, "points"), "groups")
        title = yaml_edit.short("TODO: what these points are")
        file = yaml_edit.with_keys(file, at, {"strong": None, "type": "overview", "title": title})
    return file


def _distances(file: YamlFile) -> YamlFile:
    """Put the two forms in which a distance is told side by side."""
    distances, forms = _mapping(file, "distances"), _mapping(file, "short_distances")
    for key, words in distances.items():
        if isinstance(words, str):
            value = {"words": words, "short": forms.get(key, words)}
            file = yaml_edit.with_value(file, ("distances", key), value)
    return yaml_edit.with_keys(file, (), {"short_distances": None}) if forms else file


def _cautions(file: YamlFile) -> YamlFile:
    """Make keys of lines of care, which were texts."""
    for key, line in _mapping(file, "cautions").items():
        if isinstance(line, str):
            file = yaml_edit.with_value(file, ("cautions", key), {"line": line})
    return file


def _pages(file: YamlFile) -> YamlFile:
    """Tell where the number of a page stands: it stood behind the words."""
    at = ("labels", "see_page")
    text = _mapping(file, "labels").get("see_page")
    return yaml_edit.with_texts(file, {at: f"{text} {{page}}"}) if isinstance(text, str) and "{" not in text else file


def _never(file: YamlFile) -> YamlFile:
    """Name the line for points that are not for pressing otherwise: other programs read "no" as false."""
    press = _mapping(file, "press")
    return yaml_edit.with_key_named(file, ("press", "no"), "never") if "no" in press and "never" not in press else file


def _landmarks(file: YamlFile) -> YamlFile:
    """Keep words for landmarks as remarks: they stand in points/words/ now, and are no texts any more."""
    for key in ("landmarks", "shares"):
        if "labels" in file.value and key in file.value:
            file = yaml_edit.as_remark(file, key)
    return file


def _complete(file: YamlFile) -> YamlFile:
    """Copy what shared texts lack from those that the program has in the language."""
    own = SOURCE / "shared" / file.path.name
    if "labels" not in file.value or not own.is_file():
        return file
    ours = read_yaml(own)
    lacking: list[tuple[Location, Location]] = [
        ((), (name,)) for name in Shared.model_fields if name in ours.value and name not in file.value
    ]
    for key in ("labels", "press", "cautions", "red_flags", "safety", "sources"):
        known = _mapping(file, key)
        lacking += [((key,), (key, name)) for name in ours.value[key] if known and name not in known]
    return yaml_edit.with_parts(file, ours, lacking) if lacking else file


def _blocks(file: YamlFile) -> Iterator[tuple[Location, dict[str, Any]]]:
    sections = file.value.get("sections")
    for s, section in enumerate(sections if isinstance(sections, list) else ()):
        blocks = section.get("blocks") if isinstance(section, dict) else None
        for b, block in enumerate(blocks if isinstance(blocks, list) else ()):
            if isinstance(block, dict):
                yield ("sections", s, "blocks", b), block


def _mapping(file: YamlFile, key: str) -> dict[str, Any]:
    value = file.value.get(key)
    return value if isinstance(value, dict) else {}


def _codes(block: dict[str, Any], key: str) -> list[str]:
    value = block.get(key)
    return [code for code in value if isinstance(code, str)] if isinstance(value, list) else []


MIGRATIONS = (
    Migration(1, "a table of points is an overview now: write its title and labels", _overviews),
    Migration(1, "both forms of a distance stand together", _distances),
    Migration(1, "a line of care has keys now", _cautions),
    Migration(1, "the place of a page's number is told", _pages),
    Migration(1, "press: no is called never", _never),
    Migration(1, "words for landmarks are remarks now: points/words/ has them", _landmarks),
    Migration(1, "what is new in the shared texts was added", _complete),
)
"""In the order in which they are tried."""
