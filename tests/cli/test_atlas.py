"""``points --atlas`` and ``points LI4 --svg/--png``: all points as a handout, one as a picture."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pikepdf
import pytest
from helpers.book import documents
from helpers.pdf_pages import text
from helpers.project import LANGUAGES, ROOT, SOURCE, run
from judges import ace, epubcheck, verapdf
from PIL import Image

from handout_builder.cli import atlas as command
from handout_builder.content import anatomy, atlas, views
from handout_builder.content.loader import Source, load_common, load_made
from handout_builder.content.schema import IndexKey
from handout_builder.editions import DEFAULT, EDITIONS
from handout_builder.pipeline import MadeFiles, make
from handout_builder.render.contents import Contents
from handout_builder.render.printing import first_pages, print_html
from handout_builder.render.product import Product

COMMON = cache(lambda lang="en": load_common(SOURCE, lang))
# One of each kind: asked for, gentle, not for pressing, not drawn, an estimate, of the midline, without a Vietnamese
# name.
FEW = ("LU9", "LI4", "ST1", "ST9", "BL23", "GV28", "EX-HN5", "EX-UE2")


@cache
def made(*codes: str, lang: str = "en") -> Source:
    common = COMMON(lang)
    points = {code: common.points[code] for code in codes or common.points}
    return load_made(SOURCE / atlas.NAME, lang, common, atlas.handout(points, common.shared, lang, command._DAY))


def blocks(kind: str) -> list[Any]:
    return [block for section in made().handout.sections for block in section.blocks if block.type == kind]


def test_every_point_has_one_card_and_one_chart() -> None:
    points = COMMON().points
    assert len(points) == 409
    assert [card.code for block in blocks("points") for card in block.points] == list(points)
    drawings = [drawing for block in blocks("chart") for drawing in views.drawn(block, points).items()]
    drawn = [code for _, codes in drawings for code in codes]
    assert sorted(drawn) == sorted(code for code, point in points.items() if anatomy.view_of(point))
    assert all(anatomy.shown(view, points[code]) for view, codes in drawings for code in codes)
    assert max(len(codes) for _, codes in drawings) <= 20
    assert max(len(views.drawn(block, points)) for block in blocks("chart")) == 2


def test_every_index_leads_to_every_card_that_has_such_a_name() -> None:
    contents = Contents(made())
    found = {
        block.by: [entry.code for group in contents.index(block) for entry in group.entries]
        for block in blocks("index")
    }
    assert list(found) == list(get_args(IndexKey))
    assert all(len(codes) == len(set(codes)) for codes in found.values())
    assert {by: len(codes) for by, codes in found.items() if len(codes) < 409} == {
        "kana": 393, "romaji": 393, "hangul": 408, "ko-Latn": 408, "vietnamese": 386,
    }  # fmt: skip


@pytest.mark.parametrize(("lang", "second"), [("en", "pinyin"), ("ja", "kana"), ("vi", "vietnamese"), ("ko", "hangul")])
def test_the_index_of_the_language_comes_behind_that_of_the_codes(lang: str, second: str) -> None:
    sections = [section for section in made("LI4", lang=lang).handout.sections if section.id.startswith("index-")]
    order = [block.by for section in sections for block in section.blocks if block.type == "index"]
    assert order[:2] == ["code", second]
    assert sorted(order) == sorted(get_args(IndexKey))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[MadeFiles, Path, Path]:
    """An atlas of a few points, as files."""
    folder = tmp_path_factory.mktemp("atlas")
    files = make(Product(made(*FEW), edition=EDITIONS[DEFAULT]), ("pdf", "epub"))
    for kind, data in files.items():
        (folder / f"atlas.{kind}").write_bytes(data)
    return files, folder / "atlas.pdf", folder / "atlas.epub"


def test_printed_entries_lead_to_the_pages_that_they_tell(small: tuple[MadeFiles, Path, Path]) -> None:
    files, path, _ = small
    assert {note.code for note in files.notes} <= {"arranged"}
    with pikepdf.open(path) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
        names = pikepdf.NameTree(pdf.Root.Names.Dests)
        links = [link for page in pdf.pages for link in page.get("/Annots", []) if "/Dest" in link]
        led = {(str(link.Contents), numbers[names[str(link.Dest)][0].objgen]) for link in links}
    told = " ".join(text(path).split())
    # A section is called by its heading in the list of contents, which tells its page.
    listed = {section.heading for section in made(*FEW).handout.sections}
    sections = {name: page for name, page in led if name in listed}
    assert set(sections) == listed
    contents = told[told.index("Contents") : told.index("For your safety")]
    assert all(f"{name} {page}" in contents for name, page in sections.items())
    # A card is called by its code, a chart by its page.
    cards = {name: page for name, page in led - set(sections.items()) if not name.startswith("page ")}
    assert set(cards) == set(FEW)
    charts = {name: page for name, page in led if name.startswith("page ")}
    assert charts
    assert all(name == f"page {page}" for name, page in charts.items())
    for words in ("合谷", "Hégǔ", "Gōkoku", "합곡", "Hợp cốc", "Junction Valley"):
        found = re.search(rf"{words} LI4 ([0-9]+), ([0-9]+)", told)
        assert found, words
        assert int(found[1]) == cards["LI4"]
        assert f"page {found[2]}" in charts


def test_the_small_atlas_passes_all_judges(small: tuple[MadeFiles, Path, Path]) -> None:
    _, pdf, book = small
    assert verapdf.check(pdf, "ua1") == []
    assert verapdf.check(pdf, "3a") == []
    assert epubcheck.check(book) == []
    assert ace.check(book) == []


def test_cards_say_what_is_not_for_pressing_and_whom_cautions_come_from(small: tuple[MadeFiles, Path, Path]) -> None:
    pages = documents(small[2])
    cards = {
        card.findtext(".//{*}h3"): card for page in pages.values() for card in page.iterfind(".//{*}div[@class='card']")
    }
    assert set(cards) == set(FEW)
    words = {code: " ".join("".join(card.itertext()).split()) for code, card in cards.items()}
    strong = {code: ["".join(one.itertext()) for one in card.iterfind(".//{*}strong")] for code, card in cards.items()}
    for code in FEW:
        plain = any(said.startswith("Do not press here: ") for said in strong[code])
        assert plain == (COMMON().points[code].press == "no")
    assert "Cautions from: WHO 1999 (cited from memory), common teaching." in words["ST1"]
    assert "Other names: Junction Valley · 合谷 ごうこく Gōkoku · 합곡 Hapgok · Hợp cốc" in words["LI4"]
    assert "The place is an estimate" in words["EX-UE2"]
    assert "The place is an estimate" not in words["LI4"]


@pytest.mark.parametrize(
    ("lang", "own", "others"),
    [
        ("ja", ("合谷", "ja", "ごうこく", "ja"), "Junction Valley · 合谷 Hégǔ · Gōkoku · 합곡 Hapgok · Hợp cốc"),
        (
            "ko",
            ("합곡", "ko", "合谷", "zh-Hant"),
            "Junction Valley · 合谷 Hégǔ · 合谷 ごうこく Gōkoku · Hapgok · Hợp cốc",
        ),
        (
            "vi",
            ("Hợp cốc", "vi", "合谷", "zh-Hant"),
            "Junction Valley · 合谷 Hégǔ · 合谷 ごうこく Gōkoku · 합곡 Hapgok",
        ),
        (
            "zh-Hant",
            ("合谷", "zh-Hant", "Hégǔ", "zh-Latn-pinyin"),
            "Junction Valley · 合谷 · 合谷 ごうこく Gōkoku · 합곡 Hapgok · Hợp cốc",
        ),
    ],
)
def test_an_atlas_leads_with_the_names_of_its_language(lang: str, own: tuple[str, ...], others: str) -> None:
    source = made("LI4", lang=lang)
    (card,) = [card for section in source.handout.sections for block in section.blocks if block.type == "points"
               for card in block.points]  # fmt: skip
    assert (card.name.text, card.name.lang, card.name.reading, card.name.reading_lang) == own
    product = Product(source, edition=EDITIONS[DEFAULT])
    told = re.sub("<[^>]+>", "", print_html(product, first_pages(product)))
    assert f"{others}\n" in told.replace("\u00a0", " ")


def test_english_names_say_so_wherever_they_stand() -> None:
    """Else a Chinese typeface draws them with apostrophes as wide as a character: Head’ s Corner."""
    product = Product(made("LI17", "ST8", lang="zh-Hans"), edition=EDITIONS[DEFAULT])
    html = print_html(product, first_pages(product))
    assert html.count('<span lang="en">Head’s Corner</span>') == 2
    assert not re.search("[A-Za-z]’", re.sub('<span lang="en">[^<]*</span>', "", html.partition("<body")[2]))


def test_charts_and_bookmarks_have_the_name_of_the_language_and_pinyin_where_no_list_gives_one() -> None:
    product = Product(made("LI4", "EX-UE2", lang="vi"), edition=EDITIONS[DEFAULT])
    html = print_html(product, first_pages(product))
    for code, name in (("LI4", "Hợp cốc"), ("EX-UE2", "Èrbái")):
        assert re.search(f">{code}</tspan> <tspan [^>]+>{name}<", html)
        assert f'data-bookmark="{code} {name}"' in html


def test_the_command_makes_an_atlas_in_each_language_given(monkeypatch: pytest.MonkeyPatch) -> None:
    made_in = list[str]()
    monkeypatch.setattr(command, "build", lambda _root, _out, lang, _say: (made_in.append(lang) or [], []))
    for words in ((), ("--lang", "ja"), ("--lang", "ja", "--lang", "zh-TW")):
        assert run(SOURCE, "points", "--atlas", *words).returncode == 0
    assert made_in == ["en", "ja", "ja", "zh-Hant"]
    made_in.clear()
    assert run(SOURCE, "points", "--atlas", "--lang", "all").returncode == 0
    assert made_in == ["en", *sorted(set(LANGUAGES) - {"en"})]


def test_an_atlas_is_a_document_in_its_language(tmp_path: Path) -> None:
    """A Japanese name without a reading has its pinyin; one that no list gives is the Chinese one, traditional."""
    for path in (SOURCE / "points").rglob("*.csv"):
        head, *rows = path.read_text("utf-8").splitlines(keepends=True)
        every = path.stem in ("landmarks", "unit_lines") or path.stem.endswith(".landmarks")
        kept = [row for row in rows if every or row.startswith(("LI4,", "EX-B5,", "EX-LE11,"))]
        copy = tmp_path / path.relative_to(SOURCE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(head + "".join(kept), "utf-8")
    (pdf_file, epub), _ = command.build(tmp_path, tmp_path / "out", "ja")
    assert (pdf_file.name, epub.name) == ("atlas.ja.pdf", "atlas.ja.epub")
    with pikepdf.open(pdf_file) as pdf:
        assert (str(pdf.Root.Lang), str(pdf.docinfo["/Title"])) == ("ja", "ツボの図鑑")
    told = text(pdf_file)
    for code, reading, name in (
        ("LI4", "ごうこく", "合谷"), ("EX-B5", "Xiàjíshū", "下極兪"), ("EX-LE11", "Dúyīn", "獨陰"),
    ):  # fmt: skip
        assert re.search(rf"{code}\s+{reading}\s+{name}", told), code
    assert {page.get("lang") for page in documents(epub).values()} == {"ja"}


def test_the_words_of_every_source_of_a_caution_are_there() -> None:
    points, shared = COMMON().points.values(), COMMON().shared
    named = {name for point in points for sources in point.caution_sources.values() for name in sources}
    assert {f"cited_{name}" for name in named} <= shared.labels.keys()


def test_no_code_ends_a_line_at_its_hyphen(small: tuple[MadeFiles, Path, Path]) -> None:
    product = Product(made(*FEW), edition=EDITIONS[DEFAULT])
    html = print_html(product, first_pages(product))
    codes = re.findall(r'<span class="entry-code">([^<]+)</span>', html)
    assert set(codes) == set(FEW)
    assert not re.search(r"\bEX-$", text(small[1]), re.MULTILINE)


def test_the_side_that_drawings_show_is_told_rightly() -> None:
    """From the front half of a figure is drawn at the picture's right, which is the person's left."""
    points = COMMON().points
    lefts = [
        code
        for code, point in points.items()
        if (view := anatomy.view_of(point))
        and (data := anatomy.figure(anatomy.views()[view])).get("mirror")
        and data.get("right", 1) < 0
        and any(x > 0 for x, _ in anatomy.shown(view, point))
    ]
    assert "LU1" in lefts
    assert "right side" not in COMMON().shared.labels["atlas_how"]


def test_an_atlas_takes_no_points() -> None:
    done = run(ROOT / "source", "points", "--atlas", "LI4")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--out DIR" in done.stderr


def test_a_picture_is_written_as_svg_and_as_png(tmp_path: Any) -> None:
    done = run(ROOT / "source", "points", "LI4", "--svg", str(tmp_path / "li4.svg"), "--png", str(tmp_path / "li4.png"))
    assert done.returncode == 0, done.stderr
    svg = (tmp_path / "li4.svg").read_text("utf-8")
    assert "<text" not in svg
    assert "<use" not in svg
    image = Image.open(io.BytesIO((tmp_path / "li4.png").read_bytes()))
    assert image.size == (720, 720)
    assert image.mode == "RGB"
    assert len(image.getcolors(720 * 720)) > 5  # type: ignore[arg-type]


def test_a_picture_is_of_the_body_that_is_asked_for(tmp_path: Any) -> None:
    for body in ("neutral", "woman", "man"):
        done = run(ROOT / "source", "points", "CV6", "--svg", str(tmp_path / f"{body}.svg"), "--body", body)
        assert done.returncode == 0, done.stderr
    assert len({file.read_bytes() for file in tmp_path.iterdir()}) == 3


def test_a_picture_is_of_one_point_that_is_drawn(tmp_path: Any) -> None:
    several = run(ROOT / "source", "points", "PC", "--svg", str(tmp_path / "no.svg"))
    assert several.returncode == 1
    assert "means 9 points" in several.stderr
    both = run(ROOT / "source", "points", "LI4", "PC6", "--svg", str(tmp_path / "no.svg"))
    assert both.returncode == 1
    assert "'LI4 PC6' means 2 points; a picture shows one" in both.stderr
    hidden = run(ROOT / "source", "points", "GV28", "--svg", str(tmp_path / "no.svg"))
    assert hidden.returncode == 1
    assert "no-picture no drawing shows the place of GV28" in hidden.stderr
    assert not list(tmp_path.iterdir())
