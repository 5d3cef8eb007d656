"""The table of names, source/points/names.csv: complete, in the right characters, with readings that follow."""

import csv
import re
import unicodedata
from collections import Counter

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from handout_builder.content.schema import StandardNames
from handout_builder.resources import FONTS, SOURCE

TABLE = SOURCE / "points" / "names.csv"
BYTES = TABLE.read_bytes()
LINES = BYTES.decode("utf-8").splitlines()
ROWS = list(csv.DictReader(LINES))
COUNTS = {
    "LU": 11,
    "LI": 20,
    "ST": 45,
    "SP": 21,
    "HT": 9,
    "SI": 19,
    "BL": 67,
    "KI": 27,
    "PC": 9,
    "TE": 23,
    "GB": 44,
    "LR": 14,
    "GV": 28,
    "CV": 24,
}
EXTRA = [
    f"EX-{part}{number + 1}"
    for part, count in (("HN", 15), ("CA", 1), ("B", 9), ("UE", 11), ("LE", 12))
    for number in range(count)
]
# Those of which lists with readings were seen; of the others Chinese and English names alone.
READ = ("EX-B2", "EX-B4", "EX-B5", "EX-B7", "EX-B8")
NEW = {*EXTRA} - {*READ}
# Those of them that two lists name alike in Japanese (ORIGIN.md).
IN_JAPANESE = {
    "EX-HN1", "EX-HN3", "EX-HN4", "EX-HN5", "EX-HN6", "EX-HN7", "EX-HN8", "EX-HN9", "EX-HN12", "EX-HN13", "EX-HN14",
    "EX-CA1", "EX-B1", "EX-B6", "EX-B9", "EX-UE1", "EX-UE2", "EX-UE3", "EX-UE7", "EX-UE8", "EX-UE9", "EX-UE10",
    "EX-UE11", "EX-LE2", "EX-LE3", "EX-LE4", "EX-LE5", "EX-LE7", "EX-LE10",
}  # fmt: skip
HAN = ("zh-Hans", "zh-Hant", "ja")
# Points whose Korean and Japanese names leave out the part of the body that the Chinese ones begin with.
SHORTER = {"LI19": "口", "TE22": "耳"}
# Those that lists call otherwise, or that one way alone gives, in Vietnamese (ORIGIN.md).
NOT_IN_VIETNAMESE = {
    "EX-HN2", "EX-HN7", "EX-HN8", "EX-HN9", "EX-HN10", "EX-HN11", "EX-HN12", "EX-HN13", "EX-B3", "EX-B5",
    "EX-B6", "EX-B8", "EX-UE1", "EX-UE2", "EX-UE3", "EX-UE4", "EX-UE5", "EX-UE6", "EX-UE8", "EX-LE8", "EX-LE9",
    "EX-LE11", "EX-LE12",
}  # fmt: skip
# A sign on top of a vowel: flat, rising, falling and rising, falling; in the NFD order of the tones 1 to 4.
TONES = "\u0304\u0301\u030c\u0300"

# Traditional (or old) characters that occur in names and have a simplified form: none may stand in zh-Hans.
TRADITIONAL = set(
    "陽陰關門氣風會衝腸腎膽鍾鐘溝經絡脈頭臨竅頂顱顴頷厭鬢懸釐聽聰長強間際魚雲淵澤濼瀆漿滿溫兌厲邊處參僕築賓復條"
    "來歸樞機極榮鄉豐隱犢頰車倉庫維養貞後崑崙環綱絲勞營靈臺腦鳩蓋華璣闕縮飛揚戶內絕攢卻輒輔帶靑淸兎谿痖瘂顖齦"
)
# Simplified characters that may not stand in zh-Hant, and Japanese ones that may stand in neither Chinese column.
SIMPLIFIED = set(
    "阳阴关门气风会冲肠肾胆钟沟经络脉头临窍顶颅颧颔厌鬓悬厘听长间际鱼云渊泽泺渎满温兑厉边处参复条来归枢机极荣乡丰隐"
)
JAPANESE = set("気関沢経歴満帰聴処栄郷豊隠霊労営帯脳渓陥蔵歩戸辺糸兪舎")


def column(name: str) -> dict[str, str]:
    return {row["code"]: row[name] for row in ROWS}


def plain(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", text) if c not in TONES))


def characters(*columns: str) -> set[str]:
    return {character for row in ROWS for name in columns for character in row[name]}


def test_the_361_points_and_the_extra_points_stand_in_their_order() -> None:
    expected = [f"{meridian}{number + 1}" for meridian, count in COUNTS.items() for number in range(count)]
    assert len(expected) == 361
    assert [row["code"] for row in ROWS] == expected + EXTRA


def test_the_file_is_plain() -> None:
    assert LINES[0] == "code,pinyin,zh-Hans,zh-Hant,ja,kana,romaji,ko,ko-Latn,vi,en,verified"
    assert not BYTES.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in BYTES
    assert b'"' not in BYTES
    assert unicodedata.is_normalized("NFC", BYTES.decode("utf-8"))
    assert not [row for row in ROWS if None in row or any(value != value.strip() for value in row.values())]


def test_every_row_is_valid() -> None:
    for row in ROWS:
        StandardNames.model_validate({key: value for key, value in row.items() if value and key != "code"})
        needed = ("pinyin", "zh-Hans", "zh-Hant", "en")
        assert all(row[name] for name in (needed if row["code"] in NEW else (*needed, "ja", "ko", "ko-Latn"))), row
        # A name that no list gives is empty, not made up.
        for name in ("ja", "kana", "romaji") if row["code"] in NEW else ():
            assert bool(row[name]) == (row["code"] in IN_JAPANESE), row
        assert bool(row["ko"]) == bool(row["ko-Latn"]) == (row["code"] != "EX-HN15"), row
        assert bool(row["vi"]) == (row["code"] not in NOT_IN_VIETNAMESE), row
        assert bool(row["kana"]) == bool(row["romaji"]), row


@pytest.mark.parametrize("name", ["zh-Hans", "zh-Hant", "ja"])
def test_no_two_points_share_a_name(name: str) -> None:
    names = Counter(filter(None, column(name).values()))
    assert [han for han, times in names.items() if times > 1] == []


def test_two_names_alone_are_without_a_reading_in_japanese() -> None:
    assert {row["code"] for row in ROWS if row["ja"] and not row["kana"]} == {"EX-B5", "EX-B8"}


def test_the_readme_counts_the_names_that_no_source_gives() -> None:
    told = " ".join((TABLE.parent / "README.md").read_text("utf-8").split())
    found = re.search(
        r"Of the (\d+) extra points, (\d+) have no .*? \(`ja`\), (\d+) no .*? \(`kana`, `romaji`\), (\d+) no .*?"
        r" \(`ko`, `ko-Latn`\), and (\d+) no .*? \(`vi`\)\..*? None of the (\d+) points lacks any of these names",
        told,
    )
    assert found
    extra, ja, kana, ko, vi, standard = map(int, found.groups())
    rows = {
        True: [row for row in ROWS if row["code"] in EXTRA],
        False: [row for row in ROWS if row["code"] not in EXTRA],
    }
    assert {is_extra: len(those) for is_extra, those in rows.items()} == {True: extra, False: standard}
    told_of = {"ja": ja, "kana": kana, "romaji": kana, "ko": ko, "ko-Latn": ko, "vi": vi}
    for name, extras in told_of.items():
        counted = {is_extra: sum(not row[name] for row in those) for is_extra, those in rows.items()}
        assert counted == {True: extras, False: 0}, name


def test_shu_has_its_own_character_in_each_language() -> None:
    assert "愈" not in characters(*HAN)
    assert not {"兪", "腧"} & characters("zh-Hans", "zh-Hant")
    assert "俞" not in characters("ja")
    for row in ROWS:
        places = [[i for i, c in enumerate(row[name]) if c == shu] for name, shu in zip(HAN, "俞俞兪", strict=True)]
        assert places[0] == places[1], row
        assert row["code"] in NEW or places[1] == places[2], row
        assert ("ゆ" in row["kana"] if row["kana"] else True) or not places[0], row
        assert ("수" in row["ko"] and "shū" in row["pinyin"].lower()) or not places[0], row


def test_the_three_forms_are_of_one_name() -> None:
    for row in ROWS:
        whole = {**row, "ja": row["ja"] and SHORTER.get(row["code"], "") + row["ja"]}
        assert len({len(whole[name]) for name in HAN if whole[name]}) == 1, row
    assert column("zh-Hans")["BL45"] == column("zh-Hant")["BL45"] == "譩譆"
    assert [column(name)["BL23"] for name in HAN] == ["肾俞", "腎俞", "腎兪"]
    assert [column(name)["BL24"] for name in HAN] == ["气海俞", "氣海俞", "気海兪"]
    assert [column(name)["GV3"] for name in HAN] == ["腰阳关", "腰陽關", "腰陽関"]


def test_simplified_traditional_and_japanese_are_not_mixed() -> None:
    assert not characters("zh-Hans") & TRADITIONAL
    assert not characters("zh-Hant") & SIMPLIFIED
    assert not characters("zh-Hans", "zh-Hant") & JAPANESE
    assert not characters("ja") & set("气氣关關會阳阴经經泽澤满滿归歸灵靈听聽处處带帶脑腦荣榮乡鄉隐隱戶户黃靑淸")


# A syllable of standard Chinese without its tone, as far as names of points need them.
SYLLABLE = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ueng|ang|eng|ing|ong|iao|ian|uai|uan|üan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue|üe|a|o|e|i|u|ü)"
)


def syllables_of_pinyin(text: str, count: int) -> bool:
    """Tell whether `text`, without tones, can be read as `count` syllables."""
    if not count:
        return not text
    return any(
        SYLLABLE.fullmatch(text[:length]) and syllables_of_pinyin(text[length:].removeprefix("'"), count - 1)
        for length in range(1, min(len(text), 6) + 1)
    )


def test_pinyin_is_one_word_with_a_tone_for_each_character() -> None:
    for row in ROWS:
        toneless = plain(row["pinyin"])
        # An apostrophe parts a syllable that begins with a, o or e from the one before.
        assert re.fullmatch(r"[A-Z](?:[a-zü]|'(?=[aoe]))+", toneless), row
        assert syllables_of_pinyin(toneless.lower(), len(row["zh-Hans"])), row
        assert sum(c in TONES for c in unicodedata.normalize("NFD", row["pinyin"])) == len(row["zh-Hans"]), row


def test_the_tone_stands_on_the_right_vowel() -> None:
    for row in ROWS:
        letters = unicodedata.normalize("NFD", row["pinyin"].lower()).replace("u\u0308", "ü")
        for vowels in re.findall(rf"[aeiouü{TONES}]+", letters):
            assert right_vowel(vowels), (row, vowels)


def right_vowel(vowels: str) -> bool:
    """Tell whether the tone is on a, else on e, else on the o of ou, else on the last vowel (true if there are two)."""
    if sum(c in TONES for c in vowels) != 1:
        return True
    marked = next(i for i, c in enumerate(vowels) if c in TONES) - 1
    bare = "".join(c for c in vowels if c not in TONES)
    return marked == next((bare.index(main) for main in ("a", "e", "ou") if main in bare), len(bare) - 1)


# Every character read in one way only: the same character, the same syllable.
READINGS = dict(
    pair.split("=")
    for pair in [
        "俞=shū",
        "门=mén",
        "阳=yáng",
        "阴=yīn",
        "关=guān",
        "髎=liáo",
        "溪=xī",
        "骨=gǔ",
        "谷=gǔ",
        "泉=quán",
        "冲=chōng",
        "海=hǎi",
        "郄=xì",
        "池=chí",
        "脉=mài",
        "脘=wǎn",
        "里=lǐ",
        "太=tài",
        "会=huì",
        "天=tiān",
        "府=fǔ",
        "承=chéng",
        "神=shén",
        "廉=lián",
        "白=bái",
        "丘=qiū",
        "沟=gōu",
    ]
)


@pytest.mark.parametrize("character", READINGS)
def test_a_character_is_read_alike_in_all_names(character: str) -> None:
    rows = [row for row in ROWS if character in row["zh-Hans"]]
    assert len(rows) > 1
    assert not [row for row in rows if READINGS[character] not in row["pinyin"].lower()]


def test_romaji_follows_from_kana() -> None:
    for row in ROWS:
        assert re.fullmatch("[ぁ-ん]*", row["kana"]), row
        assert row["romaji"] == hepburn(row["kana"]), row


def hepburn(kana: str) -> str:
    """Return modified Hepburn, written by way of the 50 sounds' regular spelling."""
    rows = {
        "": "あいうえお",
        "k": "かきくけこ",
        "g": "がぎぐげご",
        "s": "さしすせそ",
        "z": "ざじずぜぞ",
        "t": "たちつてと",
    }
    rows |= {
        "d": "だぢづでど",
        "n": "なにぬねの",
        "h": "はひふへほ",
        "b": "ばびぶべぼ",
        "p": "ぱぴぷぺぽ",
        "m": "まみむめも",
    }
    rows |= {"r": "らりるれろ", "y": "や ゆ よ", "w": "わ", "Y": "ゃ ゅ ょ"}
    sounds = {sign: letter + vowel for letter, line in rows.items() for sign, vowel in zip(line, "aiueo", strict=False)}
    text = "".join("N" if sign == "ん" else "Q" if sign == "っ" else sounds[sign] for sign in kana)
    for regular, spelt in (("iY", "y"), ("sy", "sh"), ("ty", "ch"), ("zy", "j"), ("si", "shi"), ("ti", "chi")):
        text = text.replace(regular, spelt)
    for regular, spelt in (("tu", "tsu"), ("zi", "ji"), ("hu", "fu"), ("ou", "ō"), ("uu", "ū")):
        text = re.sub(rf"(?<![sc]){regular}" if regular == "hu" else regular, spelt, text)
    text = re.sub("Q(.)", r"\1\1", text)
    return re.sub("N(?=[aiueoyōū])", "n'", text).replace("N", "n").capitalize()


def test_romaji_of_well_known_points() -> None:
    romaji = column("romaji")
    wanted = {
        "BL23": "Jin'yu",
        "BL24": "Kikaiyu",
        "BL25": "Daichōyu",
        "GV3": "Koshiyōkan",
        "LI4": "Gōkoku",
        "BL54": "Chippen",
    }
    assert {code: romaji[code] for code in wanted} == wanted


def test_korean() -> None:
    for row in (row for row in ROWS if row["ko"]):
        assert re.fullmatch("[가-힣]+", row["ko"]), row
        assert len(row["ko"]) == len(row["zh-Hant"]) - (row["code"] in SHORTER), row
        assert row["ko-Latn"] == revised(row["ko"]), row
        # A Korean word does not begin with r: 里 and 樓 are 이 and 누 there.
        assert not row["ko-Latn"].startswith("R"), row


def revised(hangul: str) -> str:
    """Return the Revised Romanisation of one word with the sound changes that names of points have."""
    initials = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "-", "j", "jj", "ch", "k", "t", "p", "h"]
    vowels = [
        "a",
        "ae",
        "ya",
        "yae",
        "eo",
        "e",
        "yeo",
        "ye",
        "o",
        "wa",
        "wae",
        "oe",
        "yo",
        "u",
        "wo",
        "we",
        "wi",
        "yu",
        "eu",
        "ui",
        "i",
    ]
    finals = dict(
        enumerate(
            ["k", ".", ".", "n", ".", ".", ".", "l", ".", ".", ".", ".", ".", ".", ".", "m", "p", ".", ".", ".", "ng"],
            1,
        )
    )
    text = ""
    for syllable in unicodedata.normalize("NFC", hangul):
        lead, rest = divmod(ord(syllable) - ord("가"), 21 * 28)
        vowel, tail = divmod(rest, 28)
        # Capitals mark a final consonant, a full stop the border before the next syllable.
        text += initials[lead].strip("-") + vowels[vowel] + finals.get(tail, "").upper() + "."
    for pattern, spelt in (
        (r"K\.(?=[aeiouwy])", ".g"),
        (r"P\.(?=[aeiouwy])", ".b"),
        (r"L\.(?=[aeiouwy])", ".r"),
        (r"[NL]\.r|L\.n", "L.l"),
        (r"(K|P|M|NG)\.r", r"\1.n"),
        (r"K\.(?=[nm])", "NG."),
        (r"P\.(?=[nm])", "M."),
    ):
        text = re.sub(pattern, spelt, text)
    return text.replace(".", "").lower().capitalize()


def test_korean_of_well_known_points() -> None:
    latin = column("ko-Latn")
    wanted = {
        "BL23": "Sinsu",
        "LI4": "Hapgok",
        "ST36": "Joksamni",
        "PC6": "Naegwan",
        "HT5": "Tongni",
        "BL60": "Gollyun",
    }
    assert {code: latin[code] for code in wanted} == wanted


# Characters that are read in two ways in Vietnamese names, and the points of the rarer one; GV26 is called otherwise.
READ_OTHERWISE = {"間": {"PC5"}, "迎": {"LI20"}, "樞": {"GB27"}, "水": {"GV26"}, "溝": {"GV26"}}


def test_vietnamese_is_in_the_letters_of_vietnamese() -> None:
    syllable = re.compile(r"[bcdđghklmnpqrstvx]*[aăâeêioôơuưy]+(?:ch|nh|ng|[cmnpt])?")
    for row in ROWS:
        spread = unicodedata.normalize("NFD", row["vi"].lower())
        bare = unicodedata.normalize("NFC", "".join(c for c in spread if c not in VIETNAMESE_TONES))
        assert all(syllable.fullmatch(part) for part in bare.split()), row
        assert all(sum(c in VIETNAMESE_TONES for c in part) <= 1 for part in spread.split()), row
        assert row["vi"][1:] == row["vi"][1:].lower(), row
        # One way to write them: thủy, hòa; not thuỷ, hoà.
        assert not re.search(r"(?:o[àáảãạ]|[^q]u[ỳýỷỹỵ])\b", row["vi"]), row


VIETNAMESE_TONES = "\u0300\u0309\u0303\u0301\u0323"


def test_vietnamese_reads_one_character_always_in_the_same_way() -> None:
    """A slip of the pen in a name shows as a second reading of its character."""
    read: dict[str, dict[str, set[str]]] = {}
    for row in ROWS:
        syllables = row["vi"].lower().split()
        if row["vi"] and row["code"] not in ("LI19", "EX-HN15"):  # without the part of the body: 禾髎, 百勞
            for character, syllable in zip(row["zh-Hant"], syllables, strict=True):
                read.setdefault(character, {}).setdefault(syllable, set()).add(row["code"])
    odd = {character: min(ways.values(), key=len) for character, ways in read.items() if len(ways) > 1}
    assert odd == READ_OTHERWISE


def test_vietnamese_of_well_known_points() -> None:
    wanted = {"LI4": "Hợp cốc", "ST36": "Túc tam lý", "PC6": "Nội quan", "GV20": "Bách hội", "EX-HN3": "Ấn đường"}
    vi = column("vi")
    assert {code: vi[code] for code in wanted} == wanted
    names = Counter(filter(None, vi.values()))
    assert [name for name, times in names.items() if times > 1] == ["Tử cung"]  # 紫宮 and 子宮


def test_english() -> None:
    for code, text in column("en").items():
        assert re.fullmatch("[A-Z][A-Za-z’-]*(?: [A-Za-z][A-Za-z’-]*)*", text), code  # as set, not as typed
        assert "Shu" not in text.split()


def test_verified_says_what_the_lists_say() -> None:
    counts = Counter(column("verified").values())
    assert counts == {"3": 61, "2": 280, "1": 25 + len(NEW)}
    origin = (TABLE.parent / "ORIGIN.md").read_text("utf-8")
    weak = {code for code, level in column("verified").items() if level == "1"} - NEW
    assert not [code for code in weak if not re.search(rf"\b{code}\b", origin)], (
        "a variant that ORIGIN.md does not name"
    )


@pytest.mark.parametrize("style", ["Regular", "Bold"])
def test_every_east_asian_character_has_a_glyph_in_front(style: str) -> None:
    wanted = characters(*HAN, "kana", "ko")
    with TTFont(FONTS / f"HandoutHan-{style}.ttf") as font:
        cmap, order = font.getBestCmap(), font.getReverseGlyphMap()
        assert not [character for character in wanted if ord(character) not in cmap]
        # In front: rebuild the fonts (fonts/FONTLOG.md) when a name brings a new character. Those of the new extra
        # points wait for the next rebuild: they are there, and only cost a little more to set.
        old = {c for row in ROWS if row["code"] not in NEW for name in (*HAN, "kana", "ko") for c in row[name]}
        assert max(order[cmap[ord(character)]] for character in old) < 4000


def test_every_latin_letter_has_a_glyph() -> None:
    with TTFont(FONTS / "NotoSans-Regular.ttf") as font:
        cmap = font.getBestCmap()
    assert not [
        c for c in characters("code", "pinyin", "romaji", "ko-Latn", "vi", "en", "verified") if ord(c) not in cmap
    ]


def test_the_document_counts_the_names_that_no_source_gives() -> None:
    """What is filled in, or taken out, is told where readers look for it."""
    told = " ".join((TABLE.parent / "README.md").read_text("utf-8").split())
    ja, kana, ko, vi = (sum(not row[name] for row in ROWS) for name in ("ja", "kana", "ko", "vi"))
    wanted = (
        f"Of the {len(EXTRA)} extra points, {ja} have no name in Japanese characters (`ja`), {kana} no reading "
        f"(`kana`, `romaji`), {ko} no Korean name (`ko`, `ko-Latn`), and {vi} no Vietnamese one (`vi`)."
    )
    assert wanted in told


def test_the_document_tells_every_column_of_every_table() -> None:
    """Those of the names stand in ORIGIN.md, to which README.md leads."""
    told = "".join((TABLE.parent / name).read_text("utf-8") for name in ("README.md", "ORIGIN.md"))
    tables = sorted(TABLE.parent.rglob("*.csv"))
    assert len(tables) > 10
    for table in tables:
        columns = table.read_text("utf-8").partition("\n")[0].split(",")
        assert not [column for column in columns if f"`{column}`" not in told], table
