"""PDFs of strangers are counted before they are drawn: what would take for ever is refused at once."""

from __future__ import annotations

import base64
import io
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from handout_builder.brand import pdf_contents
from handout_builder.brand.logo import LogoError, prepare

RECT = b"0 g 5 5 20 20 re f "


def form(document: Pdf, content: bytes, **resources: object) -> pikepdf.Object:
    made = pikepdf.Stream(document, content)
    made["/Subtype"], made["/BBox"] = Name.Form, Array([0, 0, 90, 30])
    if resources:
        made["/Resources"] = Dictionary({f"/{key}": value for key, value in resources.items()})
    return document.make_indirect(made)


def pdf(content: bytes, fill: Callable[[Pdf], dict[str, object]] = lambda _: {}) -> bytes:
    """A PDF of one page; `fill` makes what its content calls by name."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(90, 30))
    page = document.pages[0].obj
    page["/Contents"] = document.make_stream(content)
    page["/Resources"] = Dictionary({f"/{key}": value for key, value in fill(document).items()})
    out = io.BytesIO()
    document.save(out, compress_streams=True)
    return out.getvalue()


def laughs(document: Pdf) -> dict[str, object]:
    drawn = form(document, RECT)
    for _ in range(9):
        drawn = form(document, b"/F Do " * 10, XObject=Dictionary({"/F": drawn}))
    return {"XObject": Dictionary({"/F": drawn})}


def masks(document: Pdf) -> dict[str, object]:
    drawn = form(document, RECT)
    for _ in range(9):
        state = Dictionary(SMask=Dictionary(S=Name.Luminosity, G=drawn))
        drawn = form(document, (b"/G gs " + RECT) * 10, ExtGState=Dictionary({"/G": state}))
    return {"XObject": Dictionary({"/F": drawn})}


def ring(document: Pdf) -> dict[str, object]:
    drawn = form(document, b"/F Do")
    drawn["/Resources"] = Dictionary(XObject=Dictionary({"/F": drawn}))
    return {"XObject": Dictionary({"/F": drawn})}


def chain(document: Pdf) -> dict[str, object]:
    drawn = form(document, RECT)
    for _ in range(60):
        drawn = form(document, b"/F Do", XObject=Dictionary({"/F": drawn}))
    return {"XObject": Dictionary({"/F": drawn})}


def picture(document: Pdf) -> dict[str, object]:
    image = pikepdf.Stream(document, b"\0" * 100)
    image["/Subtype"], image["/Width"], image["/Height"] = Name.Image, 100_000, 100_000
    return {"XObject": Dictionary({"/F": document.make_indirect(image)})}


def pattern(document: Pdf) -> dict[str, object]:
    made = pikepdf.Stream(document, RECT)
    made["/PatternType"], made["/XStep"], made["/YStep"] = 1, 0.001, 0.001
    return {"Pattern": Dictionary({"/F": document.make_indirect(made)})}


def edited(data: bytes, edit: Callable[[Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as document:
        edit(document)
        out = io.BytesIO()
        document.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def packed_as_letters(document: Pdf) -> None:
    document.pages[0].obj.Contents.write(base64.a85encode(zlib.compress(RECT)) + b"~>", filter=Name.ASCII85Decode)
    document.pages[0].obj.Contents.Filter = Array([Name.ASCII85Decode, Name.FlateDecode])


def below_nodes(document: Pdf) -> None:
    """Let the page be some nodes below the one that has its resources."""
    page, top = document.pages[0].obj, document.Root.Pages
    top.Resources = page.Resources
    del page["/Resources"]
    for _ in range(3):
        node = document.make_indirect(Dictionary(Type=Name.Pages, Count=1, Kids=top.Kids, Parent=top))
        for kid in node.Kids:
            kid.Parent = node
        top.Kids = Array([node])


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "forms of forms": (lambda: pdf(b"/F Do", laughs), "draws too much"),
    "a name written otherwise": (lambda: pdf(b"/#46 Do", laughs), "draws too much"),
    "a remark before the word": (lambda: pdf(b"/F%\nDo", laughs), "draws too much"),
    "forms of forms in a node above": (lambda: edited(pdf(b"/F Do", laughs), below_nodes), "draws too much"),
    "masks of masks": (lambda: pdf(b"/F Do", masks), "draws too much"),
    "a form in itself": (lambda: pdf(b"/F Do", ring), "hold themselves"),
    "forms sixty deep": (lambda: pdf(b"/F Do", chain), "too deeply"),
    "many shapes": (lambda: pdf(RECT * 100_000), "draws too much"),
    "a page of blanks": (lambda: pdf(b" " * 50_000_000), "draws too much"),
    "a large picture": (lambda: pdf(b"/F Do", picture), "50 million"),
    "a pattern": (lambda: pdf(b"/Pattern cs /F scn 0 0 90 30 re f", pattern), "repeats"),
    "letters that are drawings": (
        lambda: pdf(b"BT /F 9 Tf (a) Tj ET", lambda _: {"Font": Dictionary(F=Dictionary(Subtype=Name.Type3))}),
        "Type 3",
    ),
    "packed twice": (
        lambda: pdf(b"").replace(b"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]"),
        "unusual|damaged",
    ),
    "nothing": (lambda: b"%PDF-1.7\n", "damaged"),
}


def shades(document: Pdf) -> dict[str, object]:
    """A gradient, letters of a usual font, and a small picture that is seen through."""
    mask, image = (pikepdf.Stream(document, b"\0" * 100) for _ in range(2))
    for one in (mask, image):
        one["/Subtype"], one["/Width"], one["/Height"] = Name.Image, 10, 10
        one["/ColorSpace"], one["/BitsPerComponent"] = Name.DeviceGray, 8
    image["/SMask"] = document.make_indirect(mask)
    function = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0], C1=[1], N=1)
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceGray, Coords=[0, 0, 90, 0], Function=function)
    return {
        "Font": Dictionary(T=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)),
        "Pattern": Dictionary(P=Dictionary(PatternType=2, Shading=shading)),
        "XObject": Dictionary({"/F": document.make_indirect(image)}),
        "ExtGState": Dictionary(E=Dictionary(SMask=Name("/None"))),
    }


def test_what_a_logo_may_hold_is_counted() -> None:
    """One by one: the bytes, what paints, and pixels."""
    content = b"/E gs /Pattern cs /P scn 5 5 20 20 re f BT /T 9 Tf (a) Tj ET /F Do"
    made = pdf(content, shades)
    pdf_contents.check(made)
    with pikepdf.open(io.BytesIO(made)) as document:
        assert pdf_contents._Counter().page(document.pages[0].obj) == len(content) + 2 * 600 + 2 * (100 // 100)
    pdf_contents.check(edited(pdf(RECT), packed_as_letters))


def test_pdf_of_too_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_contents, "_MOST_OBJECTS", 3)
    with pytest.raises(pdf_contents.PdfError, match="more than 3 parts"):
        pdf_contents.check(pdf(RECT))


@pytest.mark.parametrize("kind", BAD)
def test_pdf_that_draws_without_end_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    make, words = BAD[kind]
    path = tmp_path / "logo.pdf"
    path.write_bytes(make())
    start = time.process_time()
    with pytest.raises(LogoError, match=words) as caught:
        prepare(path, "A logo", (38, 14))
    assert caught.value.hint
    assert time.process_time() - start < 2


@pytest.mark.parametrize("packed", [True, False])
def test_usual_pdf_is_taken(packed: bool) -> None:
    document = pikepdf.open(io.BytesIO(pdf(b"/F Do", lambda d: {"XObject": Dictionary({"/F": form(d, RECT)})})))
    out = io.BytesIO()
    document.save(out, compress_streams=packed, stream_decode_level=None if packed else pikepdf.StreamDecodeLevel.all)
    pdf_contents.check(out.getvalue())


def test_logo_is_as_sharp_wherever_it_stands_on_its_page(tmp_path: Path) -> None:
    sizes = []
    for edge in (0, 700):
        document = pikepdf.new()
        document.add_blank_page(page_size=(90 + 2 * edge, 30 + 2 * edge))
        content = f"1 0 0 1 {edge} {edge} cm 0 g 0 0 90 30 re f".encode()
        document.pages[0].obj["/Contents"] = document.make_stream(content)
        document.save(tmp_path / "logo.pdf")
        ready, _ = prepare(tmp_path / "logo.pdf", "A logo", (38, 14))
        sizes.append((ready.width, ready.height))
    assert sizes[0] == pytest.approx((38, 38 / 3), rel=0.02)
    assert sizes[1] == pytest.approx(sizes[0], rel=0.02)
