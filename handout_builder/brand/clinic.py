"""What a clinic tells its patients in one language: the lines of letterhead, contact panel, foot and colophon."""

import re
from dataclasses import dataclass, field

from markupsafe import Markup

from handout_builder.brand.loader import Brand
from handout_builder.brand.qr_code import in_ascii, qr_code
from handout_builder.brand.schema import Practitioner, Words
from handout_builder.content import schema

# Characters that fit in the left part of the foot.
_FOOT_LINE = 62


@dataclass(frozen=True)
class Clinic:
    """A brand as the templates see it."""

    brand: Brand = field(repr=False)
    words: Words
    invitation: str
    """Markdown: the author's words for this brand, else the clinic's own; may be empty."""

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
        return self.brand.letterhead if shown else "off"

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
        return re.sub(r"^https?://|/$", "", link)

    def qr(self, *, quiet: bool) -> Markup:
        """Return the code to scan: the booking page, else the web site; empty when there is none.

        ``quiet``: with the white zone that it needs round it; in print the paper is that zone.
        """
        link = self.booking or self.web
        return qr_code(in_ascii(link), quiet=quiet) if link else Markup("")


def clinic(brand: Brand, handout: schema.Handout, lang: str) -> Clinic:
    """Return a brand in the language of a handout, with the author's invitation to it where there is one."""
    words = brand.file.defaults.handout.texts.get(lang, Words())
    blocks = (block for section in handout.sections for block in section.blocks)
    own = next((b.text for b in blocks if isinstance(b, schema.Invitation) and b.brand == brand.name), "")
    return Clinic(brand, words, own or words.invitation)
