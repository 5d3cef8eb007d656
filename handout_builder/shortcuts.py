"""What WeasyPrint 70 works out in general, done the short way where nothing depends on the rest.

Most of the 25,000 properties that it asks for in a handout were set by nobody, and a line below all floats need not
know how narrow it could be. Its private functions are replaced: the version is pinned in pyproject.toml;
tests/test_shortcuts.py asserts that pages come to the same bytes without this.
"""

from functools import wraps
from typing import Any

# What depends on other properties, or is handed down in ways of its own.
_SPECIAL = ("float", "position", "display", "page")


def complete(weasyprint: Any) -> None:
    """Make WeasyPrint 70 take the short ways."""
    _shorten_properties(weasyprint.css)
    _shorten_lines(weasyprint.layout.inline)


def _shorten_properties(css: Any) -> None:
    style_class, check_math, initial = css.ComputedStyle, css.check_math, css.INITIAL_VALUES
    original = style_class.__missing__
    plain = {name for name in initial if name not in _SPECIAL and not name.startswith("text_decoration_")}
    inherited = frozenset(plain & set(css.INHERITED) - css.PHYSICAL_FUNCTIONS.keys())
    depends = {name: css.COMPUTER_FUNCTIONS.get(name) for name in css.INITIAL_NOT_COMPUTED}
    settled = frozenset(name for name in plain - set(css.INHERITED) if depends.get(name, True))
    logical = frozenset(settled & css.PHYSICAL_FUNCTIONS.keys())

    @wraps(original)
    def missing(style: Any, name: str) -> Any:
        if style.parent_style is not None and name not in style.cascaded:
            if name in inherited:
                value = style.parent_style[name]
                if not check_math(value):
                    style[name] = value
                    return value
            elif name in settled and not (name in logical and _has_logical(style)):
                value = initial[name]
                if compute := depends.get(name):
                    value = compute(style, name, value)
                style[name] = value
                return value
        return original(style, name)

    style_class.__missing__ = missing


def _has_logical(style: Any) -> bool:
    """Tell whether properties are set by the direction of writing, such as margin-inline."""
    try:
        return bool(style.has_logical)
    except AttributeError:
        style.has_logical = any("inline" in name or "block" in name for name in style.cascaded)
        return bool(style.has_logical)


def _shorten_lines(inline: Any) -> None:
    original = inline.inline_min_content_width

    @wraps(original)
    def least_width(context: Any, box: Any, *arguments: Any, **options: Any) -> Any:
        """Return the least width of a line, which only matters beside a float or above one."""
        y = box.position_y
        if options.get("first_line") and all(s.position_y + s.margin_height() <= y for s in context.excluded_shapes):
            return 0
        return original(context, box, *arguments, **options)

    inline.inline_min_content_width = least_width
