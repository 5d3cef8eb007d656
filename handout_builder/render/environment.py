"""The templates of ``layouts/``, and those that a brand puts before them, with Jinja2."""

import os
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from markupsafe import Markup

from handout_builder.errors import HandoutError, Problem, installation
from handout_builder.resources import LAYOUTS
from handout_builder.text import markdown

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand


def render(brand: "Brand | None", template: str, **values: Any) -> str:
    """Render a template of the brand's ``layouts/``, or of ours, with the values that it names.

    Raises HandoutError for a mistake in a template of the brand.
    """
    own = brand.layouts if brand else None
    if own is None:
        try:
            return _environment().get_template(template).render(**values)
        except TemplateError as error:
            raise installation(LAYOUTS / template, str(error).partition("\n")[0]) from error
    from handout_builder.render.sandbox import limits  # noqa: PLC0415  # only for templates of others

    try:
        with limits():
            text = _environment(own).get_template(template).render(**values)
        ElementTree.fromstring(text)  # noqa: S314  # no entities in our own templates; a brand's are refused
    except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise HandoutError([_blame(own, template, error)]) from error
    except ElementTree.ParseError as error:
        message = f"what the templates give is not well-formed: {error}"
        hint = "close every element (<br/>, not <br>), and write & as &amp;"
        raise HandoutError([Problem("template", message, own / template, hint=hint)]) from error
    return text


@cache
def _environment(own: Path | None = None) -> Environment:
    """Return the templates of ``layouts/``, those of a brand's folder before them.

    A brand's templates run in Jinja2's sandbox, and so do ours with them: they get the same values.
    """
    ours = FileSystemLoader(LAYOUTS)
    # A template of the brand extends the one that it hides by the name builtin/….
    layers = [FileSystemLoader(own)] if own else []
    environment = _kind(own)(
        loader=ChoiceLoader([*layers, PrefixLoader({"builtin": ours}), ours]) if own else ours,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=None if own else _bytecode_cache(),
    )
    environment.filters |= {
        "inline": lambda text: Markup(markdown.inline_html(text)),  # markdown-it escapes, HTML is off
        "plain": markdown.plain,
    }
    return environment


def _kind(own: Path | None) -> type[Environment]:
    if own is None:
        return Environment
    from handout_builder.render.sandbox import Sandbox  # noqa: PLC0415  # only for templates of others

    return Sandbox


def _bytecode_cache() -> BytecodeCache | None:
    """Keep compiled templates as Python keeps compiled modules, where and when it does so, too."""
    folder = LAYOUTS / "__pycache__"
    if sys.dont_write_bytecode or not os.access(LAYOUTS, os.W_OK):
        return None
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder), f"%s.{sys.implementation.cache_tag}.jinja")


def _blame(own: Path, template: str, error: Exception) -> Problem:
    """Return the problem of a brand's template, at the last line of its own that was run."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(own)]
    path, line = (Path(frames[-1].filename), frames[-1].lineno or 0) if frames else (own / template, 0)
    if isinstance(error, TemplateSyntaxError) and error.filename:
        path, line = Path(error.filename), error.lineno
    hint = "templates run in a sandbox; see docs/branding.md"
    return Problem("template", f"{error}".partition("\n")[0] or type(error).__name__, path, line, hint)
