#!/usr/bin/env python3
"""Rebuild every font file of this folder from published packages, byte for byte.

    python fonts/build_fonts.py                 # fetch the packages, rebuild into this folder
    python fonts/build_fonts.py --out DIR       # rebuild elsewhere, to compare
    python fonts/build_fonts.py --packages DIR  # packages fetched before (or put there by hand)
    python fonts/build_fonts.py --check         # only check the files against SHA256SUMS

Needs fontTools (the version in FONTLOG.md gives the same bytes), pip and npm; takes a minute on two cores.
What is changed in the fonts, and why, stands in FONTLOG.md.
"""

import argparse
import csv
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.misc.timeTools import timestampSinceEpoch
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.reorderGlyphs import reorderGlyphs

HERE = Path(__file__).resolve().parent
NAMES = HERE.parent / "source" / "points" / "names.csv"
LINE = 64
"""Characters in a line of characters.txt."""

PYPI_REGULAR = "noto-cjk-sans-jp-regular==0.0.1"
PYPI_BOLD = "noto-cjk-sans-jp-bold==0.0.1"
NPM_LATIN = "@expo-google-fonts/noto-sans@0.4.2"
NPM_SYMBOLS = "@expo-google-fonts/noto-sans-symbols-2@0.4.1"

# package -> (file that pip or npm writes, its sha256)
PACKAGES = {
    PYPI_REGULAR: (
        "noto_cjk_sans_jp_regular-0.0.1-py3-none-any.whl",
        "7d3db65a6fdc4cc64d7bed5c869a1f70c99da9ef4cbce9c5dd94756207a2ac85",
    ),
    PYPI_BOLD: (
        "noto_cjk_sans_jp_bold-0.0.1-py3-none-any.whl",
        "984e41581220dc11b9d961f1a538f2620c5040b51f2b10be1b9a499a1c5c0613",
    ),
    NPM_LATIN: (
        "expo-google-fonts-noto-sans-0.4.2.tgz",
        "98cf14a19b8e67a0e76bfd4d5df98937b9734e6dde570bd750f2259042042548",
    ),
    NPM_SYMBOLS: (
        "expo-google-fonts-noto-sans-symbols-2-0.4.1.tgz",
        "3bf3d6333487df36e88d146e032a9ed8246617ca2dfe1513a8a382c3fad12ac4",
    ),
}

# output file -> (package, font file in it)
HAN = {
    "HandoutHan-Regular.ttf": (PYPI_REGULAR, "noto_cjk_sans_jp_regular/NotoSansCJKjp-Regular.otf"),
    "HandoutHan-Bold.ttf": (PYPI_BOLD, "noto_cjk_sans_jp_bold/NotoSansCJKjp-Bold.otf"),
}
LATIN = {
    "NotoSans-Regular.ttf": (NPM_LATIN, "package/400Regular/NotoSans_400Regular.ttf"),
    "NotoSans-Italic.ttf": (NPM_LATIN, "package/400Regular_Italic/NotoSans_400Regular_Italic.ttf"),
    "NotoSans-Bold.ttf": (NPM_LATIN, "package/700Bold/NotoSans_700Bold.ttf"),
    "NotoSans-BoldItalic.ttf": (NPM_LATIN, "package/700Bold_Italic/NotoSans_700Bold_Italic.ttf"),
}
SYMBOLS_FILE = "package/400Regular/NotoSansSymbols2_400Regular.ttf"
# licence file -> (package, licence text in it, a font of it that states the copyright)
LICENCES = {
    "OFL-NotoSansCJK.txt": (
        PYPI_REGULAR,
        "noto_cjk_sans_jp_regular-0.0.1.dist-info/licenses/LICENSE",
        HAN["HandoutHan-Regular.ttf"][1],
    ),
    "OFL-NotoSans.txt": (NPM_LATIN, "package/LICENSE_FONT", LATIN["NotoSans-Regular.ttf"][1]),
    "OFL-NotoSansSymbols2.txt": (NPM_SYMBOLS, "package/LICENSE_FONT", SYMBOLS_FILE),
}

HAN_FAMILY = "Handout Han"
FONT_VERSION = "1.200"  # also head.fontRevision
# Of all four Noto Sans files; written into Handout Han too, so that a line with Han is as high as one without.
ASCENT, DESCENT = 1069, -293
EM = 1000  # of all fonts here
MAX_ERROR = 0.5  # of a unit, 1000 to the em: cubic to quadratic curves
SOURCE_DATE = 1_795_392_000  # 2026-11-23, unless SOURCE_DATE_EPOCH says otherwise

SYMBOLS = "✓●○■□◆◇▲▼★☆※→←↑↓≤≥≠≈×÷±°⚠☎☏♥♡✂①②③④⑤⑥⑦⑧⑨⑩"
# What Noto Sans CJK lacks: boxes to tick, crosses, an envelope, a pen, hands, the heart as phones type it.
MORE_SYMBOLS = "☐☑☒✉✆✎✏✔✕✖✗✘❤"
ASCII = "".join(map(chr, range(0x20, 0x7F)))
# Marks that leave half of their square white, or a quarter on both sides, as it is in each region; see `squeeze`.
BRACKETS = "〈〉《》「」『』【】〔〕〖〗〘〙〝〞〟（）［］｛｝‘’“”"
STOPS = "、。，．：；"
ENDS = "！？"
MIDDLE_DOTS = "・·"
NARROW_CLOSING = ")]｣’”"
LATIN_FEATURES = [
    "ccmp",
    "locl",
    "kern",
    "mark",
    "mkmk",
    "liga",
    "lnum",
    "tnum",
    "frac",
    "numr",
    "dnom",
    "sups",
    "case",
]
# Left out: Devanagari and Vedic, phonetics, archaic and rare Latin and Cyrillic.
LATIN_RANGES = [
    (0x0020, 0x024F),  # Basic Latin to Extended-B: pinyin, European languages
    (0x02B0, 0x036F),  # modifier letters, combining marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x052F),  # Cyrillic
    (0x1E00, 0x1EFF),  # Latin Extended Additional: Vietnamese
    (0x2000, 0x206F),  # general punctuation
    (0x2070, 0x209F),  # superscripts and subscripts
    (0x20A0, 0x20CF),  # currency
    (0x2100, 0x218F),  # letterlike symbols, number forms
    (0x2190, 0x22FF),  # arrows, mathematics
    (0xFB00, 0xFB06),  # ligatures
    (0xFFFD, 0xFFFD),
]


def national_sets() -> set[str]:
    """Return the characters of the East Asian standards, in NFC, without their Latin, Greek, Cyrillic and boxes.

    GB 2312 levels 1 and 2, Big5 levels 1 and 2 with the Hong Kong supplementary set (Cantonese), JIS X 0213 levels 1
    to 4, IBM's extensions of Shift JIS (the forms of names in registers), KS X 1001 with its 2,350 Hangul syllables;
    each with its kana, punctuation and symbols. Read from Python's codecs, two bytes at a time. Besides, all of the
    block CJK Unified Ideographs: the names of people and places take from the whole of it (the simplified ones of
    China's general table, for example). And half-width kana, as addresses in Japan have them.
    """
    characters = set(map(chr, (*range(0x4E00, 0xA000), *range(0xFF61, 0xFFA0))))
    every = [*range(0x40, 0x7F), *range(0x80, 0xFF)]
    for codec, before, leads, trails in [
        ("gb2312", b"", range(0xA1, 0xF8), range(0xA1, 0xFF)),
        ("big5hkscs", b"", range(0x81, 0xFF), every),
        ("cp932", b"", range(0x81, 0xFD), every),
        ("euc_jis_2004", b"", range(0xA1, 0xFF), range(0xA1, 0xFF)),
        ("euc_jis_2004", b"\x8f", range(0xA1, 0xFF), range(0xA1, 0xFF)),
        ("euc_kr", b"", range(0xA1, 0xFE), range(0xA1, 0xFF)),
    ]:
        for lead in leads:
            for trail in trails:
                characters.update((before + bytes((lead, trail))).decode(codec, "ignore"))
    unwanted = ("LATIN ", "GREEK ", "CYRILLIC ", "BOX DRAWINGS ", "COMBINING ", "KANGXI ", "CJK RADICAL ")
    wanted = {
        unicodedata.normalize("NFC", c) for c in characters if not unicodedata.name(c, "LATIN ?").startswith(unwanted)
    }
    return {c for c in wanted if len(c) == 1}


def extra_characters() -> set[str]:
    """Return the characters listed in extra-characters.txt and those of the points' East Asian names."""
    lines = (HERE / "extra-characters.txt").read_text("utf-8").splitlines()
    listed = {c for line in lines if not line.startswith("#") for c in line if not c.isspace()}
    with NAMES.open(encoding="utf-8", newline="") as file:
        names = {
            c for row in csv.DictReader(file) for key in ("zh-Hans", "zh-Hant", "ja", "kana", "ko") for c in row[key]
        }
    return listed | names


def subset(font: TTFont, unicodes: set[int], features: list[str], drop_tables: list[str]) -> None:
    """Cut `font` down to the characters `unicodes` and what the layout `features` make of them."""
    options = Options()
    options.layout_features = features
    options.drop_tables += drop_tables
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.recalc_average_width = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)


def serve_lone_punctuation(font: TTFont) -> None:
    """Give text without a script of its own the regional shapes of Han.

    A stop or comma that is set alone (after bold words, say) has no letter beside it to take the script from; it is
    then shaped with the script DFLT, which in Noto Sans CJK knows no languages.
    """
    scripts = {record.ScriptTag: record.Script for record in font["GSUB"].table.ScriptList.ScriptRecord}
    scripts["DFLT"].LangSysRecord = scripts["hani"].LangSysRecord
    scripts["DFLT"].LangSysCount = len(scripts["hani"].LangSysRecord)


def add_symbols(font: TTFont, symbols: TTFont) -> None:
    """Put the glyphs of MORE_SYMBOLS into `font`, which has TrueType outlines; both have 1000 units to the em."""
    source, names = symbols.getGlyphSet(), symbols.getBestCmap()
    order = font.getGlyphOrder()
    for character in MORE_SYMBOLS:
        name = f"u{ord(character):04X}"
        pen = TTGlyphPen(None)
        source[names[ord(character)]].draw(pen)
        glyph = pen.glyph()
        glyph.recalcBounds(font["glyf"])
        font["glyf"].glyphs[name] = glyph
        font["hmtx"][name] = (source[names[ord(character)]].width, glyph.xMin)
        order.append(name)
        for table in font["cmap"].tables:
            if table.isUnicode() and table.format != 14:
                table.cmap[ord(character)] = name
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order
    font["maxp"].numGlyphs = len(order)


def outlines_to_truetype(font: TTFont) -> None:
    """Replace the CFF outlines of `font` by quadratic ones (tables glyf and loca, maxp 1.0).

    A CID-keyed CFF font once cut down maps glyph ids to other CIDs, which PDF writers that put glyph ids in the page
    get wrong: MuPDF then shows nothing and Ghostscript shows boxes. Glyph ids of TrueType outlines mean one thing.
    """
    glyphs = {}
    glyph_set = font.getGlyphSet()
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        # PostScript contours turn the other way (TrueType fills to the right of the contour).
        glyph_set[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    order = font.getGlyphOrder()
    del font["CFF "]
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = glyphs
    for name, glyph in glyphs.items():
        glyph.recalcBounds(glyf)
        # The left side bearing is the distance to xMin; rasterisers shift the outline by the difference otherwise.
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    font["head"].glyphDataFormat = 0
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    maxp.maxZones = 1
    for field in (
        "TwilightPoints",
        "Storage",
        "FunctionDefs",
        "InstructionDefs",
        "StackElements",
        "SizeOfInstructions",
    ):
        setattr(maxp, f"max{field}", 0)
    for field in ("Points", "Contours", "CompositePoints", "CompositeContours", "ComponentElements", "ComponentDepth"):
        setattr(maxp, f"max{field}", 0)  # recalculated on saving
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


def often_used_first(font: TTFont, characters: set[str]) -> None:
    """Put the glyphs of `characters` (those of the points' names), with their regional forms, at the front of `font`.

    PDF writers that keep glyph ids write a table entry for every glyph before the last one that is used: with low
    ids those tables are short, and cutting the font down is quick.
    """
    wanted = {font.getBestCmap()[ord(c)] for c in characters if ord(c) in font.getBestCmap()}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            single = getattr(table, "ExtSubTable", table)
            if single.LookupType == 1:
                wanted |= {form for glyph, form in single.mapping.items() if glyph in wanted}
    order = font.getGlyphOrder()
    reorderGlyphs(
        font, [*order[:1], *(g for g in order[1:] if g in wanted), *(g for g in order[1:] if g not in wanted)]
    )


def forms(font: TTFont, characters: str, full_width: bool) -> set[str]:
    """Return the glyphs of `characters` in all regions, those as wide as a square or the others."""
    names = {font.getBestCmap()[ord(c)] for c in characters}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            single = getattr(table, "ExtSubTable", table)
            if single.LookupType == 1:
                names |= {form for glyph, form in single.mapping.items() if glyph in names}
    return {name for name in names if (font["hmtx"][name][0] == EM) == full_width}


def squeeze(font: TTFont) -> None:
    """Take white away between two marks that both have some (GPOS: chws), at the most a half of a square.

    By JLREQ, 3.1.4, and CLREQ, 3.1.6.1. Where the ink stands tells what a mark is: a stop is in the middle in Taiwan
    and at the left elsewhere. It is the first of both that becomes narrower, whosever the white is: the second one then
    has all of its own where a line begins with it, and nothing is moved (WeasyPrint 70 moves glyphs by 1.024 of what a
    font says). Only browsers have `chws` on by themselves; the same lookup is `kern`, too, which is on everywhere.

    The package east-asian-spacing finds forms by the feature `fwid`, which these fonts do not have: it would miss the
    quotation marks of China.
    """
    half, glyf = EM // 2, font["glyf"]
    wide = forms(font, BRACKETS + STOPS + ENDS + MIDDLE_DOTS, full_width=True)
    closing = {name for name in wide if glyf[name].xMax <= half}
    classes = {
        "closing": closing,
        "opening": {name for name in wide if glyf[name].xMin >= half},
        "middle": forms(font, STOPS + MIDDLE_DOTS, full_width=True) - closing,
        "space": forms(font, "\u3000", full_width=True),
        "narrow": forms(font, NARROW_CLOSING, full_width=False),
    }
    ids = font.getGlyphID
    rules = "".join(f"@{name} = [{' '.join(sorted(glyphs, key=ids))}];\n" for name, glyphs in classes.items())
    rules += f"""
        lookup squeeze {{
            pos @closing [@closing @opening @middle @space @narrow] -{half};
            pos [@opening @middle @space] @opening -{half};
        }} squeeze;
        feature chws {{ lookup squeeze; }} chws;
        feature kern {{ lookup squeeze; }} kern;
        feature halt {{
            pos @closing -{half};
            pos @opening <-{half} 0 -{half} 0>;
            pos @middle <-{half // 2} 0 -{half} 0>;
        }} halt;
    """
    addOpenTypeFeaturesFromString(font, rules, tables=["GPOS"])


def rename(font: TTFont, family: str, style: str) -> None:
    """Give `font` a name of its own; copyright, trademark, credits and licence records stay as they are."""
    names = font["name"]
    kept = [r for r in names.names if r.nameID in {0, 7, 9, 11, 12, 13, 14} and r.langID == 0x409]
    original = names.getDebugName(4), names.getDebugName(5).split(";")[0].removeprefix("Version ")
    postscript = f"{family.replace(' ', '')}-{style}"
    names.names = kept
    font["head"].fontRevision = float(FONT_VERSION)
    for number, text in {
        1: family,
        2: style,
        3: f"{FONT_VERSION};{postscript}",
        4: family if style == "Regular" else f"{family} {style}",
        5: f"Version {FONT_VERSION}",
        6: postscript,
        10: f"Subset of {original[0]} {original[1]} with TrueType outlines and other line metrics.",
    }.items():
        names.setName(text, number, 3, 1, 0x409)


def set_metrics(font: TTFont) -> None:
    """Write the Latin font's ascent and descent into the three places that programs read them from."""
    hhea, os2 = font["hhea"], font["OS/2"]
    hhea.ascent, hhea.descent, hhea.lineGap = ASCENT, DESCENT, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ASCENT, DESCENT, 0
    os2.usWinAscent, os2.usWinDescent = ASCENT, -DESCENT
    os2.version = max(os2.version, 4)  # USE_TYPO_METRICS is defined from version 4 on
    os2.fsSelection |= 1 << 7


def to_bytes(font: TTFont) -> bytes:
    """Return the font file, with a creation and change date that do not come from the clock."""
    font["head"].modified = timestampSinceEpoch(int(os.environ.get("SOURCE_DATE_EPOCH", SOURCE_DATE)))
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def supplementary(font: TTFont) -> set[str]:
    """Return all Han outside the Basic Multilingual Plane that a font has: they are there for names and Cantonese."""
    return {chr(point) for point in font.getBestCmap() if point >= 0x20000}


def build_han(source: bytes, symbols: bytes, style: str) -> bytes:
    """Return Handout Han in one style, made of the Noto Sans CJK JP font file `source` and some `symbols`."""
    font = TTFont(BytesIO(source), recalcTimestamp=False)
    wanted = national_sets() | supplementary(font) | extra_characters() | set(SYMBOLS) | set(ASCII)
    missing = sorted((extra_characters() | set(SYMBOLS)) - set(map(chr, font.getBestCmap())))
    if missing:
        raise SystemExit("not in the source font: " + " ".join(f"{c} U+{ord(c):04X}" for c in missing))
    # vert, kerning and proportional widths are for vertical and Japanese display setting; a handout has neither.
    subset(font, set(map(ord, wanted)), ["ccmp", "locl"], ["GPOS", "BASE", "VORG", "vhea", "vmtx", "DSIG"])
    serve_lone_punctuation(font)
    outlines_to_truetype(font)
    add_symbols(font, TTFont(BytesIO(symbols), recalcTimestamp=False))
    often_used_first(font, extra_characters() | set(ASCII))
    squeeze(font)
    rename(font, HAN_FAMILY, style)
    set_metrics(font)
    return to_bytes(font)


def build_latin(source: bytes) -> bytes:
    """Return Noto Sans without hints, glyph names and the scripts and features that no handout needs."""
    font = TTFont(BytesIO(source), recalcTimestamp=False)
    unicodes = {u for first, last in LATIN_RANGES for u in range(first, last + 1)} & set(font.getBestCmap())
    subset(font, unicodes, LATIN_FEATURES, ["gasp", "STAT"])
    font["name"].names = [r for r in font["name"].names if r.nameID < 256 and r.nameID != 25]
    return to_bytes(font)


def fetch(folder: Path) -> dict[str, dict[str, bytes]]:
    """Return package -> file in it -> bytes, downloading to `folder` what is not there; SystemExit if one differs."""
    contents: dict[str, dict[str, bytes]] = {}
    for package, (file_name, sha256) in PACKAGES.items():
        path = folder / file_name
        if not path.exists():
            pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), package]
            npm = ["npm", "pack", package, "--pack-destination", str(folder)]
            subprocess.run(npm if package.startswith("@") else pip, check=True, stdout=subprocess.DEVNULL)
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise SystemExit(f"{path}: not the package this script was written for (sha256 differs)")
        if path.suffix == ".whl":
            with zipfile.ZipFile(BytesIO(data)) as archive:
                contents[package] = {name: archive.read(name) for name in archive.namelist()}
        else:
            with tarfile.open(fileobj=BytesIO(data)) as archive:
                members = [m for m in archive.getmembers() if m.isfile()]
                contents[package] = {m.name: archive.extractfile(m).read() for m in members}
    return contents


def licence(text: bytes, font: bytes) -> bytes:
    """Return a licence text that begins with the copyright line of `font`, adding it where the package lacks it."""
    notice = TTFont(BytesIO(font), lazy=True)["name"].getDebugName(0)
    body = text.decode("utf-8").strip() + "\n"
    return (body if body.startswith(notice) else f"{notice}\n\n{body}").encode()


def check(folder: Path) -> list[str]:
    """Return what is wrong with the files of `folder`, measured against its SHA256SUMS; empty if all is well."""
    problems = []
    listed = dict(reversed(line.split("  ", 1)) for line in (folder / "SHA256SUMS").read_text("ascii").splitlines())
    for name, sha256 in listed.items():
        path = folder / name
        if not path.exists():
            problems.append(f"{name}: missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            problems.append(f"{name}: changed")
    present = {p.name for pattern in ("*.ttf", "OFL-*.txt") for p in folder.glob(pattern)}
    return problems + [f"{name}: not listed" for name in sorted(present - set(listed))]


def characters(folder: Path) -> str:
    """Return all characters that can be printed, in lines: of each family those that all of its styles have."""
    found: set[int] = set()
    for family in (HAN, LATIN):
        found |= set.intersection(*(cmap(folder / name) for name in family))
    seen = [chr(code) for code in sorted(found) if unicodedata.category(chr(code)) not in ("Cc", "Zl", "Zp")]
    return "".join("".join(seen[start : start + LINE]) + "\n" for start in range(0, len(seen), LINE))


def cmap(path: Path) -> set[int]:
    """Return the code points that a font has."""
    with TTFont(path) as font:
        return set(font.getBestCmap())


def main() -> None:
    """Read the command line, and rebuild or check."""
    parser = argparse.ArgumentParser(description="Rebuild or check the fonts of this folder.")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the results (default: this one)")
    parser.add_argument("--packages", type=Path, help="folder of the packages (default: fetched anew)")
    parser.add_argument("--check", action="store_true", help="only check against SHA256SUMS")
    arguments = parser.parse_args()
    if arguments.check:
        raise SystemExit("\n".join(check(arguments.out)) or None)

    with tempfile.TemporaryDirectory() as scratch:
        packages = fetch(arguments.packages or Path(scratch))
    with ProcessPoolExecutor(max_workers=2) as pool:
        jobs = {
            name: pool.submit(
                build_han, packages[package][file], packages[NPM_SYMBOLS][SYMBOLS_FILE], Path(name).stem.split("-")[1]
            )
            for name, (package, file) in HAN.items()
        }
        jobs |= {name: pool.submit(build_latin, packages[package][file]) for name, (package, file) in LATIN.items()}
        results = {name: job.result() for name, job in jobs.items()}
    for name, (package, text, font) in LICENCES.items():
        results[name] = licence(packages[package][text], packages[package][font])
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, data in results.items():
        (arguments.out / name).write_bytes(data)
        print(f"{len(data):>9,}  {name}")
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(results.items()))
    (arguments.out / "SHA256SUMS").write_text(sums, "ascii")
    (arguments.out / "characters.txt").write_text(characters(arguments.out), "utf-8")


if __name__ == "__main__":
    main()
