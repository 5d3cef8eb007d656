"""Runs of text in other languages than the handout's: their attributes, and Han, kana and hangul that need one."""

from dataclasses import dataclass

from markupsafe import Markup

from handout_builder.text import language


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

    def runs(self, text: str) -> Markup:
        """Return a clinic's text with its Han, kana and hangul tagged."""
        plain = Markup.escape(text)
        for run in dict.fromkeys(language.cjk_runs(text)):
            plain = plain.replace(run, self.tagged(run, self.cjk))
        return plain
