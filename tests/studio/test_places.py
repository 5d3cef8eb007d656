"""What the places do with files, by the forms that their pages send."""

from __future__ import annotations

import asyncio
import html
import itertools
import re
import tempfile
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from fontTools.ttLib import TTFont

from handout_builder import source_files
from handout_builder.builder import pool
from handout_builder.builder.limits import Limits
from handout_builder.content import yaml_reader
from handout_builder.content.loader import load, load_common
from handout_builder.content.shared_texts import texts_of
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.resources import SOURCE
from handout_builder.studio import edits, fonts, forms, words
from handout_builder.studio.document import location
from handout_builder.studio.jobs import EarlyPages, Job, PageFacts, Rendered, SheetJob
from handout_builder.studio.places import sheet
from handout_builder.studio.workshop import Outcome, Telling
from handout_builder.translation import freshness

from .conftest import HOST, NAME, Opened, StillWorkshop, opened

if TYPE_CHECKING:
    from pathlib import Path

    from httpx import Response

    from handout_builder.authoring.point_lookup import Lookup


def write(still: Opened, part: str, lang: str = "en", **fields: Any) -> Response:
    """Send the form of a part of the place Write."""
    page = still.client.get(f"/write/{NAME}/{lang}?part={part}").text
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    sent = {"part": part, "card": "", "revision": found[1], "tab": "one"} | fields
    do = "do" if "do" in fields else "edit"
    answer: Any = still.post(f"/write/{NAME}/{lang}/{do}", **sent)
    assert answer.status_code == 200
    return answer


class BegunWorkshop(StillWorkshop):
    """Has the first page of everything, and never the rest."""

    def order(
        self,
        seat: str,
        job: Job | SheetJob,
        early: Telling = lambda _: None,
        *,
        idle: bool = False,  # noqa: ARG002
    ) -> Outcome:
        """Answer with nothing but one page."""
        assert seat
        self.jobs.append(job)
        page = PageFacts(f"{len(self.jobs):032}", 595, 842, ())
        early(EarlyPages((page,), ((page, b"%PDF-", 0),)))
        return Outcome()


def test_the_first_page_of_a_start_is_shown_before_the_others_are_there(project: Path) -> None:
    found = opened(project, workshop=BegunWorkshop())
    found.studio.warm = partial(asyncio.sleep, 0)  # type: ignore[method-assign]
    with found.client as client:
        answers = [client.get("/").text for _ in range(2)]
    # The first answer waits for nothing: a browser has scripts to load.
    for answer, pages in zip(answers, ([], [f"{1:032}"]), strict=True):
        assert re.findall(r'src="/page/(\w+)/', answer) == pages
        assert "data-again" in answer
        assert "how-to-print" not in answer
        assert 'data-print aria-disabled="true"' in answer


class SeenWorkshop(StillWorkshop):
    """Has the same page for everything, each time in another file."""

    def rendered(self) -> Rendered:
        """Return what is answered."""
        page, pdf = PageFacts("0" * 32, 595, 842, ()), f"%PDF- {len(self.jobs)}".encode()
        return Rendered((page,), drawn=((pdf, 0),))


def test_what_shows_a_page_is_kept_once(project: Path) -> None:
    studio = opened(project, workshop=SeenWorkshop()).studio
    job = studio.project.first_job()
    assert job

    async def seen(lang: str) -> Rendered | None:
        return (await studio.view("/", replace(job, order=replace(job.order, lang=lang)), "print", 9)).rendered

    first, then = (asyncio.run(seen(lang)) for lang in ("en", "es"))
    assert first
    assert then
    assert then.drawn == first.drawn == ((b"%PDF- 1", 0),)


def test_a_point_is_put_on_the_cards_of_a_section(still: Opened) -> None:
    page = still.client.get("/points?code=GV3").text
    to = re.findall(r'<option value="(short/en/[^"]+)"', page)
    assert to
    before = still.text.read_text("utf-8")
    answer: Any = still.post("/points/put", code="GV3", to=to[0])
    assert answer.status_code == 303
    draft = still.studio.handout_draft(NAME, "en")
    assert draft is not None
    place = unquote(answer.headers["location"]).partition("?open=")[2]
    _, section, _, block = place.split("/")[1:]
    cards = draft.value["sections"][int(section)]["blocks"][int(block)]
    assert cards["points"][-1] == {
        "code": "GV3",
        "name": {"text": "腰阳关", "lang": "zh-Hans", "reading": "Yāoyángguān"},
    }
    assert "Point" in still.client.get(answer.headers["location"]).text
    # Once is enough, and the file is its author's.
    assert still.post("/points/put", code="GV3", to=to[0]).headers["location"] == answer.headers["location"]
    assert [one["code"] for one in cards["points"]].count("GV3") == 1
    assert still.text.read_text("utf-8") == before


@pytest.mark.parametrize(("code", "to"), [("XX1", "short/en/points"), ("GV3", "../en/x"), ("GV3", "short/en/nowhere")])
def test_a_point_is_put_nowhere_else(still: Opened, code: str, to: str) -> None:
    assert still.post("/points/put", code=code, to=to).status_code in (404, 409)


def test_a_translation_is_written_beside_its_original(still: Opened) -> None:
    english = still.text.read_text("utf-8")
    made = "translation: {from: en, by: A translator, date: 2026-01-01}\n"
    still.text.with_name("es.yaml").write_text(english.replace("title:", f"{made}title:", 1), "utf-8")
    page = still.client.get(f"/write/{NAME}/es?part=languages").text
    fields = re.findall(r'<textarea id="[^"]+" name="(/[^"]+)"[^>]*>\n([^<]*)', page)
    assert len(fields) > 5
    assert {"/title"} <= {name for name, _ in fields}
    # Of two fields of one name the one that nobody has touched would win.
    assert len({name for name, _ in fields}) == len(fields)
    name = next(name for name, words in fields if "/blocks/" in name and len(words) > 20)
    shown = {name: html.unescape(words) for name, words in fields}
    write(still, "languages", "es", **shown)
    draft = still.studio.handout_draft(NAME, "es")
    assert draft is not None
    assert not draft.changed  # who has only looked has changed nothing
    answer = write(still, "languages", "es", **shown | {name: "Palabras nuevas."})
    assert "Palabras nuevas." in answer.text
    assert "Palabras nuevas." in draft.text


# What no words can stand for: a point, a picture, a clinic, a text that handouts share.
CHOSEN = {"chart", "overview", "points", "figure", "invitation"}


def test_a_form_has_the_values_of_its_revision(still: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another window writes whenever an answer waits for something."""
    draft = still.studio.handout_draft(NAME, "en")
    assert draft is not None
    lookup, number = still.studio.atlas.lookup, itertools.count()

    async def meanwhile() -> Lookup:
        title = f"Title {next(number)}"
        draft.edit(lambda document: document.set(("title",), title), [("title",)], draft.revision, "other")
        return await lookup()

    monkeypatch.setattr(still.studio.atlas, "lookup", meanwhile)
    page = still.client.get(f"/write/{NAME}/en?part=facts").text
    assert next(number) > 0
    shown = re.search(r'name="revision" value="(\d+)"', page)
    assert shown
    assert int(shown[1]) == draft.revision
    assert f'value="{draft.value["title"]}"' in page
    assert "data-again" in page  # the pages beside it are of what was there before


def test_a_form_that_comes_late_takes_nothing_back(still: Opened) -> None:
    """What a browser has broken off for a later request may still come, and after that."""
    draft = still.studio.handout_draft(NAME, "en")
    assert draft is not None
    original = draft.text
    early = {"revision": "0", "/title": "Undone"}
    write(still, "facts", turn=1, **early)
    write(still, "facts", turn=3, do="undo", **{"/title": "Undone"})
    write(still, "facts", turn=2, **early)
    assert draft.text == original
    block = {"card": "/sections/0/blocks/0", "/sections/0/blocks/0/text": "Moved"}
    write(still, "text", turn=5, do="down /sections/0/blocks/0", **block)
    moved = draft.text
    write(still, "text", turn=4, **block | {"/sections/0/blocks/0/text": "Move"}, revision="0")
    assert draft.text == moved
    # Another window counts for itself.
    write(still, "facts", turn=1, tab="other", **{"/title": "Of another window"})
    assert draft.value["title"] == "Of another window"


def test_what_was_typed_last_is_undone_and_done_again(still: Opened) -> None:
    draft = still.studio.handout_draft(NAME, "en")
    assert draft is not None
    original = draft.text
    write(still, "facts", do="undo", **{"/title": "Typed, and not sent before"})
    assert draft.text == original
    write(still, "facts", do="redo")
    assert draft.value["title"] == "Typed, and not sent before"


def test_who_opens_another_card_leaves_what_was_typed(still: Opened) -> None:
    place = "/sections/0/blocks/0"
    sent = {"part": "text", "card": place, "revision": "0", "tab": "one", f"{place}/text": "Typed"}
    answer: Any = still.post(f"/write/{NAME}/en/edit?open=/sections/0", **sent)
    assert 'name="card" value="/sections/0"' in answer.text
    draft = still.studio.handout_draft(NAME, "en")
    assert draft is not None
    assert draft.value["sections"][0]["blocks"][0]["text"] == "Typed"


@pytest.mark.parametrize("kind", forms.block_types())
def test_a_new_block_is_on_the_pages_at_once(still: Opened, kind: str) -> None:
    sections = still.studio.handout_draft(NAME, "en").value["sections"]  # type: ignore[union-attr]
    place = f"/sections/0/blocks/{len(sections[0]['blocks'])}"
    write(still, "text", do=f"add {place}", kind=kind)
    draft = still.studio.handout_draft(NAME, "en")
    assert draft is not None
    block = draft.value["sections"][0]["blocks"][-1]
    assert block["type"] == kind
    with source_files.instead({draft.path: draft.bytes}):
        try:
            load(draft.path.parent, "en", load_common(draft.path.parents[1], "en"))
            wrong = []
        except HandoutError as error:
            wrong = [str(problem) for problem in error.problems]
    assert bool(wrong) == (kind in CHOSEN), wrong


def test_a_block_is_added_to_a_section_without_opening_a_card(still: Opened) -> None:
    page = still.client.get(f"/write/{NAME}/en").text
    places = re.findall(r'<select id="kind\d+" name="kind(/sections/\d+/blocks/\d+)"', page)
    draft = still.studio.handout_draft(NAME, "en")
    assert draft is not None
    sections = draft.value["sections"]
    assert places == [f"/sections/{i}/blocks/{len(one['blocks'])}" for i, one in enumerate(sections)]
    write(still, "text", do=f"add {places[0]}", **{f"kind{place}": "quote" for place in places})
    assert len(draft.value["sections"][0]["blocks"]) == len(sections[0]["blocks"]) + 1
    assert draft.value["sections"][0]["blocks"][-1]["type"] == "quote"


def test_safety_advice_is_chosen_by_its_heading(still: Opened) -> None:
    write(still, "text", do="add /sections/0/blocks/0", kind="safety")
    page = still.client.get(f"/write/{NAME}/en?open=/sections/0/blocks/0").text
    chosen = re.search(r'<select [^>]*name="/sections/0/blocks/0/include".*?</select>', page, re.DOTALL)
    assert chosen
    options = re.findall(r'<option value="([^"]+)"( selected)?>([^<]+)', chosen[0])
    assert ("see-a-doctor", " selected", "When to see a doctor") in options
    assert {"how-to-press", "when-not-to-press"} <= {name for name, _, _ in options}


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f00010101005a4d6ff1"
    "0000000049454e44ae426082"
)


@pytest.mark.parametrize(("kind", "key"), [("figure", ("image",)), ("exercise", ("picture", "image"))])
def test_a_picture_is_put_into_the_handout_by_its_block(still: Opened, kind: str, key: tuple[str, ...]) -> None:
    write(still, "text", do="add /sections/0/blocks/0", kind=kind)
    card, address = "/sections/0/blocks/0", f"/write/{NAME}/en"
    assert 'id="upload-picture"' in still.client.get(f"{address}?open={card}").text
    sent = {"csrf": still.studio.keys.csrf, "card": card, "tab": "one"}
    head = {"origin": str(still.client.base_url)}
    file = ("My Chair (1).PNG", PIXEL, "image/png")
    page = still.client.post(f"{address}/picture", data=sent, files={"file": file}, headers=head).text
    draft = still.studio.handout_draft(NAME, "en")
    assert draft is not None
    block = draft.value["sections"][0]["blocks"][0]
    shown = block if len(key) == 1 else block[key[0]]
    assert (shown["image"], shown["alt"].startswith(forms.TODO)) == ("my-chair-1.png", True)
    assert (still.text.parent / "my-chair-1.png").read_bytes() == PIXEL
    assert "The picture is in the handout." in page
    # What is no picture stays outside, and the block as it is.
    file = ("a.png", b"%PDF-", "image/png")
    page = still.client.post(f"{address}/picture", data=sent, files={"file": file}, headers=head).text
    assert "This file cannot be used." in page
    assert not (still.text.parent / "a.png").exists()
    assert draft.value["sections"][0]["blocks"][0] == block


def test_a_translation_begins_beside_its_original(still: Opened) -> None:
    english = still.text.read_text("utf-8").replace('first.**"]', 'first.**", Press twice a day.]')
    still.text.write_text(english, "utf-8")
    page = still.client.get(f"/write/{NAME}/en?part=languages").text
    offered = re.findall(r'<option value="([^"]+)" lang', page)
    assert "es" in offered
    assert "en" not in offered
    path = still.text.with_name("es.yaml")
    assert not path.exists()
    answer: Any = still.post(f"/write/{NAME}/en/translate", to="es", tab="one")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/write/{NAME}/es?part=languages")
    made = load(path.parent, "es", load_common(path.parent.parent, "es")).handout
    assert made.translation
    assert (made.translation.source, made.translation.by) == ("en", "person")
    page = still.client.get(answer.headers["location"]).text
    assert "Each block stands beside its original" in page
    # What is no text to translate has no row, and what was translated here is up to date when it is saved.
    assert "hip-knee" not in page
    left = re.findall(r'name="block" value="([^"]+)"', page)
    assert left[0] == "title"
    assert "summary/1 summary/2" in left  # lines of one list are marked together
    shown = write(still, "languages", "es", do="save", **{"/title": "Dolor"}).text
    assert re.findall(r'name="block" value="([^"]+)"', shown) == left[1:]
    assert freshness.recorded(freshness.table(path))["title"]
    # A text that is there is opened, not made anew.
    path.write_text(path.read_text("utf-8") + "# mine\n", "utf-8")
    assert still.post(f"/write/{NAME}/en/translate", to="es", tab="one").status_code == 303
    assert path.read_text("utf-8").endswith("# mine\n")


def test_a_card_takes_the_name_of_its_point(still: Opened) -> None:
    write(still, "text", do="add /sections/0/blocks/0", kind="points")
    card = "/sections/0/blocks/0"
    write(still, "text", card=card, **{f"{card}/points/0/code": "GV3"})
    draft = still.studio.handout_draft(NAME, "en")
    assert draft is not None
    cards = draft.value["sections"][0]["blocks"][0]["points"]
    assert cards[0]["name"] == {"text": "腰阳关", "lang": "zh-Hans", "reading": "Yāoyángguān"}
    # A name that its author has written is the author's.
    write(still, "text", card=card, **{f"{card}/points/0/name/text": "腰"})
    write(still, "text", card=card, **{f"{card}/points/0/code": "BL23"})
    assert draft.value["sections"][0]["blocks"][0]["points"][0]["name"]["text"] == "腰"


@pytest.mark.parametrize(
    ("title", "name"), [('Sleep well: "tips"', "sleep-well-tips"), ("肩こり", "handout"), ("All", "all-2")]
)
def test_a_handout_is_called_by_its_title(still: Opened, title: str, name: str) -> None:
    for folder in (name, f"{name}-2") if not name.endswith("-2") else (name,):
        answer: Any = still.post("/write/new", title=title, lang="en", template="blank")
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/write/{folder}/en"
        draft = still.studio.handout_draft(folder, "en")
        assert draft is not None
        assert draft.value["title"] == title


def test_a_document_becomes_a_handout_by_way_of_another_process(still: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[int]()
    run = pool.run
    monkeypatch.setattr(pool, "run", lambda *given: asked.append(len(given[0])) or run(*given))
    answer = still.client.post(
        "/write/new",
        data={"csrf": still.studio.keys.csrf},
        files={"file": ("Stiff neck.md", "# A stiff neck\n\nPress GB20 (风池) once a day.\n".encode())},
        headers={"origin": f"http://{HOST}"},
    )
    assert (answer.status_code, answer.headers.get("location")) == (303, "/write/stiff-neck/en")
    assert asked == [1]
    draft = still.studio.handout_draft("stiff-neck", "en")
    assert draft is not None
    assert draft.value["title"] == "A stiff neck"


def test_a_document_is_imported_where_it_can_be_ended(still: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(_: object, files: list[Path], limits: Limits) -> list[HandoutError]:
        return [HandoutError([pool.Ended("processor", "").problem(files[0].name, files[0], limits)])]

    monkeypatch.setattr(pool, "each", ended)
    answer = still.client.post(
        "/write/new",
        data={"csrf": still.studio.keys.csrf},
        files={"file": ("Stiff neck.md", b"# A stiff neck\n\nWords.\n")},
        headers={"origin": f"http://{HOST}"},
    )
    assert answer.status_code == 422
    assert "Stiff neck.md" in answer.text
    assert Limits().told("processor") in answer.text
    assert tempfile.gettempdir() not in answer.text
    assert not (still.top / "source" / "stiff-neck").exists()


def test_no_room_for_what_is_given_is_told(still: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    for path, field, name in (("/write/new", "file", "Sore neck.md"), ("/brand/new", "logo", "logo.svg")):
        answer = still.client.post(
            path,
            data={"csrf": still.studio.keys.csrf, "full": "A clinic"},
            files={field: (name, b"# A sore neck")},
            headers={"origin": f"http://{HOST}"},
        )
        assert answer.status_code == 422
        assert "make room in the temporary folder" in answer.text


def search(still: Opened, word: str, **fields: str) -> tuple[list[str], list[str]]:
    """Return the points that are offered for a word on a visit sheet, and those that Enter puts on it."""
    page: Any = still.post("/sheet", tab="one", find=word, **fields)
    entered: Any = still.post("/sheet", tab="one", find=word, do="find-add", **fields)
    offered = re.findall(r'value="add ([A-Z0-9-]+)"', page.text)
    return offered, re.findall(r'name="code" value="([^"]+)"', entered.text)


def test_enter_adds_a_point_that_was_named_and_no_other(still: Opened) -> None:
    assert search(still, "bl23") == (["BL23"], ["BL23"])
    offered, entered = search(still, "lower back")
    assert "BL23" in offered
    assert not entered
    offered, entered = search(still, "back")  # and not those on the back of a hand
    assert offered
    assert not {"LU10", "LI4"} & set(offered)
    assert not entered
    # A word of what is told of points, as "hairline", finds them and chooses none.
    offered, entered = search(still, "hairline")
    assert offered
    assert not entered


def test_parts_of_the_body_are_found_in_every_language(still: Opened) -> None:
    for lang in words.languages():
        still.client.cookies.set("studio-language", lang)
        offered, _ = search(still, texts_of(SOURCE, lang).labels["region_lower-back"])
        assert "BL23" in offered, lang


@pytest.mark.parametrize(
    ("lang", "letters", "characters"),
    [
        ("en", ("zh-Latn-pinyin", "Hégǔ"), ("zh-Hans", "合谷")),
        ("ja", ("ja", "ごうこく"), ("ja", "合谷")),
        ("ko", ("zh-Hant", "合谷"), ("ko", "합곡")),
        ("vi", ("vi", "Hợp cốc"), ("zh-Hant", "合谷")),
    ],
)
def test_points_are_called_as_readers_of_the_interface_know_them(
    still: Opened, lang: str, letters: tuple[str, str], characters: tuple[str, str]
) -> None:
    still.client.cookies.set("studio-language", lang)
    page = still.client.get("/points?q=hop coc&code=LI4").text
    read, written = (
        '<span lang="{}">{}</span>'.format(*letters),
        '<span class="han" lang="{}">{}</span>'.format(*characters),
    )
    assert f'<h2 id="code">LI4 {read}</h2>' in page
    assert f'<p class="big-han">{written}</p>' in page
    assert f'<span class="cp">LI4</span>{written}<span class="words">{read}' in page


def test_a_point_that_nobody_may_press_says_so_before_it_is_added(still: Opened) -> None:
    page: Any = still.post("/sheet", tab="one", find="cv1")
    assert words.words("en")("press_no") in page.text
    assert "{code:" not in page.text


def test_the_script_of_a_name_is_asked_for_where_there_is_more_than_one(still: Opened) -> None:
    for name, asked in (("Rosa Example", False), ("田中", True)):
        page: Any = still.post("/sheet", tab="one", name=name)
        assert ('id="script"' in page.text) == asked


def test_a_file_that_was_changed_outside_is_merged_where_the_places_differ(still: Opened) -> None:
    write(still, "facts", **{"/title": "A title from the studio"})
    text = still.text.read_text("utf-8")
    last = text.rstrip().rpartition("\n")[2]
    still.text.write_text(text.replace(last, f"{last}  # from outside"), "utf-8")
    page = still.client.get(f"/write/{NAME}/en?part=facts").text
    assert "# from outside" in page
    assert 'value="merge"' in page
    write(still, "facts", do="merge")
    write(still, "facts", do="save")
    now = still.text.read_text("utf-8")
    assert "A title from the studio" in now
    assert "# from outside" in now


def test_a_place_that_both_have_changed_is_for_the_author_to_choose(still: Opened) -> None:
    write(still, "facts", **{"/title": "A title from the studio"})
    text = still.text.read_text("utf-8")
    still.text.write_text(re.sub(r"^title: .*$", "title: From an editor", text, count=1, flags=re.MULTILINE), "utf-8")
    page = still.client.get(f"/write/{NAME}/en?part=facts").text
    assert "From an editor" in page
    assert 'value="merge"' not in page
    write(still, "facts", do="take")
    draft = still.studio.handout_draft(NAME, "en")
    assert draft is not None
    assert draft.value["title"] == "From an editor"


def test_the_words_of_a_brand_are_written_in_every_language(still: Opened) -> None:
    page = still.client.get("/brand/harbour-lane").text
    names = re.findall(r'name="(/defaults/handout/texts/([^/]+)/invitation)"', page)
    assert [lang for _, lang in names] == ["en", "es", "ja", "ko", "vi", "zh-Hans", "zh-Hant"]
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    name = "/defaults/handout/texts/vi/invitation"
    still.post("/brand/harbour-lane/edit", revision=found[1], tab="one", **{name: "Hãy gọi cho chúng tôi."})
    still.post("/brand/harbour-lane/do", revision="1", tab="one", do="save")
    assert "Hãy gọi cho chúng tôi." in still.brand.read_text("utf-8")


def test_parts_of_the_han_font_have_the_characters_that_they_are_asked_for_by(still: Opened) -> None:
    sheet = still.client.get("/font/parts.css").text
    ranges = re.findall(r"parts\";.*?url\((/font/ja/[^)]+)\).*?U\+([0-9a-f]+)-([0-9a-f]+)", sheet)
    address = next(url for url, first, last in ranges if int(first, 16) <= ord("愈") <= int(last, 16))
    answer = still.client.get(address)
    (still.top / "part.ttf").write_bytes(answer.content)
    assert ord("愈") in TTFont(still.top / "part.ttf").getBestCmap()
    assert {ord(one) for one in "愈あ한"} <= {ord(one) for part in fonts.parts().values() for one in part}
    for wrong in ("/font/ja/6001.ttf", "/font/xx/6000.ttf", "/font/ja/x.ttf"):
        assert still.client.get(wrong).status_code == 404


@pytest.mark.parametrize("kind", ["pdf", "proof.html"])
def test_files_of_a_handout_of_any_name_are_given_out(still: Opened, kind: str) -> None:
    (still.top / "source" / NAME).rename(still.top / "source" / '腰"痛')
    query = {"handout": '腰"痛', "lang": "en", "brand": "none", "edition": "a4"}
    still.studio.workshop.files |= {"proof.html": b"<html>"}  # type: ignore[attr-defined]
    answer = still.client.get(f"/file/{kind}", params=query)
    assert answer.status_code == 200, answer.text
    told = answer.headers["content-disposition"]
    assert told.startswith(f'attachment; filename="handout.{kind.rpartition(".")[2]}"; ')
    assert unquote(told.rpartition("''")[2]) == f'腰"痛.en.{kind}'


def test_a_sheet_is_given_out_whatever_digits_its_day_has(still: Opened) -> None:
    answer: Any = still.post("/sheet/pdf", date="２０２６-11-29", lang="en", brand="none", paper="a4", tab="one")
    assert answer.status_code == 200, answer.text


def test_what_is_wrong_beside_no_field_of_a_brand_is_told_all_the_same(
    still: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = still.brand.read_text("utf-8").split("\n").index("meta:") + 1
    problem = Problem(
        "brand-key", "the key adress is not used", still.brand.relative_to(still.top), line, severity=Severity.WARNING
    )
    outcome = Outcome()
    outcome.set_result(Rendered(notes=(problem,)))
    still.client.get("/")  # at a start nobody waits for pages
    monkeypatch.setattr(still.studio.workshop, "order", lambda *_: outcome)
    assert problem.message in still.client.get("/brand/harbour-lane").text


def test_files_that_cannot_be_read_are_told_in_the_language_of_the_page(still: Opened) -> None:
    still.text.write_bytes(b"title: \xff\n")
    still.client.cookies.set("studio-language", "ja")
    answer = still.client.get(f"/write/{NAME}/en")
    told = words.words("ja").meaning(Problem("unreadable", "", still.text))
    assert answer.status_code == 409
    assert told
    assert told.wrong in answer.text


def test_who_listens_is_told_how_long_it_took_as_the_language_writes_it(still: Opened) -> None:
    async def heard(lang: str) -> str:
        events = still.studio.events(words.words(lang).number)
        await anext(events)
        still.studio.tell("ready", "1.4")
        return await anext(events)

    told = [asyncio.run(heard(lang)) for lang in ("es", "ko")]
    assert told == [f"event: state\ndata: ready {number}\n\n" for number in ("1,4", "1.4")]


def test_what_is_wrong_with_a_block_stands_at_its_head(still: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    text = still.text.read_text("utf-8")
    line = text[: text.index("- type: points")].count("\n") + 1
    draft = still.studio.handout_draft(NAME, "en")
    assert draft is not None
    problem = Problem("value", "the row has 1 cell for 2 columns", draft.path, line, "make_handout.py points")
    monkeypatch.setattr(StillWorkshop, "rendered", lambda _: Rendered(notes=(problem,), failed=True))
    # The first answer of a start waits for nothing.
    page = [still.client.get(f"/write/{NAME}/en?line={line}").text for _ in range(2)][1]
    card = page[page.index('id="open-card"') : page.index('id="pages"')]
    assert problem.message in card
    assert "make_handout.py" not in page


def test_what_is_wrong_before_the_sections_leads_to_the_facts(still: Opened) -> None:
    page = still.client.get(f"/write/{NAME}/en?line=1").text
    assert re.search(r'part=facts" aria-current="page"', page)


def test_a_saved_text_leads_to_its_print_and_print_says_what_is_unwritten(
    still: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = html.unescape(still.client.get(f"/write/{NAME}/en").text)
    assert f'href="/?handout={NAME}&lang=en"' in page
    problem = Problem("placeholder", "this is still to be written: x", still.text, 3, "", Severity.WARNING)
    rendered = still.studio.workshop.rendered()  # type: ignore[attr-defined]
    monkeypatch.setattr(StillWorkshop, "rendered", lambda _: replace(rendered, notes=(problem,)))
    page = still.client.get(f"/?handout={NAME}&lang=en&edition=letter").text
    assert "One place is still to be written" in page
    assert f"/write/{NAME}/en?line=3" in page


def test_a_day_that_is_being_typed_is_no_mistake() -> None:
    form = sheet.Form(dict.fromkeys(("name", "script", "practitioner", "note", "exercises", "diary", "lang"), ""))
    form.fields |= {"date": "0020-11-30", "next_day": "0202-12-14", "next_time": "10:30"}
    assert not {"date", "next_visit"} & form.visit().keys()
    form.fields |= {"next_day": "2026-12-14"}
    assert form.visit()["next_visit"] == "2026-12-14T10:30"


def test_a_card_has_the_code_and_the_name_of_the_point_that_is_meant_in_the_end(still: Opened) -> None:
    handout = yaml_reader.read_yaml(still.text).value
    place = next(
        f"/sections/{at}/blocks/{number}"
        for at, section in enumerate(handout["sections"])
        for number, block in enumerate(section["blocks"])
        if block["type"] == "points"
    )
    draft = still.studio.handout_draft(NAME, "en")
    assert draft is not None

    def card() -> Any:
        return edits.value_in(draft.value, (*location(place), "points", 0))

    def typed(**fields: str) -> tuple[str, str]:
        sent = {f"{place}/points/0/{name.replace('__', '/')}": text for name, text in fields.items()}
        answer: Any = still.post(f"/write/{NAME}/en/edit", card=place, revision=str(draft.revision), tab="one", **sent)
        assert answer.status_code == 200
        return card()["code"], card()["name"]["text"]

    # A name in any script is as good as a code, and the name of a point that was passed on the way is not kept.
    assert typed(code="风池") == ("GB20", "风池")
    assert typed(code="GB2") == ("GB2", "听会")
    assert typed(code="GB21") == ("GB21", "肩井")
    # What the browser still shows in the field that has the focus takes nothing back.
    assert typed(name__text="TODO: Text") == ("GB21", "肩井")
    assert typed(name__text="My own name") == ("GB21", "My own name")
    assert typed(code="GB20") == ("GB20", "My own name")


class Busy(StillWorkshop):
    """Does nothing before it is let; an older job of the same seat is dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[str, Outcome] = {}

    def order(self, seat: str, job: Job | SheetJob, early: Telling = lambda _: None, *, idle: bool = False) -> Outcome:  # noqa: ARG002
        """Let it wait."""
        if older := self.waiting.pop(seat, None):
            older.set_result(None)
        outcome = self.waiting[seat] = Outcome()
        return outcome

    def work(self) -> None:
        """Do all that waits."""
        for outcome in self.waiting.values():
            outcome.set_result(self.rendered())
        self.waiting.clear()


def test_files_that_are_asked_for_at_once_are_all_given_out(project: Path) -> None:
    workshop = Busy()
    studio = opened(project, workshop=workshop).studio
    choice = studio.project.choice({})
    assert choice is not None
    pdf = Job(studio.project.order(choice))

    async def asked() -> list[Rendered | None]:
        seats = [("file pdf", pdf), ("file pdf", pdf), ("file epub", replace(pdf, formats=("epub",)))]
        tasks = [asyncio.create_task(studio.result(seat, job)) for seat, job in seats]
        # The same that Print waits for, which is then not wanted there any more.
        tasks += [asyncio.create_task(studio.result("/", replace(pdf, preview=True)))]
        await asyncio.sleep(0)
        tasks += [asyncio.create_task(studio.result("file shown", replace(pdf, preview=True)))]
        await asyncio.sleep(0)
        other = asyncio.create_task(studio.result("/", replace(pdf, proof=True)))
        for _ in range(9):
            await asyncio.sleep(0.01)
            workshop.work()
        return list(await asyncio.gather(*tasks[:3], tasks[4], other))

    assert None not in asyncio.run(asked())


def test_each_file_is_waited_for_by_itself(still: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    seats: list[str] = []
    order = still.studio.workshop.order
    monkeypatch.setattr(
        still.studio.workshop, "order", lambda seat, *rest, **more: (seats.append(seat), order(seat, *rest, **more))[1]
    )
    still.studio.workshop.files |= {"proof.html": b"<html>", "epub": b"PK"}  # type: ignore[attr-defined]
    for kind in ("pdf", "epub", "proof.html"):
        for edition in ("a4", "letter"):
            query = {"handout": NAME, "lang": "en", "brand": "none", "edition": edition}
            assert still.client.get(f"/file/{kind}", params=query).status_code == 200
    assert len(seats) == len(set(seats)) == 6


def test_a_page_says_itself_whether_it_can_be_printed(still: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = ("/", "/sheet", "/brand/harbour-lane", f"/write/{NAME}/en")
    lamp = re.compile(r'<span class="lamp (\w+)"></span><span class="words">([^<]+)')

    def told(path: str) -> tuple[str, str, bool]:
        text = [still.client.get(path).text for _ in range(2)][1]  # the first one of a start waits for nothing
        found = lamp.search(text)
        assert found
        return found[1], found[2], "data-failed" in text.partition('id="pages"')[2].partition(">")[0]

    assert {told(path) for path in paths} == {("ready", "Ready", False)}
    problem = Problem("value", "wrong", still.text, 1)
    monkeypatch.setattr(StillWorkshop, "rendered", lambda _: Rendered(notes=(problem,), failed=True))
    still.studio._made.clear()
    still.studio.sheets.clear()
    assert {told(path) for path in paths} == {("failed", "Cannot print yet", True)}
    print_ = still.client.get("/").text
    for link in re.findall(r"<a [^>]*(?:download|data-print)[^>]*>", print_):
        assert 'aria-disabled="true"' in link, link
    assert lamp.search(still.client.get("/points?view=back").text)
