"""Lines of text shaped once, and drawn from what they were shaped to; engine/line_drawing.py draws them.

WeasyPrint 70 asks Pango for a context and a font description for each line, and shapes a line again to draw it. Here,
lines of one style share both, a line is drawn from what it was shaped to while it was fitted, and one that stands in
several handouts is fitted once, as names, places and safety advice do. This holds for lines without anything special;
all others take WeasyPrint's way. Its private functions are replaced: the version is pinned in pyproject.toml;
tests/engine/ asserts that pages come to the same bytes without this.
"""

from collections.abc import Callable
from typing import Any

from handout_builder.engine.cache import Cache
from handout_builder.engine.styles_and_boxes import UNSET, Replace

# Values with which a line needs no attributes of Pango's that depend on its text, nor lines above and below.
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


class _Settings:
    """What the lines of one style have in common."""

    def __init__(self, style: Any, line_break: Any) -> None:
        """Ask Pango as Layout.setup does."""
        pango, ffi = line_break.pango, line_break.ffi
        self.lines: Cache[Any] = style.font_config.lines
        context = pango.pango_font_map_create_context(style.font_config.font_map)
        self.context = ffi.gc(context, line_break.gobject.g_object_unref)
        pango.pango_context_set_round_glyph_positions(self.context, False)
        pango.pango_context_set_base_dir(self.context, line_break.PANGO_DIRECTION[style["direction"]])
        self.language = pango.pango_language_get_default()
        if style["lang"]:
            self.language = pango.pango_language_from_string(style["lang"].encode())
            pango.pango_context_set_language(self.context, self.language)
        self.description = line_break.get_font_description(style)
        self.attributes = ffi.NULL
        if features := line_break.font_features(*(style[name] for name in _FEATURES)):
            words = ",".join(f"{name} {value}" for name, value in features.items()).encode()
            self.attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
            pango.pango_attr_list_insert(self.attributes, pango.pango_attr_font_features_new(words))


def install(line_break: Any, replace: Replace) -> None:
    """Make WeasyPrint shape plain lines once, kept beside their fonts; ``line_break`` is its module of that name."""
    settings = _settings(line_break)
    replace(line_break, "Layout", _layout_class(line_break, settings))
    _keep_fitted(line_break, settings, replace)
    _share_struts(line_break, replace)


def _settings(line_break: Any) -> Callable[[Any], _Settings | None]:
    """Return the function that gives the settings of a plain style, and None for all others."""

    def is_plain(style: Any) -> bool:
        return all(style[name] == value for name, value in _PLAIN.items())

    def settings(style: Any) -> _Settings | None:
        # A style that WeasyPrint changes is a copy, which has none yet.
        if style.line_settings is UNSET:
            style.line_settings = None
            if is_plain(style):
                known = style.font_config.line_settings
                key = (*style["font_family"], *(style[name] for name in (*_SETTINGS, *_FEATURES)))
                style.line_settings = known.get(key) or known.setdefault(key, _Settings(style, line_break))
        found: _Settings | None = style.line_settings
        return found

    return settings


def _layout_class(line_break: Any, settings: Callable[[Any], _Settings | None]) -> Any:
    """Return WeasyPrint's class of lines, made to share settings and to keep what was shaped."""
    pango, ffi, gobject = line_break.pango, line_break.ffi, line_break.gobject

    class Layout(line_break.Layout):  # type: ignore[misc]
        settings: _Settings | None
        second_line: Any
        """Where a second line begins, None without one, or UNKNOWN."""
        drawn: Any
        """What the line came to when it was drawn, or None: see line_drawing.py."""

        def setup(self, style: Any) -> None:
            found = self.settings = settings(style)
            self.second_line, self.drawn = UNKNOWN, None
            if found is None:
                super().setup(style)
                return
            self.style, self.language, self.first_line_direction = style, found.language, 0
            self.layout = ffi.gc(pango.pango_layout_new(found.context), gobject.g_object_unref)
            pango.pango_layout_set_auto_dir(self.layout, False)
            pango.pango_layout_set_font_description(self.layout, found.description)
            pango.pango_layout_set_attributes(self.layout, found.attributes)
            self.ascent = self.underline_position = self.strikethrough_position = None

        def is_plain(self, text: str) -> bool:
            return self.settings is not None and not any(sign in text for sign in _NOT_PLAIN)

        @property
        def is_shaped(self) -> bool:
            return self.second_line is None and not self.justification_spacing and self.is_plain(self.text)

        def set_text(self, text: str, justify: bool = False) -> None:
            self.second_line = UNKNOWN
            if (justify and self.justification_spacing) or not self.is_plain(text):
                super().set_text(text, justify)
                return
            self.text = text
            # As for drawing: in a text without line ends it changes nothing but to spare a second shaping.
            pango.pango_layout_set_single_paragraph_mode(self.layout, True)
            data = text.encode()
            pango.pango_layout_set_text(self.layout, data, len(data))

        def get_first_line(self) -> Any:
            line, self.second_line = super().get_first_line()
            return line, self.second_line

        def deactivate(self) -> None:
            if self.is_shaped:
                self.__dict__.pop("style", None)  # with it, all of its document
            else:
                super().deactivate()

        def reactivate(self, style: Any) -> None:
            if not self.is_shaped or style.line_settings is not self.settings:
                super().reactivate(style)

    return Layout


def _keep_fitted(line_break: Any, settings: Callable[[Any], _Settings | None], replace: Replace) -> None:
    original = line_break.split_first_line

    def split_first_line(
        text: str, style: Any, context: Any, max_width: Any, justification_spacing: Any, **options: Any
    ) -> Any:
        arguments = (text, style, context, max_width, justification_spacing)
        found = settings(style)
        if (
            found is None
            or justification_spacing
            or style["hyphens"] == "auto"
            or style["word_break"] != "normal"
            or _SOFT_HYPHEN in text
        ):
            return original(*arguments, **options)
        # Where no word is broken, the options do not matter.
        key = (text, found, style["white_space"], max_width)
        line = found.lines.get(key)
        if line is None:
            line = original(*arguments, **options)
            found.lines.offer(key, line)
        return line

    replace(line_break, "split_first_line", split_first_line)


def _share_struts(line_break: Any, replace: Replace) -> None:
    original = line_break.strut

    def strut(style: Any) -> Any:
        if style.strut is None:
            style.strut = original(style)
        return style.strut

    replace(line_break, "strut", strut)
