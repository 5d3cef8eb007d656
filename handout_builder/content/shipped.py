"""What is known of the program's own tables and shared texts: that they are right, as the tests look at all of them.

Their digests stand in ``shipped.sha256``, in the form of the command sha256sum. From tables of exactly these contents
a build takes the rows that it needs; of any other content, every row is checked.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DIGESTS = Path(__file__).with_suffix(".sha256")
"""Where they stand; written anew by the test of this module with UPDATE_GOLDEN=1."""


def is_unchanged(path: Path, text: str) -> bool:
    """Tell whether the text of a file is that of the program's own file of this name."""
    return _digests().get(path.name) == digest(text)


def digest(text: str) -> str:
    """Return the SHA-256 digest of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _digests() -> Mapping[str, str]:
    lines = DIGESTS.read_text("ascii").splitlines() if DIGESTS.is_file() else ()
    return {Path(name).name: found for found, _, name in (line.partition("  ") for line in lines)}
