"""What pages may fetch: the product's own files, and those of some folders."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from handout_builder import source_files
from handout_builder.engine.session import File
from handout_builder.images.pixels import kind
from handout_builder.render.printing import LOGO, pictures
from handout_builder.render.product import Product
from handout_builder.svg_path_data import sound
from handout_builder.tokens import Theme, substitute

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand
    from handout_builder.brand.logo import Logo

_PATH_DATA = re.compile(r"""(\bd\s*=\s*["'])([^"']*)""")


def picture_files(product: Product) -> dict[str, File]:
    """Return the pictures of a product by the addresses that its pages have."""
    return {address: _file(product.pictures[name]) for name, address in pictures(product).items()}


def _file(picture: bytes) -> File:
    return File(picture, "image/svg+xml" if kind(picture) == "SVG" else "")


def brand_files(brand: "Brand", html: str, logo: "Logo | None") -> tuple[str, dict[str, File]]:
    """Return the rules that make the brand's typefaces known, and its files by address."""
    from handout_builder.brand import assets  # noqa: PLC0415  # only with a brand

    cut = assets.fonts(brand, html)
    files = {f"brand:{assets.font_name(face)}": File(asset.data, asset.media_type) for face, asset in cut.items()}
    if logo:
        picture = assets.picture(logo)
        files[LOGO] = File(picture.data, picture.media_type)
    return assets.font_rules(cut, "brand:"), files


def fetcher(folders: Sequence[Path], files: Mapping[str, File], theme: Theme) -> Callable[[str], File]:
    """Return what fetches from the given folders and the product's own files, and nothing else."""
    allowed = [folder.resolve() for folder in folders]

    def fetch(url: str) -> File:
        if file := files.get(url):
            return file
        parts = urlsplit(url)
        if parts.scheme != "file":
            raise ValueError(
                f"nothing is fetched by {parts.scheme}: put the picture into the brand's layouts, as a file"
            )
        path = Path(unquote(parts.path))
        try:
            real = source_files.real(path)
        except OSError as error:
            raise ValueError("its link leads nowhere") from error
        if parts.netloc or not any(real.is_relative_to(root) for root in allowed):
            raise ValueError("it lies outside the project")
        # By its own name, so that a link which leads elsewhere later is another file.
        data = source_files.read(real if ".." in path.parts else path)
        if real.suffix == ".svg":
            svg = substitute(data.decode("utf-8"), theme)
            return File(_PATH_DATA.sub(lambda match: match[1] + sound(match[2]), svg).encode(), "image/svg+xml")
        return File(data)

    return fetch
