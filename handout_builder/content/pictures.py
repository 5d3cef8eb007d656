"""Picture files of authors: which are usable, and what is wrong with the others."""

from collections.abc import Sequence
from pathlib import Path

from handout_builder import source_files
from handout_builder.errors import suggestion

MOST_BYTES = 50_000_000
"""The most bytes of one picture: what 50 million pixels take as a good JPEG, three times over."""
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".svg", ".heic")


def broken_picture(folder: Path, name: str) -> tuple[str, str] | None:
    """Return why the picture ``name`` in ``folder`` cannot be used, and what to do; or None when it can."""
    from handout_builder.images.pictures import for_readers  # noqa: PLC0415  # most handouts have no picture file
    from handout_builder.images.pixels import FORMATS, PixelsError  # noqa: PLC0415

    hint = f"put a {FORMATS} file, or an SVG drawing, into the handout's folder and give its name"
    try:
        path = source_files.found(folder, name)
        if not source_files.real(path).is_relative_to(folder.resolve()):
            return f"the picture '{name}' lies outside the handout's folder", hint
        if not path.is_file():
            message = f"there is no picture '{name}' in the handout's folder" if name else "no picture is named here"
            return message, _near(folder, name) or hint
        for_readers(source_files.read(path, MOST_BYTES))
    except source_files.TooLargeError:
        return f"the picture '{name}' has more than {MOST_BYTES // 1_000_000} MB", "export it smaller"
    except PixelsError as error:
        return f"the picture '{name}' {error.message}", error.hint
    except (OSError, ValueError) as error:
        return f"the picture '{name}' cannot be read: {getattr(error, 'strerror', None) or 'no such name'}", hint
    return None


def _near(folder: Path, name: str) -> str:
    """Return a hint at the picture in a folder that may be meant by a name; empty where there is none."""
    there = (one.name for one in folder.iterdir() if one.suffix.lower() in _PICTURES)
    return suggestion(name, [one for one in there if one != name])


def read(folder: Path, name: str) -> tuple[bytes, list[str]]:
    """Return a usable picture as readers get it, and what was left out of it, one line each."""
    from handout_builder.images.pictures import for_readers  # noqa: PLC0415  # most handouts have no picture file

    return for_readers(source_files.read(source_files.found(folder, name), MOST_BYTES))


def part(data: bytes, crop: Sequence[float]) -> bytes | None:
    """Return a part of a picture, told by left, top, width and height in percent; None of a drawing."""
    from handout_builder.images.pictures import cropped  # noqa: PLC0415  # most handouts have no picture file

    return cropped(data, crop)
