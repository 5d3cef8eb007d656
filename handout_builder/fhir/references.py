"""By what resources of a bundle are referred to: in it, at an address, inside one another, or by an identifier."""

import re
from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict

_HISTORY = re.compile(r"/_history/[^/]+$")
# The end of an address: type and id (FHIR R4, 2.3.0.1).
_TYPED = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})$")
_ANYWHERE = "…/"
"""Before type and id of a resource whose server is not told."""


class Read(BaseModel):
    """What is read of an element; what else it has is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


class Identifier(Read):
    """A number that others know a person by."""

    system: str = ""
    value: str = ""


class Reference(Read):
    """What refers to a resource."""

    reference: str = ""
    type: str = ""
    identifier: Identifier | None = None
    display: str = ""


def names(kind: str, ident: str, full_url: str, identifiers: Iterable[Identifier]) -> frozenset[str]:
    """Return what refers to a resource of a bundle: type and id, its address there, its identifiers."""
    found = {full_url} | {_numbered(one) for one in identifiers}
    if ident:
        found.add(f"{kind}/{ident}")
        if not full_url.startswith("http"):
            found.add(f"{_ANYWHERE}{kind}/{ident}")
    return frozenset(found - {""})


def inside(number: int, ident: str) -> frozenset[str]:
    """Return what refers to a resource that is contained in the entry of a number."""
    return frozenset({f"{number}#{ident}"} if ident else ())


def meant(reference: Reference, number: int) -> list[str]:
    """Return the names that a reference in the entry of a number may mean."""
    to = _HISTORY.sub("", reference.reference)
    found = [f"{number}{to}" if to.startswith("#") else to]
    if to.startswith("http") and (typed := _TYPED.search(to)):
        found.append(f"{_ANYWHERE}{typed[1]}/{typed[2]}")
    if reference.identifier:
        found.append(_numbered(reference.identifier))
    return [name for name in found if name]


def kind(reference: Reference, number: int, known: Mapping[str, str]) -> str:
    """Return the type of what is referred to, ``known`` by name; "" where nothing tells it."""
    if reference.type:
        return reference.type
    told = next((known[name] for name in meant(reference, number) if name in known), "")
    typed = _TYPED.search(_HISTORY.sub("", reference.reference))
    return told or (typed[1] if typed else "")


def _numbered(identifier: Identifier) -> str:
    return f"{identifier.system}|{identifier.value}" if identifier.value else ""
