"""The drawings of a handout: charts and crops of its points, marks beside their codes, icons."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args

from markupsafe import Markup

from handout_builder.content import anatomy, place_text, schema
from handout_builder.content.loader import Source
from handout_builder.figures import chart, marks
from handout_builder.figures.crop import crop
from handout_builder.figures.svg import ChartText
from handout_builder.render.formatter import known_point
from handout_builder.resources import LAYOUTS
from handout_builder.text import language, markdown
from handout_builder.tokens import Theme, substitute

Drawn = TypeVar("Drawn")
_RANKS: tuple[str, ...] = get_args(schema.SafetyBlock.model_fields["rank"].annotation)


@dataclass(frozen=True)
class Drawings:
    """What templates ask for to have drawn, as inline SVG; ``ident`` begins the ids in it."""

    source: Source = field(repr=False)
    theme: Theme
    epub: bool
    drawn: dict[str, Any]
    """What has been drawn, by its id: the book has the same as the pages."""

    def chart(self, block: schema.Chart, ident: str) -> Markup:
        """Return the drawing of a chart block; readings are the author's where a card gives one."""
        return self._once(ident, lambda: self._chart(block, ident))

    def crop(self, cards: schema.Points, card: schema.PointCard, ident: str) -> Markup:
        """Return the small drawing of a card: its point strong, those of the other cards faint."""
        return self._once(ident, lambda: self._crop(cards, card, ident))

    def overview(self, block: schema.Overview, ident: str) -> list[tuple[str, Markup]]:
        """Return the drawings of an overview by view: the whole back first, then the parts of the leg."""
        return self._once(ident, lambda: self._overview(block, ident))

    def mark(self, code: str, kind: marks.Kind) -> Markup:
        """Return a point's mark as a small picture for a table."""
        return marks.alone(self._point(code), kind, self.theme)

    def icon(self, rank: str) -> Markup:
        """Return a safety block's icon, hidden from screen readers: the heading beside it says the same."""
        if rank not in _RANKS:
            raise LookupError(f"there is no icon '{rank}'; ranks: {', '.join(_RANKS)}")
        if not self.epub:
            return Markup("")  # a background image in print: see print.css
        svg = (LAYOUTS / "icons" / f"{rank}.svg").read_text("utf-8")
        for line_colour in ("var(--ink)", "var(--accent)"):  # invisible on a dark ground
            svg = svg.replace(line_colour, "currentColor")
        svg = substitute(svg, self.theme)
        return Markup(svg.replace("<svg ", '<svg class="icon" aria-hidden="true" focusable="false" '))

    def _once(self, ident: str, draw: Callable[[], Drawn]) -> Drawn:
        if ident not in self.drawn:
            self.drawn[ident] = draw()
        drawn: Drawn = self.drawn[ident]
        return drawn

    def _chart(self, block: schema.Chart, ident: str) -> Markup:
        blocks = (other for section in self.source.handout.sections for other in section.blocks)
        cards = (card for other in blocks if isinstance(other, schema.Points) for card in other.points)
        readings = {card.code: card.name.reading for card in cards}
        entries = [self._entry(code, readings.get(code, "")) for code in block.points]
        title = markdown.plain(block.title)
        if language.cjk_runs(title):  # names of drawings are plain text: Han in them could not say its language
            title = self._view_name(block.view)
        return chart.chart(block.view, entries, self._text(block.view, title, entries), ident, self.theme)

    def _crop(self, cards: schema.Points, card: schema.PointCard, ident: str) -> Markup:
        entries = {other.code: self._entry(other.code) for other in cards.points}
        alt = place_text.spot_alt(self.source.points[card.code], self.source.shared)
        about = ChartText(self.source.shared.labels, card.code, alt)
        return crop(entries[card.code], list(entries.values()), about, f"{ident}-crop", self.theme)

    def _overview(self, block: schema.Overview, ident: str) -> list[tuple[str, Markup]]:
        by_view: dict[str, list[marks.Entry]] = {}
        for group in block.groups:
            for code in group.points:
                place = self.source.points[code].place
                if view := place and anatomy.view_of(place):
                    by_view.setdefault(view, []).append(self._entry(code, kind=group.mark))
        legend = [(group.mark, group.label) for group in block.groups]
        drawn = []
        for view in anatomy.views():
            if entries := by_view.get(view):
                words = self._text(view, self._view_name(view), entries)
                drawn.append((view, chart.chart(view, entries, words, f"{ident}-{view}", self.theme, legend)))
        return drawn

    def _entry(self, code: str, name: str = "", kind: marks.Kind = "filled") -> marks.Entry:
        point = self._point(code)
        return marks.Entry(point, name or point.names.pinyin, kind)

    def _point(self, code: str) -> schema.Point:
        return known_point(self.source.points, code)

    def _view_name(self, view: str) -> str:
        return self.source.shared.labels[f"view_{view}"]

    def _text(self, view: str, title: str, entries: Iterable[marks.Entry]) -> ChartText:
        shared = self.source.shared
        return ChartText(shared.labels, title, place_text.chart_alt(view, (entry.point for entry in entries), shared))
