"""What the words of a short form miss: sentences that forbid or name a doctor, and what its summary speaks of."""

import html
import re
from collections.abc import Iterator

from handout_builder.content import schema, texts
from handout_builder.errors import Problem, Severity
from handout_builder.plain_language.word_lists import Care, plain_words
from handout_builder.render.product import Product
from handout_builder.render.short_contents import ShortContents
from handout_builder.text import markdown
from handout_builder.text.sentences import phrases, split_sentences

_TAG = re.compile("<[^>]+>")
_MOST_QUOTED = 3
_LONGEST = 120


def told(product: Product) -> Iterator[Problem]:
    """Yield what a short form lacks of sentences with advice, and lines of its summary that speak of what it lacks.

    Sentences that forbid are a warning, others a note. Nothing where the language has no words for it. Raises
    HandoutError where its word lists cannot be read.
    """
    source, edition = product.source, product.edition
    if not edition.may_lack:
        return
    short = ShortContents.of(product)
    lost = [block for section in source.handout.sections for block in short.lost(section)]
    words = plain_words(source.folder.parent, source.language) if lost or not short.has("uses") else None
    if words and words.care:
        gone = list(_gone(short, lost, words.abbreviations))
        forbidding = any(phrases(words.care.forbids).search(sentence) for sentence in gone)
        if quoted := _quoted(gone, words.care):
            message = f"the edition {edition.name} leaves out advice: {quoted}"
            hint = (
                "make what nobody may miss a sentence in bold, or a notice of the kind caution: short forms keep these"
            )
            severity = Severity.WARNING if forbidding else Severity.NOTE
            yield Problem("left-out", message, source.folder, hint=hint, severity=severity)
    if words:
        kept = {block.type for section in short.lists if short.has("lists") for block in short.listed(section)}
        missing = {block.type for block in lost} - kept
        names = tuple(name for kind in sorted(missing) for name in words.parts.get(kind, ()))
        lines = [line for line in map(markdown.plain, short.summary) if names and phrases(names).search(line)]
        if lines:
            message = f"the edition {edition.name} leaves out what its summary speaks of: {_row(lines)}"
            hint = "say it in other words, lead there by a link, or give another edition to those who need it"
            yield Problem("left-out", message, source.folder, hint=hint, severity=Severity.NOTE)


def _gone(short: ShortContents, lost: list[schema.Block], abbreviations: tuple[str, ...]) -> Iterator[str]:
    """Yield the sentences of a handout that its short form lacks, but for those that are told as cautions."""
    cautions = [] if short.has("cautions") else short.cautions
    for block in lost:
        if not any(block is one for one in cautions):
            bold = any(block is one for one in short.warned)
            for text in texts.prose(block):
                yield from _sentences(text, abbreviations, bold=bold)
    if not short.has("uses"):
        for block in short.contents.blocks("points"):
            for card in block.points:
                yield from _sentences(card.remark or "", abbreviations, bold=short.has(card.code))


def _sentences(text: str, abbreviations: tuple[str, ...], *, bold: bool) -> Iterator[str]:
    """Yield the sentences of a text; without those that are ``bold``, where these stay."""
    kept = _TAG.sub("", markdown.strong_html(text)) if bold else ""
    for paragraph in markdown.paragraphs(text):
        for sentence in split_sentences(paragraph.text, abbreviations):
            if html.escape(sentence, quote=False) not in kept:
                yield sentence


def _quoted(sentences: list[str], care: Care) -> str:
    """Quote sentences with advice: those that name whom to ask first; "" where there are none."""
    asks, forbids = phrases(care.asks), phrases(care.forbids)
    asking = [sentence for sentence in sentences if asks.search(sentence)]
    return _row(list(dict.fromkeys([*asking, *(sentence for sentence in sentences if forbids.search(sentence))])))


def _row(sentences: list[str]) -> str:
    """Return a few sentences in quotes, and how many more there are."""
    shown = [one if len(one) <= _LONGEST else f"{one[:_LONGEST].rstrip()}…" for one in sentences[:_MOST_QUOTED]]
    more = len(sentences) - len(shown)
    return ", ".join(f"“{one}”" for one in shown) + (f" and {more} more" if more else "")
