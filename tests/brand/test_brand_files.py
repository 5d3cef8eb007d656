"""Which file is the brand's, and what may stand in it: what users give, and files made for Quarto and Shiny."""

from __future__ import annotations

import shutil
from pathlib import Path

import brand_yml
import pytest
from helpers.project import ROOT
from PIL import Image
from pydantic import ValidationError

from handout_builder.brand.loader import load_brand
from handout_builder.brand.schema import BrandFile
from handout_builder.content.validation import validate
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.orders import brand_folders
from handout_builder.resources import BRAND_FILE

LOGO = ROOT / "source" / "brands" / "harbour-lane" / "logo.svg"


def put(path: Path, text: str = "meta: {name: Mine}") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def told(names: list[str]) -> Problem:
    with pytest.raises(HandoutError) as caught:
        brand_folders(names)
    (problem,) = caught.value.problems
    return problem


# Where it lies


@pytest.mark.parametrize(
    "name", ["_brand.yml", "brand.yml", "_brand.yaml", "brand.yaml", "brand/_brand.yml", "_brand/_brand.yaml"]
)
@pytest.mark.parametrize("by_file", [False, True])
def test_file_is_found_by_each_of_its_names(
    name: str, by_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(Path("clinic", name))
    put(Path("clinic", name).with_name("logo.svg"), LOGO.read_text("utf-8"))
    (folder,) = brand_folders([f"clinic/{name}" if by_file else "clinic"])
    brand = load_brand(folder)
    assert (brand.name, brand.publisher, brand.path) == ("clinic", "Mine", Path("clinic", name))


def test_brands_of_the_source_folder_are_found_by_each_of_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, name in (("one", "brand.yml"), ("two", "brand/_brand.yml"), ("none", "other.yml")):
        put(Path("source/brands", folder, name))
    assert [folder.name for folder in brand_folders(["all"])] == ["one", "two"]


def test_a_path_is_the_users_and_no_shipped_brand_stands_in_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "brands/harbour-lane" / BRAND_FILE, "meta: {name: MY OWN HARBOUR}")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    (folder,) = brand_folders(["../brands/harbour-lane"])
    assert load_brand(folder).publisher == "MY OWN HARBOUR"
    assert told(["../elsewhere/harbour-lane"]).code == "unknown-brand"
    assert told(["brands/harbour-lane"]).code == "unknown-brand"
    assert load_brand(brand_folders(["harbour-lane"])[0]).publisher == "Harbour Lane Acupuncture"
    monkeypatch.chdir(tmp_path / "brands")
    assert load_brand(brand_folders(["harbour-lane"])[0]).publisher == "MY OWN HARBOUR"
    Path("harbour-lane", BRAND_FILE).rename("harbour-lane/mine.yml")
    assert "source/brands/harbour-lane" in told(["harbour-lane"]).hint
    assert "_brand.yaml" in told(["harbour-lane/mine.yml"]).hint


def test_the_working_folder_and_the_one_above_have_their_own_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "clinic" / BRAND_FILE)
    (tmp_path / "clinic/inner").mkdir()
    monkeypatch.chdir(tmp_path / "clinic/inner")
    assert [folder.name for folder in brand_folders([".."])] == ["clinic"]
    monkeypatch.chdir(tmp_path / "clinic")
    assert [folder.name for folder in brand_folders([".", BRAND_FILE])] == ["clinic"]


def test_of_two_files_the_one_that_is_not_taken_is_told(tmp_path: Path) -> None:
    put(tmp_path / BRAND_FILE)
    second = put(tmp_path / "brand.yml", "meta: {name: Other}")
    assert str(tmp_path / BRAND_FILE) in told([str(second)]).message


@pytest.mark.parametrize("other", ["clinic", "CLINIC"])
def test_two_brands_of_one_name_are_an_error(other: str, tmp_path: Path) -> None:
    one, two = put(tmp_path / "a/clinic" / BRAND_FILE).parent, put(tmp_path / "b" / other / BRAND_FILE).parent
    problem = told([str(one), str(two)])
    assert (problem.code, problem.path) == ("same-output", two)
    assert str(one) in problem.message
    assert brand_folders([str(one), str(one / BRAND_FILE)]) == [one]


# What stands in it: examples of the format's own pages and of public files, retyped in short

VALID = {
    "logo-alone": "logo: posit.png",
    "logos-by-size": "logo: {small: logo.svg, medium: logo.svg, large: logo.svg}",
    "logos-of-two-grounds": "logo: {small: logo.svg, medium: {light: logo.svg, dark: white.svg}}",
    "logos-by-name": "logo: {images: {mark: logo.svg, pair: {light: logo.svg, dark: white.svg}}, medium: pair}",
    "logo-from-the-internet": "logo: https://example.com/logo.svg",
    "meta-in-full": """
meta:
  name: {full: Very Big Corporation of Example, short: VBC}
  link: {home: https://www.example.com, mastodon: https://social.example.com/@vbc, github: https://example.com/vbc}
  description: "☃ 𐎀 what no handout prints"
  founded: 1971
  tags: [a, b]
""",
    "meta-links": "meta: {name: Clinic, links: {home: https://www.example.com, other: x}}",
    "address-by-parts": "meta: {name: Clinic, address: {street: 1 Example Street, town: Exampleton}}",
    "colours-of-others": """
color:
  palette: {blue: "#447099", orange: "#EE6331", accent: orange, night: "#041E42"}
  primary: info
  secondary: dark
  info: blue
  dark: night
  light: background
  background: white
  emphasis: accent
""",
    "colours-by-ground": 'color: {palette: {b: "#1B3264"}, primary: {light: b, dark: "#6B9FD4"}, secondary: {dark: b}}',
    "roles-in-the-palette": 'color: {palette: {violet: "#5d4495", primary: violet}}',
    "headings-colour": """
color: {primary: "#87CEEB", danger: red, palette: {red: "#1F6F61"}}
typography: {headings: {color: danger}, monospace-inline: {color: background}, link: {decoration: underline}}
""",
    "fonts": """
typography:
  fonts:
    - {family: Open Sans, source: google, weight: [400, 700], style: [normal, italic], display: block}
    - {family: Roboto Slab, source: bunny, weight: 600..900}
    - {family: Closed Sans, source: file, files: [{path: https://example.com/Closed-Sans-Bold.woff2, weight: bold}]}
    - {family: Noto Sans, source: system}
  base: {family: Closed Sans, size: 0.9rem, line-height: 1.25}
  headings: {family: Roboto Slab, weight: semi-bold}
  monospace: Fira Code
""",
    "parts-left-empty": "meta:\nlogo:\ncolor:\ntypography:\n  fonts:\n  base:\ndefaults:\n",
    "defaults-of-others": "defaults: {bootstrap: {defaults: {navbar-bg: $brand-dark}, rules: 'a {}'}, shiny: {x: 1}}",
    "values-repeated": """
color:
  palette: {blue: &blue "#447099", night: "#041E42"}
  primary: *blue
  secondary: {light: &second "#5d4495", dark: *blue}
typography:
  base: &face {family: Noto Sans, weight: 400}
  headings: {<<: *face, weight: bold, color: *second}
""",
    "another-kind-of-logo": "meta: {name: Clinic}\nlogo: {path: logo.svg}",
}


@pytest.mark.parametrize("name", VALID)
def test_a_file_made_for_others_is_never_refused(name: str, tmp_path: Path) -> None:
    put(tmp_path / "clinic" / BRAND_FILE, VALID[name])
    for logo in ("logo.svg", "white.svg"):
        shutil.copy(LOGO, tmp_path / "clinic" / logo)
    sample = ROOT / "tests" / "samples" / "brands" / "pastel" / "logo.png"
    shutil.copy(sample, tmp_path / "clinic" / "posit.png")
    load_brand(tmp_path / "clinic")


def loaded(tmp_path: Path, text: str) -> BrandFile:
    return validate(read_yaml(put(tmp_path / BRAND_FILE, text), aliases=True), BrandFile, {})


def test_names_of_colours_are_followed(tmp_path: Path) -> None:
    brand = loaded(tmp_path, VALID["colours-of-others"])
    assert (brand.colour("primary"), brand.colour("secondary")) == ("#447099", "#041E42")
    assert loaded(tmp_path, VALID["roles-in-the-palette"]).colour("primary") == "#5d4495"
    assert loaded(tmp_path, VALID["colours-by-ground"]).colour("secondary") == "#1B3264"
    ring = loaded(tmp_path, "color: {palette: {a: b, b: a}, primary: info, info: primary}")
    assert ring.colour("primary") in ("info", "primary")


def test_values_that_yaml_repeats_are_those_that_it_names(tmp_path: Path) -> None:
    brand = loaded(tmp_path, VALID["values-repeated"])
    assert (brand.color.primary, brand.color.secondary) == ("#447099", "#5d4495")
    headings = brand.typography.headings
    assert (headings.family, headings.weight, headings.color) == ("Noto Sans", "bold", "#5d4495")


@pytest.mark.parametrize("key", ["version", "$schema", "x-note"])
def test_the_format_knows_no_other_parts(key: str, tmp_path: Path) -> None:
    """As its own package and Quarto's schema refuse them (``additionalProperties``, ``closed``)."""
    with pytest.raises(HandoutError) as caught:
        loaded(tmp_path, f"{key}: 1")
    assert [problem.code for problem in caught.value.problems] == ["unknown-key"]
    with pytest.raises(ValidationError, match="Extra inputs"):
        brand_yml.Brand.from_yaml_str(f"{key}: 1")


def test_names_that_lead_round_are_no_colour(tmp_path: Path) -> None:
    put(tmp_path / BRAND_FILE, "color: {primary: info, info: primary}")
    with pytest.raises(HandoutError, match="is no colour"):
        load_brand(tmp_path)


def test_colours_that_are_seen_through_are_used_as_on_white(tmp_path: Path) -> None:
    put(
        tmp_path / BRAND_FILE,
        'color: {primary: "#00408080", secondary: "#0af8"}\ntypography: {headings: {color: "#0008"}}',
    )
    brand = load_brand(tmp_path)
    assert dict(brand.colours)["band"] == "#7f9fbf"
    told = [(note.line, note.message) for note in brand.notes if "seen through" in note.message]
    assert told == [
        (1, "#00408080 is seen through: it is used as it looks on white, #7f9fbf"),
        (1, "#0af8 is seen through: it is used as it looks on white, #77d2ff"),
        (2, "#0008 is seen through: it is used as it looks on white, #777777"),
    ]


def test_hours_by_day_keep_their_days(tmp_path: Path) -> None:
    hours = "{Monday: 9-12, Tuesday: [9-12, 14-18], Sunday: closed}"
    lines = ["Monday: 9-12", "Tuesday: 9-12, 14-18", "Sunday: closed"]
    brand = loaded(tmp_path, f"meta: {{hours: {hours}}}\ndefaults: {{handout: {{texts: {{en: {{hours: {hours}}}}}}}}}")
    assert brand.meta.hours == brand.defaults.handout.texts["en"].hours == lines


@pytest.mark.parametrize("hours", ["{Sunday: null}", "{Monday: {from: 9, to: 12}}", "{Monday: [9-12, null]}"])
def test_hours_that_are_no_text_are_not_printed_as_python_has_them(hours: str, tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match="'hours'"):
        loaded(tmp_path, f"meta: {{hours: {hours}}}")


def test_what_a_person_has_more_is_told(tmp_path: Path) -> None:
    put(tmp_path / BRAND_FILE, "meta:\n  name: C\n  practitioner: [{name: A}, {name: B, title: Prof}]\n")
    (note,) = load_brand(tmp_path).notes
    assert (note.code, note.line, note.severity) == ("brand-key", 3, Severity.WARNING)
    assert "'title'" in note.message


SMALL = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z" fill="#063"/></svg>'


def test_a_name_with_a_slash_before_it_begins_in_the_folder(tmp_path: Path) -> None:
    """So Quarto reads it."""
    (tmp_path / "pictures").mkdir()
    put(tmp_path / "pictures" / "logo.svg", SMALL)
    put(tmp_path / BRAND_FILE, "meta: {name: C}\nlogo: {medium: /pictures/logo.svg}")
    assert load_brand(tmp_path).logo is not None
    put(tmp_path / BRAND_FILE, f"meta: {{name: C}}\nlogo: {{medium: {tmp_path.parent / 'logo.svg'}}}")
    put(tmp_path.parent / "logo.svg", SMALL)
    with pytest.raises(HandoutError, match="outside"):
        load_brand(tmp_path)


@pytest.mark.parametrize(("width", "told"), [(300, 1), (120, 0)])
def test_what_is_wrong_with_a_logo_is_told_once(width: int, told: int, tmp_path: Path) -> None:
    """Pages and the book have it in two sizes."""
    Image.new("RGB", (width, width // 3), "#063").save(tmp_path / "logo.png")
    put(tmp_path / BRAND_FILE, "meta: {name: C}\nlogo: {medium: logo.png}\ncolor: {primary: '#123456'}")
    if told:
        assert len(load_brand(tmp_path).notes) == 1
    else:
        with pytest.raises(HandoutError) as caught:
            load_brand(tmp_path)
        assert len(caught.value.problems) == 1


def test_east_asian_words_are_taken_for_those_of_the_clinics_language(tmp_path: Path) -> None:
    texts = "texts: {en: {invitation: Book (予約).}}"
    for lang, hint in (("", "[予約]{lang=zh-Hans}, or"), ("lang: ja, ", "[予約]{lang=ja}")):
        put(tmp_path / BRAND_FILE, f"meta: {{name: C}}\ndefaults: {{handout: {{{lang}{texts}}}}}")
        with pytest.raises(HandoutError) as caught:
            load_brand(tmp_path)
        assert hint in caught.value.problems[0].hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("meta: {name: 1847}", 'write full: "1847"'),
        ('color: "#123456"', 'write primary: "#123456"'),
        ("typography: Arial", "write base: Arial"),
        ("meta: {link: HTTPS://www.example.com}", "write https://www.example.com"),
        ("meta: {link: https://www.example.com/a b}", "an address has no blanks: write %20 for each"),
    ],
)
def test_a_hint_that_is_followed_works(text: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        loaded(tmp_path, text)
    (problem,) = caught.value.problems
    assert problem.hint.split(";")[0] == hint


def test_links_are_read(tmp_path: Path) -> None:
    assert loaded(tmp_path, VALID["meta-links"]).meta.link.home == "https://www.example.com"
    assert loaded(tmp_path, VALID["address-by-parts"]).meta.address == ["1 Example Street", "Exampleton"]


def test_a_logo_without_words_gets_the_folders_name(tmp_path: Path) -> None:
    put(tmp_path / "water-bench" / BRAND_FILE, "logo: {small: logo.svg}")
    shutil.copy(LOGO, tmp_path / "water-bench" / "logo.svg")
    brand = load_brand(tmp_path / "water-bench")
    assert brand.logo is not None
    assert brand.logo.alt == "Water Bench"
    (warning,) = [note for note in brand.notes if note.severity is Severity.WARNING]
    assert "'Water Bench' is read" in warning.message


def test_keys_of_others_are_passed_over_and_misspelt_ones_of_ours_are_told(tmp_path: Path) -> None:
    put(tmp_path / BRAND_FILE, VALID["meta-in-full"])
    assert load_brand(tmp_path).notes == ()
    put(tmp_path / BRAND_FILE, "meta: {adress: Here, e-mail: a@example.com}\ncolor: {primry: blue}")
    hints = [note.hint for note in load_brand(tmp_path).notes]
    assert hints == [f"did you mean '{key}'?" for key in ("address", "email", "primary")]


def test_what_is_not_fetched_is_told_and_our_own_typeface_is_not(tmp_path: Path) -> None:
    put(tmp_path / BRAND_FILE, VALID["fonts"])
    messages = [note.message for note in load_brand(tmp_path).notes]
    assert len(messages) == 2
    assert "https://example.com/Closed-Sans-Bold.woff2" in messages[1]
    put(tmp_path / BRAND_FILE, "typography: {base: Noto Sans, headings: {family: noto sans}}")
    assert load_brand(tmp_path).notes == ()
    put(tmp_path / BRAND_FILE, VALID["logo-from-the-internet"])
    assert [note.severity for note in load_brand(tmp_path).notes] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("defaults: {handout: {press: {profle: x, condition: y}}}", "did you mean 'profile'?"),
        ("defaults: {handout: {texts: {en: {invtation: x}}}}", "did you mean 'invitation'?"),
        ("defaults: {handout: {wordmrak: true}}", "did you mean 'wordmark'?"),
        ("colour: {}", "did you mean 'color'?"),
    ],
)
def test_an_unknown_key_is_told_wherever_it_stands(text: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        loaded(tmp_path, text)
    (problem,) = [problem for problem in caught.value.problems if problem.code == "unknown-key"]
    assert problem.hint == hint
