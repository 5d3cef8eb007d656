"""What a brand's file may hold: Posit's brand.yml, read as it is, and what a clinic adds to it.

The format leaves two places open. Facts about the clinic stand in ``meta`` (address, phone, hours, …), wishes for
the handouts and words by language in ``defaults.handout``. Keys of brand.yml that a handout has no use for are
passed over, so that a file made for Quarto works. Specification: https://posit-dev.github.io/brand-yml/.

The models are our own, not those of the package ``brand_yml``: see docs/ARCHITECTURE.md.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from handout_builder import css_lengths
from handout_builder.content.schema import EmergencyNumber, Language, Marks, Model, Whole
from handout_builder.editions import Paper
from handout_builder.text import characters
from handout_builder.text.addresses import wrong_address, wrong_mailbox, wrong_phone


class Open(BaseModel):
    """A part of brand.yml: keys that are not used here belong to other programs."""

    # A telephone number of digits alone is a number to YAML.
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True, coerce_numbers_to_str=True)
    nulls: ClassVar[bool] = False
    """Whether a key without a value is told of; else it is one that was not given, as to brand.yml."""

    @model_validator(mode="before")
    @classmethod
    def _given(cls, value: Any) -> Any:
        """Leave out keys that have no value."""
        whole = cls.nulls or not isinstance(value, dict)
        return value if whole else {key: item for key, item in value.items() if item is not None}


def _lines(value: Any) -> Any:
    """Take a text of several lines as a list of lines; of keys and values, as files of others have them, the values."""
    value = list(value.values()) if isinstance(value, dict) else value
    value = str(value) if isinstance(value, int) else value
    return [line.strip() for line in value.splitlines() if line.strip()] if isinstance(value, str) else value


def _days(value: Any) -> Any:
    """Take opening hours by day as lines; in other forms they are lines already."""
    if not isinstance(value, dict):
        return value
    lists = {day: hours if isinstance(hours, list) else [hours] for day, hours in value.items()}
    return [_day(day, hours) for day, hours in lists.items()]


def _day(day: Any, hours: list[Any]) -> Any:
    """Return the line of a day; of hours that are no text, what is none of them, which is told."""
    odd = next((part for part in hours if not isinstance(part, str | int)), "")
    return f"{day}: {', '.join(map(str, hours))}" if odd == "" else odd


def _under(key: str, kind: Any) -> BeforeValidator:
    """Take a single text as the one that stands under ``key`` of ``kind``: brand.yml's short forms."""

    def take(value: Any) -> Any:
        return {key: value} if isinstance(value, str) else value

    return BeforeValidator(take, json_schema_input_type=str | kind)


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _leads(wrong: Callable[[str], str], example: str) -> AfterValidator:
    """Return a check that an address leads somewhere, as the example does; an empty one is none."""

    def check(text: str) -> str:
        if text and (reason := wrong(text)):
            told = {"text": text, "reason": reason, "hint": f"for example {example}"}
            raise PydanticCustomError("value", "'{text}' is not valid: {reason}", told)
        return text

    return AfterValidator(check)


def _seen(text: str) -> str:
    """Refuse blanks alone; a text of nothing is one that was not given."""
    if text and characters.is_blank(text):
        raise PydanticCustomError("blank", "nothing of this text is seen", {"hint": "write words, or leave it out"})
    return text


# In mm: text begins at 16 mm without any, and half a page is more than any letterhead has.
_ROOM = (20.0, 120.0)
Lines = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_seen)]],
    Field(max_length=12),
    BeforeValidator(_lines, json_schema_input_type=str | list[str]),
]


def _form(pattern: str, hint: str) -> AfterValidator:
    """Return a check of a text's form, with a hint of what is wanted."""

    def check(text: str) -> str:
        if text and not re.fullmatch(pattern, text):
            raise PydanticCustomError("value", "'{text}' is not valid", {"text": text, "hint": hint})
        return text

    return AfterValidator(check)


def _colour(value: Any) -> Any:
    """Take the colour for light screens of a pair, if it has one; of a colour without quotes nothing is left."""
    if isinstance(value, dict):
        value = value.get("light") or value.get("dark", "")
    if value is None:
        hint = 'quote it: "#1b5466"; without quotes # begins a comment'
        raise PydanticCustomError("brand-colour", "the colour is empty", {"hint": hint})
    return value


Link = Annotated[
    str, Field(pattern=r"^https?://[^\s<>\"]+$", max_length=150), _leads(wrong_address, "https://www.example.com")
]


class BrandName(Open):
    """The clinic's name."""

    full: Annotated[
        str, Field(max_length=120, description="The name as it is printed at the top."), AfterValidator(_seen)
    ] = ""
    short: Annotated[
        str, Field(max_length=60, description="A short form for the foot of each page."), AfterValidator(_seen)
    ] = ""


class Links(Open):
    """Addresses of the clinic on the web."""

    home: Annotated[Link | None, Field(description="The clinic's web site.")] = None
    booking: Annotated[Link | None, Field(description="Where patients book: becomes the QR code.")] = None


class Practitioner(Open):
    """Someone who treats patients."""

    name: Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_seen)]
    credentials: Annotated[
        str, Field(max_length=120, description="Titles and registrations, as they are."), AfterValidator(_seen)
    ] = ""


class Meta(Open):
    """Who the clinic is, and how to reach it."""

    name: Annotated[BrandName, _under("full", BrandName)] = BrandName()
    link: Annotated[Links, Field(validation_alias=AliasChoices("link", "links")), _under("home", Links)] = Links()
    address: Annotated[Lines, Field(description="The address, one line each.")] = []
    phone: Annotated[
        str,
        Field(max_length=40, description="As people dial it."),
        _form(r"[0-9+() ./-]+", "digits, blanks, + ( ) . / -"),
        _leads(wrong_phone, "+49 30 1234567"),
    ] = ""
    email: Annotated[
        str,
        Field(max_length=80),
        _form(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+", "an address such as hello@example.com"),
        _leads(wrong_mailbox, "hello@example.com"),
    ] = ""
    hours: Annotated[Lines, BeforeValidator(_days), Field(description="Opening hours, one line each.")] = []
    practitioner: Annotated[
        list[Annotated[Practitioner, _under("name", Practitioner)]],
        Field(max_length=6),
        BeforeValidator(_as_list, json_schema_input_type=str | Practitioner | list[str | Practitioner]),
    ] = []


class LogoFile(Open):
    """A picture and what it shows, in words."""

    path: Annotated[
        str, Field(min_length=1, description="A file in the brand's folder: PNG, JPEG, SVG or PDF; or one of `images`.")
    ]
    alt: Annotated[str, Field(max_length=200), AfterValidator(_seen)] = ""


class LogoPair(Open):
    """A logo for light grounds and one for dark grounds."""

    light: Annotated[LogoFile | None, _under("path", LogoFile)] = None
    dark: Annotated[LogoFile | None, _under("path", LogoFile)] = None


def _one_or_pair(value: Any) -> Any:
    """Take a name or a file as the logo for light grounds."""
    if isinstance(value, str):
        value = {"path": value}
    return {"light": value} if isinstance(value, dict) and "path" in value else value


Logos = Annotated[LogoPair, BeforeValidator(_one_or_pair, json_schema_input_type=str | LogoFile | LogoPair)]


class LogoSet(Open):
    """Logos by size; ``images`` gives files names that the sizes may use."""

    images: dict[str, Logos] = {}
    small: Logos = LogoPair()
    medium: Logos = LogoPair()
    large: Logos = LogoPair()


def _one_or_set(value: Any) -> Any:
    """Take a single logo as the one of middle size."""
    single = isinstance(value, str) or (
        isinstance(value, dict) and not value.keys().isdisjoint(("path", "light", "dark"))
    )
    return {"medium": value} if single else value


Colour = Annotated[str, BeforeValidator(_colour, json_schema_input_type=str | dict[str, str])]
"""A CSS colour, a name in the palette, or another colour's; of a pair, the one for light screens."""


class Colours(Open):
    """The palette, and what its colours are for."""

    nulls: ClassVar[bool] = True
    palette: dict[str, Colour] = {}
    primary: Annotated[Colour, Field(description="The clinic's main colour.")] = ""
    secondary: Annotated[Colour, Field(description="A second colour, for the tint and for points on the midline.")] = ""
    # Handouts use none of these, but those above may name one.
    tertiary: Colour = ""
    foreground: Colour = ""
    background: Colour = ""
    success: Colour = ""
    info: Colour = ""
    warning: Colour = ""
    danger: Colour = ""
    light: Colour = ""
    dark: Colour = ""
    emphasis: Colour = ""
    link: Colour = ""


class FontFilePart(Open):
    """One file of a typeface."""

    path: Annotated[str, Field(min_length=1)]


class Font(Open):
    """A typeface: only ``source: file`` can be used, as nothing is fetched from the internet."""

    family: str
    source: str = "system"
    files: Annotated[
        list[Annotated[FontFilePart, _under("path", FontFilePart)]],
        BeforeValidator(_as_list, json_schema_input_type=str | FontFilePart | list[str | FontFilePart]),
    ] = []

    @property
    def comes_from(self) -> str:
        """Where the files are, if not in the brand's folder."""
        if self.source != "file" or not self.files:
            return self.source
        return next((part.path for part in self.files if "://" in part.path), "")


class Setting(Open):
    """How a kind of text is set."""

    family: str = ""
    weight: int | str | None = None
    color: Annotated[Colour, Field(description="Of headings: a colour, or the name of one.")] = ""


class Typography(Open):
    """Typefaces and where they are used."""

    fonts: list[Annotated[Font, _under("family", Font)]] = []
    base: Annotated[Setting, _under("family", Setting)] = Setting()
    headings: Annotated[Setting, _under("family", Setting)] = Setting()


class Words(Model):
    """The clinic's own words in one language."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    invitation: Annotated[
        str, Field(max_length=300, description="One or two sentences; Markdown."), AfterValidator(_seen)
    ] = ""
    disclaimer: Annotated[
        str, Field(max_length=400, description="Printed below the contact; ours stays."), AfterValidator(_seen)
    ] = ""
    address: Annotated[Lines, Field(description="Instead of meta.address.")] = []
    hours: Annotated[Lines, BeforeValidator(_days), Field(description="Instead of meta.hours.")] = []


def _off(value: Any) -> Any:
    """Take YAML's false as off: older parsers read the word so."""
    return "off" if value is False else value


def _told(value: Any) -> Any:
    """Take a number for its digits: a length without its unit is told as what it is."""
    return str(value) if type(value) is int else value


def _room(text: str) -> str:
    """Check the room for a head that is printed on the paper already."""
    try:
        room = css_lengths.value(text) if re.fullmatch(r"[0-9.]+ ?(mm|cm|in)", text) else 0.0
    except ValueError:
        room = 0.0
    if text and not _ROOM[0] <= room <= _ROOM[1]:
        hint = f"a length such as 45mm, from {_ROOM[0]:.0f}mm to {_ROOM[1]:.0f}mm"
        raise PydanticCustomError("value", "'{text}' is no room for a letterhead", {"text": text, "hint": hint})
    return text.replace(" ", "")


class Press(Model):
    """The printing condition of the clinic's print shop."""

    profile: Annotated[str, Field(min_length=1, description="An ICC profile of a CMYK press, in the brand's folder.")]
    condition: Annotated[
        str, Field(min_length=1, max_length=60, description="Its name, for example FOGRA51."), AfterValidator(_seen)
    ]
    ink_limit: Annotated[int, Field(ge=200, le=400, description="The most that all inks may cover, in %."), Whole] = 300


class HandoutDefaults(Model):
    """Wishes for handouts: the key ``defaults.handout``."""

    letterhead: Annotated[
        Literal["auto", "line", "band", "wash", "off"],
        BeforeValidator(_off, json_schema_input_type=Literal["auto", "line", "band", "wash", "off", False]),
        Field(description="auto chooses by the colours; line and off save ink."),
    ] = "auto"
    space: Annotated[
        str,
        BeforeValidator(_told, json_schema_input_type=str),
        AfterValidator(_room),
        Field(description="From the edge of the paper to the text, for a head that is printed there: 45mm."),
    ] = ""
    paper: Annotated[Paper | None, Field(description="letter: every edition in US sizes.")] = None
    typography: Annotated[
        Marks | None,
        Field(description="smart: marks as the language has them, in handouts that do not say otherwise."),
    ] = None
    wordmark: Annotated[bool, Field(description="The logo is the name: it is not repeated beside it.")] = False
    lang: Annotated[Language | None, Field(description="The language of Han, kana or hangul in name and address.")] = (
        None
    )
    emergency: Annotated[
        EmergencyNumber | None,
        Field(description="Whom patients call in an emergency; before the handout's."),
    ] = None
    press: Annotated[Press | None, Field(description="For the edition press, instead of FOGRA39.")] = None
    texts: Annotated[dict[Language, Words], Field(description="Words by language, for example en.")] = {}


class Defaults(Open):
    """Settings for programs; ours is ``handout``."""

    handout: HandoutDefaults = HandoutDefaults()


class BrandFile(Model):
    """A brand: the file ``_brand.yml``."""

    meta: Meta = Meta()
    logo: Annotated[
        LogoSet, BeforeValidator(_one_or_set, json_schema_input_type=str | LogoFile | LogoPair | LogoSet)
    ] = LogoSet()
    color: Colours = Colours()
    typography: Typography = Typography()
    defaults: Defaults = Defaults()

    @model_validator(mode="before")
    @classmethod
    def _given(cls, value: Any) -> Any:
        """Leave out parts that have no value."""
        return {key: part for key, part in value.items() if part is not None} if isinstance(value, dict) else value

    def logos(self) -> LogoPair:
        """Return the logo for the page: the middle size, else the large, else the small one."""
        for pair in (self.logo.medium, self.logo.large, self.logo.small):
            if pair.light or pair.dark:
                return LogoPair(light=self._named(pair.light), dark=self._named(pair.dark))
        return next(iter(self.logo.images.values()), LogoPair())

    def _named(self, logo: LogoFile | None) -> LogoFile | None:
        """Return the file that a name in ``images`` stands for."""
        if logo is None or logo.path not in self.logo.images:
            return logo
        image = self.logo.images[logo.path].light or self.logo.images[logo.path].dark
        return LogoFile(path=image.path, alt=logo.alt or image.alt) if image else None

    def with_words(self, lang: str, words: Words) -> "BrandFile":
        """Return the file with other words of the clinic's in a language."""
        return self._with(texts={**self.defaults.handout.texts, lang: words})

    def on_paper(self, paper: Paper) -> "BrandFile":
        """Return the file with another paper."""
        return self._with(paper=paper)

    def _with(self, **update: Any) -> "BrandFile":
        handout = self.defaults.handout.model_copy(update=update)
        return self.model_copy(update={"defaults": self.defaults.model_copy(update={"handout": handout})})

    def colour(self, name: Literal["primary", "secondary"]) -> str:
        """Return a colour as it was given, names resolved; empty where there is none."""
        return self.resolved(str(getattr(self.color, name)) or self.color.palette.get(name, ""))

    def resolved(self, value: str) -> str:
        """Return the colour that a name stands for: the palette's, else one of the brand's colours; else the value.

        Names that lead round in a circle end at one of them, which is no colour.
        """
        own = {name: str(getattr(self.color, name)) for name in Colours.model_fields if name != "palette"}
        for scope in (self.color.palette, own) * (len(self.color.palette) + len(own)):
            value = scope.get(value) or value
        return value
