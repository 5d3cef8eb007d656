"""The guard rails for a clinic's colours: whatever is given, what is printed can be read and warns of nothing."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from handout_builder.colour import palette
from handout_builder.tokens import Theme, tokens

PAPER, INK, INK2, WARN = (tokens()[name] for name in ("paper", "ink", "ink2", "warn"))
CORNERS = [f"#{r}{g}{b}" for r in ("00", "ff") for g in ("00", "ff") for b in ("00", "ff")]
GIVEN = ["#0b2545", "#e8a598", "#ffd400", "#3fa7a0", "#39ff14", "#ff2bd6", "#ff7a00", "#7a1f2b", "#9c1b1f", "#808080"]
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
seconds = st.one_of(st.none(), colours)


def corners(test: object) -> object:
    for colour in [*CORNERS, *GIVEN]:
        test = example(primary=colour, secondary=None)(test)  # type: ignore[assignment,arg-type]
        test = example(primary=GIVEN[0], secondary=colour)(test)  # type: ignore[assignment,arg-type]
    return test


# Formulas of their own: WCAG 2.2 for contrast, Björn Ottosson's for OKLCH, Rec. 601 for grey.


def parts(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def linear(colour: str) -> list[float]:
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts(colour)]


def contrast(colour: str, other: str) -> float:
    lights = sorted(
        sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True)) for x in (colour, other)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def grey(colour: str) -> str:
    red, green, blue = parts(colour)
    return "#" + f"{round((0.3 * red + 0.59 * green + 0.11 * blue) * 255):02x}" * 3


def oklab(colour: str) -> tuple[float, float, float]:
    r, g, b = linear(colour)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    middle = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def chroma_and_hue(colour: str) -> tuple[float, float]:
    _, a, b = oklab(colour)
    return math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def apart(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)


@settings(max_examples=100, deadline=None)
@corners
@given(primary=colours, secondary=seconds)
def test_text_is_legible_on_paper_and_tint_in_colour_and_in_grey(primary: str, secondary: str | None) -> None:
    own = palette.derive(primary, secondary).tokens
    wash = own["accent-wash"]
    for name, least in (("accent", 7), ("dot-code", 7), ("accent-head", 4.5)):
        for ground in (PAPER, wash) if least == 7 else (PAPER,):
            assert contrast(own[name], ground) >= least - 0.01, name
            assert contrast(grey(own[name]), grey(ground)) >= 4.5, name
    assert contrast(own["dot"], PAPER) >= 3
    assert contrast(own["dot"], tokens()["skin-light"]) >= 3
    assert contrast(own["dot-mid"], PAPER) >= 7
    assert contrast(own["on-band"], own["band"]) >= 4.5
    assert contrast(INK, wash) >= 7
    assert contrast(INK2, wash) >= 4.5


@settings(max_examples=100, deadline=None)
@corners
@given(primary=colours, secondary=seconds)
def test_a_colour_that_has_what_its_use_needs_is_printed_exactly(primary: str, secondary: str | None) -> None:
    own = palette.derive(primary, secondary).tokens
    chroma, hue = chroma_and_hue(primary)
    red = apart(hue, chroma_and_hue(WARN)[1]) < 41 and chroma > 0.039
    if red or math.dist(oklab(primary), oklab(WARN)) < 0.122:
        return
    needs = [("accent-rule", contrast(primary, PAPER) >= 3.01)]
    legible = all(contrast(grey(primary), grey(ground)) >= 4.51 for ground in (PAPER, own["accent-wash"]))
    needs.append(("accent-head", legible and contrast(primary, PAPER) >= 4.51))
    needs.append(("dot", legible and contrast(primary, PAPER) >= 4.51))
    needs.append(("accent", legible and contrast(primary, own["accent-wash"]) >= 7.01))
    for name, passes in needs:
        assert own[name] == primary or not passes, name
        if own[name] not in (primary, INK):  # moved, and no farther than needed: over 7:1 on the tint is 8:1 on paper
            assert contrast(own[name], PAPER) < {"accent-rule": 3.15, "accent": 9.6}.get(name, 5.6), name


@pytest.mark.parametrize(
    ("primary", "head", "label"),
    [
        ("#005eb8", "#005eb8", "blue"),  # NHS
        ("#12656b", "#12656b", "blue"),
        ("#447099", "#447099", "blue"),  # Posit
        ("#0672cb", "#0672cb", "blue"),
        ("#1b3264", "#1b3264", "blue"),
        ("#3fa7a0", "darker", INK),
        ("#9370db", "darker", "purple"),
        ("#87ceeb", INK, INK),
        ("#ffd400", INK, INK),  # not olive
        ("#ffb81c", INK, INK),
        ("#b8860b", INK, INK),
        ("#ed8b00", INK, INK),  # not brown
        ("#ff7a00", INK, INK),
        ("#39ff14", INK, INK),
        ("#e8a598", INK, INK),
        ("#e60012", INK, INK),  # not the red of warnings, nor what is left of it
        ("#800000", INK, INK),
        ("#808080", "darker", "grey"),
    ],
)
def test_a_colour_keeps_its_name_or_gives_way_to_ink(primary: str, head: str, label: str) -> None:
    own = palette.derive(primary).tokens
    assert own["band"] == primary
    if head == "darker":
        assert own["accent-head"] not in (primary, INK)
    else:
        assert own["accent-head"] == head
    assert (own["accent"] == INK) is (label == INK)
    if label == INK:
        (remark,) = palette.derive(primary).remarks
        assert primary in remark
        assert INK in remark


@pytest.mark.parametrize(
    ("primary", "rule", "mark"),
    [
        ("#ffd400", "#ffd400", INK),  # no shade of yellow is seen on skin
        ("#e8a598", "#e8a598", INK),
        ("#ff7a00", "orange", "orange"),
        ("#87ceeb", "blue", "blue"),
        ("#e60012", INK, INK),
        ("#fffff8", INK, INK),
    ],
)
def test_the_colour_stays_in_rules_and_marks_where_text_cannot_have_it(primary: str, rule: str, mark: str) -> None:
    own = palette.derive(primary).tokens
    for name, wanted in (("accent-rule", rule), ("dot", mark)):
        if wanted.startswith("#"):
            assert own[name] == wanted
        else:
            assert own[name] != INK
            assert apart(chroma_and_hue(own[name])[1], chroma_and_hue(primary)[1]) < 9


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("#08312a", "#08312a"),
        ("#447099", "#447099"),
        ("#5aa9e6", "#2a7cb7"),
        ("#e18600", INK),
        ("#9c1b1f", INK),
        ("#87ceeb", INK),
    ],
)
def test_colour_of_headings_is_honoured_within_the_same_rules(wanted: str, found: str) -> None:
    shade, remark = palette.heading(wanted)
    assert shade == found
    assert (wanted in remark and found in remark) is (wanted != found)


@settings(max_examples=100, deadline=None)
@corners
@given(primary=colours, secondary=seconds)
def test_rules_of_the_book_are_seen_on_every_screen(primary: str, secondary: str | None) -> None:
    rule = palette.derive(primary, secondary).tokens["rule-book"]
    for ground in ("#ffffff", "#f4ecd8", "#121212", "#000000"):
        assert contrast(rule, ground) >= 3, ground
    # They never outshine the rule of the doctor's box, and reds are none.
    (chroma, hue), (doctor, warning) = chroma_and_hue(rule), chroma_and_hue(tokens()["warn-book"])
    assert chroma < doctor
    assert chroma < 0.05 or apart(hue, warning) > 30


@settings(max_examples=100, deadline=None)
@corners
@given(primary=colours, secondary=seconds)
def test_hue_is_kept_and_the_given_colour_is_the_band(primary: str, secondary: str | None) -> None:
    own = palette.derive(primary, secondary).tokens
    assert own["band"] == primary
    for name in ("accent", "accent-head", "accent-rule", "dot", "rule-book"):
        (given_chroma, hue), (chroma, found) = chroma_and_hue(primary), chroma_and_hue(own[name])
        if chroma > 0.05 and given_chroma > 0.05:  # 8 bits a channel turn the hue of a greyish colour
            assert apart(hue, found) < 9, name
    assert chroma_and_hue(own["accent-wash"])[0] < 0.02


@settings(max_examples=150, deadline=None)
@corners
@given(primary=colours, secondary=seconds)
def test_nothing_looks_like_a_warning(primary: str, secondary: str | None) -> None:
    own = palette.derive(primary, secondary).tokens
    for name in ("accent", "accent-head", "accent-rule", "dot", "dot-code", "dot-mid"):
        assert math.dist(oklab(own[name]), oklab(WARN)) >= 0.118, name
    chroma, hue = chroma_and_hue(primary)
    if apart(hue, chroma_and_hue(WARN)[1]) < 39 and chroma > 0.045:
        assert contrast(own["accent"], PAPER) >= 9.9
        assert chroma_and_hue(own["accent"])[0] < 0.07
        assert own["accent-head"] == own["accent"]


@pytest.mark.parametrize("name", ["dot", "dot-code", "dot-mid", "accent", "accent-head"])
def test_in_the_default_look_red_is_for_warnings_alone(name: str) -> None:
    colour = Theme().tokens[name]
    assert math.dist(oklab(colour), oklab(WARN)) >= 0.118
    assert apart(chroma_and_hue(colour)[1], chroma_and_hue(WARN)[1]) > 40
    assert contrast(colour, PAPER) >= 4.5


@settings(max_examples=100, deadline=None)
@corners
@given(primary=colours, secondary=seconds)
def test_what_was_changed_is_said_and_nothing_else(primary: str, secondary: str | None) -> None:
    derived = palette.derive(primary, secondary)
    own = derived.tokens
    about = " ".join(derived.remarks)
    assert (own["accent"] != primary) == (own["accent"] in about and primary in about)
    assert own["accent"] != primary or "primary" not in about
    if own["dot-mid"] not in (secondary, INK2):
        assert own["dot-mid"] in about
    assert all("\n" not in remark and len(remark) < 180 for remark in derived.remarks)


@settings(max_examples=100, deadline=None)
@given(primary=colours, secondary=seconds)
def test_checks_tell_the_truth(primary: str, secondary: str | None) -> None:
    checks = palette.derive(primary, secondary).checks
    assert len(checks) >= 12
    for check in checks:
        pair = (check.colour, check.on)
        measured = contrast(*map(grey, pair)) if "grey" in check.ground else contrast(*pair)
        # Half a step of grey may be rounded up or down.
        assert check.ratio == pytest.approx(measured, abs=0.01, rel=0.02 if "grey" in check.ground else 0)
        assert check.ratio >= check.floor - 0.005, check


def test_what_is_dark_enough_stays_as_it_is() -> None:
    for colour in ("#0b2545", "#663399", "#000000", "#1b5466"):
        derived = palette.derive(colour)
        assert (derived.tokens["accent"], derived.remarks) == (colour, ())


@pytest.mark.parametrize(
    ("primary", "letterhead"),
    [
        ("#0b2545", "band"),
        ("#000000", "band"),
        ("#663399", "band"),
        ("#ffd400", "wash"),
        ("#e8a598", "wash"),
        ("#ff7a00", "wash"),
        ("#ffffff", "line"),
        ("#fffef5", "line"),
    ],
)
def test_letterhead_suits_the_colour(primary: str, letterhead: str) -> None:
    assert palette.derive(primary).letterhead == letterhead


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#1b5466", "#1b5466"),
        ("#ABC", "#aabbcc"),
        ("rebeccapurple", "#663399"),
        ("rgb(27 84 102)", "#1b5466"),
        ("hsl(120 100% 50%)", "#00ff00"),
        ("blurple", None),
        ("", None),
        ("rgb(0 0 0 / 50%)", None),
        ("transparent", None),
        ("url(x)", None),
        ("#1b5466; } body { display: none", None),
        ("var(--ink)", None),
    ],
)
def test_colours_are_those_of_css(text: str, colour: str | None) -> None:
    assert palette.parse(text) == colour


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#0000ff80", "#7f7fff"),
        ("#abc8", "#d2dbe4"),
        ("rgb(0 0 0 / 50%)", "#808080"),
        ("oklch(62% 0.2 29deg / 0.5)", "#f2a29b"),
        ("#1b5466", None),
        ("#1b546600", None),
        ("transparent", None),
        ("blurple", None),
        ("rgb(1e9 0 0 / 50%)", None),
    ],
)
def test_colours_that_are_seen_through_are_what_they_look_like_on_white(text: str, colour: str | None) -> None:
    assert palette.on_white(text) == colour


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_colour_or_none(text: str) -> None:
    found = palette.parse(text)
    assert found is None or (len(found) == 7 and found[0] == "#" and int(found[1:], 16) >= 0)


def test_colours_beyond_the_screen_are_brought_back() -> None:
    found = palette.parse("color(display-p3 0 1 0)")
    assert found is not None
    assert parts(found)[1] > 0.9


# Colours of a logo


def drawing(*shapes: tuple[str, tuple[int, int, int, int]], size: tuple[int, int] = (400, 160)) -> Image.Image:
    large = Image.new("RGB", (size[0] * 2, size[1] * 2), "#ffffff")
    for colour, box in shapes:
        ImageDraw.Draw(large).ellipse([2 * edge for edge in box], fill=colour)
    return large.resize(size, Image.Resampling.LANCZOS)  # with soft edges


def near(colour: str | None, other: str) -> bool:
    return colour is not None and math.dist(oklab(colour), oklab(other)) < 0.06


def test_one_colour() -> None:
    primary, second = palette.propose(drawing(("#0b2545", (10, 10, 150, 150))))
    assert near(primary, "#0b2545")
    assert second is None


def test_two_colours_the_larger_one_first() -> None:
    found = palette.propose(drawing(("#12656b", (10, 10, 200, 150)), ("#e0a458", (220, 50, 290, 120))))
    assert near(found[0], "#12656b")
    assert near(found[1], "#e0a458")


def test_black_letters_with_a_spot_of_colour() -> None:
    found = palette.propose(drawing(("#000000", (10, 60, 390, 100)), ("#ff2bd6", (10, 10, 90, 55))))
    assert near(found[0], "#ff2bd6")


def test_black_alone() -> None:
    primary, second = palette.propose(drawing(("#000000", (10, 10, 390, 150))))
    assert near(primary, "#000000")
    assert second is None


def test_one_pixel() -> None:
    assert palette.propose(Image.new("RGB", (1, 1), "#663399")) == ("#663399", None)


def test_photograph() -> None:
    noise = random.Random(1)
    picture = Image.frombytes("RGB", (60, 60), bytes(noise.randrange(256) for _ in range(60 * 60 * 3)))
    assert palette.propose(picture) == palette.propose(picture)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_blank(mode: str) -> None:
    assert palette.propose(Image.new(mode, (50, 50), "#ffffff")) is None
    assert palette.propose(Image.new("RGBA", (50, 50), (0, 0, 0, 0))) is None


def test_thin_letters_keep_their_own_colour() -> None:
    """A wordmark 3000 px wide, whose letters are mixed with the white round them in any smaller picture."""
    word = Image.new("RGBA", (3000, 170), (0, 200, 83, 0))
    for x in range(20, 2980, 40):
        word.paste((0, 200, 83, 255), (x, 10, x + 12, 160))
        word.paste((0, 200, 83, 120), (x + 12, 10, x + 13, 160))
    assert palette.propose(word) == ("#00c853", None)
    on_white = Image.new("RGBA", word.size, "#ffffff")
    on_white.alpha_composite(word)
    assert palette.propose(on_white.convert("RGB")) == ("#00c853", None)
