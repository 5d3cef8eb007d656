"""The first page of a document, told as soon as it is laid out: the others, which take most of the time, follow."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from handout_builder.engine.styles_and_boxes import Replace


class FirstPage:
    """Tells of the first page of the document that is laid out next."""

    def __init__(self, weasyprint: Any, replace: Replace) -> None:
        self._weasyprint = weasyprint
        self._tell: Callable[[Any], None] | None = None
        make_pages, self._paint = weasyprint.layout.make_all_pages, weasyprint.layout.layout_backgrounds

        def make_all_pages(context: Any, root_box: Any, html: Any, pages: list[Any]) -> Iterator[Any]:
            for page in make_pages(context, root_box, html, pages):
                tell, self._tell = self._tell, None
                if tell:
                    tell(self._alone(page, context, html))
                yield page

        replace(weasyprint.layout, "make_all_pages", make_all_pages)

    @contextmanager
    def told(self, tell: Callable[[Any], None]) -> Iterator[None]:
        """Give the first page that is laid out inside to ``tell``, as a document of one page.

        It is without what stands at the head and foot of pages, which tells how many there are.
        """
        self._tell = tell
        try:
            yield
        finally:
            self._tell = None

    def _alone(self, page: Any, context: Any, html: Any) -> Any:
        """Return a page as a document."""
        shown = page.copy()
        shown.children = tuple(child for child in page.children if child.children)
        self._paint(shown, context.get_image_from_uri)
        document = self._weasyprint.document
        metadata = document.DocumentMetadata(**document.get_html_metadata(html))
        alone = document.Document(
            [document.Page(shown)],
            metadata,
            html.url_fetcher,
            context.font_config,
            color_profiles={},
            output_intent=None,
        )
        alone._html = html
        return alone
