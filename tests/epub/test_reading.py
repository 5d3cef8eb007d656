"""The book in two real reading systems, from a phone to a wide screen, in letters of up to 300 %: nothing is lost."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from helpers.project import ROOT
from judges import reader
from lxml import etree
from PIL import Image

from handout_builder.builder.incremental import build
from handout_builder.orders import Order

LEAST = 11.0
"""Of the letters in charts on the narrowest phone, in px."""
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LINK = "https://www.example.com/a-very-long-address/of-a-page-that-nobody/can-remember-or-type?and=more#of-it"

HANDOUT = f"""
title: Nackenverspannungsbehandlungsmöglichkeiten, {WORD[:42]}
subtitle: A subtitle with [肩井]{{lang=zh-Hant}} in it
kicker: Patient information for {WORD}
description: Everything that is hard to fit into a narrow page.
author: Dr Example-Long-Name van der Beispielhausen-Musterfrau
revised: 2026-11-28
rights: CC BY-SA 4.0, {WORD}
summary: ["{WORD} first.", "See [the points](#points)."]
sections:
  - id: words
    heading: "{WORD}: how it is"
    blocks:
      - {{type: text, text: "{LINK} and [a link]({LINK}) and {WORD}."}}
      - {{type: list, items: ["{WORD} one", two], numbered: true}}
      - {{type: definitions, items: [{{term: "{WORD}", text: "It is {WORD}."}}]}}
      - {{type: figure, image: wide.png, alt: A wide picture, caption: "{WORD}"}}
      - {{type: figure, image: high.png, alt: A high picture}}
      - {{type: video, text: "A film:", link: "{LINK}"}}
      - type: table
        columns: [At work, At home, At night]
        rows: [[Screen too low, Phone in the lap, Sleeping on the belly], [No breaks, "{WORD[:24]}", Two pillows]]
      - type: table
        row_heads: true
        columns: [Point, {{head: Seconds, align: right}}, {{head: Times a day, align: right}}, Pressure, Days, Side]
        rows: [[GB20, "30", "2", medium, "14", both]]
      - {{type: diary, rows: [BL23, "{WORD[:30]}"], weeks: 1}}
      - type: exercise
        name: Chin tuck
        picture: {{image: wide.png, alt: A picture, side: left}}
        steps: [Sit upright., Pull your chin back.]
      - type: columns
        lists:
          - {{heading: Do, items: [Walk., "{WORD[:40]}"]}}
          - {{heading: Do not, items: [Sit for hours.]}}
      - {{type: safety, include: when-not-to-press}}
  - id: points
    heading: The points
    starts_page: true
    blocks:
      - type: points
        points:
          - {{code: BL23, name: {{text: 肾俞, lang: zh-Hans, reading: shèn yù}}, use: "{WORD}"}}
          - {{code: GB34, name: {{text: 陽陵泉, lang: ja, reading: ようりょうせん, reading_lang: ja}}}}
          - code: EX-B2
            name: {{text: 華佗夾脊穴與背部諸穴, lang: zh-Hant, reading: Huàtuó jiájǐ xué yǔ bèibù zhū xué}}
      - type: chart
        view: back
        points: [BL11, BL12, BL13, BL14, BL15, BL17, BL18, BL19, BL20, BL21, BL22, BL23, BL24, BL25, GV3, GV4]
        title: Many points
        caption: "{WORD}"
      - type: overview
        title: All of them
        caption: In few words
        groups:
          - {{mark: ring, label: "in {WORD[:24]}", points: [BL40, BL60, KI3, GB34, EX-B2]}}
"""


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with all that is hard to fit, in a brand."""
    top = tmp_path_factory.mktemp("hard")
    folder = top / "source" / "hard"
    folder.mkdir(parents=True)
    (folder / "en.yaml").write_text(HANDOUT, "utf-8")
    Image.new("RGB", (3000, 200), "#888888").save(folder / "wide.png")
    Image.new("RGB", (300, 3000), "#888888").save(folder / "high.png")
    brand = ROOT / "source" / "brands" / "harbour-lane"
    (path,) = (p for p in build([Order(folder, "en", brand)], top / "out", jobs=1).paths if p.suffix == ".epub")
    return path


def letters(book: Path) -> list[list[float]]:
    """Return the heights of the letters in the charts of a book, as shares of the width, in reading order."""
    shares = []
    with zipfile.ZipFile(book) as archive:
        for name in sorted(name for name in archive.namelist() if name.endswith(".xhtml")):
            for image in etree.fromstring(archive.read(name)).iter("{*}img"):
                if (image.get("class") or "").startswith("chart"):
                    svg = etree.fromstring(archive.read(f"EPUB/{image.get('src')}"))
                    runs = map(str, svg.xpath("//*[local-name()='path']/@transform"))
                    scales = [float(run.partition("scale(")[2].split()[0]) for run in runs]
                    assert scales
                    shares.append([1000 * scale / float(svg.get("viewBox").split()[2]) for scale in scales])
    return shares


@pytest.mark.tools("chromium")
@pytest.mark.parametrize(("name", "widths"), [("hard", ()), ("first", (320, 1200))])
def test_nothing_overflows_or_overprints(name: str, widths: tuple[int, ...], request: pytest.FixtureRequest) -> None:
    """At 320 to 1200 px, 100 to 300 %, with WCAG's text spacing, without our styles, and on a dark ground.

    What is hard to fit is looked at in all widths, the first handout in the narrowest and in the widest.
    """
    book = request.getfixturevalue("hard") if name == "hard" else request.getfixturevalue("built").epub
    found = reader.reflow(book, widths=widths)
    (looked,) = (line["looked"] for line in found if "looked" in line)
    assert looked > 300
    assert [line for line in found if "what" in line][:20] == []
    shares = letters(book)
    for system in ("foliate-js", "epub.js"):
        charts = [
            line["shown"]
            for line in found
            if "shown" in line and (line["reader"], line["book"], line["width"]) == (system, str(book), 320)
        ]
        assert len(charts) == len(shares) > 3
        for shown, own in zip(charts, shares, strict=True):
            assert min(own) * shown >= LEAST


FAULTS = {
    "wider than its page": "<table><tr>" + "<td>unbreakable</td>" * 9 + "</tr></table>",
    "are printed on each other": '<p style="margin-bottom: -1.5em">One line.</p><p>Another line.</p>',
    "is printed on": '<p><img src="cover.png" alt="A" style="height: 9em; margin-bottom: -3em"/></p><p>Hi.</p>',
    "stands alone at the end of its page": '<p style="height: 440px">Text</p><h3 style="break-after: auto">Head</h3>'
    '<p style="break-inside: avoid; height: 200px">Text</p>'
    '<p class="see" style="break-before: column"><a href="#x">Go</a></p>',
    "is blank": '<div style="border-top: 1px solid; padding-top: 1em">'
    '<span id="page" role="doc-pagebreak" style="position: static"></span>'
    '<h2 style="break-after: avoid; height: 9em">Head</h2>'
    '<p style="break-inside: avoid; height: 500px">Text</p></div>'
    '<p style="break-before: column; height: 480px">Text</p>'
    '<h3 style="break-inside: auto; break-after: auto; orphans: 1; widows: 1; width: 5em">One two three four five</h3>',
}
# Others in the same documents.
BESIDE = {
    "stands alone at the end of its page": ("stands alone on its page",),
    "is blank": ("is divided between pages", "'page' is not on the page of what follows it"),
}


@pytest.mark.tools("chromium")
def test_planted_faults_are_found(tmp_path: Path, built: Any) -> None:
    """A table wider than a phone, words on words and on a picture, a heading in two, a blank page before a section."""
    bad = tmp_path / "bad.epub"
    with zipfile.ZipFile(built.epub) as good, zipfile.ZipFile(bad, "w") as book:
        bodies = {f"EPUB/chapter-{number}.xhtml": body for number, body in enumerate(FAULTS.values(), 1)}
        for name in good.namelist():
            data = good.read(name)
            if name in bodies:
                data = data.partition(b"<body")[0] + f"<body>{bodies[name]}</body></html>".encode()
            book.writestr(name, data)
    found = reader.reflow(bad, widths=(360,))
    first = 3  # after cover, title page and contents
    for number, message in enumerate(FAULTS):
        for name in ("foliate-js", "epub.js"):
            lines = [line for line in found if line.get("reader") == name and line["document"] == first + number]
            for told in (message, *BESIDE.get(message, ())):
                assert any(told in line.get("what", "") for line in lines), (told, name)
