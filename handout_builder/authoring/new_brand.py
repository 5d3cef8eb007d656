"""What a clinic starts from: a commented brand, made from a logo alone, that builds at once."""

import json
import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from handout_builder import source_files
from handout_builder.authoring.new_handout import NAME, WORDS, write_with_schema
from handout_builder.brand import logo as logos
from handout_builder.brand.loader import load_brand
from handout_builder.builder import pool
from handout_builder.builder.limits import Limits
from handout_builder.colour import palette
from handout_builder.errors import READ_HINT, HandoutError, Problem, cannot_write
from handout_builder.images.pixels import ending
from handout_builder.resources import BRAND_FILE
from handout_builder.tokens import tokens

# As large as a page's letterhead shows it, and the ground of a logo that is not seen on paper.
_BOX = (38.0, 14.0)

_TEXT = """\
# yaml-language-server: $schema=../../brand.schema.json
# The brand of {name}. The format is brand.yml (https://posit-dev.github.io/brand-yml/); every key is explained in
# docs/branding.md. Delete the # before a key to use it, and nothing else: the blanks are right then.
# See what comes out:  make_handout.py --brand {folder}     See the colours:  make_handout.py brand check {folder}

meta:
  name:
    full: {name}
    #short: A shorter name for the foot of each page
  #link:
  #  home: https://www.example.com
  #  booking: https://www.example.com/book        # becomes a QR code
  #address: |
  #  1 Example Street
  #  Example Town
  #phone: 555-0100
  #email: hello@example.com
  #hours: |
  #  Monday to Friday 9 to 5
  #practitioner: {{name: A. Person, credentials: "Titles and registrations"}}
{logo}{color}
#typography:                                      # bring the files: nothing is fetched from the internet
#  fonts:
#    - {{family: My Typeface, source: file, files: [{{path: my-typeface-bold.ttf}}]}}
#  headings: My Typeface

defaults:
  handout:
    letterhead: auto                              # auto, line, band, wash, or off
    #space: 45mm                                  # paper with a head on it: where the text begins
    #paper: letter                                # every edition in US sizes
    #typography: smart                            # “curly” quotation marks from "straight" ones, and the like
    #wordmark: true                               # the logo is the name: do not print it twice
    texts:
      en:
        invitation: ""                            # one or two sentences above your phone number
        disclaimer: ""
"""
_LOGO = """
logo:
  images:
    main: {{path: {path}, alt: {alt}}}
    #white: {{path: white.svg, alt: {alt}}}  # for dark grounds
  medium: main                                    # or: {{light: main, dark: white}}
"""
_COLOR = """
color:                                            # {origin}
  palette:
    main: "{primary}"
{second}  primary: main
{use}"""

_TYPED = "type it anew: copies from other programs bring marks that are not seen"


def make_brand(root: Path, folder_name: str, name: str | None, logo: Path | None, colour: str | None) -> list[Path]:
    """Make ``root/brands/folder_name/`` with its file, the logo and the schema; return the files.

    The colours are taken from the logo where none is given. Raises HandoutError when the name is not valid, the
    folder exists, the logo cannot be used or the colour is none.
    """
    folder = root / "brands" / folder_name
    problems = []
    if not NAME.fullmatch(folder_name) or folder_name in WORDS:
        hint = "small letters, digits and hyphens, for example my-clinic; and no word that has a meaning here"
        problems.append(Problem("name", f"'{folder_name}' is no name for a brand", folder, hint=hint))
    elif os.path.lexists(folder):
        problems.append(Problem("exists", "the folder is there already", folder, hint="choose another name"))
    if colour and not palette.parse(colour):
        problems.append(Problem("brand-colour", f"'{colour}' is no colour", folder, hint='for example "#1b5466"'))
    full = name or folder_name.replace("-", " ").title()
    if not full.isprintable():
        message = "the clinic's name has characters that cannot be printed"
        problems.append(Problem("name", message, folder, hint=_TYPED))
    files: dict[str, bytes] = {}
    proposed: tuple[str, str | None] | None = None
    if logo:
        (read,) = pool.each(read_logo, [logo], Limits())
        if isinstance(read, HandoutError):
            problems += read.problems
        else:
            file_name, data, proposed = read
            files[file_name] = data
    if problems:
        raise HandoutError(problems)
    colours = (palette.parse(colour) or "", None) if colour else proposed
    text = _TEXT.format(
        name=_quoted(full),
        folder=folder_name,
        logo=_LOGO.format(path=next(iter(files)), alt=_quoted(full)) if logo else "",
        color=_color(colours, "as given" if colour else "proposed from the logo: change them as you like"),
    )
    files = {BRAND_FILE: text.encode(), **files}
    try:
        with TemporaryDirectory() as trial:
            for file_name, data in files.items():
                Path(trial, file_name).write_bytes(data)
            (checked,) = pool.each(_problems, [Path(trial)], Limits())
    except OSError as error:
        raise cannot_write(folder, error, "make room in the temporary folder, and give the command again") from error
    if isinstance(checked, HandoutError):
        raise HandoutError(replace(problem, path=folder, line=0) for problem in checked.problems)
    return write_with_schema(root, "brand", folder, files)


def _problems(folder: Path) -> None:
    """Raise HandoutError where a brand cannot be used."""
    load_brand(folder)


def read_logo(path: Path) -> tuple[str, bytes, tuple[str, str | None] | None]:
    """Return the name that a logo gets, its bytes, and the colours that it proposes; raises HandoutError."""
    try:
        logos.prepare(path, path.name, _BOX, tiles=(tokens()["band"], tokens()["ink"]))
        proposed = palette.propose(logos.look(path))
        data = source_files.read(path)
    except OSError as error:
        raise HandoutError([Problem("brand-logo", str(error.strerror), path, hint=READ_HINT)]) from error
    except logos.LogoError as error:
        raise HandoutError([Problem("brand-logo", error.message, path, hint=error.hint)]) from error
    return f"logo.{ending(data)}", data, proposed


def _color(colours: tuple[str, str | None] | None, origin: str) -> str:
    if colours is None:
        return ""
    primary, secondary = colours
    second, use = (f'    second: "{secondary}"\n', "  secondary: second\n") if secondary else ("", "")
    return _COLOR.format(origin=origin, primary=primary, second=second, use=use)


def _quoted(text: str) -> str:
    """Return a text as YAML writes it in quotes (JSON is YAML)."""
    return json.dumps(text, ensure_ascii=False)
