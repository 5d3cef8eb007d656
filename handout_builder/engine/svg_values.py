"""Values in drawings read once: WeasyPrint 70 reads them anew for each element, those that are not there, too.

Of one element's twenty values most are lengths, lists and references that other elements have as well. The functions
that read them give the same for the same.
"""

from functools import lru_cache
from typing import Any

from handout_builder.engine.styles_and_boxes import Replace

# Longer values are data of paths, each of which is another.
_LONGEST = 80
_MOST = 2000


def install(weasyprint: Any, replace: Replace) -> None:
    """Make WeasyPrint read no value of a drawing a second time."""
    utils = weasyprint.svg.utils
    original = utils.normalize
    short = lru_cache(maxsize=_MOST)(original)

    def normalize(string: str | None) -> Any:
        return short(string) if not string or len(string) < _LONGEST else original(string)

    replace(utils, "normalize", normalize)
    replace(utils, "size", lru_cache(maxsize=_MOST)(utils.size))
    replace(utils, "parse_url", lru_cache(maxsize=_MOST)(utils.parse_url))
