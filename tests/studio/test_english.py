"""No English is left in the other languages but what says that it is: on each page, with all that can be wrong."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator, Mapping
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from handout_builder.colour import palette
from handout_builder.errors import Problem, Severity
from handout_builder.studio import words
from handout_builder.studio.jobs import BrandFacts, Job, Rendered, SheetJob
from handout_builder.studio.workshop import Outcome, Telling

from .conftest import NAME, Opened, StillWorkshop, make_project, opened

OTHERS = [lang for lang in words.languages() if lang != "en"]
CODES = ("value", "not-for-pressing", "brand-logo", "left-out")
TOLD, CURE = "this is told in English", "and so is the cure"
SPOKEN = ("alt", "aria-label", "placeholder", "title", "label")
# Elements without an end, and those whose words are an author's, or none.
VOID = frozenset(("br", "hr", "img", "input", "link", "meta"))
WORDLESS = frozenset(("script", "style", "textarea", "datalist", "pre"))
SAME = frozenset(
    (
        *("Aa", "Alt", "CMYK", "CSS", "CT", "Ctrl", "EPUB", "Enter", "HTML", "ICD", "ISBN", "JPEG", "Markdown", "OTF"),
        *("PDF", "PNG", "QR", "SNOMED", "SVG", "Shift", "TODO", "TTF", "Tab", "UUID", "WHO", "WOFF", "Word", "YAML"),
        *(
            "Acupuncture",
            "English",
            "Harbour",
            "Lane",
            "Letter",
            "Lato",
            "Lorem",
            "US",
            "check",
            "isbn",
            "ja",
            "ko",
            "mm",
            "title",
            "urn",
            "uuid",
            "vi",
        ),
    )
)
"""What is called so in every language, and the words of the clinic and of this file's author."""
WORD = re.compile(r"(?<![\w./#-])[A-Za-z]+[a-z]*[A-Za-z](?![\w/#-]|\.\w)")


class Texts(HTMLParser):
    """The texts of a page in the language of the page."""

    def __init__(self, lang: str, page: str) -> None:
        super().__init__()
        self.lang, self.found = lang, dict[str, None]()
        self._around: list[tuple[str, str]] = []
        self.feed(page)

    @property
    def _language(self) -> str:
        return self._around[-1][1] if self._around else self.lang

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the words of attributes."""
        given = dict(attrs)
        lang = given.get("lang") or self._language
        if lang == self.lang:
            self._take(*(given.get(name) or "" for name in SPOKEN))
        if tag not in VOID:
            self._around.append((tag, "" if tag in WORDLESS else lang))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the words of elements of drawings."""
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those in it that were left open."""
        while self._around and tag not in VOID and self._around.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Take words that stand on the page."""
        if self._language == self.lang:
            self._take(data)

    def _take(self, *texts: str) -> None:
        self.found |= dict.fromkeys(" ".join(text.split()) for text in texts if text.strip())


class FaultyWorkshop(StillWorkshop):
    """Makes pages, and finds something wrong with each line."""

    failed = False

    def order(
        self,
        seat: str,
        job: Job | SheetJob,
        early: Telling = lambda _: None,
        *,
        idle: bool = False,  # noqa: ARG002
    ) -> Outcome:
        """Answer at once."""
        made: Rendered = super().order(seat, job, early).result()  # type: ignore[assignment]
        brand = job.brand if isinstance(job, SheetJob) else job.order.brand
        paths = [brand / "_brand.yml"] if brand else []
        paths += [job.order.text] if isinstance(job, Job) else [Path("visit-sheet")]
        told = [
            Problem(code, TOLD, path, line, CURE, severity)
            for path in paths
            for line, code in enumerate(CODES * 3)
            for severity in Severity
        ]
        checks = palette.derive("#1b5466", "#a05a00").checks
        facts = BrandFacts(checks, "band", ("svg", 30, 20), (("heading", "Lato 700"), ("text", "Lato 400")), 1)
        outcome = Outcome()
        pages = tuple(page._replace(headings=("Lorem",)) for page in made.pages)
        outcome.set_result(Rendered(pages, made.files, notes=tuple(told), brand=facts, failed=self.failed))
        return outcome


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """The studio on a project whose authors write in Latin: no word of theirs is taken for one of the program."""
    top = tmp_path_factory.mktemp("project")
    text = make_project(top) / NAME / "en.yaml"
    said = re.sub(r"(?m)^(title|kicker|description|author): .+$", r"\1: Lorem", text.read_text("utf-8"))
    said = re.sub(r"(heading|use): [^}\n]+", r"\1: Lorem", said)
    text.write_text(said, "utf-8")
    text.with_name("es.yaml").write_text(f"{said}translation: {{from: en, by: machine, date: 2026-11-29}}\n", "utf-8")
    before = Path.cwd()
    os.chdir(top)
    found = opened(top, workshop=FaultyWorkshop())
    found.studio.warm = partial(asyncio.sleep, 0)  # type: ignore[method-assign]
    with found.client:
        yield found
    os.chdir(before)


PLACES = (
    "/",
    "/sheet?add=BL23",
    "/brand",
    "/brand/harbour-lane",
    "/write",
    f"/write/{NAME}/en",
    f"/write/{NAME}/en?open=/sections/0",
    f"/write/{NAME}/en?open=/sections/1/blocks/0",
    f"/write/{NAME}/en?part=facts",
    f"/write/{NAME}/es?part=languages",
    f"/write/{NAME}/en?part=languages",
    f"/write/{NAME}/en?part=yaml",
    "/points?view=lower-back&q=bl23",
    "/points?q=st17",
    "/points?q=Lorem",
    "/points?q=bl233",
    "/help",
    "/nowhere",
)
FORMS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("/write/new", {"title": "Lorem", "lang": "xx"}),
    (f"/write/{NAME}/en/do", {"card": "/sections/0", "do": "remove /sections/9"}),
    (f"/write/{NAME}/en/yaml", {"part": "yaml", "yaml": "title: [", "revision": "0"}),
    ("/brand/new", {"full": "\u0007"}),
    ("/sheet", {"tab": "one", "code": "CV1", "point-accept": "", "lang": "en", "name": "田中", "find": "Lorem"}),
    ("/sheet", {"tab": "one", "do": "clear"}),
    ("/points/put", {"to": f"{NAME}/en/nowhere", "code": "BL23"}),
    ("/write/new", {"csrf": "old"}),
)
FAILED = (
    "/",
    "/sheet",
    f"/write/{NAME}/en",
    "/brand/harbour-lane",
    f"/file/pdf?handout={NAME}&lang=en&brand=none&edition=a4",
)


def pages(faulty: Opened, lang: str) -> dict[str, list[str]]:
    """Return the texts of every page in a language of the interface, by its address."""
    faulty.client.cookies.set("studio-language", lang)
    workshop = faulty.studio.workshop
    assert isinstance(workshop, FaultyWorkshop)
    got = {path: faulty.client.get(path) for path in PLACES}
    got |= {f"{path} {dict(fields)}": faulty.post(path, **fields) for path, fields in FORMS}  # type: ignore[dict-item]
    faulty.studio._made.clear()
    workshop.failed = True
    got |= {f"{path}, failed": faulty.client.get(path) for path in FAILED}
    workshop.failed = False
    faulty.studio._made.clear()
    return {
        path: [*Texts(lang, answer.text).found]
        for path, answer in got.items()
        if "html" in answer.headers["content-type"]
    }


@pytest.fixture(scope="module")
def english(faulty: Opened) -> set[str]:
    """All texts in the English interface."""
    return {text for texts in pages(faulty, "en").values() for text in texts}


@pytest.mark.parametrize("lang", OTHERS)
def test_no_english_is_left_that_does_not_say_so(faulty: Opened, english: set[str], lang: str) -> None:
    assert TOLD in english
    left = []
    shown = pages(faulty, lang)
    assert len(shown) == len(PLACES) + len(FORMS) + len(FAILED)
    for path, texts in shown.items():
        for text in texts:
            found = [word for word in WORD.findall(text) if word not in SAME]
            # Languages of Latin letters share words with English; whole texts they do not.
            wrong = (text in english and len(found) > 1) if lang in ("es", "vi") else found
            if wrong:
                left.append(f"{path}: {text}")
    assert left == []


@pytest.mark.parametrize(("lang", "contrast"), [("es", "4,5:1"), ("ja", "4.5:1")])
def test_contrasts_have_the_decimal_mark_of_the_language(faulty: Opened, lang: str, contrast: str) -> None:
    faulty.client.cookies.set("studio-language", lang)
    shown = [faulty.client.get("/brand/harbour-lane").text for _ in range(2)][-1]  # at a start there are no facts yet
    told = re.findall(r"\d[.,]\d:1", shown)
    assert contrast in told
    assert {one[1] for one in told} == {contrast[1]}
