"""Whatever is edited at whatever moment of a build: nothing that is left there is ever taken for what it is not.

A build is watched at each file that it reads and at each step that it tells; there, a source is edited, and perhaps put
back at a later one. Then all is built again, and what lies there must be what a build from nothing makes.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from helpers.once import once
from helpers.project import LANG, NAME, ROOT, copy_source, leave_advice_out, short_handout
from PIL import Image

from handout_builder import source_files
from handout_builder.builder import worker
from handout_builder.builder.incremental import build
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.orders import Order

BRAND = Path("source/brands/clinic")
PROFILE = BRAND / "shop.icc"
SECOND = "es"
HANDOUTS = ("aaa", "zzz")
TRIES = int(os.environ.get("MOMENTS", "16"))
# Many are tried in parts: a test that takes longer than a test may is taken for one that hangs.
PARTS = max(1, TRIES // 60)
SIZE = 24  # of the picture

Edit = tuple[str, Callable[[bytes | None], bytes | None]]


def words(old: str, new: str) -> Callable[[bytes | None], bytes | None]:
    def edited(data: bytes | None) -> bytes:
        assert data is not None
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), 1)

    return edited


def put(text: str) -> Callable[[bytes | None], bytes | None]:
    return lambda _: text.encode()


def gone(_: bytes | None) -> None:
    return None


def picture(colour: str) -> bytes:
    import io

    data = io.BytesIO()
    Image.new("RGB", (SIZE, SIZE), colour).save(data, "PNG")
    return data.getvalue()


# Each kind of file that a build reads, and one that is not there yet.
EDITS: dict[str, Edit] = {
    "text": ("source/zzz/en.yaml", words("Write here.", "Press for 10 minutes.")),
    "other text": ("source/aaa/en.yaml", words("Write here.", "Press for 10 minutes.")),
    "editions": ("source/zzz/en.yaml", words("kicker:", "editions: [a4, letter]\nkicker:")),
    "look": ("source/zzz/en.yaml", words("kicker:", "look: compact\nkicker:")),
    "points of a text": ("source/zzz/en.yaml", words("code: BL23", "code: BL25")),
    "shared words": ("source/shared/en.yaml", words("sources: ", "sources: Our ")),
    "plain words": ("source/shared/plain/en.yaml", words("jargon:", "jargon:\n  traditionally: long ago")),
    "names of points": ("source/points/names.csv", words("\nBL23,Shènshū,", "\nBL23,Shènshu,")),
    "places of points": ("source/points/places.csv", words("\nBL23,", "\nBL23,")),
    "editorial": ("source/zzz/editorial/en.yaml", put("changes: []\ndoubts: []\n")),
    "picture": ("source/zzz/knee.png", lambda _: picture("maroon")),
    "brand": ("source/brands/clinic/_brand.yml", words("Harbour", "Harbor")),
    "logo": ("source/brands/clinic/logo.svg", words("</svg>", "<!-- another --></svg>")),
    "logo on a dark ground": ("source/brands/clinic/logo-light.svg", words("</svg>", "<!-- another --></svg>")),
    "other colours": ("source/brands/clinic/_brand.yml", words("#12656b", "#12656c")),
    "font": ("source/brands/clinic/NotoSerif-Bold.ttf", lambda _: (ROOT / "fonts" / "NotoSans-Bold.ttf").read_bytes()),
    "template": ("source/brands/clinic/layouts/brand.html", words("{#", "{# another")),
    "included template": ("source/brands/clinic/layouts/parts/ours.html", words("{#", "{# another")),
    "template of a block": (
        "source/brands/clinic/layouts/blocks/list.html",
        put('{% extends "builtin/blocks/list.html" %}'),
    ),
    "template of the book": ("source/brands/clinic/layouts/epub/cover.xhtml", words("{#", "{# another")),
    "new template": ("source/brands/clinic/layouts/print.html", put('{% extends "builtin/print.html" %}\n{# new #}')),
    "style": ("source/brands/clinic/layouts/print.css", put("p { color: #123456 }")),
    "style of the book": ("source/brands/clinic/layouts/book.css", words("p", "li")),
    "picture of a style": ("source/brands/clinic/layouts/dot.png", lambda _: picture("olive")),
    "no shared words": ("source/shared/en.yaml", gone),
    "words of points": ("source/points/words/en.csv", words("\nBL23,,", "\nBL23,Beside the spine.,spine")),
    "words of landmarks": ("source/points/words/en.landmarks.csv", words("Two bones above L4", "Two bones over L4")),
    "landmarks": ("source/points/landmarks.csv", words("below the spinous process of L2", "under L2")),
    "lines on drawings": ("source/points/unit_lines.csv", words("\n", "\n\n")),
    "points of its own": ("source/zzz/points.yaml", put("points: []\nlandmarks: []\n")),
    "translation": ("source/zzz/es.yaml", words("Write here.", "Presione 10 minutos.")),
    "other translation": ("source/aaa/es.yaml", words("Write here.", "Presione 10 minutos.")),
    "shared words of the translation": ("source/shared/es.yaml", words("sources: ", "sources: Las ")),
    "words of points of the translation": (
        "source/points/words/es.csv",
        words("\nBL23,,", "\nBL23,Junto a la columna.,columna"),
    ),
    "landmarks of the translation": (
        "source/points/words/es.landmarks.csv",
        words("Dos huesos por encima de L4", "Dos huesos sobre L4"),
    ),
    "no translation": ("source/zzz/es.yaml", gone),
    "profile of a press": (f"{PROFILE}", lambda data: (data or b"")[:-1] + b"!"),
    "no profile": (f"{PROFILE}", gone),
    "ink of a press": ("source/brands/clinic/_brand.yml", words("ink_limit: 290", "ink_limit: 200")),
    "other names of a brand": ("source/brands/clinic/brand.yml", put("meta: {name: Another clinic}\n")),
    "a brand in a folder": ("source/brands/clinic/brand/_brand.yml", put("meta: {name: Another clinic}\n")),
    "no brand": ("source/brands/clinic/_brand.yml", gone),
    "no picture": ("source/zzz/knee.png", gone),
    "no style": ("source/brands/clinic/layouts/print.css", gone),
}


@pytest.fixture
def folder(run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two handouts, one with a picture, and a brand with all that a brand can have."""

    def first(top: Path) -> None:
        copy_source(top / "source", NAME, "brands")
        for name in HANDOUTS:
            short_handout(top / "source", name)
        for path in (f"shared/{SECOND}.yaml", f"points/words/{SECOND}.csv", f"points/words/{SECOND}.landmarks.csv"):
            shutil.copy(ROOT / "source" / path, top / "source" / path)
        text = top / "source/zzz/en.yaml"
        figure = "      - {type: figure, image: knee.png, alt: A knee, caption: Press here.}\n"
        text.write_text(text.read_text().replace("    blocks:\n", f"    blocks:\n{figure}", 1))
        (top / "source/zzz/knee.png").write_bytes(picture("teal"))
        for name in HANDOUTS:
            shutil.copy(top / "source" / name / f"{LANG}.yaml", top / "source" / name / f"{SECOND}.yaml")
        shutil.copytree(ROOT / "source/brands/harbour-lane", top / BRAND)
        (top / PROFILE).write_bytes((ROOT / "layouts/press/fogra39.icc").read_bytes())
        names = top / BRAND / "_brand.yml"
        press = "  handout:\n    press: {profile: shop.icc, condition: Shop 7, ink_limit: 290}\n"
        names.write_text(names.read_text().replace("  handout:\n", press, 1))
        layouts = top / BRAND / "layouts"
        layouts.mkdir()
        included = '{% include "parts/ours.html" %}\n'
        (layouts / "brand.html").write_text("{# ours #}\n" + included + (ROOT / "layouts/brand.html").read_text())
        (layouts / "parts").mkdir()
        (layouts / "parts" / "ours.html").write_text("{# ours #}\n")
        (layouts / "epub").mkdir()
        (layouts / "epub/cover.xhtml").write_text("{# ours #}\n" + (ROOT / "layouts/epub/cover.xhtml").read_text())
        (layouts / "book.css").write_text("p { margin: 0 }")
        (layouts / "dot.png").write_bytes(picture("navy"))

    shutil.copytree(once(run_folder / "moments", first), tmp_path / "now")
    layouts = tmp_path / "now" / BRAND / "layouts"
    dot = (layouts / "dot.png").as_uri()
    (layouts / "print.css").write_text(f"h2 {{ background: url('{dot}') }}")
    monkeypatch.chdir(tmp_path / "now")
    return tmp_path / "now"


@contextmanager
def watched(at_moment: Callable[[Path | None], None], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Call something before and after each file that is read or looked for, with its path, and around each product."""

    def around(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **more: Any) -> Any:
            path = arguments[0] if isinstance(arguments[0], Path) else None
            at_moment(path)
            try:
                return real(*arguments, **more)
            finally:
                at_moment(path)

        return called

    with monkeypatch.context() as patched:
        for name in ("read", "exists", "state"):
            patched.setattr(source_files, name, around(getattr(source_files, name)))
        for name in ("make", "write_all"):
            patched.setattr(worker, name, around(getattr(worker, name)))
        yield


class Moments:
    """Edits a file at one moment and puts it back at another, counted from a moment at which it is itself touched."""

    def __init__(self, path: Path, edited: bytes | None, before: bytes | None, chance: random.Random) -> None:
        self.path, self.edited, self.before = path, edited, before
        # Some files are touched twice only, others often.
        self.touch, self.lasts = chance.randint(1, chance.choice((2, 8))), chance.choice((1, 2, 5, 20, 60, 200))
        self.touched = self.passed = 0
        self.state = ""
        """What lies there: "edited", or what was there before."""

    def __call__(self, path: Path | None) -> None:
        """One more moment."""
        self.touched += path is not None and path.resolve() == self.path.resolve()
        if self.touched == self.touch and not self.state and not self.passed:
            write(self.path, self.edited)
            self.state = "edited"
        elif self.state:
            self.passed += 1
            if self.passed == self.lasts:
                write(self.path, self.before)
                self.state = ""


def orders(brand: Path | None, second: str) -> list[Order]:
    """One with a book, and one that is quickly made: two that are made after another share what was loaded."""
    quick = (EDITIONS["press" if brand else "one-page"],)
    editions = {"aaa": quick, "zzz": ()}
    return [Order(Path("source") / name, LANG, brand, editions[name], second=second) for name in HANDOUTS]


def built(out: str, ordered: list[Order], *, strict: bool, rebuild: bool = False) -> dict[str, bytes]:
    """Build, and return what is said to be there now."""
    try:
        paths = build(ordered, Path(out), ("pdf", "epub"), strict=strict, rebuild=rebuild).paths
    except HandoutError as error:
        paths = list(error.written)
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


def write(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)


def kind_of(path: str) -> str:
    """Tell what an edited file is of: "brand", the second language, or nothing of these."""
    if path.startswith(str(BRAND)):
        return "brand"
    return SECOND if Path(path).name.partition(".")[0] == SECOND else ""


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
# What was changed in a brand is an error where all is strict.
@pytest.mark.parametrize(
    ("brand", "second", "strict"),
    [(None, "", False), (None, "", True), (BRAND, "", False), (None, SECOND, False)],
)
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_stale_is_ever_taken_for_fresh(
    brand: Path | None, second: str, part: int, monkeypatch: pytest.MonkeyPatch, *, strict: bool
) -> None:
    if not strict:
        for name in HANDOUTS:
            leave_advice_out(Path("source") / name / f"{LANG}.yaml")
            leave_advice_out(Path("source") / name / f"{SECOND}.yaml")
    chance = random.Random(f"{brand} {second} {strict} {part} {os.environ.get('SEED', '')}")
    edits = [name for name, (path, _) in EDITS.items() if kind_of(path) == ("brand" if brand else second)]
    if brand or second:
        edits += ["text", "shared words", "picture"]
    ordered = orders(brand, second)
    touched: set[Path] = set()
    with watched(lambda path: touched.add(path.resolve()) if path else None, monkeypatch):
        clean = {"": built("dist", ordered, strict=strict)}
    assert clean[""]
    here = {
        path.relative_to(Path.cwd()).as_posix()
        for path in touched
        if path.is_file() and path.is_relative_to(Path("source").resolve())
    }
    assert here <= {path for path, _ in EDITS.values()}  # or an edit of it would not be tried
    again = build(ordered, Path("dist"), ("pdf", "epub"), strict=strict)
    assert again.unchanged == len(again.paths)  # or nothing could ever be stale
    chance.shuffle(edits)
    for number in range(TRIES // PARTS // 4):
        name = edits[number % len(edits)]
        path, edit = Path(EDITS[name][0]), EDITS[name][1]
        before = path.read_bytes() if path.exists() else None
        # All from nothing, or only what has changed.
        if chance.random() < 0.7:
            shutil.rmtree("dist", ignore_errors=True)
        moments = Moments(path, edit(before), before, chance)
        with watched(moments, monkeypatch):
            built("dist", ordered, strict=strict)
        kept = name if moments.state else ""
        there = built("dist", ordered, strict=strict)
        if kept not in clean:
            clean[kept] = built("clean", ordered, strict=strict, rebuild=True)
        assert there == clean[kept], f"try {number}: {name}, touch {moments.touch}, for {moments.lasts}"
        write(path, before)
        if kept:
            assert built("dist", ordered, strict=strict) == clean[""], f"try {number}: {name}, put back"
