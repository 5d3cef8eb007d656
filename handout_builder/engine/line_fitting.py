"""Lines of text shaped once, and drawn from what they were shaped to; engine/line_drawing.py draws them.

WeasyPrint 70 asks Pango for a context and a font description for each line, and shapes a line again to draw it. Here,
lines of one style share both, a line is drawn from what it was shaped to while it was fitted, and one that stands in
several handouts is fitted once, as names, places and safety advice do. This holds for lines without anything special;
all others take WeasyPrint's way. Its private functions are replaced: the version is pinned in pyproject.toml;
tests/test_shortcuts.py asserts that pages come to the same bytes without this.
"""

from collections.abc import Callable
from typing import Any

from handout_builder.engine.cache import Kept
from handout_builder.engine.styles_and_boxes import replace

# Values with which a line needs neither attributes of Pango's nor lines above and below.
_PLAIN = {
    "text_decoration_line": "none",
    "letter_spacing": "normal",
    "word_spacing": 0,
    "overflow_wrap": "normal",
    "font_language_override": "normal",
}
# What makes a Pango context and a font description, beside the families.
_SETTINGS = ("direction", "lang", *(f"font_{name}" for name in ("style", "stretch", "weight", "size")))
_SETTINGS += ("font_variant_caps", "font_variation_settings")
_VARIANTS = tuple(f"font_variant_{name}" for name in ("position", "caps", "numeric", "alternates", "east_asian"))
# What OpenType features are made from, in the order of WeasyPrint's font_features.
_FEATURES = ("font_kerning", "font_variant_ligatures", *_VARIANTS, "font_feature_settings")
# Pango begins a paragraph behind the first three; tabs want stops, and a NUL ends a text in C.
_NOT_PLAIN = "\n\r\u2029\t\x00"
_SOFT_HYPHEN = "\xad"

UNKNOWN = object()
"""In place of where a second line begins: the layout is not as it was shaped."""


_fitted: Kept[Any] = Kept(3000)
"""Lines by text, settings, white space and room for them."""


class _Settings:
    """What the lines of one style have in common."""

    def __init__(self, style: Any, line_break: Any) -> None:
        """Ask Pango as Layout.setup does."""
        pango, ffi = line_break.pango, line_break.ffi
        self.shared = getattr(style.font_config, "shared", False)
        context = pango.pango_font_map_create_context(style.font_config.font_map)
        self.context = ffi.gc(context, line_break.gobject.g_object_unref)
        pango.pango_context_set_round_glyph_positions(self.context, False)
        pango.pango_context_set_base_dir(self.context, line_break.PANGO_DIRECTION[style["direction"]])
        self.language = pango.pango_language_get_default()
        if style["lang"]:
            self.language = pango.pango_language_from_string(style["lang"].encode())
            pango.pango_context_set_language(self.context, self.language)
        self.description = line_break.get_font_description(style)


def begin() -> None:
    """Begin a document: lines that it shares with earlier ones are kept."""
    _fitted.begin()


def forget() -> None:
    """Let all lines go that are kept."""
    _fitted.forget()


def complete(line_break: Any) -> None:
    """Make WeasyPrint 70 shape plain lines once; ``line_break`` is its module of that name."""
    settings = _settings(line_break)
    _share_settings(line_break, settings)
    _keep_shaped(line_break)
    _keep_fitted(line_break, settings)
    _share_struts(line_break)


def _settings(line_break: Any) -> Callable[[Any], _Settings | None]:
    """Return the function that gives the settings of a plain style, and None for all others."""

    def is_plain(style: Any) -> bool:
        return all(style[name] == value for name, value in _PLAIN.items()) and not line_break.font_features(
            *(style[name] for name in _FEATURES)
        )

    def settings(style: Any) -> _Settings | None:
        try:
            # A style that WeasyPrint changes is a copy, which has none yet.
            found: _Settings | None = style.line_settings
        except AttributeError:
            found = None
            if is_plain(style):
                known = vars(style.font_config).setdefault("line_settings", {})
                key = (*style["font_family"], *(style[name] for name in _SETTINGS))
                found = known.get(key) or known.setdefault(key, _Settings(style, line_break))
            style.line_settings = found
        return found

    return settings


def _share_settings(line_break: Any, settings: Callable[[Any], _Settings | None]) -> None:
    pango, ffi, gobject = line_break.pango, line_break.ffi, line_break.gobject
    original = line_break.Layout.setup

    def setup(layout: Any, style: Any) -> None:
        found = layout.settings = settings(style)
        layout.second_line, layout.drawn = UNKNOWN, None
        if found is None:
            original(layout, style)
            return
        layout.style, layout.language, layout.first_line_direction = style, found.language, 0
        layout.layout = ffi.gc(pango.pango_layout_new(found.context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(layout.layout, False)
        pango.pango_layout_set_font_description(layout.layout, found.description)
        layout.ascent = layout.underline_position = layout.strikethrough_position = None

    replace(line_break.Layout, "setup", setup)


def _keep_shaped(line_break: Any) -> None:
    layout_class, pango = line_break.Layout, line_break.pango
    write, first_line = layout_class.set_text, layout_class.get_first_line
    leave, take_up = layout_class.deactivate, layout_class.reactivate

    def is_plain(layout: Any, text: str) -> bool:
        return layout.settings is not None and not any(sign in text for sign in _NOT_PLAIN)

    def is_shaped(layout: Any) -> bool:
        return layout.second_line is None and not layout.justification_spacing and is_plain(layout, layout.text)

    def set_text(layout: Any, text: str, justify: bool = False) -> None:
        layout.second_line = UNKNOWN
        if (justify and layout.justification_spacing) or not is_plain(layout, text):
            write(layout, text, justify)
            return
        layout.text = text
        # As for drawing: in a text without line ends it changes nothing but to spare a second shaping.
        pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
        data = text.encode()
        pango.pango_layout_set_text(layout.layout, data, len(data))

    def get_first_line(layout: Any) -> Any:
        line, layout.second_line = first_line(layout)
        return line, layout.second_line

    def deactivate(layout: Any) -> None:
        if is_shaped(layout):
            vars(layout).pop("style", None)  # with it, all of its document
        else:
            leave(layout)

    def reactivate(layout: Any, style: Any) -> None:
        if not is_shaped(layout) or getattr(style, "line_settings", None) is not layout.settings:
            take_up(layout, style)

    for method in (set_text, get_first_line, deactivate, reactivate):
        replace(layout_class, method.__name__, method)


def _keep_fitted(line_break: Any, settings: Callable[[Any], _Settings | None]) -> None:
    original = line_break.split_first_line

    def split_first_line(
        text: str, style: Any, context: Any, max_width: Any, justification_spacing: Any, **options: Any
    ) -> Any:
        arguments = (text, style, context, max_width, justification_spacing)
        found = settings(style)
        if (
            found is None
            or not found.shared
            or justification_spacing
            or style["hyphens"] == "auto"
            or style["word_break"] != "normal"
            or _SOFT_HYPHEN in text
        ):
            return original(*arguments, **options)
        # Where no word is broken, the options do not matter.
        key = (text, found, style["white_space"], max_width)
        line = _fitted.get(key)
        if line is None:
            line = original(*arguments, **options)
            _fitted.offer(key, line)
        return line

    replace(line_break, "split_first_line", split_first_line)


def _share_struts(line_break: Any) -> None:
    original = line_break.strut

    def strut(style: Any) -> Any:
        try:
            return style.strut
        except AttributeError:
            style.strut = original(style)
            return style.strut

    replace(line_break, "strut", strut)
