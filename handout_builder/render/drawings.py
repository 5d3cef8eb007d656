"""The drawings of a handout: charts and crops of its points, marks beside their codes, icons.

Print has them inline. The book has charts and crops as files, shown by ``img``: their descriptions survive conversion,
readers can enlarge them, and neither their themes nor their spacing of text reach into them.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, get_args

from markupsafe import Markup

from handout_builder.content import anatomy, place_text, schema, views
from handout_builder.content.loader import Source
from handout_builder.figures import chart, labelled_picture, marks
from handout_builder.figures.body_sheet import WHOLE, Size
from handout_builder.figures.crop import crop
from handout_builder.figures.svg import ChartText
from handout_builder.render.anchors import Anchors
from handout_builder.render.formatter import known_point
from handout_builder.resources import LAYOUTS
from handout_builder.text import language, markdown
from handout_builder.tokens import Theme, substitute

Drawn = TypeVar("Drawn")
# What is left of the narrowest phone (320 px) beside the margins of a reading system, and how high letters should be
# there, both in px: at least 11 where labels beside the arms make a chart a little wider. How wide charts, crops and
# marks are at most.
_PHONE, _LEAST = 276.0, 11.5
_CHART, _CROP, _MARK = chart.SCREEN, 176.0, 13.0
# How much of a column of 176 mm the phone has; what drawings beside each other leave free, and how wide one of few is.
_PHONE_MM = WHOLE * _PHONE / _CHART
_PX_PER_EM = 16.0
# The most pixels of a picture with marks in the book, where it lies in the file of its drawing.
_PIXELS = (1600, 1600)
_INSET_GAP, _MOST_INSET, _MOST_IN_A_ROW = 2.0, 86.0, 4
# How wide each of five in a row is, with codes alone.
_CODES_ALONE = 33.0
# So many drawings are as large as one alone would be.
_FEW = 2
_WIDTH = re.compile(r' style="width:[^"]*"')
_SAID = re.compile(r'style="width:([0-9.]+)(%|mm)"')
_RANKS: tuple[str, ...] = get_args(schema.SafetyBlock.model_fields["rank"].annotation)


@dataclass(frozen=True)
class Drawings:
    """What templates ask for to have drawn, as inline SVG; ``ident`` begins the ids in it."""

    source: Source = field(repr=False)
    theme: Theme
    epub: bool
    anchors: Anchors
    drawn: dict[str, Any]
    """What has been drawn, by its id."""
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    """The drawings of the book that templates have asked for, by their names in it."""

    def chart(self, block: schema.Chart, ident: str) -> Markup:
        """Return the drawing of a chart block; names are the author's where a card gives one."""
        return self._once(ident, lambda: self._chart(block, ident))

    def emblem(self, block: schema.Chart, ident: str, *, tall: bool = False) -> Markup:
        """Return a chart without words, for a first page: flat, or for a cover, ``tall``."""
        return self._once(ident, lambda: self._emblem(block, ident, tall=tall))

    def crop(self, cards: schema.Points, card: schema.PointCard, ident: str) -> Markup:
        """Return the small drawing of a card: its point strong, those of the other cards faint."""
        return self._once(ident, lambda: self._crop(cards, card, ident))

    def overview(self, block: schema.Overview, ident: str) -> list[tuple[str, Markup]]:
        """Return the drawings of an overview by view: the whole back first, then the parts of the leg."""
        return self._once(ident, lambda: self._overview(block, ident))

    def marked(self, figure: schema.Figure, address: str, ident: str) -> Markup:
        """Return a picture with its marks: with labels, or with numbers where ``numbers_marks`` says so."""
        return self._once(ident, lambda: self._marked(figure, address, ident))

    def numbers_marks(self, figure: schema.Figure) -> bool:
        """Tell whether a list below the picture has the labels: on a phone, and for Han, which no drawing holds."""
        return self.epub or any(language.cjk_runs(one.label) for one in figure.marks)

    def mark(self, code: str, kind: marks.Kind) -> Markup:
        """Return a point's mark as a small picture for a table."""
        if self.epub:
            point = self._point(code)
            name = f"mark-{kind}-{'midline' if marks.is_midline(point) else 'pair'}"
            return self._picture(marks.alone(point, kind, self.theme, ground=True), "mark", "", name, _MARK)
        return marks.alone(self._point(code), kind, self.theme)

    def icon(self, rank: str) -> Markup:
        """Return a safety block's icon, hidden from screen readers: the heading beside it says the same.

        Raises LookupError for a rank that has none.
        """
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
        written = {card.code: card for card in self.source.handout.cards}
        title = markdown.plain(block.title)
        # Names of drawings are plain text: Han in them could not say its language, if it is another than the page's.
        if language.cjk_runs(title) and not language.is_cjk_language(self.source.lang):
            title = ""
        by_view = self._views(block)
        several = len(by_view) > 1
        size = block.size or (("small" if len(by_view) > _FEW else "medium") if several else None)
        room = self._inset_room(len(by_view)) if several else WHOLE
        drawn = []
        for number, (view, codes) in enumerate(by_view.items()):
            entries = [self._entry(code, written.get(code)) for code in codes]
            name = title if title and not several else self._view_name(view)
            words = self._text(view, name, entries)
            part = views.drawing_id(ident, view, number)
            drawing = self._drawn(view, entries, words, part, size=size, room=room, body=block.body)
            drawn.append((view, drawing, part if number else ""))  # the first has the chart's own
        if not several:
            return drawn[0][1]
        titled = [self._titled(*one) for one in drawn]
        row = _in_a_row(len(titled))  # each by itself: between rows a page may end
        rows = (Markup("").join(titled[start : start + row]) for start in range(0, len(titled), row))
        return Markup("").join(Markup('<div class="views">{}</div>').format(inside) for inside in rows)

    def _views(self, block: schema.Chart) -> dict[str, list[str]]:
        """Return the views of a chart, each with the codes of its points."""
        return views.drawn(block, self.source.points)

    def _titled(self, view: str, drawing: Markup, ident: str = "") -> Markup:
        """Return one of several drawings with the name of its view."""
        width, inside = _width_of(drawing)
        if not (
            width or self.epub
        ):  # one that is as wide as charts are would shrink beside others, and its words with it
            width = Markup(' style="width:{}"').format(self.theme.tokens["chart"])
        named, breaks = (self.anchors.id(ident), self.anchors.breaks(ident)) if ident else ("", "")
        words = Markup('<div class="inset {}"{}{}>{}<p class="inset-title">{}</p>{}</div>')
        return words.format(view, width, named, breaks, self._view_name(view), inside)

    def _marked(self, figure: schema.Figure, address: str, ident: str) -> Markup:
        from handout_builder.images.pictures import fitted, ratio  # noqa: PLC0415  # most handouts have no picture file
        from handout_builder.images.pixels import ending  # noqa: PLC0415

        data = self.source.pictures[figure.key]
        if self.epub:  # a drawing is one file, and has no others beside it
            data = fitted(data, _PIXELS)
            kind = {"jpg": "jpeg", "svg": "svg+xml"}.get(ending(data), ending(data))
            address = f"data:image/{kind};base64,{b64encode(data).decode('ascii')}"
        places = [((one.at[0], one.at[1]), one.label) for one in figure.marks]
        shown = labelled_picture.Marked(address, ratio(data), places)
        said = f"{figure.alt} {'; '.join(one.label for one in figure.marks)}."
        words = ChartText(self.source.shared.labels, figure.alt, said, self.source.lang)
        if not self.numbers_marks(figure):
            return labelled_picture.labelled(shown, words, ident, self.theme)
        drawing = labelled_picture.numbered(shown, words, ident, self.theme)
        return self._picture(drawing, "chart marked", figure.alt, ident, _CHART) if self.epub else drawing

    def _emblem(self, block: schema.Chart, ident: str, *, tall: bool) -> Markup:
        view, codes = next(iter(self._views(block).items()))
        theme = replace(self.theme, body=block.body) if block.body else self.theme
        return chart.emblem(view, [self._entry(code) for code in codes], ident, theme, tall=tall)

    def _crop(self, cards: schema.Points, card: schema.PointCard, ident: str) -> Markup:
        entries = {other.code: self._entry(other.code) for other in cards.points}
        alt = place_text.spot_alt(self.source.points[card.code], self.source.shared, card.pressed_on)
        about = ChartText(self.source.shared.labels, card.code, alt, self.source.lang)
        entry = entries[card.code]._replace(side=card.pressed_on)
        drawing = crop(entry, list(entries.values()), about, f"{ident}-crop", self.theme)
        # Its place is told in words beside it.
        return self._picture(drawing, "crop", "", ident, _CROP) if self.epub and drawing else drawing

    def _overview(self, block: schema.Overview, ident: str) -> list[tuple[str, Markup]]:
        kinds: dict[str, marks.Kind] = {code: group.mark for group in block.groups for code in group.points}
        found = views.chosen([self._point(code) for code in kinds])
        by_view = {
            view: [self._entry(one.code, kind=kinds[one.code]) for one in points] for view, points in found.items()
        }
        legend = [(group.mark, group.label) for group in block.groups]
        on_back = any(chart.has_bones(view) for view in by_view)
        insets = [view for view in anatomy.views() if view in by_view and not chart.has_bones(view)]
        whole: Size | None = "full" if on_back else None  # it is what its page is for
        many = len(insets) > _MOST_IN_A_ROW and self.theme.lettering == 1
        room = _CODES_ALONE if many else self._inset_room(len(insets))  # the table has the names
        drawn = []
        for view in anatomy.views():
            if entries := by_view.get(view):
                words = self._text(view, self._view_name(view), entries)
                if self.epub:
                    words = words._replace(alt=f"{words.alt} {self._grades(block, entries)}")
                inset = view in insets
                # One legend is enough: that of the back, else that of the first drawing.
                own = legend if not inset or (not on_back and view == insets[0]) else []
                drawing = self._drawn(
                    view, entries, words, f"{ident}-{view}", own, size="inset" if inset else whole, room=room
                )
                drawn.append((view, self._titled(view, drawing) if inset and not self.epub else drawing))
        return drawn

    def _inset_room(self, drawings: int) -> float:
        """Return how wide each of so many drawings beside each other may be, in mm of a column of 176."""
        return max(self.theme.measure("inset-room"), min(_MOST_INSET, WHOLE / _in_a_row(drawings) - _INSET_GAP))

    def _drawn(
        self,
        view: str,
        entries: list[marks.Entry],
        words: ChartText,
        ident: str,
        legend: list[tuple[marks.Kind, str]] | None = None,
        *,
        size: Size | None = None,
        room: float = WHOLE,
        body: str | None = None,
    ) -> Markup:
        """Return a chart: inline in print, and legible on a phone in the book."""
        theme = replace(self.theme, body=body) if body else self.theme
        if not self.epub:
            drawn = chart.chart(view, entries, words, ident, theme, legend or (), size, room)
            return _sized(drawn, self.theme)
        wanted = max(self.theme.lettering, chart.lettering(view, _PHONE, _LEAST))
        theme = replace(theme, own=(*theme.own, ("lettering", f"{max(wanted, 1):.3f}"), ("back-size", "full")))
        drawing, share = chart.chart(view, entries, words, ident, theme, legend or (), size, _PHONE_MM)
        shown = round(share * _CHART)
        described = self.source.shared.labels.get("in_words", "")
        if not described:
            return self._picture(drawing, f"chart {view}", words.alt, ident, shown)
        # Converters lose what only an attribute says.
        picture = self._picture(drawing, f"chart {view}", self._view_name(view), ident, shown)
        more = Markup('<details class="in-words"><summary>{}</summary><div>{}</div></details>')
        return picture + more.format(described, words.alt)

    def _picture(self, drawing: Markup, kind: str, alt: str, ident: str, width: float) -> Markup:
        """Keep a drawing as a file of the book; return the element that shows it."""
        from handout_builder.figures.files import svg_file  # noqa: PLC0415  # only for books

        name = f"drawings/{ident}.svg"
        if name not in self.files:
            self.files[name] = svg_file(drawing, width)
        most = Markup(' style="max-width: {:g}em"').format(width / _PX_PER_EM) if kind.startswith("chart") else ""
        return Markup('<img class="{}" src="{}" alt="{}"{}/>').format(kind, name, alt, most)

    def _grades(self, block: schema.Overview, entries: list[marks.Entry]) -> str:
        """Return which points of a chart are in which group, in words."""
        here = {entry.point.code for entry in entries}
        groups = ((group.label, [code for code in group.points if code in here]) for group in block.groups)
        return " ".join(f"{label}: {', '.join(codes)}." for label, codes in groups if codes)

    def _entry(self, code: str, card: schema.PointCard | None = None, kind: marks.Kind = "filled") -> marks.Entry:
        point = self._point(code)
        return marks.Entry(point, self._name(point, card), kind)

    def _name(self, point: schema.Point, card: schema.PointCard | None) -> str:
        """Return what a chart calls a point: its name as the handout's readers write it, else how it is read.

        A name or reading on its card goes before the standard's. No list gives many extra points a name in Japanese or
        Vietnamese: these have their pinyin.
        """
        lang, names = self.source.lang, point.names
        if language.names_points(lang):
            if card and card.name.lang == lang:
                return card.name.text
            if written := names.written_in(lang):
                return written
        return (card.name.reading if card else "") or names.pinyin or names.en

    def _point(self, code: str) -> schema.Point:
        return known_point(self.source.points, code)

    def _view_name(self, view: str) -> str:
        return self.source.shared.labels[f"view_{view}"]

    def _text(self, view: str, title: str, entries: Iterable[marks.Entry]) -> ChartText:
        shared = self.source.shared
        alt = place_text.chart_alt(view, (entry.point for entry in entries), shared)
        return ChartText(shared.labels, title, alt, self.source.lang)


def _in_a_row(drawings: int) -> int:
    """Return how many drawings stand beside each other: up to four of so few, of more three."""
    return max(drawings, 1) if drawings <= _MOST_IN_A_ROW else _MOST_IN_A_ROW - 1


def _sized(drawing: chart.Drawing, theme: Theme) -> Markup:
    """Return a drawing that says how wide it is, of the width of charts."""
    if drawing.share >= 1:
        return drawing.svg
    whole = theme.tokens["chart"]
    width = f"{drawing.share * 100:.1f}%" if whole == "100%" else f"{drawing.share * theme.measure('chart'):.1f}mm"
    return Markup(str(drawing.svg).replace("<svg ", f'<svg style="width:{width}" ', 1))


def height_of(drawing: Markup, theme: Theme) -> float:
    """Return how high a chart is printed, of the width of charts."""
    head = drawing[: drawing.find(">")]
    width, height = (float(value) for value in head.split('viewBox="')[1].split('"')[0].split()[2:])
    said = _SAID.search(head)
    share = 1.0 if not said else float(said[1]) / (100 if said[2] == "%" else theme.measure("chart"))
    return share * height / width


def _width_of(drawing: Markup) -> tuple[Markup, Markup]:
    """Return the width that a drawing says, as an attribute, and the drawing without it."""
    found = _WIDTH.search(drawing, 0, drawing.find(">"))
    if not found:
        return Markup(""), drawing
    return Markup(found[0]), Markup(str(drawing).replace(found[0], "", 1))
