"""Draw the logos and cut the fonts of the example brands and of the tests' brands.

    python docs/make_brands.py                 # fetches the fonts' packages with npm
    python docs/make_brands.py --packages DIR  # packages that were fetched before

The logos are ours, drawn here; letters in them are outlines of Noto Sans Bold and Noto Serif JP Bold (OFL 1.1).
All clinics are fictional, except that Cell Healing is named in the text of the first handout. Needs what
``make test`` installs.
"""

import argparse
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pypdfium2
import uharfbuzz as hb
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
BOLD = ROOT / "fonts" / "NotoSans-Bold.ttf"
EXAMPLES, TESTS = ROOT / "source" / "brands", ROOT / "tests" / "samples" / "brands"

# package -> sha256 of what npm writes
PACKAGES = {
    "noto-serif@0.4.2": "78810a8143112a326def7ec976601ecb9855a9e79082c727246beec4f0531d0c",
    "noto-serif-jp@0.4.3": "4805f4369a831140d0c1a5650e90296cff2641ff202da43ef5272edc2e0866ee",
    "nunito@0.4.2": "0587c2bb273575fcd9238db5ea4405a65cb4f7ae8fcadfbef059c1b16ef8e773",
}
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x1CD, 0x1DD), *range(0x2010, 0x2028), 0x2030, 0x20AC, 0x2122]
JAPANESE = [*map(ord, "青空鍼灸院東京都架空町一丁目番号あおぞらしんきゅういん・アオゾラ")]
# font -> (package, file in it, characters)
FONTS = {
    EXAMPLES / "harbour-lane" / "NotoSerif-Bold.ttf": ("noto-serif@0.4.2", "700Bold/NotoSerif_700Bold.ttf", LATIN),
    TESTS / "pastel" / "Nunito-Regular.ttf": ("nunito@0.4.2", "400Regular/Nunito_400Regular.ttf", LATIN),
    TESTS / "pastel" / "Nunito-Bold.ttf": ("nunito@0.4.2", "700Bold/Nunito_700Bold.ttf", LATIN),
    TESTS / "aozora" / "NotoSerifJP-Bold.ttf": (
        "noto-serif-jp@0.4.3",
        "700Bold/NotoSerifJP_700Bold.ttf",
        [*LATIN, *JAPANESE],
    ),
}


def fetch(folder: Path) -> dict[str, dict[str, bytes]]:
    """Return the files of each package, fetched into ``folder`` where they are not there yet."""
    contents = {}
    for package, sha256 in PACKAGES.items():
        file = folder / f"expo-google-fonts-{package.replace('@', '-')}.tgz"
        if not file.exists():
            subprocess.run(["npm", "pack", "--silent", f"@expo-google-fonts/{package}"], cwd=folder, check=True)
        data = file.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise SystemExit(f"{file.name} is not the file that was used")
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            members = [m for m in archive.getmembers() if m.isfile() and m.name.endswith((".ttf", "LICENSE_FONT"))]
            contents[package] = {m.name.removeprefix("package/"): archive.extractfile(m).read() for m in members}
    return contents


def cut(data: bytes, characters: Iterable[int]) -> bytes:
    """Return a font with these characters only."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    options = Options(hinting=False, notdef_outline=True, layout_features=["kern", "liga", "ccmp", "mark", "locl"])
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def letters(
    text: str, x: float, y: float, size: float, colour: str, font_file: Path = BOLD, tracking: float = 0
) -> str:
    """Return a line of text as one path; x and y are where its baseline begins."""
    font = TTFont(font_file)
    glyphs = font.getGlyphSet()
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(hb.Font(hb.Face(hb.Blob.from_file_path(str(font_file)))), buffer)
    scale = size / font["head"].unitsPerEm
    path = ""
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        pen = SVGPathPen(glyphs, lambda value: f"{value:.2f}".rstrip("0").rstrip("."))
        glyphs[font.getGlyphName(info.codepoint)].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
        path += pen.getCommands()
        x += place.x_advance * scale + tracking
    return f'<path d="{path}" fill="{colour}"/>'


def svg(width: float, height: float, body: str) -> bytes:
    """Return a drawing."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"{body}</svg>\n"
    ).encode()


def waves(colours: tuple[str, str, str]) -> bytes:
    """Draw a harbour: sun over three waves."""
    sun, sea, ground = colours
    lines = "".join(
        f'<path d="M{x},{y}q11,-9 22,0t22,0t22,0" fill="none" stroke="{sea}" stroke-width="6" stroke-linecap="round"/>'
        for x, y in ((17, 62), (22, 75))
    )
    return svg(
        100,
        100,
        f'<circle cx="50" cy="50" r="47" fill="{ground}" stroke="{sea}" stroke-width="6"/>'
        f'<path d="M30,48a20,20 0 0 1 40,0z" fill="{sun}"/>{lines}',
    )


def bridge(colour: str, ground: str) -> bytes:
    """Draw a gate: two pillars and an arch in a square."""
    gate = (
        f'<path d="M8,0h64a8,8 0 0 1 8,8v64a8,8 0 0 1 -8,8h-64a8,8 0 0 1 -8,-8v-64a8,8 0 0 1 8,-8z" fill="{colour}"/>'
        f'<path d="M18,64v-26a22,22 0 0 1 44,0v26h-11v-25a11,11 0 0 0 -22,0v25z" fill="{ground}"/>'
    )
    return svg(80, 80, gate)


def leaves() -> bytes:
    """Draw two leaves on a stem, with pale colours."""
    leaf = "M60,92c-26,-4 -40,-26 -38,-56c26,2 42,24 38,56z"
    return svg(
        120,
        100,
        f'<path d="{leaf}" fill="#e8a598"/><path d="{leaf}" fill="#b8c9a9" transform="matrix(-1,0,0,1,120,0)"/>',
    )


def bolt() -> bytes:
    """Draw a bolt and four letters in two glaring colours, styled as drawing programs do."""
    return svg(
        230,
        80,
        "<style>.a{fill:url(#g)}.b{fill:#ff2bd6}</style>"
        '<defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1">'
        '<stop offset="0" stop-color="#39ff14"/><stop offset="1" stop-color="#c8ff00"/></linearGradient></defs>'
        '<path class="a" d="M34,2L6,46h20l-6,32l32,-46h-21z"/>'
        + letters("VOLT", 58, 66, 62, "", tracking=1).replace(' fill=""', ' class="b"'),
    )


def monogram() -> bytes:
    """Draw two letters between two lines."""
    lines = '<path d="M0,2h96M0,72h96" stroke="#000000" stroke-width="3"/>'
    return svg(96, 74, lines + letters("G&G", 4, 52, 37, "#000000"))


def sky(font: Path) -> bytes:
    """Draw a sun behind the two characters of the name."""
    return svg(
        150, 80, '<circle cx="42" cy="40" r="38" fill="#d6e8f5"/>' + letters("青空", 14, 60, 56, "#1c5d99", font)
    )


def pixels(drawing: bytes, height: int) -> Image.Image:
    """Return a drawing as pixels, transparent where nothing is drawn."""
    with pypdfium2.PdfDocument(page(drawing)) as document:
        scale = height / document[0].get_height()
        return document[0].render(scale=scale, fill_color=(0, 0, 0, 0), may_draw_forms=False).to_pil().convert("RGBA")


def page(drawing: bytes) -> bytes:
    """Return a drawing as a PDF of its size."""
    import weasyprint  # noqa: PLC0415

    size = drawing.decode().partition('width="')[2].split('"')
    css = f"@page {{ size: {size[0]}px {size[2]}px; margin: 0 }} body {{ margin: 0 }} svg {{ display: block }}"
    html = f"<html><head><style>{css}</style></head><body>{drawing.decode()}</body></html>"
    return weasyprint.HTML(string=html).write_pdf()


def main() -> None:
    """Write every file."""
    parser = argparse.ArgumentParser(description="Make the logos and fonts of the example and test brands.")
    parser.add_argument("--packages", type=Path, help="folder of the packages (default: fetched anew)")
    with tempfile.TemporaryDirectory() as scratch:
        packages = fetch(parser.parse_args().packages or Path(scratch))
    files = {path: cut(packages[name][file], characters) for path, (name, file, characters) in FONTS.items()}
    for path, (name, _, _) in FONTS.items():
        files[path.with_name("OFL.txt")] = packages[name]["LICENSE_FONT"]
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    words = letters("Cell Healing", 0, 46, 52, "#1b5466")
    files = {
        EXAMPLES / "cell-healing" / "wordmark.svg": svg(328, 62, words),
        EXAMPLES / "harbour-lane" / "logo.svg": waves(("#e0a458", "#12656b", "#ffffff")),
        EXAMPLES / "harbour-lane" / "logo-light.svg": waves(("#e0a458", "#ffffff", "#12656b")),
        TESTS / "navy" / "logo.svg": bridge("#0b2545", "#ffffff"),
        TESTS / "navy" / "logo-white.svg": bridge("#ffffff", "#0b2545"),
        TESTS / "neon" / "logo.svg": bolt(),
        TESTS / "mono" / "logo.pdf": page(monogram()),
    }
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    pixels(leaves(), 420).save(TESTS / "pastel" / "logo.png", optimize=True)
    sun = pixels(sky(TESTS / "aozora" / "NotoSerifJP-Bold.ttf"), 420)
    paper = Image.new("RGB", sun.size, "#ffffff")
    paper.paste(sun, mask=sun.getchannel("A"))
    paper.save(TESTS / "aozora" / "logo.jpg", quality=92, dpi=(300, 300))


if __name__ == "__main__":
    main()
