"""What a brand's style sheet makes of the handout's words can be read as they were written, or it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from handout_builder.engine.session import File, Page, session
from handout_builder.pdf import legibility
from handout_builder.pdf.layout_faults import look

HTML = (
    '<html><head></head><body><div class="foot">Title: not reviewed</div><p class="letterhead">A Clinic</p>'
    '<h1>Title</h1><section class="section"><h2>One</h2><p>Press slowly.</p>'
    '<svg class="crop" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    "</section></body></html>"
)
BASE = (
    "@page { size: 100mm 100mm; margin: 10mm; @bottom-left { content: element(foot) } }"
    " .foot { position: running(foot) } "
    "html, body, div, section, h1, h2, p { display: block } body { font-size: 11pt }"
    " .crop { width: 30mm; height: 30mm }"
)
UNREAD = {
    "white": ("p { color: #fff }", "is hardly seen"),
    "nearly transparent": ("p { color: rgba(0, 0, 0, 0.02) }", "is hardly seen"),
    "on a ground of its colour": ("section { background: #123456; color: #12345a }", "is hardly seen"),
    "too small": ("section p { font-size: 1pt }", "1.0 pt"),
    "too small to be read": ("section p { font-size: 5.5pt }", "5.5 pt"),
    "paper for nobody": ("@page { size: 900mm 900mm }", "the largest paper"),
    "a drawing of nothing": (".crop { width: 2mm; height: 2mm }", "less than 25 mm"),
    "a drawing that is made small": (".crop { transform: scale(.1) }", "is turned"),
    "a drawing that is moved away": (".crop { transform: translate(300mm, 0) }", "is turned"),
    "a drawing that is moved in its frame": (".crop { object-position: 500mm 0 }", "moved in its frame"),
    "a drawing that is nearly clear": (".crop { opacity: 0.02 }", "is hardly seen"),
    "a frame over all": (
        "body::after { content: ''; position: fixed; left: 0; top: 0; border: 60mm solid #fff }",
        "lies over it",
    ),
    "an outline over all": ("h2 { outline: 60mm solid #fff; outline-offset: -30mm }", "lies over it"),
    "a drawing below a cover": (
        "body::after { content: ''; position: fixed; left: 0; bottom: 0; width: 90mm; height: 50mm; background: #fff }",
        "lies over it",
    ),
    "on a gradient of its colour": ("section { background: linear-gradient(#fff, #222) }", "is hardly seen"),
    "below a thick line": ("p { text-decoration: underline 9mm #333 }", "a line is drawn over it"),
    "a line through it": ("p { text-decoration: underline #333; text-underline-offset: -3mm }", "a line is drawn"),
    "letters as small as figures that are raised": ("p { font-feature-settings: 'sups' 1 }", "are raised or lowered"),
    "letters that are lowered": ("p { font-variant-position: sub }", "are raised or lowered"),
    "upside down": ("section { transform: rotate(180deg) }", "is turned"),
    "all of it": ("body { transform: scale(0.01) }", "is turned"),
    "words on each other": ("p { word-spacing: -2em }", "stand on each other"),
    "letters on each other": ("p { letter-spacing: -0.5em }", "stand on each other"),
    "struck out": ("p { text-decoration: line-through }", "is struck out"),
    "words that nobody wrote": ("section p::after { content: ' (not)' }", "no part of the text"),
    "numbers that nobody wrote": ("section p::before { content: '5-10' }", "no part of the text"),
    "a title in the foot alone": ("h1 { display: none }", "cannot be read on any page"),
    "a white title": ("h1 { color: #fff }", "is hardly seen"),
    "a white foot": (".foot { color: #fff }", "is hardly seen"),
    "a tiny foot": (".foot { font-size: 2pt }", "2.0 pt"),
    "covered": (
        "body::before { content: ''; position: absolute; width: 90mm; height: 90mm; background: #fff }",
        "lies over it",
    ),
    "covered on each page": (
        "body::after { content: ''; position: fixed; left: 0; top: 0; width: 90mm; height: 90mm; background: #fff }",
        "lies over it",
    ),
}
READ = {
    "as it is": "",
    "light on dark": "section { background: #123456; color: #fff }",
    "the clinic's own words": (
        ".letterhead { transform: rotate(-90deg); color: #eee } .letterhead::after { content: ' 9' }"
    ),
    "what lies below": (
        "body::before { content: ''; position: absolute; z-index: -1; width: 90mm; height: 90mm; background: #eef }"
    ),
    "what is nearly clear": (
        "body::before { content: ''; position: absolute; width: 90mm; height: 90mm; background: rgba(0, 0, 99, 0.1) }"
    ),
    "underlined": "p { text-decoration: underline 0.3mm #333; text-underline-offset: 0.2em }",
    "a light gradient": "section { background: linear-gradient(#fff, #eef7f7) }",
    "a frame around it": "section { position: relative; border: 1mm solid #333; outline: 0.3mm solid #333 }",
    "old figures": "p { font-feature-settings: 'onum' 1 }",
    "dashes and numbers of lists": "section p::before { content: '— ' } h2::before { content: '1. ' }",
}


def faults(css: str, folder: Path) -> list[str]:
    def fetch(url: str) -> File:
        raise ValueError(url)

    with session() as engine:
        page = Page(HTML, BASE, folder, folder, fetch, own=css)
        document = engine.lay_out(page)
        return [*legibility.faults(document, page.root, look(document, flowing=False)[1])]


@pytest.mark.parametrize(("css", "why"), UNREAD.values(), ids=UNREAD)
def test_what_cannot_be_read_is_told(css: str, why: str, tmp_path: Path) -> None:
    found = faults(css, tmp_path)
    assert found
    assert all(why in fault for fault in found if "A Clinic" not in fault)


@pytest.mark.parametrize("css", READ.values(), ids=READ)
def test_what_can_be_read_is_not(css: str, tmp_path: Path) -> None:
    assert faults(css, tmp_path) == []
