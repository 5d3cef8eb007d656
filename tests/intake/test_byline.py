"""Who wrote a text, and when, is read from the lines below its title; what may be a sentence stays one."""

from __future__ import annotations

from pathlib import Path

import pytest

from handout_builder.intake import byline, files, markdown_text
from handout_builder.intake.outline import Paragraph, Strange


def told(line: str) -> tuple[str, str]:
    """Return the author and the day that a line below a title tells; the line is kept in any case."""
    found = byline.read(markdown_text.outline(f"# Sleep\n\n{line}\n\nSleep well.\n\n## Why\n\nBy Ada Lind\n"))
    _, below, text, _, last = found.blocks
    assert isinstance(below, Strange if found.facts else Paragraph)
    assert isinstance(text, Paragraph)
    assert isinstance(last, Paragraph)
    return found.facts.get("author", ("", 0))[0], found.facts.get("date", ("", 0))[0]


@pytest.mark.parametrize(
    ("line", "author", "day"),
    [
        ("*By Ada Lind, L.Ac. · 12 March 2026*", "Ada Lind, L.Ac.", "12 March 2026"),
        ("By Ada Lind\n12 March 2026", "Ada Lind", "12 March 2026"),
        ("Posted on Thursday, 12 March 2026 by Ada Lind", "Ada Lind", "Thursday, 12 March 2026"),
        ("Last updated: 2026-03-12 | Words: Ada Lind and Ana de la Cruz", "Ada Lind and Ana de la Cruz", "2026-03-12"),
        ("Posted on 12 November 2026 by Jo | 3 comments", "Jo", "12 November 2026"),
        ("Por Ada Lind | el 12 de marzo de 2026 | 1 comentario", "Ada Lind", "12 de marzo de 2026"),
        ("By Ada Lind | Leave a comment", "Ada Lind", ""),
        ("文・山本　2026年3月12日　コメント(3)", "山本", "2026年3月12日"),
        ("3 comments", "", ""),
        ("By Ada Lind | 3", "", ""),
        ("Por Ada Lind, acupuntora, el 12 de marzo de 2026", "Ada Lind, acupuntora", "12 de marzo de 2026"),
        ("Publicado el 12 de marzo de 2026", "", "12 de marzo de 2026"),
        ("文・山本　2026年3月12日", "山本", "2026年3月12日"),
        ("著者：佐藤 花子（鍼灸師）", "佐藤 花子（鍼灸師）", ""),
        ("最終更新日：2026年3月12日", "", "2026年3月12日"),
        ("글 김민지 | 2026년 3월 12일", "김민지", "2026년 3월 12일"),
        ("Tác giả: Nguyễn Thị Hoa – 12 tháng 3 năm 2026", "Nguyễn Thị Hoa", "12 tháng 3 năm 2026"),
        ("作者：王小明", "王小明", ""),
        ("发布于2026年3月12日", "", "2026年3月12日"),
        ("最后更新日期：2026年3月12日", "", "2026年3月12日"),
        (f"{'更新' * 30}. 2026-03-12", "", ""),  # which took for ever
        ("By night the shoulder hurts", "", ""),
        ("By Wednesday you feel better.", "", ""),
        ("By Friday", "", ""),
        ("By Friday, at the latest", "", ""),
        ("Por Enero", "", ""),
        ("Bởi Chủ nhật", "", ""),
        ("By April Jones", "April Jones", ""),
        ("Por la noche duele más", "", ""),
        ("We met on 12 March 2026", "", ""),
        ("Ada Lind, 12 March 2026", "", ""),
        ("By Ada Lind | 5 min read", "Ada Lind", ""),
        ("By Ada Lind | 4 October 2026 | 6 min read", "Ada Lind", "4 October 2026"),
        ("By Ada Lind · Reading time: 6 minutes", "Ada Lind", ""),
        ("Por Ada Lind · 4 de octubre de 2026 · Lectura de 6 minutos", "Ada Lind", "4 de octubre de 2026"),
        ("Por Ada Lind | Tiempo de lectura: 6 min", "Ada Lind", ""),
        ("文・山本 ｜ 2026年3月12日 ｜ この記事は約6分で読めます", "山本", "2026年3月12日"),
        ("글 김민지 · 2026년 3월 12일 · 읽는 시간 6분", "김민지", "2026년 3월 12일"),
        ("Tác giả: Nguyễn Thị Hoa | Thời gian đọc: 6 phút", "Nguyễn Thị Hoa", ""),
        ("作者：王小明｜2026年3月12日｜阅读时间约6分钟", "王小明", "2026年3月12日"),
        ("作者：王小明 / 2026年3月12日 / 閱讀時間：6 分鐘", "王小明", "2026年3月12日"),
        ("6 min read", "", ""),
        ("By Ada Lind | 6 min rest", "", ""),
        ("12 March 2026 – 14 March 2026", "", ""),
    ],
)
def test_who_wrote_it_and_when(line: str, author: str, day: str) -> None:
    assert told(line) == (author, day)


def test_a_line_that_a_page_has_beside_its_article_tells_it(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<article><h1>Sleep</h1><p class="entry-meta">Posted on <time datetime="2026-11-12">12 November 2026</time> by '
        '<a href="/jo">Jo</a> | <a href="#comments">3 comments</a></p>'
        '<div class="entry-content"><p>Words.</p></div></article>',
        "utf-8",
    )
    outline = files.read(tmp_path / "a.html")[1]
    found = byline.read(outline)
    assert {key: value for key, (value, _) in found.facts.items()} == {"author": "Jo", "date": "2026-11-12"}
    assert found.blocks == outline.blocks
    assert isinstance(found.blocks[1], Strange)


def test_what_the_document_says_of_itself_goes_first() -> None:
    found = byline.read(markdown_text.outline("---\nauthor: A. Lind\n---\n# Sleep\n\nBy Ada Lind\n"))
    assert found.facts == {"author": ("A. Lind", 2)}
