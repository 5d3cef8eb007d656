"""The templates of ``layouts/``, and those that a brand puts before them, with Jinja2."""

import os
import sys
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from handout_builder.content.yaml_reader import read_text
from handout_builder.errors import HandoutError, Problem, installation
from handout_builder.render.template_output import HINT, Finding, unsafe
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
        root = ElementTree.fromstring(text)  # noqa: S314  # no entities in our own templates; a brand's are refused
    except ElementTree.ParseError as error:
        message = f"what the templates give is not well-formed: {error}"
        hint = "close every element (<br/>, not <br>), and write & as &amp;"
        raise HandoutError([Problem("template", message, own / template, hint=hint)]) from error
    except HandoutError:
        raise
    except Exception as error:  # whatever a template leads our functions and Python's to
        raise HandoutError([_blame(own, template, error)]) from error
    if findings := list(unsafe(root)):
        raise HandoutError(template_problem(own, template, finding) for finding in dict.fromkeys(findings))
    return text


def template_problem(own: Path, template: str, finding: Finding) -> Problem:
    """Return the problem of what a brand's templates gave, at the line that says it, where one of them does."""
    for path in sorted(path for path in own.rglob("*") if path.suffix in (".html", ".xhtml") and _is_inside(path, own)):
        for number, line in enumerate(read_text(path).splitlines(), 1):
            if finding.excerpt and finding.excerpt in line:
                return Problem("template", finding.message, path, number, finding.hint)
    return Problem("template", finding.message, own / template, hint=finding.hint)


@cache
def _environment(own: Path | None = None) -> Environment:
    """Return the templates of ``layouts/``, those of a brand's folder before them.

    A brand's templates run in Jinja2's sandbox, and so do ours with them: they get the same values.
    """
    ours = FileSystemLoader(LAYOUTS)
    # A template of the brand extends the one that it hides by the name builtin/….
    layers = [_OwnTemplates(own)] if own else []
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


class _OwnTemplates(BaseLoader):
    """A brand's own templates: files that truly lie in its folder, wherever links lead."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get_source(self, _: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text, its path, and what tells whether the file is still the same."""
        path = self._folder / template
        if "\0" in template or not _is_inside(path, self._folder):
            raise SecurityError(f"'{template}' lies outside the brand's layouts")
        if not path.is_file():
            raise TemplateNotFound(template)
        stamp = _stamp(path)
        return read_text(path), str(path), lambda: _stamp(path) == stamp


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


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
    message = str(error).partition("\n")[0]
    if isinstance(error, TemplateNotFound):
        message = f"there is no template '{error.name}'"
    elif isinstance(error, RecursionError):  # its own words differ by where it happens
        message = "templates or macros call one another without end"
    elif not isinstance(error, TemplateError) and type(error) is not LookupError:
        message = f"{type(error).__name__}: {message}"
    return Problem("template", message, path, line, HINT)
