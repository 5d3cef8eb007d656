"""Looks: a folder with tokens and a few rules makes other pages that are as sound, as legible and as whole."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tinycss2
from coloraide import Color
from conftest import Project
from helpers.once import once
from helpers.page_words import Page, collisions, read
from helpers.project import HERE, brand_of, short_handout, source_of
from judges import epubcheck, verapdf

from handout_builder.builder.checking import check
from handout_builder.builder.fingerprints import Reader
from handout_builder.builder.incremental import build
from handout_builder.cli.main import OK, PROBLEMS, main
from handout_builder.content.loader import load_common, load_made
from handout_builder.editions import EDITIONS
from handout_builder.looks import DEFAULT_LOOK, LOOKS
from handout_builder.orders import Order, choose
from handout_builder.pipeline import make
from handout_builder.render.product import Product
from handout_builder.tokens import Theme, tokens

ROOT = Path(__file__).resolve().parents[2]
SOURCE, LOOK_FOLDER = ROOT / "source", ROOT / "layouts" / "looks"
NAME, LANG = "chronic-back-pain", "en"
BRANDS = (None, SOURCE / "brands" / "harbour-lane", SOURCE / "brands" / "cell-healing")
OTHERS = [look for look in LOOKS.values() if look != DEFAULT_LOOK]
# An edition of each kind of page, each with a letterhead or without.
MADE = {BRANDS[0]: ("a4",), BRANDS[1]: ("letter", "large-print", "leaflet"), BRANDS[2]: ("one-page",)}
FILES = [(brand, edition) for brand, editions in MADE.items() for edition in editions]
# A look is tokens: what they can break of a file is seen in an edition of each kind.
JUDGED = [(BRANDS[0], "a4", "ua1"), (BRANDS[1], "letter", "3a"), (BRANDS[2], "one-page", "ua1")]
MOST_LINES = 60
MM = 72 / 25.4
# WeasyPrint leaves its colour profile to the garbage collector to close.
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014.icc:pytest.PytestUnraisableExceptionWarning")
every_look = pytest.mark.parametrize("look", OTHERS, ids=lambda look: look.name)


def each(*files: tuple[Path | None, str]) -> pytest.MarkDecorator:
    names = [f"{brand.name if brand else 'plain'}-{edition}" for brand, edition in files]
    return pytest.mark.parametrize(("brand", "edition"), files, ids=names)


# Folders


def test_every_folder_is_a_look_and_the_default_has_none() -> None:
    assert [*LOOKS] == ["default", *sorted(path.name for path in LOOK_FOLDER.iterdir())]
    assert len(OTHERS) >= 1
    assert (DEFAULT_LOOK.tokens, DEFAULT_LOOK.css, DEFAULT_LOOK.suffix) == ((), "", "")


@every_look
def test_a_look_is_small_and_sets_tokens_that_there_are(look: Any) -> None:
    files = sorted((LOOK_FOLDER / look.name).iterdir())
    assert {path.name for path in files} <= {"tokens.css", "print.css"}
    assert sum(len(path.read_text("utf-8").splitlines()) for path in files) <= MOST_LINES
    assert dict(look.tokens).keys() <= tokens().keys()
    rules = tinycss2.parse_stylesheet(files[-1].read_text("utf-8"), skip_comments=True, skip_whitespace=True)
    assert [tinycss2.serialize(rule.prelude).strip() for rule in rules] == [":root"]


@every_look
def test_a_looks_name_is_no_editions(look: Any) -> None:
    """Both stand between the language and the ending of a file's name."""
    assert re.fullmatch(r"[a-z][a-z0-9-]*", look.name)
    assert look.name not in EDITIONS


# Which one


def test_the_option_the_text_and_the_default(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(project.folder)
    short_handout(project.top / "source", NAME)
    monkeypatch.chdir(project.top)

    def made(*options: str) -> list[str]:
        assert main([NAME, "--format", "pdf", *HERE, *options]) == OK
        return sorted(path.name for path in (project.top / "dist").glob("*.pdf"))

    plain, compact = f"{NAME}.{LANG}.pdf", f"{NAME}.{LANG}.compact.pdf"
    assert made() == [plain]
    assert made("--look", "compact") == [compact, plain]
    for path in (project.top / "dist").glob("*.pdf"):
        path.unlink()
    project.edit("kicker: Patient information\n", "kicker: Patient information\nlook: compact\n")
    assert made() == [compact]
    assert made("--look", "default") == [compact, plain]


def test_an_unknown_look_is_named(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.top)
    assert main([NAME, "--look", "compct", *HERE]) == PROBLEMS
    assert "compct: unknown-look there is no such look\n    hint: did you mean 'compact'?" in capsys.readouterr().err
    project.edit("kicker: Patient information\n", "kicker: Patient information\nlook: tiny\n")
    assert main(["check", NAME, *HERE]) == PROBLEMS
    assert f"unknown-look there is no look 'tiny'\n    hint: known: {', '.join(LOOKS)}" in capsys.readouterr().err
    assert main([NAME, *HERE]) == PROBLEMS
    assert not (project.top / "dist").exists()


def test_check_lays_the_look_out(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.top)
    seen = []
    monkeypatch.setattr(
        "handout_builder.builder.checking.make", lambda product, *_: seen.append(product.edition.look) or {}
    )
    check(choose([NAME], [], [], [], "ua-1", "compact"))
    assert [look.name for look in seen] == ["compact"]


def test_a_brands_colours_win_over_a_looks() -> None:
    look = LOOKS["compact"]
    brand = brand_of(SOURCE / "brands" / "harbour-lane")
    branded = Product(source_of(SOURCE / NAME), brand, replace(EDITIONS["a4"], look=look))
    plain = replace(branded, brand=None)
    own = dict(brand.colours)
    assert plain.theme.tokens["accent"] == dict(look.tokens)["accent"] != own["accent"]
    assert {name: branded.theme.tokens[name] for name in own} == own
    assert branded.theme.tokens["size-body"] == plain.theme.tokens["size-body"] == "11pt"
    grey = replace(branded, edition=replace(EDITIONS["greyscale"], look=look))
    assert grey.theme.tokens["accent"] == dict(EDITIONS["greyscale"].tokens)["accent"]


# What was built


def key(look: str, edition: str = "a4", kind: str = "pdf") -> str:
    order = Order(SOURCE / NAME, LANG)
    chosen = replace(EDITIONS[edition], look=LOOKS[look])
    return Reader().target(order, chosen, kind, strict=False, proof=False).key  # type: ignore[arg-type]


def test_a_look_is_an_input_and_its_files_are_those_of_its_products_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handout_builder.builder import fingerprints

    shutil.copytree(ROOT / "layouts", tmp_path / "layouts", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprints, "LAYOUTS", tmp_path / "layouts")
    default, compact, large = key("default"), key("compact"), key("compact", "large-print")
    assert len({default, compact, large}) == 3
    path = tmp_path / "layouts" / "looks" / "compact" / "tokens.css"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert key("default") == default
    assert key("compact") != compact
    assert key("compact", "large-print") != large


def test_a_text_that_takes_another_look_is_built_again_and_then_fresh(project: Project) -> None:
    shutil.rmtree(project.folder)
    order = Order(short_handout(project.top / "source", NAME), LANG, None, (EDITIONS["a4"],))
    out = project.top / "dist"
    assert [path.name for path in build([order], out, ("pdf",)).paths] == [f"{NAME}.{LANG}.pdf"]
    project.edit("kicker: Patient information\n", "kicker: Patient information\nlook: compact\n")
    for unchanged in (0, 1):
        again = build([order], out, ("pdf",))
        assert ([path.name for path in again.paths], again.unchanged) == (
            [f"{NAME}.{LANG}.compact.pdf"],
            unchanged,
        )


# The pages

THIRTY = [
    "ST22", "TE6", "PC7", "ST8", "BL10", "ST24", "GB44", "TE1", "ST3", "LR7",
    "ST41", "SI19", "CV2", "GV27", "GV4", "ST4", "LR14", "GV5", "KI23", "LI15",
    "SI18", "LI13", "LR3", "SP1", "BL35", "SP6", "GB38", "ST38", "LR10", "BL44",
]  # fmt: skip


@every_look
def test_a_chart_of_thirty_points_has_room_on_one_page_and_is_legible(look: Any, tmp_path: Path) -> None:
    """Drawings of thirteen views, one of the whole back: what a look sets for its overview would take three pages."""
    chart = {"type": "chart", "view": "auto", "points": THIRTY, "title": "Points", "caption": "No dot is exact."}
    safety = [{"type": "safety", "include": name} for name in ("see-a-doctor", "when-not-to-press")]
    sections = [
        {"id": f"s{number}", "heading": "H", "blocks": blocks} for number, blocks in enumerate(([chart], safety))
    ]
    values = {
        "title": "T",
        "description": "D",
        "revised": date(2026, 11, 29),
        "about": ["whole-body"],
        "sections": sections,
    }
    source = load_made(SOURCE / "thirty", LANG, load_common(SOURCE, LANG), values)
    path = tmp_path / "thirty.pdf"
    path.write_bytes(make(Product(source, edition=replace(EDITIONS["one-page"], look=look)), ("pdf",))["pdf"])
    (page,) = read(path)
    codes = {word.text: word.size for word in page.words if word.text in THIRTY}
    assert set(codes) == set(THIRTY)
    assert min(codes.values()) >= 9


@pytest.fixture(scope="module", params=OTHERS, ids=lambda look: look.name)
def out(run_folder: Path, request: pytest.FixtureRequest) -> tuple[Path, Any]:
    """An edition of each kind in a look."""
    look = request.param
    made = [Order(SOURCE / NAME, LANG, brand, tuple(map(EDITIONS.get, MADE[brand])), look=look) for brand in BRANDS]
    return once(run_folder / f"look-{look.name}", lambda folder: build(made, folder)), look


def file(out: tuple[Path, Any], brand: Path | None, edition: str, kind: str = "pdf") -> Path:
    folder, look = out
    order = Order(SOURCE / NAME, LANG, brand)
    return folder / order.target(replace(EDITIONS[edition], look=look), kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("brand", "edition", "flavour"),
    JUDGED,
    ids=[f"{brand.name if brand else 'plain'}-{edition}-{flavour}" for brand, edition, flavour in JUDGED],
)
def test_a_look_is_an_accessible_archive(out: Any, brand: Path | None, edition: str, flavour: str) -> None:
    assert verapdf.check(file(out, brand, edition), flavour) == []


def test_epubcheck_finds_nothing_in_the_book_of_a_look(out: Any) -> None:
    assert epubcheck.check(file(out, BRANDS[1], "letter", "epub")) == []


def test_a_denser_look_takes_fewer_pages(out: Any, built: SimpleNamespace) -> None:
    fewer = len(read(file(out, None, "a4"))) < len(read(built.pdf))
    assert fewer or out[1].name != "compact"  # others may be airy


@each((BRANDS[2], "one-page"), (BRANDS[1], "leaflet"))
def test_the_short_forms_fit(out: Any, brand: Path | None, edition: str) -> None:
    assert len(read(file(out, brand, edition))) == {"one-page": 1, "leaflet": 2}[edition]


@each(*FILES)
def test_words_stand_apart_and_off_the_edges(out: Any, brand: Path | None, edition: str) -> None:
    for page in read(file(out, brand, edition)):
        assert collisions(page) == []
        for word in page.words:
            if word.size > 6.5:  # the line for those who print a sheet
                assert 4.5 * MM < word.x < word.end < page.width - 4.5 * MM, word


def sizes(pages: tuple[Page, ...]) -> list[float]:
    return sorted(word.size for page in pages for word in page.words)


@each(*((brand, edition) for brand, edition in FILES if edition in ("a4", "letter", "large-print")))
def test_type_is_large_enough(out: Any, brand: Path | None, edition: str) -> None:
    found = sizes(read(file(out, brand, edition)))
    least, text = (15.9, 18) if edition == "large-print" else (9, 11)
    assert found[0] >= least
    assert found[len(found) // 2] >= text, "most words are text"


@every_look
def test_colours_keep_their_contrast(look: Any) -> None:
    """WCAG 2.2, 1.4.3 and 1.4.11; luminance is what a grey print keeps, too."""
    values = Theme(own=look.tokens).tokens
    for ground in ("paper", "accent-wash", "warn-wash"):
        for name in ("ink", "ink2", "accent", "warn"):
            assert contrast(values[name], values[ground]) >= 4.5, (name, ground)
    for name in ("line2", "dot", "dot-mid", "leader"):
        assert contrast(values[name], values["paper"]) >= 3, name
    hue = Color(values["warn"]).convert("oklch")["h"]
    for name in ("dot", "dot-mid"):
        assert contrast(values[name], values["skin-light"]) >= 4.5, name
        assert abs((Color(values[name]).convert("oklch")["h"] - hue + 180) % 360 - 180) > 40, f"{name} warns"
    assert contrast(values["on-band"], values["band"]) >= 4.5


def contrast(one: str, other: str) -> float:
    return Color(one).contrast(Color(other), method="wcag21")


@every_look
def test_rules_keep_their_rank(look: Any) -> None:
    theme = Theme(own=look.tokens)
    ranks = [theme.measure(f"rule-{rank}") for rank in ("emergency", "doctor", "stop", "head")]
    assert all(thick >= 1.5 * thin for thick, thin in pairwise(ranks))


def test_the_words_are_the_same_in_every_look(out: Any, built: SimpleNamespace) -> None:
    """Letter by letter, but for names beside the points of a chart, which a look may leave to the table."""
    after = "".join(word.text for page in read(file(out, None, "a4")) for word in page.words)
    missing = {word.text for page in read(built.pdf) for word in page.words if word.text not in after}
    assert missing <= {"2)"}, "the page of a section is another one"


# The documents


def test_every_token_is_explained() -> None:
    text = (ROOT / "docs" / "looks.md").read_text("utf-8")
    told = set(re.findall(r"`([a-z0-9-]+)`", text))
    tones = {f"skin-{tone}-{shade}" for tone in ("light", "medium", "dark") for shade in ("shade", "deep")}
    assert tokens().keys() - told - tones == set()


def test_no_token_is_declared_twice() -> None:
    names = re.findall(r"--([a-z0-9-]+):", (ROOT / "layouts" / "tokens.css").read_text("utf-8"))
    assert len(names) == len(set(names))
