"""Pictures of a document that come along: those inside it, and files beside it."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from handout_builder import source_files
from handout_builder.content.pictures import MOST_BYTES
from handout_builder.images import pixels
from handout_builder.images.pictures import for_readers

_ENDINGS = {"PNG": "png", "JPEG": "jpg", "WebP": "webp", "AVIF": "avif", "SVG": "svg", "HEIC": "heic"}
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# All of them, and how many: a handout has no room for more.
_MOST_TOGETHER = 200_000_000
_MOST = 100


class Pictures:
    """The pictures of one document."""

    def __init__(self, folder: Path, inside: dict[str, bytes]) -> None:
        """Take the folder that the document lies in, and the pictures inside it, by address."""
        self._folder = folder
        self._inside = inside
        self._names: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        """The pictures that are kept, by their names in the handout's folder."""

    def kept(self, address: str) -> tuple[str, str]:
        """Return the name under which a picture comes along, or an empty one and the reason why it does not."""
        if address in self._names:
            return self._names[address], ""
        data, why = self._read(address)
        if data is None:
            return "", why
        if len(self.files) >= _MOST or sum(map(len, self.files.values())) + len(data) > _MOST_TOGETHER:
            return "", "too many pictures, or too large ones"
        try:
            for_readers(data)
        except pixels.PixelsError as error:
            return "", f"it {error.message}"
        ending = _ENDINGS.get(pixels.kind(data), "png")
        stem = _NOT_IN_NAMES.sub("-", PurePosixPath(unquote(address)).stem.lower()).strip("-")[:40] or "picture"
        name, number = f"{stem}.{ending}", 1
        while name in self.files or stem == "original":
            number += 1
            name = f"{stem}-{number}.{ending}"
            if name not in self.files:
                break
        self.files[name] = data
        self._names[address] = name
        return name, ""

    def _read(self, address: str) -> tuple[bytes | None, str]:
        if address in self._inside:
            return self._inside[address], ""
        if _ADDRESS.match(address) or address.startswith("//"):
            return None, "nothing is fetched from the web"
        path = self._folder / unquote(address.partition("?")[0].partition("#")[0])
        try:
            if source_files.leads_out(path, self._folder):
                return None, "it lies outside the folder of the document"
            return source_files.read(path, MOST_BYTES), ""
        except source_files.TooLargeError:
            return None, f"it has more than {MOST_BYTES // 1_000_000} MB"
        except (OSError, ValueError) as error:
            return None, f"it cannot be read: {getattr(error, 'strerror', None) or 'no such name'}"
