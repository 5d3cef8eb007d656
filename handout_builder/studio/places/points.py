"""The place Points: where a point is, what it is called, where it is used."""

import asyncio
from typing import get_args
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from handout_builder.authoring.body_map import VIEWS, body_map
from handout_builder.content.schema import BodyRegion
from handout_builder.studio import atlas, edits, fonts, pages, point_cards, words
from handout_builder.studio.document import EditError, pointer
from handout_builder.studio.gate import submitted
from handout_builder.studio.studio import Studio

_LONGEST = 60
_DAY = "private, max-age=86400"


async def _points(request: Request) -> Response:
    """Answer with the search, the body, and the chosen point."""
    studio: Studio = request.app.state.studio
    query = request.query_params
    word, region = query.get("q", "")[:_LONGEST], query.get("region", "")
    region = region if region in get_args(BodyRegion) else ""
    view = query["view"] if query.get("view") in VIEWS else ""
    lookup = await studio.atlas.lookup()
    tongue = own if (own := pages.language(request)) in lookup.languages else words.USUAL
    shared = lookup.languages[tongue][1]
    found = await studio.atlas.search(word, tongue, region)
    code = query.get("code", "")
    only = found.points[0] if found.number == 1 else None
    chosen = lookup.points.get(code) or only
    kept = {name: value for name, value in (("q", word), ("region", region), ("view", view)) if value}
    return pages.page(
        request,
        "points",
        "points",
        word=word,
        region=region,
        regions=atlas.regions(lookup, tongue),
        found=found,
        chosen=chosen,
        entry=await asyncio.to_thread(lookup.entry, chosen) if chosen else None,
        lang_of=atlas.NAMES,
        drawn=bool(chosen and atlas.has_picture(chosen)),
        view=view,
        views=VIEWS,
        labels=shared.labels,
        meridian=shared.meridians.get(chosen.meridian, chosen.meridian) if chosen else "",
        tongue=tongue,
        body=body_map(view, lookup.points.values()) if view else None,
        all_points=lookup.points,
        address=f"/points?{urlencode(kept)}&code=",
        kept=kept,
        own=studio.project.own,
        sections=_sections(studio, pages.language(request)) if chosen and studio.project.own else (),
        entries={entry.name: entry for entry in studio.project.handouts()},
    )


def _sections(studio: Studio, lang: str) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Return where a point can be put: titles of handouts, their languages, their sections by what the form sends.

    Each section tells whether it has cards of points already.
    """
    found = []
    for entry in studio.project.handouts():
        tag = lang if lang in entry.titles else next(iter(entry.titles))
        sections = studio.project.sections(entry.name, tag)
        if sections:
            there = [(f"{entry.name}/{tag}/{ident}", heading, cards) for ident, heading, cards in sections]
            found.append((entry.title(tag), tag, there))
    return found


async def _put(request: Request) -> Response:
    """Put a point on a handout: into its draft, which is shown."""
    studio: Studio = request.app.state.studio
    form = await submitted(request)
    edits.refuse_foreign(studio.project)
    name, _, rest = str(form.get("to", "")).partition("/")
    lang, _, section = rest.partition("/")
    point = (await studio.atlas.points()).get(str(form.get("code", "")))
    try:
        draft = studio.handout_draft(name, lang)
        if draft is None or point is None:
            raise HTTPException(404)
        place = point_cards.put(draft, section, point, edits.tab(form))
    except EditError as error:
        raise HTTPException(409, str(error)) from error
    return RedirectResponse(f"/write/{quote(name)}/{quote(lang)}?open={quote(pointer(place))}", 303)


async def _picture(request: Request) -> Response:
    """Answer with the picture of a point."""
    studio: Studio = request.app.state.studio
    lookup = await studio.atlas.lookup()
    made = await asyncio.to_thread(atlas.picture, lookup, request.path_params["code"])
    if made is None:
        raise HTTPException(404)
    return Response(made, media_type="image/svg+xml", headers={"cache-control": _DAY})


async def _body(request: Request) -> Response:
    """Answer with the drawing of a view of the body."""
    view = request.path_params["view"]
    if view not in VIEWS:
        raise HTTPException(404)
    made = await asyncio.to_thread(atlas.drawing, view)
    return Response(made, media_type="image/svg+xml", headers={"cache-control": _DAY})


async def _font(request: Request) -> Response:
    """Answer with the characters of names, in the shapes of a language."""
    studio: Studio = request.app.state.studio
    lang = request.path_params["lang"]
    if lang == fonts.TONGUES:
        made = await asyncio.to_thread(fonts.tongues)
    elif lang in fonts.LANGUAGES:
        made = await asyncio.to_thread(fonts.names, lang, tuple((await studio.atlas.points()).values()))
    else:
        raise HTTPException(404)
    return Response(made, media_type="font/ttf", headers={"cache-control": _DAY})


async def _font_part(request: Request) -> Response:
    """Answer with a part of all characters, in the shapes of a language."""
    lang, start = request.path_params["lang"], request.path_params["start"]
    if lang not in fonts.LANGUAGES or start not in {f"{one:x}" for one in fonts.parts()}:
        raise HTTPException(404)
    made = await asyncio.to_thread(fonts.part, lang, int(start, 16))
    return Response(made, media_type="font/ttf", headers={"cache-control": _DAY})


async def _font_parts(request: Request) -> Response:
    """Answer with the style sheet of these parts."""
    return pages.packed(request, await asyncio.to_thread(fonts.style_sheet), "text/css", _DAY)


ROUTES = [
    Route("/points", _points),
    Route("/points/put", _put, methods=["POST"]),
    Route("/points/picture/{code}.svg", _picture),
    Route("/points/body/{view}.svg", _body),
    Route("/font/parts.css", _font_parts),
    Route("/font/{lang}.ttf", _font),
    Route("/font/{lang}/{start}.ttf", _font_part),
]
