"""Pictures of authors on laid-out pages, brought down to as many pixels as their printed size needs."""

import io
from collections.abc import Collection
from math import ceil
from typing import Any

from PIL import Image

from handout_builder.units import PX_PER_INCH

DPI = 300
"""What a good printer shows of a picture; more only makes the file larger."""
# With fewer pixels than this too many, a picture is not drawn anew.
_WORTH = 1.05


def bring_down(document: Any, addresses: Collection[str]) -> None:
    """Give the pictures at these addresses, in a laid-out document, the pixels of their largest printed size."""
    printed: dict[int, tuple[Any, float, float]] = {}
    for box in (box for page in document.pages if addresses for box in page._page_box.descendants()):
        image, element = getattr(box, "replacement", None), box.element
        if element is not None and element.get("src") in addresses and hasattr(image, "image_data"):
            _, width, height = printed.get(id(image), (image, 0.0, 0.0))
            printed[id(image)] = image, max(width, box.width), max(height, box.height)
    for image, width, height in printed.values():
        most = (ceil(width * DPI / PX_PER_INCH), ceil(height * DPI / PX_PER_INCH))
        if image.width > most[0] * _WORTH and image.height > most[1] * _WORTH:
            _replace(image, most)


def _replace(image: Any, most: tuple[int, int]) -> None:
    """Exchange the pixels of one of WeasyPrint's images; its place on the page was decided before."""
    from handout_builder.images.pictures import fitted  # noqa: PLC0415  # most handouts have no picture file

    data = fitted(image.image_data.data, most)
    with Image.open(io.BytesIO(data)) as small:
        image.width, image.height = small.size
        if small.mode == "P":  # of the image it knows that it is RGB, and looks no more
            out = io.BytesIO()
            small.convert("RGB").save(out, "PNG")
            data = out.getvalue()
    image.image_data = image.cache_image_data(data)
