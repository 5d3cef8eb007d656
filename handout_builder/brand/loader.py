"""A clinic's brand, loaded and checked: colours, logo and typefaces ready for use, and what was changed in them."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from handout_builder import source_files
from handout_builder.brand import logo, style_sheets
from handout_builder.brand.logo import Logo, LogoError
from handout_builder.brand.qr_code import in_ascii
from handout_builder.brand.schema import BrandFile, Colours, Font, LogoFile, Meta, Practitioner, Setting
from handout_builder.colour import palette
from handout_builder.colour.inks import Condition, not_for_a_press
from handout_builder.colour.palette import Check, Palette
from handout_builder.content import glyphs
from handout_builder.content.validation import validate
from handout_builder.content.yaml_reader import Location, YamlFile, read_text, read_yaml
from handout_builder.editions import Paper
from handout_builder.errors import READ_HINT, HandoutError, Problem, Severity, nearest
from handout_builder.resources import BRAND_FILE, FONTS, brand_file
from handout_builder.text import language, markdown
from handout_builder.tokens import Theme, tokens
from handout_builder.typefaces import clinic_font, coverage, stem
from handout_builder.typefaces.clinic_font import FontFile, TypefaceError

Letterhead = Literal["line", "band", "wash", "off"]
"""How the first page begins: on paper above a line, on the brand's colour, on a pale shade of it, or without."""
SHEETS = ("print.css", "book.css")
"""A brand's own style sheets, in its layouts."""
# The share of the words of a language in which a typeface may lack a letter.
_FEW_WORDS = 0.02
_NUMBERS = re.compile(r"\d[\d.]*")
# Width and height in mm of a logo that is the name: as long as a line of one.
_ALONE = (81.0, 13.0)
_BOLD, _REGULAR = 700, 400
# In em: a fifth more than the stems of the text, 0.088. Regular faces have up to 0.1, bold ones from 0.108 on.
_STEM = 0.106
# The largest ICC profiles of presses have some 8 MB.
_MOST_PROFILE = 30_000_000
# The typeface of ours that others name, too.
_OURS = "noto sans"
# Where the words are that are printed; other keys belong to other programs.
_PRINTED = {("defaults", "handout"), *(("meta", key) for key in (*Meta.model_fields, "links"))}
# What of these is no words of a language: addresses and numbers, files, what a print shop calls its paper.
_NO_WORDS = {("meta", key) for key in ("link", "links", "email", "phone")} | {
    ("defaults", "handout", key) for key in ("press", "emergency")
}
_COLOUR = 'a colour such as "#1b5466", or a name in the palette; quote it, as # begins a comment'
# Markdown says its languages itself.
_MARKDOWN = ("invitation", "disclaimer")
# Keys of others are not misspelt keys of ours: "description" is no "practitioner".
_ALIKE = 0.8


@dataclass(frozen=True)
class Face:
    """A typeface of the brand in one weight, for headings or for the text."""

    use: Literal["heading", "text"]
    weight: int
    font: FontFile

    @property
    def family(self) -> str:
        """The name that style sheets call it by."""
        return f"Brand {self.use.title()}"


@dataclass(frozen=True)
class Brand:
    """A brand that can be used: everything in it has been checked."""

    name: str
    # Templates may print a brand: where it lies on this machine, and the bytes of its files, are nobody's business.
    folder: Path = field(repr=False)
    """Where its file lies: paths in it begin there."""
    path: Path = field(repr=False)
    """Its file."""
    file: BrandFile = field(repr=False)
    letterhead: Letterhead
    colours: tuple[tuple[str, str], ...]
    """Tokens of layouts/tokens.css that the brand sets."""
    checks: tuple[Check, ...]
    logo: Logo | None
    """For the letterhead, on its ground."""
    chip: bool
    """The logo needs a white ground of its own."""
    book_logo: Logo | None
    """For paper: the book's title page and cover."""
    faces: tuple[Face, ...] = field(repr=False)
    notes: tuple[Problem, ...] = field(repr=False)
    press: Condition | None = field(repr=False)
    """How its print shop prints."""

    @property
    def publisher(self) -> str:
        """The clinic's name, for the files' metadata."""
        return self.file.meta.name.full or self.file.meta.name.short

    @property
    def layouts(self) -> Path | None:
        """The folder of the brand's own templates and style sheets, where there is one."""
        folder = self.folder / "layouts"
        return folder if folder.is_dir() and not source_files.leads_out(folder, self.folder) else None

    def on(self, paper: Paper) -> "Brand":
        """Return the brand on another paper than the clinic's own."""
        return replace(self, file=self.file.on_paper(paper))

    def without_mixed_words(self, words: Collection[str]) -> "Brand":
        """Return the brand without the typefaces that lack letters of a language, of which these are words.

        A word would have some letters of theirs and some of ours. A typeface may lack those of a few words; those of
        a clinic whose own words are in a script that ours lack stay.
        """
        if any(coverage.missing("".join(text for _, text in _strings(self.file.model_dump(), ())))):
            return self
        letters = {letter for letter in set("".join(words)) if letter.isalpha() and not language.cjk_runs(letter)}
        notes: dict[str, Problem] = {}
        for face in self.faces:
            lacking = {letter for letter in letters if ord(letter) not in face.font.characters}
            if sum(not lacking.isdisjoint(word) for word in words) > _FEW_WORDS * len(words):
                told = (
                    f"{face.font.path.name} lacks {' '.join(sorted(lacking))}: this language is set in our own typeface"
                )
                notes[face.use] = _note("brand-font", told, self.path, 0)
        if not notes:
            return self
        return replace(
            self,
            colours=tuple((token, value) for token, value in self.colours if token not in notes),
            faces=tuple(face for face in self.faces if face.use not in notes),
            notes=(*self.notes, *notes.values()),
        )

    def lacking(self, characters: Iterable[str]) -> Iterator[Problem]:
        """Yield a note for each typeface of the brand that lacks some of these characters: they are set in ours."""
        wanted = {character for character in characters if character.isprintable() and not language.cjk_runs(character)}
        for use in dict.fromkeys(face.use for face in self.faces):
            fonts = [face.font for face in self.faces if face.use == use]
            lacking = sorted(c for c in wanted if any(ord(c) not in font.characters for font in fonts))
            if lacking:
                message = f"{fonts[0].path.name} lacks {' '.join(lacking)}; they are set in our own typeface"
                yield _note("brand-font", message, self.path, 0)


def load_brand(folder: Path) -> Brand:
    """Load the brand in a folder; raises HandoutError with every problem of its file, logo and fonts."""
    path = brand_file(folder) or folder / BRAND_FILE
    if path.is_file() and source_files.leads_out(path, folder):
        hint = "put the file itself there"
        raise HandoutError([Problem("unreadable", "this is a link that leads out of its folder", path, hint=hint)])
    file = read_yaml(path, aliases=True)
    return _Loader(folder, file, validate(file, BrandFile, {})).load()


def _note(
    code: str, message: str, path: Path, line: int, severity: Severity = Severity.NOTE, hint: str = ""
) -> Problem:
    return Problem(code, message, path, line, hint, severity)


class _Loader:
    """Collects the problems of a brand while its parts are made ready."""

    def __init__(self, folder: Path, file: YamlFile, brand: BrandFile) -> None:
        self.name, self.folder, self.file, self.brand = folder.resolve().name, file.path.parent, file, brand
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.told: set[tuple[Path, str]] = set()

    def load(self) -> Brand:
        derived = self.colours()
        wishes = self.brand.defaults.handout
        automatic = derived.letterhead if derived else "line"
        letterhead: Letterhead = automatic if wishes.letterhead == "auto" else wishes.letterhead
        own = (dict(derived.tokens) if derived else {}) | self.headings_colour()
        if wishes.space and wishes.letterhead in ("auto", "off"):
            letterhead = "off"
            own["letterhead-space"] = wishes.space
        elif wishes.space:
            message = f"'space' is for paper with a head: it is not used, as the letterhead '{letterhead}' is printed"
            hint = "take 'letterhead' out, or 'space'"
            self.note("brand-letterhead", message, ("defaults", "handout", "space"), hint, Severity.WARNING)
        if letterhead == "band" and derived is None:
            own |= {"band": tokens()["accent"], "on-band": tokens()["paper"]}
        if letterhead == "wash" and derived is None:
            own |= {"accent-wash": tokens()["accent-wash"]}  # what the logo is made for, in any look
        faces = self.faces()
        pair = self.brand.logos()
        light, dark = pair.light or pair.dark, pair.dark
        paper, tiles = tokens()["paper"], (own.get("band", tokens()["band"]), tokens()["ink"])
        # A logo that is seen on no paper is one for dark grounds, whatever it is called.
        dark = dark or (light if self.is_pale(light) else None)
        chip = letterhead == "band" and dark is None
        grounds = {"band": own.get("band", ""), "wash": own.get("accent-wash", tokens()["accent-wash"])}
        ground = paper if chip else grounds.get(letterhead, paper)
        measure = Theme().measure
        box = _ALONE if wishes.wordmark else (measure("side"), measure("logo-height"))
        # A logo for light grounds stands on a band on a white chip, this much larger on each side.
        edge = 2 * measure("chip") if chip else 0
        smaller = (box[0] - edge, box[1] - edge)
        printed = self.logo(dark if letterhead == "band" and dark else light, smaller, ground, (paper, *tiles))
        book = self.logo(light, box, paper, tiles)
        self.texts(faces)
        self.layouts()
        self.addresses()
        press = self.press()
        if self.problems:
            raise HandoutError(dict.fromkeys(self.problems))
        if printed is None and wishes.wordmark:
            at = ("defaults", "handout", "wordmark")
            self.note("brand-logo", "'wordmark' is set, but there is no logo", at, "name a logo, or take it out")
        own |= {face.use: f'"{face.family}"' for face in faces}
        notes = tuple(dict.fromkeys(self.notes))
        checks = derived.checks if derived else ()
        parts = (tuple(own.items()), checks, printed, chip and printed is not None, book, faces, notes, press)
        return Brand(self.name, self.folder, self.file.path, self.brand, letterhead, *parts)

    def refuse(self, code: str, message: str, at: Location, hint: str = "", excerpt: str = "") -> None:
        self.problems.append(Problem(code, message, self.file.path, self.file.line(at, excerpt), hint))

    def note(
        self,
        code: str,
        message: str,
        at: Location,
        hint: str = "",
        severity: Severity = Severity.NOTE,
        excerpt: str = "",
    ) -> None:
        self.notes.append(_note(code, message, self.file.path, self.file.line(at, excerpt), severity, hint))

    def colours(self) -> Palette | None:
        """Derive the tokens from the two colours; None where the brand has no main colour."""
        found: dict[str, str] = {}
        for role in ("primary", "secondary"):
            given = self.brand.colour(role)
            if not given:
                continue
            name = str(getattr(self.brand.color, role))
            at: Location = ("color", "palette", name) if name in self.brand.color.palette else ("color", role)
            colour = self.read_colour(given, at)
            if colour:
                found[role] = colour
            else:
                self.refuse("brand-colour", f"'{given}' is no colour", at, _COLOUR)
        if "primary" not in found:
            return None
        derived = palette.derive(found["primary"], found.get("secondary"))
        for remark in derived.remarks:
            self.note("brand-colour", remark, ("color", "primary"))
        return derived

    def read_colour(self, given: str, at: Location) -> str | None:
        """Return a colour as ``#rrggbb``, one that is seen through as it looks on white; None for what is no colour."""
        seen = palette.on_white(given)
        if seen:
            self.note("brand-colour", f"{given} is seen through: it is used as it looks on white, {seen}", at)
        return seen or palette.parse(given)

    def headings_colour(self) -> dict[str, str]:
        """Return the tokens for the colour that the brand wants for its headings."""
        at: Location = ("typography", "headings", "color")
        given = self.brand.resolved(self.brand.typography.headings.color)
        if not given:
            return {}
        colour = self.read_colour(given, at)
        if colour is None:
            message = f"'{given}' is no colour: headings keep theirs"
            self.note("brand-colour", message, at, _COLOUR, Severity.WARNING)
            return {}
        found, remark = palette.heading(colour)
        if remark:
            self.note("brand-colour", remark, at)
        return {"accent-head": found, "title": found}

    def is_pale(self, given: LogoFile | None) -> bool:
        """Tell whether a logo cannot be seen on paper; what is wrong with its file is told elsewhere."""
        path = self.found(given.path) if given else None
        if path is None or source_files.leads_out(path, self.folder) or not source_files.is_file(path):
            return False
        try:
            return not logo.is_seen(path, tokens()["paper"])
        except LogoError:
            return False

    def logo(
        self, given: LogoFile | None, box: tuple[float, float], ground: str, tiles: tuple[str, ...]
    ) -> Logo | None:
        """Make a logo ready for a box in mm on a ground, or on one of the colours ``tiles`` where it is not seen."""
        if given is None:
            return None
        if _elsewhere(given.path):
            hint = "save the file in the brand's folder"
            message = f"the logo is not used: nothing is fetched from the internet: {given.path}"
            self.note("brand-logo", message, ("logo",), hint, Severity.WARNING, given.path)
            return None
        path = self.inside(given.path, "brand-logo", ("logo",))
        if path is None:
            return None
        alt = given.alt or self.brand.meta.name.full or self.brand.meta.name.short
        if not alt:
            alt = self.default_name()
            message = f"the logo has no words for those who cannot see it: '{alt}' is read, as the folder is called"
            hint = "give 'alt' beside its path, or the clinic's name under 'meta'"
            self.note("brand-logo", message, ("logo",), hint, Severity.WARNING, given.path)
        try:
            prepared, remarks = logo.prepare(path, alt, box, ground, tiles)
        except LogoError as error:
            if self.is_news(path, error.message):
                self.refuse("brand-logo", error.message, ("logo",), error.hint, excerpt=given.path)
            return None
        for remark in remarks:
            if self.is_news(path, remark):
                self.note("brand-logo", remark, ("logo",))
        return prepared

    def is_news(self, path: Path, message: str) -> bool:
        """Tell whether this was not told of a file yet: the book has the same logo in another size."""
        before = len(self.told)
        self.told.add((path, _NUMBERS.sub("", message)))
        return len(self.told) > before

    def default_name(self) -> str:
        """Return the folder's name as words, where any reader can say them."""
        name = self.name.replace("-", " ").replace("_", " ").strip().title()
        return name if name and name.isascii() and name.isprintable() else "Logo"

    def press(self) -> Condition | None:
        """Return the printing condition of the clinic's print shop."""
        given, at = self.brand.defaults.handout.press, ("defaults", "handout", "press")
        path = self.inside(given.profile, "brand-profile", (*at, "profile")) if given else None
        if given is None or path is None:
            return None
        hint = "ask the print shop for its ICC profile, for example PSOcoated_v3.icc"
        try:
            data = source_files.read(path, _MOST_PROFILE)
        except OSError as error:
            if not isinstance(error, source_files.TooLargeError):
                hint = READ_HINT
            self.refuse("brand-profile", f"{given.profile}: {error.strerror}", (*at, "profile"), hint)
            return None
        if reason := not_for_a_press(data):
            self.refuse("brand-profile", f"{given.profile}: {reason}", (*at, "profile"), hint)
        return Condition(given.condition, data, given.ink_limit / 100)

    def found(self, name: str) -> Path:
        """Return the file of a name in the brand's folder, in which a name with a slash before it begins, too."""
        below = source_files.found(self.folder, name.lstrip("/"))
        return below if source_files.is_file(below) else source_files.found(self.folder, name)

    def inside(self, name: str, code: str, at: Location) -> Path | None:
        """Return a file of the brand's folder; nothing is fetched, and nothing outside is read."""
        path = self.found(name)
        if _elsewhere(name):
            message, hint = f"nothing is fetched from the internet: {name}", "save the file in the brand's folder"
        elif source_files.leads_out(path, self.folder):
            message, hint = f"'{name}' lies outside the brand's folder", "copy the file into the folder"
        elif not source_files.is_file(path):
            message, hint = f"there is no file '{name}' in the brand's folder", "copy it there, or take the key out"
            if os.path.exists(path):  # noqa: PTH110  # which is no for a name that is too long
                message, hint = f"'{name}' in the brand's folder is no file", "put a file there in its place"
            elif near := nearest(name, (p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*.*"))):
                hint = f"did you mean '{near[0]}'?"
        else:
            return path
        self.refuse(code, message, at, hint, excerpt=name)
        return None

    def faces(self) -> tuple[Face, ...]:
        """Return the typefaces for headings and text; where one cannot be used, ours stays, and a note says why."""
        typography = self.brand.typography
        headings = self.fonts(typography.headings, "headings")
        text = self.fonts(typography.base, "base")
        faces = []
        if headings:
            wanted = typography.headings.weight
            weight = wanted if isinstance(wanted, int) else _BOLD
            heavy = [font for font in headings if (stem.width(font, _BOLD) or _STEM) >= _STEM]
            if heavy:
                faces.append(Face("heading", _BOLD, min(heavy, key=lambda font: _distance(font, weight))))
            else:
                thin = max(stem.width(font, _BOLD) or 0 for font in headings)
                why = f"its strokes are {thin:.3f} em thick: headings would be paler than the text"
                self.unused("headings", why, f"bring a bold file of it, from {_STEM} em on")
        regular, bold = (
            next((f for f in text if f.weights[0] <= weight <= f.weights[1]), None) for weight in (_REGULAR, _BOLD)
        )
        if text and not (regular and bold):
            self.unused("base", "the text needs a regular (400) and a bold (700) file")
        elif regular and bold:
            if reason := clinic_font.suits_body(regular, FONTS / "NotoSans-Regular.ttf"):
                self.unused("base", reason)
            else:
                faces += [Face("text", _REGULAR, regular), Face("text", _BOLD, bold)]
                self.tell_mixed(regular, bold)
        return tuple(faces)

    def tell_mixed(self, regular: FontFile, bold: FontFile) -> None:
        """Note that words in bold would stand in another typeface than those around them."""
        names = [font.family.casefold() for font in (regular, bold)]
        if not (names[0].startswith(names[1]) or names[1].startswith(names[0])):
            files = f"{regular.path.name} is of '{regular.family}', {bold.path.name} of '{bold.family}'"
            hint = "bring both files of one typeface"
            self.note("brand-font", f"words in bold are set in another typeface: {files}", ("typography", "base"), hint)

    def tell_twins(self, upright: Sequence[FontFile]) -> None:
        """Note which file is used where two have the same weight."""
        for number, font in enumerate(upright):
            if first := next((other for other in upright[:number] if other.weights == font.weights), None):
                message = f"{font.path.name} is not used: {first.path.name} has the same weight ({font.weights[0]})"
                if self.is_news(font.path, message):
                    self.note("brand-font", message, ("typography", "fonts"), "list one file for each weight")

    def unused(self, use: str, reason: str, hint: str = "", severity: Severity = Severity.NOTE) -> None:
        message = f"the typeface for '{use}' is not used: {reason}"
        self.note("brand-font", message, ("typography", use), hint, severity)

    def fonts(self, setting: Setting, use: str) -> list[FontFile]:
        """Return the upright fonts of a family."""
        if not setting.family:
            return []
        font = next((f for f in self.brand.typography.fonts if f.family == setting.family), Font(family=setting.family))
        if font.comes_from and setting.family.casefold() == _OURS:
            return []
        if font.comes_from:
            hint = "save its TTF, OTF or WOFF files in the brand's folder and list them: source: file, files: […]"
            reason = f"'{setting.family}' would come from elsewhere ({font.comes_from})"
            self.unused(use, reason, hint, Severity.WARNING)
            return []
        read = []
        for part in font.files:
            if path := self.inside(part.path, "brand-font", ("typography", "fonts")):
                try:
                    read.append(clinic_font.read(path))
                except TypefaceError as error:
                    at = ("typography", "fonts")
                    self.refuse("brand-font", f"{part.path}: {error.message}", at, error.hint, excerpt=part.path)
        upright = [font for font in read if not font.italic]
        if read and not upright:
            self.unused(use, "there is only an italic of it", "bring an upright file of it")
        self.tell_twins(upright)
        odd = next((why for font in upright if (why := clinic_font.unreadable(font))), "")
        if odd:
            self.unused(use, odd, "bring another typeface", Severity.WARNING)
        return [] if odd else upright

    def layouts(self) -> None:
        """Find templates and style sheets that lie elsewhere, and what is wrong with the latter."""
        folder = self.folder / "layouts"
        for path in (folder, *(folder / name for name in SHEETS)):
            if path.exists() and source_files.leads_out(path, self.folder):
                message = f"'{path.relative_to(self.folder)}' lies outside the brand's folder"
                self.refuse("template", message, (), "copy it into the folder")
            elif path.exists() and path != folder:
                try:
                    self.problems += style_sheets.findings(path, read_text(path), book=path.name == "book.css")
                except HandoutError as error:
                    self.problems += error.problems

    def addresses(self) -> None:
        """Find web addresses that no QR code can hold."""
        for key, link in (("home", self.brand.meta.link.home), ("booking", self.brand.meta.link.booking)):
            try:
                in_ascii(link or "")
            except ValueError:
                hint = "copy it from the address bar of a browser"
                self.refuse("brand-link", f"'{link}' is no web address", ("meta", "link", key), hint)

    def printed(self) -> Iterator[tuple[Location, str]]:
        """Yield all that the file has of the clinic's to print, each with its place."""
        for at, text in _strings(self.file.value, ()):
            ours = len(at) > 1 and (at[0], at[1]) in _PRINTED
            if ours and not (at[1] in ("link", "links") and at[2:] not in ((), ("home",), ("booking",))):
                yield at, text

    def texts(self, faces: tuple[Face, ...]) -> None:
        """Find what is wrong with the clinic's words: characters that no font has, Han without a language."""
        wishes = self.brand.defaults.handout
        drawn = {point for face in faces for point in face.font.characters}
        printed = list(self.printed())
        for at, text in printed:
            for character, message, hint in glyphs.lacking(text, drawn, clinic=True):
                self.refuse("missing-glyph", message, at, hint, character)
        for lang, words in wishes.texts.items():
            own: Location = ("defaults", "handout", "texts", lang)
            for key in _MARKDOWN:
                text = getattr(words, key)
                found = (*markdown.findings(text, lang, wishes.lang or ""), *markdown.to_sections(text)) if text else ()
                for finding in found:
                    self.refuse(finding.code, finding.message, (*own, key), finding.hint, finding.excerpt)
        pair = self.brand.logos()
        alts = [logo.alt for logo in (pair.light, pair.dark) if logo]
        told = (text for at, text in printed if not {at[:2], at[:3]} & _NO_WORDS and at[-1] not in _MARKDOWN)
        if not wishes.lang and (run := next((r for text in (*alts, *told) for r in language.cjk_runs(text)), "")):
            hint = "say which under defaults: handout: lang: ja (or zh-Hans, zh-Hant, ko): the shapes differ"
            self.refuse("untagged-language", f"'{run}' has no language", ("meta",), hint, run)
        self.unused_keys()

    def unused_keys(self) -> None:
        """Tell keys that are not used: those like ones that are, and any of a person, of whom brand.yml knows none."""
        for top, keys in (("meta", {*Meta.model_fields, "links"}), ("color", {*Colours.model_fields})):
            given = self.file.value.get(top)
            for key in given if isinstance(given, dict) else ():
                if key not in keys and (near := nearest(str(key), keys, alike=_ALIKE)):
                    message = f"the key '{key}' is not used"
                    self.note("brand-key", message, (top, key), f"did you mean '{near[0]}'?", Severity.WARNING)
        meta = self.file.value.get("meta")
        people = meta.get("practitioner") if isinstance(meta, dict) else None
        for person in people if isinstance(people, list) else [people]:
            for key in (person.keys() if isinstance(person, dict) else set()) - Practitioner.model_fields.keys():
                message, hint = f"the key '{key}' is not used", f"known keys: {', '.join(Practitioner.model_fields)}"
                self.note("brand-key", message, ("meta", "practitioner"), hint, Severity.WARNING, str(key))


def _elsewhere(name: str) -> bool:
    """Tell whether a file would come from the internet."""
    return "://" in name or name.startswith("data:")


def _distance(font: FontFile, weight: int) -> int:
    return max(font.weights[0] - weight, weight - font.weights[1], 0)


def _strings(value: Any, at: Location) -> Iterator[tuple[Location, str]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, str):
        yield at, value
    for key, item in items:
        yield from _strings(item, (*at, key))
