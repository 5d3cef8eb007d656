"""What can be ordered: handouts and brands by their names alone, never by paths."""

from collections.abc import Iterable
from pathlib import Path

from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError, Problem, suggestion
from handout_builder.looks import LOOKS
from handout_builder.orders import ALL, NO_BRAND, Order, brands, choose, handouts, languages, refuse_strange
from handout_builder.resources import SOURCE
from handout_builder.service.messages import Choice, Choices, HandoutOrder

_WHERE = Path("request")


def choices(root: Path) -> Choices:
    """Return what can be ordered; raises HandoutError for a folder that cannot be read."""
    return Choices(
        handouts=[Choice(name=name, languages=languages(root / name)) for name in handouts(root)],
        brands=brands(_brand_root(root)),
        editions=list(EDITIONS),
        looks=list(LOOKS),
    )


def handout_folder(name: str, root: Path) -> Path:
    """Return the folder of a handout by its name; raises HandoutError."""
    known = handouts(root)
    if name not in known:
        raise _unknown("unknown-handout", "there is no such handout", name, known)
    return (root / name).absolute()


def brand_folder(name: str, root: Path) -> Path | None:
    """Return the folder of a brand by its name, None for ``none``; raises HandoutError."""
    if name == NO_BRAND:
        return None
    home = _brand_root(root)
    known = brands(home)
    if name not in known:
        raise _unknown("unknown-brand", "there is no such brand", name, known)
    return (home / "brands" / name).absolute()


def order_of(wanted: HandoutOrder, root: Path) -> Order:
    """Return what is to be made, one edition in one language; raises HandoutError for names that are none."""
    folder, brand = handout_folder(wanted.handout, root), brand_folder(wanted.brand, root)
    for code, what, name, known in (
        ("unknown-language", "text in this language", wanted.lang, languages(folder)),
        ("unknown-edition", "edition", wanted.edition, list(EDITIONS)),
    ):
        if name == ALL:  # which is every one on the command line
            raise _unknown(code, f"there is no such {what}", name, known)
    order = choose(
        [str(folder)], [wanted.lang], [str(brand)] if brand else [], [wanted.edition], wanted.standard, wanted.look
    )[0]
    if wanted.format not in order.editions[0].formats([wanted.format]):
        books = ", ".join(name for name, edition in EDITIONS.items() if edition.book)
        hint = f"the EPUB follows the pages of one of: {books}"
        raise HandoutError([Problem("no-book", "this edition has no EPUB", _WHERE, hint=hint)])
    refuse_strange(order)
    return order


def _brand_root(root: Path) -> Path:
    """Return the source folder that has brands: the one of the handouts, else the program's own."""
    return root if brands(root) else SOURCE


def _unknown(code: str, message: str, name: str, known: Iterable[str]) -> HandoutError:
    hint = suggestion(name, known, f"known: {', '.join(known)}")
    return HandoutError([Problem(code, message, _WHERE, hint=hint)])
