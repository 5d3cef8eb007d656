"""What the figures were made from: a digest of it stands beside them, so that a change of lines is not forgotten."""

import hashlib
from importlib.metadata import version
from pathlib import Path

FILE = "made-from.txt"
# Other versions round otherwise: by 0.1 to 0.4 mm.
_PACKAGES = ("numpy", "scipy", "scikit-image", "shapely", "numba")


def digest(folder: Path) -> str:
    """Return the SHA-256 of all hand-drawn lines and of the code that draws; ``folder`` is that of the figures."""
    whole = hashlib.sha256()
    for path in sorted([*folder.glob("lines/*"), *folder.glob("body_figures/*.py")]):
        data = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()} {len(data)}\n".encode() + data)
    return whole.hexdigest()


def told(folder: Path) -> str:
    """Return what is written beside figures that were all made: the digest, and the versions of what computed them."""
    packages = "".join(f"{name} {version(name)}\n" for name in _PACKAGES)
    return f"{digest(folder)}\n{packages}"
