"""One product after another: loaded, made and written, in this process or in a worker's."""

import gc
import json
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from handout_builder.atomic_files import write_all
from handout_builder.builder.fingerprints import digest
from handout_builder.builder.record import Facts
from handout_builder.editions import Edition, Format
from handout_builder.errors import HandoutError, Problem, Severity, installation
from handout_builder.orders import Order
from handout_builder.pipeline import Loader, coarse, make, reviewed
from handout_builder.progress import Progress
from handout_builder.render import printing
from handout_builder.render.environment import render
from handout_builder.render.product import Product
from handout_builder.resources import LAYOUTS
from handout_builder.tokens import substitute


@dataclass(frozen=True)
class Task:
    """Some files of one edition of an order."""

    order: Order
    edition: Edition
    kinds: tuple[Format, ...]
    out: Path
    strict: bool
    proof: bool

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.order.name}{self.edition.suffix}"


@dataclass(frozen=True)
class Done:
    """What came of a task: files by kind, each path inside the output folder with its digest; or errors."""

    files: dict[Format, dict[str, str]]
    notes: tuple[Problem, ...] = ()
    facts: Facts | None = None
    errors: tuple[Problem, ...] = ()


class Producer:
    """Builds products one after another; what several of them need is loaded once."""

    def __init__(self) -> None:
        self._loader = Loader()
        self._made = 0

    def produce(self, task: Task, progress: Progress) -> Done:
        """Make and write the files of a task, all or none of them."""
        if self._made and not gc.isenabled():
            gc.collect()  # laid-out pages are full of cycles, and the program has switched the collector off
            if self._made == 1:
                gc.freeze()  # what is left now is used to the end
        self._made += 1
        try:
            return self._produced(task, progress)
        except HandoutError as error:
            return Done({}, errors=error.problems)
        except OSError as error:  # what belongs to users is checked when it is loaded
            path = Path(str(error.filename or task.order.text))
            return Done({}, errors=installation(path, error.strerror or str(error)).problems)

    def _produced(self, task: Task, progress: Progress) -> Done:
        order = task.order
        product = replace(self._loader.load(order), edition=task.edition)
        source = product.source
        told = (*source.notes, *product.brand_notes)
        if task.strict:
            told = tuple(reviewed(product))
            _refuse_warnings(told)
        made = make(product, task.kinds, progress)
        notes = coarse(product, made)
        if task.strict:
            _refuse_warnings(notes)
        files = {kind: {order.target(task.edition, kind): data} for kind, data in made.items()}
        if task.proof and "pdf" in files:
            files["pdf"] |= _proof(order.target(task.edition, "pdf"), made["pdf"], product)
        write_all({task.out / name: data for group in files.values() for name, data in group.items()})
        digests = {kind: {name: digest(data) for name, data in group.items()} for kind, group in files.items()}
        facts = Facts(tuple(source.handout.editions), source.handout.look, source.codes)
        return Done(digests, (*told, *notes), facts)


def _refuse_warnings(notes: "tuple[Problem, ...] | list[Problem]") -> None:
    if errors := [note for note in map(Problem.strictly, notes) if note.severity is Severity.ERROR]:
        raise HandoutError(errors)


def _proof(name: str, data: bytes, product: Product) -> dict[str, bytes]:
    """Return the two files of a PDF's proof, to lie beside it."""
    from handout_builder.pdf import preflight  # noqa: PLC0415  # only for who asks for it

    html = printing.print_html(product, printing.first_pages(product))
    report = preflight.report(Path(name).name, data, product, html)
    css = substitute((LAYOUTS / "proof" / "proof.css").read_text("utf-8"), product.theme)
    page = render(
        None,
        "proof/proof.html",
        r=report,
        pictures=preflight.contact_sheet(data),
        least_dpi=preflight.LEAST_DPI,
        css=Markup(css),  # noqa: S704  # our own
    )
    return {
        str(Path(name).with_suffix(".proof.json")): (json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode(),
        str(Path(name).with_suffix(".proof.html")): page.encode(),
    }
