"""Picture files of authors: which are usable, and what is wrong with the others."""

import io
from pathlib import Path

from handout_builder import source_files

_FORMATS = ("PNG", "JPEG")
# 50 million pixels are an A3 page at 500 dpi; beyond it a small file can fill the memory.
_MOST_PIXELS = 50_000_000
MOST_BYTES = 50_000_000
"""The most bytes of one picture: what 50 million pixels take as a good JPEG, three times over."""


def broken_picture(folder: Path, name: str) -> str | None:
    """Return why the picture ``name`` in ``folder`` cannot be used, or None when it can."""
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return f"the picture '{name}' lies outside the handout's folder"
        if not path.is_file():
            return f"there is no picture '{name}' in the handout's folder"
        data = source_files.read(path, MOST_BYTES)
    except source_files.TooLargeError:
        return f"the picture '{name}' has more than {MOST_BYTES // 1_000_000} MB"
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        return f"the picture '{name}' cannot be read: {getattr(error, 'strerror', None) or 'no such name'}"
    return _unreadable(data, name)


def _unreadable(data: bytes, name: str) -> str | None:
    from PIL import Image, ImageFile, UnidentifiedImageError  # noqa: PLC0415  # most handouts have no picture file

    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False  # WeasyPrint switches it on
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            width, height = image.size
            if width * height > _MOST_PIXELS:
                return f"the picture '{name}' has {width} × {height} pixels, more than 50 million"
            image.load()
    except UnidentifiedImageError:
        return f"the picture '{name}' is neither PNG nor JPEG"
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        return f"the picture '{name}' is damaged: {error}"
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    return None


def ending(data: bytes) -> str:
    """Return ``png`` or ``jpg`` by what a picture is, whatever its name says."""
    return "png" if data.startswith(b"\x89PNG") else "jpg"
