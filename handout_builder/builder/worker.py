"""One product after another: loaded, made and written, in this process or in a worker's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from handout_builder import source_files
from handout_builder.atomic_files import write_all
from handout_builder.builder import inputs
from handout_builder.builder.fingerprints import Rows, digest, rows, rows_digest, words_of
from handout_builder.builder.garbage_collection import Garbage
from handout_builder.builder.index import about
from handout_builder.builder.record import Facts, Made, Output, brief
from handout_builder.builder.tasks import Result, Task
from handout_builder.errors import READ_HINT, HandoutError, Problem, Severity, installation, mistake
from handout_builder.orders import Order
from handout_builder.pipeline import Loader, make, remarks, reviewed
from handout_builder.progress import Progress
from handout_builder.render.typography import printed
from handout_builder.resources import LAYOUTS, brand_file
from handout_builder.text import markdown


class Worker:
    """Does tasks one after another; what several of them need is loaded once."""

    def __init__(self) -> None:
        self._loader = Loader()
        self._rows: dict[Path, tuple[Rows, Mapping[Path, str]]] = {}
        self._garbage = Garbage()

    def prepare(self) -> None:
        """Load the engine."""
        load_engine()

    def do(self, task: Task, progress: Progress) -> Result:
        """Make and write the files of a task, all or none of them."""
        self._garbage.collect()
        try:
            with source_files.recording() as files:
                result = self._done_with(task, progress)
                codes = result.facts.points if result.facts else ()
                return replace(result, made=self._made(task.order, files, codes))
        except HandoutError as error:
            return Result({}, errors=error.problems)
        except OSError as error:  # what belongs to users is checked when it is loaded
            return Result({}, errors=(_unreadable(error, task.order.text),))
        except MemoryError:  # who gave the task tells what is too much
            raise
        except Exception as error:  # whatever it is, the others are done
            return Result({}, errors=(mistake(error, task.order.text),))

    def _made(self, order: Order, files: Mapping[Path, str], codes: Iterable[str]) -> Made | None:
        """Return what was loaded for an order while its files were made; ``codes`` are the points that it names."""
        own = brand_file(order.brand) if order.brand else None
        if own and (own.parent / "layouts").is_dir():
            known = ""  # its templates can ask for any point
        else:
            root = order.folder.parent
            if root not in self._rows:
                with source_files.recording() as tables:
                    self._rows[root] = rows(root), tables
            source_files.note(self._rows[root][1])
            known = rows_digest(self._rows[root][0], codes)
        named = inputs.named(files, order)
        if named is None or source_files.CHANGED in named.values():
            return None
        return Made(inputs.without_catalogue(named) if known else named, known)

    def _done_with(self, task: Task, progress: Progress) -> Result:
        order = task.order
        product = replace(self._loader.load(order), edition=task.edition)
        source = product.source
        told = (*(note for text in product.sources for note in text.notes), *printed(product).brand_notes)
        if task.strict:
            told = tuple(reviewed(product))
            _refuse_warnings(told)
        made = make(product, task.kinds, progress)
        notes = (*told, *(said := remarks(product, made)))
        if task.strict:
            _refuse_warnings(said)
        files = {kind: {order.target(task.edition, kind): data} for kind, data in made.items()}
        if task.proof and "pdf" in files:
            from handout_builder.pdf import proof  # noqa: PLC0415  # only for who asks for it

            files["pdf"] |= proof.files(order.target(task.edition, "pdf"), made["pdf"], product)
        data = {name: data for group in files.values() for name, data in group.items()}
        if task.out:
            write_all({task.out / name: content for name, content in data.items()})
        digests = {kind: {name: digest(data) for name, data in group.items()} for kind, group in files.items()}
        handout = source.handout
        told_of = about(handout, markdown.plain(handout.title))
        facts = Facts(tuple(handout.editions), handout.look, source.codes, words_of(handout), told_of)
        outputs = {kind: Output(group, brief(notes)) for kind, group in digests.items()}
        return Result(outputs, facts, data={} if task.out else data)


def load_engine() -> None:
    """Load what sets pages; raises HandoutError where the engine cannot start."""
    from handout_builder.engine.session import session  # noqa: PLC0415  # not before there is something to do

    with session():
        pass


def _unreadable(error: OSError, text: Path) -> Problem:
    path, reason = Path(str(error.filename or text)), error.strerror or str(error)
    if path.is_relative_to(LAYOUTS.parent) or error.filename is None:
        return installation(path, reason).problems[0]
    return Problem("unreadable", reason, path, hint=READ_HINT)


def _refuse_warnings(notes: Sequence[Problem]) -> None:
    if errors := [note for note in map(Problem.strictly, notes) if note.severity is Severity.ERROR]:
        raise HandoutError(errors)
