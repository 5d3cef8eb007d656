"""No line of Chinese or Japanese begins or ends with a mark that may not, however wide it is."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.project import ROOT

from handout_builder.engine.session import File, Page, session
from handout_builder.render.japanese import with_phrases

# JIS X 4051, 8.1; GB/T 15834-2011, 5.1; CLREQ, 3.1.4.
NOT_FIRST = "、。，．：；！？」』】〕）］｝〉》”’…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
NOT_LAST = "「『【〔（［｛〈《“‘"
TEXTS = {
    "ja": "「三十分」ごとに立ち、ゆっくり歩いてください（痛みがあれば、すぐに止めます）。しゃがむときは『腰』を守り、"
    "ちょっと休む。キャッチ・アンド・リリース、人々、コーヒー、そして「どう？」「はい！」",
    "zh-Hans": "他说：“慢慢按，每次三十秒。”（轻轻地按；疼痛时，马上停！）"
    "《说明》里写着：“‘休息’也有帮助，对吗？”【注意】一、二。",
    "zh-Hant": "他說：「慢慢按，每次三十秒。」（輕輕地按；疼痛時，馬上停！）"
    "《說明》裡寫著：「『休息』也有幫助，對嗎？」【注意】一、二。",
}
WIDTHS = range(5, 65)
"""In halves of a letter."""


def lines(lang: str, form: str) -> list[str]:
    """Return the lines of a text at all widths, those inside phrases, too."""
    html = "".join(f'<div style="width: {width / 2}em">{form.format(text=TEXTS[lang])}</div>' for width in WIDTHS)
    css = "@page { size: 300mm 5000mm } html, h2 { font: 12px 'Handout Han' } .unbroken { display: inline-block }"
    page = Page(
        f'<html lang="{lang}"><body>{with_phrases(html, lang)}</body></html>', css, ROOT, ROOT, lambda _: File(b"")
    )
    with session() as engine:
        (laid_out,) = engine.lay_out(page).pages
    return ["".join(map(text_of, line.descendants())) for line in laid_out._page_box.descendants() if is_line(line)]


def is_line(box: Any) -> bool:
    return type(box).__name__ == "LineBox"


def text_of(box: Any) -> str:
    return str(box.text) if type(box).__name__ == "TextBox" else ""


@pytest.mark.parametrize("form", ["<p>{text}</p>", "<h2>{text}</h2>"])
@pytest.mark.parametrize("lang", TEXTS)
def test_lines_begin_and_end_with_what_they_may(lang: str, form: str) -> None:
    found = lines(lang, form)
    assert len(found) > 300
    assert [line for line in found if line[0] in NOT_FIRST or line[-1] in NOT_LAST] == []
    whole = "".join(lines(lang, "<p>{text}</p>"))
    assert whole == TEXTS[lang] * len(WIDTHS), "nothing is lost or changed"
