"""Elements of laid-out pages: their classes, and what their pictures are called."""

from xml.etree.ElementTree import Element

SVG = "{http://www.w3.org/2000/svg}"
"""The namespace of drawings, as it stands before the names of elements."""


def classes(element: Element) -> list[str]:
    """Return the classes of an element."""
    return (element.get("class") or "").split()


def picture_name(picture: Element) -> str:
    """Return what a picture is called: its title, description, address, id or class, the first that it has."""
    title = picture.findtext(f"{SVG}title")
    return title or next((value for name in ("alt", "src", "id", "class") if (value := picture.get(name))), "?")
