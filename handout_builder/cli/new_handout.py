"""What a new author starts from: a commented folder that builds at once, and the JSON Schemas for editors."""

import json
import os
import re
from pathlib import Path

from handout_builder import source_files
from handout_builder.atomic_files import write_missing, write_new
from handout_builder.brand.schema import BrandFile
from handout_builder.cli.parser import COMMANDS
from handout_builder.content import schema
from handout_builder.content.catalogue_export import ExportedCatalogue
from handout_builder.errors import HandoutError, Problem
from handout_builder.plain_language.word_lists import PlainWords, plain_words, regions_in
from handout_builder.resources import RESERVED, beside
from handout_builder.text import language

_KINDS: dict[str, type[schema.Model]] = {
    "handout": schema.Handout,
    "texts": schema.Shared,
    "editorial": schema.Editorial,
    "brand": BrandFile,
    "plain": PlainWords,
    "catalogue": ExportedCatalogue,
    "points": schema.OwnPoints,
}
WORDS = ("all", "none")
"""Words that stand for every brand, and for none."""
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_TEXT = """\
# yaml-language-server: $schema=../handout.schema.json
# A handout in English. Editors that know YAML complete the keys and show mistakes as you type.
# Build it:  make_handout.py {name}        Check it:  make_handout.py check {name}
title: {title}
kicker: Patient information
description: One sentence that tells what this handout is about.
author: The name of its author
revised: {today}
# The part of the body, or several: it chooses the warning signs. {regions}.
about: {about}
# emergency: 112      # whom to call; a clinic's brand may say another number
# What the book is known by on a shelf. Keep it when the text changes; another handout needs another one.
identifier: urn:uuid:{identifier}

# "In short": two or three lines. [text](#id) leads to the section with that id and prints its page.
summary:
  - "**Read [Before you press](#before-you-press) first.**"

sections:
  - id: about
    heading: What is it?
    blocks:
      - type: text
        text: >-
          Write here. **Bold** words are marked with two stars. Han characters carry their language:
          [合谷]{{lang=zh-Hans}}.

  # The safety blocks live in shared/en.yaml; "show: false" leaves one out. How to press may be your own: see "own:" in
  # docs/authoring.md.
  - id: before-you-press
    heading: Before you press
    starts_page: true
    blocks:
      - {{type: safety, include: see-a-doctor}}
      - {{type: safety, include: when-not-to-press}}
      - {{type: safety, include: how-to-press}}

  - id: the-points
    heading: The points
    starts_page: true
    wide: true
    blocks:
      # The place and the standard name come from the catalogue, by the WHO's code.
      - type: points
        points:
          - code: BL23
            name: {{text: 肾俞, lang: zh-Hans, reading: Shènshū}}
            use: Write what the point is traditionally used for.

sources: [who-2008]
"""


def json_schema(kind: str) -> str:
    """Return the JSON Schema of one kind of source file: handout, texts, editorial or brand."""
    made = {"$comment": f"made by: make_handout.py schema {kind}"} | _KINDS[kind].model_json_schema()
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def refuse_name(root: Path, name: str, lang: str) -> str:
    """Return the tag of a language as it is used here.

    Raises HandoutError where a name will not do, there is anything of this name, or the language has no shared texts.
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


def make_folder(root: Path, name: str, lang: str) -> list[Path]:
    """Make ``root/name/`` with a first text and the schema beside it; return the files.

    Raises HandoutError when the name will not do, there is anything of this name, or the language has no shared texts.
    Nothing that exists is written over.
    """
    lang = refuse_name(root, name, lang)
    folder = root / name
    from datetime import date  # noqa: PLC0415
    from uuid import uuid4  # noqa: PLC0415

    title = name.replace("-", " ").capitalize()
    parts = list(regions_in(title, plain_words(root, lang))) or ["whole-body"]
    about = parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"
    today = date.today().isoformat()  # noqa: DTZ011  # the author's day
    text = _TEXT.format(
        name=name, title=title, today=today, identifier=uuid4(), about=about, regions=", ".join(schema.REGIONS)
    )
    write_new(folder, {f"{lang}.yaml": text.encode()})
    return [folder / f"{lang}.yaml", *write_schema(root, "handout")]


def write_schema(root: Path, kind: str) -> list[Path]:
    """Write the JSON Schema of one kind of source file into a folder that has none; return its file, or nothing."""
    path = root / f"{kind}.schema.json"
    return [path] if write_missing(path, json_schema(kind).encode()) else []
