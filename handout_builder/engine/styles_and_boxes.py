"""What WeasyPrint 70 works out in general, done the short way where nothing depends on the rest.

Most of the 30,000 properties that it asks for in a handout were set by nobody, most lengths are no percentages, and a
line below all floats need not know how narrow it could be. Its private functions are replaced: the version is pinned
in pyproject.toml; tests/engine/ asserts that pages come to the same bytes without this.
"""

from collections.abc import Callable
from copy import copy
from functools import lru_cache
from math import inf
from typing import Any

Replace = Callable[[Any, str, Any], None]
"""Replaces an attribute of an owner in WeasyPrint."""

# What depends on other properties, or is handed down in ways of its own.
_SPECIAL = ("float", "position", "display", "page")
_CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
_SIDES = ("top", "right", "bottom", "left")
# What is asked of nearly every box, and was set for few. Not all that could stand here: it takes room in each style.
_USUAL = [
    *("anchor", "appearance", "bookmark_level", "bookmark_state", "opacity", "overflow", "transform"),
    *("background_color", "background_image", "box_shadow", "image_orientation", "outline_offset", "outline_style"),
    *("counter_increment", "counter_reset", "counter_set", "border_image_source", "mask_border_source"),
    *(f"border_{corner}_radius" for corner in _CORNERS),
    *("box_decoration_break", "box_sizing", "height", "width", "max_height", "max_width", "min_height", "min_width"),
    *(f"{edge}_{side}" for edge in ("margin", "padding") for side in _SIDES),
]

UNSET = object()
"""In place of what was not worked out yet."""


class Remembering:
    """What the short ways remember of a style; WeasyPrint's classes of styles are replaced by ones that have it."""

    line_settings: Any = UNSET
    strut: Any = None
    logical: bool | None = None
    """Whether properties are set by the direction of writing, such as margin-inline."""


def install(weasyprint: Any, replace: Replace) -> None:
    """Make WeasyPrint take the short ways."""
    _shorten_properties(weasyprint.css, replace)
    _shorten_lengths(weasyprint, replace)
    _shorten_boxes(weasyprint, replace)
    _shorten_lines(weasyprint.layout.inline, replace)
    _remember_colours(weasyprint.svg.utils, replace)


def _remember_colours(utils: Any, replace: Replace) -> None:
    """Read each colour of drawings once: a thousand shapes have some twenty; needless if WeasyPrint remembers them."""
    read = lru_cache(maxsize=256)(utils.color)

    def color(string: str | None) -> Any:
        return copy(read(string))  # whoever asks makes it fainter in place

    replace(utils, "color", color)


def _shorten_properties(css: Any, replace: Replace) -> None:
    check_math, initial = css.check_math, css.INITIAL_VALUES
    plain = {name for name in initial if name not in _SPECIAL and not name.startswith("text_decoration_")}
    inherited = frozenset(plain & set(css.INHERITED) - css.PHYSICAL_FUNCTIONS.keys())
    depends = {name: css.COMPUTER_FUNCTIONS.get(name) for name in css.INITIAL_NOT_COMPUTED}
    settled = frozenset(name for name in plain - set(css.INHERITED) if depends.get(name, True))
    logical = frozenset(settled & css.PHYSICAL_FUNCTIONS.keys())
    usual = {name: initial[name] for name in _USUAL if name in settled - depends.keys()}

    class ComputedStyle(Remembering, css.ComputedStyle):  # type: ignore[misc]
        def __init__(self, parent_style: Any, cascaded: Any, *others: Any) -> None:
            super().__init__(parent_style, cascaded, *others)
            if parent_style is not None and not _has_logical(self):
                self.update(usual)
                for name in cascaded.keys() & usual.keys():
                    del self[name]

        def __missing__(self, name: str) -> Any:
            if self.parent_style is not None and name not in self.cascaded:
                if name in inherited:
                    value = self.parent_style[name]
                    if not check_math(value):
                        self[name] = value
                        return value
                elif name in settled and not (name in logical and _has_logical(self)):
                    value = initial[name]
                    if compute := depends.get(name):
                        value = compute(self, name, value)
                    self[name] = value
                    return value
            return super().__missing__(name)

    class AnonymousStyle(Remembering, css.AnonymousStyle):  # type: ignore[misc]
        def __init__(self, parent_style: Any) -> None:
            super().__init__(parent_style)
            for name, value in usual.items():
                self.setdefault(name, value)

        def __missing__(self, name: str) -> Any:
            if name in inherited:
                value = self[name] = self.parent_style[name]
                return value
            return super().__missing__(name)

    class InitialStyle(Remembering, css.InitialStyle):  # type: ignore[misc]
        pass

    for style in (ComputedStyle, AnonymousStyle, InitialStyle):
        replace(css, style.__name__, style)


def _has_logical(style: Any) -> bool:
    if style.logical is None:
        style.logical = any("inline" in name or "block" in name for name in style.cascaded)
    return bool(style.logical)


def _shorten_lengths(weasyprint: Any, replace: Replace) -> None:
    percent, percentage = weasyprint.layout.percent, weasyprint.layout.percent.percentage

    def resolve_one_percentage(box: Any, property_name: str, refer_to: Any) -> None:
        style = box.style
        value = style[property_name]
        used = value.value if getattr(value, "unit", None) == "px" else percentage(value, style, refer_to)
        setattr(box, property_name, 0 if used == "auto" and property_name in ("min_width", "min_height") else used)

    replace(percent, "resolve_one_percentage", resolve_one_percentage)


def _shorten_boxes(weasyprint: Any, replace: Replace) -> None:
    percent, boxes = weasyprint.layout.percent, weasyprint.formatting_structure.boxes
    background, anonymous = weasyprint.layout.background, weasyprint.css.AnonymousStyle
    resolve, fill, in_flow = percent.resolve_percentages, background.layout_box_backgrounds, boxes.Box.is_in_normal_flow
    # Lines and the texts in them have no margins, borders, sizes or backgrounds of their own.
    bare_kinds = (boxes.LineBox, boxes.TextBox)
    bare: dict[str, Any] = {f"{edge}_{side}": 0 for edge in ("margin", "padding") for side in _SIDES}
    bare |= {f"border_{side}_width": 0 for side in _SIDES}
    bare |= {"width": "auto", "min_width": 0, "max_width": inf, "height": "auto", "min_height": 0, "max_height": inf}
    unfilled = {"background": None, **{f"border_{corner}_radius": (0, 0) for corner in _CORNERS}}

    def is_bare(box: Any) -> bool:
        return type(box) in bare_kinds and type(box.style) is anonymous

    def resolve_percentages(box: Any, containing_block: Any) -> None:
        if is_bare(box):
            vars(box).update(bare)
        else:
            resolve(box, containing_block)

    def layout_box_backgrounds(page: Any, box: Any, get_image: Any, *arguments: Any, **options: Any) -> None:
        if arguments or options or not is_bare(box):
            fill(page, box, get_image, *arguments, **options)
            return
        vars(box).update(unfilled)
        for child in box.all_children():
            layout_box_backgrounds(page, child, get_image)

    def is_in_normal_flow(box: Any) -> bool:
        style = box.style
        return (style["float"] == "none" and style["position"] in ("static", "relative")) or bool(in_flow(box))

    replace(percent, "resolve_percentages", resolve_percentages)
    replace(background, "layout_box_backgrounds", layout_box_backgrounds)
    replace(boxes.Box, "is_in_normal_flow", is_in_normal_flow)


def _shorten_lines(inline: Any, replace: Replace) -> None:
    original = inline.inline_min_content_width

    def least_width(context: Any, box: Any, *arguments: Any, **options: Any) -> Any:
        """Return the least width of a line, which only matters beside a float or above one."""
        if options.get("first_line") and all(
            shape.position_y + shape.margin_height() <= box.position_y for shape in context.excluded_shapes
        ):
            return 0
        return original(context, box, *arguments, **options)

    replace(inline, "inline_min_content_width", least_width)
