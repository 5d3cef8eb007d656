"""Marks of a keyboard as a language is printed: what is set, what stays, and that all of it can be printed."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handout_builder.text import markdown
from handout_builder.text.typography import MARKS, smart, smart_words
from handout_builder.typefaces import coverage

LANGUAGES = sorted(MARKS)
FAST = settings(deadline=None, max_examples=200)
PIECES = [
    *('"', "'", "--", " -- ", "---", "...", "-", "1/2", "3/16", "2-3", "9:00-17:00", "it's", "rock 'em", "word", " "),
    *("**", "*", "[words](https://example.org/a--b)", '[x]{note="it isn\'t"}', "[足三里]{lang=ja ruby=あしさんり}"),
    *(
        "\n\n",
        "\n- ",
        "\n",
        "\\",
        "“",
        "”",
        "’",
        "足三里",
        "안녕",
        "足",
        "5'10\"",
        "\ufffc",
        "`",
        "(",
        ")",
        "12",
        "7/10",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=20).map("".join)


@pytest.mark.parametrize(
    ("lang", "written", "printed"),
    [
        ("en", "\"It's 'good' sleep\" -- she said...", "“It’s ‘good’ sleep” – she said…"),
        ("en-GB", '"a"', "“a”"),
        ("en", '**"Bold"**, *"it"* and ("this")', "**“Bold”**, *“it”* and (“this”)"),
        ("en", 'the ["sleep" page](https://example.org "it\'s") -- "so"', 'the [“sleep” page](https://example.org "it\'s") – “so”'),  # noqa: E501
        ("en", "We count 'em, in the '90s, and don't sleep.", "We count ’em, in the ’90s, and don’t sleep."),
        ("en", "2-3 times, 1.5-2 cm, 2019-2021, 9:00-17:00, 22:30-6:30", "2–3 times, 1.5–2 cm, 2019–2021, 9:00–17:00, 22:30–6:30"),  # noqa: E501
        ("en", "1/2 a cup, 1 3/4 cups, 2 3/16 in, 5/12", "½ a cup, 1¾ cups, 2 ^3^/~16~ in, ^5^/~12~"),
        ("en", '- "one\n- two"\n\nthree "four"', '- "one\n- two"\n\nthree “four”'),
        ("en", '[rest]{note="It isn\'t \\"sleep\\" -- no."}', '[rest]{note="It isn’t “sleep” – no."}'),
        ("en", "[rest]{note='It is \"sleep\".'}", "[rest]{note='It is “sleep”.'}"),
        ("es", 'Descanse -- y beba "agua" -- cada 2-3 horas.', "Descanse —y beba «agua»— cada 2-3 horas."),
        ("de", "\"Ruhe\", und 'Schlaf', 2-3 mal", "„Ruhe“, und ‚Schlaf‘, 2–3 mal"),
        ("fr", 'Il dit "oui", et l\'eau.', "Il dit «\u00a0oui\u00a0», et l’eau."),
        ("ja", "彼は\"はい、'それ'\"と言った--2-3回...", "彼は「はい、『それ』」と言った——2〜3回……"),
        ("zh-Hans", '他说"好" -- 每天2-3次...', "他说“好”——每天2～3次……"),
        ("zh-Hant", '他說"好"', "他說「好」"),
        ("zh-HK", '他說"好"', "他說「好」"),
        ("ko", '"안녕"이라고 -- 2-3회', "“안녕”이라고 — 2-3회"),
        ("vi", '"Xin chào" -- 2-3 lần', "“Xin chào” – 2–3 lần"),
    ],
)  # fmt: skip
def test_marks_are_those_of_the_language(lang: str, written: str, printed: str) -> None:
    assert smart(written, lang) == printed


@pytest.mark.parametrize(
    "text",
    [
        "“It’s ‘curly’ already,” she said – 2–3 times … ½",
        "EX-B2, BL23-25, LI4, L4-L5, GV20-GV24",
        "2026-11-23, 020 555-1234, 555-1234, 1-800-555, 12-34 56 78, 978-3-16, +1-202",
        "https://example.org/a--b?c=\"1-2\" www.example.org/'x' hello--us@example.org",
        "score 7/10, grade 3/5, 120/80 mmHg, 24/7, 1/2/2026, 4/8, L4/5, and/or",
        "Height 5'10\", `code -- \"it\"`, a--b, --strict, 3-2, a - b",
        r"a backslash keeps \"it\", 1\/2 and \-- so",
        "[Ruhe \"so\" -- 2-3]{lang=de} and [x](a--b '1-2')",
        "he said \"this",
    ],
)  # fmt: skip
def test_what_is_no_mark_of_prose_stays(text: str) -> None:
    assert smart(text, "en") == text


def test_an_unknown_language_stays_as_it_is() -> None:
    assert smart('"a" -- 1/2', "sw") == '"a" -- 1/2'


def test_words_without_markdown_get_no_markdown() -> None:
    assert smart_words('3/16 "in" -- 1/2', "en") == "3/16 “in” – ½"


@pytest.mark.parametrize(
    "piece", ['"', "'", 'a"', "--", "1-", "1/2 ", "](", "[x", '[x]{note="', "`", "\\", "\n- ", " "]
)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_longest_texts_take_no_longer_than_they_are_long(piece: str, lang: str) -> None:
    begin = time.process_time()
    smart(piece * (20_000 // len(piece)) + '"a -- b"', lang)
    assert time.process_time() - begin < 2


@FAST
@example("[words](https://example.org/a--b)--1/2", "ja")  # found by chance, as are
@example('"-- -- "', "zh-HK")
@given(TEXTS, st.sampled_from(LANGUAGES))
def test_what_is_set_stays_as_it_is_set(text: str, lang: str) -> None:
    once = smart_words(text, lang)  # the marks that raise figures are neighbours, too
    assert smart_words(once, lang) == once


@FAST
@given(TEXTS, st.sampled_from(LANGUAGES))
def test_nothing_but_the_marks_changes(text: str, lang: str) -> None:
    def letters(words: str) -> str:
        return re.sub(r"[^\w]|[½⅓⅔¼¾⅙⅚⅛⅜⅝⅞]|[0-9]", "", words)

    printed = smart(text, lang)
    assert letters(printed) == letters(text)
    assert list(markdown.links(printed)) == list(markdown.links(text))


@FAST
@example('"*3/16**')  # found by chance
@example('*3/16**"')
@given(TEXTS)
def test_where_text_is_bold_or_a_list_stays(text: str) -> None:
    def shape(words: str) -> list[str]:
        return [tag for tag in re.findall(r"</?(\w+)", markdown.html(words)) if tag not in ("sup", "sub", "span", "br")]

    assert shape(smart(text, "en")) == shape(text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_our_fonts_have_all_marks(lang: str) -> None:
    marks = MARKS[lang]
    assert list(coverage.missing("".join((*marks.quotes, *marks.dashes, marks.to, marks.dots, "’½⅓⅔¼¾⅙⅚⅛⅜⅝⅞")))) == []
