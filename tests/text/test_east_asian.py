"""Chinese, Japanese and Korean prose: what is bold beside punctuation, and which line break is a space."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from handout_builder.content.yaml_reader import read_yaml
from handout_builder.text import east_asian, markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**注意：**正文继续。", "<strong>注意：</strong>正文继续。"),
        ("含**「重点」**内容", "含<strong>「重点」</strong>内容"),
        ("请看**《按压须知》**一节", "请看<strong>《按压须知》</strong>一节"),
        ("**每天三次（早、中、晚）。**痛则停。", "<strong>每天三次（早、中、晚）。</strong>痛则停。"),
        ("匹配*“慢慢按”*字样", "匹配<em>“慢慢按”</em>字样"),
        (
            "**大腰筋（だいようきん）**は、**「腰陽関」**の近く。",
            "<strong>大腰筋（だいようきん）</strong>は、<strong>「腰陽関」</strong>の近く。",
        ),
        ("**ツボを押す。**痛み", "<strong>ツボを押す。</strong>痛み"),
        ("**이 용어(term)**를 본다", "<strong>이 용어(term)</strong>를 본다"),
        ("a**あ、**b", "a<strong>あ、</strong>b"),
        ("a**“b”**c", "a**“b”**c"),  # as in CommonMark: nothing of it is CJK
        ("注意_：_正文", "注意_：_正文"),  # underscores do not split words
    ],
)
def test_emphasis(text: str, html: str) -> None:
    assert markdown.inline_html(text) == html


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from(["*", "**", "_", "a", "é", " ", "\n", "“", "”", ".", "(", ")", "[b](#c)"])).map("".join)
)
def test_text_of_other_scripts_is_as_in_commonmark(text: str) -> None:
    assert east_asian.parser("commonmark", {}).render(text) == MarkdownIt("commonmark").render(text)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("写成两行，\n这里没有", "写成两行，这里没有"),
        ("每行\n都在", "每行都在"),
        ("ツボを\nおす", "ツボをおす"),
        ("**重要，**\n**正文**", "重要，正文"),
        ("[肾俞]{lang=zh-Hans}\n[穴]{lang=zh-Hans}", "肾俞穴"),
        ("他说“好”\n然后", "他说“好”然后"),
        ("然后……\n“好”", "然后……“好”"),
        ("안녕\n하세요", "안녕 하세요"),  # Korean has spaces
        ("中文\nwords", "中文 words"),
        ("English\nwords", "English words"),
        ("“Shenshu”\n肾俞", "“Shenshu” 肾俞"),
    ],
)
def test_line_breaks(text: str, joined: str, tmp_path: Path) -> None:
    assert " ".join(markdown.plain(text).split()) == joined
    rows = text.split("\n")
    path = tmp_path / "a.yaml"
    plain = not text.startswith(("[", "*", "“"))
    forms = (">-\n  {}\n  {}", '"{}\n  {}"', "{}\n  {}") if plain else (">-\n  {}\n  {}", '"{}\n  {}"')
    for form in forms:
        path.write_text("a: " + form.format(*rows) + "\n", "utf-8")
        assert markdown.plain(read_yaml(path).value["a"]) == joined


def test_blanks_that_are_written_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: >-\n  山田 太郎 と\n  山田 花子\nb: 山田 太郎\n", "utf-8")
    assert read_yaml(path).value == {"a": "山田 太郎 と山田 花子", "b": "山田 太郎"}


def test_hard_line_break_stays() -> None:
    assert markdown.inline_html("一行\\\n二行") == "一行<br />\n二行"


def test_text_with_many_line_breaks_takes_no_long_time() -> None:
    assert markdown.plain("“\n" * 5000 + "。").count("“") == 5000
