"""Words of one person as glyphs: cut where a line may end, shaped once, remembered; and set in lines.

What is remembered of a word depends on the word, its language and the typefaces alone, so that a copy is the same made
by itself and after ten thousand others. What cannot be set in this simple way, as letters from right to left, raises
``NotSimpleError``: such a copy is laid out by the engine.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import uharfbuzz as hb

from handout_builder.copies.subset_font import Face

Breaks = Callable[[str, str], set[int]]
"""Gives the places in a text, by its language, before which a new line may begin."""
Parts = tuple[tuple[int, bytes], ...]
"""By the number of the face, what stands between ``<`` and ``>`` in the page's content, kerning and all."""

# So many words are remembered: a note has sixty, a language some thousands in daily use; they take 20 MB.
_MOST_WORDS = 20_000
# Lines end at blanks alone here (UAX 14: AL and NU, before them OP, behind them PO, CP, then IS or EX; in them QU, and
# IS between digits): asking for the places takes longer than all the rest.
_LETTER = "A-Za-z0-9\u00c0-\u02af\u0386-\u0481\u048a-\u052f\u1e00-\u1eff"
_SIMPLE = re.compile(rf"(?:\(?(?:[{_LETTER}]|['’](?=[{_LETTER}])|(?<=[0-9])[.,:](?=[0-9]))+[%)]?[.,;:!?]?(?: |\Z))*")
# Distances below a hundredth of a thousandth of an em come from rounding.
_SMALLEST = 0.01
# What is set letter by letter, as no letter of it changes the next.
_WIDE = (
    "\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
# Marks that lose white beside each other (fonts/build_fonts.py, squeeze): those as wide as a square, those that may be.
_WIDE_MARKS = "\u3000-\u3002\u3008-\u3011\u3014-\u3019\u301d-\u301f\u30fb！（），．：；？［］｛｝"
_MARKS = r"()\[\]｢｣‘’“”"
_ROW = f"[{_MARKS}]*[{_WIDE_MARKS}][{_MARKS}{_WIDE_MARKS}]*"
_WORD = re.compile(f"{_ROW}|[{_WIDE}]|(?:(?!{_ROW})[^ {_WIDE}])+")
_OPENING, _CLOSING = "〈《「『【〔〖〘〝（［｛‘“([｢", "〉》」』】〕〗〙〟）］｝’”)]｣"
_ENDING_ROW = re.compile(f"[{_MARKS}{_WIDE_MARKS}][{re.escape(_CLOSING)}]")
_LATIN = re.compile("[\u0020-\u024f\u1e00-\u1eff\u2010-\u2027]*")
# Letters that a font would take apart are left whole where no mark stands by itself: readers find them as they are.
_WHOLE = {"ccmp": False}


class NotSimpleError(Exception):
    """The words are left to the engine; says why, without them."""


class DoesNotFitError(NotSimpleError):
    """The words need more room than there is."""


class Segment(NamedTuple):
    """What stands between two places where a line may end."""

    parts: Parts
    width: float
    """In thousandths of an em."""
    blank: tuple[Parts, float] | None
    """The blank behind it, with its width."""
    white: float = 0.0
    """What it is wider by where a line ends with it, and its last mark with no other."""


class Word(NamedTuple):
    """What stands between two blanks, or one wide letter."""

    pieces: tuple[tuple[Parts, float, float], ...]
    """What stands between two places where a line may end, with its width, and its white: see ``Segment``."""
    blank: tuple[Parts, float]
    """A blank behind it."""
    glyphs: frozenset[int]
    """All of them: see ``glyph_key``."""
    first: Segment
    """The first piece with the blank: most words have one."""


class Style(NamedTuple):
    """How words are set."""

    lang: str
    families: tuple[int, ...]
    """The faces to take letters from, in this order."""
    size: float
    """Of the letters, in the unit of the page's content."""


def glyph_key(face: int, glyph: int, code: int = 0) -> int:
    """Return a number for a glyph of a face; ``code`` is what it is read as, where its face does not tell."""
    return code << 32 | face << 16 | glyph


class Shaper:
    """Shapes the words of fields in typefaces, given by their numbers."""

    def __init__(self, faces: Sequence[Face], breaks: Breaks) -> None:
        self.faces, self._breaks = faces, breaks
        self._known: dict[Style, dict[object, Word]] = {}

    def segments(self, text: str, style: "Style") -> tuple[list[Segment], list[frozenset[int]]]:
        """Return a text as what no line ends in, and the glyphs of its words; raises NotSimpleError."""
        if sum(map(len, self._known.values())) > _MOST_WORDS:
            self._known.clear()
        known = self._known.setdefault(style, {})
        if _SIMPLE.fullmatch(text):
            names = text.split(" ")
            if missing := [(name, ()) for name in dict.fromkeys(names) if name not in known]:
                known.update(zip((name for name, _ in missing), self._shaped(missing, style), strict=True))
            words = [known[name] for name in names]
            segments = [word.first for word in words]
            segments[-1] = segments[-1]._replace(blank=None)
            return segments, [word.glyphs for word in words]
        return self._cut(text, style, known)

    def _cut(self, text: str, style: "Style", known: dict[object, Word]) -> tuple[list[Segment], list[frozenset[int]]]:
        """Return a text in segments, by the rules for all scripts; raises NotSimpleError."""
        if _ENDING_ROW.search(text) and _parted(text):
            raise NotSimpleError("the engine may shape marks apart that stand beside each other")
        breaks = self._breaks(text, style.lang)
        places = [(found.start(), found.end()) for found in _WORD.finditer(text)]
        words = []
        for start, end in places:
            inner = tuple(place - start for place in range(start + 1, end) if place in breaks)
            name = text[start:end]
            key = (name, inner) if inner else name
            word = known.get(key)
            if word is None:
                (word,) = self._shaped([(name, inner)], style)
                known[key] = word
            words.append(word)
        segments: list[Segment] = []
        parts, width = list[tuple[int, bytes]](), 0.0
        for (word, (_, end)), following in zip(zip(words, places, strict=True), [*places[1:], None], strict=True):
            blank = word.blank if following and following[0] > end else None
            for number, (own, own_width, white) in enumerate(word.pieces, start=1):
                parts, width = [*parts, *own], width + own_width
                whole = number == len(word.pieces)
                if not whole or following is None or following[0] in breaks:
                    segments.append(Segment(tuple(parts), width, blank if whole else None, white))
                    parts, width = [], 0.0
                elif blank:  # which holds together
                    parts, width = [*parts, *blank[0]], width + blank[1]
        return segments, [word.glyphs for word in words]

    def _shaped(self, words: Sequence[tuple[str, tuple[int, ...]]], style: "Style") -> Iterator[Word]:
        """Yield words shaped, each with the places where a line may end in it."""
        families = style.families
        together = []
        for name, inner in words:
            if not inner and _LATIN.fullmatch(name) and self.faces[families[0]].characters.issuperset(name):
                together.append(name)
        ready = dict(zip(together, self._run(families[0], together, style, "Latn"), strict=True)) if together else {}
        for name, inner in words:
            if name in ready and not inner:
                parts, glyphs, (blank, blank_width) = ready[name]
                text = "".join([part for part, *_ in parts]).encode()
                piece = (((families[0], text),), sum([width for _, width, *_ in parts]))
                space = (((families[0], blank.encode()),), blank_width)
                yield Word(((*piece, 0.0),), space, frozenset(glyphs), Segment(*piece, space))
            else:
                yield self._alone(name, inner, style)

    def _alone(self, name: str, inner: tuple[int, ...], style: "Style") -> Word:
        """Return a word that is of several faces, of a script of its own, or with places for lines to end in it."""
        clusters: list[tuple[int, int, str, float, float]] = []
        used: set[int] = set()
        blank: tuple[Parts, float] = ((), 0.0)
        start = 0
        for face, text in _runs(name, style.families, self.faces):
            ((parts, glyphs, (space, space_width)),) = self._run(face, [text], style, "")
            clusters += [(start + at, face, part, width, white) for part, width, at, white in parts]
            blank = (((face, space.encode()),), space_width)
            used |= glyphs
            start += len(text)
        pieces: list[tuple[Parts, float, float]] = []
        for begin, end in pairwise([0, *inner, len(name)]):
            own = [cluster for cluster in clusters if begin <= cluster[0] < end]
            joined = list[tuple[int, bytes]]()
            for _, face, part, *_ in own:
                if joined and joined[-1][0] == face:
                    joined[-1] = (face, joined[-1][1] + part.encode())
                else:
                    joined.append((face, part.encode()))
            white = own[-1][-1] if own and end < len(name) else 0.0
            pieces.append((tuple(joined), sum(width for *_, width, _ in own), white))
        first, room, white = pieces[0]
        return Word(tuple(pieces), blank, frozenset(used), Segment(first, room, blank, white))

    def _run(
        self, face: int, names: Sequence[str], style: "Style", script: str
    ) -> Iterator[tuple[list[tuple[str, float, int, float]], set[int], tuple[str, float]]]:
        """Yield for each word its clusters, its glyphs, and the blank behind it.

        A cluster is what is written, its width, its place, and how much wider it would be by itself.
        """
        known = self.faces[face]
        text = " ".join(names) + " "
        infos, positions = _shape(known, text, style.lang, script)
        advances, texts, scale = known.advances, known.texts, 1000 / known.units
        count, at, begin, base = len(infos), 0, 0, face << 16
        for name in names:
            end = begin + len(name)
            parts: list[tuple[str, float, int, float]] = []
            used: set[int] = set()
            while at < count and (place := infos[at].cluster) <= end:
                after = at + 1
                while after < count and infos[after].cluster == place:
                    after += 1
                letters = text[place : infos[after].cluster if after < count else len(text)]
                glyph, position, kern = infos[at].codepoint, positions[at], 0.0
                if after > at + 1 or position.x_offset or position.y_offset:
                    marks = list(zip(infos[at:after], positions[at:after], strict=True))
                    written, width = _placed(known, marks, letters, style.size)
                    used |= {base | info.codepoint for info, _ in marks}
                else:
                    width = position.x_advance * scale
                    written = f"{glyph:04x}"
                    usual = texts.get(glyph)
                    if usual is None and len(letters) == 1 and glyph:
                        used.add(glyph_key(face, glyph, ord(letters)))
                    elif usual is None:
                        raise NotSimpleError("a glyph stands for several characters, or for none")
                    else:
                        used.add(base | glyph)
                        if usual != letters and not letters.isspace():
                            written = _said(written, letters)
                    kern = advances[glyph] - width
                    if abs(kern) > _SMALLEST:
                        written += f">{kern:.4g}<"
                if place == end:
                    blank = (written, width)
                else:
                    parts.append((written, width, place - begin, kern))
                at = after
            yield parts, used, blank
            begin = end + 1


def _placed(
    face: Face, glyphs: Sequence[tuple[hb.GlyphInfo, hb.GlyphPosition]], letters: str, size: float
) -> tuple[str, float]:
    """Return a letter with its marks, each glyph raised and moved to its place, and the width of all."""
    scale, written, width, texts, back = 1000 / face.units, "", 0.0, "", 0.0
    for info, position in glyphs:
        usual = face.texts.get(info.codepoint)
        if usual is None:
            raise NotSimpleError("a mark has no character of its own")
        texts += usual
        advance, moved = position.x_advance * scale, position.x_offset * scale
        shown = f">{back - moved:.4g}<{info.codepoint:04x}" if back or moved else f"{info.codepoint:04x}"
        if position.y_offset:
            shown = f">]TJ {position.y_offset * size / face.units:.4g} Ts [<{shown}>]TJ 0 Ts [<"
        written += shown
        back = face.advances[info.codepoint] - advance + moved
        width += advance
    # Not inside what is read as something else: PDFium passes over a distance at the end of an array.
    behind = f">{back:.4g}<" if back else ""
    return (written if texts == letters else _said(written, letters)) + behind, width


def _said(written: str, letters: str) -> str:
    """Return glyphs that are read as other letters than theirs (PDF 1.7, 14.9.4)."""
    said = letters.encode("utf-16-be").hex()
    return f">]TJ /Span<</ActualText<feff{said}>>>BDC [<{written}>]TJ EMC [<"


def fitted(segments: Iterable[Segment], room: float, most: int) -> list[list[tuple[int, bytes]]]:
    """Return segments in at most ``most`` lines of ``room`` thousandths of an em; raises DoesNotFitError."""
    lines: list[list[tuple[int, bytes]]] = [[]]
    line, used = lines[0], 0.0
    for parts, width, blank, white in segments:
        if used + width + white > room:
            if width + white > room:
                raise DoesNotFitError("a word is wider than the box")
            line, used = [], 0.0
            lines.append(line)
        line += parts
        used += width
        if blank:
            line += blank[0]
            used += blank[1]
    if len(lines) > most:
        raise DoesNotFitError(f"{len(lines)} lines, and there is room for {most}")
    return lines


def _parted(text: str) -> bool:
    """Tell whether Pango may shape a closing bracket apart from the mark before it, which then keeps its white.

    It shapes each script by itself, and a closing bracket is of the script that its opening one was
    (pango-script.c): of that of the letter before, or behind, where a line begins with it.
    """
    run = set[str]()
    opened, waiting = list[tuple[int, set[str]]](), list[set[str]]()
    for before, letter in pairwise(" " + text):
        if own := _script(letter):
            run = {own}
            while waiting:
                waiting.pop().add(own)
        elif letter in _OPENING:
            waiting.append({*run})
            opened.append((_OPENING.index(letter), waiting[-1]))
        elif letter in _CLOSING:
            kind = _CLOSING.index(letter)
            while opened and opened[-1][0] != kind:
                opened.pop()
            if opened:
                run |= opened.pop()[1]
                if len(run) > 1 and _ENDING_ROW.match(before + letter):
                    return True
    return False


def _script(letter: str) -> str:
    """Return what letters of one script have in common, or "" for marks; letters that some scripts share have none."""
    return unicodedata.name(letter, "").partition(" ")[0] if letter.isalpha() and letter != "ー" else ""


def _shape(face: Face, text: str, lang: str, script: str) -> tuple[list[hb.GlyphInfo], list[hb.GlyphPosition]]:
    buffer = hb.Buffer()
    buffer.add_str(text)
    if script:
        buffer.script, buffer.direction = script, "ltr"
    else:
        buffer.guess_segment_properties()
        if buffer.direction != "ltr":
            raise NotSimpleError("it is written from right to left")
    buffer.language = lang
    marks = not text.isascii() and any(map(unicodedata.combining, text))
    hb.shape(face.hb_font, buffer, {} if marks else _WHOLE)
    return buffer.glyph_infos, buffer.glyph_positions


def _runs(word: str, families: Sequence[int], faces: Sequence[Face]) -> list[tuple[int, str]]:
    """Return a word in runs of one face each: each letter is of the first face that has it, marks stay with letters."""
    runs: list[tuple[int, str]] = []
    for letter in word:
        if runs and unicodedata.combining(letter):
            face = runs[-1][0]
        else:
            found = next((number for number in families if letter in faces[number].characters), None)
            if found is None:
                raise NotSimpleError("a character has no glyph")
            face = found
        if runs and runs[-1][0] == face:
            runs[-1] = (face, runs[-1][1] + letter)
        else:
            runs.append((face, letter))
    return runs
