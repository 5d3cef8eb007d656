"""What is to be built: handouts, languages, brands and editions, found by the names that users give."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from handout_builder import source_files
from handout_builder.editions import DEFAULT, EDITIONS, Edition, Format, Standard
from handout_builder.errors import HandoutError, Problem, nearest, suggestion
from handout_builder.looks import LOOKS, Look
from handout_builder.resources import (
    BRAND_FILE,
    BRAND_FILES,
    BRAND_FOLDERS,
    COMMANDS,
    OWN_POINTS,
    RESERVED,
    SOURCE,
    brand_file,
)
from handout_builder.text import language

NO_BRAND = "none"
ALL = "all"
"""What stands for every brand, edition or language."""
_HERE = Path("source")
# How much alike to a command a name is that is one mistyped: "imports", "point".
_SLIP = 0.8


@dataclass(frozen=True)
class Order:
    """One handout in one language, for a clinic or for none, in some editions."""

    folder: Path
    lang: str
    brand: Path | None = None
    """The folder of a brand; its files go into a folder of its name."""
    editions: tuple[Edition, ...] = ()
    """In this order; none for those that the handout lists."""
    standard: Standard = "ua-1"
    """What the editions that are read on a screen conform to."""
    look: Look | None = None
    """The look of all editions; none for the one that the handout names."""
    second: str = ""
    """The other language of a handout in two languages."""

    @property
    def text(self) -> Path:
        """The file with the handout's text."""
        return self.folder / f"{self.lang}.yaml"

    @property
    def tag(self) -> str:
        """Its language, or both of them: en+ja."""
        return f"{self.lang}+{self.second}" if self.second else self.lang

    @property
    def name(self) -> str:
        """The path that its files begin with, inside the output folder."""
        stem = f"{self.folder.name}.{self.tag}"
        return f"{self.brand.resolve().name}/{stem}" if self.brand else stem

    def from_elsewhere(self) -> "Order":
        """Return the order as a process finds it that stands in another folder."""
        return replace(self, folder=self.folder.absolute(), brand=self.brand.absolute() if self.brand else None)

    def chosen(self, listed: Iterable[str], named: str) -> list[Edition]:
        """Return its editions; ``listed`` are those that the handout names, ``named`` is the look that it names."""
        editions = self.editions or tuple(EDITIONS[name] for name in dict.fromkeys(listed))
        if self.second:
            editions = tuple(edition for edition in editions if edition.both) or (EDITIONS[DEFAULT],)
            editions = tuple(edition.in_two_languages for edition in editions)
        look = self.look or LOOKS[named]
        return [replace(edition, standard=self.standard, look=look) for edition in editions]

    def target(self, edition: Edition, kind: Format) -> str:
        """Return the path of a file inside the output folder; books have no edition."""
        return f"{self.name}{edition.suffix if kind == 'pdf' else edition.look.suffix}.{kind}"


def handouts(root: Path) -> list[str]:
    """Return the names of the handouts in a source folder, sorted; raises HandoutError for one that cannot be read."""
    names = (name for name in _names(root) if name not in RESERVED and not name.startswith("."))
    return sorted(name for name in names if languages(root / name))


def languages(folder: Path) -> list[str]:
    """Return the language tags that a handout is written in, sorted; raises HandoutError for a folder kept shut."""
    texts = (Path(name) for name in _names(folder) if name != OWN_POINTS)
    return sorted(
        text.stem for text in texts if text.suffix == ".yaml" and language.is_tag(language.canonical(text.stem))
    )


def brands(root: Path) -> list[str]:
    """Return the names of the brands in a source folder, sorted; raises HandoutError for a folder kept shut."""
    folder = root / "brands"
    return sorted(name for name in _names(folder) if brand_file(folder / name))


def _names(folder: Path) -> list[str]:
    """Return the names in a folder, none where there is no folder; raises HandoutError for one that is kept shut."""
    try:
        return [path.name for path in folder.iterdir()]
    except PermissionError as error:
        hint = "change who may read this folder"
        raise HandoutError([Problem("unreadable", error.strerror or str(error), folder, hint=hint)]) from error
    except (OSError, ValueError):  # a file, or no name that a folder can have
        return []


def refuse_strange(order: Order) -> None:
    """Raise HandoutError for a folder whose name nobody can see, and for a text that is a link to a file elsewhere.

    Its files would be called so, and tell it; and who sends a folder shall not choose what is read of others.
    """
    problems = strange(order)
    if problems:
        raise HandoutError(problems)


def parted(orders: Iterable[Order]) -> tuple[list[Order], list[Problem]]:
    """Return the orders that are not refused, and what is wrong with the others."""
    told = {order: strange(order) for order in orders}
    problems = dict.fromkeys(problem for found in told.values() for problem in found)
    return [order for order, found in told.items() if not found], list(problems)


def strange(order: Order) -> list[Problem]:
    """Return what an order is refused for before anything of it is read."""
    folders = [folder for folder in (order.folder, order.brand) if folder]
    problems = [
        Problem("name", "the folder's name has characters that cannot be printed", folder, hint="rename the folder")
        for folder in folders
        if not folder.resolve().name.isprintable()
    ]
    problems += [
        Problem("unreadable", "this is a link that leads out of its folder", path, hint="put the file itself there")
        for path, folder in dict.fromkeys(_files(order))
        if path.is_file() and source_files.leads_out(path, folder)
    ]
    return problems


def _files(order: Order) -> Iterator[tuple[Path, Path]]:
    """Yield the texts of an order, each with the folder that it must lie in."""
    for lang in filter(None, (order.lang, order.second)):
        yield order.folder / f"{lang}.yaml", order.folder
        yield order.folder / "editorial" / f"{lang}.yaml", order.folder
    yield order.folder / OWN_POINTS, order.folder


def choose(
    names: Iterable[str],
    langs: Sequence[str],
    brand_names: Sequence[str],
    editions: Sequence[str],
    standard: Standard,
    look: str | None = None,
) -> list[Order]:
    """Return what to build: the named handouts, or all; in the given languages, or in all where there is none or ALL.

    Raises HandoutError for every name that is none.
    """
    root = source_folder()
    folders: list[Path] = []
    problems: list[Problem] = []
    for name in names or handouts(root):
        try:
            folders.append(handout_folder(name, root))
        except HandoutError as error:
            problems += error.problems
    wanted = list(brand_names or [NO_BRAND])
    chosen: list[Path | None] = [None] if NO_BRAND in wanted else []
    if others := [name for name in wanted if name != NO_BRAND]:
        chosen += brand_folders(others)
    chosen_editions, chosen_look = _editions(editions), look_of(look) if look else None
    orders = [
        Order(folder, lang, brand, chosen_editions, standard, chosen_look, second)
        for brand in chosen
        for folder in folders
        for lang, second in _languages(folder, langs)
    ]
    for order in orders:
        hint = f"written in: {', '.join(languages(order.folder))}"
        problems += [
            Problem("unknown-language", f"no text in '{lang}'", order.folder, hint=hint)
            for lang in (order.lang, *filter(None, [order.second]))
            if lang not in languages(order.folder)
        ]
        if order.second and order.editions and not any(edition.both for edition in order.editions):
            hint = f"take one of: {', '.join(name for name, edition in EDITIONS.items() if edition.both)}"
            message = "these editions have no room for two languages"
            problems.append(Problem("two-languages", message, order.folder, hint=hint))
    if problems:
        raise HandoutError(problems)
    return list(dict.fromkeys(orders))


def _languages(folder: Path, langs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the tags by which a handout has the languages, and the second ones of such as en+ja; all without any.

    What is called zh-CN may be there as zh-Hans; others stay as given.
    """
    known = {language.canonical(lang): lang for lang in languages(folder)}
    wanted = dict.fromkeys(tag for lang in langs or [ALL] for tag in (known.values() if lang == ALL else [lang]))
    for tag in wanted:
        first, _, second = tag.partition("+")
        one, other = (
            lang if lang in known.values() else known.get(language.canonical(lang), lang) for lang in (first, second)
        )
        yield one, other if other != one else ""


def source_folder() -> Path:
    """Return the folder of the handouts: the one here, else the program's own."""
    return _HERE if handouts(_HERE) else SOURCE


def handout_folder(name: str, root: Path) -> Path:
    """Return the folder of a handout: that of its name in ``root``, else the program's own, else that at a path.

    Raises HandoutError where none has a handout.
    """
    folder = next((one for one in (root / name, SOURCE / name, Path(name)) if languages(one)), None)
    if folder is None:
        problem = _unknown("unknown-handout", name, handouts(root))
        meant = nearest(name, COMMANDS, alike=_SLIP)
        raise HandoutError([replace(problem, hint=f"the command is '{meant[0]}'") if meant else problem])
    return _called(folder)


def brand_folders(names: Iterable[str]) -> list[Path]:
    """Return the folders of brands by path or name; ``all`` is every brand of the source folder.

    Raises HandoutError where there is none, and where two are called alike: their files would have one path.
    """
    root = _HERE if brands(_HERE) else SOURCE
    every = [root / "brands" / name for name in brands(root)]
    found = [folder for name in names for folder in (every if name == ALL else [_brand_folder(name)])]
    folders = {folder.resolve(): folder for folder in reversed(found)}
    first: dict[str, Path] = {}
    for folder in reversed(folders.values()):
        if (other := first.setdefault(on_any_disk(folder.resolve().name), folder)) != folder:
            message = f"this brand has the same name as {other}: both would be written to one folder"
            raise HandoutError(
                [Problem("same-output", message, folder, hint="rename a folder, or build them one by one")]
            )
    return list(first.values())


def on_any_disk(path: str) -> str:
    """Return what paths have in common that are one on some disks: letters of either size, and in either form."""
    return unicodedata.normalize("NFC", path).casefold()


def _brand_folder(name: str) -> Path:
    """Return the folder of the brand at a path, from where the user stands; of that name, if there is no such path."""
    path = Path(name)
    if source_files.exists(path):
        return _brand_at(path)
    # What is no bare name is a path, and nothing else is tried: it would be the brand of another clinic.
    bare = name == path.name
    for folder in (_HERE / "brands" / name, SOURCE / "brands" / name) if bare else ():
        if brand_file(folder):
            return folder
    known = sorted({*brands(_HERE), *brands(SOURCE)})
    near = nearest(name, known) if bare else []
    hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}; or give the path of a folder"
    message = f"there is no such brand, no folder with a {BRAND_FILE}" if bare else "there is no such file or folder"
    raise HandoutError([Problem("unknown-brand", message, path, hint=hint)])


def _brand_at(path: Path) -> Path:
    """Return the folder of the brand at a path, of a folder or a file; raises HandoutError where there is none."""
    hint = ""
    if brand_file(path):
        return _called(path)
    if path.name in BRAND_FILES:
        homes = (path.parent.parent, path.parent) if path.parent.name in BRAND_FOLDERS[1:] else (path.parent,)
        for folder in homes:
            if (first := brand_file(folder)) == path:
                return _called(folder)
        message, hint = f"beside it is {first}, which is taken first", "keep one of the two"
    elif any(brand_file(root / "brands" / path.name) for root in (_HERE, SOURCE)):
        message = f"this is no folder with a {BRAND_FILE}"
        hint = f"for the known brand of that name give its path: {_HERE / 'brands' / path.name}"
    else:
        message = f"this is neither a folder with a {BRAND_FILE} nor such a file"
        hint = f"a brand's file is called {', '.join(BRAND_FILES)}"
    raise HandoutError([Problem("unknown-brand", message, path, hint=hint)])


def _called(folder: Path) -> Path:
    """Return a folder by a path that has its name: the working folder and the one above it have none."""
    return folder if folder.name not in ("", "..") else folder.resolve()


def _editions(names: Iterable[str]) -> tuple[Edition, ...]:
    """Return the editions by name; ``all`` is every one."""
    wanted = list(dict.fromkeys(known for name in names for known in (EDITIONS if name == ALL else [name])))
    if problems := [_unknown("unknown-edition", name, EDITIONS) for name in wanted if name not in EDITIONS]:
        raise HandoutError(problems)
    return tuple(EDITIONS[name] for name in wanted)


def look_of(name: str) -> Look:
    """Return a look by its name; raises HandoutError for one that there is not."""
    if name not in LOOKS:
        raise HandoutError([_unknown("unknown-look", name, LOOKS)])
    return LOOKS[name]


def _unknown(code: str, name: str, known: Iterable[str]) -> Problem:
    hint = suggestion(name, known, f"known: {', '.join(known)}")
    return Problem(code, f"there is no such {code.removeprefix('unknown-')}", Path(name), hint=hint)
