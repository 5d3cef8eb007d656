"""Runs of text in other languages than the handout's: their attributes, and Han, kana and hangul that need one."""

from dataclasses import dataclass

from markupsafe import Markup

from handout_builder.text import language

# The narrowest page in letters of 300 %, and the size of a name, in em of the reading; the width of a Latin letter, on
# the average, and of a Han character; and what WCAG 2.2, 1.4.12, sets between them.
_RUBY, _NAME, _LATIN, _HAN, _APART = 5.5, 2.4, 0.55, 1.0, 0.12


def _width(text: str) -> float:
    wide = sum(map(len, language.cjk_runs(text)))
    return wide * _HAN + (len(text) - wide) * _LATIN + len(text) * _APART


@dataclass(frozen=True)
class Languages:
    """How templates mark the language of a piece of text."""

    epub: bool
    """XHTML wants an element's language twice."""
    cjk: str
    """The language of Han, kana and hangul in a clinic's texts."""

    def attributes(self, lang: str) -> Markup:
        """Return the attributes that give an element its language."""
        return Markup(' lang="{0}" xml:lang="{0}"' if self.epub else ' lang="{0}"').format(lang)

    def tagged(self, text: str, lang: str) -> Markup:
        """Return the text as a run in another language."""
        return Markup("<span{}>{}</span>").format(self.attributes(lang), text)

    def fits_ruby(self, text: str, reading: str) -> bool:
        """Tell whether a name with its reading above it fits on a phone in large letters: no line of ruby can break."""
        return max(_NAME * _width(text), _width(reading)) <= _RUBY

    def runs(self, text: str) -> Markup:
        """Return a clinic's text with its Han, kana and hangul tagged."""
        plain = Markup.escape(text)
        for run in dict.fromkeys(language.cjk_runs(text)):
            plain = plain.replace(run, self.tagged(run, self.cjk))
        return plain
