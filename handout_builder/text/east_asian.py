"""Chinese, Japanese and Korean prose: line breaks that are no space, and emphasis beside their punctuation."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.common.utils import isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

_HANGUL = (
    ("\u1100", "\u11ff"),
    ("\u3130", "\u318f"),
    ("\ua960", "\ua97f"),
    ("\uac00", "\ud7ff"),
    ("\uffa0", "\uffdc"),
)
# Symbols that are wide because they are pictures: default emoji presentation (UTS #51), which are no letters.
_EMOJI = re.compile("[\u231a-\u27bf\u2b1b-\u2b55\U0001f000-\U0001faff]")
# Quotation marks, dots and dashes of Chinese and Japanese that other scripts write, too (East Asian Width: ambiguous).
_SHARED = re.compile("[“”‘’…—·‥]")
# What of Markdown may stand at the end or the beginning of a row.
_MARKUP = re.compile(r"\*+|\[|\]\([^)\n]*\)|\]\{[^}\n]*\}|\]")
# Characters by which the place where two rows were joined is found.
_ENOUGH = 12
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def is_cjk(character: str) -> bool:
    """Tell whether a character is a CJK one, punctuation among them.

    As in CommonMark's CJK-friendly amendments (github.com/tats-u/markdown-cjk-friendly, 2.1): wide, full-width or
    half-width (UAX #11) and no emoji, or hangul.
    """
    if character <= "\u10ff":
        return False
    if _is_hangul(character):
        return True
    return unicodedata.east_asian_width(character) in "WFH" and not _EMOJI.match(character)


def _is_hangul(character: str) -> bool:
    return any(first <= character <= last for first, last in _HANGUL)


def closes_up(before: str, after: str) -> bool:
    """Tell whether a line break in the source between two texts is no space.

    So it is between two wide characters of which none is hangul, which is written with spaces (CSS Text 3, 4.1.3).
    Marks that other scripts have, too, go with the character on their other side.
    """
    return is_wide(_SHARED.sub("", before)[-1:]) and is_wide(_SHARED.sub("", after)[:1])


def in_a_row(sentences: Iterable[str]) -> str:
    """Return sentences one after another: no blank follows the full-width full stop of Chinese and Japanese."""
    text = ""
    for sentence in filter(None, sentences):
        text += f" {sentence}" if text and not is_wide(text[-1]) else sentence
    return text


def marks(lang: str) -> tuple[str, str, str, str]:
    """Return the comma of a list, the full stop, the colon, and what follows such a mark, as a language writes them."""
    wide = lang.partition("-")[0] in ("ja", "zh")
    return ("、", "。", "：", "") if wide else (",", ".", ":", " ")


def is_wide(character: str) -> bool:
    """Tell whether a character is of a script that has no blanks between words."""
    return bool(character) and is_cjk(character) and not _is_hangul(character)


def folded(text: str, rows: list[str]) -> str:
    """Return a text of YAML that was folded from ``rows``, without the spaces that their ends became."""
    if not _NOT_ASCII.search(text):
        return text
    start = 0
    stripped = [row.strip(" \t") for row in rows]
    for row, following in pairwise(stripped):
        if closes_up(_MARKUP.sub("", row), _MARKUP.sub("", following)):
            ends = f"{row[-_ENOUGH:]} {following[:_ENOUGH]}"
            found = text.find(ends, start)
            if found >= 0:
                space = found + len(row[-_ENOUGH:])
                # Between marks of Markdown the break stays: stars of two words would become one row.
                text = text[:space] + ("\n" if row.endswith("*") else "") + text[space + 1 :]
                start = space
    return text


class _Inline(ParserInline):
    """The parser of CommonMark's inlines, with the amended emphasis."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Parse as the parent does, with another state."""
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _State(StateInline):
    """Delimiters that may open and close beside CJK characters (CJK-friendly amendments, 6.2)."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803  # the library's names
        """Return what a row of delimiters may do; ``_`` cannot split words and stays as it is."""
        found = super().scanDelims(start, canSplitWord)
        if not canSplitWord or (found.can_open and found.can_close):
            return found
        end = start + found.length
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        if isWhiteSpace(ord(before)) or isWhiteSpace(ord(after)) or not (is_cjk(before) or is_cjk(after)):
            return found
        return Scanned(True, True, found.length)


def parser(preset: str, options: dict[str, bool]) -> MarkdownIt:
    """Return a Markdown parser for prose of any language."""
    markdown = MarkdownIt()
    markdown.inline = _Inline()
    markdown.configure(preset, options)
    markdown.core.ruler.push("close_up", _close_up)
    return markdown


def _close_up(state: StateCore) -> None:
    """Take out the line breaks that are no space."""
    for block in state.tokens:
        children = block.children or []
        for index, token in enumerate(children):
            if token.type == "softbreak" and closes_up(_before(children, index), _after(children, index)):
                token.type, token.tag = "text", ""  # an empty one


def _before(tokens: list[Token], index: int) -> str:
    """Return the text before a token that has a letter in it, or what there is."""
    text = ""
    while index > 0 and not _SHARED.sub("", text):
        index -= 1
        text = _words(tokens[index]) + text
    return text


def _after(tokens: list[Token], index: int) -> str:
    """Return the text after a token that has a letter in it, or what there is."""
    text = ""
    while index < len(tokens) - 1 and not _SHARED.sub("", text):
        index += 1
        text += _words(tokens[index])
    return text


def _words(token: Token) -> str:
    return token.content if token.type == "text" else " " * (token.tag == "br")
