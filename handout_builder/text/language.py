"""Language tags (BCP 47) and the characters that cannot do without one."""

import re

# Han, kana, bopomofo and hangul: the same code point has other shapes in China, Taiwan, Japan and
# Korea (Unicode Standard, section 18.1), so a run of them without a language is set wrong somewhere.
_CJK_RANGES = (
    "\u2e80-\u2fdf"  # radicals
    "\u3005-\u3007\u3021-\u3029\u3038-\u303b"  # iteration marks and numerals
    "\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff"  # kana, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # unified and compatibility ideographs
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"  # hangul
    "\uff66-\uff9d"  # half-width kana
    "\U00020000-\U0003ffff"  # supplementary ideographs
)
_CJK_RUN = re.compile(f"[{_CJK_RANGES}]+")

_CJK_LANGUAGES = ("zh-Hans", "zh-Hant", "zh-HK", "ja", "ko")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-[a-z0-9]{5,8})*")


def is_tag(text: str) -> bool:
    """Tell whether the text has the form of a language tag such as ``zh-Hans`` (RFC 5646, section 2.1)."""
    return _TAG.fullmatch(text) is not None


def is_cjk_language(tag: str) -> bool:
    """Tell whether runs in this language choose among regional glyph forms: zh-Hans, zh-Hant, zh-HK, ja, ko."""
    return tag in _CJK_LANGUAGES


def cjk_runs(text: str) -> list[str]:
    """Return the runs of Han, kana and hangul in the text, in order."""
    return _CJK_RUN.findall(text)
