"""The pages that Print has shown last, kept beside the project: at the next start they are there at once."""

import hashlib
import json
from pathlib import Path
from typing import Any

from handout_builder import watching
from handout_builder.builder.fingerprints import Reader
from handout_builder.orders import Order
from handout_builder.studio.jobs import PageFacts, Rendered
from handout_builder.studio.project import Project

_FACTS, _PDF = "pages.json", "pages.pdf"


def keep(project: Project, order: Order, made: Rendered) -> None:
    """Keep the pages of an order, with what they were made of."""
    pdf = made.files["pdf"]
    facts = {
        "made_of": _made_of(order),
        "pdf": hashlib.sha256(pdf).hexdigest(),
        "pages": made.pages,
        "read": [[str(path), *signature] for path, signature in made.read.items()],
    }
    project.keep(_PDF, pdf)
    project.keep(_FACTS, json.dumps(facts).encode())


def kept(project: Project, order: Order) -> Rendered | None:
    """Return the pages of an order; None where others are kept, or what they were made of is not what it was."""
    try:
        facts: Any = json.loads((project.state / _FACTS).read_text("utf-8"))
        pdf = (project.state / _PDF).read_bytes()
        read = {Path(path): (int(time), int(size), int(number)) for path, time, size, number in facts["read"]}
        pages = tuple(
            PageFacts(str(digest), float(width), float(height), tuple(map(str, headings)))
            for digest, width, height, headings in facts["pages"]
        )
        fits = facts["pdf"] == hashlib.sha256(pdf).hexdigest() and watching.signatures(read) == read
        if not fits or facts["made_of"] != _made_of(order):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Rendered(pages, {"pdf": pdf}, read=read)


def _made_of(order: Order) -> str:
    """Return the digest of what is the program's own in the pages of an order, and of what was asked for."""
    key = Reader().target(order, order.editions[0], "pdf", strict=False, proof=False).key
    return f"{order.folder} {key}"
