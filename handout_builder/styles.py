"""Properties that nobody set, looked up at once: most of the 25,000 that WeasyPrint 70 works out for a handout.

Its private class is used: the version is pinned in pyproject.toml; tests/test_shortcuts.py asserts that pages come to
the same bytes without this.
"""

from functools import wraps
from typing import Any

# What depends on other properties, or is handed down in ways of its own.
_SPECIAL = ("float", "position", "display", "page")


def complete(css: Any) -> None:
    """Make WeasyPrint 70 take inherited and initial values the short way; ``css`` is its package of that name."""
    style_class, check_math, initial = css.ComputedStyle, css.check_math, css.INITIAL_VALUES
    original = style_class.__missing__
    plain = {name for name in initial if name not in _SPECIAL and not name.startswith("text_decoration_")}
    inherited = frozenset(plain & set(css.INHERITED) - css.PHYSICAL_FUNCTIONS.keys())
    settled = frozenset(plain - set(css.INHERITED) - set(css.INITIAL_NOT_COMPUTED))
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
                style[name] = value = initial[name]
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
