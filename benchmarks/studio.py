# ruff: noqa: T201
"""What the studio takes, in a real browser: from start to first page, from keystroke to changed page, and of memory.

    .venv/bin/python benchmarks/studio.py [KEYSTROKES [LANGUAGE]]

It works on a copy of the shipped handout: first one that nobody has looked at yet, then as it was left. Somebody types
in English, or in the language that is given (in Spanish and Japanese, for example, pages are arranged anew to leave
less white). Times are those of the clock, in ms: the machine should have nothing else to do. Those of keys are taken by
the page itself, from the event of the key to the frame in which the decoded picture is drawn; beside them stands what
the program's processes took of the processor, which depends less on what else the machine does. Some keys are pressed
after a pause, just as the finished file is made. Needs Chromium ($CHROMIUM, or one on the path) and the packages of
`make .venv/ready-test`.
"""

import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
NAME = "chronic-back-pain"
FIELD = "[name='/sections/0/blocks/0/text']"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SHOWN = """() => {
  const picture = document.querySelector("#picture-1");
  return picture && picture.complete && picture.naturalWidth ? picture.currentSrc : "";
}"""
# Notes when a key was pressed, and when the picture that came of it was drawn.
WATCH = """() => {
  window.pressed = window.drawn = 0;
  addEventListener("keydown", (event) => { window.pressed = event.timeStamp; window.drawn = 0; }, true);
  document.addEventListener("load", async ({ target }) => {
    if (target.id !== "picture-1") return;
    await target.decode();
    requestAnimationFrame(() => { window.drawn ||= performance.now(); });
  }, true);
}"""
TOOK = "() => window.drawn > window.pressed && window.drawn - window.pressed"
MOST = 60  # s
WORD = 8  # letters
BETWEEN = 0.2  # s
PAUSE, SPREAD = 4.0, 0.6  # s after a key in which the finished file is begun, and in which it is made
LATE = 10  # keys
LEFT = 5  # s, in which the program has made its pages and keeps them


def started(top: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start the studio; return its process and its address."""
    said = top / "said.txt"
    command = [sys.executable, str(ROOT / "make_handout.py"), "studio", "--no-browser", "--port", "0"]
    with said.open("wb") as file:
        process = subprocess.Popen(command, cwd=top, stdout=file, stderr=file)  # noqa: S603  # this Python
    while not (found := re.search(r"http://\S+", said.read_text())):
        time.sleep(0.01)
    return process, found.group()


def memory(process: subprocess.Popen[bytes]) -> float:
    """Return the MB that the program and its processes have to themselves (PSS)."""
    whole = psutil.Process(process.pid)
    found = [whole, *whole.children(recursive=True)]
    return sum(getattr(one.memory_full_info(), "pss", one.memory_info().rss) for one in found) / 1e6


def tab(page: Page) -> tuple[float, int]:
    """Return the MB of the browser's process that shows the page (RSS), and how many nodes it holds."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    nodes = int(session.send("Memory.getDOMCounters")["nodes"])
    session.detach()
    started_here = psutil.Process().children(recursive=True)
    sizes = [one.memory_info().rss for one in started_here if "--type=renderer" in one.cmdline()]
    return max(sizes) / 1e6, nodes


def seen(page: Page, before: str = "") -> str:
    """Wait until another picture of the first page is drawn; return its address."""
    end = time.perf_counter() + MOST
    while time.perf_counter() < end:
        if (now := page.evaluate(SHOWN)) not in ("", before):
            return str(now)
        time.sleep(0.004)
    raise SystemExit("the page has not changed")


def keystrokes(page: Page, pauses: Sequence[float]) -> list[float]:
    """Return the ms from each keystroke to the changed page; after each there is a pause, in s."""
    times = []
    page.focus(FIELD)
    page.keyboard.press("Control+End")
    for number, pause in enumerate(pauses):
        if number % WORD == 0:
            page.keyboard.type(" ")  # a blank at the end changes no page, and a word has an end
            time.sleep(0.2)
        page.keyboard.press("abcdefghijklmnopqrstuvwxyz"[number % 26])
        times.append(page.wait_for_function(TOOK, timeout=MOST * 1000).json_value())
        time.sleep(pause)
    return times


def processor(process: subprocess.Popen[bytes]) -> list[float]:
    """Return the ms of the processor that the server and the process that renders have taken."""
    whole = psutil.Process(process.pid)
    return [1000 * sum(one.cpu_times()[:2]) for one in (whole, *whole.children(recursive=True))]


def main() -> None:
    """Measure and print."""
    keys, lang, *_ = [*sys.argv[1:], *("40", "en")[len(sys.argv) - 1 :]]
    count = int(keys)
    browser_path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        shutil.copytree(ROOT / "source" / NAME, top / "source" / NAME)
        with sync_playwright() as playwright, contextlib.ExitStack() as stop:
            browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
            page = browser.new_page()
            for start in ("first start", "next start"):
                begun = time.perf_counter()
                process, address = started(top)
                stop.callback(process.kill)
                page.goto(address, wait_until="domcontentloaded")
                seen(page)
                print(f"{start} to page   {(time.perf_counter() - begun) * 1000:6.0f} ms")
                if start == "first start":
                    time.sleep(LEFT)
                    process.terminate()
                    process.wait(10)
            home = address.partition("?")[0].rstrip("/")
            page.goto(f"{home}/write/{NAME}/{lang}?open=/sections/0/blocks/0")
            seen(page)
            page.evaluate(WATCH)
            keystrokes(page, [BETWEEN] * 3)  # to warm up
            before, tab_before, begun_at = memory(process), tab(page), processor(process)
            times = sorted(keystrokes(page, [BETWEEN] * count))
            took = [(now - then) / count for now, then in zip(processor(process), begun_at, strict=True)]
            print(f"keystroke to page     {statistics.median(times):6.0f} ms (median of {count})")
            print(f"                      {times[int(len(times) * 0.95)]:6.0f} ms (95 %)")
            print(f"                      {took[0]:6.0f} ms of the processor in the server, for each")
            print(f"                      {took[1]:6.0f} ms of the processor where pages are made")
            print(f"memory                {before:6.0f} MB before")
            print(f"                      {memory(process):6.0f} MB after {count} edits")
            for (size, nodes), when in ((tab_before, "before"), (tab(page), f"after {count} edits")):
                print(f"memory of the tab     {size:6.0f} MB, {nodes:,} nodes {when}")
            late = sorted(keystrokes(page, [PAUSE + SPREAD * number / LATE for number in range(LATE + 1)])[1:])
            print(f"as the file is made   {statistics.median(late):6.0f} ms (median of {LATE})")
            print(f"                      {late[-1]:6.0f} ms (the longest)")
            browser.close()
            process.terminate()
            process.wait(10)


main()
