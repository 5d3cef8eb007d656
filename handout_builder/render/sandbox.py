"""Sandbox for a brand's templates: read-only access to allow-listed attributes."""

import ctypes
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import nodes, pass_eval_context
from jinja2.exceptions import SecurityError
from jinja2.filters import do_join, make_attrgetter
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

# A page takes 10 ms and no memory to speak of. Seconds, bytes.
_TIME = 5.0
_ROOM = 300_000_000
# How often the time is looked at, in s.
_OFTEN = 0.05
_turn = threading.Lock()
_Made = TypeVar("_Made")


OPEN: Mapping[str, frozenset[str]] = {
    name: frozenset(open_names.split())
    for name, open_names in {
        "brand.clinic.Clinic": """
            address booking books_there brand disclaimer email foot_name has_long_names has_long_words hours
            invitation letterhead name parts phone practitioners preprinted qr says_something short shown
            small_above tel web web_above wordmark words
        """,
        "brand.loader.Brand": "book_logo chip letterhead logo name",
        "brand.logo.Logo": "alt height kind width",
        "content.point_index.Entry": "beside beside_lang code lang name",
        "content.point_index.Group": "entries head lang",
        "content.safety.Box": "about closing groups heading name own rank sources",
        "content.safety.Group": "items lead numbered short",
        "content.schema.personal.PersonalBox": "lines name",
        "epub.ncx.Entry": "children href plain title",
        "pdf.imposition.Side": "cuts_x cuts_y folds front proof sheet",
        "render.anchors.Anchors": "breaks id prose",
        "render.contents.Contents": """
            advice blocks boxes brief_end cards charts citations drawn_cards emblem every_box index
            instructions is_wide listed_sections needs_width notes others placed placed_boxes points
            references regions safety shows_points sources warnings
        """,
        "render.context.Context": """
            anchors block chart_pages clinic contents dated drawings emergency epub format handout heading
            imprint labels lang languages linked logo notes page_starts pages personal picture second short
            short_title stands_twice summary title version without_template
        """,
        "render.drawings.Drawings": "chart crop emblem icon mark marked numbers_marks overview",
        "render.formatter.Formatter": """
            blank call cautions cited colon comma date dose exercise has_standard_name how_to_find
            other_names place short_place standard stop where
        """,
        "render.imprint.Imprint": "added added_at edited sentences unreviewed",
        "render.languages.Languages": "attributes fits_ruby runs tagged",
        "render.personal.PersonalWords": "after blocks boxes latin own_lang text words",
        "render.short_contents.ShortContents": """
            care_in_pregnancy cautions has lacks_points left_out listed lists part summary warned
        """,
        "visit.contents.Card": "brief care cells code names never note where",
        "visit.contents.Diary": "boxes framed heads span weeks",
        "visit.contents.Exercise": "name often steps",
        "visit.contents.Sheet": """
            apart cards care common counted date days_below diary doctor emergency exercises folded halved
            how more name next_visit note practitioner qr wide
        """,
        "visit.contents.Tick": "number visit",
    }.items()
}
"""What templates may take of our own objects, by module and class; of models they may take fields and properties.

docs/branding.md tells of each of these names.
"""
_OURS = "handout_builder."
_DATE = frozenset(("day", "isoformat", "month", "year"))
_PLAIN = (str, bytes, int, float, list, tuple, Mapping, type(None))
_PRINTED = (str, int, float, date, Undefined)
"""What is printed as words; an undefined name tells its own mistake then."""
_WORDS = (
    *("capitalize", "center", "e", "escape", "forceescape", "indent", "lower", "pprint", "replace", "string"),
    *("striptags", "title", "trim", "truncate", "upper", "urlencode", "urlize", "wordcount", "wordwrap"),
)
"""Jinja2's filters that make words of whatever they are given."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, with the doors shut that our values would open: a template takes what is on the lists alone."""

    # What could fill the memory in one step; Jinja2 itself limits range().
    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.printed = _printed  # what all that is printed or joined passes, in compiled templates
        # The same text gives the same bytes: nothing is left to chance.
        del self.globals["lipsum"], self.filters["random"]
        self.filters |= {name: _of(_printed, self.filters[name]) for name in _WORDS}
        self.filters |= {
            "format": _of_all(self.filters["format"]),
            "join": _joined,
            "xmlattr": _of(_values_printed, self.filters["xmlattr"]),
        }

    def _generate(self, source: nodes.Template, *arguments: Any, **named: Any) -> str:
        """Compile a template.

        Jinja2's own finalize sees a constant when it is a text already: ``{{ none }}`` would print "None".
        """
        outputs: list[Any] = [*source.find_all((nodes.Output, nodes.Concat))]
        for output in outputs:
            output.nodes = [
                part
                if isinstance(part, nodes.TemplateData)
                else nodes.Call(nodes.EnvironmentAttribute("printed"), [part], [], None, None, lineno=part.lineno)
                for part in output.nodes
            ]
            output.set_environment(self)
        return super()._generate(source, *arguments, **named)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Return a text's format, which takes words alone."""
        wrapped = super().wrap_str_format(value)
        if wrapped is None:
            return None
        return _of(_values_printed, wrapped) if value.__name__ == "format_map" else _of_all(wrapped)

    def join_path(self, template: Any, parent: str) -> str:
        """Return the name of a template that another asks for. Raises SecurityError for what is no name."""
        if not isinstance(template, str):
            raise SecurityError(f"a template is named by words such as 'builtin/print.html', not by {_kind(template)}")
        return super().join_path(template, parent)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate with numbers alone, without powers: a text times a number may be any size. Raises SecurityError."""
        numbers = all(isinstance(value, (int, float)) for value in (left, right))
        if operator == "**" or (operator == "*" and not numbers) or (operator == "%" and not numbers):
            raise SecurityError(f"'{operator}' works with numbers only, and there are no powers")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether a template may take an attribute of an object."""
        kind = type(obj)
        if isinstance(obj, BaseModel):  # pydantic's methods read files and make models; our properties only tell
            known = attr in kind.model_fields or isinstance(getattr(kind, attr, None), property)
        elif kind.__module__.startswith(_OURS):
            known = attr in OPEN.get(f"{kind.__module__.removeprefix(_OURS)}.{kind.__qualname__}", ())
        elif isinstance(obj, date):  # a format may ask for any number of characters
            known = attr in _DATE
        else:
            known = isinstance(obj, _PLAIN) or kind.__module__.startswith("jinja2.")
        return known and super().is_safe_attribute(obj, attr, value)


def _printed(value: Any) -> Any:
    """Return what is to be printed; raises SecurityError for what is no words, and would print what Python calls it."""
    if isinstance(value, bool) or not (isinstance(value, _PRINTED) or hasattr(value, "__html__")):
        hint = "call it, with brackets" if callable(value) else "take a value that it has, or ask for it with {% if %}"
        raise SecurityError(f"{_kind(value)} cannot be printed: {hint}")
    return value


def _of(check: Callable[[Any], Any], known: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that checks the value it is given; what Jinja2 puts before that stays as it is."""
    at = int(hasattr(known, "jinja_pass_arg"))

    @wraps(known)
    def checked(*arguments: Any, **named: Any) -> Any:
        for value in arguments[at : at + 1]:
            check(value)
        return known(*arguments, **named)

    return checked


def _of_all(known: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes words of all that it is given."""

    @wraps(known)
    def checked(*arguments: Any, **named: Any) -> Any:
        for value in (*arguments, *named.values()):
            _printed(value)
        return known(*arguments, **named)

    return checked


def _values_printed(values: Any) -> None:
    for value in values.values() if isinstance(values, Mapping) else ():
        if value is not None:  # xmlattr leaves it out
            _printed(value)


@pass_eval_context
def _joined(context: nodes.EvalContext, values: Any, d: str = "", attribute: str | int | None = None) -> str:
    """Jinja2's ``join``, of words alone."""
    if attribute is not None:
        values = map(make_attrgetter(context.environment, attribute), values)
    joined: str = do_join(context, [_printed(value) for value in values], d)
    return joined


def _kind(value: Any) -> str:
    if value is None:
        return "nothing (none)"
    return "a function" if callable(value) else f"a value of type {type(value).__name__}"


class _TooLong(BaseException):
    """Raised in the thread that renders; Jinja2 catches no such exception on the way."""


def limited(task: Callable[[], _Made]) -> _Made:
    """Do a task that may take a few seconds of the processor and some memory; raises SecurityError beyond.

    Loops in loops and texts that double have no other end. Both limits hold in any thread; that of memory on Linux,
    where it is the process's, so one task is done at a time.
    """
    with _turn:
        watch = _Watch()
        try:
            with _room():  # around the watch: what it raises must not come while the room is taken back
                return watch.over(task)
        except MemoryError as error:
            raise SecurityError(f"this takes more than {_ROOM // 1_000_000} MB of memory") from error
        except _TooLong as error:
            raise SecurityError(f"this takes more than {_TIME:.0f} seconds") from error
        except Exception as error:
            # Jinja2 looks for the line of an error, and stumbles where the watch came in between two.
            if watch.late:
                raise SecurityError(f"this takes more than {_TIME:.0f} seconds") from error
            raise


class _Watch:
    """A thread that ends what this one does when it has taken too much of the processor."""

    def __init__(self) -> None:
        self.late = False
        self._done = False
        self._wake = threading.Event()
        self._ident = threading.get_ident()
        self._thread = threading.Thread(target=self._look, args=(_clock(self._ident),), daemon=True)

    def over(self, task: Callable[[], _Made]) -> _Made:
        """Do a task; raises _TooLong where it took too much, and never later."""
        try:
            self._thread.start()
        except RuntimeError as error:
            raise SecurityError("the system lets no thread be started that could end it: raise ulimit -u") from error
        # Python looks for what another thread raises in this one where functions begin and where calls and loops come
        # round: not between what ends the task and these two assignments. A `with` would call a function there, in
        # which what it raises for the second time may come while a first one is on its way.
        try:
            made = task()
            self._done = True
        except BaseException:
            self._done = True
            self._end()
            raise
        self._end()
        return made

    def _end(self) -> None:
        """Wait until nothing is raised any more; what may still come was raised before."""
        for _ in range(2):
            with suppress(_TooLong):
                self._wake.set()
                self._thread.join()
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._ident), None)

    def _look(self, clock: Callable[[], float]) -> None:
        start = clock()
        while not self._wake.wait(_OFTEN) and not self._done:
            # Again and again: an exception that comes in a callback of C is only printed.
            if clock() - start > _TIME:
                self.late = True
                raised = ctypes.py_object(_TooLong)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._ident), raised)


def _clock(ident: int) -> Callable[[], float]:
    """Return the clock of what a thread takes of the processor, in s; where there is none, that on the wall."""
    if hasattr(time, "pthread_getcpuclockid"):
        clock = time.pthread_getcpuclockid(ident)
        return lambda: time.clock_gettime(clock)
    return time.monotonic


@contextmanager
def _room() -> Iterator[None]:
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415  # not on every system

    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").partition(" ")[0])
    except OSError:  # a system without /proc: the process around this one has a limit, or none that we know
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + _ROOM
    resource.setrlimit(resource.RLIMIT_AS, (most if soft == resource.RLIM_INFINITY else min(soft, most), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
