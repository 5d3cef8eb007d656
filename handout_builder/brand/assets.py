"""What a brand adds to one product: its fonts cut to the text, its logo, its style sheets."""

from dataclasses import dataclass

from handout_builder import source_files
from handout_builder.brand.loader import Brand, Face
from handout_builder.brand.logo import Logo
from handout_builder.content.yaml_reader import read_text
from handout_builder.resources import LAYOUTS
from handout_builder.tokens import Theme, substitute
from handout_builder.typefaces import clinic_font

_LOGO_TYPES = {"png": "image/png", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """A file that is made for a product, not read from a folder."""

    data: bytes
    media_type: str


def fonts(brand: Brand, text: str, *, book: bool = False) -> dict[Face, Asset]:
    """Return the brand's fonts with the characters of the text; for a book, headings only and if they allow it."""
    characters = set(text)
    chosen = [f for f in brand.faces if not book or (f.use == "heading" and f.font.embeds_in_book)]
    cut = {face: clinic_font.cut(face.font, characters, face.family, face.weight) for face in chosen}
    return {face: Asset(data, "font/ttf") for face, data in cut.items()}


def font_name(face: Face) -> str:
    """Return the file name of a font in a product."""
    return f"brand-{face.use}-{face.weight}.ttf"


def font_rules(cut: dict[Face, Asset], folder: str) -> str:
    """Return the rules that make the fonts known to a style sheet, at addresses that begin with ``folder``."""
    return "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight};'
        f" src: url({folder}{font_name(face)}); }}\n"
        for face in cut
    )


def picture(logo: Logo) -> Asset:
    """Return a logo as a file."""
    return Asset(logo.data, _LOGO_TYPES[logo.kind])


def print_css(brand: Brand) -> str:
    """Return the brand's own rules for the print: its ``layouts/print.css``, where there is one."""
    return _own_css(brand, "print.css")


def book_css(brand: Brand, theme: Theme, *, headings: bool) -> str:
    """Return the rules that a brand adds to the book."""
    ours = ["brand.css", "heading.css"] if headings else ["brand.css"]
    css = "".join((LAYOUTS / "epub" / name).read_text("utf-8") for name in ours)
    return substitute(css, theme) + _own_css(brand, "book.css")


def _own_css(brand: Brand, name: str) -> str:
    path = brand.layouts / name if brand.layouts else None
    return read_text(path) if path and source_files.exists(path) else ""
