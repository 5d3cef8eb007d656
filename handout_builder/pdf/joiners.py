"""Words, numbers and last letters that no line breaks in, where the engine breaks between any two characters.

Readers of Korean expect breaks at blanks alone. CSS has ``word-break: keep-all`` for it (CSS Text 3, 5.2), which
WeasyPrint 70 passes over. Readers of Chinese and Japanese expect a number with what it counts, a range of numbers and
a reading in kana in one line, and no line of one letter at the end of a paragraph (JLREQ, 3.1.7; CLREQ, 3.1.5); those
of other languages no line of one short word, which in Vietnamese may be a syllable of one. No code of a point is
divided in any language.

A word joiner between two characters does that (UAX 14, LB11). It is in the text while this is laid out, and in nothing
that is made of it. An element for each would do it, too, and take twice the time. Spacing of letters is added at each
joiner, too. Hangul is Korean wherever it stands: in the second of two languages, or in a quotation.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any, Literal
from xml.etree.ElementTree import Element

from handout_builder import quarter_em

# Patterns with so many letters take a millisecond each to compile: that is left to the pages that have some of them.
# A word with hangul in it, and what stands at it without a blank. A longer one may be wider than a column.
_WORD = r"\S*[\uac00-\ud7a3]\S*"
_MOST = 12
_HANGUL = re.compile("[\uac00-\ud7a3]")
_FIRST_SIGN = "々"
_SIGN = f"[{_FIRST_SIGN}\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
# Where a number goes on, with its range, with what it counts, or with what makes it an ordinal; a reading has a blank
# before it, which nothing else has in Japanese.
_NUMBER = (
    r"(?<=[0-9])(?=[～〜–][0-9])|(?<=[0-9][～〜–至])(?=[0-9])"
    rf"|(?<=[0-9])(?={_SIGN})|(?<=第)(?=[0-9])"
)
_READING = rf"(?<=\s)[\u3041-\u3096ー]{{2,{_MOST}}}(?!\S)"
# Within the code of an extra point: EX-HN5.
_CODE = re.compile(r"(?<=\bEX-)(?=[A-Z]{1,2}[0-9])")
_LAST = 3
"""Letters and marks that a last line has at least; of letters alone it has two."""
_LETTERS = 2
# How wide a last word is, in letters, that does not stand alone, and together with the one before it, of several: both
# have room in a column for headings. A letter of hangul is as wide as two.
_SHORT, _BOTH, _SEVERAL = 7, 15, 2
_CLOSING = "。、，．！？：；）」』】〕〉》”’"
_JOINER = "\u2060"
# Elements whose text is no prose; those that paragraphs are; what others write, who lay it out in the same way.
NO_PROSE = frozenset(("head", "svg", "style"))
_PARAGRAPHS = frozenset(("p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4", "caption", "figcaption"))
FIELD = "data-field"
TOO_WIDE = "long-words"
"""The class of what did not fit into its column: `layout_faults.mends`."""
# Languages that are written without blanks, by how their tags begin.
SIGNS = ("ja", "zh")


def has_words(text: str) -> bool:
    """Tell whether there is hangul in a text."""
    return _HANGUL.search(text) is not None


def join(element: Element, langs: Collection[str]) -> None:
    """Put word joiners into the Korean words of a page, and into what other languages keep in one line.

    ``langs`` are the languages that the page is in.
    """
    signs, words = any(lang.startswith(SIGNS) for lang in langs), any(not lang.startswith(SIGNS) for lang in langs)
    _join(element, signs=signs)
    for paragraph in element.iter():
        if paragraph.tag.rpartition("}")[2] in _PARAGRAPHS and FIELD not in paragraph.attrib:
            if signs:
                _keep_end(paragraph)
            if words and not _is_too_wide(paragraph):
                _keep_last_word(paragraph)


def _join(element: Element, *, signs: bool) -> None:
    if element.tag.rpartition("}")[2] in NO_PROSE:
        return
    signs = signs and FIELD not in element.attrib
    if element.text:
        element.text = _joined(element.text, signs=signs)
    for child in element:
        _join(child, signs=signs)
        if child.tail:
            child.tail = _joined(child.tail, signs=signs)


def part(document: Any, page: Element) -> None:
    """Take word joiners and quarters of an em out of a page and of the document that was laid out from it.

    Its lines stay as they are.
    """
    for element in page.iter():
        element.text, element.tail = _parted(element.text), _parted(element.tail)
    for laid_out in document.pages:
        laid_out.bookmarks = [(level, _parted(label), *more) for level, label, *more in laid_out.bookmarks]
        for box in laid_out._page_box.descendants(placeholders=True):
            for name in ("text", "bookmark_label"):
                if text := getattr(box, name, None):
                    setattr(box, name, without(text))


def whole_words(text: str) -> list[tuple[int, int]]:
    """Return where the Korean words of a text begin and end that no line breaks in."""
    return [word.span() for word in re.finditer(_WORD, text) if _stays_whole(word[0])]


def _stays_whole(word: str) -> bool:
    return 1 < len(word) <= _MOST


def _joined(text: str, *, signs: bool) -> str:
    if quarter_em.BLANK in text:
        text = quarter_em.authors_kept(text)
    if "EX-" in text:
        text = _CODE.sub(_JOINER, text)
    if _HANGUL.search(text):
        text = re.sub(_WORD, lambda word: _JOINER.join(word[0]) if _stays_whole(word[0]) else word[0], text)
    elif signs:
        text = re.sub(_READING, lambda reading: _JOINER.join(reading[0]), re.sub(_NUMBER, _JOINER, text))
    return text


def without(text: str) -> str:
    """Return a text without word joiners and quarters of an em."""
    return quarter_em.without(text).replace(_JOINER, "")


def _parted(text: str | None) -> str | None:
    return without(text) if text else text


def _keep_end(paragraph: Element) -> None:
    """Join the last letters of a paragraph that ends in Han or kana, whatever elements they stand in."""
    words = "".join(paragraph.itertext()).rstrip().replace(_JOINER, "")
    if not re.search(_SIGN, words[-_LAST:]):
        return
    marks = len(words) - len(words.rstrip(_CLOSING))
    left = last = max(_LAST, _LETTERS + marks)
    for element, name in _texts_from_end(paragraph):
        text = getattr(element, name) or ""
        whole = text if left < last else text.rstrip()
        found = re.search(rf"(?:[^\s{_JOINER}]{_JOINER}?){{1,{left}}}\Z", whole)
        if found:
            letters = found[0].replace(_JOINER, "")
            end = _JOINER if left < last else text[len(whole) :]
            setattr(element, name, f"{whole[: found.start()]}{_JOINER.join(letters)}{end}")
            left -= len(letters)
        if not left or (found.start() if found else whole):
            return


def _keep_last_word(paragraph: Element) -> None:
    """Join the last two words of a paragraph of several, if the last one is short.

    Han is no word: in the name of a point it has a line of its own.
    """
    *others, last = "".join(paragraph.itertext()).replace(_JOINER, "").split() or [""]
    if len(others) < _SEVERAL or _width(last) > _SHORT or (max(last) >= _FIRST_SIGN and re.search(_SIGN, last)):
        return
    if _width(others[-1]) + _width(last) > _BOTH:
        return
    ended = False
    for element, name in _texts_from_end(paragraph):
        text = getattr(element, name) or ""
        whole = text if ended else text.rstrip()
        ended = ended or bool(whole)
        blank = max((at for at, letter in enumerate(whole) if letter.isspace()), default=-1)
        if blank >= 0:
            setattr(element, name, f"{text[: blank + 1]}{_JOINER}{text[blank + 1 :]}")
            return


def _is_too_wide(paragraph: Element) -> bool:
    """Tell whether a paragraph was found wider than its column: two words that are joined may be, and neither alone."""
    return any(TOO_WIDE in element.get("class", "").split() for element in paragraph.iter())


def _width(word: str) -> int:
    return len(word) + len(_HANGUL.findall(word))


def _texts_from_end(element: Element) -> Iterator[tuple[Element, Literal["text", "tail"]]]:
    """Yield where the texts of an element stand, from the last to the first, but for those in drawings."""
    for child in reversed(element):
        yield child, "tail"
        if child.tag.rpartition("}")[2] not in NO_PROSE:
            yield from _texts_from_end(child)
    yield element, "text"
