"""Language tags (BCP 47) and the characters that cannot do without one."""

import re
import unicodedata

# Han, kana, bopomofo and hangul: the same code point has other shapes in China, Taiwan, Japan and
# Korea (Unicode Standard, section 18.1), so a run of them without a language is set wrong somewhere.
_CJK_RANGES = (
    "\u2e80-\u2fdf"  # radicals
    "\u3005-\u3007\u3021-\u3029\u3038-\u303b"  # iteration marks and numerals
    "\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff"  # kana, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # unified and compatibility ideographs
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"  # hangul
    "\uff66-\uff9d"  # half-width kana
    "\u3001-\u3004\u3008-\u3020\u3030\u303d\uff01-\uff65"  # punctuation, whose place in its square differs, too
    "\U00020000-\U0003ffff"  # supplementary ideographs
)
_CJK_RUN = re.compile(f"[{_CJK_RANGES}]+")
# Ranges beyond U+FFFF make a set slow (it is tried range by range): most texts are passed over with what it is not.
_FAR = re.compile("[^\u0000-\u10ff\u1200-\u2e7f]")

# Quotation marks, dots and dashes that Latin fonts draw narrow or high: beside Han they are as wide as Han.
_SHARED_MARKS = re.compile("[“”‘’…—·]")
_CJK_LANGUAGES = ("zh-Hans", "zh-Hant", "zh-HK", "ja", "ko")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-[a-z0-9]{5,8})*")
# Where Chinese is written without saying how: the script that goes with the region (CLDR, likely subtags).
_SIMPLIFIED, _HONG_KONG, _TAIWAN = ("CN", "SG", "MY"), ("HK", "MO"), ("TW",)
_SCRIPT, _REGION = 4, 2  # letters of each subtag (RFC 5646, section 2.1)
_OF_ONE_SCRIPT = {"ja": ("Jpan", "Hira", "Kana"), "ko": ("Kore", "Hang")}
_HOW = "zh-Hans (simplified) or zh-Hant (traditional)"
# What people write: names of countries, codes of ISO 639-2 where BCP 47 has a shorter one, and words.
_MEANT = {
    **dict.fromkeys(("jp", "jpn", "jap", "japanese"), "ja"),
    **dict.fromkeys(("kr", "kor", "korean"), "ko"),
    **dict.fromkeys(("cn", "chn", "chs", "zhs", "hans", "zh-chs", "simplified"), "zh-Hans"),
    **dict.fromkeys(("twn", "cht", "zht", "hant", "zh-cht", "traditional"), "zh-Hant"),
    **dict.fromkeys(("hk", "hkg", "cantonese"), "zh-HK"),
    **dict.fromkeys(("zh", "cmn", "zho", "chi", "chinese", "mandarin"), _HOW),
    **dict.fromkeys(("eng", "english", "us", "gb"), "en"),
    **dict.fromkeys(("deu", "ger", "german"), "de"),
    **dict.fromkeys(("fra", "fre", "french"), "fr"),
    **dict.fromkeys(("spa", "spanish", "sp"), "es"),
    **dict.fromkeys(("pinyin", "py"), "zh-Latn-pinyin"),
    "cz": "cs",
    "dk": "da",
    "gr": "el",
    "ua": "uk",
    "vn": "vi",
    "vie": "vi",
}
# Whole: a tag of two letters that is not here is none.
_ISO_639_1 = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en"
    " eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv"
    " ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne"
    " ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st"
    " su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
_TWO_LETTERS = frozenset(_ISO_639_1.split())
# Tones of pinyin that no romanization of Japanese or Korean has: acute, grave and caron.
_TONES = re.compile("[\u0300\u0301\u030c]")
# Scripts by the words of their characters' names (Unicode), and the language that each is written in.
_WRITTEN_IN = {"HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "BOPOMOFO": "zh-Hant"}


def canonical(tag: str) -> str:
    """Return a language tag as it is used here: zh-CN is zh-Hans, zh_TW is zh-Hant, zh-Hant-HK is zh-HK, ja-JP is ja.

    Case and underscores do not matter (RFC 5646, section 2.1.1). What is no tag, or does not say how Chinese is
    written, is returned in that form and no other.
    """
    first, *rest = re.split("[-_]", tag.strip())
    language = first.lower()
    parts = [part.title() if len(part) == _SCRIPT else part for part in rest]
    parts = [part.upper() if len(part) == _REGION else part for part in parts]
    parts = [part if len(part) in (_SCRIPT, _REGION) else part.lower() for part in parts]
    if language == "zh" and parts[:1] == ["yue"]:
        language, parts = "yue", parts[1:]
    if language in ("zh", "cmn", "yue") and "Latn" not in parts:
        if "Hans" in parts or (any(part in _SIMPLIFIED for part in parts) and "Hant" not in parts):
            return "zh-Hans"
        if language == "yue" or any(part in _HONG_KONG for part in parts):
            return "zh-HK"
        if "Hant" in parts or any(part in _TAIWAN for part in parts):
            return "zh-Hant"
    if all(part in _OF_ONE_SCRIPT.get(language, ()) or len(part) == _REGION for part in parts) and (
        language in _OF_ONE_SCRIPT
    ):
        return language
    return "-".join((language, *parts))


def meant(tag: str) -> str:
    """Return what to write instead of a tag that is none, or does not say enough; empty where it can stay."""
    known = canonical(tag)
    if is_cjk_language(known):
        return ""
    first = known.partition("-")[0]
    if guess := _MEANT.get(known) or ("" if "Latn" in known else _MEANT.get(first, "")):
        return guess
    if not is_tag(known) or (len(first) == _REGION and first not in _TWO_LETTERS):
        return "for example zh-Hans (simplified), zh-Hant (traditional), ja, ko, en"
    return ""


def lacks_script(tag: str) -> bool:
    """Tell whether a tag says that it is Chinese, and not how it is written, as many record systems do."""
    return meant(tag) == _HOW


def of_reading(reading: str, lang: str) -> str:
    """Return the language of how a name is read, from its letters and the name's language; empty if it is not clear."""
    scripts = {word for character in reading for word in unicodedata.name(character, "").split()}
    if written := [lang for script, lang in _WRITTEN_IN.items() if script in scripts]:
        return written[0]
    letters = [character for character in reading if character.isalpha()]
    if not letters or not all(unicodedata.name(letter, "").startswith("LATIN ") for letter in letters):
        return ""
    if lang.startswith("zh") or _TONES.search(unicodedata.normalize("NFD", reading)):
        return "zh-Latn-pinyin"
    return {"ja": "ja-Latn", "ko": "ko-Latn"}.get(lang, "")


def is_tag(text: str) -> bool:
    """Tell whether the text has the form of a language tag such as ``zh-Hans`` (RFC 5646, section 2.1)."""
    return _TAG.fullmatch(text) is not None


def is_cjk_language(tag: str) -> bool:
    """Tell whether runs in this language choose among regional glyph forms: zh-Hans, zh-Hant, zh-HK, ja, ko."""
    return tag in _CJK_LANGUAGES


def names_points(tag: str) -> bool:
    """Tell whether acupuncture points have names of their own in a language, and not the Chinese ones alone."""
    return is_cjk_language(tag) or tag == "vi"


def cjk_runs(text: str) -> list[str]:
    """Return the runs of Han, kana and hangul in the text with their punctuation, in order."""
    return _CJK_RUN.findall(text) if _FAR.search(text) else []


def cjk_characters(text: str) -> list[str]:
    """Return what a text in such a language has from its own font: the runs, and marks that Latin fonts have, too."""
    runs = cjk_runs(text)
    return [*runs, *_SHARED_MARKS.findall(text)] if runs else []
