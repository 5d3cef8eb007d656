"""The templates of ``layouts/``, and those that a brand puts before them, with Jinja2."""

import hashlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from handout_builder import source_files
from handout_builder.atomic_files import write_all
from handout_builder.content.yaml_reader import read_text
from handout_builder.errors import HandoutError, Problem, installation
from handout_builder.render.template_output import HINT, Finding, named_twice, unsafe, unseen
from handout_builder.resources import LAYOUTS
from handout_builder.text import markdown
from handout_builder.text.east_asian import in_a_row

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand

FILTERS: Mapping[str, Callable[..., str]] = {
    "inline": lambda text: Markup(markdown.inline_html(text)),  # markdown-it escapes, HTML is off
    "strong": lambda text: Markup(markdown.strong_html(text)),
    "plain": markdown.plain,
    "in_a_row": in_a_row,
}
"""What templates may pass texts through, beside Jinja2's own filters."""
_MISSING = re.compile(r"'handout_builder[\w.]* object' has no attribute '(\w+)'")
"""How Jinja2 tells of a name that our values do not have."""
_MODULES = re.compile(r"\b(?:handout_builder|jinja2|markupsafe)\.(?:\w+\.)*(?=\w)")
_CLASS = re.compile(r"<class '(\w+)'>")
"""How Python tells of types: whoever writes templates knows none of our modules."""
_BUILTIN = "builtin/"
# Bytes of a SHA-256 digest.
_DIGEST = 32


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
    from handout_builder.render.sandbox import limited  # noqa: PLC0415  # only for templates of others

    text = ""
    try:
        text = limited(lambda: _environment(own).get_template(template).render(**values))
        root = ElementTree.fromstring(text)  # noqa: S314  # no entities in our own templates; a brand's are refused
    except ElementTree.ParseError as error:
        message = f"what the templates give is not well-formed: {error}"
        hint = "close every element (<br/>, not <br>), and write & as &amp;"
        excerpt = re.split("\r\n?|\n", text)[error.position[0] - 1].strip()  # lines as XML counts them
        raise HandoutError([template_problem(own, template, Finding(message, excerpt, hint))]) from error
    except HandoutError:
        raise
    except UnicodeEncodeError as error:  # half a character, which templates can write with an escape alone
        half = f"\\u{ord(error.object[error.start]):04x}"
        finding = Finding(f"{half} is half a character, which no file can hold", half, "write the character itself")
        raise HandoutError([template_problem(own, template, finding)]) from error
    except Exception as error:  # whatever a template leads our functions and Python's to
        raise HandoutError([_blame(own, template, error)]) from error
    book = template.startswith("epub/")  # names in it are looked at when it is bound
    if findings := [*unseen(text), *unsafe(root, None if book else own), *(() if book else named_twice(root))]:
        raise HandoutError(template_problem(own, template, finding) for finding in dict.fromkeys(findings))
    return text


def template_problem(own: Path, template: str, finding: Finding) -> Problem:
    """Return the problem of what a brand's templates gave, at the line that says it, where one of them does."""
    for path in sorted(
        path for path in own.rglob("*") if path.suffix in (".html", ".xhtml") and not source_files.leads_out(path, own)
    ):
        for number, line in enumerate(read_text(path).split("\n"), 1):
            if finding.excerpt and finding.excerpt in line:
                return Problem("template", finding.message, path, number, finding.hint)
    return Problem("template", finding.message, own / template, hint=finding.hint)


@lru_cache(maxsize=8)  # each holds its templates, some MB; a server sees many brands
def _environment(own: Path | None = None) -> Environment:
    """Return the templates of ``layouts/``, those of a brand's folder before them.

    A brand's templates run in Jinja2's sandbox, and so do ours with them: they get the same values.
    """
    environment = _kind(own)(
        loader=_BrandTemplates(own) if own else FileSystemLoader(LAYOUTS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=bytecode_cache("printed" if own else ""),
    )
    environment.filters |= FILTERS
    return environment


class _BrandTemplates(BaseLoader):
    """The templates of a brand before ours, which it extends by the name ``builtin/…``; nothing outside its folder.

    Each time that one is wanted it is looked for and read anew, so that it is noted for each product.
    """

    def __init__(self, own: Path) -> None:
        self._own, self._ours = own, FileSystemLoader(LAYOUTS)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text, its file, and what tells whether it is still the same."""
        if template.startswith(_BUILTIN):
            source, file, _ = self._ours.get_source(environment, template.removeprefix(_BUILTIN))
            return source, file, lambda: True
        path = self._own / template
        if ".." in path.parts or source_files.leads_out(path, self._own):
            raise SecurityError(f"'{template}' lies outside the brand's layouts")
        if not source_files.exists(path):
            source, file, _ = self._ours.get_source(environment, template)
            return source, file, lambda: not source_files.exists(path)
        if path == self._own:  # by an empty name
            raise TemplateNotFound(template)
        text = read_text(path)
        return text, str(path), lambda: source_files.exists(path) and read_text(path) == text


def _kind(own: Path | None) -> type[Environment]:
    if own is None:
        return Environment
    from handout_builder.render.sandbox import Sandbox  # noqa: PLC0415  # only for templates of others

    return Sandbox


def bytecode_cache(kind: str) -> BytecodeCache | None:
    """Return what keeps compiled templates of ours as Python keeps modules, where and when it does so, too.

    ``kind`` tells environments apart that compile a template otherwise.
    """
    return None if sys.dont_write_bytecode else _Compiled(LAYOUTS / "__pycache__", kind)


class _Compiled(BytecodeCache):
    """Our templates, compiled, in a folder, each after its digest: one that is cut off or scrambled is made anew.

    For the sandbox they are compiled otherwise: what one kind of environment keeps, no other takes. Of a brand's own
    templates nothing is kept. Where the folder is somebody else's or cannot be made, nothing is kept.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder, self._kind = folder, kind

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return what a template is kept by; "" for one that is not ours."""
        if filename is None or not Path(filename).is_relative_to(LAYOUTS):
            return ""
        return self._kind + super().get_cache_key(name, filename)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept, if it is whole."""
        if not bucket.key:
            return
        with source_files.recording(), suppress(OSError):  # it is no part of what is made
            data = source_files.read(self._path(bucket))
            if hashlib.sha256(data[_DIGEST:]).digest() == data[:_DIGEST]:
                bucket.bytecode_from_string(data[_DIGEST:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if not bucket.key:
            return
        data = bucket.bytecode_to_string()
        with suppress(OSError, HandoutError):
            self._folder.mkdir(exist_ok=True)
            write_all({self._path(bucket): hashlib.sha256(data).digest() + data})

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{sys.implementation.cache_tag}.jinja"


def _blame(own: Path, template: str, error: Exception) -> Problem:
    """Return the problem of a brand's template, at the last line of its own that was run."""
    path, line = next(_places(error, own), (own / template, 0))
    if isinstance(error, TemplateSyntaxError):  # where a comment has no end, Jinja2 has the file as a name
        named = Path(error.filename or error.name or "")
        path, line = named if named.is_relative_to(own) else own / template, error.lineno
    message = str(error).partition("\n")[0]
    if isinstance(error, TemplateNotFound):
        message = f"there is no template '{error.name}'"
    elif missing := _MISSING.fullmatch(message):
        message = f"there is no '{missing[1]}'"
    elif isinstance(error, RecursionError):  # its own words differ by where it happens
        message = "templates or macros call one another without end"
    elif not isinstance(error, TemplateError) and type(error) is not LookupError:
        message = f"{type(error).__name__}: {message}"
    return Problem("template", _CLASS.sub(r"\1", _MODULES.sub("", message)), path, line, HINT)


def _places(error: BaseException, own: Path) -> Iterator[tuple[Path, int]]:
    """Yield the files and lines of a brand's templates that an error, or what led to it, came from; the last first."""
    one: BaseException | None = error
    while one is not None:
        steps = []
        step = one.__traceback__
        while step is not None:
            steps.append(step)
            step = step.tb_next
        for step in reversed(steps):
            frame = step.tb_frame
            path, compiled = Path(frame.f_code.co_filename), frame.f_globals.get("__jinja_template__")
            if path.is_relative_to(own) and (line := _line(step)):
                # Where the watch came in, Jinja2 has not put the template's line in the place of its own code's.
                yield path, compiled.get_corresponding_lineno(line) if compiled else line
        one = one.__cause__ or one.__context__


def _line(step: TracebackType) -> int:
    """Return the line of a step, or the one before it: Python tells none where it goes back to the head of a loop."""
    lines = [line for start, _, line in step.tb_frame.f_code.co_lines() if line and start <= step.tb_lasti]
    return step.tb_lineno or (lines[-1] if lines else 0)
