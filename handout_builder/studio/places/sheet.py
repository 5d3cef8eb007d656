"""The place Visit sheet: what this patient does at home.

What is typed goes with each request and is kept nowhere; the last pages of a tab are in memory, until it is cleared or
left alone. No message, address, log or file has a word of it.
"""

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handout_builder import clock
from handout_builder.asgi import disposition
from handout_builder.authoring.body_map import VIEWS, body_map
from handout_builder.errors import Problem
from handout_builder.orders import NO_BRAND
from handout_builder.studio import atlas, pages, words
from handout_builder.studio.atlas import Found
from handout_builder.studio.document import whole_number
from handout_builder.studio.gate import submitted
from handout_builder.studio.jobs import PageFacts, Rendered, SheetJob
from handout_builder.studio.studio import Studio, View
from handout_builder.text import language

MOST_POINTS = 12
PAPERS = ("a4", "letter", "large", "a5-two-up")
"""How a sheet is printed, in the order in which it is offered."""
SECONDS = ("10", "15", "20", "30", "60", "120")
_KEPT = 30 * 60.0
_FEW = 8
_POINT = ("times", "seconds", "side", "note", "where", "accept")
_UNFINISHED = "0"
"""What the year of a day begins with while it is being typed: 0002, 0020, 0202."""
_SCRIPTS = ("zh-Hans", "zh-Hant", "ja", "ko")


@dataclass
class Kept:
    """The last pages of a tab."""

    job: SheetJob
    made: Rendered
    good: tuple[PageFacts, ...]
    used: float = field(default_factory=time.monotonic)


@dataclass
class Form:
    """What is typed."""

    fields: dict[str, str] = field(default_factory=dict, repr=False)
    points: list[dict[str, str]] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, form: FormData) -> "Form":
        """Take it from a request."""
        known = (
            *("name", "script", "date", "practitioner", "note", "exercises", "next_day", "next_time", "diary"),
            *("paper", "lang", "brand", "find", "view"),
        )
        fields = {name: str(form.get(name, "")).replace("\r\n", "\n") for name in known}
        codes = [str(code) for code in form.getlist("code")][:MOST_POINTS]
        columns = {name: [str(value) for value in form.getlist(name_of(name))] for name in _POINT}
        points = [
            {"code": code, **{name: (column[i] if i < len(column) else "") for name, column in columns.items()}}
            for i, code in enumerate(codes)
        ]
        return cls(fields, points)

    @classmethod
    def empty(cls, studio: Studio, lang: str) -> "Form":
        """Return what an empty sheet begins with: today, and the clinic and language of the last handout."""
        choice = studio.project.choice({})
        fields = dict.fromkeys(("name", "script", "practitioner", "note", "exercises", "next_day", "next_time"), "")
        today = clock.today().isoformat()
        fields |= {"date": today, "diary": "2", "paper": "a4", "find": "", "view": ""}
        fields |= {"lang": choice.lang if choice else lang, "brand": choice.brand if choice else NO_BRAND}
        return cls(fields)

    def add(self, code: str) -> None:
        """Put a point on the sheet, with the dose that was used last."""
        if code and len(self.points) < MOST_POINTS and all(point["code"] != code for point in self.points):
            last = self.points[-1] if self.points else {"times": "2", "seconds": "30"}
            usual = {"times": last["times"], "seconds": last["seconds"]}
            self.points.append({"code": code, **dict.fromkeys(_POINT, ""), **usual})

    def visit(self) -> dict[str, Any]:
        """Return the values of a visit."""
        said = self.fields
        name: Any = said["name"].strip()
        if name and said["script"] in _SCRIPTS:
            name = {"text": name, "lang": said["script"]}
        day = said["next_day"]
        moment = f"{day}T{said['next_time']}" if day and said["next_time"] else day
        values: dict[str, Any] = {
            "lang": said["lang"],
            "name": name,
            "date": "" if said["date"].startswith(_UNFINISHED) else said["date"],
            "practitioner": said["practitioner"].strip(),
            "next_visit": "" if day.startswith(_UNFINISHED) else moment,
            "note": said["note"].strip(),
            "points": [_point(point) for point in self.points],
            "exercises": [line.strip() for line in said["exercises"].split("\n") if line.strip()],
            "diary": 2 if (weeks := whole_number(said["diary"])) is None else weeks,
        }
        return {key: value for key, value in values.items() if value not in ("", [])}


def name_of(column: str) -> str:
    """Return what a column of the points is called in the form."""
    return f"point-{column}"


def _point(point: Mapping[str, str]) -> dict[str, Any]:
    dose = {"times_a_day": point["times"], "seconds": point["seconds"]}
    numbers = {key: number for key, value in dose.items() if (number := whole_number(value)) is not None}
    words_ = {key: point[key].strip() for key in ("note", "where", "accept") if point[key].strip()}
    side = {"side": point["side"]} if point["side"] else {}
    return {"code": point["code"], **side, **({"dose": numbers} if numbers else {}), **words_}


async def _sheet(request: Request) -> Response:
    """Answer with an empty sheet, or with one that has a point of the catalogue."""
    studio: Studio = request.app.state.studio
    form = Form.empty(studio, pages.language(request))
    if code := request.query_params.get("add", ""):
        form.add(code if code in await studio.atlas.points() else "")
    return await _shown(request, form, secrets.token_urlsafe(12))


async def _change(request: Request) -> Response:
    """Answer with a sheet as it was typed, after what a button says."""
    studio: Studio = request.app.state.studio
    sent = await submitted(request)
    form, tab = Form.of(sent), str(sent.get("tab", ""))[:40] or secrets.token_urlsafe(12)
    action, _, code = str(sent.get("do", "")).partition(" ")
    codes = [point["code"] for point in form.points]
    at = codes.index(code) if code in codes else -1
    match action:
        case "clear":
            _forget(studio, tab)
            return await _shown(request, Form.empty(studio, pages.language(request)), tab, cleared=True)
        case "find-add":
            found = await studio.atlas.search(form.fields["find"], pages.language(request), most=1)
            # Of points that only lie where a word says, none is the one that was meant.
            if found.points and (found.sure or found.number == 1):
                form.add(found.points[0].code if form.fields["find"].strip() else "")
                form.fields["find"] = ""
        case "add":
            form.add(code if code in await studio.atlas.points() else "")
            form.fields["find"] = ""
        case "toggle" if at < 0:
            form.add(code if code in await studio.atlas.points() else "")
        case "toggle" | "remove" if at >= 0:
            del form.points[at]
        case "up" if at > 0:
            form.points.insert(at - 1, form.points.pop(at))
        case "down" if 0 <= at < len(form.points) - 1:
            form.points.insert(at + 1, form.points.pop(at))
        case "view":
            form.fields["view"] = code if code in VIEWS else ""
        case _:
            pass
    return await _shown(request, form, tab)


async def _pdf(request: Request) -> Response:
    """Answer with the PDF of a sheet, from memory."""
    studio: Studio = request.app.state.studio
    sent = await submitted(request)
    form = Form.of(sent)
    made = await _rendered(studio, form, str(sent.get("tab", ""))[:40])
    if made is None or made.failed:
        problems = made.notes if made else ()
        return pages.page(request, "told", "sheet", 409, problems=problems)
    day = form.fields["date"] if form.fields["date"].replace("-", "").isdecimal() else clock.today().isoformat()
    named = disposition(f"visit-sheet-{day}.pdf", inline="download" not in sent)
    headers = {"content-disposition": named, "cache-control": "no-store"}
    return Response(made.files["pdf"], media_type="application/pdf", headers=headers)


async def _rendered(studio: Studio, form: Form, tab: str) -> Rendered | None:
    """Return what came of a sheet; what a tab saw before is forgotten."""
    _forget_old(studio)
    brand = studio.project.brand_folder(form.fields["brand"])
    paper = form.fields["paper"] if form.fields["paper"] in PAPERS else "a4"
    job = SheetJob(form.visit(), brand, paper, studio.project.root)
    kept: Kept | None = studio.sheets.get(tab)
    if kept and kept.job.same(job) and kept.made.up_to_date:
        kept.used = time.monotonic()
        return kept.made
    made = await studio.result(f"sheet {tab}", job)
    if made is None:
        return None
    good = made.pages or (kept.good if kept else ())
    if made.pages:
        if kept:
            studio.images.forget(set(kept.good) - set(made.pages))
        studio.images.add(made.pictures, personal=True)
    studio.sheets[tab] = Kept(job, made, good)
    return made


def _forget(studio: Studio, tab: str) -> None:
    """Leave nothing of the sheet of a tab."""
    if kept := studio.sheets.pop(tab, None):
        studio.images.forget(kept.good)


def _forget_old(studio: Studio) -> None:
    """Leave nothing of sheets that nobody has touched for half an hour."""
    now = time.monotonic()
    for tab in [tab for tab, kept in studio.sheets.items() if now - kept.used > _KEPT]:
        _forget(studio, tab)


async def forget_in_time(studio: Studio) -> None:
    """Forget sheets in time, whether anybody asks for anything or not."""
    while True:
        await asyncio.sleep(60)
        _forget_old(studio)


async def _shown(request: Request, form: Form, tab: str, *, cleared: bool = False) -> Response:
    """Answer with a sheet and its pages."""
    studio: Studio = request.app.state.studio
    known = await studio.atlas.points()
    form.points = [point for point in form.points if point["code"] in known]
    word = form.fields["find"].strip()
    found = await studio.atlas.search(word, pages.language(request), most=_FEW) if word else Found([], 0, [])
    made = None if cleared else await _rendered(studio, form, tab)
    view = View()
    if made is None and (kept := studio.sheets.get(tab)) and not cleared:
        view = View(kept.good, drawing=True, rendered=kept.made)  # a newer one of this tab is on its way
    if made is not None:
        kept = studio.sheets.get(tab)
        problems = tuple(made.notes)
        good = kept.good if kept else ()
        view = View(good, fresh=not made.failed, failed=made.failed, problems=problems, rendered=made)
    lookup = await studio.atlas.lookup()
    shown = form.fields["view"] if form.fields["view"] in VIEWS else ""
    brand = studio.project.brand(form.fields["brand"])
    return pages.page(
        request,
        "sheet",
        "sheet",
        form=form.fields,
        chosen=form.points,
        tab_key=tab,
        cleared=cleared,
        found=found,
        known=known,
        most=MOST_POINTS,
        papers=PAPERS,
        seconds=SECONDS,
        scripts=_SCRIPTS,
        han_name=bool(form.fields["script"] or language.cjk_runs(form.fields["name"])),
        languages=[lang for lang in words.NAMES if lang in studio.project.languages()],
        brands=studio.project.brands(),
        no_brand=NO_BRAND,
        practitioners=studio.project.practitioners(brand.name) if brand else [],
        view=view,
        told=_told(view.problems),
        body_view=shown,
        views=VIEWS,
        labels=atlas.labels(lookup, pages.language(request)),
        body=body_map(shown, known.values()) if shown else None,
    )


def _told(problems: tuple[Problem, ...]) -> list[Problem]:
    """Return what stops a sheet, and what it has no room for."""
    return [problem for problem in problems if problem.severity > 0 or problem.code == "left-out"]


async def _leave(request: Request) -> Response:
    """Forget the sheet of a tab that was closed."""
    studio: Studio = request.app.state.studio
    sent = await submitted(request)
    _forget(studio, str(sent.get("tab", ""))[:40])
    return Response(status_code=204)


ROUTES = [
    Route("/sheet", _sheet),
    Route("/sheet", _change, methods=["POST"]),
    Route("/sheet/pdf", _pdf, methods=["POST"]),
    Route("/sheet/leave", _leave, methods=["POST"]),
]
