"""Forms made from the JSON Schema of a model: one field for each key, in the kind that its values need."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from handout_builder.content.schema import Handout
from handout_builder.studio.document import Location, pointer

Kind = Literal[
    "text", "long", "number", "check", "select", "checks", "lines", "numbers", "table", "date", "colour",
    "group", "items", "yaml",
]  # fmt: skip
# Texts of these names run over several lines.
_LONG = frozenset(
    (
        *("text", "description", "caption", "answer", "use", "where", "remark", "added", "evidence", "note"),
        *("disclaimer", "invitation", "readers_involved", "start", "credit"),
    )
)
# What has its words in one line, whatever they are called.
_LINES = frozenset(("Heading", "Name"))
# Keys that may be left out, and that most who write such a thing give: they are shown at once.
_OFTEN: Mapping[str, tuple[str, ...]] = {
    "Exercise": ("start", "hold", "reps", "sets", "times_a_day", "stop"),
    "Figure": ("caption", "size"),
    "Notice": ("kind",),
    "Diary": ("weeks",),
    "List": ("numbered",),
    "PointCard": ("use", "remark"),
    "Table": ("caption",),
    "Quote": ("by",),
    "Video": ("link",),
    "SideList": ("heading",),
}
_CELL = " | "
# What is pasted from word processors has a tab between cells, and before the items of a list a sign, or a number and a
# tab.
_CELLS = re.compile(r"[|\t]")
_SIGN = re.compile(
    r"^[ \t\u00a0]*(?:[•‣◦▪\uf0b7\uf0a7\uf0d8][ \t\u00a0]*|[-–—o*§·●○■□➢✓]\t[ \t\u00a0]*|(\d{1,2})[.)]\t[ \t\u00a0]*)",
    re.MULTILINE,
)
TODO = "TODO:"
"""What a text begins with that is still to be written."""
_NO_WORDS = frozenset(("brand", "code", "points", "id", "image", "include"))
# An address as people type it.
_SITE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?")
_NUMBERS = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")


def is_to_write(value: Any) -> bool:
    """Tell whether a text is still to be written."""
    return str(value).startswith(TODO)


@dataclass(frozen=True)
class Field:
    """A field of a form, with what stands in it."""

    place: Location
    kind: Kind
    name: str
    """The key, by which the interface has words for it."""
    value: Any = ""
    about: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    fields: tuple["Field", ...] = field(default=())
    """Of a group its fields, of items those of each, in groups."""
    new: Any = None
    """What a new item begins as."""
    usual: bool = False
    """What a check is where the file says nothing."""
    web: bool = False
    """Whether it takes an address of the web: one without https:// gets it."""
    often: bool = False
    """Whether most who write such a thing give it, although it may be left out."""
    alone: bool = False
    """Of checks, whether a single one stands for a list of one."""

    @property
    def pointer(self) -> str:
        """Its name in the form."""
        return pointer(self.place)

    @property
    def id(self) -> str:
        """Its id on the page."""
        return "f" + self.pointer.replace("/", "-")

    def leaves(self) -> Iterator["Field"]:
        """Yield the fields that hold values, itself or those in it."""
        if self.kind in ("group", "items"):
            for one in self.fields:
                yield from one.leaves()
        else:
            yield self

    def parsed(self, texts: Iterable[str]) -> Any:
        """Return what was typed as a value; None for nothing, which takes the key out."""
        given = [text.replace("\r\n", "\n") for text in texts]
        text = given[-1] if given else ""
        match self.kind:
            case "check":
                checked = text == "true"
                return None if checked == self.usual else checked
            case "checks":
                chosen = [one for one in given if one]
                return chosen[0] if self.alone and len(chosen) == 1 else chosen or None
            case "lines":
                return [line for row in text.split("\n") if (line := _SIGN.sub("", row).strip())] or None
            case "table":
                return [[cell.strip() for cell in _CELLS.split(row)] for row in text.split("\n") if row.strip()] or None
            case "numbers":
                found = [_number(one) for one in _NUMBERS.findall(text)]
                return (found[0] if len(found) == 1 and not self.choices else found) if found else None
            case "number":
                return _number(text) if _NUMBERS.fullmatch(text.strip()) else text.strip() or None
            case _:
                # A blank at the end is where the next word will be.
                text = _SIGN.sub(_as_markdown, text).rstrip(" ") if self.kind == "long" else text.strip()
                text = f"https://{text}" if self.web and _SITE.fullmatch(text) else text
                return text if text.strip() or self.required else None

    @property
    def texts(self) -> list[str]:
        """What a form sends where nobody has touched the field."""
        if self.kind == "check":
            return ["true"] if self.value else []
        return list(self.value) if self.kind == "checks" else [str(self.value)]


@cache
def handout_schema() -> Mapping[str, Any]:
    """Return the schema of a handout's file."""
    return Handout.model_json_schema()


@cache
def brand_schema() -> Mapping[str, Any]:
    """Return the schema of a brand's file."""
    from handout_builder.brand.schema import BrandFile  # noqa: PLC0415  # for the place Brand alone

    return BrandFile.model_json_schema()


def keys(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys of all objects of a schema, in the order in which files have them."""
    objects = [schema, *schema.get("$defs", {}).values()]
    # What says of which type a block is, and what it is called by, stands first.
    first = ("type", "id", "code", "title", "subtitle", "heading", "name", "term", "question")
    return tuple(dict.fromkeys((*first, *(key for one in objects for key in one.get("properties", {})))))


def block_types() -> Mapping[str, Mapping[str, Any]]:
    """Return the schemas of all types of blocks."""
    schema = handout_schema()
    mapping = schema["$defs"]["Section"]["properties"]["blocks"]["items"]["discriminator"]["mapping"]
    return {name: _resolved({"$ref": ref}, schema) for name, ref in mapping.items()}


def block_form(value: Mapping[str, Any], place: Location) -> tuple[Field, ...]:
    """Return the fields of a block; none for a block of a type that there is not."""
    own = block_types().get(str(value.get("type")))
    return form(own, handout_schema(), value, place, skip=("type",)) if own else ()


def form(
    own: Mapping[str, Any],
    schema: Mapping[str, Any],
    value: Mapping[str, Any],
    place: Location,
    skip: Iterable[str] = (),
) -> tuple[Field, ...]:
    """Return the fields of an object."""
    title, required = own.get("title", ""), own.get("required", ())
    often = _OFTEN.get(title, ())
    fields = (
        replace(
            _field(name, part, schema, value.get(name), (*place, name), required=name in required), often=name in often
        )
        for name, part in own.get("properties", {}).items()
        if name not in skip
    )
    return tuple(replace(one, kind="text") if one.kind == "long" and title in _LINES else one for one in fields)


def empty(own: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new object with what it must have, as far as that can be known; the rest is told as missing."""
    made: dict[str, Any] = {}
    for name in own.get("required", ()):
        part = _resolved(own["properties"][name], schema)
        if "const" in part:
            made[name] = part["const"]
        elif part.get("enum"):
            made[name] = part["enum"][0]
        elif part.get("type") == "string" or "anyOf" in part:
            made[name] = ""
        elif part.get("type") == "array":
            item = _resolved(part.get("items", {}), schema)
            made[name] = [empty(item, schema) if item.get("type") == "object" else ""] * max(1, part.get("minItems", 1))
        elif part.get("type") == "object":
            made[name] = empty(part, schema)
    return made


def begun(value: Any, label: Callable[[str], str], name: str = "") -> Any:
    """Return a new object with words where an author's are to stand: pages can be made of it, and tell what is missing.

    ``label`` gives what a key is called. What no words can stand for, such as codes of points, is left empty.
    """
    if isinstance(value, dict):
        return {key: begun(one, label, key) for key, one in value.items()}
    if isinstance(value, list):
        return [begun(one, label, name) for one in value]
    if value == "" and name == "lang":
        return "zh-Hans"
    return f"{TODO} {label(name)}" if value == "" and name not in _NO_WORDS else value


def _field(
    name: str, part: Mapping[str, Any], schema: Mapping[str, Any], value: Any, place: Location, *, required: bool
) -> Field:
    about, default = part.get("description", ""), part.get("default")
    part = _resolved(part, schema)
    about = about or (part.get("description", "") if part.get("type") != "object" else "")
    common: dict[str, Any] = {"about": about, "required": required}
    if part.get("type") == "object" and "properties" in part:
        inside = form(part, schema, value if isinstance(value, dict) else {}, place)
        return Field(place, "group", name, value, fields=inside, **common)
    if part.get("type") == "array":
        return _array(name, part, schema, value, place, common)
    shown = default if value is None and part.get("type") == "boolean" else value
    kind, more = _single(name, part, schema)
    if kind in ("text", "long") and (isinstance(value, dict | list) or not _takes_text(part, schema)):
        return Field(place, "yaml", name, value, **common)
    text = _shown(shown, kind)
    if kind == "check":
        more = {"usual": bool(default)}
    return Field(place, kind, name, text, **common, **more)


def _array(
    name: str, part: Mapping[str, Any], schema: Mapping[str, Any], value: Any, place: Location, common: dict[str, Any]
) -> Field:
    item = _resolved(part.get("items", {}), schema)
    values = _list(value)
    if item.get("enum"):
        return Field(place, "checks", name, [str(one) for one in values], choices=tuple(item["enum"]), **common)
    if item.get("type") == "object":
        if not all(isinstance(one, dict) for one in values):
            return Field(place, "yaml", name, value, **common)
        groups = tuple(
            Field((*place, i), "group", name, one, fields=form(item, schema, one, (*place, i)))
            for i, one in enumerate(values)
        )
        return Field(place, "items", name, value, fields=groups, new=empty(item, schema), **common)
    if item.get("type") == "array":
        rows = [[str(cell) for cell in row] for row in values if isinstance(row, list)]
        return Field(place, "table", name, "\n".join(map(_CELL.join, rows)), **common)
    if item.get("type") in ("number", "integer") or "prefixItems" in part:
        return Field(place, "numbers", name, " ".join(map(str, values)), choices=("list",), **common)
    if all(isinstance(one, str) and "\n" not in one for one in values):
        return Field(place, "lines", name, "\n".join(values), **common)
    return Field(place, "yaml", name, value, **common)


def _single(name: str, part: Mapping[str, Any], schema: Mapping[str, Any]) -> tuple[Kind, dict[str, Any]]:
    """Return the kind of a field of one value, and what else is known of it."""
    forms = [_resolved(one, schema) for one in part.get("anyOf", ())]
    for one in forms:
        if one.get("type") == "array" and one.get("items", {}).get("enum"):
            return "checks", {"choices": tuple(one["items"]["enum"]), "alone": True}
        if one.get("type") == "array" and one.get("items", {}).get("type") in ("integer", "number"):
            return "numbers", {}
    if part.get("enum"):
        return "select", {"choices": tuple(map(str, part["enum"]))}
    if part.get("type") == "boolean":
        return "check", {}
    if part.get("type") in ("integer", "number"):
        return "number", {"least": part.get("minimum"), "most": part.get("maximum")}
    if part.get("format") == "date":
        return "date", {}
    if str(part.get("pattern", "")).startswith("^https"):
        return "text", {"web": True}
    return ("long" if name in _LONG else "text"), {}


def _takes_text(part: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    """Tell whether what is typed can be a value of a part; objects without fields of their own are written as YAML."""
    kinds = {_resolved(one, schema).get("type") for one in part.get("anyOf", (part,))}
    return not kinds <= {"object", "array"}


def _resolved(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a part with references followed, and without the choice of having none."""
    while True:
        if "$ref" in part:
            part = schema["$defs"][part["$ref"].rpartition("/")[2]]
            continue
        choices = [one for one in part.get("anyOf", ()) if one.get("type") != "null"]
        if len(choices) == 1:
            part = choices[0]
            continue
        objects = [one for one in choices if "$ref" in one]
        if choices and len(objects) == 1 and all(one.get("type") == "string" for one in choices if one not in objects):
            # A short form of one text stands for an object.
            return {"anyOf": choices}
        return part


def _shown(value: Any, kind: Kind = "text") -> Any:
    if kind == "checks":
        return [str(one) for one in _list(value)]
    if kind == "numbers":
        return " ".join(map(str, _list(value)))
    if kind == "check":
        return bool(value)
    return "" if value is None else str(value)


def _as_markdown(sign: re.Match[str]) -> str:
    return f"{sign[1]}. " if sign[1] else "- "


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
