"""The kinds of copies in a run: a handout in a language, a brand and an edition, each laid out once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from handout_builder import source_files
from handout_builder.copies.rows import KINDS, Row, RowProblem
from handout_builder.copies.template import Template, compiled, personal_names
from handout_builder.editions import DEFAULT
from handout_builder.errors import HandoutError, Problem
from handout_builder.orders import Order, choose
from handout_builder.pipeline import Loader
from handout_builder.progress import Progress, silent
from handout_builder.render.product import Product
from handout_builder.resources import FONTS, LAYOUTS, RESERVED, SOURCE

MOST = 100
"""So many kinds a run may have: each takes a second to lay out, and is kept."""


@dataclass(frozen=True)
class Kind:
    """One of them."""

    order: Order
    product: Product
    template: Template


class Kinds:
    """The kinds that a list asks for, each made when its first row is met."""

    def __init__(self, order: Order, progress: Progress = silent) -> None:
        """Load the handout that is filled where a row does not choose; raises HandoutError."""
        self._order, self._progress = order, progress
        self._loader = Loader()
        self._numbers: dict[tuple[str, ...], int | RowProblem] = {}
        self.made: list[Kind] = []
        self.sources: dict[Path, str] = {}
        """The files that the handouts were made of, with their digests; the program's own are known otherwise."""
        self.fields = tuple(personal_names(self._product(order)))

    def number(self, row: Row) -> int | RowProblem:
        """Return the number of a row's kind among those made, or what is wrong with what it asks for.

        Raises HandoutError where the handout itself cannot be made so.
        """
        if row.kind not in self._numbers:
            self._numbers[row.kind] = self._found(row.kind)
        return self._numbers[row.kind]

    def _found(self, kind: Sequence[str]) -> int | RowProblem:
        lang, brand, edition = kind
        order = self._order
        chosen: dict[str, Callable[[], Order]] = {
            KINDS[0]: lambda: _chosen(order, lang=lang),
            KINDS[1]: lambda: _chosen(order, brand=brand),
            KINDS[2]: lambda: _chosen(order, edition=edition),
        }
        for column, asked in zip(KINDS, kind, strict=True):
            if asked:
                try:
                    one = chosen[column]()
                except HandoutError as error:
                    return RowProblem("kind", "there is none of this name", column, error.problems[0].hint)
                part = {
                    KINDS[0]: {"lang": one.lang},
                    KINDS[1]: {"brand": one.brand},
                    KINDS[2]: {"editions": one.editions},
                }
                order = replace(order, **part[column])  # type: ignore[arg-type]
        for number, other in enumerate(self.made):
            if other.order == order:
                return number
        if len(self.made) == MOST:
            message = f"the list asks for more than {MOST} kinds of copies"
            raise HandoutError([Problem("many", message, order.folder, hint="divide the list")])
        product = self._product(order)
        if missing := set(self.fields) - set(personal_names(product)):
            message = f"it lacks boxes that the handout has in '{self._order.lang}': {', '.join(sorted(missing))}"
            raise HandoutError([Problem("not-personal", message, order.text, hint="give both the same fields")])
        with source_files.recording() as files:
            template = compiled(product, self._progress)
        self._note(files)
        self.made.append(Kind(order, product, template))
        return len(self.made) - 1

    def _product(self, order: Order) -> Product:
        with source_files.recording() as files:
            product = load(self._loader, order)
        self._note(files)
        return product

    def _note(self, files: Mapping[Path, str]) -> None:
        own = (LAYOUTS, FONTS, *(SOURCE / name for name in RESERVED[:2]))
        self.sources |= {path: state for path, state in files.items() if not any(map(path.is_relative_to, own))}


def load(loader: Loader, order: Order) -> Product:
    """Return an order's handout in the edition that is filled; raises HandoutError."""
    product = loader.load(order)
    return replace(product, edition=order.chosen([DEFAULT], product.source.handout.look)[0])


def _chosen(order: Order, lang: str = "", brand: str = "", edition: str = "") -> Order:
    """Return an order of the same handout with one thing chosen by its name; raises HandoutError for no name."""
    langs, brands, editions = [[name] if name else [] for name in (lang or order.lang, brand, edition)]
    (found,) = choose([str(order.folder)], langs, brands, editions, order.standard)
    return found
