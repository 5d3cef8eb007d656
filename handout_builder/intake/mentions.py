"""Points named at the beginning of a heading, paragraph or item: code, name and reading, in any order and script."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import takewhile
from typing import NamedTuple

from handout_builder.content.point_codes import MERIDIANS, NAMES, meridian, readings
from handout_builder.content.point_names import Form, PointNames, plain
from handout_builder.intake.outline import Runs, words
from handout_builder.text import language

UNKNOWN = "not understood: no point of this name; for a card of its own, in words alone: points.yaml"
"""The remark on what stands among points, and names none."""
_LEAD = re.compile(
    r"\s*(?:[■□●○◆◇▪▫•★☆※►▶➤✓✔–*-]\s*)?"
    r"(?:[（(]?(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})[.)．）、]\s*|[①-⑳]\s*)?"
    # "Point", as people write it before the name of one.
    r"(?:(?:the )?(?:acu)?points?[ :：]\s*|puntos?[ :：]\s*|huyệt[ :：]\s*|(?:穴位|ツボ|つぼ|혈자리|경혈)[ :：「]\s*)?",
    re.IGNORECASE,
)
# A name that stands alone between brackets, with the words about it behind them.
_BRACKETED = re.compile(r"【([^【】]+)】\s*(?:[–—:：-]\s*)?")
# What ends the name of a point and begins the words about it, outside brackets.
_END = re.compile(r"\s*[–—:：]\s*|\s+-\s*|\s*-\s+|\n")
_NAMES = "|".join(r"[ -]?".join(f"[{letter}{letter.lower()}]" for letter in name) for name in NAMES)
_CODE = re.compile(
    rf"(?<![\w-])(?:EX[- ]?[A-Z]{{1,2}}[- ]?[0-9]{{1,2}}|(?:[A-Z][A-Za-z]{{0,2}}|{_NAMES})[ .-]?[0-9]{{1,2}})(?![\w])"
)
_HAN = re.compile("[\u3005\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]+")
_KANA = re.compile("[\u3040-\u30ff]+")
# Han with hiragana behind or before them are words of a Japanese sentence, but for a short name: 足の三里.
_MIXED = re.compile("[\u3041-\u309f][\u3400-\u9fff]|[\u3400-\u9fff][\u3041-\u309f]")
_LONGEST_MIXED = 6
_LATIN = re.compile(r"[^\W\d_][\w’'ʼ.-]*(?:[ ][^\W\d_][\w’'ʼ.-]*)*")
# A name in letters inside a sentence: one word or two.
_CAPITAL = re.compile(r"(?<![\w’'-])[^\W\d_a-z][\w’'ʼ-]+(?: [^\W\d_][\w’'ʼ-]+)?")
_IN_BRACKETS = re.compile(r"\s*[（(][^()（）]{1,40}[)）]")
_OPEN, _CLOSE = "(（[「【", ")）]」】"
_BETWEEN_NAMES, _COMMAS = ("/", "|", "／"), (",", "，", "、")
_LONGEST = 70
_MOST_WORDS = 5
_LEAST_LETTERS = 4
_FEWEST = 2  # points that make a list one of points, where others are none
_DIGITS = "0123456789"
# A reading of another spelling than the standard's, or of 愈: shèn yù for Shènshū.
_ALIKE = 0.5
_LONGER = 1.6


class Mention(NamedTuple):
    """A point, as somebody has written it."""

    code: str
    head: str
    """All that names it, as it stands there."""
    text: str
    """Its name in Han or hangul; "" where it has none."""
    reading: str
    """Its name in letters or kana; "" where it has none."""
    others: tuple[str, ...]
    """What else stands there: an English name, for example."""
    rest: int
    """Where the words about it begin."""
    ended: bool
    """Whether a dash, a colon or the end of the text stands behind its name."""


def mention(text: str, names: PointNames) -> Mention | None:
    """Return the point that a text begins with; None for a text that does not, or begins with several."""
    start, end, rest = _bounds(text)
    head = text[start:end].strip()
    if not head or len(head) > _LONGEST:
        return None
    codes = [found[0] for found in _CODE.finditer(head)]
    han = _HAN.findall(head)
    latin = list(_latin(head))
    weak = [(word, names.codes(word) if len(plain(word)) >= _LEAST_LETTERS else []) for word in latin]
    named = {code for found in (*map(names.codes, han), *(found for _, found in weak)) for code in found}
    strong = [names.codes(word) for word in (*codes, *han) if not _is_foreign(word, named)]
    strong = [found for found in strong if found]
    known = strong or [found for _, found in weak if found]
    if not known and latin == [head] and head[0].isupper():
        weak = [(head, names.slipped(head))]
        known = [found for _, found in weak if found]
    if not known:
        return None
    alike = set(known[0]).intersection(*known[1:])
    if len(alike) > 1:  # some names are two points': another name may tell
        for _, found in weak:
            alike = alike & set(found) or alike
    if len(alike) != 1:
        return None
    (code,) = alike
    if rest > end:  # "LI4 – Hegu", "LI4 – Hegu: for the head"
        more = mention(text[rest:], names)
        if more and more.code == code and more.ended:
            end, rest = rest + more.rest, rest + more.rest
            head = text[start:rest].strip()
            han += [more.text] * bool(more.text)
            weak += [(more.reading, [code])] * bool(more.reading)
    readings = [word for word, found in weak if code in found or (strong and _is_reading(word, code, names))]
    others = [word for word, _ in weak if word not in readings]
    kana = [word for word in han if _KANA.fullmatch(word)]
    written = [word for word in han if word not in kana]
    is_sentence = any(_MIXED.search(word) and len(word) > _LONGEST_MIXED for word in written)
    if len(written) > 1:  # the same name in two countries' characters
        others += written[1:]
    if is_sentence or not _begins_with_a_name(head, [*codes, *han, *readings]):
        return None
    if sum(len(word.split()) for word in others) > _MOST_WORDS:
        return None
    reading = (kana or _with_tones(readings) or [""])[0]
    others += [word for word in (*kana, *readings) if word != reading]
    ended = True
    sentence = rest == end and others and head.endswith(others[-1]) and " " in others[-1]
    if sentence and not _is_another_name(head, others[-1]):  # "BL23 for the lower back"
        rest = start + text[start:end].rindex(others[-1])
        head, ended = text[start:rest].strip(), False
        del others[-1]
    return Mention(code, head, written[0] if written else "", reading, tuple(others), rest, ended)


def lead(runs: Runs) -> str:
    """Return the words of runs, in place, with a colon for the full stop that ends a bold beginning: it ends a name.

    "**HT7 Shenmen.** On the crease of the wrist."
    """
    text, at = words(runs), len(_bold_beginning(runs).rstrip(".。"))
    stops = at and text[at : at + 1] in (".", "。") and text[at + 1 :]
    return f"{text[:at]}:{text[at + 1 :]}" if stops else text


def bold_beginning(runs: Runs) -> str:
    """Return the words in bold by which a text begins that goes on otherwise; "" where there are none."""
    bold = _bold_beginning(runs)
    return bold if len(bold) < len(words(runs)) else ""


def _bold_beginning(runs: Runs) -> str:
    return words(takewhile(lambda run: run.bold, runs))


def _is_foreign(word: str, named: set[str]) -> bool:
    """Tell whether a code is another country's: the number of a point named beside it, behind letters of no standard.

    In Spanish SP6 is B6, and B6 is BL6 in English books.
    """
    letters, number = word.rstrip(_DIGITS).strip(" .-"), word[len(word.rstrip(_DIGITS)) :]
    others = named and all(code.rstrip(_DIGITS) != letters for code in named)
    return bool(others and letters not in MERIDIANS and number in {code[len(code.rstrip(_DIGITS)) :] for code in named})


def _with_tones(readings: list[str]) -> list[str]:
    """Return readings, the first of which stands with its tones where another one has them: Shénmén for Shenmen."""
    same = [word for word in readings if plain(word) == plain(readings[0])]
    toned = [word for word in same if language.of_reading(word, "") == "zh-Latn-pinyin"]
    return toned or readings


def within(text: str, names: PointNames) -> Iterator[tuple[int, int, list[str]]]:
    """Yield where a text names points, by code or by any name, from and to, with the codes of those that it may be.

    What stands in brackets behind a name belongs to it.
    """
    for first, end in _spans(text, names):
        if codes := names.codes(text[first:end]) or names.near(text[first:end]):
            more = _IN_BRACKETS.match(text, end)
            yield first, more.end() if more else end, codes


def begins_with_other(text: str, code: str, names: PointNames) -> bool:
    """Tell whether a text begins with the exact name of another point than the one of a code."""
    lead = _LEAD.match(text)
    begin = lead.end() if lead else 0
    known = (names.codes(text[first:end]) for first, end in _spans(text, names) if first == begin)
    return any(codes and code not in codes for codes in known)


def _spans(text: str, names: PointNames) -> list[tuple[int, int]]:
    """Return where the name of a point may stand in a text: from and to."""
    found = [*(one.span() for one in _CODE.finditer(text)), *names.within(text)]
    for one in _CAPITAL.finditer(text):
        first, end = one.span()
        found += [(first, end), (first, first + len(one[0].partition(" ")[0]))]
    return found


def unknown_code(text: str, names: PointNames) -> str:
    """Return what looks like a point's code in a heading, and is none that is known; "" where nothing does."""
    codes = (found[0] for found in _CODE.finditer(text))
    known = (code for code in codes if meridian(_letters(code)) or readings(code, names.lang))
    return next((code for code in known if not names.codes(code)), "")


def _letters(code: str) -> str:
    return "EX" if code.startswith("EX") else code.rstrip("0123456789 .-")


def most(texts: Iterable[str], names: PointNames) -> list[Mention | None] | None:
    """Return the points that most of some texts name, one a text, None for a text that names none.

    None where not all of them, nor most of them and at least two, name a point and nothing more.
    """
    found = [mention(text, names) for text in texts]
    named = [point if point and point.ended else None for point in found]
    count = sum(point is not None for point in named)
    return named if count == len(named) or (count >= _FEWEST and 2 * count > len(named)) else None


def form(found: Mention, names: PointNames, lang: str) -> Form:
    """Return a point's name as it is printed: the author's, and the standard's where the author gives none.

    It is in ``lang``, which the words around it are in, where it may be.
    """
    if not found.reading and (own := names.form_in(lang, found.code, found.text)):
        return own._replace(text=found.text or own.text)
    vietnamese = names.form(found.code, found.reading)
    if vietnamese.lang == "vi" and plain(vietnamese.text) == plain(found.reading):  # in Latin letters, yet no reading
        same = vietnamese.text.casefold() == found.reading.casefold()
        return vietnamese._replace(text=found.reading) if same else vietnamese
    standard = names.form(found.code, found.text or found.reading)
    if not found.text:
        return Form(standard.text, standard.lang, found.reading or standard.reading)
    told = standard.lang if standard.text == found.text else names.language_of(found.text)
    if names.is_japanese(found.code, found.text, found.reading):
        told = "ja"
    return Form(found.text, told, found.reading or names.form(found.code, found.text).reading)


def _bounds(text: str) -> tuple[int, int, int]:
    """Return where a name begins and ends, and where the words about it begin."""
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    bracketed = _BRACKETED.match(text, start)
    return (*bracketed.span(1), bracketed.end()) if bracketed else (start, *_ends(text, start))


def _ends(text: str, start: int) -> tuple[int, int]:
    """Return where the name ends, and where the words about it begin."""
    depth = 0
    for place in range(start, len(text)):
        character = text[place]
        depth += (character in _OPEN) - (character in _CLOSE)
        if depth <= 0 and (ends := _END.match(text, place)):
            inside = _CODE.match(text, start)
            if not (inside and inside.start() < ends.start() < inside.end()):
                return place, ends.end()
    return len(text), len(text)


def _latin(head: str) -> Iterator[str]:
    """Yield the words in letters between brackets and signs, codes and Han taken out."""
    for part in re.split(r"[()（）\[\]「」【】,，/、·;；|=“”\"]+", _HAN.sub("|", _CODE.sub("|", head))):
        for found in _LATIN.findall(part):
            yield found.strip()


def _is_reading(word: str, code: str, names: PointNames) -> bool:
    """Tell whether a word is like one of the ways in which a point's name is read."""
    if language.of_reading(word, "") == "zh-Latn-pinyin":  # it has tones
        return True
    wanted = plain(word)
    # A name at the end of a sentence does not make a reading of all of it: "You can also try Yintang".
    keys = [key for key in map(plain, names.readings(code)) if len(wanted) <= _LONGER * len(key)]
    return any(SequenceMatcher(None, wanted, key).ratio() >= _ALIKE for key in keys)


def _is_another_name(head: str, last: str) -> bool:
    """Tell whether the last words of a head are one more name: "SP6 / three yin crossing", "SP6, Three Yin"."""
    before = head.removesuffix(last).rstrip()
    return before.endswith(_BETWEEN_NAMES) or (before.endswith(_COMMAS) and last[:1].isupper())


def _begins_with_a_name(head: str, known: list[str]) -> bool:
    return any(head.lstrip("".join((_OPEN, '“" *'))).startswith(word) for word in known)
