"""The paths that people take, in a real browser: Chromium of the system, driven by Playwright."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers.processes import HANGS
from helpers.project import ROOT, SHORT
from judges import need, node, programs

from handout_builder.studio.page_images import WIDTHS

from .conftest import NAME, make_project
from .windows import WAIT, Running, Windows, started

if TYPE_CHECKING:
    from playwright.sync_api import APIResponse, Browser, Page, Route, StorageState

pytestmark = [pytest.mark.slow, pytest.mark.tools("chromium")]
AXE = node.FOLDER / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CANARY = "Canary McPatient"
UNFINISHED = "unfinished"
"""A handout that cannot be printed."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as found:
        opened = found.chromium.launch(executable_path=programs.find("chromium"), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The studio on a short handout that no test changes, with a translation of it, and a brand."""
    top = tmp_path_factory.mktemp("studio")
    make_project(top)
    translate(top / "source" / NAME)
    unfinished = shutil.copytree(SHORT, top / "source" / UNFINISHED) / "en.yaml"
    unfinished.write_text(unfinished.read_text("utf-8").replace("revised:", "surprise: x\nrevised:", 1), "utf-8")
    running = started(top)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def let_in(browser: Browser, studio: Running) -> StorageState:
    """What a browser keeps that has opened the address that the program told."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.goto(studio.address)
    page.wait_for_selector("#page-list img")
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def windows(browser: Browser, studio: Running, let_in: StorageState) -> Iterator[Windows]:
    """Windows of the test's own, which are closed after it."""
    opened = Windows(browser, studio, let_in)
    yield opened
    opened.close()


@pytest.fixture
def page(windows: Windows, studio: Running) -> Page:
    """A window that shows Print."""
    page = windows.open()
    page.goto(studio.home)
    return page


@pytest.fixture
def handout(studio: Running, request: pytest.FixtureRequest) -> str:
    """The name of a handout of the test's own."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")
    shutil.copytree(SHORT, studio.top / "source" / name)
    translate(studio.top / "source" / name)
    return name


def translate(folder: Path) -> None:
    """Put what stands for a translation beside a text."""
    text = (folder / "en.yaml").read_text("utf-8")
    made = "translation: {from: en, by: machine, date: 2026-11-23}\n"
    (folder / "es.yaml").write_text(text.replace("title:", f"{made}title:", 1), "utf-8")


SHOWN = "[...document.querySelectorAll('#page-list:not(.stale) img')].map((image) => image.getAttribute('src'))"


def pictures(page: Page) -> list[str]:
    """Wait until the pages are there as they are now; return where their pictures come from."""
    page.wait_for_selector("#page-list:not(.stale) img")
    return list(page.evaluate(SHOWN))


def changed(page: Page, before: list[str]) -> list[str]:
    """Wait until other pages are there; return where their pictures come from."""
    page.wait_for_function(
        f"(before) => {{ const now = {SHOWN}.join(); return now && now !== before }}", arg=",".join(before)
    )
    return pictures(page)


LAMP = "document.querySelector('#state .words').textContent"


def test_a_receptionist_prints(page: Page) -> None:
    plain = pictures(page)
    page.check("#brand-none", force=True)
    branded = changed(page, plain)
    assert "brand=none" in page.url
    assert len(branded) >= 1
    address = page.get_attribute("#print", "href")
    assert address is not None
    answer = page.request.get(page.url.partition("?")[0].rstrip("/") + address)
    assert answer.body().startswith(b"%PDF-")
    assert answer.headers["content-disposition"].startswith("inline")
    page.reload()
    assert pictures(page) == branded
    assert page.is_checked("#brand-none")


def test_what_is_drawn_later_can_be_printed(page: Page, studio: Running) -> None:
    pictures(page)
    now = page.request.get(studio.home).text()
    # As the first answer is where the pages take their time.
    early = now.replace('aria-labelledby="p"', 'aria-labelledby="p" data-again').replace(
        "data-print", 'data-print aria-disabled="true"'
    )
    page.route(studio.home + "/", lambda route: route.fulfill(body=early, content_type="text/html"), times=1)
    page.goto(studio.home)
    page.wait_for_selector("#print:not([aria-disabled])")
    assert not page.query_selector("[data-again]")


def test_pages_are_as_sharp_as_they_are_shown(page: Page, studio: Running, handout: str) -> None:
    # Pictures of the smallest width that is enough, however they came: in a page, an answer, or in place of another. A
    # browser keeps the next larger one that it was getting before the script chose how pages are laid out.
    fitting = (
        "(least) => { const shown = [...document.querySelectorAll('#page-list:not(.stale) img')]; "
        f"const enough = (width) => {list(WIDTHS)}.filter((one) => one >= width * devicePixelRatio).slice(0, 2); "
        "return shown.length && shown.every((i) => i.complete && i.naturalWidth && i.width > least "
        "&& enough(i.width).some((one) => i.currentSrc.endsWith(`/${one}.png`))) }"
    )
    page.wait_for_function(fitting, arg=0)
    page.check("#lang-es", force=True)
    page.wait_for_url("**lang=es**")
    page.wait_for_function(fitting, arg=0)
    page.click("[data-layout=one]")
    for _ in range(2):
        page.click("[data-zoom='1']")
    page.wait_for_function(fitting, arg=700)
    page.goto(f"{studio.home}/write/{handout}/en?open=/sections/0/blocks/0")
    before = pictures(page)
    page.wait_for_function(fitting, arg=0)
    page.fill("#open-card textarea >> nth=0", "Other words.")
    changed(page, before)
    page.wait_for_function(fitting, arg=0)


def test_a_visit_sheet_is_made_by_keyboard_and_forgotten(page: Page, studio: Running) -> None:
    page.goto(f"{studio.home}/sheet")
    empty = pictures(page)
    page.fill("#name", CANARY)
    page.focus("#find")
    for word in ("bl23", "gv3", "weizhong"):  # without waiting for anything
        page.keyboard.type(word)
        page.keyboard.press("Enter")
    page.wait_for_selector("#chosen-BL40")
    assert [one.get_attribute("value") for one in page.query_selector_all("[name=code]")] == ["BL23", "GV3", "BL40"]
    assert page.input_value("#find") == ""
    full = changed(page, empty)
    assert page.input_value("#name") == CANARY
    assert CANARY not in page.url
    # What other programs have changed is no reason to show the empty sheet of this address.
    page.evaluate("() => dispatchEvent(new Event('studio:again'))")
    assert " get " not in page.evaluate("() => window.journal.join()")
    kept = page.evaluate("() => JSON.stringify([localStorage, sessionStorage, document.cookie, document.title])")
    assert "Canary" not in kept
    page.route("**/sheet/pdf", lambda route: route.abort(), times=1)  # a browser without a window does not always print
    with page.expect_request("**/sheet/pdf"):
        page.keyboard.press("Control+p")
    with page.expect_download() as loading:
        page.click("[data-save]")
    assert "Canary" not in loading.value.suggested_filename
    page.click("[data-clear]")
    page.wait_for_selector("#cleared .good")
    assert page.input_value("#name") == ""
    assert not page.query_selector_all("[name=code]")
    assert page.request.get(f"{studio.home}{full[0]}").status == 404
    files = [path for path in studio.top.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"Canary" in path.read_bytes()]


def test_points_are_ticked_on_the_body_by_arrow_keys(page: Page, studio: Running) -> None:
    page.goto(f"{studio.home}/sheet")
    page.click("#on-body summary")
    page.click("button[value='view lower-back']")
    page.wait_for_selector(".body g[data-code]")
    page.focus(".body g[data-code][tabindex='0']")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    code = page.evaluate("() => document.activeElement.dataset.code")
    page.keyboard.press("Space")
    page.wait_for_selector(f"#chosen-{code}")
    assert page.inner_text(".body .called").startswith(f"{code} ")
    page.click(f"#chosen-{code} [data-remove]")
    page.wait_for_selector(f"#chosen-{code}", state="detached")
    # What is neither printed nor saved is not lost by a slip.
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{studio.home}/help")
    assert asked == ["beforeunload"]


def test_a_clinic_makes_its_brand_from_a_logo(page: Page, studio: Running) -> None:
    page.goto(f"{studio.home}/brand")
    page.fill("#full", "Willow Street Clinic")
    page.set_input_files("#logo", str(ROOT / "source" / "brands" / "harbour-lane" / "logo.svg"))
    page.click("main button.main")
    page.wait_for_url("**/brand/willow-street-clinic")
    before = pictures(page)
    page.fill("input[name='/meta/phone']", "0142 555 0100")
    after = changed(page, before)
    colour = "input[name='/color/palette/main']"
    page.fill(colour, "#7a1fa2")
    changed(page, after)
    file = studio.top / "source" / "brands" / "willow-street-clinic" / "_brand.yml"
    assert "7a1fa2" not in file.read_text("utf-8")
    page.click("[data-save]")
    page.wait_for_selector("#said .good")
    text = file.read_text("utf-8")
    assert "0142 555 0100" in text
    assert "#7a1fa2" in text
    assert "# becomes a QR code" in text  # comments of the file stay
    assert page.query_selector_all("#contrasts tbody tr")


HOSTILE = {
    "logo.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "logo.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "logo.pdf": b"MZ\x90\0 no PDF",
    "../../logo.svg": b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
}


def test_hostile_logos_are_refused_in_words(page: Page, studio: Running) -> None:
    page.goto(f"{studio.home}/brand/harbour-lane")
    folder = studio.top / "source" / "brands" / "harbour-lane"
    before = sorted(folder.iterdir())
    for name, data in HOSTILE.items():
        page.evaluate("document.querySelector('#said')?.replaceChildren()")  # what was said of the one before
        page.set_input_files("#file-logo", {"name": name, "mimeType": "image/svg+xml", "buffer": data})
        page.wait_for_selector("#said .warn")
        assert sorted(folder.iterdir()) == before, name


def test_an_author_writes_from_nothing(page: Page, studio: Running) -> None:
    page.goto(f"{studio.home}/write")
    page.fill("#title", "Sleep well")
    page.check("input[value=blank]", force=True)
    page.click("#new ~ form button.main")
    page.wait_for_url("**/write/sleep-well/en")
    page.focus("a.line >> nth=0")
    for focused in ("#open-card [data-close]", "a.line", "#open-card [data-close]"):
        page.keyboard.press("Enter")  # the focus goes with what opens and closes a card
        page.wait_for_function("(focused) => document.activeElement.matches(focused)", arg=focused)
    assert page.inner_text("#open-card [data-close]") == "Close"  # and says so
    page.fill("#open-card textarea >> nth=0", "Go to bed at the same time each day.")
    page.select_option("#kind", "list")
    page.click("#open-card .add-row button")
    page.wait_for_selector("#open-card >> text=Items")
    page.fill("#open-card textarea >> nth=0", "No screens\nNo coffee")
    page.click("[data-save]")
    page.wait_for_selector("#said .good")
    text = (studio.top / "source" / "sleep-well" / "en.yaml").read_text("utf-8")
    assert "Go to bed at the same time each day." in text
    assert "- No screens\n" in text


def test_a_picture_that_is_put_in_stays_whatever_has_the_focus(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en")
    page.select_option("#kind0", "figure")
    page.click(".add-row button >> nth=0")
    page.wait_for_function("() => document.activeElement.name?.endsWith('/image')")
    data = next((ROOT / "tests" / "samples").rglob("*.png")).read_bytes()
    page.set_input_files("#file-picture", {"name": "Chair.png", "mimeType": "image/png", "buffer": data})
    page.wait_for_selector("#said >> text=The picture is in the handout.")
    page.fill("[name$='/alt']", "A chair.")
    page.wait_for_function("() => document.querySelector('#pages svg, #pages img')")
    page.click("[data-save]")
    page.wait_for_selector("#said .good >> text=Saved")
    text = (studio.top / "source" / handout / "en.yaml").read_text("utf-8")
    assert re.search(r"image: '?chair.png'?\n", text)
    assert "A chair." in text


def blocks(page: Page) -> list[str]:
    """Return what kinds of blocks stand in the first section, the open one, too."""
    return [one.inner_text() for one in page.query_selector_all(".section >> nth=0 >> :is(.kind, #open-card h3)")]


def test_a_button_does_what_it_says_as_often_as_it_is_pressed(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en?open=/sections/0/blocks/0")
    was = blocks(page)
    page.select_option("#kind", "quote")
    for place in (1, 2, 3):
        page.click("#open-card .add-row button")
        page.wait_for_url(f"**open=/sections/0/blocks/{place}")
        # What is written first is what was added.
        page.wait_for_function("() => document.activeElement.matches('#open-card textarea')")
    assert blocks(page) == [was[0], "Quote", "Quote", "Quote", *was[1:]]
    page.focus("#open-card [data-move=up]")
    for place in (2, 1, 0):
        page.keyboard.press("Enter")
        page.wait_for_url(f"**open=/sections/0/blocks/{place}")
        page.wait_for_function("() => document.activeElement.matches('#open-card [data-move=up]')")
    assert blocks(page) == ["Quote", was[0], "Quote", "Quote", *was[1:]]


def test_what_is_chosen_or_unfolded_outlasts_an_answer(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en?open=/sections/0/blocks/0")
    fold = page.locator("#open-card details").first
    text = "#open-card textarea >> nth=0"
    for unfolded in (True, False):
        fold.locator("summary").click()
        page.select_option("#kind", "quote")
        before = page.input_value("[name=revision]")
        page.fill(text, f"Other words: {unfolded}.")
        page.wait_for_function(f"() => document.querySelector('[name=revision]').value !== '{before}'")
        assert (fold.get_attribute("open") is not None) == unfolded
        assert page.input_value("#kind") == "quote"


class Held:
    """Answers that are on their way until a test lets them come; what else a page asks for is answered at once."""

    def __init__(self, page: Page, path: str, *, method: str = "POST", to: int = 1) -> None:
        self._page, self._method, self._left = page, method, to
        self._answers: list[tuple[Route, APIResponse]] = []
        page.route(re.compile(path), self._hold)

    def _hold(self, route: Route) -> None:
        if route.request.method == self._method and route.request.resource_type in ("xhr", "fetch") and self._left:
            self._left -= 1
            self._answers.append((route, route.fetch()))
        else:
            route.continue_()

    def wait(self) -> None:
        """Wait until an answer is on its way."""
        end = time.monotonic() + HANGS
        while not self._answers:
            assert time.monotonic() < end
            self._page.wait_for_timeout(20)

    def let_come(self, more: str = "") -> None:
        """Let the answer come, with more words in the place where the page says what came of something."""
        route, answer = self._answers.pop()
        said = '<div id="said" role="status" data-answer>'
        route.fulfill(response=answer, body=answer.text().replace(said, said + more))
        self._page.wait_for_timeout(200)  # in which it is taken


def typed_while_an_answer_is_on_its_way(page: Page, field: str) -> Held:
    """Type the words "Written in haste" in a field, of which the answer to the first letter knows nothing."""
    held = Held(page, "/edit$")
    page.fill(field, "W")
    held.wait()
    page.locator(field).press("End")
    page.keyboard.type("ritten in haste")
    return held


def test_what_is_typed_stays_when_one_goes_on_to_another_field(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en?part=facts")
    held = typed_while_an_answer_is_on_its_way(page, "input[name='/title']")
    page.keyboard.press("Tab")
    held.let_come()
    page.wait_for_selector("#t >> text='Written in haste'")
    assert page.input_value("input[name='/title']") == "Written in haste"


@pytest.mark.parametrize("way", ["another card", "another part"])
def test_what_is_typed_stays_when_one_goes_elsewhere(page: Page, studio: Running, handout: str, way: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en?open=/sections/0/blocks/0")
    typed_while_an_answer_is_on_its_way(page, "#open-card textarea >> nth=0")
    if way == "another card":
        page.click("a.line >> nth=0")
        page.wait_for_url(lambda url: not url.endswith("open=/sections/0/blocks/0"))
        page.click("nav.tabs a >> text=YAML")
    else:
        page.click("nav.tabs a >> text=YAML")
    page.wait_for_selector("#yaml")
    for _ in range(20):  # it was sent before the page was asked for, and both may be done at once
        if "Written in haste" in page.input_value("#yaml"):
            break
        page.reload()
    assert "Written in haste" in page.input_value("#yaml")


def test_of_two_answers_the_older_one_does_not_stay(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en?part=facts")
    pictures(page)
    held = Held(page, "part=facts$", method="GET")
    page.evaluate("() => dispatchEvent(new Event('studio:again'))")  # as news of other programs do
    held.wait()
    page.fill("input[name='/title']", "Newer than the news")
    page.wait_for_selector("#t >> text=Newer")
    held.let_come()
    assert page.inner_text("#t") == "Newer than the news"
    page.click("[data-undo]")
    page.wait_for_selector("#draft-state >> text=Everything is saved")


def test_what_is_pressed_stays_under_the_pointer(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en?open=/sections/0/blocks/0")
    held = Held(page, "/edit$")
    page.fill("#open-card textarea >> nth=0", "Some words.")
    held.wait()
    page.locator("#open-card .add-row button").scroll_into_view_if_needed()
    page.hover("#open-card .add-row button")
    page.mouse.down()
    held.let_come("<p>What moves all that is below it.</p>" * 9)
    page.mouse.up()
    page.wait_for_url("**open=/sections/0/blocks/1")


def test_a_changed_page_is_seen_before_its_answer_is_there(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en?open=/sections/0/blocks/0")
    before = pictures(page)
    held = Held(page, "/edit$")
    page.fill("#open-card textarea >> nth=0", "Words that are seen at once.")
    held.wait()
    # A picture that has not been chosen yet has no address.
    drawn = """(old) => {
        const now = document.querySelector('#picture-1').currentSrc
        return !old.some((one) => now.includes(one.split('/')[2])) && now
    }"""
    now = page.wait_for_function(drawn, arg=before).json_value()
    held.let_come()
    assert pictures(page)[0].split("/")[2] in now


# Asks for a page anew as often as is said, each time after the last answer is shown: in Print by a choice, which
# changes the address, elsewhere as news do.
ASKED = """async (times) => {
  for (; times; times--) await new Promise((shown) => {
    addEventListener("htmx:afterSettle", () => shown(), {once: true});
    if (document.querySelector("#choice")) htmx.trigger("#choice", "change");
    else dispatchEvent(new Event("studio:again"));
  });
}"""


def test_the_browser_keeps_nothing_of_answers(page: Page, studio: Running) -> None:
    session = page.context.new_cdp_session(page)

    def kept(times: int) -> int:
        page.evaluate(ASKED, times)
        session.send("HeapProfiler.collectGarbage")
        return int(session.send("Memory.getDOMCounters")["nodes"])

    for path in ("/", "/brand/harbour-lane", f"/write/{NAME}/en?open=/sections/0/blocks/0"):
        page.goto(studio.home + path)
        pictures(page)
        shown, before = page.evaluate("() => document.querySelectorAll('#main *').length"), kept(1)
        assert kept(4) - before < shown, path


def test_what_is_wrong_with_a_colour_stands_at_it(page: Page, studio: Running) -> None:
    page.goto(f"{studio.home}/brand/harbour-lane")
    before = pictures(page)
    colour = "#b2 ~ .two input:not([type=color]) >> nth=0"
    original = page.input_value(colour)
    page.fill(colour, "blue-ish")
    page.wait_for_selector("#b2 ~ .two .say.warn")
    page.click("[data-save]")
    page.wait_for_selector("#said .care")  # it cannot be printed, and says so
    # Mended and saved, it is printed again.
    page.fill(colour, original)
    page.wait_for_selector("#b2 ~ .two .say.warn", state="detached")
    page.click("[data-save]")
    page.wait_for_selector("#said .good")
    assert pictures(page) == before


def test_a_word_that_names_no_point_adds_none_and_stays(page: Page, studio: Running) -> None:
    page.goto(f"{studio.home}/sheet")
    page.focus("#find")
    held = Held(page, "/sheet$")
    page.keyboard.type("lower back")
    page.keyboard.press("Enter")
    held.wait()
    page.wait_for_timeout(300)  # in which it would be asked for as it is typed
    held.let_come()
    page.wait_for_selector("#add-BL23")
    page.wait_for_function("() => document.querySelector('#find').value === 'lower back'")
    assert not page.query_selector_all("[name=code]")


def test_typing_changes_the_page_and_nothing_else(page: Page, studio: Running, handout: str) -> None:
    path = studio.top / "source" / handout / "en.yaml"
    original = path.read_text("utf-8")
    page.goto(f"{studio.home}/write/{handout}/en")
    assert path.read_text("utf-8") == original
    page.goto(f"{studio.home}/write/{handout}/en?part=facts")
    before = pictures(page)
    page.fill("input[name='/title']", "A title that was typed")
    changed(page, before)
    assert page.evaluate("() => document.activeElement.name") == "/title"
    assert path.read_text("utf-8") == original
    page.click("[data-save]")
    page.wait_for_selector("#said .good")
    now = path.read_text("utf-8")
    assert [a for a, b in zip(original.splitlines(), now.splitlines(), strict=True) if a != b] == [
        next(line for line in original.splitlines() if line.startswith("title:"))
    ]
    # Where one looks when one has pressed the button; pages that come then say "Everything is saved".
    assert page.inner_text("#draft-state").endswith("aved. Print, PDF")
    page.evaluate("() => dispatchEvent(new Event('studio:again'))")  # as news of other programs do
    page.wait_for_selector("#draft-state >> text=Everything is saved")
    assert page.query_selector("#said .good") is not None
    page.click("[data-undo]")
    page.wait_for_selector("#draft-state >> text=draft is kept")
    page.wait_for_selector("#said .good", state="detached")
    page.click("[data-save]")
    page.wait_for_selector("#said .good")
    assert path.read_text("utf-8") == original


def test_a_build_that_fails_leaves_the_last_pages(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en?part=yaml")
    before = pictures(page)
    text = page.input_value("#yaml")
    page.fill("#yaml", text.replace("revised:", "surprise: x\nrevised:", 1))
    page.wait_for_selector("[role=alert]")
    assert page.query_selector("#page-list.stale") is not None
    assert [str(one.get_attribute("src")) for one in page.query_selector_all("#page-list img")] == before
    assert page.query_selector(".flag.warn") is not None
    # Nothing says that all is well: not the lamp, when all is done, nor a page that is loaded anew.
    page.wait_for_function(f"() => {LAMP} === 'Cannot print yet'")
    page.reload()
    page.wait_for_selector("[role=alert]")
    assert page.evaluate(LAMP) == "Cannot print yet"
    page.fill("#yaml", text)
    assert pictures(page) == before
    page.wait_for_function(f"() => {LAMP}.startsWith('Ready')")


def test_of_two_windows_the_one_with_good_pages_says_so(windows: Windows, studio: Running, handout: str) -> None:
    good, bad = windows.open(), windows.open()
    good.goto(studio.home)
    pictures(good)
    bad.goto(f"{studio.home}/write/{handout}/en?part=yaml")
    bad.fill("#yaml", bad.input_value("#yaml").replace("revised:", "surprise: x\nrevised:", 1))
    bad.wait_for_function(f"() => {LAMP} === 'Cannot print yet'")
    assert good.evaluate(LAMP).startswith("Ready")
    # What another window has made is no reason to call these pages ready.
    good.reload()
    good.check("#edition-one-page", force=True)
    good.wait_for_function(f"() => {LAMP}.startsWith('Ready:')")
    bad.wait_for_timeout(200)
    assert bad.evaluate(LAMP) == "Cannot print yet"
    # What cannot be made is not offered to be taken away.
    bad.click("[data-save]")
    bad.wait_for_selector("#said .care")
    bad.goto(f"{studio.home}/?handout={handout}&lang=en")
    bad.wait_for_selector("[role=alert]")
    assert not bad.query_selector_all("#actions a.button:not([aria-disabled=true], .jump)")
    bad.goto(f"{studio.home}/?handout={NAME}&lang=en")  # which is remembered
    pictures(bad)


def test_a_double_click_does_what_a_click_does(page: Page, studio: Running, handout: str) -> None:
    pictures(page)
    loaded: list[str] = []
    page.on("download", lambda download: loaded.append(download.suggested_filename))
    with page.expect_download():
        page.dblclick("a[download] >> nth=0")
    page.goto(f"{studio.home}/sheet?add=BL23")
    pictures(page)
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_download():
        page.dblclick("[data-save]")
    page.goto(f"{studio.home}/write")
    folders = len(list((studio.top / "source").glob("*/")))
    page.fill("#title", "Twice or once")
    page.dblclick("#new ~ form button.main")
    page.wait_for_url("**/write/twice-or-once/en")
    assert len(list((studio.top / "source").glob("*/"))) == folders + 1
    page.goto(f"{studio.home}/write/{handout}/en?open=/sections/0/blocks/0")
    was = blocks(page)
    page.select_option("#kind", "quote")
    page.dblclick("#open-card .add-row button")
    page.wait_for_url("**open=/sections/0/blocks/1")
    page.wait_for_selector("#open-card h3 >> text=Quote")
    page.wait_for_timeout(300)
    assert blocks(page) == [was[0], "Quote", *was[1:]]
    page.dblclick("[data-undo]")  # goes on step by step, to where there is nothing to undo
    page.wait_for_selector("#draft-state >> text=Everything is saved")
    assert len(loaded) == 2, loaded


def test_the_focus_is_not_lost_where_what_had_it_is_gone(page: Page, studio: Running, handout: str) -> None:
    focused = "() => document.activeElement.closest('main') !== null && document.activeElement.id !== 'main'"
    page.goto(f"{studio.home}/write/{handout}/es?part=languages")
    marked = len(page.query_selector_all("button[name=block]"))
    page.focus("button[name=block] >> nth=-1")
    page.keyboard.press("Enter")
    page.wait_for_function("(n) => document.querySelectorAll('button[name=block]').length < n", arg=marked)
    page.wait_for_function(focused)
    page.goto(f"{studio.home}/sheet?add=BL23")
    page.fill("#find", "gv3")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chosen-GV3")
    page.focus("button[value='up GV3']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chosen > li:first-child#chosen-GV3")
    page.wait_for_function("() => document.activeElement.value === 'up GV3'")


def test_arrow_keys_go_to_what_was_found(page: Page, studio: Running) -> None:
    page.goto(f"{studio.home}/sheet")
    page.fill("#find", "lower back")
    page.wait_for_selector("#found button >> nth=1")
    for key, at in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        assert page.evaluate("(at) => document.activeElement === document.querySelectorAll('#found button')[at]", at)
    page.wait_for_timeout(400)  # in which what was typed is sent once more, as the field was left
    assert not page.query_selector_all("[name=code]")  # to look at a point is not to add it
    code = str(page.evaluate("() => document.activeElement.id")).removeprefix("add-")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#chosen-{code}")


def test_what_is_sent_as_the_focus_comes_to_a_button_presses_none(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en?open=/sections/0/blocks/0")
    was = blocks(page)
    held = typed_while_an_answer_is_on_its_way(page, "#open-card textarea >> nth=0")
    page.focus("#open-card .add-row button")
    with page.expect_response("**/edit"):
        held.let_come()
    page.wait_for_timeout(200)
    assert blocks(page) == was
    page.goto(f"{studio.home}/write/{handout}/en?open=/sections/0/blocks/0")
    assert page.input_value("#open-card textarea >> nth=0") == "Written in haste"


def test_who_goes_on_from_a_note_by_tab_moves_no_point(page: Page, studio: Running) -> None:
    page.goto(f"{studio.home}/sheet?add=BL23")
    page.fill("#find", "gv3")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chosen-GV3")
    page.focus("#n-BL23")
    page.keyboard.type("Gently")
    with page.expect_response("**/sheet"):
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.value") == "up GV3"
    page.wait_for_timeout(400)
    assert [one.get_attribute("value") for one in page.query_selector_all("[name=code]")] == ["BL23", "GV3"]


def test_where_something_breaks_the_page_stays_and_says_so(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en?part=facts")
    pictures(page)
    page.route("**/edit", lambda route: route.fulfill(status=500, body="Internal Server Error"))
    page.fill("input[name='/title']", "Typed as it broke")
    page.wait_for_function(f"() => {LAMP} === 'This did not work.'")
    assert page.input_value("input[name='/title']") == "Typed as it broke"
    page.unroute("**/edit")
    page.fill("[name='/description']", "And what was typed next.")
    page.wait_for_selector("#t >> text=Typed as it broke")
    page.wait_for_function(f"() => {LAMP}.startsWith('Ready')")


def test_a_handout_that_is_gone_takes_no_words_away(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en?part=facts")
    pictures(page)
    (studio.top / "source" / handout).rename(studio.top / handout)
    page.fill("input[name='/title']", "Words that nobody has kept")
    page.wait_for_selector("#said >> text=no longer in its folder")
    assert page.input_value("input[name='/title']") == "Words that nobody has kept"
    page.wait_for_function(f"() => {LAMP} === 'This did not work.'")
    (studio.top / handout).rename(studio.top / "source" / handout)
    page.fill("input[name='/title']", "Words that are kept")
    page.wait_for_selector("#draft-state >> text=draft")
    assert "no longer" not in page.inner_text("#said")


def test_a_key_that_is_held_down_does_it_once(page: Page) -> None:
    pictures(page)
    loaded: list[str] = []
    page.on("download", lambda download: loaded.append(download.suggested_filename))
    page.focus("a[download] >> nth=0")
    for _ in range(4):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.keyboard.down("Control")
    for _ in range(4):
        page.keyboard.down("s")
    page.keyboard.up("s")
    page.keyboard.up("Control")
    page.wait_for_timeout(500)
    assert len(loaded) == 2, loaded


def test_two_windows_do_not_write_over_each_other(windows: Windows, studio: Running, handout: str) -> None:
    page, other = windows.open(), windows.open()
    for one in (page, other):
        one.goto(f"{studio.home}/write/{handout}/en?part=facts")
    page.fill("input[name='/title']", "From the first window")
    page.wait_for_selector("#draft-state >> text=draft is kept")
    other.fill("input[name='/title']", "From the second window")
    other.wait_for_selector("#said .care")
    assert "From the second window" in other.inner_text("#said")
    other.wait_for_function("() => document.querySelector(\"[name='/title']\").value === 'From the first window'")
    # What is sent next from there is what is shown there now.
    other.fill("[name='/description']", "From the second window, too")
    other.wait_for_selector("#said .care", state="detached")
    page.reload()
    assert page.input_value("input[name='/title']") == "From the first window"
    assert page.input_value("[name='/description']") == "From the second window, too"


def test_a_change_from_outside_is_shown(page: Page, studio: Running, handout: str) -> None:
    path = studio.top / "source" / handout / "en.yaml"
    page.goto(f"{studio.home}/write/{handout}/en?part=facts")
    original, before = path.read_text("utf-8"), page.input_value("input[name='/title']")
    changed = re.sub(r"^title: .*$", "title: From an editor", original, count=1, flags=re.MULTILINE)
    # Back again, too: tests that come after this one begin with what was there.
    for text, title in ((changed, "From an editor"), (original, before)):
        path.write_text(text, "utf-8")
        for _ in range(100):
            if page.input_value("input[name='/title']") == title:
                break
            time.sleep(0.1)
        assert page.input_value("input[name='/title']") == title


def test_a_block_of_a_translation_is_marked_as_right(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/es?part=languages")
    stale = len(page.query_selector_all("button[name=block]"))
    assert stale
    page.click("button[name=block] >> nth=0")
    page.wait_for_selector("#said .good")
    assert len(page.query_selector_all("button[name=block]")) == stale - 1
    assert (studio.top / "source" / handout / "editorial" / "es.csv").is_file()


def test_a_place_on_the_page_leads_to_its_field(page: Page, studio: Running, handout: str) -> None:
    page.goto(f"{studio.home}/write/{handout}/en")
    pictures(page)
    spot = page.query_selector(".spots a[href*='blocks']")
    assert spot is not None
    href = spot.get_attribute("href")
    page.evaluate("(a) => a.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))", spot)
    page.wait_for_selector("#open-card")
    assert href is not None
    page.wait_for_selector(".spots .here")


def test_the_keyboard_goes_between_the_panes(page: Page) -> None:
    pictures(page)
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.keyboard.press("F6")
    assert page.evaluate("() => document.activeElement.id") == "pages"
    page.keyboard.press("F6")
    assert page.evaluate("() => document.activeElement.closest('.choices') !== null")


def test_a_stopped_program_is_told_and_comes_back(windows: Windows, tmp_path: Path) -> None:
    make_project(tmp_path)
    running = started(tmp_path)
    page = windows.open()
    page.goto(running.address)
    page.clock.install()
    page.goto(f"{running.home}/write/{NAME}/en?part=facts")
    pictures(page)
    running.stop()
    page.fill("input[name='/title']", "Typed while nobody listened")
    # It is told at once, and nothing says that this is kept.
    page.wait_for_selector("#draft-state >> text=What you typed last is not in the draft yet.")
    assert page.evaluate(LAMP) == "Stopped"
    page.clock.fast_forward(20_000)  # in which nothing was heard
    page.wait_for_selector("#stopped:not([hidden])")
    page.focus("#pages")
    again = started(tmp_path, running.port)
    page.wait_for_selector("#stopped", state="hidden")
    page.wait_for_selector("#draft-state >> text=draft is kept")
    assert page.input_value("input[name='/title']") == "Typed while nobody listened"
    again.stop()


def test_it_works_without_scripts(windows: Windows, studio: Running) -> None:
    page = windows.open(java_script_enabled=False)
    page.goto(studio.home)
    page.check("#edition-one-page", force=True)
    page.click("noscript button, #main button:text('Show the pages')")
    assert "edition=one-page" in page.url
    page.wait_for_selector("#page-list img")  # the page asks again by itself
    page.goto(f"{studio.home}/sheet")
    page.fill("#find", "BL23")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chosen-BL23")


PATHS = (
    "/",
    "/?edition=letter",
    "/sheet?add=BL23",
    "/brand",
    "/brand/harbour-lane",
    "/write",
    f"/write/{NAME}/en?open=/sections/0/blocks/0",
    f"/write/{NAME}/en?part=facts",
    f"/write/{NAME}/es?part=languages",
    f"/write/{NAME}/en?part=yaml",
    f"/write/{UNFINISHED}/en?part=facts",
    "/points?view=lower-back&code=BL23",
    "/points?q=xyzzy",
    "/help",
    "/nowhere",
)


# Of two fields of one name the untouched one would be taken; with two ids the same, what is typed may move.
TWICE = """() => {
  const names = [...document.querySelectorAll("[name^='/']:not([type=checkbox])")].map((field) => `name ${field.name}`);
  const all = [...document.querySelectorAll("[id]")].map((element) => `id ${element.id}`).concat(names);
  return all.filter((one, index) => all.indexOf(one) !== index).map((one) => `twice: ${one}`);
}"""


@pytest.fixture(scope="module")
def axe_window(browser: Browser, let_in: StorageState) -> Iterator[Page]:
    """A window that was let in, and takes scripts of ours."""
    context = browser.new_context(bypass_csp=True, storage_state=let_in)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    yield page
    context.close()


@pytest.fixture
def examined(axe_window: Page) -> Iterator[Page]:
    """The window for axe, which shows nothing of the studio while other tests run."""
    yield axe_window
    axe_window.goto("about:blank")


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(examined: Page, studio: Running, path: str) -> None:
    """By all rules in each arrangement of the page, by those of colours in every choice of colours."""
    need(AXE.is_file(), "axe-core", "make test, with a network")
    examined.set_viewport_size({"width": 1440, "height": 900})
    examined.emulate_media(color_scheme="light", forced_colors="none")
    examined.goto(f"{studio.home}{path}")
    examined.evaluate(AXE.read_text("utf-8"))
    found = []
    for width, height, rules in (
        (1440, 900, RULES),
        (720, 450, []),  # 1440 px at 200 %, arranged as the narrowest
        (390, 844, []),
        (320, 640, RULES),
    ):
        examined.set_viewport_size({"width": width, "height": height})
        wider = examined.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{wider} px wider than a window of {width} px"] if wider > 0 else []
        found += violations(examined, rules) if rules else []
    found += examined.evaluate(TWICE)
    examined.set_viewport_size({"width": 1440, "height": 900})
    for scheme, forced in (("dark", "none"), ("light", "active"), ("dark", "active")):
        examined.emulate_media(color_scheme=scheme, forced_colors=forced)
        found += violations(examined, ["color-contrast", "link-in-text-block"])
    assert not found


def violations(page: Page, rules: list[str]) -> list[str]:
    """Return what axe says of a page by some rules, or by rules with one of these tags."""
    told = page.evaluate("(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules)
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in told["violations"]]


@pytest.mark.parametrize("lang", ["en", "zh-TW", "ko"])
def test_every_character_has_a_shape_without_fonts_of_the_machine(
    windows: Windows, studio: Running, handout: str, lang: str
) -> None:
    page = windows.open(locale=lang)
    page.goto(f"{studio.home}/write/{handout}/en?part=facts")
    page.fill("input[name='/title']", "愈合 및 治癒")  # 愈 and 癒 are in no name of a point or language
    page.wait_for_selector("#t >> text=愈合")
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    session = page.context.new_cdp_session(page)
    for method in ("DOM.enable", "CSS.enable"):
        session.send(method)
    root = session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]["nodeId"]
    boxes = {}
    for selector in ("#t", "nav[aria-label] a[aria-current]", "#draft-state", "[name='/title']"):
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        text = page.inner_text(selector)
        told = session.send("DOM.describeNode", {"nodeId": node, "depth": -1, "pierce": True})["node"]
        if inner := told.get("shadowRoots"):  # what is typed in a field
            text = page.input_value(selector)
            ids = {"backendNodeIds": [inner[0]["children"][0]["backendNodeId"]]}
            (node,) = session.send("DOM.pushNodesByBackendIdsToFrontend", ids)["nodeIds"]
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        far = sum(ord(one) > 0x2E80 for one in text)
        ours = sum(font["glyphCount"] for font in fonts if font["isCustomFont"] or "CJK" in font["familyName"])
        if ours < far:
            boxes[selector] = (text, fonts)
    assert not boxes


def test_the_first_load_is_small(browser: Browser, studio: Running) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(studio.address)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: dict[str, float] = {}
    kinds: dict[str, str] = {}
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["response"]["mimeType"]}))
    session.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    page.goto(studio.home + "/")
    page.wait_for_selector("#page-list img")
    time.sleep(1)
    total = sum(size for request, size in sizes.items() if kinds.get(request) != "image/png")
    context.close()
    assert 10_000 < total < 100_000


def test_no_word_of_what_was_asked_for_is_logged(studio: Running) -> None:
    said = studio.said.read_text("utf-8")
    assert said.count("\n") <= 3
    assert os.fspath(studio.top) not in said
