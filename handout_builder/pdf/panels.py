"""The panels of a leaflet that is folded twice: which page stands on each, and which are left empty."""

from collections.abc import Iterator, Sequence

from handout_builder.pdf.layout_faults import Fault, Kind

NAMES = ("cover", "inside left", "flap", "inside middle", "inside right", "back")
"""What they are called, in the order in which they are read; the flap is the one that is folded in."""
COUNT = len(NAMES)
# A panel has one subject, where there is room for that, or what is left of the text; a cover has a title.
_MOSTLY_EMPTY = 2 / 3


def placed(pages: int, back: int = 0) -> dict[int, int]:
    """Return the page, from 1, that stands on each panel, from 1 in reading order; panels without a page are left out.

    The page ``back``, the last one if it is not given, stands on the back, whatever is missing before it or follows it.
    """
    back = max(back or pages, 2)
    on = dict(enumerate((number for number in range(1, pages + 1) if number != back), 1))
    return on | ({COUNT: back} if back <= pages else {})


def empty(shares: Sequence[float], back: int = 0) -> Iterator[Fault]:
    """Yield a fault for each panel but the cover that is left empty: ``shares`` of their heights are used on pages."""
    on = placed(len(shares), back)
    for number, name in enumerate(NAMES[1:], 2):
        bare = 1 - shares[on[number] - 1] if number in on else 1.0
        if bare > _MOSTLY_EMPTY:
            yield Fault(Kind.PANEL, number, f"{round(100 * bare)} % of the {name} panel is empty", "", "")
