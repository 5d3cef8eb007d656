"""Markdown in the content: CommonMark without raw HTML, plus ``[text]{lang=xx}`` for other languages.

A reading above words is ``[足三里]{lang=ja ruby=あしさんり}``, a note to them ``[words]{note="…"}``; ``x^2^`` is raised
and ``H~2~O`` lowered. Measures and ranges are kept on one line.

Findings (codes): ``untagged-language``, ``language-tag``, ``raw-html``, ``other-markdown``, ``control-character``,
``bad-link``, ``blank``, ``too-deep``, ``too-large``.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from handout_builder.text import characters, east_asian, language
from handout_builder.text.addresses import wrong_address

# Most texts: Latin words without any mark that could be wrong need no parser to be found right.
_HARMLESS = re.compile(r"[A-Za-z0-9 \n.,;:!?()/“”’–-]*")
# What can be more than itself in a text of one line: marks, references to characters, breaks.
_MARKED = re.compile(r"[\\`*_~^&<>{}\[\]!|\n\r\0\ufffd]")
# Where a link may lead: to a section, to the web, to a mailbox or a telephone. Others name this machine, or run.
_TARGET = re.compile(r"#|https?://|mailto:|tel:", re.IGNORECASE)
# What is bold and ends as a sentence does, or leads in to one; in running words it is a term or a name.
_SENTENCE_ENDS = re.compile(r"[.!?…:。！？：][\s\"'”’»›」』）)\]]*$")
_ENDS_NEXT = re.compile(r"[\s\"'”’»›」』）)\]]*(?:[.!?…:。！？：]|$)")
_LEADS_IN = re.compile(r"[:：]((?:</[a-z]+>)*)$")
_LINK_HINT = "a link leads to #section, https://, mailto: or tel:; a picture is a block of its own"
# What the parser left as it stood: a link that it takes for dangerous, or a picture.
_LEFT = re.compile(r"\[[^\]\n]*\]\([^)\n]*\)?")
_PICTURE = re.compile(r"!\[[^\]\n]*\]\(")
_HTML = re.compile(r"</?[A-Za-z][^<>]*>|<!--|<![A-Z]|<[?]")
_AUTOLINK = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]+:|<[^\s<>]+@")
# Sections have headings of their own, pictures their own block (with alt text); code, rules and
# quotations have no place in a handout's design.
_UNUSED = ("heading", "lheading", "hr", "code", "fence", "blockquote", "reference", "image", "backticks", "autolink")
# What other programs make of a text, and a handout has its own blocks for: the token of their Markdown, what it is
# called, and what to write here. The sign itself is printed with a backslash before it.
_ELSEWHERE = {
    "table_open": ("a table", "write a block of type 'table'"),
    "heading_open": ("a heading", "write a block of type 'heading', or a section; for the sign itself \\#"),
    "blockquote_open": ("a quotation", "write a block of type 'quote'; for the sign itself \\>"),
    "hr": ("a rule across the page", "begin a new section, which has a rule of its own"),
    "fence": ("a block of code", "write it as a text, without the row of marks"),
    "code_inline": ("code", "take the ` away, or write “quotation marks”"),
    "s_open": ("struck-out words", "leave the words out; for the sign itself \\~"),
}
_ELSEWHERE_SIGNS = {"code_inline": "`", "s_open": "~~"}
_LINK_DEFINITION = ("the definition of a link", "write the address where the link is: [words](https://example.com)")
# What the parser has no rule for, by its form.
_ELSEWHERE_FORMS = {
    re.compile(r"^[ \t]*(?:(?:[-*+]|[0-9]+[.)])[ \t]+)?\[[ xX]\](?=[ \t])", re.MULTILINE): (
        "a task list",
        "write a block of type 'checklist', or the box itself: ☐, or ☑ where it is ticked",
    ),
    re.compile(r"(?<!\\)\[\^[^\]\n]+\]"): (
        "a footnote",
        "write [the words]{note=\"the note\"}, or name the work under 'sources'",
    ),
    re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE): _ELSEWHERE["table_open"],
    re.compile(r"(?<=\S)[ \t]*\n:[ \t]+\S"): ("a definition", "write a block of type 'definitions'"),
    re.compile(r"(?<![=\\])==[^=\s][^=\n]*==(?!=)"): ("marked words", "write **bold** words"),
    re.compile(r"(?<![+\\])\+\+[^+\s][^+\n]*\+\+(?!\+)"): ("inserted words", "write **bold** words"),
    re.compile(r"(?<!\S):[a-z][a-z0-9_+-]*:(?![^\s.,;!?)])"): (
        "an emoji by its name",
        "take the sign itself, if it can be printed: ✓ ⚠ ♥ ★, or words",
    ),
    re.compile(r"\$\$[^$]+\$\$"): ("a formula", "write it in words; what stands lower and higher is H~2~O and x^2^"),
    re.compile(r"^[ \t]*(?::::|!!!|\?\?\?)[ \t]*(?:\w|\{|$)", re.MULTILINE): (
        "a frame",
        "write a block of type 'notice'",
    ),
    re.compile(r"^[ \t]*\*\[[^\]\n]+\]:", re.MULTILINE): ("an abbreviation", "explain it under 'glossary'"),
    re.compile(r"%%[^%\n]+%%"): ("a comment", "in YAML a comment stands on a line of its own, behind #"),
    re.compile(r"^[ \t]*\[_{0,2}TOC_{0,2}\][ \t]*$", re.MULTILINE): (
        "a list of contents",
        "leave it out: long handouts have one",
    ),
    re.compile(r"\\[A-Za-z]{3,}"): ("a command of LaTeX", "write the words alone"),
    re.compile(r"^[ \t]*[•‣◦∙▪➢·][ \t]+\S", re.MULTILINE): ("a list by signs", "begin each line of a list with '- '"),
    re.compile(r"^[ \t]*([–—])[ \t]+\S[^\n]*\n[ \t]*\1[ \t]", re.MULTILINE): (
        "a list by dashes",
        "begin each line of a list with '- '",
    ),
    re.compile(r"^[ \t]*(?:a[.)][ \t]+\S[^\n]*\n[ \t]*b|A[.)][ \t]+\S[^\n]*\n[ \t]*B)[.)][ \t]", re.MULTILINE): (
        "a list by letters",
        "begin each line of a list with '1. '",
    ),
    re.compile(r"\[\[[^\]\n]+\]\]"): ("a link of a wiki", "write [words](#section) or [words](https://example.com)"),
}
# Only a text with one of these can hold any of it.
_SUSPECT = re.compile(
    r"[#>|~`=\[$%\\•‣◦∙▪➢·]|\+\+|(?<!\S):[a-z]|^[ \t]*(?:[-*_][-*_ \t]*$|:[ \t]|:::|!!!|\?\?\?|[–—Aa][.) \t])",
    re.MULTILINE,
)
_ATTRIBUTES = re.compile(r"\{:?[ \t]*(?:(?:lang|ruby|note)[ \t]*=|[.#][a-zA-Z])[^}\n]*\}?")
_ATTRIBUTES_HINT = "it is given right behind the bracket, without blank or single quotes: [腰陽關]{lang=zh-Hant}"
_STARS = re.compile(r"\*{2,}")
# Beside letters without blanks between, as in Chinese, the parser takes them for part of a word.
_LINES = re.compile(r"__[^_\s](?:[^_\n]*[^_\s])?__")
_STARS_HINT = "bold words have two stars right before and right behind them: **bold**; for the sign itself \\*"
_ROW = 20

# What a line does not break in: a number and its unit; vertebrae, points, numbers and hours from one to another; codes.
_UNITS = "min|sec|s|h|kg|mg|g|ml|l|mm|cm|m|km|kcal|mmHg|°C|°F|%|am|pm|a\\.m\\.|p\\.m\\.|Uhr"
# Nouns of time and of how often, in the languages that ship and have blanks.
_TIMES = (
    "(?:second|minute|hour|day|night|week|month|year|time|breath|set)s?|(?:segundo|minuto|hora|día|noche|semana|año)s?"
    "|mes(?:es)?|vez|veces|series?|giây|phút|giờ|tiếng|ngày|đêm|tuần|tháng|năm|lần|hiệp"
)
_MEASURE = re.compile(rf"(?<=[0-9¼-¾⅐-⅞]) (?=(?:{_UNITS}|{_TIMES})(?!\w)|초|분|시간|일|주|개월|년|번|회|세트)")
_RANGE = re.compile(
    r"\b(?:[A-Z]{1,2}[0-9]{1,2}[–-][A-Z]{0,2}[0-9]{1,2}|[0-9]{1,2}[:.][0-9]{2}[–-][0-9]{1,2}[:.][0-9]{2}"
    r"|[0-9]{1,4}–[0-9]{1,4}|EX-[A-Z]{1,2}[0-9]{1,2})\b[.,;:)]?"
)
# A dash that touches one word opens or closes what it encloses, as in Spanish (RAE, Ortografía, 2010).
_WHOLE = re.compile(rf"(?<!\S)—[^ \n—]+(?:—[.,;:)]?(?!\S))?|[^ \n—]+—[.,;:)]?(?!\S)|{_RANGE.pattern}")
# The parser for attributes takes letters of ASCII alone without quotation marks.
# The end of a text that is in the middle of an address.
_LONGEST_ADDRESS = 500
_ADDRESS_BEFORE = re.compile(r"(?:://|(?<![\w.-])www\.)[^\s<>]*\Z")
_BARE_READING = re.compile(r"(?<=[{ ])ruby=([^\s\"'{}=]+)(?=[ }])")
_NO_BREAK = "\u00a0"
_SIGNS = re.compile(r"[\\`*_\[\]<>~^&]")
_DIGIT = re.compile("[0-9¼-¾⅐-⅞]")

# The parser passes over what stands in deeper lists than ten in silence (its maxNesting); no page has room for five.
_DEEPEST = 4
_ITEM = re.compile(r"(?:^|(?<=[ \t]))(?:[-*+]|[0-9]{1,9}[.)])(?=[ \t\n]|$)", re.MULTILINE)
_BLANKS = re.compile(r"[ \t]{2,}")
# Ten pages. The parser's time grows with the square of the open brackets, the time to break a line with the square of
# the marks in a row that has no blank.
_MOST_CHARACTERS, _MOST_BRACKETS, _MOST_MARKS = 20_000, 500, 100


class Finding(NamedTuple):
    """Something wrong in a text; ``excerpt`` is the piece by which its line is found, from a ``row`` of the text on."""

    code: str
    message: str
    hint: str
    excerpt: str
    row: int = 0


@cache
def _parser() -> MarkdownIt:
    parser = east_asian.parser("commonmark", {"html": False, "xhtmlOut": True}).disable(list(_UNUSED))
    parser.core.ruler.before("block", "quote", _quote_readings)
    parser.core.ruler.push("language", _say_languages)
    parser.core.ruler.push("beside", _set_beside)
    parser.core.ruler.push("tight", _tighten)
    parser.use(sub_plugin).use(superscript_plugin).use(attrs_plugin, spans=True, allowed=("lang", "ruby", "note"))
    parser.inline.ruler.before("emphasis", "address", _leave_address)
    for name, rule in (("text", _text_html), ("reading", _reading_html), ("note", _note_html)):
        parser.add_render_rule(name, rule)
    return _with_all_rules(parser)


@cache
def _other_parser() -> MarkdownIt:
    """Return a parser for the Markdown of other programs."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["code", "image"])
    return _with_all_rules(parser)


def _with_all_rules(parser: MarkdownIt) -> MarkdownIt:
    """Return a parser that threads may share.

    It lists its rules when it meets its first text, and whoever comes while it does so finds none of them, and no text
    (markdown-it-py 4, ``Ruler.getRules``).
    """
    parser.parse("text")
    return parser


def _say_languages(state: StateCore) -> None:
    """Give each run the tag that is used for its language; what the author wrote is kept beside it."""
    for block in state.tokens:
        for token in block.children or ():
            if "lang" in token.attrs:
                token.meta["lang"] = str(token.attrs["lang"])
                token.attrs["lang"] = language.canonical(token.meta["lang"])


def _leave_address(state: StateInline, silent: bool) -> bool:
    """Take a ``~`` or ``^`` of an address that stands in the text for itself: nothing in it is lowered or raised."""
    begin = max(0, state.pos - _LONGEST_ADDRESS)
    if state.src[state.pos] not in "~^" or not _ADDRESS_BEFORE.search(state.src, begin, state.pos):
        return False
    if not silent:
        state.pending += state.src[state.pos]
    state.pos += 1
    return True


def _quote_readings(state: StateCore) -> None:
    state.src = _BARE_READING.sub(r'ruby="\1"', state.src)


def _tighten(state: StateCore) -> None:
    """Let the first paragraph of an item stand behind its bullet, whether there are blank rows between items or not."""
    tokens = state.tokens
    for item, opening, closing in zip(tokens, tokens[1:], tokens[3:], strict=False):  # its words are one token
        if item.type == "list_item_open" and opening.type == "paragraph_open":
            opening.hidden = closing.hidden = True


def _set_beside(state: StateCore) -> None:
    """Put the reading above words into them, and the sign of a note behind the words that it is about."""
    for block in state.tokens:
        tokens: list[Token] = []
        opened: list[Token] = []
        for token in block.children or ():
            if token.type == "span_open":
                for name in ("ruby", "note"):
                    if name in token.attrs:
                        token.meta[name] = str(token.attrs.pop(name))
                token.tag = "ruby" if "ruby" in token.meta else token.tag
                opened.append(token)
            if token.type != "span_close":
                tokens.append(token)
                continue
            opening = opened.pop()
            token.tag = opening.tag
            beside = {name: Token(kind, "", 0, meta=opening.meta) for name, kind in _BESIDE if name in opening.meta}
            tokens += [*filter(None, [beside.get("ruby")]), token, *filter(None, [beside.get("note")])]
        if block.children is not None:
            block.children = tokens


_BESIDE = (("ruby", "reading"), ("note", "note"))


def _text_html(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    text = escapeHtml(tokens[index].content)
    if "—" not in text and not _DIGIT.search(text):
        return text
    return _WHOLE.sub(r'<span class="unbroken">\g<0></span>', _MEASURE.sub(_NO_BREAK, text))


def _reading_html(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    meta = tokens[index].meta
    lang = language.of_reading(meta["ruby"], language.canonical(meta["lang"]) if meta.get("lang") else "")
    attribute = f' lang="{lang}"' if lang else ""
    return f"<rp>(</rp><rt{attribute}>{escapeHtml(meta['ruby'])}</rt><rp>)</rp>"


def _note_html(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return f'<a class="noteref" data-note="{escapeHtml(tokens[index].meta["note"])}"></a>'


def notes(text: str) -> Iterator[str]:
    """Yield the notes to words of a text."""
    for block in _inlines(text):
        yield from (token.meta["note"] for token in block.children or () if token.type == "note")


def findings(text: str, lang: str, likely: str = "") -> Iterator[Finding]:
    """Yield what is wrong with a text in the language ``lang``; ``likely`` is the one of East Asian words in it."""
    if excess := _excess(text):
        yield excess
        return
    suspect = _SUSPECT.search(text)
    if not suspect and _HARMLESS.fullmatch(text) and any(map(str.isalpha, text)):
        return
    if characters.is_blank(" ".join(paragraph.text for paragraph in paragraphs(text))):
        yield Finding("blank", "nothing of this text is seen", "write words, or leave it out", "")
    for picture in _PICTURE.finditer(text):
        yield _bad_link(picture.group())
    for token, language_here in _languages(text, lang):
        yield from _attribute_findings(token)
        if token.type == "note":
            yield from findings(token.meta["note"], lang, likely)
        if token.type == "link_open":
            target = str(token.attrs["href"])
            if not leads_out(target):
                yield _bad_link(target)
            elif reason := wrong_address(target):
                yield Finding("bad-link", f"this link leads nowhere: {target}: {reason}", _LINK_HINT, target)
        if token.type == "text":
            yield from _text_findings(token.content, language_here, text, likely)
    if suspect:
        yield from _elsewhere(text)


def _excess(text: str) -> Finding | None:
    """Return what makes a text too much for the parser or the page."""
    hint = "make several texts of it"
    if len(text) > _MOST_CHARACTERS:
        return Finding("too-large", f"a text of more than {_MOST_CHARACTERS:,} characters", hint, "")
    if text.count("[") > _MOST_BRACKETS:
        return Finding("too-large", f"a text with more than {_MOST_BRACKETS} brackets", hint, "[")
    if row := next((word for word in text.split() if sum(map(word.count, "*_`[")) > _MOST_MARKS), ""):
        message = f"more than {_MOST_MARKS} marks in a row without a blank"
        return Finding("too-large", message, "take marks such as * and _ out", row[:20])
    if len(_ITEM.findall(text)) > _DEEPEST and any(
        token.type == "list_item_open" and token.level >= 2 * _DEEPEST for token in _parsed(text)
    ):
        message = f"a list in a list, more than {_DEEPEST} deep"
        return Finding("too-deep", message, "write it as one list, or as sections", "")
    return None


def _elsewhere(text: str) -> Iterator[Finding]:
    """Yield what means something in the Markdown of other programs, and would be printed with its signs here."""
    rows = text.split("\n")
    definitions: dict[str, Any] = {}
    found: dict[str, Finding] = {}

    def add(what: str, hint: str, excerpt: str, row: int) -> None:
        message = f"Markdown for {what} is not set here"
        found.setdefault(what, Finding("other-markdown", message, hint, excerpt[:_ROW], row))

    for token in _other_parser().parse(text, definitions):
        inside = token.children or ()
        row = min(token.map[0], len(rows) - 1) if token.map else 0
        for kind in (token.type, *(child.type for child in inside)):
            if kind in _ELSEWHERE:
                add(*_ELSEWHERE[kind], _ELSEWHERE_SIGNS.get(kind, rows[row].strip()), row)
    for definition in definitions.get("references", {}).values():
        row = min(definition["map"][0], len(rows) - 1)
        add(*_LINK_DEFINITION, rows[row].strip(), row)
    for form, (what, hint) in _ELSEWHERE_FORMS.items():
        if match := form.search(text):
            add(what, hint, match.group().strip().partition("\n")[0], text.count("\n", 0, match.start()))
    yield from found.values()


def _attribute_findings(token: Token) -> Iterator[Finding]:
    """Yield what is wrong with what stands in braces behind words."""
    tag = str(token.meta.get("lang", ""))
    if tag and (meant := language.meant(tag)):
        yield Finding("language-tag", f"'{tag}' is not a language tag", f"write {meant}", tag)
    if "ruby" in token.meta and token.type == "span_open":
        yield from _ruby_findings(token.meta["ruby"], tag)
    for name, value in token.meta.get("insecure_attrs", {}).items():
        message = f"'{name}={value}' means nothing here"
        yield Finding("other-markdown", message, _ATTRIBUTES_HINT, str(value))


def _ruby_findings(reading: str, tag: str) -> Iterator[Finding]:
    """Yield what is wrong with a reading above words in a language."""
    if not tag:
        hint = "say the language of the words: [足三里]{lang=ja ruby=あしさんり}"
        yield Finding("untagged-language", f"the words under '{reading}' have no language", hint, reading)
    elif not language.of_reading(reading, language.canonical(tag)):
        hint = "write the reading in kana, bopomofo, hangul or Latin letters"
        yield Finding("untagged-language", f"in which language '{reading}' is read is not clear", hint, reading)


def _text_findings(text: str, lang: str, source: str, expected: str) -> Iterator[Finding]:
    if not language.is_cjk_language(lang) and not language.meant(lang):
        for run in language.cjk_runs(text):
            likely = language.of_reading(run, "") or expected  # told by kana, hangul and bopomofo
            others = "" if likely else ", or zh-Hant, ja, ko: the shapes differ"
            hint = f"write [{run}]{{lang={likely or 'zh-Hans'}}}{others}"
            yield Finding("untagged-language", f"'{run}' has no language", hint, run)
    yield from unprintable(text)
    for left in _LEFT.finditer(text):
        yield _bad_link(left.group())
    if (stars := _STARS.search(text)) and "\\*" not in source:
        yield Finding("other-markdown", f"the stars {stars.group()} would be printed", _STARS_HINT, stars.group())
    if (lines := _LINES.search(text)) and "\\_" not in source:
        yield Finding(
            "other-markdown", "Markdown for bold words is not set here", "write **bold** words", lines.group()
        )
    for attributes in _ATTRIBUTES.finditer(text):
        message = f"{attributes.group()} means nothing where it stands"
        yield Finding("other-markdown", message, _ATTRIBUTES_HINT, attributes.group())
    tags = [found.group() for found in _HTML.finditer(text)]
    for html in [tag for tag in tags if not tag.startswith("</")] or tags:
        hint = "write it as [words](address), or without < and >" if _AUTOLINK.match(html) else "use Markdown"
        yield Finding("raw-html", f"HTML is not allowed here: {html}", hint, html)


def to_sections(text: str) -> Iterator[Finding]:
    """Yield links to sections from a text that stands in many handouts: only some of them have the section."""
    for target in links(text) if "](" in text else ():
        if target.startswith("#"):
            message = f"a text for many handouts cannot lead to a section of one: {target}"
            yield Finding("unknown-link", message, "take the link out", target)


def leading_on(text: str) -> Iterator[Finding]:
    """Yield links and notes from a title or heading: lists of contents have it, too, as links to it."""
    for token, _ in _languages(text, "") if "[" in text else ():
        if token.type == "link_open":
            hint = "write the link in the text below it"
            yield Finding("bad-link", "a title or heading cannot lead elsewhere", hint, str(token.attrs["href"]))
        elif token.type == "note":
            hint = "write the note behind words of the text below it"
            yield Finding("other-markdown", "a title or heading has no note", hint, token.meta["note"])


def parted(text: str) -> Iterator[Finding]:
    """Yield a finding for a text of several paragraphs or items that stands where one paragraph is printed."""
    starts = [token.map[0] for token in _inlines(text) if token.map] if "\n" in text else []
    if starts[1:]:
        row = text.split("\n")[starts[1]].strip()
        hint = "make sentences of it, or put what is more into a block of type 'text' or 'list'"
        message = "Markdown for several paragraphs or items is not set here"
        yield Finding("other-markdown", message, hint, row[:_ROW], starts[1])


def unprintable(text: str) -> Iterator[Finding]:
    """Yield the characters that may not stand in any text, with Markdown or without."""
    for control in characters.odd(text):
        message, hint = characters.told(control, text)
        yield Finding("control-character", message, hint, control)


def leads_out(target: str) -> bool:
    """Tell whether a link leads where it may: to a section, to the web, to a mailbox or a telephone."""
    return bool(_TARGET.match(target))


def _bad_link(target: str) -> Finding:
    return Finding("bad-link", f"this link leads nowhere: {target}", _LINK_HINT, target)


@lru_cache(maxsize=512)  # what is looked through is looked through several times, and then set
def _parsed(text: str) -> Sequence[Token]:
    """Return the tokens of a text, which nobody changes."""
    return tuple(_parser().parse(text))


def _inlines(text: str) -> Iterator[Token]:
    """Yield the paragraphs and list items of a text, with their inline tokens as children."""
    return (token for token in _parsed(text) if token.type == "inline")


def _languages(text: str, lang: str) -> Iterator[tuple[Token, str]]:
    """Yield each inline token with the language that it is in."""
    for block in _inlines(text):
        around = [lang]
        for token in block.children or ():
            if token.nesting == -1:
                around.pop()
            yield token, around[-1]
            if token.nesting == 1:
                around.append(str(token.attrs.get("lang", around[-1])))


@lru_cache(maxsize=512)  # print and book ask for the same texts
def html(text: str) -> str:
    """Return the text as HTML blocks that are well-formed XML, too."""
    parser = _parser()
    return str(parser.renderer.render(_parsed(text), parser.options, {})).rstrip()


@lru_cache(maxsize=512)
def inline_html(text: str) -> str:
    """Return the text as inline HTML, without a paragraph around it."""
    return str(_parser().renderInline(text)).strip()


@lru_cache(maxsize=512)
def strong_html(text: str) -> str:
    """Return what is bold in a text as inline HTML, with blanks between; "" where nothing is.

    A colon at its end goes: what it leads in to is not there.
    """
    parser = _parser()
    parts: list[str] = []
    for block in parser.parseInline(text):
        depth, bold = 0, list[Token]()
        for token in block.children or ():
            depth += (token.type == "strong_open") - (token.type == "strong_close")
            if depth or bold:
                bold.append(token)
            if bold and not depth:
                parts.append(str(parser.renderer.render(bold, parser.options, {})))
                bold = []
    return _LEADS_IN.sub(r"\1", " ".join(parts))


def has_strong_sentence(text: str) -> bool:
    """Tell whether what is bold in a text ends a sentence, or leads in to one: a term in running words does not."""
    for block in _inlines(text):
        depth, bold = 0, ""
        tokens = block.children or []
        for number, token in enumerate(tokens):
            if token.type == "strong_open":
                bold = "" if not depth else bold
                depth += 1
            elif token.type == "strong_close":
                depth -= 1
                rest = (tokens[at] for at in range(number + 1, len(tokens)))
                behind = next((other for other in rest if other.content or other.type == "hardbreak"), None)
                ends = _SENTENCE_ENDS.search(bold) or _ENDS_NEXT.match(behind.content if behind else "")
                if not depth and bold and ends:
                    return True
            elif depth:
                bold += token.content
    return False


class Paragraph(NamedTuple):
    """A paragraph or item of a list without its marks, and what was marked as italics."""

    text: str
    italics: tuple[str, ...]


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs and list items of a text, without any markup."""
    return map(_paragraph, _inlines(text))


def _paragraph(block: Token) -> Paragraph:
    parts: list[str] = []
    italics: list[str] = []
    inside = False
    for token in block.children or ():
        words = token.content or " " * (token.tag == "br")
        parts.append(words)
        if token.tag == "em":
            inside = token.nesting == 1
            italics += [""] * inside
        elif inside:
            italics[-1] += words
    # As it is set; and what looks for words in it need not try each of ten thousand blanks.
    return Paragraph(_BLANKS.sub(" ", "".join(parts)).strip(), tuple(italics))


def plain(text: str) -> str:
    """Return a text of one line without any markup, for metadata and bookmarks: "1." begins no list there."""
    if not _MARKED.search(text):  # most texts: to parse them takes a hundred times as long
        return _BLANKS.sub(" ", text).strip()
    return " ".join(_paragraph(block).text for block in _parser().parseInline(text))


def escaped(text: str) -> str:
    """Return plain words as Markdown that says just these."""
    return _SIGNS.sub(r"\\\g<0>", text)


def links(text: str) -> Iterator[str]:
    """Yield the targets of the links in the text."""
    if "[" not in text and "<" not in text:  # by which every link begins
        return
    for token, _ in _languages(text, ""):
        if token.type == "link_open":
            yield str(token.attrs["href"])
