"""Between Han or kana and other letters is a quarter of an em, which is seen, and read nowhere."""

from __future__ import annotations

import io
from xml.etree.ElementTree import fromstring, tostring

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from helpers.project import NAME, ROOT, source_of
from pypdfium2 import PdfDocument
from pypdfium2 import raw as pdfium

from handout_builder.engine.session import File, Page, session
from handout_builder.pdf import autospace, joiners, wide_glyphs
from handout_builder.pdf.typeset import lay_out, write
from handout_builder.render.product import Product
from handout_builder.resources import FONTS

HTML = '<html xmlns="http://www.w3.org/1999/xhtml" lang="{}"><head><title>腰痛</title></head><body>{}</body></html>'
SIZE = 20
TEXT = "按压15至<strong>30</strong>秒。脊椎骨<strong>L4</strong>同高（T1、T2），共 4 个。"
GAPS = ("压1", "5至", "至3", "0秒", "骨L", "4同")


@pytest.mark.parametrize(
    ("text", "spaced"),
    [
        ("<p>按压15至30秒</p>", "<p>按压|15|至|30|秒</p>"),
        ("<p>与L4同高，约3cm。</p>", "<p>与|L4|同高，约|3cm。</p>"),
        ("<p>1～2分間、カード5枚、あA</p>", "<p>1～2|分間、カード|5|枚、あ|A</p>"),
        ("<p>按压 15 秒（L4）“T1”、A-B％</p>", "<p>按压 15 秒（L4）“T1”、A-B％</p>"),
        ("<p>按<b>15</b>秒<br />3次</p>", "<p>按|<b>15|</b>秒<br />3|次</p>"),
        ("<div><p>按</p>15<p>秒</p></div>", "<div><p>按</p>15<p>秒</p></div>"),  # each in a line of its own
        ("<p>疼痛<sup>1</sup><code>a按b</code></p>", "<p>疼痛<sup>1</sup><code>a按b</code></p>"),
        ("<p>통증 3개 腰</p>", "<p>통증 3개 腰</p>"),
        ('<p>按压<span data-field="dose">15秒</span>3次</p>', '<p>按压<span data-field="dose">15秒</span>3|次</p>'),
        ('<p lang="en">L4腰 <i lang="ja">腰4</i></p>', '<p lang="en">L4腰 <i lang="ja">腰|4</i></p>'),
        ('<p>按<i lang="en">Hegu</i>穴</p>', '<p>按|<i lang="en">Hegu|</i>穴</p>'),
        ("<svg><text>按15</text></svg>", "<svg><text>按15</text></svg>"),
    ],
)
def test_letters_are_spaced(text: str, spaced: str) -> None:
    page = fromstring(text)
    autospace.space(page, {"zh-Hans"})
    assert tostring(page, "unicode").replace("\u2005", "|") == spaced
    page = fromstring(text)
    autospace.space(page, {"ko", "en"})
    assert tostring(page, "unicode") == text


def test_a_number_stays_with_what_it_counts() -> None:
    page = fromstring("<p>按15至30秒，以后再按</p>")
    joiners.join(page, {"zh-Hans"})
    autospace.space(page, {"zh-Hans"})
    assert "15\u2005\u2060至\u2005\u206030\u2005\u2060秒" in (page.text or "")


class Seen:
    """The letters of a page, and where each begins, in ems of its text."""

    def __init__(self, pdf: bytes, size: float = SIZE) -> None:
        self._page = PdfDocument(pdf)[0].get_textpage()
        self.text: str = self._page.get_text_range()
        self._size = size * 0.75  # px in points

    def step(self, pair: str) -> float:
        """Return how far it is from the first of two letters to the second, without the width of the first."""
        # Letters in bold are wider: 30 and L4 are.
        digit, at = self.text.index("30" if pair in ("0秒", "4同") else "15"), self.text.index(pair)
        wide = self._place(digit + 1) - self._place(digit) if pair[0].isdigit() else 1
        return self._place(at + 1) - self._place(at) - wide

    def finds(self, words: str) -> bool:
        return self._page.search(words).get_next() is not None

    def _place(self, index: int) -> float:
        x, y = pdfium.c_double(), pdfium.c_double()
        pdfium.FPDFText_GetCharOrigin(self._page, index, x, y)
        return float(x.value / self._size)


def made(text: str) -> bytes:
    """Return a page with a text as the PDF of a handout has it."""
    product = Product(source_of(ROOT / "source" / NAME, "zh-Hans"))
    page = HTML.format("zh-Hans", f'<div style="font-size: {SIZE}px">{text}</div>')
    return write(lay_out(page, product), product)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return made(f"<p>{TEXT}</p>")


def test_the_gap_is_a_quarter_of_an_em_and_none_elsewhere(pdf: bytes) -> None:
    seen = Seen(pdf)
    assert [round(seen.step(pair), 2) for pair in GAPS] == [0.25] * len(GAPS)
    assert [round(seen.step(pair), 2) for pair in ("按压", "15", "同高", "脊椎")] == [0] * 4


def test_words_are_read_and_found_as_they_were_written(pdf: bytes) -> None:
    seen = Seen(pdf)
    assert seen.text.strip() == TEXT.replace("<strong>", "").replace("</strong>", "")
    assert seen.finds("L4同高")
    assert seen.finds("按压15至30秒")


def test_what_is_seen_is_the_same_letter() -> None:
    # A letter with a mark is made of parts that stand behind it in its font.
    with pikepdf.open(io.BytesIO(made("<p>ờ次</p>"))) as pdf:
        streams = [one.FontFile2 for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/FontFile2" in one]
        fonts = [TTFont(io.BytesIO(stream.read_bytes()), lazy=True) for stream in streams]
    ours = TTFont(io.BytesIO((FONTS / "NotoSans-Regular.ttf").read_bytes()), lazy=True)
    count = ours["maxp"].numGlyphs
    (font,) = [font for font in fonts if font["maxp"].numGlyphs == count + 1]
    pairs = (font, font.getGlyphOrder()[count]), (ours, "uni1EDD")
    seen, wanted = (one["glyf"][name].getCoordinates(one["glyf"])[0] for one, name in pairs)
    assert seen == wanted


def test_the_plain_engine_makes_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f'<h2 style="letter-spacing: 0.012em">{TEXT}</h2>'
    text += "".join(f'<p style="width: {width}em">{TEXT}</p>' for width in (15, 4, 2.5))
    fast = made(text)
    with session() as engine:
        if not engine.speed:
            pytest.skip(f"the engine is plain: {engine.plain}")
        for owner, name, original in engine.speed.replaced:
            if name in ("draw_first_line", "split_first_line", "Layout"):
                monkeypatch.setattr(owner, name, original)
    assert made(text) == fast


def lines(text: str, width: int) -> list[tuple[str, float]]:
    """Return the lines of a text, and how wide each is, in px."""
    css = f"@page {{ size: 900px }} p {{ width: {width}px; font: {SIZE}px 'Noto Sans', 'Handout Han' }}"
    with session() as engine:
        page = Page(HTML.format("zh-Hans", f"<p>{text}</p>"), css, ROOT, ROOT, lambda _: File(b""))
        (laid_out,) = engine.lay_out(page).pages
    boxes = [box for box in laid_out._page_box.descendants() if type(box).__name__ == "TextBox"]
    return [(box.text, box.width) for box in boxes]


def test_no_line_begins_or_ends_with_a_gap() -> None:
    text, letters = "按压\u200515至\u200530秒后", {"1": 11.44, "5": 11.44, "3": 11.44, "0": 11.44, "\u2005": 5.0}
    broken = 0
    for width in (20, 40, 44, 60, 63, 70, 80):
        found = lines(text, width)
        whole = "".join(line for line, _ in found)
        assert whole.replace("\u2005", "") == text.replace("\u2005", "")
        broken += len(text) - len(whole)
        for line, wide in found:
            assert wide == pytest.approx(sum(letters.get(one, SIZE) for one in line), abs=0.1)
            assert wide <= width or len(line) < 3
            assert line == line.strip()
    assert broken > 5


def test_an_author_s_own_blank_stays() -> None:
    assert Seen(made("<p>按压\u200515</p>")).text.split() == ["按压", "15"]


def test_copies_of_glyphs_are_wider_and_look_the_same() -> None:
    data = (FONTS / "NotoSans-Bold.ttf").read_bytes()
    font = TTFont(io.BytesIO(data))
    first, glyph = font["maxp"].numGlyphs, font.getGlyphID("five")
    wide = TTFont(io.BytesIO(wide_glyphs.with_copies(data, first + 2, [glyph])))
    name = wide.getGlyphName(first + 2)
    assert wide["maxp"].numGlyphs == first + 3
    assert wide["hmtx"][name] == (font["hmtx"]["five"][0] + 250, font["hmtx"]["five"][1])
    assert wide["glyf"][name] == font["glyf"]["five"]
    assert all(wide["hmtx"][one] == font["hmtx"][one] for one in ("A", "space", "uni1EB9"))


def test_a_font_without_outlines_of_truetype_keeps_the_white(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wide_glyphs._Face, "wide", lambda *_: None)
    seen = Seen(made("<p>与L4同高</p>"))
    assert "".join(seen.text.split()) == "与L4同高"
    assert seen.text.strip() != "与L4同高"
