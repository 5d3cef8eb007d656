"""What all copies of a kind have in common: the handout laid out and written once, with boxes for one person's words.

The template is a whole PDF with empty boxes. A copy is the template and, behind it, an incremental update (PDF 1.7,
7.5.6) that gives new contents to objects that were made for it: pieces of the content of pages with boxes; of each
typeface, the outlines that the copy needs. Whatever is not named in the update stays byte for byte as it is. So tags,
links and metadata are those of the handout, which the engine has written and every check has passed.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from handout_builder import pipeline
from handout_builder.content.schema.topics import SYSTEMS
from handout_builder.copies.subset_font import Face, to_unicode
from handout_builder.errors import HandoutError, Problem
from handout_builder.progress import Progress, silent
from handout_builder.render.personal import Words
from handout_builder.render.product import Product
from handout_builder.render.typography import printed
from handout_builder.resources import FONTS
from handout_builder.text import markdown
from handout_builder.tokens import Theme

if TYPE_CHECKING:
    from handout_builder.pdf.pages import Pages

# What stands in each box while the handout is laid out; it is taken out again.
_PLACEHOLDER, _HAN_PLACEHOLDER = "–", "一"
# From this weight on the bold face is taken (CSS Fonts 4, 5.2, with faces of 400 and 700).
_BOLD = 600
_OWN = {"latin": "NotoSans", "han": "HandoutHan"}
_NAMES = {"NotoSans": "Noto-Sans", "HandoutHan": "Handout-Han"}
# What a box may not be set in, as the words are not laid out by the engine: properties and their only values.
_PLAIN = {
    "direction": ("ltr",),
    "font_style": ("normal",),
    "font_stretch": ("normal",),
    "letter_spacing": ("normal", 0),
    "word_spacing": (0,),
    "text_align_all": ("start", "left", "justify"),
    "text_transform": ("none",),
    "font_variant_caps": ("normal",),
}
_NEAR = 0.02
"""Two lengths in px that are this near are the same."""
_MARKED = re.compile(rb"/\w+\s*<<\s*/MCID (\d+)\s*>>\s*BDC\b.*?\bEMC\b", re.DOTALL)
_TEXT = re.compile(rb"BT\s+1 0 0 -1 ([-\d.]+) ([-\d.]+) Tm\s+/\S+ ([\d.]+) Tf\s.*?ET\n?", re.DOTALL)
# In bytes.
_MOST_BETWEEN = 1500
# Faces are alike only where they have the tags of their own.
_TAG = "COPY{}{}"


@dataclass(frozen=True)
class FaceFile:
    """Where a face comes from: a file of ours, or the bytes of a clinic's."""

    name: str
    """Its PostScript name."""
    file: str = ""
    data: bytes = b""

    def load(self) -> Face:
        """Return the face."""
        return Face(self.data or (FONTS / self.file).read_bytes(), self.name)


@dataclass(frozen=True)
class Slot:
    """The objects of a face in the template that a copy gives its own."""

    source: FaceFile
    outlines: int
    glyph_map: int
    to_unicode: int
    tells: bool
    """Whether the template tells what all its glyphs are read as; a copy does else."""


@dataclass(frozen=True)
class Box:
    """The box of a field: lengths in px, places from the upper edge of the page."""

    name: str
    x: float
    base: float
    """The base line of the first line."""
    base_han: float
    """The same where letters are taken from the typeface for Han first."""
    width: float
    lines: int
    leading: float
    size: float
    families: tuple[int, ...]
    """The faces for its words, by their numbers, the first one first."""
    families_han: tuple[int, ...]
    """The same for Chinese, Japanese and Korean words."""
    element: int
    """The object of its tag."""
    tag: bytes
    """The tag, but for the language and the end."""


@dataclass(frozen=True)
class PageContent:
    """A piece of a page's content that has boxes: what is before, between and behind them."""

    number: int
    """The object."""
    around: tuple[bytes, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Template:
    """A handout in one language, brand and edition, ready to be filled."""

    name: str
    lang: str
    title: str
    """In plain words."""
    pdf: bytes
    pages: tuple[PageContent, ...]
    slots: tuple[Slot, ...]
    size: int
    """The number of the first object that it has not."""
    startxref: int
    root: int
    info: int
    ident: bytes
    """The first part of the identifier, in hexadecimal digits."""
    topics: tuple[tuple[str, str], ...] = ()
    """Systems and codes of what it is about, as FHIR has them."""

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """All boxes, in the order in which they are drawn."""
        return tuple(box for page in self.pages for box in page.boxes)


def personal_names(product: Product) -> list[str]:
    """Return the names of a handout's boxes, in the order in which they are read; raises HandoutError for none."""
    names = [box.name for box in product.source.handout.personal_boxes]
    if not names:
        hint = "say under 'personal:' which fields there are, and where: see docs/personal.md"
        message = "the handout leaves no room for one person's words"
        raise HandoutError([Problem("not-personal", message, product.source.path, hint=hint)])
    return names


def compiled(product: Product, progress: Progress = silent) -> Template:
    """Lay a handout out and return its template.

    Raises HandoutError for a handout that has no boxes, or none on its pages, for an edition that cannot be filled, and
    where the handout itself cannot be made.
    """
    from handout_builder.pdf import typeset  # noqa: PLC0415  # the engine takes most of a start's time

    edition = product.edition
    if edition.sheets or edition.colours == "cmyk" or edition.standard != "ua-1":
        message = f"copies are not made of the edition {edition.name}"
        hint = "take a4, letter, large-print or greyscale, as PDF/UA-1; a print shop takes --out FILE.pdf"
        raise HandoutError([Problem("personal-edition", message, product.source.folder, hint=hint)])
    names = personal_names(product)
    made = printed(replace(product, personal=dict.fromkeys(names, Words(_PLACEHOLDER))))
    made, pages, _ = pipeline.laid_out(made, progress)
    typeset.checked(pages, made)
    places = _Places.of(pages, product)
    others = {name: place.base for name, place in places.items()}
    if product.brand and any(face.use == "text" for face in product.brand.faces):
        # Its base lines may lie elsewhere than those of our typeface for Han.
        in_han = printed(replace(product, personal=dict.fromkeys(names, Words(_HAN_PLACEHOLDER, "ja"))))
        _, set_in_han, _ = pipeline.laid_out(in_han, progress)
        others = {name: place.base for name, place in _Places.of(set_in_han, product).items()}
    if lost := [name for name in names if name not in places]:
        message = f"these boxes are not on the pages of the edition {edition.name}: {', '.join(lost)}"
        raise HandoutError([Problem("not-personal", message, product.source.folder, hint="take another edition")])
    return _Writer(product, typeset.write(pages, made), places, others).template()


@dataclass(frozen=True)
class _Place:
    """Where a box stands, as it was laid out."""

    x: float
    base: float
    width: float
    height: float
    leading: float
    families: tuple[str, ...]
    bold: bool


class _Places(dict[str, _Place]):
    """The boxes of laid-out pages by their names."""

    @classmethod
    def of(cls, pages: "Pages", product: Product) -> "_Places":
        """Return them; raises HandoutError for a box that words cannot be written into."""
        found = cls()
        for page in pages.document.pages:
            for box in page._page_box.descendants():
                name = box.element.get("data-field") if box.element is not None else None
                lines = getattr(box, "children", ())
                if not name or name in found or not lines or type(lines[0]).__name__ != "LineBox":
                    continue
                style = box.style
                for key, values in _PLAIN.items():
                    if style[key] not in values:
                        raise _unfit(product, name, f"{key.replace('_', '-')} is {style[key]}")
                line = lines[0]
                found[name] = _Place(
                    box.content_box_x(),
                    line.position_y + line.baseline,
                    box.width,
                    box.height,
                    line.height,
                    tuple(style["font_family"]),
                    style["font_weight"] >= _BOLD,
                )
        return found


def _unfit(product: Product, name: str, why: str) -> HandoutError:
    hint = "boxes are set in plain text, from left to right: see docs/personal.md"
    return HandoutError(
        [Problem("personal-box", f"copies cannot fill the box '{name}': {why}", product.source.folder, hint=hint)]
    )


class _Cut(NamedTuple):
    """Words in a page's content, from BT to ET."""

    start: int
    end: int
    name: str
    x: float
    base: float
    size: float


def _near_each_other(cuts: Sequence[_Cut]) -> list[list[_Cut]]:
    """Return cuts in groups between which so much lies that no copy should hold it."""
    groups: list[list[_Cut]] = []
    for cut in cuts:
        if groups and cut.start - groups[-1][-1].end < _MOST_BETWEEN:
            groups[-1].append(cut)
        else:
            groups.append([cut])
    return groups


class _Writer:
    """Makes a template of a PDF whose boxes hold a placeholder."""

    def __init__(self, product: Product, data: bytes, places: _Places, others: Mapping[str, float]) -> None:
        self._product, self._places, self._others = product, places, others
        self._pdf = pikepdf.open(io.BytesIO(data))
        self._sources: list[FaceFile] = []
        self._tells: list[bool] = []
        self._opened: list[tuple[int, int]] = []
        """By piece with boxes, its page and its place among the pieces of the page."""
        self._boxes: list[list[Box]] = []
        self._around: list[tuple[bytes, ...]] = []

    def template(self) -> Template:
        """Return the template."""
        for page, marks in self._marks():
            if marks:
                self._open(page, marks)
        self._add_faces([self._pdf.pages[index] for index, _ in self._opened])
        out = io.BytesIO()
        self._pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            deterministic_id=True,
            fix_metadata_version=False,
        )
        return self._read_again(out.getvalue())

    def _marks(self) -> Iterator[tuple[Any, dict[int, tuple[str, Any]]]]:
        """Yield each page with the names and tags of its boxes, by the number of what is marked (MCID)."""
        elements = [
            item for item in self._pdf.objects if isinstance(item, Dictionary) and "/S" in item and "/T" in item
        ]
        for page in self._pdf.pages:
            marks: dict[int, tuple[str, Any]] = {}
            for element in elements:
                name, kids = str(element.T), element.get("/K")
                if name in self._places and element.get("/Pg") == page.obj:
                    if not isinstance(kids, Array) or len(kids) != 1 or not isinstance(kids[0], int):
                        raise _unfit(self._product, name, "it holds more than words")
                    marks[int(kids[0])] = (name, element)
            yield page, marks

    def _open(self, page: Any, marks: dict[int, tuple[str, Any]]) -> None:
        """Cut the words out of a page's content, which becomes three pieces."""
        content = page.Contents.read_bytes()
        cuts: list[_Cut] = []
        for marked in _MARKED.finditer(content):
            if int(marked[1]) not in marks:
                continue
            name, _ = marks[int(marked[1])]
            found = _TEXT.findall(marked[0])
            if len(found) != 1:
                raise _unfit(self._product, name, "its words are not drawn in one piece")
            text = _TEXT.search(content, marked.start())
            assert text
            x, base, size = map(float, found[0])
            place = self._places[name]
            if abs(x - place.x) > _NEAR or abs(base - place.base) > _NEAR:
                raise _unfit(self._product, name, "its words do not begin at its left edge")
            cuts.append(_Cut(text.start(), text.end(), name, x, base, size))
        if {cut.name for cut in cuts} != {name for name, _ in marks.values()}:
            raise _unfit(self._product, next(iter(marks.values()))[0], "its words are not on the page")
        pieces, at = list[Stream](), 0
        for group in _near_each_other(cuts):
            first, last = group[0].start, group[-1].end
            edges = [first, *(edge for cut in group for edge in (cut.start, cut.end)), last]
            around = tuple(content[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
            pieces += [Stream(self._pdf, content[at:first]), Stream(self._pdf, b"\n".join(around))]
            self._opened.append((page.index, len(pieces) - 1))
            self._around.append(around)
            self._boxes.append([self._box(cut) for cut in group])
            at = last
        pieces.append(Stream(self._pdf, content[at:]))
        page.Contents = Array([self._pdf.make_indirect(piece) for piece in pieces])

    def _box(self, cut: _Cut) -> Box:
        place = self._places[cut.name]
        lines = int((place.height + _NEAR) / place.leading)
        other = cut.base + self._others[cut.name] - place.base
        latin, han = self._families(place)
        return Box(cut.name, cut.x, cut.base, other, place.width, lines, place.leading, cut.size, latin, han, 0, b"")

    def _families(self, place: _Place) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the faces of a box for Latin and for Han words, by their numbers."""
        tokens = Theme().tokens
        weight = "Bold" if place.bold else "Regular"
        ours = {
            tokens[use].strip('"'): FaceFile(f"{_NAMES[stem]}-{weight}", f"{stem}-{weight}.ttf")
            for use, stem in _OWN.items()
        }
        clinics = {face.family: face for face in self._product.brand.faces} if self._product.brand else {}
        chosen = [family for family in dict.fromkeys(place.families) if family in ours or family in clinics]
        numbers = {}
        for family in chosen:
            source = ours.get(family) or self._clinics_face(family, place.bold)
            if source not in self._sources:
                self._sources.append(source)
            numbers[family] = self._sources.index(source)
        han = [tokens[use].strip('"') for use in ("han", "latin")]  # layouts/print.css, :lang(zh)
        return tuple(numbers[family] for family in chosen), tuple(numbers[family] for family in han)

    def _clinics_face(self, family: str, bold: bool) -> FaceFile:
        from handout_builder.typefaces import clinic_font  # noqa: PLC0415  # only with a brand

        assert self._product.brand
        faces = [face for face in self._product.brand.faces if face.family == family]
        face = min(faces, key=lambda face: (face.weight >= _BOLD) != bold)
        data = clinic_font.cut(face.font, map(chr, sorted(face.font.characters)), face.family, face.weight)
        return FaceFile(f"{family.replace(' ', '-')}-{face.weight}", data=data)

    def _add_faces(self, pages: Sequence[Any]) -> None:
        """Put typefaces without outlines into the resources of pages."""
        dictionaries = {page.Resources.Font.objgen: page.Resources.Font for page in pages}
        for number, source in enumerate(self._sources):
            face, tag = source.load(), _TAG.format(*(chr(65 + number // 26), chr(65 + number % 26)))
            tells = len(face.characters) < 5000  # noqa: PLR2004  # a hundredth of a file; for Han it would be two
            self._tells.append(tells)
            parts = {
                "Outlines": Stream(self._pdf, face.small_font([])),
                "Map": Stream(self._pdf, face.glyph_map([])),
                "Text": Stream(self._pdf, to_unicode(sorted(face.texts.items()) if tells else [])),
            }
            parts["Outlines"].Length1 = len(face.small_font([]))
            objects = {name: self._pdf.make_indirect(stream) for name, stream in parts.items()}
            descriptor: Any = pikepdf.Object.parse(face.descriptor(tag))
            descriptor.FontFile2 = objects["Outlines"]
            name = Name(f"/{tag}+{face.name}")
            below = Dictionary(
                Type=Name.Font,
                Subtype=Name.CIDFontType2,
                BaseFont=name,
                CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
                CIDToGIDMap=objects["Map"],
                FontDescriptor=self._pdf.make_indirect(descriptor),
                DW=1000,
                W=self._pdf.make_indirect(pikepdf.Object.parse(b"[" + face.widths + b"]")),
            )
            font = Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=name,
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([self._pdf.make_indirect(below)]),
                ToUnicode=objects["Text"],
            )
            for fonts in dictionaries.values():
                fonts[f"/C{number}"] = self._pdf.make_indirect(font)

    def _read_again(self, data: bytes) -> Template:
        """Return the template of the finished file, whose objects have new numbers."""
        pdf = pikepdf.open(io.BytesIO(data))
        elements = {
            str(item.T): item for item in pdf.objects if isinstance(item, Dictionary) and "/S" in item and "/T" in item
        }
        pages = []
        for (index, place), around, boxes in zip(self._opened, self._around, self._boxes, strict=True):
            filled = []
            for box in boxes:
                element = elements[box.name]
                tag = element.unparse(resolved=True).rstrip().removesuffix(b">>")
                filled.append(replace(box, element=element.objgen[0], tag=tag))
            pages.append(PageContent(pdf.pages[index].Contents[place].objgen[0], around, tuple(filled)))
        fonts = pdf.pages[self._opened[0][0]].Resources.Font
        slots = []
        for number, (source, tells) in enumerate(zip(self._sources, self._tells, strict=True)):
            font = fonts[f"/C{number}"]
            below = font.DescendantFonts[0]
            parts = (below.FontDescriptor.FontFile2, below.CIDToGIDMap, font.ToUnicode)
            outlines, glyph_map, text = (part.objgen[0] for part in parts)
            slots.append(Slot(source, outlines, glyph_map, text, tells))
        start = re.findall(rb"startxref\s+(\d+)", data)[-1]
        info, topics = pdf.trailer.get("/Info"), self._product.source.handout.topics
        return Template(
            self._product.name,
            self._product.source.lang,
            " · ".join(markdown.plain(source.handout.title) for source in self._product.sources),
            data,
            tuple(pages),
            tuple(slots),
            int(pdf.trailer.Size),
            int(start),
            pdf.Root.objgen[0],
            info.objgen[0] if info is not None else 0,
            bytes(pdf.trailer.ID[0]).hex().encode(),
            tuple((SYSTEMS[system], code) for system, code in topics.by_system) if topics else (),
        )
