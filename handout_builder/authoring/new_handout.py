"""What a new author starts from: a commented folder that builds at once, and the JSON Schemas for editors."""

import itertools
import json
import os
import re
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from handout_builder import clock, source_files
from handout_builder.atomic_files import write_missing, write_new
from handout_builder.brand.schema import BrandFile
from handout_builder.builder.index import Index
from handout_builder.content import schema
from handout_builder.content.catalogue_export import ExportedCatalogue
from handout_builder.content.schema.own_points import OwnPoints
from handout_builder.errors import HandoutError, Problem
from handout_builder.intake.headings import slug
from handout_builder.plain_language.word_lists import PlainWords, plain_words, regions_in
from handout_builder.resources import COMMANDS, DEVICES, LAYOUTS, RESERVED, TEMPLATES, beside
from handout_builder.text import language
from handout_builder.visit.schema import Visit

_KINDS: dict[str, type[schema.Model]] = {
    "handout": schema.Handout,
    "texts": schema.Shared,
    "editorial": schema.Editorial,
    "brand": BrandFile,
    "plain": PlainWords,
    "catalogue": ExportedCatalogue,
    "points": OwnPoints,
    "visit": Visit,
    "index": Index,
}
WORDS = ("all", "none", *DEVICES)
"""Words that stand for every brand, for none, and for what Windows takes for a device."""
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# What a template says of itself; the handout that begins as it is no translation.
_TRANSLATED = re.compile(r"^translation: .*\n", re.MULTILINE)


@cache  # takes longer than to write a handout
def json_schema(kind: str) -> str:
    """Return the JSON Schema of one kind of file, by its name in ``_KINDS``: handout, texts, brand and so on."""
    made = {"$id": f"urn:handout-builder:{kind}:{schema.SCHEMA}", "$comment": f"made by: make_handout.py schema {kind}"}
    made |= _KINDS[kind].model_json_schema()
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def refuse_name(root: Path, name: str, lang: str) -> str:
    """Return the tag of a language as it is used here.

    Raises HandoutError where a name is not valid, there is anything of this name, or the language has no shared texts.
    """
    folder = root / name
    if not NAME.fullmatch(name) or name in (*RESERVED, *COMMANDS, *WORDS):
        hint = "small letters, digits and hyphens, for example neck-pain; and no word that has a meaning here"
        raise HandoutError([Problem("name", f"'{name}' is no name for a handout", folder, hint=hint)])
    if os.path.lexists(folder):
        raise HandoutError([Problem("exists", "the folder is there already", folder, hint="choose another name")])
    if meant := language.meant(lang):
        raise HandoutError([Problem("language", f"'{lang}' is no language tag", folder, hint=f"write {meant}")])
    lang = language.canonical(lang)
    if not source_files.exists(beside(root, f"shared/{lang}.yaml")):
        hint = "translate shared/en.yaml first"
        raise HandoutError([Problem("language", f"there are no shared texts in '{lang}'", folder, hint=hint)])
    return lang


def free_name(folder: Path, title: str, otherwise: str) -> str:
    """Return a name for what is called by a title, which nothing in a folder has yet.

    ``otherwise`` stands for a title without Latin letters.
    """
    stem = slug(title) or otherwise
    names = (stem if number == 1 else f"{stem}-{number}" for number in itertools.count(1))
    return next(n for n in names if n not in (*RESERVED, *COMMANDS, *WORDS) and not os.path.lexists(folder / n))


def first_text(lang: str, template: str) -> str:
    """Return a template in a language; raises HandoutError where there is none."""
    path = LAYOUTS / "new" / lang / f"{template}.yaml"
    if not path.is_file():
        known = sorted(folder.name for folder in (LAYOUTS / "new").iterdir())
        hint = f"there are some in: {', '.join(known)}; copy the folder {LAYOUTS / 'new' / 'en'} and translate it"
        raise HandoutError([Problem("language", f"there is no template '{template}' in '{lang}'", path, hint=hint)])
    return path.read_text("utf-8")


def make_folder(root: Path, name: str, lang: str, template: str = TEMPLATES[0], title: str = "") -> list[Path]:
    """Make ``root/name/`` with the text of a template and the schema beside it; return the files.

    An empty ``title`` is made from the name. Raises HandoutError when the name is not valid, there is anything of this
    name, or the language has no shared texts. Nothing that exists is written over.
    """
    lang = refuse_name(root, name, lang)
    folder = root / name
    from uuid import uuid4  # noqa: PLC0415

    if not title.isprintable():
        hint = "type it anew: copies from other programs bring marks that are not seen"
        raise HandoutError([Problem("name", "the title has characters that cannot be printed", folder, hint=hint)])
    written = json.dumps(title, ensure_ascii=False) if title else name.replace("-", " ").capitalize()
    # Names of folders are Latin letters, and mostly English words.
    told = (regions_in(title or written, plain_words(root, tag)) for tag in dict.fromkeys((lang, "en")))
    parts = list(next(filter(None, told), ())) or ["whole-body"]
    about = parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"
    today = clock.today().isoformat()
    words = {
        "@NAME@": name,
        "@TITLE@": written,
        "@TODAY@": today,
        "@IDENTIFIER@": str(uuid4()),
        "@ABOUT@": about,
        "@REGIONS@": ", ".join(schema.REGIONS),
    }
    text = _TRANSLATED.sub("", first_text(lang, template))
    for mark, word in words.items():
        text = text.replace(mark, word)
    return write_with_schema(root, "handout", folder, {f"{lang}.yaml": text.encode()})


def write_with_schema(root: Path, kind: str, folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Make a new folder with files, and the JSON Schema of its kind where there is none; return all that was written.

    Raises HandoutError where one of them cannot be written: nothing is left then that would be in the way of the next
    try.
    """
    write_new(folder, files)
    try:
        return [*(folder / name for name in files), *write_schema(root, kind)]
    except BaseException:  # Ctrl-C, too
        shutil.rmtree(folder, ignore_errors=True)
        raise


def write_schema(root: Path, kind: str) -> list[Path]:
    """Write the JSON Schema of one kind of source file into a folder that has none; return its file, or nothing."""
    path = root / f"{kind}.schema.json"
    return [path] if write_missing(path, json_schema(kind).encode()) else []
