"""The drawings of a handout: charts and crops of its points, marks beside their codes, icons.

Print has them inline. The book has charts and crops as files, shown by ``img``: their descriptions survive conversion,
readers can enlarge them, and neither their themes nor their spacing of text reach into them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, get_args

from markupsafe import Markup

from handout_builder.content import anatomy, place_text, schema
from handout_builder.content.loader import Source
from handout_builder.figures import chart, marks
from handout_builder.figures.crop import crop
from handout_builder.figures.files import svg_file
from handout_builder.figures.svg import ChartText
from handout_builder.render.formatter import known_point
from handout_builder.resources import LAYOUTS
from handout_builder.text import language, markdown
from handout_builder.tokens import Theme, substitute

Drawn = TypeVar("Drawn")
# What is left of the narrowest phone (320 px) beside the margins of a reading system, and the least height of letters
# there, both in px; how wide the drawings of legs, and crops, are at the most.
_PHONE, _LEAST = 276.0, 11.2
_WIDTHS = {"leg-back": 240.0, "leg-front": 240.0, "ankle-outer": 176.0, "ankle-inner": 176.0}
_CHART, _CROP, _MARK = 512.0, 176.0, 13.0
_RANKS: tuple[str, ...] = get_args(schema.SafetyBlock.model_fields["rank"].annotation)


@dataclass(frozen=True)
class Drawings:
    """What templates ask for to have drawn, as inline SVG; ``ident`` begins the ids in it."""

    source: Source = field(repr=False)
    theme: Theme
    epub: bool
    drawn: dict[str, Any]
    """What has been drawn, by its id."""
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    """The drawings of the book that templates have asked for, by their names in it."""

    def chart(self, block: schema.Chart, ident: str) -> Markup:
        """Return the drawing of a chart block; readings are the author's where a card gives one."""
        return self._once(ident, lambda: self._chart(block, ident))

    def emblem(self, block: schema.Chart, ident: str) -> Markup:
        """Return a chart without words, for a first page."""
        return self._once(ident, lambda: self._emblem(block, ident))

    def crop(self, cards: schema.Points, card: schema.PointCard, ident: str) -> Markup:
        """Return the small drawing of a card: its point strong, those of the other cards faint."""
        return self._once(ident, lambda: self._crop(cards, card, ident))

    def overview(self, block: schema.Overview, ident: str) -> list[tuple[str, Markup]]:
        """Return the drawings of an overview by view: the whole back first, then the parts of the leg."""
        return self._once(ident, lambda: self._overview(block, ident))

    def mark(self, code: str, kind: marks.Kind) -> Markup:
        """Return a point's mark as a small picture for a table."""
        if self.epub:
            point = self._point(code)
            name = f"mark-{kind}-{'midline' if marks.is_midline(point) else 'pair'}"
            return self._picture(marks.alone(point, kind, self.theme, ground=True), "mark", "", name, _MARK)
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
        # Its size is its own: converters and readers without our style sheet would fill the page with it.
        own = '<svg class="icon" width="42" height="42" aria-hidden="true" focusable="false" '
        return Markup(svg.replace("<svg ", own))

    def _once(self, ident: str, draw: Callable[[], Drawn]) -> Drawn:
        if self.epub:
            return draw()
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
        return self._drawn(block.view, entries, self._text(block.view, title, entries), ident)

    def _emblem(self, block: schema.Chart, ident: str) -> Markup:
        entries = [self._entry(code) for code in block.points]
        return chart.emblem(block.view, entries, ident, self.theme)

    def _crop(self, cards: schema.Points, card: schema.PointCard, ident: str) -> Markup:
        entries = {other.code: self._entry(other.code) for other in cards.points}
        alt = place_text.spot_alt(self.source.points[card.code], self.source.shared)
        about = ChartText(self.source.shared.labels, card.code, alt)
        drawing = crop(entries[card.code], list(entries.values()), about, f"{ident}-crop", self.theme)
        # Its place is told in words beside it.
        return self._picture(drawing, "crop", "", ident, _CROP) if self.epub and drawing else drawing

    def _overview(self, block: schema.Overview, ident: str) -> list[tuple[str, Markup]]:
        by_view: dict[str, list[marks.Entry]] = {}
        for group in block.groups:
            for code in group.points:
                if view := anatomy.view_of(self.source.points[code]):
                    by_view.setdefault(view, []).append(self._entry(code, kind=group.mark))
        legend = [(group.mark, group.label) for group in block.groups]
        drawn = []
        for view in anatomy.views():
            if entries := by_view.get(view):
                words = self._text(view, self._view_name(view), entries)
                if self.epub:
                    words = replace(words, alt=f"{words.alt} {self._grades(block, entries)}")
                drawn.append((view, self._drawn(view, entries, words, f"{ident}-{view}", legend)))
        return drawn

    def _drawn(
        self,
        view: str,
        entries: list[marks.Entry],
        words: ChartText,
        ident: str,
        legend: list[tuple[marks.Kind, str]] | None = None,
    ) -> Markup:
        """Return a chart: inline in print, and legible on a phone in the book."""
        if not self.epub:
            return chart.chart(view, entries, words, ident, self.theme, legend or ())
        shown = _WIDTHS.get(view, _CHART)
        wanted = max(self.theme.lettering, chart.lettering(view, min(shown, _PHONE), _LEAST))
        theme = replace(self.theme, own=(*self.theme.own, ("lettering", f"{max(wanted, 1):.3f}")))
        drawing = chart.chart(view, entries, words, ident, theme, legend or ())
        described = self.source.shared.labels.get("in_words", "")
        if not described:
            return self._picture(drawing, f"chart {view}", words.alt, ident, shown)
        # Converters lose what only an attribute says.
        picture = self._picture(drawing, f"chart {view}", self._view_name(view), ident, shown)
        more = Markup('<details class="in-words"><summary>{}</summary><div>{}</div></details>')
        return picture + more.format(described, words.alt)

    def _picture(self, drawing: Markup, kind: str, alt: str, ident: str, width: float) -> Markup:
        """Keep a drawing as a file of the book; return the element that shows it."""
        name = f"drawings/{ident}.svg"
        if name not in self.files:
            self.files[name] = svg_file(drawing, width)
        return Markup('<img class="{}" src="{}" alt="{}"/>').format(kind, name, alt)

    def _grades(self, block: schema.Overview, entries: list[marks.Entry]) -> str:
        """Return which points of a chart are in which group, in words."""
        here = {entry.point.code for entry in entries}
        groups = ((group.label, [code for code in group.points if code in here]) for group in block.groups)
        return " ".join(f"{label}: {', '.join(codes)}." for label, codes in groups if codes)

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
