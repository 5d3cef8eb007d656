"""The texts of a model that readers see: one after another, or with each of them written otherwise."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from typing import Any, TypeVar, get_args

from pydantic import BaseModel

from handout_builder.content import schema

M = TypeVar("M", bound=BaseModel)
Change = Callable[[str], str]

# What readers see of a model are the fields of these types.
_MARKDOWN = (get_args(schema.Markdown)[-1], get_args(schema.Cell)[-1])
_WORDS = (get_args(schema.Label)[-1],)


def prose(model: BaseModel) -> Iterator[str]:
    """Yield every text of a model that readers see as Markdown, in the order of its keys."""
    read = _fields(type(model), _MARKDOWN)
    for name in type(model).model_fields:
        for value in _leaves(getattr(model, name)):
            if isinstance(value, BaseModel):
                yield from prose(value)
            elif name in read and isinstance(value, str):
                yield value


def rewritten(model: M, markdown: Change, words: Change) -> M:
    """Return a model with its texts in Markdown, and its words without, changed; itself where none is."""
    kind = type(model)
    changes = dict.fromkeys(_fields(kind, _WORDS), words) | dict.fromkeys(_fields(kind, _MARKDOWN), markdown)

    def changed(value: Any, change: Change | None) -> Any:
        if isinstance(value, BaseModel):
            return rewritten(value, markdown, words)
        if isinstance(value, list | tuple):
            return type(value)(changed(part, change) for part in value)
        if isinstance(value, dict):
            return {key: changed(part, change) for key, part in value.items()}
        return change(value) if change and isinstance(value, str) else value

    given = ((name, getattr(model, name)) for name in kind.model_fields)
    new = {name: changed(value, changes.get(name)) for name, value in given}
    update = {name: value for name, value in new.items() if value != getattr(model, name)}
    return model.model_copy(update=update) if update else model


@cache
def keys(kind: type[BaseModel]) -> frozenset[str]:
    """Return the keys under which a file of a kind has texts that readers see, in any of its parts."""
    parts = _models(kind, set())
    return frozenset().union(*(_fields(part, (*_MARKDOWN, *_WORDS)) for part in parts))


def _models(annotation: Any, found: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """Return the models that an annotation is made of, and those of their fields."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in found:
        found.add(annotation)
        for field in annotation.model_fields.values():
            _models(field.annotation, found)
    for part in get_args(annotation):
        _models(part, found)
    return found


def _leaves(value: Any) -> Iterator[Any]:
    return chain.from_iterable(map(_leaves, value)) if isinstance(value, list | tuple) else iter((value,))


@cache
def _fields(model: type[BaseModel], kinds: tuple[Any, ...]) -> frozenset[str]:
    """Return the fields of a model that hold texts of some kinds."""
    fields = model.model_fields.items()
    return frozenset(name for name, field in fields if {*kinds} & {*field.metadata} or _holds(field.annotation, kinds))


def _holds(annotation: Any, kinds: tuple[Any, ...]) -> bool:
    return any(part in kinds or _holds(part, kinds) for part in get_args(annotation))
