"""Handouts under a clinic's brand: very different brands, judged as finished files, word for word the same handout."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brand_yml
import pdfplumber
import pypdfium2
import pytest
import zxingcpp
from helpers.book import documents
from helpers.once import once
from helpers.page_words import sheets
from helpers.project import HERE, LANG, NAME, ROOT, SHORT, brand_of, short_handout, source_of
from helpers.source_text import squeeze
from helpers.tagged_pdf import Element, Tagged
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from judges import ace, epubcheck, verapdf
from judges import pages as page_validation
from lxml import etree
from yaml import safe_dump, safe_load

from handout_builder import pipeline
from handout_builder.authoring import new_brand
from handout_builder.brand.loader import load_brand
from handout_builder.brand.schema import BrandFile
from handout_builder.builder.limits import Limits
from handout_builder.cli import brand_report
from handout_builder.cli.main import OK, PROBLEMS, USAGE, main
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.errors import HandoutError, Severity
from handout_builder.pdf import typeset
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.resources import BRAND_FILE
from handout_builder.tokens import tokens

EXAMPLES = [ROOT / "source" / "brands" / name for name in ("cell-healing", "harbour-lane")]
OTHERS = sorted(path.parent for path in (ROOT / "tests" / "samples" / "brands").glob(f"*/{BRAND_FILE}"))
BRANDS = [*EXAMPLES, *OTHERS]
NAMES = [folder.name for folder in BRANDS]
HANDOUT = ROOT / "source" / NAME
PAGES = {HANDOUT: 6, SHORT: 2}
SVG = "{http://www.w3.org/2000/svg}"
each_brand = pytest.mark.parametrize("folder", BRANDS, ids=NAMES)


def words_of(folder: Path) -> Any:
    return safe_load((folder / BRAND_FILE).read_text("utf-8"))


def files(folder: Path) -> SimpleNamespace:
    return SimpleNamespace(**{kind: folder / f"{NAME}.{LANG}.{kind}" for kind in ("pdf", "epub")})


def made(folder: Path | None, run_folder: Path) -> SimpleNamespace:
    """Return the paths of the files of the short handout under a brand, or without one."""

    def make(out: Path) -> None:
        product = Product(source_of(SHORT), folder and brand_of(folder))
        for kind, data in pipeline.make(product, ("pdf", "epub")).items():
            (out / f"{NAME}.{LANG}.{kind}").write_bytes(data)

    return files(once(run_folder / f"brand-{folder.name if folder else 'none'}", make))


@pytest.fixture
def handout(folder: Path) -> Path:
    """The handout that is made for a brand: the first for the examples, the short one for the others."""
    return HANDOUT if folder in EXAMPLES else SHORT


@pytest.fixture
def branded(folder: Path, run_folder: Path, request: pytest.FixtureRequest) -> SimpleNamespace:
    """The files of a brand."""
    if folder in EXAMPLES:
        return files(request.getfixturevalue("every_edition") / folder.name)
    return made(folder, run_folder)


@pytest.fixture
def plain(folder: Path, run_folder: Path, request: pytest.FixtureRequest) -> Any:
    """The files of the same handout without a brand."""
    return request.getfixturevalue("built") if folder in EXAMPLES else made(None, run_folder)


tagged_pdf = cache(Tagged)
"""A file is read once a process: reading one takes as long as making a small one."""


# The files


@each_brand
def test_builds_without_a_warning(folder: Path) -> None:
    notes = load_brand(folder).notes
    assert [str(note) for note in notes if note.severity > Severity.NOTE] == []


# Each other brand meets one of the flavours; the examples meet both: see the tests of editions.
@pytest.mark.parametrize(
    ("folder", "flavour"),
    [(folder, ("ua1", "3a")[number % 2]) for number, folder in enumerate(OTHERS)],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_pdf_judges_find_nothing(branded: Any, flavour: str) -> None:
    assert verapdf.check(branded.pdf, flavour) == []
    assert page_validation.check(branded.pdf, flavour) == []


@each_brand
def test_each_line_of_a_link_is_one_place_to_press(branded: Any) -> None:
    """PDF/UA-1, 7.18.5, whatever is inside the link: the parts of a long address, words in bold."""
    tagged = tagged_pdf(branded.pdf)
    holding = [element.kind for element in tagged.root.walk() for kid in element.kids if kid == "link"]
    notes = [note for page in tagged.pdf.pages for note in page.get("/Annots", [])]
    assert holding == ["Link"] * len(notes)
    for page in tagged.pdf.pages:
        places = [note.Rect for note in page.get("/Annots", [])]
        for (left, top, right, foot), (other_left, other_top, other_right, other_foot) in combinations(places, 2):
            across = min(right, other_right) - max(left, other_left)
            assert across < 1 or min(top, other_top) - max(foot, other_foot) < 1, "one is pressed for the other"


@each_brand
def test_epubcheck_finds_nothing(branded: Any) -> None:
    assert epubcheck.check(branded.epub) == []


@pytest.mark.tools("chromium")
@pytest.mark.parametrize("folder", [EXAMPLES[1], OTHERS[-1]], ids=lambda folder: folder.name)
def test_ace_finds_nothing(branded: Any) -> None:
    """It takes a browser's start for a book: a brand of each kind has to do, EPUBCheck looks at all.

    What is in the first handout is looked at here in a brand, what is in others without one (tests/end_to_end).
    """
    assert ace.check(branded.epub) == []


@each_brand
def test_pages_do_not_become_more(branded: Any, handout: Path) -> None:
    assert len(tagged_pdf(branded.pdf).pdf.pages) == PAGES[handout]


@pytest.mark.parametrize("folder", OTHERS, ids=lambda folder: folder.name)
def test_same_files_again(branded: Any, folder: Path) -> None:
    again = pipeline.make(Product(source_of(SHORT), load_brand(folder)), ("pdf", "epub"))
    assert again == {"pdf": branded.pdf.read_bytes(), "epub": branded.epub.read_bytes()}


# The words


CALL = "*[@class='call']"
DISCLAIMER = "Thisleafletdoesnotreplacecarefromadoctor."


def call(folder: Path) -> str:
    """Return what the clinic adds to the warnings: whom to call."""
    number = words_of(folder).get("defaults", {}).get("handout", {}).get("emergency", "")
    return f"Call {number}" if number else ""


def without_brand(html: str) -> str:
    """Return the words of a page without letterhead, call, contact panel and feet, squeezed.

    Nor is the sentence about a doctor in them, which stands last, in the panel where there is one.
    """
    root = etree.fromstring(html.encode())
    assert squeeze(" ".join(root.itertext())).count(DISCLAIMER) == 1
    others = (
        *("*[contains(@class, 'letterhead')]", CALL, "*[@id='contact']"),
        *("*[@class='disclaimer']", "*[@class='foot']"),
    )
    for element in root.xpath(" | ".join(f"//{other}" for other in others)):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return squeeze(" ".join(root.itertext()))


@each_brand
def test_brand_leaves_the_words_alone(folder: Path) -> None:
    pages = {"before-you-press": 2}
    plain, own = (Product(source_of(HANDOUT), brand) for brand in (None, brand_of(folder)))
    assert without_brand(printing.print_html(own, printing.first_pages(own) | pages)) == without_brand(
        printing.print_html(plain, printing.first_pages(plain) | pages)
    )


# Said again on each page that the table goes on on, which depends on the brand.
TABLE_HEAD = "AllpointsCodeStandardnameWhere"


def story(tagged: Tagged) -> list[str]:
    """Return the words of the sections in the order of the tags."""
    (document,) = tagged.root.find("Document")
    texts = [squeeze(tagged.text(kid)) for kid in document.kids if isinstance(kid, Element)]
    return [text.replace(TABLE_HEAD, "") for text in texts if text]


@each_brand
def test_print_has_all_words_of_the_handout_in_their_order(branded: Any, folder: Path, plain: Any) -> None:
    told = story(tagged_pdf(branded.pdf))
    if added := squeeze(call(folder)):
        assert [text.count(added) for text in told if added in text] == [1]
        told = [text.replace(added, "") for text in told]
    assert "".join(told).count(DISCLAIMER) == 1  # in the panel, where there is one
    own = iter(text.removesuffix(DISCLAIMER) for text in told)
    wanted = [text.removesuffix(DISCLAIMER) for text in story(tagged_pdf(plain.pdf))]
    assert len(wanted) > 3
    missing = [text for text in wanted if text not in own]  # `in` moves the iterator on
    assert missing == []


def book_words(path: Path) -> Iterator[str]:
    for name, page in documents(path).items():
        if "chapter" in name:
            for element in page.xpath(
                f"//{CALL} | //*[@id='contact'] | //*[@class='logo-box'] | //*[contains(@class, 'clinic-name')]"
            ):
                element.getparent().remove(element)
            yield squeeze(" ".join(page.itertext()))


@each_brand
def test_book_has_the_words_of_the_handout(branded: Any, plain: Any) -> None:
    assert list(book_words(branded.epub)) == list(book_words(plain.epub))


@each_brand
def test_clinics_emergency_number_is_on_the_first_warning(branded: Any, folder: Path) -> None:
    calls = [element for page in documents(branded.epub).values() for element in page.xpath(f"//{CALL}")]
    assert ["".join(element.itertext()) for element in calls] == ([call(folder)] if call(folder) else [])
    for element in calls:
        assert element.xpath("ancestor::*[contains(@class, 'emergency')]")
        assert element.xpath("*/@href") == [call(folder).replace("Call ", "tel:")]


# What is shown


@each_brand
def test_clinic_is_named_where_readers_look(branded: Any, folder: Path, handout: Path) -> None:
    meta = words_of(folder)["meta"]
    full = meta["name"] if isinstance(meta["name"], str) else meta["name"]["full"]
    tagged = tagged_pdf(branded.pdf)
    with tagged.pdf.open_metadata() as xmp:
        assert list(xmp["dc:publisher"]) == [full]
    first = squeeze(story(tagged)[0])
    wordmark = words_of(folder).get("defaults", {}).get("handout", {}).get("wordmark", False)
    assert (squeeze(full) in first) is not wordmark
    if wordmark:
        assert full in [element.alt for element in tagged.root.find("Figure")]
    (panel,) = [text for text in story(tagged) if text.startswith("Contact")]
    for part in [full, meta.get("phone", ""), meta.get("email", "")]:
        assert squeeze(part) in panel
    feet = squeeze("".join(run.text for run in tagged.artifacts))
    short = full if isinstance(meta["name"], str) else meta["name"].get("short", full)
    assert feet.count(squeeze(f"{short} | Revised")) == PAGES[handout]
    with zipfile.ZipFile(branded.epub) as book:
        package = book.read("EPUB/content.opf").decode()
        assert f"<dc:publisher>{full}</dc:publisher>".replace("&", "&amp;") in package
        assert squeeze(full) in squeeze(" ".join(etree.fromstring(book.read("EPUB/colophon.xhtml")).itertext()))


def test_name_is_set_in_the_clinics_own_typeface(run_folder: Path) -> None:
    aozora = made(next(folder for folder in OTHERS if folder.name == "aozora"), run_folder)
    runs = [run for runs in tagged_pdf(aozora.pdf).runs.values() for run in runs]
    fonts = {run.font for run in runs if run.page == 1 and "青空" in run.text}
    assert len(fonts) == 1
    assert next(iter(fonts)).startswith("Brand-Heading")


def test_authors_invitation_is_printed_for_the_clinic_it_is_to() -> None:
    def panel(folder: Path) -> str:
        product = Product(source_of(HANDOUT), brand_of(folder))
        (contact,) = etree.fromstring(printing.print_html(product, printing.first_pages(product)).encode()).xpath(
            "//*[@id='contact']"
        )
        return squeeze(" ".join(contact.itertext()))

    handout = safe_load((HANDOUT / f"{LANG}.yaml").read_text("utf-8"))
    (block,) = [b for s in handout["sections"] for b in s["blocks"] if b["type"] == "invitation"]
    healing = next(folder for folder in BRANDS if folder.name == block["brand"])
    assert squeeze(block["text"]) in panel(healing)
    assert squeeze(block["text"]) not in panel(EXAMPLES[1])
    # The brand says the same, so that other handouts invite in the author's words, too.
    assert words_of(healing)["defaults"]["handout"]["texts"]["en"]["invitation"] == block["text"]


@each_brand
def test_book_is_a_book_of_its_own(branded: Any, plain: Any) -> None:
    def identifier(path: Path) -> str:
        with zipfile.ZipFile(path) as book:
            found = re.search(r"urn:uuid:[0-9a-f-]+", book.read("EPUB/content.opf").decode())
        assert found is not None
        return found[0]

    assert identifier(branded.epub) != identifier(plain.epub)


def decoded(picture: Any) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@each_brand
def test_code_leads_to_the_booking_page(branded: Any, folder: Path, tmp_path: Path) -> None:
    link = words_of(folder)["meta"].get("link", {})
    link = {"home": link} if isinstance(link, str) else link
    wanted = link.get("booking") or link.get("home")
    with pypdfium2.PdfDocument(branded.pdf) as document:
        # 150 dpi is what a telephone's camera sees of a page at arm's length.
        pages = [page.render(scale=150 / 72).to_pil().convert("L") for page in [*document][-2:]]
    assert [found for page in pages for found in decoded(page)] == ([wanted] if wanted else [])
    (chapter,) = [page for page in documents(branded.epub).values() if page.xpath("//*[@id='contact']")]
    drawings = [svg for svg in chapter.iter(f"{SVG}svg") if svg.get("class") == "qr"]
    assert len(drawings) == bool(wanted)
    for svg in drawings:
        html = f"<style>@page {{ size: 300px; margin: 0 }}</style>{etree.tostring(svg).decode()}"
        import weasyprint

        (tmp_path / "qr.pdf").write_bytes(weasyprint.HTML(string=html).write_pdf())
        with pypdfium2.PdfDocument(tmp_path / "qr.pdf") as document:
            assert decoded(document[0].render(scale=2).to_pil().convert("L")) == [wanted]


AREAS = ("band", "accent-wash", "warn-wash")
ON_GROUNDS = (
    "//*[contains(@class, 'emergency')]/*[@class='safety-body'] | //*[contains(@class, 'panel-columns')]/.. "
    "| //tr[@class='strong'] "
    "| //*[contains(@class, 'letterhead ')][contains(@class, 'band') or contains(@class, 'wash')]"
)


def is_border(rect: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two rectangles are the edges of one rule, which is painted between them."""
    same = all(abs(rect[edge] - other[edge]) < 0.1 for edge in ("x0", "x1", "y0"))
    return same and rect["non_stroking_color"] == other["non_stroking_color"] and 0 < abs(rect["y1"] - other["y1"]) < 8


def alike(colour: Sequence[float], other: Sequence[float]) -> bool:
    return len(colour) == len(other) and all(abs(a - b) <= 0.002 for a, b in zip(colour, other, strict=True))


def luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance of a colour of 0 to 1 each (WCAG 2.2)."""
    grey_or_rgb = colour * 3 if len(colour) == 1 else colour
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in grey_or_rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@each_brand
def test_every_word_of_the_print_is_legible(branded: Any, folder: Path, handout: Path) -> None:
    """WCAG 2.2, 1.4.3: 4.5:1 between each letter and the ground below it."""
    brand = brand_of(folder)
    own = tokens() | dict(brand.colours)
    areas = [tuple(int(own[name][i : i + 2], 16) / 255 for i in (1, 3, 5)) for name in AREAS]
    on_grounds: Counter[str] = Counter()
    with pdfplumber.open(branded.pdf) as document:
        for page in document.pages:
            # Rules are rectangles, too: the outer one and the inner one of a border.
            grounds = [
                rect
                for rect in page.rects
                if any(alike(rect["non_stroking_color"], area) for area in areas)
                and not any(is_border(rect, other) for other in page.rects)
            ]
            for letter in page.chars:
                x, y = (letter["x0"] + letter["x1"]) / 2, (letter["top"] + letter["bottom"]) / 2
                below = [r for r in grounds if r["x0"] <= x <= r["x1"] and r["top"] <= y <= r["bottom"]]
                ground = luminance(below[-1]["non_stroking_color"]) if below else 1.0
                ink = luminance(letter["non_stroking_color"])
                contrast = (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05)
                assert contrast >= 4.5, (page.page_number, letter["text"], letter["non_stroking_color"], below)
                if below:
                    on_grounds.update(squeeze(letter["text"]).replace("•", ""))
    product = Product(source_of(handout), brand)
    page = etree.fromstring(printing.print_html(product, dict.fromkeys(printing.first_pages(product), 1)).encode())
    set_on_grounds = Counter(squeeze(" ".join(" ".join(part.itertext()) for part in page.xpath(ON_GROUNDS))))
    assert on_grounds == set_on_grounds, "grounds are found"


@each_brand
def test_warnings_keep_their_colour(folder: Path) -> None:
    own = dict(brand_of(folder).colours)
    assert not own.keys() & {"warn", "warn-wash", "warn-book", "ink", "ink2", "paper", "qr", "qr-ground"}


@each_brand
def test_warnings_of_the_book_keep_their_colour(branded: Any, plain: Any) -> None:
    def rule(path: Path) -> str:
        with zipfile.ZipFile(path) as book:
            sheet = book.read("EPUB/book.css").decode()
        found = re.findall(r"\.(?:emergency|doctor) \.safety-head \{[^}]*\}", sheet)
        assert len(found) == 2
        assert all("var(" not in rule and "border-top" in rule for rule in found)
        return "".join(found)

    assert rule(branded.epub) == rule(plain.epub)


def test_letterhead_follows_the_colours() -> None:
    found = {folder.name: brand_of(folder).letterhead for folder in BRANDS}
    assert found["navy"] == found["harbour-lane"] == "band"
    assert found["pastel"] == found["neon"] == "wash"
    assert found["mono"] == found["cell-healing"] == "line"


# Anything a clinic can write


LONG = "The Long Established Northern Valley Centre for Acupuncture, Herbal Medicine and Gentle Movement, Example Town"
text = st.text(
    st.characters(codec="latin-1", categories=("Lu", "Ll", "Nd", "Zs", "Po")), min_size=1, max_size=60
).filter(lambda words: not words.isspace())  # what is blank is refused
lines = st.lists(text, max_size=12)
metas = st.fixed_dictionaries(
    {},
    optional={
        "name": st.one_of(text, st.fixed_dictionaries({"full": text, "short": text})),
        "address": lines,
        "hours": lines,
        "phone": st.from_regex(r"[0-9+() ]{2,37}555", fullmatch=True),  # three digits at least
        "email": st.just("a.rather.long.name.of.somebody@department.of.the.clinic.example.com"),
        "link": st.fixed_dictionaries(
            {},
            optional={"home": st.just("https://example.com/" + "x" * 90), "booking": st.just("https://example.com/b")},
        ),
        "practitioner": st.lists(st.fixed_dictionaries({"name": text, "credentials": text}), max_size=6),
    },
)
colours = st.one_of(st.none(), st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.generate),  # a smaller brand would take minutes to find
)
@example(meta={}, primary=None, letterhead="band", logo=False)
@example(meta={"phone": "05550123", "address": ["0", "007"]}, primary=None, letterhead="line", logo=False)
@example(meta={}, primary="#ffff00", letterhead="auto", logo=True)
@example(
    meta={
        "name": LONG,
        "address": [f"Line {n} of an address that goes on" for n in range(10)],
        "hours": [f"Day {n}: 9 to 12 and 14 to 18" for n in range(7)],
        "phone": "+00 (0) 0000 000000 00000 00000 00000",
    },
    primary="#0b2545",
    letterhead="band",
    logo=True,
)
@given(
    meta=metas, primary=colours, letterhead=st.sampled_from(["auto", "line", "band", "wash", "off"]), logo=st.booleans()
)
def test_layout_holds(
    meta: dict[str, Any], primary: str | None, letterhead: str, logo: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("brand")
    brand: dict[str, Any] = {"meta": meta, "defaults": {"handout": {"letterhead": letterhead}}}
    if primary:
        brand["color"] = {"primary": primary}
    if logo:
        shutil.copy(EXAMPLES[1] / "logo.svg", folder)
        brand["logo"] = {"path": "logo.svg", "alt": "A logo"}
    (folder / BRAND_FILE).write_text(safe_dump(brand, allow_unicode=True), "utf-8")
    loaded = load_brand(folder)
    product = Product(source_of(SHORT), loaded)
    pages = typeset.lay_out(printing.print_html(product, printing.first_pages(product)), product)
    assert pages.count <= 2 + 3
    (folder / "out.pdf").write_bytes(typeset.write(pages, product))
    printed = sheets(folder / "out.pdf")
    for page in printed:
        for letter in page.letters:
            assert letter.x >= 18 / 25.4 * 72 - 1, letter
            assert letter.end <= 194 / 25.4 * 72 + 1, letter
            assert letter.bottom <= 294 / 25.4 * 72, letter
    first = printed[0].letters
    assert "handout" in "".join(letter.text for letter in first)
    # Nothing stands on anything else: no two letters share a place.
    places = [(round(letter.x, 1), round(letter.top, 1)) for letter in first]
    assert len(places) == len(set(places))


# The format


@each_brand
def test_posits_own_reader_reads_the_file_alike(folder: Path) -> None:
    theirs = brand_yml.Brand.from_yaml(folder / BRAND_FILE)
    ours = brand_of(folder)
    assert theirs.meta is not None
    assert theirs.meta.name is not None
    assert theirs.meta.name.full == ours.file.meta.name.full
    if theirs.color:
        from handout_builder.colour import palette

        assert palette.parse(theirs.color.primary or "") == dict(ours.colours)["band"]


@pytest.mark.parametrize("phone", ["05550123", "5550123", "555-0123", "+1 555 0123", "+15550123", '"0555"'])
def test_telephone_numbers_need_no_quotes(phone: str, tmp_path: Path) -> None:
    (tmp_path / BRAND_FILE).write_text(f"meta:\n  phone: {phone}\n  address: 7\n", "utf-8")
    meta = load_brand(tmp_path).file.meta
    assert (meta.phone, meta.address) == (phone.strip('"'), ["7"])


@pytest.mark.parametrize(
    "path", sorted(Path(brand_yml.__path__[0]).glob("examples/*.yml")), ids=lambda path: str(path.stem)
)
def test_files_of_others_are_read(path: Path) -> None:
    """Posit's own examples: nothing in them is refused for its form."""
    theirs, ours = brand_yml.Brand.from_yaml(path), BrandFile.model_validate(read_yaml(path).value)
    if theirs.meta and theirs.meta.name:
        assert ours.meta.name.full == (theirs.meta.name.full or "")
    if theirs.color:
        assert ours.colour("primary") == (theirs.color.primary or "")
    if theirs.typography and theirs.typography.headings:
        assert ours.typography.headings.family == (theirs.typography.headings.family or "")
    if isinstance(theirs.logo, brand_yml.BrandLogo) and isinstance(
        theirs.logo.medium, brand_yml.logo.BrandLogoResource
    ):
        light = ours.logos().light
        assert light is not None
        assert light.path == str(theirs.logo.medium.path.root)


def test_a_typeface_that_lacks_letters_of_a_language_is_not_used_in_it() -> None:
    """Harbour Lane's has none of Vietnamese's own: words of headings had letters of two typefaces."""
    for lang, used in (("en", 1), ("vi", 0)):
        product = Product(
            source_of(ROOT / "source" / NAME, lang), brand_of(ROOT / "source" / "brands" / "harbour-lane")
        )
        assert product.brand
        assert (len(product.brand.faces), "heading" in dict(product.brand.colours)) == (used, bool(used))
        told = [note.message for note in product.brand_notes if note.code == "brand-font"]
        assert any("Ủ" in message or "ử" in message for message in told) != used, told


def test_file_made_for_quarto_works(tmp_path: Path) -> None:
    path = Path(brand_yml.__path__[0]) / "examples" / "brand-posit.yml"
    shutil.copy(path, tmp_path / BRAND_FILE)
    for name in ("posit-icon.png", "posit.png"):
        shutil.copy(ROOT / "tests" / "samples" / "brands" / "pastel" / "logo.png", tmp_path / name)
    brand = load_brand(tmp_path)
    fetched = [note for note in brand.notes if note.code == "brand-font"]
    assert len(fetched) == 2
    assert all("source: file" in note.hint and note.severity is Severity.WARNING for note in fetched)
    assert set(pipeline.make(Product(source_of(SHORT), brand), ("pdf",))) == {"pdf"}


# Words on the command line


def test_files_go_into_a_folder_of_the_brands_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    short_handout(tmp_path / "source", NAME)
    monkeypatch.chdir(tmp_path)
    words = [NAME, "--brand", "cell-healing", "--brand", str(OTHERS[0]), "--format", "epub", *HERE]
    assert main(words) == OK
    made = sorted(str(path) for path in Path("dist").rglob("*.epub"))
    assert made == [f"dist/{name}/{NAME}.{LANG}.epub" for name in sorted(["cell-healing", OTHERS[0].name])]
    assert capsys.readouterr().out.split() == [
        f"dist/{name}/{NAME}.{LANG}.epub" for name in ("cell-healing", OTHERS[0].name)
    ]


def test_all_brands(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(project.folder)
    short_handout(project.top / "source", NAME)
    monkeypatch.chdir(project.top)
    assert main(["--brand", "all", "--format", "pdf", *HERE]) == OK
    assert {path.name for path in Path("dist").iterdir() if path.is_dir()} == {folder.name for folder in EXAMPLES}


def test_unknown_brand_is_told_with_a_near_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--brand", "cell-haeling"]) == PROBLEMS
    assert "did you mean 'cell-healing'?" in capsys.readouterr().err


def test_build_tells_what_it_changed_in_a_brand_and_strict_refuses_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    neon = str(next(folder for folder in OTHERS if folder.name == "neon"))
    words = [str(SHORT), "--brand", neon, "--format", "pdf", "--out", str(tmp_path / "dist"), *HERE]
    assert main(words) == OK
    told = [line for line in capsys.readouterr().err.splitlines() if "brand-colour" in line]
    assert told
    assert "#39ff14" in told[0]
    assert ":1" in told[0]
    shutil.rmtree(tmp_path / "dist")
    assert main([*words, "--strict"]) == PROBLEMS
    assert not (tmp_path / "dist").exists()
    assert main(["check", str(SHORT), "--brand", neon, "--strict", *HERE]) == PROBLEMS
    assert main(["brand", "check", neon]) == OK
    assert main(["brand", "check", neon, "--strict"]) == PROBLEMS


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands look at brands in this process; those that do it in another one have tests beside these."""
    for module in (brand_report, new_brand):
        monkeypatch.setattr(module, "Limits", lambda: Limits(0, 0, 0))


@each_brand
@pytest.mark.usefixtures("here")
def test_brand_check_shows_each_colour(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brand = brand_of(folder)
    assert main(["brand", "check", str(folder)]) == OK
    shown = capsys.readouterr().out
    assert all(f"{check.colour} on {check.on}" in shown for check in brand.checks)
    assert brand.letterhead in shown
    assert all(face.font.path.name in shown for face in brand.faces)


@pytest.mark.parametrize("logo", ["harbour-lane/logo.svg", "pastel/logo.png", "aozora/logo.jpg", "mono/logo.pdf"])
def test_new_brand_from_a_logo_alone(
    logo: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    whole = logo.endswith(".svg")
    if not whole:
        request.getfixturevalue("here")
    monkeypatch.chdir(tmp_path)
    file = next(folder.parent / logo for folder in BRANDS if (folder.parent / logo).is_file())
    assert main(["new", "brand", "my-clinic", "--logo", str(file), "--name", 'My "Own" Clinic: Example']) == OK
    folder = tmp_path / "source" / "brands" / "my-clinic"
    brand = load_brand(folder)
    assert brand.publisher == 'My "Own" Clinic: Example'
    assert brand.logo is not None
    assert brand.colours
    assert [note for note in brand.notes if note.severity > Severity.NOTE] == []
    assert json.loads((tmp_path / "source" / "brand.schema.json").read_text("utf-8"))
    if whole:  # how each kind of logo is printed: see the other brands
        assert main([str(SHORT), "--brand", "my-clinic", "--format", "pdf", *HERE]) == OK
        assert (tmp_path / "dist" / "my-clinic" / f"{SHORT.name}.{LANG}.pdf").is_file()
    capsys.readouterr()
    assert main(["new", "brand", "my-clinic"]) == PROBLEMS
    assert "there already" in capsys.readouterr().err


@pytest.mark.usefixtures("here")
def test_every_line_of_a_new_brand_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    logo = EXAMPLES[1] / "logo.svg"
    assert main(["new", "brand", "mine", "--logo", str(logo), "--color", "rebeccapurple"]) == OK
    path = tmp_path / "source" / "brands" / "mine" / BRAND_FILE
    shutil.copy(EXAMPLES[1] / "logo-light.svg", path.with_name("white.svg"))
    shutil.copy(EXAMPLES[1] / "NotoSerif-Bold.ttf", path.with_name("my-typeface-bold.ttf"))
    head, _, body = path.read_text("utf-8").partition("\nmeta:")
    path.write_text("meta:" + re.sub(r"^( *)#", r"\1", body, flags=re.MULTILINE), "utf-8")
    brand = load_brand(path.parent)
    assert [face.use for face in brand.faces] == ["heading"]
    assert brand.file.meta.practitioner[0].credentials
    assert brand.file.meta.link.booking
    assert dict(brand.colours)["band"] == "#663399"
    assert head


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["new", "brand", "My Clinic"], PROBLEMS),
        (["new", "brand", "x", "--color", "blurple"], PROBLEMS),
        (["new", "brand", "x", "--logo", "missing.png"], PROBLEMS),
        (["new", "brand", "all"], PROBLEMS),
        (["new", "neck", "--logo", "x.png"], USAGE),
        (["new", "one", "two"], USAGE),
    ],
)
def test_new_brand_refuses(words: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == code
    assert list(tmp_path.iterdir()) == []


# Deeper changes


def with_layout(tmp_path: Path, name: str, text: str) -> Path:
    folder = tmp_path / "own"
    path = folder / "layouts" / name
    path.parent.mkdir(parents=True)
    (folder / BRAND_FILE).write_text("meta: {name: Harbour Lane Acupuncture}\n", "utf-8")
    path.write_text(text, "utf-8")
    return folder


def test_brands_own_template_extends_ours(tmp_path: Path) -> None:
    own = (
        '{% extends "builtin/print.html" %}{% block letterhead %}<p class="mine">{{ c.clinic.name }}!</p>{% endblock %}'
    )
    product = Product(source_of(SHORT), load_brand(with_layout(tmp_path, "print.html", own)))
    html = printing.print_html(product, printing.first_pages(product))
    assert '<p class="mine">Harbour Lane Acupuncture!</p>' in html
    assert 'class="letterhead' not in html
    assert without_brand(html.replace("Harbour Lane Acupuncture!", "")) == without_brand(
        printing.print_html(Product(source_of(SHORT)), printing.first_pages(product))
    )
    assert pipeline.make(product, ("pdf",))["pdf"].startswith(b"%PDF")


def test_brands_own_styles_come_last(tmp_path: Path) -> None:
    folder = with_layout(tmp_path, "print.css", "h1 { font-size: 40pt; }")
    (folder / "layouts" / "book.css").write_text("h1 { font-size: 3rem; }", "utf-8")
    products = pipeline.make(Product(source_of(SHORT), load_brand(folder)), ("pdf", "epub"))
    (tmp_path / "out.pdf").write_bytes(products["pdf"])
    with pdfplumber.open(tmp_path / "out.pdf") as document:
        assert max(letter["size"] for letter in document.pages[0].chars) == pytest.approx(40, abs=0.1)
    (tmp_path / "out.epub").write_bytes(products["epub"])
    with zipfile.ZipFile(tmp_path / "out.epub") as book:
        assert book.read("EPUB/book.css").decode().rstrip().endswith("h1 { font-size: 3rem; }")


@pytest.mark.parametrize(
    "attempt",
    [
        "{{ c.product.source.folder.write_text('x') }}",
        "{{ c.product.source.folder.parent.joinpath('x').read_text() }}",
        "{{ c.product.source.handout.model_validate_json('{}') }}",
        "{{ h.parse_file('/etc/hostname') }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ c._entry('BL23') }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ c.picture.__globals__ }}",
        "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{% include '../../../../etc/hostname' %}",
        "{{ no_such_name }}",
        "{% if %}",
        "{{ 1 / 0 }}",
        "{{ 'x'.join(1) }}",
        "<br>",
        "<p>Salt & pepper</p>",
        '<!DOCTYPE html [<!ENTITY a "b">]><p>&a;</p>',
    ],
)
def test_template_cannot_reach_out(attempt: str, tmp_path: Path) -> None:
    own = '{% extends "builtin/print.html" %}{% block letterhead %}' + attempt + "{% endblock %}"
    folder = with_layout(tmp_path, "print.html", own)
    product = Product(source_of(SHORT), load_brand(folder))
    with pytest.raises(HandoutError) as caught:
        printing.print_html(product, printing.first_pages(product))
    (problem,) = caught.value.problems
    assert problem.code == "template"
    assert problem.path.is_relative_to(folder)
    assert problem.hint


def test_styles_that_are_no_text(tmp_path: Path) -> None:
    folder = with_layout(tmp_path, "print.css", "")
    (folder / "layouts" / "print.css").write_bytes(b"\xff\xfe h1 {}")
    with pytest.raises(HandoutError, match="UTF-8"):
        pipeline.make(Product(source_of(SHORT), load_brand(folder)), ("pdf",))


@pytest.mark.parametrize("target", ["/etc/hostname", "../../../secret.png", "https://example.com/x.png"])
def test_styles_cannot_reach_out(target: str, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes((ROOT / "tests" / "samples" / "brands" / "pastel" / "logo.png").read_bytes())
    folder = with_layout(tmp_path, "print.css", f"h1 {{ background-image: url({target}); }}")
    with pytest.raises(HandoutError) as caught:
        pipeline.make(Product(source_of(SHORT), load_brand(folder)), ("pdf",))
    assert {problem.code for problem in caught.value.problems} == {"typesetting"}
