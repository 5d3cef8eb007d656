"""``import``: a handout's folder from what an author already has."""

import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from handout_builder import clock
from handout_builder.authoring.new_handout import first_text, refuse_name, write_with_schema
from handout_builder.builder import pool
from handout_builder.builder.limits import NO_LIMITS, Limits
from handout_builder.content import place_text, schema
from handout_builder.content.catalogue import catalogue
from handout_builder.content.point_names import PointNames
from handout_builder.content.shared_texts import texts_of
from handout_builder.errors import HandoutError, printable
from handout_builder.intake import byline, files
from handout_builder.intake.composition import Composition
from handout_builder.intake.headings import slug
from handout_builder.intake.outline import Heading, words
from handout_builder.intake.pictures import Pictures
from handout_builder.intake.point_sentences import PointSentences
from handout_builder.intake.prose import Book
from handout_builder.intake.sections import Lacking
from handout_builder.intake.yaml_text import dumped
from handout_builder.plain_language.word_lists import PlainWords, plain_words, regions_in
from handout_builder.resources import LAYOUTS
from handout_builder.text import language

# What a template leaves to its author, with the key that it stands at.
_TODO = re.compile(r'^ *([a-z]+): "TODO: ([^"\\]+)"$', re.MULTILINE)
_USUAL = ("index", "document", "untitled", "original", "page", "text")
"""Names of files that tell nothing."""


class _Made(NamedTuple):
    """A handout made from a document."""

    name: str
    files: dict[str, bytes]
    """By their paths in its folder."""


def import_file(root: Path, file: Path, name: str, lang: str, limits: Limits = NO_LIMITS) -> list[Path]:
    """Make ``root/NAME/`` from a document; return its files.

    An empty ``name`` is made from the file's name or the title, an empty ``lang`` is the document's own, or English.
    Where there are ``limits``, it is read in a process of its own, which is ended past them. Raises HandoutError;
    nothing that exists is written over.
    """
    if limits == NO_LIMITS:
        made = _made(root, name, lang, file)
    else:
        (found,) = pool.each(partial(_made, root, name, lang), [file], limits)
        if isinstance(found, HandoutError):
            # Past the limits the document is to blame, and not the table that was read last.
            blamed = (replace(told, path=file) if told.code in ("limit", "worker") else told for told in found.problems)
            raise HandoutError(blamed)
        made = found
    return write_with_schema(root, "handout", root / made.name, made.files)


def _made(root: Path, name: str, lang: str, file: Path) -> _Made:
    """Return the files of a handout, of which none is written; raises HandoutError."""
    data, outline = files.read(file)
    outline = byline.read(outline)
    told = outline.facts.get("lang", ("", 0))[0]
    if not lang:
        lang = language.canonical(told) if told and not language.meant(told) else "en"
        lang = "en" if lang.startswith("en-") else lang
    titles = [words(block.runs) for block in outline.blocks if isinstance(block, Heading)]
    title = outline.facts.get("title", ("", 0))[0] or (titles[0] if titles else "")
    stem = slug(file.stem)
    name = name or (stem if stem and stem not in _USUAL else slug(title)) or "imported"
    lang = refuse_name(root, name, lang)
    shared = texts_of(root, lang)
    points = catalogue(root, lang)
    pictures = Pictures(file.parent, outline.pictures)
    for_cards = {code: point for code, point in points.items() if _may_stand_on_card(point, shared)}
    plain = plain_words(root, lang)
    exercises = plain.exercises if plain else ()
    composition = Composition(
        outline,
        lang,
        PointNames(points, lang),
        for_cards,
        pictures,
        point_sentences(plain),
        exercises,
        plain.advice if plain else {},
        _lacking(lang),
    )
    about = list(regions_in(f"{title} {name.replace('-', ' ')}", plain))
    advice = "Before you press" if lang == "en" else shared.safety["when-not-to-press"].heading
    today = clock.today()
    values = composition.handout(name.replace("-", " ").capitalize(), about, advice, today, f"urn:uuid:{uuid4()}")
    kept = f"original{file.suffix.lower()}"
    head = [
        "# yaml-language-server: $schema=../handout.schema.json",
        f"# Imported from {printable(file.name)}, which stands beside this file as {kept}.",
        "# Remarks that begin with a number tell what was not understood, and where it stands there. Each value that",
        f"# begins with TODO is still to be written: make_handout.py check {name}",
    ]
    if composition.book.changes:
        head.append(
            "# Is it your own text? Then delete editorial/, or pages tell your words from those that were added."
        )
    made = {f"{lang}.yaml": ("\n".join(head) + "\n" + dumped(values)).encode()}
    made |= {kept: data} | pictures.files
    if editorial := _editorial(composition.book):
        made[f"editorial/{lang}.yaml"] = editorial.encode()
    return _Made(name, made)


def _lacking(lang: str) -> Lacking:
    """Return what stands where an author still has to write, as the templates of a language say it."""
    if lang == "en" or not (LAYOUTS / "new" / lang / "blank.yaml").is_file():
        return Lacking()
    said = dict(_TODO.findall(first_text(lang, "blank")))
    keys = {"description": "description", "author": "author", "heading": "heading", "first_heading": "heading"}
    return Lacking(**{key: said[name] for key, name in (keys | {"text": "text"}).items() if name in said})


def _may_stand_on_card(point: schema.Point, shared: schema.Shared) -> bool:
    """Tell whether patients may press a point, and its place can be told in the language."""
    return point.press != "no" and point.place is not None and place_text.can_tell(point, shared)


def point_sentences(plain: PlainWords | None) -> PointSentences:
    """Return how sentences about points tell what they say, in the language of a word list; None for one without."""
    if plain is None or (told := plain.point_sentences) is None:
        return PointSentences()
    return PointSentences(**dict(told), abbreviations=plain.abbreviations)


def _editorial(book: Book) -> str:
    if not book.changes and not book.doubts:
        return ""
    changes: list[dict[str, Any]] = [
        {"original": original, "printed": printed, "reason": reason}
        for (original, printed), reason in book.changes.items()
    ]
    doubts = [
        {"quote": quote, "doubt": doubt, "source": "the catalogue of points"} for quote, doubt in book.doubts.items()
    ]
    head = "# yaml-language-server: $schema=../../editorial.schema.json\n"
    head += "# What the import changed in the author's words, and what it was not sure of.\n"
    return head + dumped({"changes": changes, "doubts": doubts})
