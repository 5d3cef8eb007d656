"""The application: which address leads to what."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from handout_builder.errors import HandoutError
from handout_builder.studio import page_images, pages, words
from handout_builder.studio.gate import Gate, submitted
from handout_builder.studio.page_images import WIDTHS
from handout_builder.studio.places import brand, points, printing, sheet, write
from handout_builder.studio.studio import Studio

_STATIC = {
    "icon.svg": "image/svg+xml",
    "studio.css": "text/css; charset=utf-8",
    "body.js": "text/javascript; charset=utf-8",
    "files.js": "text/javascript; charset=utf-8",
    "steady.js": "text/javascript; charset=utf-8",
    "studio.js": "text/javascript; charset=utf-8",
    "vendor/htmx.min.js": "text/javascript; charset=utf-8",
    "vendor/idiomorph-ext.min.js": "text/javascript; charset=utf-8",
}
_YEAR = "private, max-age=31536000, immutable"


def application(studio: Studio, hosts: frozenset[str]) -> Starlette:
    """Return the application behind its gate; ``hosts`` are the names with ports by which it may be called."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        studio.workshop.open()
        await asyncio.to_thread(studio.recall)
        running = (studio.warm(), asyncio.to_thread(page_images.load), studio.watch(), sheet.forget_in_time(studio))
        tasks = [asyncio.create_task(one) for one in running]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            studio.workshop.close()
            studio.keep_last()

    app = Starlette(
        routes=[
            *printing.ROUTES,
            *sheet.ROUTES,
            *brand.ROUTES,
            *write.ROUTES,
            *points.ROUTES,
            Route("/page/{digest}/{width:int}.png", _page),
            Route("/static/{name:path}", _static),
            Route("/events", _events),
            Route("/help", _help),
            Route("/language", _language, methods=["POST"]),
            Route("/enter", _enter, methods=["GET", "POST"]),
        ],
        middleware=[Middleware(Gate, keys=studio.keys, hosts=hosts, cookie=studio.cookie)],
        lifespan=lifespan,
        exception_handlers={HTTPException: _told, HandoutError: _unusable},
    )
    app.state.studio = studio
    return app


async def _page(request: Request) -> Response:
    """Answer with the picture of a page."""
    digest, width = request.path_params["digest"], request.path_params["width"]
    images = request.app.state.studio.images
    if width not in WIDTHS or not (picture := await asyncio.to_thread(images.picture, digest, width)):
        raise HTTPException(404)
    # Pages of patients are not to stay in the browser's files; those of handouts are the same for ever.
    kept = "no-store" if images.personal(digest) else _YEAR
    return Response(picture, media_type="image/png", headers={"cache-control": kept})


async def _static(request: Request) -> Response:
    """Answer with a file of the program."""
    name = request.path_params["name"]
    if name not in _STATIC:
        raise HTTPException(404)
    return pages.file(request, name, _STATIC[name])


async def _events(request: Request) -> Response:
    """Answer with what happens, as it happens."""
    studio: Studio = request.app.state.studio
    number = words.words(pages.language(request)).number
    return StreamingResponse(studio.events(number), media_type="text/event-stream")


async def _help(request: Request) -> Response:
    """Answer with the keys, what is safe, and the languages of the interface."""
    return pages.page(request, "help", "help", languages=words.languages())


async def _language(request: Request) -> Response:
    """Keep the language of the interface."""
    form = await submitted(request)
    answer = RedirectResponse("/help", 303)
    if (lang := form.get("lang")) in words.languages():
        answer.set_cookie(words.COOKIE, str(lang), max_age=31_536_000, httponly=True, samesite="strict")
    return answer


async def _enter(request: Request) -> Response:
    """Ask for the password, where there is one."""
    studio: Studio = request.app.state.studio
    if not studio.keys.password:
        raise HTTPException(404)
    if request.method == "GET":
        return pages.page(request, "enter", wrong=False)
    form = await request.form(max_files=0, max_fields=4)
    if not studio.keys.opens(str(form.get("password", ""))):
        await asyncio.sleep(studio.keys.wait())
        return pages.page(request, "enter", status=403, wrong=True)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(studio.cookie, studio.keys.session, httponly=True, samesite="strict")
    return answer


async def _told(request: Request, error: Exception) -> Response:
    """Answer with what is wrong: in words of the interface, where the error names some, else in English."""
    assert isinstance(error, HTTPException)
    said = words.words(pages.language(request))
    if error.status_code == 404:  # noqa: PLR2004
        if request.method == "POST":
            return pages.page(request, "told", "", 404, detail=said("gone"))
        return pages.page(request, "told", status=404, title=said("no_page"))
    detail, place = said.known(error.detail, ""), request.url.path.split("/")[1]
    english = "" if detail else error.detail
    return pages.page(request, "told", place, error.status_code, detail=detail, english=english)


async def _unusable(request: Request, error: Exception) -> Response:
    """Answer with what is wrong with files that nothing can be shown of."""
    assert isinstance(error, HandoutError)
    return pages.page(request, "told", status=409, problems=error.problems)
