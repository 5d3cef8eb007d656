"""``index.json``: what a build made, for programs that choose a handout, such as record systems."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from handout_builder.builder.fingerprints import Target
from handout_builder.builder.record import Facts, Output
from handout_builder.content.schema.topics import SYSTEMS
from handout_builder.content.schema.values import Model

NAME = "index.json"
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".json": "application/json",
    ".html": "text/html",
}


class IndexedTopic(Model):
    """A code by which a handout is found."""

    system: Annotated[str, Field(description="The name of the code system in FHIR R4.")]
    code: str


class IndexedFile(Model):
    """A file of a handout."""

    path: Annotated[str, Field(description="Inside the folder of the index, with slashes.")]
    media_type: str
    edition: Annotated[str | None, Field(description="Which edition it is; null: a book, which has none.")]
    look: str
    standard: Annotated[
        Literal["ua-1", "ua-2"] | None,
        Field(description="What --pdf-standard asked for; null: no file to read on a screen."),
    ]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class IndexedHandout(Model):
    """A handout in one language, or in two, for a clinic or for none."""

    name: Annotated[str, Field(description="The folder of its source.")]
    languages: Annotated[
        list[str], Field(min_length=1, max_length=2, description="BCP 47; the one it is read in first.")
    ]
    brand: Annotated[str | None, Field(description="The folder of the clinic's brand.")]
    title: str
    description: str
    revised: Annotated[str, Field(description="The day of its last revision, YYYY-MM-DD.")]
    identifier: Annotated[str | None, Field(description="The URN of the book.")]
    subjects: list[str]
    topics: Annotated[
        list[IndexedTopic], Field(description="The author's codes; nobody but the author has checked them.")
    ]
    files: list[IndexedFile]


class Index(Model):
    """All that a build made or found as it should be."""

    version: Literal[1]
    handouts: list[IndexedHandout]


class Indexed(NamedTuple):
    """A file that is to be told of."""

    target: Target
    facts: Facts
    output: Output


def about(handout: Any, title: str) -> dict[str, Any]:
    """Return what an index tells of a handout, as plain values; ``title`` is in plain words."""
    topics = handout.topics.by_system if handout.topics else ()
    return {
        "title": title,
        "description": handout.description,
        "revised": handout.revised.isoformat(),
        "identifier": handout.identifier,
        "subjects": list(handout.subjects),
        "topics": [{"system": SYSTEMS[system], "code": code} for system, code in topics],
    }


def contents(files: Iterable[Indexed]) -> bytes:
    """Return an index as JSON: the same for the same files, whatever the order in which they were made."""
    handouts: dict[tuple[str, str, str], dict[str, Any]] = {}
    for target, facts, output in files:
        order = target.order
        brand = order.brand.resolve().name if order.brand else ""
        entry = handouts.setdefault(
            (order.folder.name, order.tag, brand),
            {
                "name": order.folder.name,
                "languages": order.tag.split("+"),
                "brand": brand or None,
                **facts.about,
                "files": [],
            },
        )
        entry["files"] += [_file(path, sha256, target) for path, sha256 in output.files.items()]
    told = [handouts[key] for key in sorted(handouts)]
    for entry in told:
        entry["files"].sort(key=lambda file: file["path"])
    return (json.dumps({"version": 1, "handouts": told}, ensure_ascii=False, indent=1) + "\n").encode()


def _file(path: str, sha256: str, target: Target) -> Mapping[str, Any]:
    edition, book = target.edition, target.kind == "epub"
    on_screen = not (book or edition.sheets or edition.colours == "cmyk")
    return {
        "path": Path(path).as_posix(),
        "media_type": MEDIA_TYPES[Path(path).suffix],
        "edition": None if book else edition.name,
        "look": edition.look.name,
        "standard": edition.standard if on_screen else None,
        "sha256": sha256,
    }
