"""Numbers, dates and colours out of every scale, names that lead nowhere, and files that ask for too much."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from helpers.places import row, table
from helpers.project import ROOT

from corpus.texts import TEXT, WORDS, Make, png, swapped, text, words

SHARED = ROOT / "source" / "shared" / "en.yaml"
CARD = "{{code: {}, name: {{text: 肾俞, lang: zh-Hans, reading: shèn shū}}}}"
SAFETY = "{type: safety, include: see-a-doctor}"


def shared(old: str, new: str) -> Make:
    """Other shared texts beside a handout that is right."""

    def make(folder: Path) -> None:
        text(TEXT)(folder)
        own = SHARED.read_text("utf-8")
        assert old in own
        path = folder.parent / "shared" / "en.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(own.replace(old, new, 1), "utf-8")

    return make


def places(**cells: str) -> Make:
    """A catalogue with one place, and a handout with this point."""

    def make(folder: Path) -> None:
        text(TEXT.replace(f"{{type: text, text: {WORDS}}}", f"{{type: points, points: [{CARD.format('BL23')}]}}"))(
            folder
        )
        points = folder.parent / "points"
        points.mkdir(exist_ok=True)
        shutil.copy(ROOT / "source" / "points" / "names.csv", points)
        (points / "places.csv").write_text(table(row(**cells)), "utf-8")

    return make


def block(new: str) -> Make:
    return swapped(f"{{type: text, text: {WORDS}}}", new)


def picture(crop: str) -> Make:
    """A part of a picture."""

    def make(folder: Path) -> None:
        block(f"{{type: figure, image: a.png, alt: It, crop: {crop}}}")(folder)
        (folder / "a.png").write_bytes(png(10, 10, b"\0" * 310))

    return make


def landmark(at: str) -> Make:
    """A landmark of the handout's own."""

    def make(folder: Path) -> None:
        text(TEXT)(folder)
        (folder / "points.yaml").write_text(
            f"landmarks: [{{id: sore-knot, term: a knot, at: {{leg-back: [{at}]}}}}]\npoints: []\n", "utf-8"
        )

    return make


def own_point(old: str, new: str) -> Make:
    """A point of the handout's own, with a mistake in it."""
    right = (
        "points: [{code: MY1, words: {en: {label: A spot, where: On the calf., short: calf}}, source: Us, "
        "place: {region: lower-leg, aspect: posterior, home: leg-back, formula: on-line, p: BL40, q: BL57, cun: 3}}]\n"
    )
    assert old in right

    def make(folder: Path) -> None:
        text(TEXT)(folder)
        (folder / "points.yaml").write_text(right.replace(old, new), "utf-8")

    return make


def brand(data: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "_brand.yml").write_text(data, "utf-8")


CASES: dict[str, Make] = {
    "number-base-60": words("!!float 1:1:1:1"),
    "number-hexadecimal": words(f"!!int 0x{'f' * 5000}"),
    "number-infinite": words("!!float .inf"),
    "number-octal": words("!!int 0777"),
    "number-true-of-weeks": block("{type: diary, weeks: true, rows: [a]}"),
    "number-true-of-lines": block("{type: write-in, fields: [{label: a, lines: true}]}"),
    "number-true-of-columns": block("{type: checklist, columns: true, items: [a]}"),
    "number-true-of-pages": text(TEXT + "pages: true\n"),
    "number-true-of-schema": text(TEXT + "schema: true\n"),
    "number-of-8-days-a-week": block("{type: exercise, name: E, steps: [a], days_a_week: [3, 8]}"),
    "number-beyond-choices": block("{type: checklist, columns: 3, items: [a]}"),
    "number-of-a-day-for-weeks": block("{type: diary, weeks: 2026-01-01, rows: [a]}"),
    "number-of-19-digits": block(f"{{type: diary, weeks: {'9' * 19}, rows: [a]}}"),
    "share-nan": picture("[nan, 0, 50, 50]"),
    "share-infinite": picture("[0, 0, inf, 50]"),
    "share-true": picture("[true, 0, 50, 50]"),
    "share-of-three": picture("[0, 0, 50]"),
    "own-point-in-no-figure": own_point("home: leg-back", "home: moon"),
    "own-point-in-many-words": own_point("short: calf", f"short: {'calf ' * 20}"),
    "landmark-nan": landmark("nan, 90"),
    "landmark-true": landmark("10, true"),
    "date-zero": swapped("2026-01-01", "0"),
    "date-in-seconds": swapped("2026-01-01", "1767225600"),
    "date-in-seconds-quoted": swapped("2026-01-01", '"1767225600"'),
    "date-of-year-1": swapped("2026-01-01", "0001-01-01"),
    "date-of-year-9999": swapped("2026-01-01", "9999-12-31"),
    "date-with-time": swapped("2026-01-01", "2026-01-01T00:00:00Z"),
    "date-true": swapped("2026-01-01", "true"),
    "measure-infinite": places(lateral_cun="1e308"),
    "measure-with-a-mark": places(lateral_cun="1_5"),
    "measure-beyond-the-body": places(lateral_cun="76"),
    "caution-without-words": places(cautions="nobody-knows"),
    "id-taken": swapped("id: one", "id: contact"),
    "point-twice-in-a-chart": block("{type: chart, view: back, points: [BL23, BL23], title: T, caption: C}"),
    "point-twice-in-an-overview": block(
        "{type: overview, title: T, caption: C, groups: [{mark: ring, label: a, points: [BL23]},"
        " {mark: thin, label: b, points: [BL23]}]}"
    ),
    "link-in-shared-texts": shared("    heading: ", '    heading: "[x](#one)" #'),
    "label-with-an-unknown-name": shared('"{day} {month} {year}"', '"{day} {moon} {year}"'),
    "label-without-a-name": shared('"{day} {month} {year}"', '"{day} {month}"'),
    "label-with-a-width": shared('"{day} {month} {year}"', '"{day:>999999999} {month} {year}"'),
    "label-with-an-attribute": shared("below {vertebra}", "below {vertebra.__class__}"),
    "label-with-an-open-brace": shared("below {vertebra}", "below {vertebra"),
    "label-with-a-name-of-none": shared("  added: ", '  added: "{name}" #'),
    "press-without-a-reason": shared("Do not press here: {reason}.", "Do not press here."),
    "caution-with-an-unknown-source": shared("    sources: [", "    sources: [nobody-2099, "),
    "safety-with-an-unknown-source": shared("    sources: [umn, ", "    sources: [nobody-2099, "),
    "list-12-deep": words('"- - - - - - - - - - - - twelve"'),
    "list-deep-by-lines": words('"' + "".join(f"{'  ' * n}- a\\n" for n in range(12)) + '"'),
    "many-keys": text(TEXT + "".join(f"k{n}: x\n" for n in range(30_000))),
    "many-unknown-keys": text(TEXT + "".join(f"k{n}: x\n" for n in range(2000))),
    "many-numbers": swapped('["Read it."]', f"[{'1,' * 200_000}]"),
    "many-numbers-below-the-limit": swapped('["Read it."]', f"[{'1,' * 2500}]"),
    "many-items": block(f"{{type: list, items: [{'a,' * 50_000}]}}"),
    "many-strange-characters": words(f'"{"".join(map(chr, range(0x12000, 0x12400)))}"'),
    "many-cards": block(
        f"{{type: points, points: [{CARD.format('BL23')}]}}"
        + "".join(f"\n      - {{type: points, points: [{CARD.format('BL23')}]}}" for _ in range(200))
    ),
    "many-emphases": words(f'"{"a**b" * 20_000}"'),
    "many-emphases-in-a-row": words(f'"{"a**b" * 4000}"'),
    "many-backticks": words(f'"{" ".join("`" * n for n in range(1, 400))}"'),
    "many-brackets": words(f'"{"[" * 19_000}"'),
    "many-blanks": words(f'"a{" " * 100_000}b"'),
    "many-list-marks": words(f'"{"- " * 9_000}"'),
    "many-anchors": text(TEXT + "".join(f"k{n}: &a{n} x\n" for n in range(20_000))),
}
assert SAFETY in TEXT

BRANDS: dict[str, Make] = {
    "brand-number-base-60": brand("meta: {name: !!float 1:1:1:1:1}\n"),
    "brand-number-hexadecimal": brand(f"meta: {{phone: !!int 0x{'f' * 5000}}}\n"),
    "brand-number-long": brand(f"meta: {{address: {'9' * 5000}}}\n"),
    "brand-date-for-a-name": brand("meta: {name: 2026-01-01}\n"),
    "brand-ink-limit": brand("defaults: {handout: {press: {profile: a.icc, condition: C, ink_limit: 1_000_000}}}\n"),
    "brand-ink-limit-true": brand("defaults: {handout: {press: {profile: a.icc, condition: C, ink_limit: true}}}\n"),
    "brand-colour-beyond": brand("color: {primary: 'oklch(1e308 1e308 1e308)'}\n"),
    "brand-colour-endless": brand(f"color: {{primary: 'rgb({'1' * 200_000} 1 1)'}}\n"),
    "brand-room-without-a-unit": brand("defaults: {handout: {space: 45}}\n"),
    "brand-address-of-13-lines": brand(f"meta: {{address: [{'a, ' * 13}]}}\n"),
    "brand-invitation-to-a-section": brand("defaults: {handout: {texts: {en: {invitation: '[x](#nowhere)'}}}}\n"),
    "brand-disclaimer-to-a-section": brand("defaults: {handout: {texts: {en: {disclaimer: '[x](#one)'}}}}\n"),
    "brand-many-keys": brand("defaults: {handout: {" + "".join(f"k{n}: x, " for n in range(2000)) + "}}\n"),
}
