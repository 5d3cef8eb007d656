"""The process that renders: it keeps what several jobs need as long as the files of it are the same."""

import contextlib
import hashlib
import io
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handout_builder import source_files
from handout_builder.builder.file_cache import FileCache
from handout_builder.builder.garbage_collection import Garbage
from handout_builder.content import lines
from handout_builder.content.loader import Common, load, load_common
from handout_builder.errors import HandoutError, Problem, mistake
from handout_builder.orders import refuse_strange
from handout_builder.pipeline import Arrangement, make, preview, remarks, reviewed
from handout_builder.progress import Progress
from handout_builder.render.product import Product
from handout_builder.render.typography import printed
from handout_builder.studio.jobs import BrandFacts, EarlyPages, Job, PageFacts, Rendered, SheetJob, Spot
from handout_builder.watching import signatures, signatures_as_read

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand
    from handout_builder.pdf.layout_faults import Ink
    from handout_builder.pdf.pages import Pages

# Brands and languages that are kept loaded.
_MOST_KEPT = 12
# Objects of a page that say what it looks like stand no deeper.
_DEEPEST = 12


class _LeftOff(BaseException):
    """A job is not wanted any more; nothing that tells of errors tells of it."""


class Renderer:
    """Does one job after another."""

    def __init__(self) -> None:
        self.early: Callable[[EarlyPages], None] = lambda _: None
        self.dropped: Callable[[], bool] = lambda: False
        self._warm = False
        """Whether it has made a file before."""
        self._kept = FileCache(_MOST_KEPT)
        self._garbage = Garbage()
        self._looks: dict[int, tuple[PageFacts, bytes, int]] = {}
        """The pages of the last preview by their looks, each with a PDF that shows it, and its number in that."""
        self._arrangement: Arrangement | None = None
        """That of the pages that were made last."""

    def prepare(self) -> None:
        """Load the engine, which takes most of a start."""
        from handout_builder.builder.worker import load_engine  # noqa: PLC0415

        load_engine()

    def do(self, task: Job | SheetJob, _: Progress) -> Rendered | None:
        """Return what came of a job, None for one that was dropped; what is wrong is told, not raised."""
        begun = time.perf_counter()
        with source_files.recording() as read:
            try:
                with self._asked():
                    done = self._sheet(task) if isinstance(task, SheetJob) else self._handout(task)
            except _LeftOff:
                return None
            except HandoutError as error:
                done = Rendered(notes=error.problems, failed=True)
            except MemoryError:  # who gave the task tells what is too much
                raise
            except Exception as error:  # whatever it is, the next job is another
                if isinstance(task, SheetJob):  # its words might be in those of the error
                    error = type(error)().with_traceback(error.__traceback__)
                path = task.order.text if isinstance(task, Job) else Path("visit-sheet")
                done = Rendered(notes=(mistake(error, path),), failed=True)
        drafts = {path for path, _ in task.drafts} if isinstance(task, Job) else set()
        of_files = signatures_as_read({path: noted for path, noted in read.items() if path not in drafts})
        return replace(done, read=signatures(drafts) | of_files, seconds=time.perf_counter() - begun)

    def rest(self) -> None:
        """Give back the memory of the last pages: they are full of cycles, and the process has its collector off."""
        self._garbage.collect()

    def _handout(self, job: Job) -> Rendered:
        order = job.order
        refuse_strange(order)
        with source_files.instead(dict(job.drafts)):
            root = order.folder.parent
            common: Common = self._kept.once((root, order.lang), lambda: load_common(root, order.lang))
            brand = self._brand(order.brand)
            source = load(order.folder, order.lang, common)
            product = Product(source, brand)
            edition = order.chosen(source.handout.editions, source.handout.look)[0]
            product = replace(product, edition=edition)
            if job.cover:
                from handout_builder.pdf.cover import cover  # noqa: PLC0415  # only for who looks at it

                return Rendered(files={"cover.png": cover(printed(product))})
            looked_at = job.preview and edition.colours == "rgb" and not edition.sheets
            pages: tuple[PageFacts, ...] = ()
            with self._first_page(product):
                if looked_at:
                    made = preview(product, self._looks, self._arrangement)
                else:
                    kinds = [kind for kind in job.formats if kind in edition.formats(job.formats)]
                    made = make(product, kinds)
            self._arrangement = made.arrangement
            if looked_at and made.pages:
                pages = self._looked_at(made.pages, made.get("pdf", b""))
            self._leave_off()
            notes = (*_reviewed(product), *remarks(product, made))
            files: dict[str, bytes] = {str(kind): data for kind, data in made.items()}
            if job.proof:
                from handout_builder.pdf import proof  # noqa: PLC0415  # only for who asks for it

                files |= {
                    f"proof.{name.rpartition('.')[2]}": data
                    for name, data in proof.files(order.target(edition, "pdf"), made["pdf"], product).items()
                }
            spots = tuple(_spots(made.pages, product)) if made.pages and not edition.sheets else ()
        facts = _brand_facts(brand, made.pages) if brand and made.pages else None
        done = Rendered(files=files, notes=tuple(dict.fromkeys(notes)), spots=spots, brand=facts)
        if looked_at:
            return replace(done, files={}, pages=pages, drawn=tuple((pdf, at) for _, pdf, at in self._looks.values()))
        self._leave_off()
        headings = _headings(made.pages.ink) if made.pages and not edition.sheets else {}
        return replace(done, pages=tuple(page_facts(made["pdf"], headings)) if "pdf" in made else ())

    @contextlib.contextmanager
    def _asked(self) -> Iterator[None]:
        """Leave off at the next page where the job is dropped."""
        from handout_builder.pdf import typeset  # noqa: PLC0415  # with the engine

        with typeset.asked(self._leave_off):
            yield

    def _leave_off(self) -> None:
        if self.dropped():
            raise _LeftOff

    @contextlib.contextmanager
    def _first_page(self, product: Product) -> Iterator[None]:
        """Show the first page of what a process makes first, where all takes longest, before the others are there."""
        if self._warm or product.edition.colours != "rgb" or product.edition.sheets:
            yield
            return
        self._warm = True
        from handout_builder.pdf import typeset  # noqa: PLC0415  # with the engine

        def show(pdf: bytes, ink: "Sequence[Ink]") -> None:
            first = tuple(page_facts(pdf, _headings([ink])))
            self.early(EarlyPages(first, tuple((page, pdf, at) for at, page in enumerate(first))))

        with typeset.first_page(product, show):
            yield

    def _looked_at(self, pages: "Pages", pdf: bytes) -> tuple[PageFacts, ...]:
        """Return the pages of a preview, those included that were drawn for an earlier one; show them."""
        headings = _headings(pages.ink)
        new = [number for number, look in enumerate(pages.looks, start=1) if look not in self._looks]
        told = {index: headings.get(number, ()) for index, number in enumerate(new, start=1)}
        drawn = [(page, pdf, index) for index, page in enumerate(page_facts(pdf, told))] if new else []
        coming = iter(drawn)
        self._looks = {look: self._looks.get(look) or next(coming) for look in pages.looks}
        shown = tuple(page for page, *_ in self._looks.values())
        self.early(EarlyPages(shown, tuple(drawn)))
        return shown

    def _sheet(self, job: SheetJob) -> Rendered:
        """Return a visit sheet; no message quotes what was typed."""
        from handout_builder.content.yaml_reader import YamlFile  # noqa: PLC0415  # only for sheets
        from handout_builder.looks import DEFAULT_LOOK  # noqa: PLC0415
        from handout_builder.visit import contents, reader, sheet  # noqa: PLC0415

        values = YamlFile(Path(contents.NAME), dict(job.visit), {}, "")
        visit, common = reader.checked(values, job.root)
        large = job.paper == "large"
        form = sheet.SheetForm(None if large else job.paper, large_print=large, look=DEFAULT_LOOK)  # type: ignore[arg-type]
        made = sheet.made(visit, common, job.brand, form)
        return Rendered(tuple(page_facts(made.pdf, {})), {"pdf": made.pdf}, notes=made.notes)

    def _brand(self, folder: Path | None) -> "Brand | None":
        return self._kept.once(folder, lambda: _brand(folder)) if folder else None


def _brand(folder: Path) -> "Brand":
    from handout_builder.brand.loader import load_brand  # noqa: PLC0415  # colours and QR codes only with a brand

    return load_brand(folder)


def _brand_facts(brand: "Brand", pages: "Pages") -> BrandFacts:
    logo = brand.logo
    return BrandFacts(
        brand.checks,
        brand.letterhead,
        (logo.kind, logo.width, logo.height) if logo else None,
        tuple((face.use, f"{face.font.family} {face.weight}") for face in brand.faces),
        pages.page_of.get("contact", 0),
    )


def _reviewed(product: Product) -> list[Problem]:
    """Return the problems found in a text; a draft is judged as a file is."""
    return [*product.source.notes, *reviewed(product)]


def _headings(ink: "Sequence[Sequence[Ink]]") -> dict[int, tuple[str, ...]]:
    """Return the headings on each page, from 1, for those who cannot see its picture."""
    found: dict[int, dict[str, list[str]]] = {}
    for number, pieces in enumerate(ink, start=1):
        for piece in pieces:
            if piece.heading:
                found.setdefault(number, {}).setdefault(piece.around.place, []).extend(piece.words.split())
    return {number: tuple(" ".join(words) for words in places.values()) for number, places in found.items()}


def _spots(pages: "Pages", product: Product) -> Iterator[Spot]:
    """Yield where on the pages each part of the text is."""
    handout = product.source.handout
    for number, (ink, page) in enumerate(zip(pages.ink, pages.document.pages, strict=True), start=1):
        around: dict[tuple[int | str, ...], list[float]] = {}
        for piece in ink:
            location = lines.location(piece.around.place, handout)
            if location:
                box = piece.box
                known = around.setdefault(location, [box.left, box.top, box.right, box.bottom])
                known[:2] = min(known[0], box.left), min(known[1], box.top)
                known[2:] = max(known[2], box.right), max(known[3], box.bottom)
        for location, (left, top, right, bottom) in around.items():
            w, h = page.width, page.height
            yield Spot(location, number, left / w, top / h, (right - left) / w, (bottom - top) / h)


def page_facts(pdf: bytes, headings: Mapping[int, tuple[str, ...]]) -> Iterator[PageFacts]:
    """Yield what is known of each page of a PDF."""
    import pikepdf  # noqa: PLC0415

    with pikepdf.open(io.BytesIO(pdf)) as document:
        known: dict[tuple[int, int], bytes] = {}
        for number, page in enumerate(document.pages, start=1):
            digest = hashlib.sha256()
            for part in _looks(page.obj, known):
                digest.update(part)
            left, bottom, right, top = (float(value) for value in page.mediabox)
            told = headings.get(number, ())
            yield PageFacts(digest.hexdigest()[:32], right - left, top - bottom, told)


def _looks(page: Any, known: dict[tuple[int, int], bytes]) -> Iterable[bytes]:
    """Yield what a page looks like: its boxes, what it draws, and what that refers to.

    Fonts are told by name: their glyphs keep their numbers, although another page may need more of them.
    """
    yield repr([str(page.get(name)) for name in ("/MediaBox", "/CropBox", "/Rotate")]).encode()
    yield _digest(page.get("/Contents"), known, 0)
    yield _digest(page.get("/Resources"), known, 0)


def _digest(value: Any, known: dict[tuple[int, int], bytes], depth: int) -> bytes:
    import pikepdf  # noqa: PLC0415

    if not isinstance(value, pikepdf.Object) or depth > _DEEPEST:
        return str(value).encode()
    number = value.objgen
    if number != (0, 0) and number in known:
        return known[number]
    made = hashlib.sha256()
    if isinstance(value, pikepdf.Array):
        for item in value:
            made.update(_digest(item, known, depth + 1))
    elif isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
        if value.get("/Type") == "/Font":
            made.update(str(value.get("/BaseFont")).rpartition("+")[2].encode())
        else:
            for name in sorted(value.keys()):
                if name not in ("/Parent", "/Length", "/StructParent", "/StructParents"):
                    made.update(name.encode() + _digest(value[name], known, depth + 1))
            if isinstance(value, pikepdf.Stream):
                with contextlib.suppress(pikepdf.PdfError):
                    made.update(value.read_raw_bytes())
    else:
        made.update(str(value).encode())
    if number != (0, 0):
        known[number] = made.digest()
    return made.digest()
