"""The Markdown of the content: what must hold for any text; Hypothesis looks for the one for which it does not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from handout_builder.text import language, markdown

FAST = settings(deadline=None, max_examples=150)
# What XML 1.0 allows (section 2.2), without the characters that only C1 controls would need.
XML_TEXT = st.text(
    st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t")
)
# Arbitrary text hardly ever holds markup that means something.
PIECES = [
    *("*", "**", "_", "[", "]", "(", ")", "(#one)", "](https://example.org/?a=1&b=2)", "{lang=ja}", "{lang=", "}"),
    *("<b>", "</b>", "<!--", "&", "&amp;", "&#xD800;", "`", "~~~", "\n\n", "\n", "  \n", "\\", "\\\n", "\n- "),
    *("1. ", "# ", "> ", "    ", "\t", "|", "---\n", "![x](y)", "<https://example.org>", "'", '"', "腰陽關", "word "),
]
MARKUP = st.lists(st.sampled_from(PIECES) | XML_TEXT, max_size=25).map("".join)


def tree(html: str) -> etree._Element:
    return etree.fromstring(f"<body>{html}</body>", etree.XMLParser(resolve_entities=False, huge_tree=False))


def squeezed(text: str) -> str:
    return "".join(text.split())


@FAST
@given(MARKUP)
def test_prose_is_well_formed(text: str) -> None:
    tree(markdown.html(text))
    tree(markdown.inline_html(text))


@FAST
@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_prose_takes_any_text(text: str) -> None:
    for result in (markdown.html(text), markdown.inline_html(text), markdown.plain(text)):
        assert isinstance(result, str)
    list(markdown.findings(text, "en"))
    list(markdown.links(text))


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Algo tranquilo —por ejemplo, leer «un cuento corto»— y vuelva", ["—por", "corto»—"]),
        ("Algo —leer—.", ["—leer—."]),
        ("Descanse —10 min o más—, y L4–L5", ["—10\u00a0min", "más—,", "L4–L5"]),
        ("—Hola.", ["—Hola."]),
        ("one — two, one—two", []),
        ("一——二——三", []),
        ("L4–L5 and EX-B2", ["L4–L5", "EX-B2"]),
    ],
)
def test_a_dash_that_encloses_stays_with_its_word_and_a_range_whole(text: str, whole: list[str]) -> None:
    body = tree(markdown.html(text))
    assert ["".join(span.itertext()) for span in body.iter("span") if span.get("class") == "unbroken"] == whole
    assert "".join(body.itertext()).strip().replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Rest 10 minutes, 2 times a day, in 30 days.", ["10 minutes", "2 times", "30 days"]),
        ("Descanse 10 minutos 2 veces al día.", ["10 minutos", "2 veces"]),
        ("Nghỉ 10 phút, 2 lần mỗi ngày.", ["10 phút", "2 lần"]),
        ("10 분간, 하루 2 번.", ["10 분간", "2 번"]),
        ("½ hour, 2 kg, LI4 and 3 timers, 7 minds", ["½ hour", "2 kg"]),
    ],
)
def test_a_number_stays_with_its_unit_or_noun_of_time(text: str, kept: list[str]) -> None:
    (told,) = tree(markdown.html(text)).itertext("p")
    assert re.findall("[0-9½]+\u00a0\\w+", told) == [words.replace(" ", "\u00a0") for words in kept]
    assert told.strip().replace("\u00a0", " ") == text


@FAST
@given(MARKUP)
def test_prose_makes_no_other_elements_than_a_handout_has(text: str) -> None:
    allowed = {"body", "p", "strong", "em", "a", "span", "br", "ul", "ol", "li", "sup", "sub", "ruby", "rp", "rt"}
    body = tree(markdown.html(text))
    assert {element.tag for element in body.iter()} <= allowed
    attributes = {
        "a": {"href", "title", "lang", "class", "data-note"},
        "span": {"lang", "class"},
        "ruby": {"lang", "class"},
        "rt": {"lang"},
        "ol": {"start"},
    }
    for element in body.iter():
        assert set(element.attrib) <= attributes.get(str(element.tag), set())
        assert element.get("class") in (None, "noteref", "unbroken")
        assert not element.get("href", "").lower().startswith(("javascript:", "vbscript:", "file:", "data:"))


@FAST
@given(MARKUP)
@example("[x](#one){lang=Japanese}")
@example("[x]{lang=Japanese}")
def test_no_language_goes_unchecked(text: str) -> None:
    langs = [element.get("lang", "en") for element in tree(markdown.html(text)).iter()]
    if not all(map(language.is_tag, langs)):
        assert "language-tag" in {finding.code for finding in markdown.findings(text, "en")}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a *b* c", "a b c"),
        ("a __b__ c", "a b c"),
        ("H~2~O", "H2O"),
        ("10^3^", "103"),
        ("a &amp; b", "a & b"),
        (r"a \# b", "a # b"),
        ("[a](https://example.org)", "a"),
        ("[腰]{lang=ja}", "腰"),
        ("a  \nb", "a b"),
        ("a\r\nb", "a b"),
        ("a\0b", "a\ufffdb"),
        (" a   b\t\tc ", "a b c"),
        ("1. a", "1. a"),
        ("- a # b > c = d", "- a # b > c = d"),
        ("「腰」　$5 + 50 % ‘x’ 'y'", "「腰」　$5 + 50 % ‘x’ 'y'"),
    ],
)
def test_plain_text_has_no_mark_of_any_kind(text: str, shown: str) -> None:
    """Each alone: a text without any is not parsed."""
    assert markdown.plain(text) == shown
    assert squeezed("".join(tree(markdown.inline_html(text)).itertext())) == squeezed(shown)
    assert [*markdown.links(text)] == re.findall(r"https://[a-z.]+", text)


@FAST
@given(MARKUP)
def test_plain_text_is_the_text_of_the_html(text: str) -> None:
    # No mark is left, and no word is lost.
    read = "".join(paragraph.text for paragraph in markdown.paragraphs(text))
    assert squeezed(read) == squeezed("".join(tree(markdown.html(text)).itertext()))
    assert squeezed(markdown.plain(text)) == squeezed("".join(tree(markdown.inline_html(text)).itertext()))


@pytest.mark.parametrize("text", ["a\x01b", "a&#12;b", "a\ufffeb", "a\x7fb"], ids=ascii)
def test_characters_that_xml_forbids_are_found_or_left_out(text: str) -> None:
    # "\x01" between quotes is good YAML.
    if not list(markdown.findings(text, "en")):
        tree(markdown.html(text))


@pytest.mark.parametrize(
    "address", ["https://a.example/~anna/~x/", "www.a.example/~anna/~x", "http://a.example/x^2^", "ftp://a.example/~a~"]
)
def test_nothing_of_an_address_is_lowered_or_raised(address: str) -> None:
    html = markdown.html(f"See {address} or ({address}), H~2~O and x^2^.")
    assert html.strip() == f"<p>See {address} or ({address}), H<sub>2</sub>O and x<sup>2</sup>.</p>"


@pytest.mark.parametrize("text", ["**one** two", "one\ntwo", "one  \ntwo", "one\\\ntwo", "one\n\ntwo", "- one\n- two"])
def test_plain_text_keeps_words_apart(text: str) -> None:
    assert " ".join(paragraph.text for paragraph in markdown.paragraphs(text)).split() == ["one", "two"]


@pytest.mark.parametrize("title", ["1. Find the point", "- a", "2) *Press* [it](#one)"])
def test_title_keeps_its_number_where_it_has_no_markup(title: str) -> None:
    shown = re.sub("<[^>]*>", "", markdown.inline_html(title))
    assert markdown.plain(title) == shown


# Rules are listed slowly, and another thread comes meanwhile.
TWO_AT_ONCE = """
import threading, time
from markdown_it.ruler import Ruler
whole = Ruler.__compile__
def slowly(ruler):
    ruler.__cache__ = {}
    time.sleep(0.2)
    whole(ruler)
Ruler.__compile__ = slowly
from handout_builder.text import markdown
found = []
def look():
    found.append(list(markdown.findings("**Read [it](#one) first.**", "en")))
threads = [threading.Thread(target=look) for _ in range(2)]
for thread in threads:
    thread.start()
    time.sleep(0.1)
for thread in threads:
    thread.join()
print(found)
"""


def test_a_second_thread_finds_all_rules_of_the_first() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", TWO_AT_ONCE], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout == "[[], []]\n"


def test_a_link_that_leads_nowhere_is_told_with_the_reason() -> None:
    (found,) = markdown.findings("Read [this](https://me:secret@example.com/).", "en")
    assert (found.code, "a user's name or password stands in it" in found.message) == ("bad-link", True)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("**Do not stop your tablets.** Ask.", True),
        ("**Never drive**.", True),
        ("Stop if **you feel *numb*.**", True),
        ("**Take care:** it is hot.", True),
        ("**Ask**\\\nLast.", True),
        ("First.\n\n**Ask first**\n\nLast.", True),
        ("**切勿按压颈部。**请小心。", True),
        ("「**決して押さない**」。", True),
        ("A **tension headache** feels tight.", False),
        ("**Exercise** is best.", False),
        ("*All of it.*", False),
        ("**骨关节炎**很常见。", False),
    ],
)
def test_bold_that_ends_a_sentence_is_more_than_a_term(text: str, ends: bool) -> None:
    assert markdown.has_strong_sentence(text) is ends
