"""What a clinic tells its patients in one language: the lines of letterhead, contact panel, foot and colophon."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from markupsafe import Markup

from handout_builder.brand.loader import Brand
from handout_builder.brand.qr_code import in_ascii, qr_code
from handout_builder.brand.schema import Practitioner, Words
from handout_builder.content import schema
from handout_builder.text import addresses
from handout_builder.text.characters import breadth

# Characters that fit in the left part of the foot.
_FOOT_LINE = 62
# Characters that fit in a line of the letterhead's right part, set in the size of the text or in small letters; and in
# one of the two columns of the contact panel. Han count twice.
_REACH_LINE, _REACH_SMALL, _COLUMN = 22, 28, 24


@dataclass(frozen=True)
class Clinic:
    """A brand as the templates see it."""

    brand: Brand = field(repr=False)
    words: Words
    invitation: str
    """Markdown: the author's words for this brand, else the clinic's own; may be empty."""
    folded: bool = False
    """Whether the paper is folded: such paper has no head printed on it."""

    @property
    def name(self) -> str:
        """The full name, or whatever name there is."""
        return self.brand.file.meta.name.full or self.brand.file.meta.name.short

    @property
    def short(self) -> str:
        """The short name, where there is one."""
        return self.brand.file.meta.name.short or self.name

    def foot_name(self, beside: str) -> str:
        """Return the short name where it fits in a line of the foot of a page beside some words, else nothing."""
        return self.short if len(f"{self.short} | {beside}") <= _FOOT_LINE else ""

    @property
    def letterhead(self) -> str:
        """Which letterhead is printed: line, band, wash, or off; off when there is nothing to show."""
        meta = self.brand.file.meta
        shown = self.brand.logo or self.name or meta.phone or meta.link.home
        own = "line" if self.folded and self.brand.file.defaults.handout.space else self.brand.letterhead
        return own if shown else "off"

    @property
    def preprinted(self) -> bool:
        """Whether the paper has a head already, and room is left for it."""
        return "letterhead-space" in dict(self.brand.colours) and not self.folded

    @property
    def wordmark(self) -> bool:
        """Whether the logo says the name."""
        return self.brand.file.defaults.handout.wordmark and self.brand.logo is not None

    @property
    def address(self) -> list[str]:
        """The lines of the address."""
        return self.words.address or self.brand.file.meta.address

    @property
    def hours(self) -> list[str]:
        """The lines of the opening hours."""
        return self.words.hours or self.brand.file.meta.hours

    @property
    def phone(self) -> str:
        """The telephone number, as people dial it."""
        return self.brand.file.meta.phone

    @property
    def tel(self) -> str:
        """The same as an address (RFC 3966), without the "(0)" that is not dialled from abroad."""
        abroad = self.phone.replace("(0)", "") if self.phone.startswith("+") else self.phone
        return "tel:" + re.sub(r"[^0-9+]", "", abroad)

    @property
    def email(self) -> str:
        """The e-mail address."""
        return self.brand.file.meta.email

    @property
    def practitioners(self) -> list[Practitioner]:
        """Those who treat patients."""
        return self.brand.file.meta.practitioner

    @property
    def web(self) -> str | None:
        """The web site."""
        return self.brand.file.meta.link.home

    @property
    def web_above(self) -> str:
        """The web site as the letterhead shows it; empty where it is too long for a line: it is in the panel, too."""
        shown = self.shown(self.web or "")
        return shown if breadth(shown) <= _REACH_SMALL else ""

    @property
    def small_above(self) -> bool:
        """Whether it takes small letters there."""
        return breadth(self.web_above) > _REACH_LINE

    @property
    def has_long_words(self) -> bool:
        """Whether a word is too long for one of two columns in the contact panel."""
        links = [self.email, "" if self.books_there else self.shown(self.web or "")]
        parts = [part for link in links for part in self.parts(link)]
        return self.has_long_names or any(map(_too_long, parts)) or _holds_long((*self.address, *self.hours))

    @property
    def has_long_names(self) -> bool:
        """Whether a word in the names of the clinic and its people is too long to stand beside the code."""
        people = (text for person in self.practitioners for text in (person.name, person.credentials))
        return _holds_long((self.name, *people))

    def parts(self, address: str) -> list[str]:
        """Return the parts of an address that stay whole: one that is short, else what is between its joints."""
        return addresses.parts(address) if _too_long(address) else [address]

    @property
    def booking(self) -> str | None:
        """Where patients book."""
        return self.brand.file.meta.link.booking

    @property
    def books_there(self) -> bool:
        """Whether the booking page belongs to the web site: one address then says both."""
        return bool(self.booking and self.web and self.booking.startswith(self.web))

    @property
    def disclaimer(self) -> str:
        """The clinic's own remark; Markdown."""
        return self.words.disclaimer

    @property
    def says_something(self) -> bool:
        """Whether there is anything for a contact panel."""
        ways = (self.phone, self.email, self.web, self.booking, self.address, self.hours, self.practitioners)
        return bool(self.invitation or self.disclaimer or any(ways))

    def shown(self, link: str) -> str:
        """Return an address as people read it: ``www.example.com``."""
        return addresses.shown(link)

    def qr(self, *, quiet: bool) -> Markup:
        """Return the code to scan: the booking page, else the web site; empty when there is none.

        ``quiet``: with the white zone that it needs round it; in print the paper is that zone.
        """
        link = self.booking or self.web
        return qr_code(in_ascii(link), quiet=quiet) if link else Markup("")


def _too_long(word: str) -> bool:
    return breadth(word) > _COLUMN


def _holds_long(texts: Iterable[str]) -> bool:
    """Tell whether a word is too long for a column; hyphens may end a line."""
    return any(_too_long(word) for text in texts for word in re.split(r"[\s\u2010-]+", text))


def clinic(brand: Brand, handout: schema.Handout, lang: str, *, folded: bool = False) -> Clinic:
    """Return a brand in the language of a handout, with the author's invitation to it where there is one."""
    words = brand.file.defaults.handout.texts.get(lang, Words())
    own = next((b.text for b in handout.blocks if isinstance(b, schema.Invitation) and b.brand == brand.name), "")
    return Clinic(brand, words, own or words.invitation, folded)
