"""The code to scan: addresses in ASCII, and QR codes as drawings."""

from functools import lru_cache

import segno
from markupsafe import Markup
from pydantic_core import Url

from handout_builder.tokens import tokens

# ISO/IEC 18004: four modules of white round the code; level M mends 15 % of damage.
_QUIET = 4
_LEVEL = "m"
# On a screen, in px.
_SHOWN = 144


def in_ascii(link: str) -> str:
    """Return an address as cameras read it whatever character set they guess: the host as A-labels, the rest as %XX.

    The URL Standard's way, with IDNA as in UTS 46 (ß stays ß). Raises ValueError for an address that is none.
    """
    return link if link.isascii() else str(Url(link))


def qr_code(text: str, *, quiet: bool) -> Markup:
    """Return a QR code as an inline drawing in black on white, one unit a module.

    ``quiet``: with the white zone that it needs round it; in print the paper is that zone.

    Black and white whatever the brand: cameras want the contrast (ISO/IEC 18004, 4.1).
    """
    rows = _modules(text)
    edge, path = _QUIET if quiet else 0, ""
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = next((n for n, module in enumerate(row[x:]) if not module), len(row) - x)
            if run:
                path += f"M{x + edge},{y + edge}h{run}v1h-{run}z"
            x += run or 1
    size = len(rows) + 2 * edge
    # Readers without our style sheet, and converters, take the size that it has itself.
    own = Markup(' width="{0}" height="{0}"').format(_SHOWN) if quiet else ""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}"{4} class="qr" aria-hidden="true">'
        '<path d="M0,0h{0}v{0}h-{0}z" fill="{2}"/><path d="{1}" fill="{3}"/></svg>'
    ).format(size, path, tokens()["qr-ground"], tokens()["qr"], own)


@lru_cache(maxsize=64)
def _modules(text: str) -> tuple[bytes, ...]:
    """Return the rows of a code, 1 for black; kept, as pages are laid out more than once, and its mask takes 10 ms."""
    return tuple(bytes(row) for row in segno.make_qr(text, error=_LEVEL).matrix)
