"""The place Print: which paper this patient gets."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handout_builder.asgi import disposition
from handout_builder.editions import EDITIONS
from handout_builder.orders import NO_BRAND
from handout_builder.studio import pages
from handout_builder.studio.jobs import Job
from handout_builder.studio.project import Choice
from handout_builder.studio.studio import Studio
from handout_builder.studio.workshop import FIRST_SEAT

FIRST = ("a4", "large-print", "booklet", "one-page")
"""The ways to print that are asked for most; the others stand behind a fold."""
_KINDS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "epub": "application/epub+zip",
    "proof.html": "text/html; charset=utf-8",
}
_MANY = 7
# Pages on a sheet of the printer: both sides, or folded.
_SIDES = 2


async def _print(request: Request) -> Response:
    """Answer with the choices and the pages."""
    studio: Studio = request.app.state.studio
    choice = studio.project.choice(request.query_params)
    if choice is None:
        return pages.page(request, "first", "print")
    studio.project.remember(choice)
    order = studio.project.order(choice)
    view = await studio.view(FIRST_SEAT, Job(order), ("print", order))
    entries = studio.project.handouts()
    chosen = next(entry for entry in entries if entry.name == choice.handout)
    return pages.page(
        request,
        "print",
        "print",
        choice=choice,
        chosen=chosen,
        entries=entries,
        many=len(entries) > _MANY,
        brands=studio.project.brands(),
        no_brand=NO_BRAND,
        editions=EDITIONS,
        first=FIRST,
        others=[name for name in EDITIONS if name not in FIRST],
        view=view,
        paper=_paper(choice, len(view.pages)),
        book=EDITIONS[choice.edition].book,
        query=urlencode(choice.query),
        field=lambda problem: _field(choice, problem.path.name, problem.line),
    )


def _paper(choice: Choice, count: int) -> dict[str, object]:
    """Return how the pages are printed: on how many sheets, turned about which edge."""
    folded = EDITIONS[choice.edition].sheets
    return {"count": count, "sheets": -(-count // _SIDES), "folded": folded}


def _field(choice: Choice, file: str, line: int) -> str:
    """Return where a problem of a text is mended; empty for one that is not of the text."""
    return f"/write/{quote(choice.handout)}/{choice.lang}?line={line}" if file == f"{choice.lang}.yaml" and line else ""


async def _file(request: Request) -> Response:
    """Answer with a file of the choice: PDF, EPUB or proof."""
    studio: Studio = request.app.state.studio
    choice, kind = studio.project.choice(request.query_params), request.path_params["kind"]
    if choice is None or kind not in _KINDS or any(request.query_params.get(k) != v for k, v in choice.query.items()):
        raise HTTPException(404)
    order = studio.project.order(choice)
    edition = order.editions[0]
    if kind == "epub" and not edition.book:
        raise HTTPException(404)
    job = Job(order, ("epub",) if kind == "epub" else ("pdf",), proof=kind == "proof.html")
    made = await studio.result(f"file {kind} {urlencode(choice.query)}", job)
    if made is None:
        raise HTTPException(409)
    if made.failed:
        return pages.page(request, "told", "print", 409, problems=made.notes)
    name = order.target(edition, "epub" if kind == "epub" else "pdf").rpartition("/")[2]
    if kind == "proof.html":
        name = name.removesuffix(".pdf") + ".proof.html"
    headers = {"content-disposition": disposition(name, inline="show" in request.query_params)}
    if kind == "proof.html":
        headers["content-security-policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    return Response(made.files[kind], media_type=_KINDS[kind], headers=headers)


ROUTES = [Route("/", _print), Route("/file/{kind}", _file)]
