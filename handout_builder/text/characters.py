"""Characters that no text may hold, in prose, names or labels: what is not seen, and what turns signs around."""

import re
import unicodedata
from collections.abc import Iterator

# Unicode's general categories (Unicode Standard, section 4.5): controls, formats (marks of direction, UAX 9, among
# them), surrogates, private use, unassigned, and the separators of lines and paragraphs.
_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
# Letters and marks that show nothing (Default_Ignorable_Code_Point): grapheme joiner, fillers of hangul, inherent
# vowels of Khmer, selectors of variants, for which our fonts have none.
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# Line ends and tabs are blanks to Markdown. A script that needs U+200C or U+200D to be written right would have them
# allowed here.
_ALLOWED = frozenset("\n\t")
# A soft hyphen says where a word may be broken; in a number it would make two of it, as other marks for breaks would.
_IN_A_WORD = re.compile(r"(?<=[^\W\d_])\u00ad(?=[^\W\d_])")
_PLAIN = re.compile(r"[ -~\n]*")
# No language of our fonts stacks more than three marks (Unicode Standard, 5.13); more run into the lines beside them.
_STACKED = re.compile("[\u0300-\u034e\u0350-\u036f\u1ab0-\u1ace\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]{5}")

# Selectors of variants, and what they follow: of ideographs (UTS #37), and of what can be text or a picture (UTS #51).
_IDEOGRAPHIC = re.compile("(.)([\ufe00-\ufe0d\U000e0100-\U000e01ef])")
_WIDE = frozenset("@MWmwÆŒæœ—…ЖМФШЩЫЮжмфшщыюΩω")
# How much wider these and other capitals are in our fonts than letters of sentences, and from what mean on it counts.
_WIDER, _CAPITAL, _SOME = 0.8, 0.3, 0.1
_PRESENTATION = re.compile("(?<=[#*0-9\u00a9\u00ae\u203c-\u3299])[\ufe0e\ufe0f]")

# What CJK Radicals Supplement stands for (Unicode, EquivalentUnifiedIdeograph.txt); NFKC knows the Kangxi radicals.
_PAIRS = """
⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺈刀 ⺉刂 ⺊卜 ⺋㔾 ⺌小 ⺎兀 ⺏尣 ⺐尢 ⺒巳 ⺓幺 ⺔彑 ⺕彐
⺖忄 ⺗心 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺟母 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺦丬 ⺧牛 ⺨犭 ⺩王
⺫目 ⺬示 ⺭礻 ⺯糹 ⺰纟 ⺱罓 ⺲罒 ⺶羊 ⺹耂 ⺺肀 ⺻聿 ⺼肉 ⺾艹 ⺿艹 ⻁虎 ⻂衤 ⻃覀 ⻄西
⻅见 ⻆角 ⻈讠 ⻉贝 ⻋车 ⻌辶 ⻍辶 ⻎辶 ⻏邑 ⻐钅 ⻑長 ⻒镸 ⻓长 ⻔门 ⻖阝 ⻗雨 ⻘青 ⻙韦
⻚页 ⻛风 ⻜飞 ⻝食 ⻟飠 ⻠饣 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯
⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀 ⻳龟
"""
_RADICALS = {pair[0]: pair[1] for pair in _PAIRS.split()}


def is_odd(character: str) -> bool:
    """Tell whether the character may stand in no text."""
    if character in _ALLOWED:
        return False
    return unicodedata.category(character) in _CATEGORIES or _IGNORABLE.match(character) is not None


def odd(text: str) -> Iterator[str]:
    """Yield each character that may not stand where it does, once, in order."""
    if _PLAIN.fullmatch(text):
        return
    if stack := _STACKED.search(text):
        yield stack.group()[-1]
    if text.isprintable() and not _IGNORABLE.search(text):
        return
    yield from filter(is_odd, dict.fromkeys(_IN_A_WORD.sub("", text)))


def told(character: str, text: str) -> tuple[str, str]:
    """Return what is wrong with an odd character of a text, and what to do."""
    for base, selector in _IDEOGRAPHIC.findall(text):
        if selector == character:
            message = f"behind '{base}' stands {name(character)}, which is not seen and chooses another form of it"
            return message, f"our fonts have one form of it for each language: delete it and write {base} anew"
    if unicodedata.combining(character):
        return f"five marks or more stand on one letter, with {name(character)} among them", "leave them out"
    return f"the character {name(character)} cannot be printed", "leave it out"


def without_presentation(text: str) -> str:
    """Return a text without the marks that choose between a sign and its picture: phones write ⚠ with one."""
    return _PRESENTATION.sub("", text) if "\ufe0e" in text or "\ufe0f" in text else text


def ordinary(character: str) -> str:
    """Return what is written instead of a radical or a form kept for other encodings; empty where there is nothing.

    Copies from PDFs are full of them: they look like the character, and are another.
    """
    other = _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    return other if other != character else ""


def name(character: str) -> str:
    """Return the code point of a character with its name where it has one: ``U+200F RIGHT-TO-LEFT MARK``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def is_blank(text: str) -> bool:
    """Tell whether nothing of the text is seen."""
    return all(character.isspace() or character == "\u00ad" for character in text)


def breadth(text: str) -> int:
    """Return how much room a text takes, in Latin letters."""
    return sum(2 if unicodedata.east_asian_width(character) in "FW" else 1 for character in text)


def wideness(text: str) -> float:
    """Return how much wider the letters of a text are than usual ones: 1 for those of sentences, more for capitals."""
    more = sum(_WIDER if letter in _WIDE else _CAPITAL if letter.isupper() else 0 for letter in text)
    return 1 + more / len(text) if more > _SOME * len(text) else 1.0


def shortened(text: str, most: int) -> str:
    """Return a text that takes at most as much room as some Latin letters, cut between words where it has any."""
    if breadth(text) <= most:
        return text
    end = next(n for n in range(len(text) - 1, -1, -1) if breadth(text[:n]) < most)
    words = text[:end].rpartition(" ")[0] if text[end : end + 1] != " " else text[:end]
    kept = words if breadth(words) >= most / 2 else text[:end]
    return f"{kept.rstrip(' ,;:–—-')}…"
