"""The shipped font files: unchanged, freely licensed, with the characters and shapes that point names need."""

import csv
import hashlib
import unicodedata
from collections.abc import Iterator

import pytest
import uharfbuzz as hb
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from handout_builder.resources import FONTS
from handout_builder.typefaces import coverage

HAN = ["HandoutHan-Regular.ttf", "HandoutHan-Bold.ttf"]
LATIN = ["NotoSans-Regular.ttf", "NotoSans-Italic.ttf", "NotoSans-Bold.ttf", "NotoSans-BoldItalic.ttf"]
SUMS = dict(reversed(line.split("  ", 1)) for line in (FONTS / "SHA256SUMS").read_text("ascii").splitlines())


def extra_characters() -> str:
    lines = (FONTS / "extra-characters.txt").read_text("utf-8").splitlines()
    return "".join(line for line in lines if not line.startswith("#"))


@pytest.fixture(params=HAN + LATIN)
def font(request: pytest.FixtureRequest) -> Iterator[TTFont]:
    with TTFont(FONTS / request.param) as opened:
        yield opened


@pytest.fixture(params=HAN)
def han(request: pytest.FixtureRequest) -> Iterator[TTFont]:
    with TTFont(FONTS / request.param) as opened:
        yield opened


@pytest.fixture(params=LATIN)
def latin(request: pytest.FixtureRequest) -> Iterator[TTFont]:
    with TTFont(FONTS / request.param) as opened:
        yield opened


def test_every_font_and_licence_is_listed() -> None:
    assert set(SUMS) == {p.name for pattern in ("*.ttf", "OFL-*.txt") for p in FONTS.glob(pattern)}
    assert set(HAN + LATIN) <= set(SUMS)


@pytest.mark.parametrize("name", SUMS)
def test_file_is_the_one_that_the_script_built(name: str) -> None:
    assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == SUMS[name]


def test_the_list_of_characters_is_that_of_the_fonts() -> None:
    """It is read where the fonts themselves would take ten times as long."""
    seen = set(coverage.CHARACTERS.read_text("utf-8")) - {"\n"}
    drawn = set[int]().union(*(set.intersection(*map(_characters, names)) for names in (HAN, LATIN)))
    assert seen == {chr(code) for code in drawn if unicodedata.category(chr(code)) not in ("Cc", "Zl", "Zp")}


def _characters(name: str) -> set[int]:
    with TTFont(FONTS / name) as opened:
        return {*opened.getBestCmap()}


def test_outlines_are_truetype(font: TTFont) -> None:
    # A subset of CID-keyed CFF is blank in MuPDF and boxes in Ghostscript.
    assert {"glyf", "loca"} <= set(font.keys())
    assert not {"CFF ", "CFF2", "fpgm", "prep", "cvt "} & set(font.keys())
    assert font.sfntVersion == "\x00\x01\x00\x00"


def test_embedding_is_unrestricted_and_the_licence_stands_in_the_font(font: TTFont) -> None:
    assert font["OS/2"].fsType == 0
    names = {number: font["name"].getDebugName(number) or "" for number in (0, 13, 14)}
    assert "SIL Open Font License" in names[13]
    assert names[14].startswith("http")
    assert "Reserved Font Name" not in names[0]
    licences = [(FONTS / name).read_text("utf-8") for name in SUMS if name.startswith("OFL-")]
    assert any(text.startswith(names[0]) for text in licences), "no licence file begins with this copyright line"
    assert all("SIL OPEN FONT LICENSE Version 1.1" in text for text in licences)


def test_line_height_is_the_same_in_every_font(font: TTFont) -> None:
    hhea, os2 = font["hhea"], font["OS/2"]
    assert font["head"].unitsPerEm == 1000
    assert (hhea.ascent, hhea.descent, hhea.lineGap) == (1069, -293, 0)
    assert (os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap) == (1069, -293, 0)


def test_han_uses_its_typographic_metrics(han: TTFont) -> None:
    assert (han["OS/2"].usWinAscent, han["OS/2"].usWinDescent) == (1069, 293)
    assert han["OS/2"].fsSelection & 1 << 7
    assert han["OS/2"].version >= 4


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_han_has_a_name_of_its_own(style: str) -> None:
    with TTFont(FONTS / f"HandoutHan-{style}.ttf") as font:
        names = {record.nameID: str(record) for record in font["name"].names}
        weight = font["OS/2"].usWeightClass
    assert (names[1], names[2], names[6]) == ("Handout Han", style, f"HandoutHan-{style}")
    assert not [number for number in (1, 3, 4, 6, 16) if "Noto" in names.get(number, "")]
    assert weight == {"Regular": 400, "Bold": 700}[style]


def test_han_covers_the_catalogue_and_the_content(han: TTFont) -> None:
    wanted = set(extra_characters())
    assert len([c for c in wanted if unicodedata.name(c).startswith("CJK UNIFIED")]) >= 463
    assert unicodedata.is_normalized("NFC", extra_characters())
    assert not wanted - set(map(chr, han.getBestCmap()))


def test_han_covers_the_national_sets_and_symbols(han: TTFont) -> None:
    covered = set(map(chr, han.getBestCmap()))
    # First and last ideograph of GB 2312 levels 1 and 2, Big5 level 1, JIS X 0208 levels 1 and 2; KS X 1001 syllables.
    assert set("啊座亍齄一籲亜腕弌熙가힝") <= covered
    assert set("✓●○■◆◇≤≥⚠☎→、。「」・ーあんアン") <= covered


def test_outlines_start_at_their_side_bearing(han: TTFont) -> None:
    cmap, glyf, metrics = han.getBestCmap(), han["glyf"], han["hmtx"]
    for character in extra_characters():
        name = cmap[ord(character)]
        assert metrics[name][1] == glyf[name].xMin, character


@pytest.mark.parametrize("name", HAN)
def test_regional_shapes_differ(name: str) -> None:
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / name))))

    def outline(character: str, lang: str) -> tuple[object, ...]:
        buffer = hb.Buffer()
        buffer.add_str(character)
        buffer.guess_segment_properties()
        buffer.language = lang
        hb.shape(font, buffer)
        pen = RecordingPen()
        font.draw_glyph_with_pen(buffer.glyph_infos[0].codepoint, pen)
        return tuple(pen.value)

    assert len({outline("愈", lang) for lang in ("zh-Hans", "zh-Hant", "ja")}) == 3
    assert len({outline("一", lang) for lang in ("zh-Hans", "zh-Hant", "ja")}) == 1


def test_latin_covers_pinyin(latin: TTFont) -> None:
    tones = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"
    # ê̄ and the like have no code point of their own: the combining marks set them.
    wanted = set(tones + tones.upper() + "\u0304\u0301\u030c\u0300\u0308" + "ńňǹḿ" + "’“”–—…·•×÷°±€£")
    assert not wanted - set(map(chr, latin.getBestCmap()))


def test_latin_covers_european_and_vietnamese_letters(latin: TTFont) -> None:
    wanted = set("ßçñøåœłžşğİıőűșțþðΑΩαωЖяіїєґẠạẾếỮữ")
    assert not wanted - set(map(chr, latin.getBestCmap()))


@pytest.mark.parametrize(
    "characters",
    [
        "腘髕噁膕腧髎",  # anatomy
        "攰瞓脷嘅喺嚟啲冇乜嘢揼瘀",  # Cantonese
        "髙﨑𠮷德邉邊槗濵塚祐瀨",  # names in Japan
        "堃珺镕喆淼鑫垚煊芃甯邰仝亓逄㛃",  # names in China
        "猷焄璿燮俉埇",  # names in Korea
        "埗鰂埔瀝漖莞圳堌婺浒鄄邗畑辻込峠",  # places
        "ﾔﾏｻﾞｷﾋﾞﾙ㈱",  # addresses in Japan
        "☐☑☒✓✔✗✘✂✉☎☏⚠♥♡❤✎",
    ],
)
def test_characters_that_clinics_need_are_there(han: TTFont, characters: str) -> None:
    there = han.getBestCmap()
    assert [c for c in characters if ord(c) not in there] == []


def test_forms_of_pdf_copies_are_not_there(han: TTFont) -> None:
    """Radicals look like the characters and are others: they are named, not set."""
    assert not {*range(0x2E80, 0x2FE0)} & han.getBestCmap().keys()


@pytest.mark.parametrize("name", HAN)
@pytest.mark.parametrize("character", "。，：；！？")
@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "zh-HK", "ja", "ko"])
def test_lone_punctuation_has_the_shape_that_it_has_beside_han(name: str, character: str, lang: str) -> None:
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / name))))
    shapes = set()
    for script in ("Hani", "Zyyy"):
        buffer = hb.Buffer()
        buffer.add_str(character)
        buffer.script, buffer.language, buffer.direction = script, lang, "ltr"
        hb.shape(font, buffer)
        shapes.add(tuple(info.codepoint for info in buffer.glyph_infos))
    assert len(shapes) == 1


def advances(name: str, text: str, lang: str) -> list[int]:
    """Return how wide the glyphs of a text are set; none is moved."""
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / name))))
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.script, buffer.language, buffer.direction = "Hani", lang, "ltr"
    hb.shape(font, buffer)
    assert not any(place.x_offset or place.y_offset for place in buffer.glyph_positions)
    return [place.x_advance for place in buffer.glyph_positions]


@pytest.mark.parametrize("name", HAN)
@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "zh-HK", "ja", "ko"])
@pytest.mark.parametrize(
    "pair", ["」「", "』（", "）。", "）、", "」』", "（「", "【（", "・「", "）・", "\u3000「", "）\u3000", "：（"]
)
def test_two_marks_have_half_a_square_between_them(name: str, lang: str, pair: str) -> None:
    """JLREQ, 3.1.4; CLREQ, 3.1.6.1: the first is half as wide, whosever the white is."""
    assert advances(name, pair, lang) == [500, 1000]


@pytest.mark.parametrize("name", HAN)
@pytest.mark.parametrize(
    ("langs", "pairs"),
    [
        (["zh-Hans", "ja", "ko"], ["。」", "、「", "。（", "，『"]),  # stops stand at the left
        (["zh-Hans"], ["：“", "。”", "”，", "？”", "！）", "“‘", "’”", "；（"]),  # so do ends and colons
        (["zh-Hant", "zh-HK"], ["：「", "、「", "”“"]),  # stops stand in the middle: the white is the bracket's
    ],
)
def test_marks_are_squeezed_by_where_they_stand_in_each_region(name: str, langs: list[str], pairs: list[str]) -> None:
    for lang in langs:
        for pair in pairs:
            assert advances(name, pair, lang) == [500, 1000], (lang, pair)


@pytest.mark.parametrize("name", HAN)
@pytest.mark.parametrize(
    ("lang", "pair"),
    [
        *((lang, pair) for lang in ("zh-Hant", "zh-HK") for pair in ("。」", "，）", "？」")),
        *(("ja", pair) for pair in ("？」", "！）", "あ「", "」あ", "漢（", "……")),
        *(("zh-Hans", pair) for pair in ("，好", "好“", "”好", "……")),
    ],
)
def test_what_has_no_white_twice_is_as_wide_as_ever(name: str, lang: str, pair: str) -> None:
    assert advances(name, pair, lang) == [1000, 1000]


@pytest.mark.parametrize("name", HAN)
def test_white_is_taken_where_there_is_some(name: str) -> None:
    """No ink of a mark that is squeezed reaches into the half that it loses, nor into the next mark."""
    font = TTFont(FONTS / name)
    tables = [table for lookup in font["GPOS"].table.LookupList.Lookup for table in lookup.SubTable]
    halves = [glyph for table in tables if table.LookupType == 1 for glyph in table.Coverage.glyphs]
    boxes = [font["glyf"][glyph] for glyph in halves]
    assert len(boxes) > 40
    assert all(box.xMax <= 500 or box.xMin >= 500 or (box.xMin >= 250 and box.xMax <= 750) for box in boxes)


@pytest.mark.parametrize("name", HAN)
def test_the_squeeze_is_on_without_asking_for_it(name: str) -> None:
    """HarfBuzz applies kern by itself, browsers chws; that both are one lookup lets nothing be taken twice."""
    table = TTFont(FONTS / name)["GPOS"].table
    lookups = {record.FeatureTag: record.Feature.LookupListIndex for record in table.FeatureList.FeatureRecord}
    assert lookups["kern"] == lookups["chws"]
    assert set(lookups) == {"kern", "chws", "halt"}


@pytest.mark.parametrize("name", HAN)
def test_glyphs_of_names_come_first(name: str) -> None:
    """Low numbers keep the tables of a PDF short: the fonts are built again when names bring a character."""
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / name))))
    with (FONTS.parent / "source" / "points" / "names.csv").open(encoding="utf-8", newline="") as file:
        rows = [row[key] for row in csv.DictReader(file) for key in ("zh-Hans", "zh-Hant", "ja", "kana", "ko")]
    wanted = {*extra_characters(), *"".join(rows)} - {" "}
    others = {chr(code) for code in range(0x4E00, 0xA000)} - wanted
    last = max(font.get_nominal_glyph(ord(character)) for character in wanted)
    between = [c for c in others if 0 < (font.get_nominal_glyph(ord(c)) or 0) < last]
    assert between == []
