#!/usr/bin/env python3
# ruff: noqa: S603
"""Take the pictures of docs/studio.md anew: each place of the studio, on the shipped handouts.

python docs/make_studio_pictures.py    (needs Chromium, and make .venv/ready-test)
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")
COLOURS = 256
PLACES = {
    "print": "/?handout=chronic-back-pain&lang=en&brand=harbour-lane&edition=a4",
    "sheet": "/sheet?add=BL23",
    "brand": "/brand/harbour-lane",
    "write": "/write/chronic-back-pain/en?open=/sections/5/blocks/0",
    "points": "/points?view=lower-back&code=BL23",
}


def taken(page: Page, path: Path) -> None:
    """Save what a window shows, once all pictures in it are there, but for how long they took on this machine."""
    ready = """() => [...document.images].every((one) =>
      one.getBoundingClientRect().top >= innerHeight || (one.complete && one.naturalWidth))"""
    for _ in range(300):
        if page.query_selector("[data-again], .stale") is None and page.evaluate(ready):
            break
        time.sleep(0.1)
    time.sleep(0.5)
    page.evaluate(
        "() => { const one = document.querySelector('#state'); one.lastElementChild.textContent = one.dataset.ready }"
    )
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    # The colours that cover all that there are: a median cut takes small signs in a colour for grey.
    small = shot.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def main() -> None:
    """Start the studio on a copy of the project and look at each place."""
    browser_path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        top = Path(folder)
        shutil.copytree(ROOT / "source", top / "source")
        said = top / "said.txt"
        command = [sys.executable, str(ROOT / "make_handout.py"), "studio", "--no-browser", "--port", "0"]
        with said.open("wb") as file:
            process = subprocess.Popen(command, cwd=top, stdout=file, stderr=file)
        while not (found := re.search(r"http://\S+", said.read_text())):
            time.sleep(0.05)
        address = found.group()
        home = address.partition("?")[0].rstrip("/")
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB")
        page.goto(address)
        for name, path in PLACES.items():
            page.goto(home + path)
            taken(page, ROOT / "docs" / f"studio-{name}.png")
        browser.close()
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    main()
