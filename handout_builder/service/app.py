"""The application: orders in, files out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive

from handout_builder.asgi import disposition
from handout_builder.builder.process import TaskWorker
from handout_builder.errors import HandoutError
from handout_builder.orders import source_folder
from handout_builder.service import log
from handout_builder.service.catalogue import choices
from handout_builder.service.gate import FACTS, Gate, GoneError
from handout_builder.service.maker import maker
from handout_builder.service.messages import Finding, HandoutOrder, SheetOrder, State
from handout_builder.service.openapi import document
from handout_builder.service.problems import RefusedError
from handout_builder.service.requests import order_in
from handout_builder.service.settings import Settings, from_environment
from handout_builder.service.tasks import Made, Outcome
from handout_builder.service.workers import BusyError, Workers

_JSON = "application/json"
_DETAILS = {
    409: "The handout or the brand that the service has cannot be printed as it stands.",
    422: "The order is not as it should be.",
    500: "The file could not be made.",
    503: "The service is being stopped.",
}


def application(settings: Settings | None = None, make: Callable[[], TaskWorker] = maker) -> Starlette:
    """Return the application, with the settings of the environment where none are given: raises HandoutError then.

    ``make`` gives what makes files, for the processes that it is done in.
    """
    chosen = settings or from_environment()
    log.set_up()

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        workers = Workers(chosen.workers, chosen.waiting, chosen.limits, make)
        app.state.workers = workers
        workers.start()
        log.tell("started", workers=chosen.workers, waiting=chosen.waiting)
        try:
            yield
        finally:
            await asyncio.to_thread(workers.stop)
            log.tell("stopped")

    app = Starlette(
        routes=[
            Route("/handouts", _handouts, methods=["GET", "POST"]),
            Route("/sheets", _sheet, methods=["POST"]),
            Route("/health", _health),
            Route("/ready", _ready),
            Route("/openapi.json", _openapi),
        ],
        middleware=[Middleware(Gate, settings=chosen)],
        lifespan=lifespan,
        exception_handlers={HTTPException: _raised, RefusedError: _raised},
    )
    app.state.settings = chosen
    return app


async def _raised(_: Request, error: Exception) -> Response:
    """Leave the answer to the gate."""
    raise error


async def _handouts(request: Request) -> Response:
    """Answer with a handout, or with what can be ordered."""
    if request.method == "POST":
        return await _file(request, order_in(await _body(request), HandoutOrder))
    try:
        found = await asyncio.to_thread(lambda: choices(source_folder()))
    except HandoutError as error:
        findings = [Finding(code=one.code, message=one.message, source=one.path.name) for one in error.problems]
        raise RefusedError(409, "The folder of the handouts cannot be read.", findings) from None
    return Response(found.model_dump_json(), media_type=_JSON)


async def _sheet(request: Request) -> Response:
    """Answer with a visit sheet."""
    return await _file(request, order_in(await _body(request), SheetOrder))


async def _health(_: Request) -> Response:
    """Answer that the service is alive."""
    return Response(State(status="ok").model_dump_json(), media_type=_JSON)


async def _ready(request: Request) -> Response:
    """Answer whether a process answers."""
    if await request.app.state.workers.ready():
        return Response(State(status="ok").model_dump_json(), media_type=_JSON)
    return Response(State(status="not ready").model_dump_json(), 503, media_type=_JSON)


async def _openapi(_: Request) -> Response:
    """Answer with the description of the service."""
    return Response(document(), media_type=_JSON)


async def _body(request: Request) -> bytes:
    """Return a body of JSON that arrives in time; raises RefusedError, and GoneError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _JSON:  # other pages may not send this from a browser without asking, which nobody answers
        raise RefusedError(415, "The body is JSON: content-type application/json.", headers={"accept-post": _JSON})
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RefusedError(
            415, "The body is sent as it is: without content-encoding.", headers={"accept-encoding": "identity"}
        )
    settings: Settings = request.app.state.settings
    try:
        async with asyncio.timeout(settings.reading):
            return await request.body()
    except ClientDisconnect:  # in the middle of it
        raise GoneError from None
    except TimeoutError:
        raise RefusedError(408, "The request took too long to arrive.", headers={"connection": "close"}) from None


async def _file(request: Request, order: HandoutOrder | SheetOrder) -> Response:
    """Answer with the file of an order, when its turn has come; raises RefusedError, and GoneError."""
    workers: Workers = request.app.state.workers
    try:
        ordered = workers.order(order)
    except BusyError as busy:
        detail = "More is asked for than can be made: come again later."
        raise RefusedError(429, detail, headers={"retry-after": str(busy.seconds)}) from None
    outcome = asyncio.wrap_future(ordered.outcome)
    gone = asyncio.create_task(_gone(request.receive))
    first: set[asyncio.Future[Any]] = {outcome, gone}
    try:
        await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        if not outcome.done():
            raise GoneError
    finally:
        gone.cancel()
        if not outcome.done():
            workers.drop(ordered)
    request.scope[FACTS]["waited"] = round(ordered.waited, 3)
    if outcome.cancelled():  # it was still in the line when the service was stopped
        raise RefusedError(503, _DETAILS[503])
    return _answer(request, outcome.result())


async def _gone(receive: Receive) -> None:
    """Wait until the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _answer(request: Request, outcome: Outcome) -> Response:
    """Return the answer of what came of an order; raises RefusedError where there is no file."""
    if not isinstance(outcome, Made):
        raise RefusedError(outcome.status, _DETAILS[outcome.status], outcome.findings)
    request.scope[FACTS]["codes"] = list(outcome.notes)
    headers = {
        "content-disposition": disposition(outcome.name),
        "handout-pages": str(outcome.pages),
        **({"handout-notes": ", ".join(outcome.notes)} if outcome.notes else {}),
    }
    return Response(outcome.data, headers=headers, media_type=outcome.kind)
