"""The catalogue of points: names, places, landmarks; the tables of ``source/points/``."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from handout_builder.content import point_codes
from handout_builder.content.schema.values import Model, Number, Whole

# A body from head to foot, in cun (WHO 2008).
_TALL = 75
BodyRegion = Literal[
    "head", "face", "ear-area", "neck", "shoulder", "upper-arm", "elbow", "forearm", "wrist", "hand", "chest",
    "abdomen", "upper-back", "lower-back", "sacrum", "hip", "thigh", "knee", "lower-leg", "ankle", "foot", "perineum",
]  # fmt: skip
"""The part of the body that a point lies in."""
Aspect = Literal[
    "anterior", "posterior", "medial", "lateral", "palmar", "dorsal", "radial", "ulnar", "plantar", "vertex"
]
"""Towards which side of the body it lies."""
FigureName = Literal[
    "head-front", "head-side", "head-back", "head-top", "neck-side", "torso-front", "torso-back", "torso-side",
    "shoulder-top", "arm-front", "arm-back", "arm-radial", "arm-ulnar", "hand-palm", "hand-back", "hand-ulnar",
    "hip-side", "leg-front", "leg-outer", "leg-inner", "leg-back", "foot-top", "foot-inner", "foot-outer", "foot-sole",
]  # fmt: skip
"""The figures that places are told in."""
PlaceKind = Literal["landmark", "on-line", "grid", "scalp", "nail", "between", "relative"]
"""How a place is told."""
StandardKind = Literal["landmark", "on-line", "grid", "scalp", "nail", "between", "relative", "described"]
"""How the standard tells it: in words alone, too."""
VERTEBRAE = tuple(f"{part}{n + 1}" for part, count in (("C", 7), ("T", 12), ("L", 5)) for n in range(count))
"""The vertebrae, from above to below; in a place each stands for the gap below its spinous process (WHO 2008)."""
PINYIN = "zh-Latn-pinyin"
"""The language of names in pinyin."""
ESTIMATE = "est"
"""The source of a number that is good enough to draw, and never printed as a measure."""
_LEVEL = r"^$|^[A-Za-z0-9-]+?([+-][0-9]+(\.[0-9]+)?|\.\.[A-Z][0-9]+)?$"
_LEVEL_PARTS = re.compile(r"(.+?)([+-][0-9]+(?:\.[0-9]+)?)?")


def _split(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


def _alternatives(value: object) -> object:
    return tuple(value.split("|")) if isinstance(value, str) else value


def _measures(value: object) -> object:
    pairs = tuple(tuple(word.split(":", 1)) for word in value.split()) if isinstance(value, str) else value
    if not isinstance(pairs, tuple) or any(len(pair) < 2 for pair in pairs):  # noqa: PLR2004  # a number and its source
        given = f"'{value}'" if isinstance(value, str) else "this"
        raise PydanticCustomError("value", "{given} is not valid", {"given": given, "hint": "cun:A offset:est"})
    return pairs


def _check_level(level: str) -> str:
    if not re.fullmatch(_LEVEL, level):
        hint = "a landmark or point, with cun above or below it: L2, navel-1.5; or a row of vertebrae: T1..L5"
        raise PydanticCustomError("value", "'{given}' is no level", {"given": level, "hint": hint})
    return level


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]
"""Words with blanks between them."""
FigureNames = Annotated[tuple[FigureName, ...], BeforeValidator(_split)]
"""Figures with blanks between them."""
Alternatives = Annotated[tuple[str, ...], BeforeValidator(_alternatives)]
"""One for each spot of a point with several, with | between them."""
Measures = Annotated[
    tuple[
        tuple[
            Literal["level", "cun", "fraction", "offset", "lateral"],
            Literal["A", "A-note", "B", "C", "own", "est"],
        ],
        ...,
    ],
    BeforeValidator(_measures),
]
"""Where each number of a place comes from."""


class StandardNames(Model):
    """A point's standard names; a name that no source gives is empty."""

    pinyin: Annotated[str, Field(min_length=1)]
    zh_hans: Annotated[str, Field(alias="zh-Hans", min_length=1)]
    zh_hant: Annotated[str, Field(alias="zh-Hant", min_length=1)]
    ja: str = ""
    kana: str = ""
    romaji: str = ""
    ko: str = ""
    ko_latn: Annotated[str, Field(alias="ko-Latn")] = ""
    vi: str = ""
    en: str = ""
    verified: Annotated[int, Field(ge=1, le=3), Whole]
    """How many independent lists give this name: see source/points/ORIGIN.md."""

    def written_in(self, lang: str) -> str:
        """Return the name as a language writes it; empty in those that have none, and where no source gives it."""
        own = {
            "zh-Hans": self.zh_hans, "zh-Hant": self.zh_hant, "zh-HK": self.zh_hant,
            "ja": self.ja, "ko": self.ko, "vi": self.vi,
        }  # fmt: skip
        return own.get(lang, "")

    def known_in(self, lang: str) -> tuple[tuple[str, str], tuple[str, str] | None]:
        """Return the name and its reading as readers of a language know it, each with its own language.

        Japanese names are read in kana, Korean and Vietnamese ones stand beside their Han. Where no source gives the
        name in the language, it is the Chinese one, in the characters that its readers know: traditional ones are
        nearer to the Japanese, Korean and Vietnamese Han. A reading that no source gives is None.
        """
        base = lang.partition("-")[0]
        if base == "ja" and self.ja:
            return (self.ja, "ja"), (self.kana, "ja") if self.kana else None
        if base in ("ko", "vi") and (written := self.written_in(base)):
            return (written, base), (self.zh_hant, "zh-Hant")
        if base in ("ja", "ko", "vi") or lang in ("zh-Hant", "zh-HK", "zh-TW"):
            return (self.zh_hant, "zh-Hant"), (self.pinyin, PINYIN)
        return (self.zh_hans, "zh-Hans"), (self.pinyin, PINYIN)

    def on_card(self, lang: str) -> dict[str, str]:
        """Return the name as a card of a handout in a language has it, as values of its file.

        A Japanese name whose reading no source gives is read in pinyin.
        """
        (text, text_lang), known = self.known_in(lang)
        reading, reading_lang = known or (self.pinyin, PINYIN)
        return {"text": text, "lang": text_lang, "reading": reading, "reading_lang": reading_lang}


class Landmark(Model):
    """A part of the body that can be felt or seen, by which places are told."""

    id: str
    kind: Literal["point", "line", "level"]
    term: Annotated[str, Field(min_length=1)]
    """What anatomists call it."""
    views: Annotated[tuple[Literal[FigureName, "none"], ...], BeforeValidator(_split)] = ()
    """The figures that show it; ``none`` for what no figure does."""
    name: str = ""
    """What it is called in the language of the catalogue."""
    find: str = ""
    """How to find it by touch, in that language."""


class UnitLine(Model):
    """A proportional measure of the body (WHO 2008, III.2)."""

    id: str
    start: Annotated[str, Field(alias="from", min_length=1)]
    end: Annotated[str, Field(alias="to", min_length=1)]
    cun: Annotated[float, Field(gt=0, le=_TALL), Number]
    """How many cun it has."""


class Place(Model):
    """Where a point is, as data (WHO 2008): what each column means stands in source/points/README.md.

    Distances are in cun: ``cun`` along the way from ``p`` to ``q``, ``offset_cun`` as a step after that,
    ``lateral_cun`` from the midline. Landmarks are those of landmarks.csv, or other points.
    """

    region: BodyRegion
    aspect: Aspect
    sides: Literal["both", "one"] = "both"
    """``one``: on the midline (two points of the mouth are on one side alone)."""
    count: Annotated[int, Field(ge=1, le=20), Whole] = 1
    """Spots on each side; in all where ``sides`` is one."""
    home: Literal[FigureName, ""] = ""
    """The figure in which the formula holds; none for what is not drawn."""
    views: FigureNames = ()
    kind: Annotated[StandardKind, Field(description="How the standard tells the place.")]
    formula: PlaceKind
    p: Alternatives = ()
    q: Alternatives = ()
    start: Annotated[Literal["p", "q"] | None, Field(alias="from")] = None
    cun: Annotated[float, Field(ge=0, le=_TALL), Number] | None = None
    fraction: Annotated[float, Field(gt=0, lt=1), Number] | None = None
    offset_cun: Annotated[float, Field(gt=0, le=_TALL), Number] | None = None
    offset_dir: Alternatives = ()
    level: Annotated[str, Field(json_schema_extra={"pattern": _LEVEL}), AfterValidator(_check_level)] = ""
    lateral_cun: Annotated[float, Field(ge=0, le=_TALL), Number] | None = None
    lateral_unit: str = ""
    cun_kind: Literal["B", "F", "FB", ""] = ""
    unit_line: str = ""
    line_cun: Annotated[float, Field(gt=0, le=_TALL), Number] | None = None
    measures_from: Measures = ()
    landmarks: Words = ()

    @property
    def row(self) -> tuple[str, ...]:
        """The vertebrae of a row, from above to below; none for another place."""
        first, _, last = self.level.partition("..")
        if not {first, last} <= set(VERTEBRAE):
            return ()
        return VERTEBRAE[VERTEBRAE.index(first) : VERTEBRAE.index(last) + 1]

    @property
    def level_name(self) -> str:
        """The landmark or point of the level."""
        parts = _LEVEL_PARTS.fullmatch(self.level)
        return parts[1] if parts else ""

    @property
    def level_cun(self) -> float:
        """How far above it the level is, in cun: positive upwards."""
        parts = _LEVEL_PARTS.fullmatch(self.level)
        return float(parts[2] or 0) if parts else 0.0

    @property
    def measures(self) -> Mapping[str, float]:
        """The distances in cun that words may name: level, cun, lateral, offset; no estimates."""
        estimated = {name for name, source in self.measures_from if source == ESTIMATE}
        known = {
            "level": abs(self.level_cun) or None,
            "cun": self.cun,
            "lateral": self.lateral_cun,
            "offset": self.offset_cun,
        }
        return {name: cun for name, cun in known.items() if cun is not None and name not in estimated}


class Point(Model):
    """One entry of the catalogue."""

    code: str
    names: StandardNames
    place: Place | None = None
    """None where no place has been verified."""
    press: Literal["yes", "gently", "ask", "no"] = "yes"
    """How patients may press it."""
    press_reason: str = ""
    cautions: tuple[str, ...] = ()
    caution_sources: Mapping[str, tuple[str, ...]] = {}
    verified: str = ""
    """Which sources agree on the place."""
    accuracy: Literal["exact-formula", "landmark", "estimate", ""] = ""
    note: str = ""
    """For editors: facts about the place, in English."""
    sources: tuple[str, ...] = ()
    where: str = ""
    """The place in the words of a language, with measures in braces; empty where words are made from the data."""
    short: str = ""
    """The same for a table."""
    landmarks: tuple[Landmark, ...] = ()
    """Those of its place, the first being the one to look for first."""
    own: bool = False
    """Whether an author added it, and no standard has it."""
    spots: tuple[tuple[float, float], ...] = ()
    """Where an author's own point lies in its home figure."""

    @property
    def meridian(self) -> str:
        """The meridian's code: BL, GV …, or EX for extra points."""
        return point_codes.letters(self.code).partition("-")[0]
