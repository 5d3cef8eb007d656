"""The studio as it runs, and windows of a browser on it, which keep a journal for tests that fail."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.processes import HANGS
from helpers.project import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, StorageState

WAIT = 1000 * HANGS
# What a page does, as it sees it itself: what it sends, what answers make of it, and what is done to it.
JOURNAL = """(() => {
  const journal = window.journal = [];
  const one = (selector) => document.querySelector(selector);
  const told = () => ["#t", "#draft-state", "[name=revision]", "[data-again]", "[name='/title']"].map((place) => {
    const found = one(place);
    return `${place}=${found && JSON.stringify(found.value ?? found.dataset.again ?? found.textContent)}`;
  }).join(" ");
  const note = (...words) => journal.push(`${Math.round(performance.now())} ms: ${words.join(" ")}`);
  const wanted = ["do", "card", "revision", "turn", "/title"];
  const sent = (given) => wanted.map((name) => given[name] && `${name}=${given[name]}`).filter(Boolean);
  addEventListener("htmx:beforeSend", ({ detail: { requestConfig: { verb, path, parameters } } }) =>
    note("asks", verb, path, ...sent(parameters)));
  for (const kind of ["afterSettle", "sendAbort", "sendError"])
    addEventListener(`htmx:${kind}`, () => note(kind, told()));
  for (const kind of ["input", "change", "pointerdown", "pointerup", "click"])
    addEventListener(kind, ({ target }) => note(kind, target.id || target.name || target.tagName), true);
  addEventListener("load", () => note("load", told()));
})()"""


@dataclass
class Running:
    """The program, running in a project."""

    top: Path
    address: str
    process: subprocess.Popen[str]
    said: Path

    @property
    def home(self) -> str:
        """Its address without the word that lets a browser in."""
        return self.address.partition("?")[0].rstrip("/")

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.home.rpartition(":")[2])

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)

    def drafts(self) -> str:
        """Return what it keeps of drafts, for people."""
        kept = {path.name: json.loads(path.read_text("utf-8")) for path in self.top.glob(".handout-studio/drafts/*")}
        return "\n".join(
            f"{name}: {[line for line in (one['text'], one['base']) for line in line.splitlines()[:3]]}"
            for name, one in kept.items()
        )


def started(top: Path, port: int = 0) -> Running:
    """Start the studio in a project, and wait until it says where it is."""
    said = top / "said.txt"
    command = [sys.executable, str(ROOT / "make_handout.py"), "studio", "--no-browser", "--port", str(port)]
    with said.open("w") as file:
        process = subprocess.Popen(command, cwd=top, stdout=file, stderr=file, text=True)
    for _ in range(300):
        if (found := re.search(r"http://\S+", said.read_text())) and "stop it" in said.read_text():
            return Running(top, found.group(), process, said)
        assert process.poll() is None, said.read_text()
        time.sleep(0.1)
    raise AssertionError(said.read_text())


@dataclass
class Windows:
    """Opens windows that were let in; no script may fail in them, and nothing may be refused to them."""

    browser: Browser
    running: Running
    let_in: StorageState
    """What a browser keeps that was let in."""
    _opened: list[Page] = field(default_factory=list)
    _wrong: list[str] = field(default_factory=list)
    _asked: list[str] = field(default_factory=list)
    _begun: float = field(default_factory=time.monotonic)

    def open(self, **options: Any) -> Page:
        """Return another window, with nothing in it."""
        shape = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"}
        context = self.browser.new_context(storage_state=self.let_in, **shape | options)
        page = context.new_page()
        page.on("pageerror", lambda error: self._wrong.append(str(error)))
        page.on("console", lambda told: self._wrong.append(told.text) if "Content Security" in told.text else None)
        number = len(self._opened) + 1
        page.on("request", lambda request: self._note(number, "asks", request))
        page.on("requestfinished", lambda request: self._note(number, "has got", request))
        page.on("requestfailed", lambda request: self._note(number, "has not got", request))
        page.set_default_timeout(WAIT)
        if options.get("java_script_enabled", True):
            page.add_init_script(JOURNAL)
        self._opened.append(page)
        return page

    def close(self) -> None:
        """Close all windows."""
        for page in self._opened:
            page.unroute_all(behavior="ignoreErrors")
            page.context.close()
        assert not self._wrong

    def journal(self) -> str:
        """Return what the windows have asked for and done, and the drafts, for people."""
        journals = [
            f"window {number}, {page.url}:\n" + "\n".join(page.evaluate("() => window.journal ?? []"))
            for number, page in enumerate(self._opened, start=1)
            if not page.is_closed()
        ]
        return "\n".join([*self._asked, *journals, "drafts:", self.running.drafts()])

    def _note(self, window: int, what: str, request: Request) -> None:
        if "/page/" not in request.url and "/static/" not in request.url:
            self._asked.append(
                f"{time.monotonic() - self._begun:.2f} s: {window} {what} {request.method} {request.url}"
            )
