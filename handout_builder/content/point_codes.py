"""The WHO's codes of points, and how else books write them: UB23, B-23 and bl 023 are BL23."""

import re
import unicodedata
from collections.abc import Iterable
from heapq import nsmallest

MERIDIANS = ("LU", "LI", "ST", "SP", "HT", "SI", "BL", "KI", "PC", "TE", "GB", "LR", "GV", "CV", "EX")
"""The codes of the meridians in the WHO's nomenclature of 1991, in its order, and EX for extra points."""

# Abbreviations met in English books beside the WHO's, and the meridians' names. Those with two readings (L, C, CO) are
# left out.
_OTHERS = {
    "LU": "LUNG",
    "LI": "LARGEINTESTINE",
    "ST": "S STO STOMACH",
    "SP": "SPL SPLEEN",
    "HT": "H HE HEART",
    "SI": "SMALLINTESTINE",
    "BL": "B UB BLADDER URINARYBLADDER",
    "KI": "K KID KIDNEY",
    "PC": "P PE PERICARDIUM",
    "TE": "TB TW TH SJ TRIPLEENERGIZER TRIPLEBURNER TRIPLEWARMER TRIPLEHEATER SANJIAO",
    "GB": "G GALLBLADDER",
    "LR": "LV LIV LIVER",
    "GV": "DU DM GOV GOVERNINGVESSEL GOVERNORVESSEL",
    "CV": "REN RN RM CON CONCEPTIONVESSEL",
}
_ABBREVIATED = 3
NAMES = tuple(name for others in _OTHERS.values() for name in others.split() if len(name) > _ABBREVIATED)
"""The meridians' names in English books, in capitals without blanks."""
# Those of books in other languages. Spanish: the meridians' list of Holguín's health network (2020,
# especialidades.hlg.sld.cu), which has P, IG, E, BP, ID, V, R, TF, VB and H, and the comparison of 2011 at
# medicinachinapopular.wordpress.com, which has P, IG and E; B, MC, TR, VG and VC are met beside these (B1, MC6, VB20).
# C is left out: a vertebra has it, too.
_NATIONAL = {
    "es": {
        "LU": "P",
        "LI": "IG",
        "ST": "E",
        "SP": "B BP",
        "SI": "ID",
        "BL": "V",
        "KI": "R",
        "PC": "MC",
        "TE": "TR TF",
        "GB": "VB",
        "LR": "H",
        "GV": "VG",
        "CV": "VC",
    }
}
_MERIDIAN_OF = {other: code for code, others in _OTHERS.items() for other in others.split()}
# How many extra points the WHO has of each part of the body: head and neck, chest and belly, back, arms, legs.
_EXTRA = {"EX-HN": 15, "EX-CA": 1, "EX-B": 9, "EX-UE": 11, "EX-LE": 12}
# A word that differs in more than two signs from every code is no slip of the pen.
_MOST_EDITS = 2
_LONGEST = 12


def meridian(word: str) -> str:
    """Return the WHO's code of a meridian for any of its abbreviations (UB, Ren) or its name, or an empty text."""
    letters = _signs(word)
    code = _MERIDIAN_OF.get(letters, letters)
    return code if code in MERIDIANS else ""


def is_name_of_meridian(word: str) -> bool:
    """Tell whether a word is the English name of a meridian, not an abbreviation."""
    return _signs(word) in NAMES


def is_extra(code: str) -> bool:
    """Tell whether a code is one of the WHO's 48 for extra points (nomenclature of 1991), known here or not."""
    series, number = re.fullmatch(r"(.*?)([1-9][0-9]?)?", code).groups()  # type: ignore[union-attr]
    return number is not None and int(number) <= _EXTRA.get(series, 0)


def spelled(code: str, lang: str = "") -> str:
    """Return a code as it is compared: UB-023 as BL23, EX-B2 as EXB2; what is no code comes to none that is known.

    In a text of ``lang`` its books have their own: E36 is ST36 in Spanish. There P6, which is LU6 in these and PC6 in
    English ones, comes to none that is known.
    """
    letters, number, rest = re.fullmatch(r"([A-Z]*)(?:0+(?=[1-9]))?([0-9]*)(.*)", _signs(code)).groups()  # type: ignore[union-attr]
    meant = _meridians(letters, lang)
    return f"{meant[0] if len(meant) == 1 else letters}{number}{rest}"


def readings(code: str, lang: str) -> list[str]:
    """Return the WHO's codes that a code may stand for in a text of a language: LU6 and PC6 for P6 in Spanish."""
    return [f"{meridian}{_number(_signs(code))}" for meridian in _meridians(letters(_signs(code)), lang)]


def _meridians(letters: str, lang: str) -> list[str]:
    """Return the meridians that an abbreviation may stand for in a text of a language; none for one that is none."""
    if letters in MERIDIANS:
        return [letters]
    own = (code for code, others in _NATIONAL.get(lang, {}).items() if letters in others.split())
    english = (_MERIDIAN_OF[letters],) if letters in _MERIDIAN_OF else ()
    return list(dict.fromkeys((*own, *english)))


def letters(code: str) -> str:
    """Return a code without its number: BL, EX-HN."""
    return code.rstrip("0123456789")


def nearest_codes(code: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Return up to ``count`` of the known codes, the most alike first; none when none is alike.

    Alike is what takes the fewest slips (a sign too many, too few, wrong, or two swapped) after other
    abbreviations were read as the WHO's; among equals, what is on the same meridian, and has the nearest number.
    """
    typed = spelled(code)
    if len(typed) > _LONGEST:
        return []

    def distance(candidate: str) -> tuple[int, bool, int, bool]:
        signs = _signs(candidate)
        elsewhere = letters(typed) != letters(signs)
        away = abs(_number(typed) - _number(signs))
        return _edits(typed, signs), elsewhere, away, sorted(typed) != sorted(signs)

    alike = [(distance(candidate), candidate) for candidate in known]
    near = nsmallest(count, (pair for pair in alike if pair[0][0] <= _MOST_EDITS), key=lambda pair: pair[0])
    return [candidate for _, candidate in near]


def _signs(text: str) -> str:
    """Return the letters and digits alone, as capitals: EX-B2 is EXB2."""
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", text).upper())


def _number(signs: str) -> int:
    digits = re.search(r"[0-9]+", signs)
    return int(digits[0]) if digits else 0


def _edits(one: str, other: str) -> int:
    """Return how many slips lie between two texts (optimal string alignment: Levenshtein's, and swaps)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        last, row, previous = row, [i], before
        for j, b in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]
