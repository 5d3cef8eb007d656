"""What is done while a document is laid out and drawn, page by page: its first page is told, and it can be stopped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from handout_builder.engine.styles_and_boxes import Replace


class PageByPage:
    """Stands between two pages."""

    def __init__(self, weasyprint: Any, replace: Replace) -> None:
        self._weasyprint = weasyprint
        self._tell: Callable[[Any], None] | None = None
        self._ask: Callable[[], None] | None = None
        self._most, self._more = 0, self.ask
        make_pages, self._paint = weasyprint.layout.make_all_pages, weasyprint.layout.layout_backgrounds
        paint_page = weasyprint.document.Page.paint

        def make_all_pages(context: Any, root_box: Any, html: Any, pages: list[Any]) -> Iterator[Any]:
            for number, page in enumerate(make_pages(context, root_box, html, pages), 1):
                tell, self._tell = self._tell, None
                if tell:
                    tell(self._alone(page, context, html))
                self.ask()
                if number == self._most and context.page_maker[number][0] is not None:
                    self._more()
                yield page

        def paint(page: Any, stream: Any, scale: float = 1) -> None:
            self.ask()
            paint_page(page, stream, scale)

        replace(weasyprint.layout, "make_all_pages", make_all_pages)
        replace(weasyprint.document.Page, "paint", paint)

    @contextmanager
    def first(self, tell: Callable[[Any], None]) -> Iterator[None]:
        """Give the first page that is laid out inside to ``tell``, as a document of one page.

        It is without what stands at the head and foot of pages, which tells how many there are.
        """
        self._tell = tell
        try:
            yield
        finally:
            self._tell = None

    @contextmanager
    def asked(self, ask: Callable[[], None]) -> Iterator[None]:
        """Call ``ask`` at each page that is laid out or drawn inside, and at ``ask``; what it raises stops that."""
        self._ask = ask
        try:
            yield
        finally:
            self._ask = None

    @contextmanager
    def at_most(self, pages: int, more: Callable[[], None]) -> Iterator[None]:
        """Call ``more`` before a page is laid out inside that is one more than ``pages``; what it raises stops that."""
        self._most, self._more = pages, more
        try:
            yield
        finally:
            self._most, self._more = 0, self.ask

    def ask(self) -> None:
        """Ask whether to go on, where somebody wants to be asked."""
        if self._ask:
            self._ask()

    def _alone(self, page: Any, context: Any, html: Any) -> Any:
        """Return a page as a document."""
        shown = page.copy()
        shown.children = tuple(child for child in page.children if child.children)
        self._paint(shown, context.get_image_from_uri)
        document = self._weasyprint.document
        metadata = document.DocumentMetadata(**document.get_html_metadata(html))
        alone = document.Document([document.Page(shown)], metadata, html.url_fetcher, context.font_config, {}, None)
        alone._html = html
        return alone
