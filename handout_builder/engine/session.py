"""The door to WeasyPrint: pages are laid out and written in a session, and one session runs at a time.

WeasyPrint is not made for two threads at once: a second one waits its turn. All that is changed or kept lies in a copy
of WeasyPrint that nothing else in the process sees, so that a host program's own pages stay as they are.
"""

import gc
import logging
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from email.message import EmailMessage, Message
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from handout_builder.engine import autospace, full_columns, known_versions, style_rules, svg_language
from handout_builder.engine.styles_and_boxes import Remembering
from handout_builder.engine.weasyprint_copy import load, own_fonts
from handout_builder.errors import HandoutError, Problem
from handout_builder.resources import ENGINE, FONTS
from handout_builder.svg_path_data import sound

_PATH = "{http://www.w3.org/2000/svg}path"
# The type size in px at which lines are measured: Pango rounds to 1/1024 px.
_MEASURED = 100
# What a style sheet brings along, fonts above all, belongs to one document.
_FETCHES = re.compile(r"@(?:font-face|import|color-profile)")
# Font configurations of documents that are gone are given back when there are so many; that takes some 50 ms.
_MOST_CONFIGURATIONS = 3
# Where a file lies on this machine is nobody's business, and an address is not what its author wrote.
_NOT_LOADED = re.compile(r"Failed to load image at '(?:file:.*/)?([^/']*)': (?:\w+: )?")
_turn = threading.RLock()


class File(NamedTuple):
    """What a page may load: bytes and their media type, "" where the name tells it."""

    data: bytes
    media_type: str = ""


@dataclass(frozen=True)
class Page:
    """A page to lay out: well-formed HTML with its style sheet."""

    html: str
    css: str
    """What several documents have in common: it fetches nothing, and is parsed once."""
    base: Path
    """The folder that relative addresses begin at."""
    blame: Path
    """Where problems are shown."""
    fetch: Callable[[str], File]
    """Gives what an address names; raises ValueError for one that the page may not load."""
    variant: str | None = None
    """WeasyPrint's name for what the PDF conforms to."""
    own: str = ""
    """More rules, after those: of this document alone, as they may bring fonts of its own."""
    own_base: Path | None = None
    """The folder that relative addresses in those begin at, if it is another one."""
    own_files: object = None
    """What decides which files those fetch, to be compared; None where files on a disk may."""
    files: object = None
    """What decides which files are fetched, to be compared."""

    @cached_property
    def root(self) -> ElementTree.Element:
        """The parsed HTML; the engine takes it apart. Of a document that is laid out again it is the one laid out."""
        return ElementTree.fromstring(self.html)  # noqa: S314  # our own templates made it

    @cached_property
    def rules(self) -> str:
        """The rules of the style sheet that ``root``, as it is when they are first asked for, has elements for."""
        return style_rules.needed(self.css, self.root)


@contextmanager
def session() -> Iterator["Engine"]:
    """Give the engine to one thread, when its turn has come; raises HandoutError where WeasyPrint cannot start."""
    with _turn:
        yield _engine()


def _look_for_threads() -> None:
    """Raise HandoutError where no thread may be started: Pango would end the whole process."""
    thread = threading.Thread(target=int)
    try:
        thread.start()
    except RuntimeError as error:
        hint = "allow more processes: ulimit -u, or the limit of the container"
        raise HandoutError(
            [Problem("engine", f"WeasyPrint cannot start: the system says: {error}", FONTS, hint=hint)]
        ) from error
    thread.join()


@cache
def _engine() -> "Engine":
    return Engine()


class Engine:
    """WeasyPrint as this process uses it."""

    def __init__(self) -> None:
        _look_for_threads()
        version = known_versions.installed()
        self.plain = ""
        """Why the speed layer is left out; "" where it is in use."""
        if os.environ.get(ENGINE) == "plain":
            self.plain = f"{ENGINE} is set to plain"
        elif version not in known_versions.KNOWN:
            self.plain = f"WeasyPrint {version} is not one that it was made for"
        self._weasyprint: Any = load(fast=not self.plain)
        if not self.plain and known_versions.digest(self._weasyprint) != known_versions.KNOWN[version]:
            self.plain = f"WeasyPrint {version} was changed after its release"
            self._weasyprint = load(fast=False)
        autospace.install(self._weasyprint)
        self.speed = None
        if not self.plain:
            from handout_builder.engine.speed import Speed  # noqa: PLC0415  # not in the plain way

            self.speed = Speed(self._weasyprint)
        svg_language.install(self._weasyprint)
        full_columns.install(self._weasyprint)
        self._heard: list[str] = []
        self._weasyprint.LOGGER.addHandler(_Listener(self._heard))
        self._with_own_fonts = 0
        self._kept_fonts: tuple[object, Any] = None, None
        """What the fonts of the last document with fonts of its own were made of, and their configuration."""
        self._typing = False
        self._sheet = lru_cache(maxsize=8)(self._parsed)
        self.width = lru_cache(maxsize=2000)(self._width)
        """Gives the width of a line of text in our fonts: see ``_width``."""

    @cached_property
    def _fonts(self) -> Any:
        """Our fonts, from the first page on: Pango starts a thread for them, which no copy of this process has."""
        fonts = own_fonts(self._weasyprint, shared=True)
        fonts.lines = self.speed and self.speed.lines
        return fonts

    @property
    def versions(self) -> tuple[str, str]:
        """The versions of WeasyPrint and of the Pango library that it runs on."""
        number = self._weasyprint.text.ffi.pango.pango_version()
        return self._weasyprint.VERSION, f"{number // 10000}.{number // 100 % 100}.{number % 100}"

    def lay_out(self, page: Page) -> Any:
        """Return the laid-out document.

        Raises HandoutError for anything that WeasyPrint complains about: a missing glyph, a picture or a font that
        does not load and a mistyped property are only log lines there.
        """
        root = page.root
        for path in root.iter(_PATH):
            path.set("d", sound(path.get("d", "")))
        relayout = self.speed.relayout if self.speed and self._typing else None
        made_of = page.css, page.own, page.own_base, page.base, page.variant, page.files
        if relayout:
            with self._complaints(page.blame):
                if again := relayout.again(root, made_of):
                    document, page.__dict__["root"] = again
                    return document
            relayout.begin(root)
        fetcher = self._fetcher(page.fetch)
        with self._complaints(page.blame):
            fetches = bool(_FETCHES.search(page.own))
            fonts = self._own_fonts(page) if fetches else self._fonts
            try:
                sheets = [self._sheet(page.rules, page.base)]
            except HandoutError as error:
                raise HandoutError(replace(problem, path=page.blame) for problem in error.problems) from error
            if page.own:
                fetch = fetcher if fetches else _nothing
                options = {"base_url": _url(page.own_base or page.base), "url_fetcher": fetch, "font_config": fonts}
                sheets.append(self._weasyprint.CSS(string=page.own, **options))
            with self.speed.document(root, fonts.lines) if self.speed else nullcontext():
                html = self._html(root, _url(page.base), fetcher)
                document = html.render(font_config=fonts, stylesheets=sheets, pdf_variant=page.variant)
            if relayout:
                relayout.keep(document, made_of)
        if fetches and page.own_files is not None:  # and nothing was complained of
            self._kept_fonts = _made_of(page), fonts
        return document

    @contextmanager
    def typing(self) -> Iterator[None]:
        """Keep inside what is laid out, and lay out only those pages again that a few other words can move."""
        self._typing = True
        try:
            yield
        finally:
            self._typing = False

    @contextmanager
    def first_page(self, tell: Callable[[Any], None]) -> Iterator[None]:
        """Tell the first page that is laid out inside, as a document, before the others are: see ``PageByPage``.

        The plain engine tells none.
        """
        with self.speed.page_by_page.first(tell) if self.speed else nullcontext():
            yield

    @contextmanager
    def asked(self, ask: Callable[[], None]) -> Iterator[None]:
        """Call ``ask`` at each page that is laid out or drawn inside; what it raises stops that.

        The plain engine does not ask.
        """
        with self.speed.page_by_page.asked(ask) if self.speed else nullcontext():
            yield

    @contextmanager
    def at_most(self, pages: int, more: Callable[[], None]) -> Iterator[None]:
        """Call ``more`` before a page is laid out inside that is one more than ``pages``; what it raises stops that.

        The plain engine lays out all of them.
        """
        with self.speed.page_by_page.at_most(pages, more) if self.speed else nullcontext():
            yield

    def _own_fonts(self, page: Page) -> Any:
        """Return a font configuration for a document with fonts of its own: the last one's, if these are the same.

        A document is laid out several times, and a new configuration has fonts to load and all lines to shape. Those
        of documents that are gone are given back: they stand in circles, and each maps all font files, some 16 MB; to
        Python's collector, which counts objects, they are small: a process that made hundreds of documents held
        gigabytes.
        """
        made_of, fonts = self._kept_fonts
        if made_of == _made_of(page):
            return fonts
        self._kept_fonts = None, None
        self._with_own_fonts += 1
        if self._with_own_fonts % _MOST_CONFIGURATIONS == 0:
            gc.collect()
        fonts = own_fonts(self._weasyprint, shared=False)
        fonts.lines = self.speed and self.speed.own_lines()
        return fonts

    def write(
        self,
        document: Any,
        blame: Path,
        *,
        finisher: Callable[[Any, Any], None] | None = None,
        tag_builder: Callable[[Any], Any] | None = None,
        font_corrector: Callable[[Any, Iterable[Any]], None] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return a laid-out document as a PDF.

        ``finisher`` completes it before it is serialised; ``tag_builder`` takes WeasyPrint's module of tags and gives
        the function that builds them instead of its own; ``font_corrector`` takes the file and its fonts before these
        are written. Raises HandoutError for what WeasyPrint complains about.
        """
        pdf, tags = self._weasyprint.pdf, self._weasyprint.pdf.tags
        original, build = tags._build_box_tree, pdf.build_fonts_dictionary

        def corrected(file: Any, fonts: Mapping[Any, Any], *rest: Any) -> Any:
            if self.speed:
                self.speed.page_by_page.ask()
            if font_corrector:
                font_corrector(file, fonts.values())
            return build(file, fonts, *rest)

        def finish(document: Any, file: Any) -> None:
            if self.speed:
                self.speed.page_by_page.ask()
            if finisher:
                finisher(document, file)

        pdf.build_fonts_dictionary = corrected
        if tag_builder:
            tags._build_box_tree = tag_builder(tags)
        try:
            with self._complaints(blame):
                return bytes(document.write_pdf(finisher=finish, **(options or {})))
        finally:
            tags._build_box_tree, pdf.build_fonts_dictionary = original, build

    def line_breaks(self, text: str, lang: str) -> set[int]:
        """Return the places in a text, by the rules of its language, before which a new line may begin (UAX 14)."""
        found = self._weasyprint.text.line_break.get_log_attrs(text, lang)
        return {place for place in range(1, len(text)) if found[place].is_line_break}

    def _width(self, words: str, families: str, *, bold: bool) -> float:
        """Return the width of a line of text, of its type size, as it will be drawn; ``families`` are as in CSS."""
        names = [name.strip(" \"'") for name in families.split(",")]
        looks = {"font_family": names, "font_weight": 700 if bold else 400, "font_size": _MEASURED}
        style = _Style(self._weasyprint.css.INITIAL_VALUES, **looks)
        style.font_config = self._fonts
        split = self._weasyprint.text.line_break.split_first_line
        return float(split(words, style, None, None, 0)[3]) / _MEASURED

    def _parsed(self, css: str, base: Path) -> Any:
        """Return a parsed style sheet that fetches nothing, for all documents that have it; raises HandoutError."""
        with self._complaints(base):  # here, as what is wrong would be told for the first document alone
            return self._weasyprint.CSS(string=css, base_url=_url(base), url_fetcher=_nothing)

    def _html(self, root: ElementTree.Element, base_url: str, fetcher: Any) -> Any:
        """Return WeasyPrint's own kind of page, parsed as the XML that our HTML is: in C, not in Python."""
        weasyprint = self._weasyprint

        class WellFormedPage(weasyprint.HTML):  # type: ignore[misc, name-defined]
            def __init__(self) -> None:
                self.base_url = base_url
                self.url_fetcher = fetcher
                self.media_type = "print"
                wrapper = weasyprint.cssselect2.ElementWrapper
                self.wrapper_element = wrapper.from_html_root(root, content_language=None)
                self.etree_element = self.wrapper_element.etree_element

        return WellFormedPage()

    def _fetcher(self, fetch: Callable[[str], File]) -> Any:
        urls = self._weasyprint.urls

        class Response(urls.URLFetcherResponse):  # type: ignore[misc, name-defined]
            # A file that has a path is read once more when it is drawn: it may be another one by then.
            path = None

        class Fetcher(urls.URLFetcher):  # type: ignore[misc, name-defined]
            def __init__(self) -> None:  # the handlers for addresses of the web take a millisecond a page
                self._fail_on_errors = False

            def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002
                try:
                    file = fetch(url)
                except OSError as error:  # whose words name where files lie on this machine
                    raise ValueError(error.strerror or type(error).__name__) from error
                # A plain message's rules: those of a mail would be imported for 10 ms.
                message = EmailMessage(Message().policy)
                if file.media_type:
                    message["Content-Type"] = file.media_type
                return Response(url, file.data, message)

        return Fetcher()

    @contextmanager
    def _complaints(self, path: Path) -> Iterator[None]:
        """Raise what WeasyPrint logs as a warning or worse as problems."""
        before = len(self._heard)
        try:
            yield
        finally:
            heard = self._heard[before:]
            del self._heard[before:]
        if heard:
            hint = "this is a bug in the program or of a brand's templates: nothing was written"
            raise HandoutError([Problem("typesetting", message, path, hint=hint) for message in dict.fromkeys(heard)])


class _Style(Remembering, dict[str, Any]):
    """The style of a line of text that stands on no page."""

    font_config: Any


def _made_of(page: Page) -> object:
    """Return what the fonts of a document are made of; a copy of this process makes them anew."""
    return page.own, page.own_base, page.own_files, os.getpid()


def _url(folder: Path) -> str:
    return folder.as_uri() + "/"


def _nothing(url: str) -> Any:
    """Fetch nothing: what was not seen to fetch, for example as it is written with escapes, shall not."""
    raise ValueError(f"outside the project: {url}")


class _Listener(logging.Handler):
    """Notes messages from warnings on."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        """Note a message."""
        self._heard.append(_NOT_LOADED.sub(r"'\1' cannot be used: ", record.getMessage()))
