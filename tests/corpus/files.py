"""Files that are none: every file that a user brings × everything else that can have its name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from corpus.brands import BRAND, SVG
from corpus.texts import TEXT, WORDS, png

Make = Callable[[Path], object]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def ring(path: Path) -> None:
    path.symlink_to(path.name)


def dead_link(path: Path) -> None:
    path.symlink_to("nowhere")


def film(path: Path) -> None:
    """More than any file may have, which takes no room."""
    with path.open("wb") as file:
        file.truncate(120_000_000)


KINDS: dict[str, Callable[[Path], object]] = {
    "a-pipe": pipe,
    "a-device": device,
    "a-folder": folder,
    "a-ring": ring,
    "a-dead-link": dead_link,
    "a-film": film,
}
FIGURE = TEXT.replace(f"{{type: text, text: {WORDS}}}", "{type: figure, image: knee.png, alt: It}")
OF_HANDOUTS = {
    "text": "en.yaml",
    "editorial": "editorial/en.yaml",
    "shared": f"{os.pardir}/shared/en.yaml",
    "names": f"{os.pardir}/points/names.csv",
    "places": f"{os.pardir}/points/places.csv",
    "picture": "knee.png",
}
OF_BRANDS = {
    "brand": ("_brand.yml", ""),
    "logo": ("logo.svg", "logo: {images: {a: {path: logo.svg, alt: Clinic}}, medium: a}\n"),
    "font": (
        "own.ttf",
        "typography: {fonts: [{family: Own, source: file, files: [{path: own.ttf}]}], headings: {family: Own}}\n",
    ),
    "profile": (
        "shop.icc",
        "defaults: {handout: {press: {profile: shop.icc, condition: FOGRA39, ink_limit: 300}}}\n",
    ),
    "template": ("layouts/print.html", ""),
    "style": ("layouts/print.css", ""),
    "picture-of-a-style": ("layouts/dot.png", ""),
}


def of_handout(name: str, kind: Make) -> Make:
    def make(folder: Path) -> None:
        (folder / "en.yaml").write_text(FIGURE)
        (folder / "knee.png").write_bytes(png(30, 20, bytes(20 * 91)))
        _swap(folder / name, kind)

    return make


def of_brand(name: str, more: str, kind: Make) -> Make:
    def make(folder: Path) -> None:
        (folder / "_brand.yml").write_text(BRAND + more)
        (folder / "logo.svg").write_text(SVG.format('<path d="M0 0h9v9z"/>'))
        if name == "layouts/dot.png":
            dot = (folder / name).absolute().as_uri()
            (folder / "layouts").mkdir()
            (folder / "layouts" / "print.css").write_text(f"body {{ background: url('{dot}') }}")
        _swap(folder / name, kind)

    return make


def _swap(path: Path, kind: Make) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    kind(path)


HANDOUTS = {
    f"{what}-is-{kind}": of_handout(name, make)
    for what, name in OF_HANDOUTS.items()
    for kind, make in KINDS.items()
    # Those that are told as "there is no such handout" are among the names.
    if f"{what}-is-{kind}" not in ("text-is-a-device", "text-is-a-folder", "text-is-a-ring")
}
BRANDS = {
    f"{what}-is-{kind}": of_brand(name, more, make)
    for what, (name, more) in OF_BRANDS.items()
    for kind, make in KINDS.items()
}
