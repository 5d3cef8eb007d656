"""The place Brand: how the clinic's paper looks."""

import asyncio
import contextlib
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from handout_builder.content.yaml_reader import Location, YamlFile
from handout_builder.editions import DEFAULT, EDITIONS
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.orders import Order
from handout_builder.resources import brand_file
from handout_builder.studio import edits, forms, pages, uploads, words
from handout_builder.studio.document import Document, EditError, pointer
from handout_builder.studio.drafts import ConflictError, Draft
from handout_builder.studio.edits import Said
from handout_builder.studio.forms import Field
from handout_builder.studio.gate import submitted
from handout_builder.studio.jobs import Job
from handout_builder.studio.studio import Studio
from handout_builder.studio.uploads import looked_at
from handout_builder.studio.uploads import stored as stored_name

_WORDS = ("invitation", "disclaimer")
_WEB = ("home", "booking")
_MOST_TRIED = 4
"""Handouts that are tried, where one cannot be made, to look at a brand on."""
LETTERHEADS = ("auto", "line", "band", "wash", "off")
_PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "svg": "image/svg+xml"}
_FONTS = (".ttf", ".otf", ".woff", ".woff2")
_SAFE = re.compile(r"[^A-Za-z0-9-]+")


async def _list(request: Request, problems: Sequence[Problem] = ()) -> Response:
    """Answer with the brands, and with a way to begin another."""
    studio: Studio = request.app.state.studio
    return pages.page(
        request,
        "brands",
        "brand",
        422 if problems else 200,
        brands=studio.project.brands(),
        own=studio.project.own,
        problems=problems,
    )


async def _new(request: Request) -> Response:
    """Begin a brand from a name and a logo."""
    from handout_builder.authoring.new_brand import make_brand  # noqa: PLC0415  # a start need not wait for it
    from handout_builder.authoring.new_handout import free_name  # noqa: PLC0415

    studio: Studio = request.app.state.studio
    form = await submitted(request)
    edits.refuse_foreign(studio.project)
    full, file = " ".join(str(form.get("full", "")).split()), form.get("logo")
    name = free_name(studio.project.root / "brands", full, "clinic")
    try:
        with contextlib.ExitStack() as stack:
            logo = None
            if isinstance(file, UploadFile) and file.filename:
                logo = stack.enter_context(uploads.put_down(f"logo{_ending(file.filename)}", await file.read()))
            await asyncio.to_thread(make_brand, studio.project.root, name, full or None, logo, None)
    except HandoutError as error:
        return await _list(request, error.problems)
    return RedirectResponse(f"/brand/{quote(name)}", 303)


async def _brand(request: Request) -> Response:
    """Answer with a brand as it is being made."""
    return await _shown(request, _opened(request))


async def _edit(request: Request) -> Response:
    """Take over what was typed."""
    form = await submitted(request)
    draft = _opened(request)
    return await _shown(request, draft, edits.take_over(draft, brand_fields, form))


async def _do(request: Request) -> Response:
    """Undo, redo, save, take the file."""
    studio: Studio = request.app.state.studio
    form = await submitted(request)
    draft = _opened(request)
    action, _, more = str(form.get("do", "")).partition(" ")
    said = edits.take_over(draft, brand_fields, form)
    try:
        match action:
            case "undo":
                draft.undo(edits.tab(form))
                said = None
            case "redo":
                draft.redo(edits.tab(form))
                said = None
            case _ if said:
                pass
            case "discard" | "take":
                draft.discard()
            case "merge":
                draft.merge(edits.tab(form))
                said = Said("good", "merged")
            case "colours":
                primary, _, secondary = more.partition(",")
                value = draft.document.value
                wanted: dict[Location, Any] = {_colour_place(value, "primary"): primary}
                if secondary:
                    wanted[_colour_place(value, "secondary")] = secondary
                said = edits.set_values(draft, wanted, form)
            case "save" | "over":
                edits.refuse_foreign(studio.project)
                draft.save(over=action == "over")
                studio.wrote(draft.path, edits.tab(form))
                said = Said("good", "saved", str(draft.path))
            case _:
                raise HTTPException(400)
    except ConflictError:
        said = Said("care", "changed_outside", conflict=True)
    except EditError as error:
        said = Said("warn", "not_done", str(error))
    except HandoutError as error:
        said = Said("warn", "not_done", problem=error.problems[0])
    return await _shown(request, draft, said)


async def _upload(request: Request) -> Response:
    """Take a logo or a typeface: checked first, then put beside the brand's file under a name of its own."""
    studio: Studio = request.app.state.studio
    form = await submitted(request)
    edits.refuse_foreign(studio.project)
    draft = _opened(request)
    kind, file = request.path_params["kind"], form.get("file")
    if kind not in ("logo", "headings", "base") or not isinstance(file, UploadFile) or not file.filename:
        raise HTTPException(400)
    data = await file.read()
    take = _take_logo if kind == "logo" else _take_font
    try:
        said = await asyncio.to_thread(take, studio, draft, kind, file.filename, data)
        for path in draft.path.parent.iterdir():
            studio.wrote(path, edits.tab(form))
    except HandoutError as error:
        said = Said("warn", "file_refused", problem=error.problems[0])
    except (EditError, ConflictError) as error:
        said = Said("warn", "not_done", str(error))
    return await _shown(request, draft, said)


def _take_logo(studio: Studio, draft: Draft, _: str, called: str, data: bytes) -> Said:
    """Take a logo; raises HandoutError for one that cannot be used."""
    from handout_builder.authoring.new_brand import read_logo  # noqa: PLC0415  # a start need not wait for it

    name, bytes_, proposed = looked_at(read_logo, f"logo{_ending(called)}", data)
    stored = stored_name(draft.path.parent, name, bytes_)
    place = _logo_place(draft.document.value)
    draft.restructure(lambda document: document.set(place, stored), draft.revision, "")
    if proposed:
        studio.proposed[draft.path] = proposed
    return Said("good", "logo_taken", stored)


def _take_font(_: Studio, draft: Draft, use: str, called: str, data: bytes) -> Said:
    """Take a typeface; raises HandoutError for one that cannot be used."""
    ending = Path(called).suffix.lower()
    path = Path(called)
    if ending not in _FONTS:
        raise HandoutError([Problem("brand-font", "this is no font file", path, hint="TTF, OTF, WOFF or WOFF2")])
    stem = _SAFE.sub("-", Path(called).stem).strip("-")[:50] or "font"
    family = looked_at(_family, f"{stem}{ending}", data)
    stored = stored_name(draft.path.parent, f"{stem}{ending}", data)

    def change(document: Document) -> None:
        known = document.at(("typography", "fonts")) or []
        place = next((i for i, one in enumerate(known) if isinstance(one, dict) and one.get("family") == family), None)
        if place is None:
            new = {"family": family, "source": "file", "files": [{"path": stored}]}
            document.set(("typography", "fonts", len(known)), new)
        else:
            files = known[place].get("files") or []
            document.set(("typography", "fonts", place, "files", len(files)), {"path": stored})
        setting = document.at(("typography", use))
        at: Location = ("typography", use, "family") if isinstance(setting, dict) else ("typography", use)
        document.set(at, family)

    draft.restructure(change, draft.revision, "")
    return Said("good", "font_taken", family)


def _family(path: Path) -> str:
    """Return the family of a font file; raises HandoutError for one that cannot be used."""
    from handout_builder.typefaces import clinic_font  # noqa: PLC0415  # a start need not wait for it

    try:
        return clinic_font.read(path).family
    except clinic_font.TypefaceError as error:
        raise HandoutError([Problem("brand-font", error.message, Path(path.name), hint=error.hint)]) from error


def _ending(called: str) -> str:
    ending = Path(called).suffix.lower()
    return ending if ending in (".svg", ".pdf", ".png", ".jpg", ".jpeg") else ".png"


async def _logo(request: Request) -> Response:
    """Answer with the logo as it is printed on paper."""
    draft = _opened(request)
    value = draft.document.value
    name = str(edits.value_in(value, _logo_place(value)) or "")
    path = draft.path.parent / name
    kind = _PICTURES.get(path.suffix.lower().removeprefix("."))
    if not name or kind is None or not path.is_file() or not path.resolve().is_relative_to(draft.path.parent.resolve()):
        raise HTTPException(404)
    # A drawing of strangers is shown as a picture, in which no script runs.
    headers = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    return Response(await asyncio.to_thread(path.read_bytes), media_type=kind, headers=headers)


async def _cover(request: Request) -> Response:
    """Answer with the cover of the e-book, as the draft has it."""
    studio: Studio = request.app.state.studio
    draft = _opened(request)
    made = None
    for order in _orders(studio, request.path_params["brand"]):
        made = await studio.result(f"cover {draft.path}", replace(_job(order, draft), cover=True))
        if made is None or not (made.failed and _fails_by_itself(order, made.notes)):
            break
    if made is None or made.failed:
        raise HTTPException(409)
    return Response(made.files["cover.png"], media_type="image/png", headers={"cache-control": "no-cache"})


def _orders(studio: Studio, name: str) -> Iterator[Order]:
    """Yield orders for what a brand can be looked at on: the handout that was chosen last, then some others."""
    project = studio.project
    last, folder = project.choice({}), project.brand_folder(name)
    names = [last.handout, *(one.name for one in project.handouts() if one.name != last.handout)] if last else []
    for handout in names[:_MOST_TRIED]:
        if choice := project.choice({"handout": handout}):
            yield Order(project.root / handout, choice.lang, folder, (EDITIONS[DEFAULT],))


def _fails_by_itself(order: Order, problems: Sequence[Problem]) -> bool:
    """Tell whether a handout cannot be made in any brand: another one shows the brand as well."""
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    return bool(errors) and all(problem.path.is_relative_to(order.folder) for problem in errors)


def _job(order: Order, draft: Draft) -> Job:
    return Job(order, drafts=((draft.path, draft.bytes),) if draft.changed else (), preview=True)


def _opened(request: Request) -> Draft:
    """Return the draft of a brand; raises HTTPException where there is none, HandoutError where it cannot be read."""
    studio: Studio = request.app.state.studio
    folder = studio.project.brand_folder(request.path_params["brand"])
    path = brand_file(folder) if folder else None
    if path is None:
        raise HTTPException(404)
    try:
        return studio.drafts.of(path, forms.keys(forms.brand_schema()))
    except EditError as error:
        raise HTTPException(409, str(error)) from error


def _groups(value: Any) -> Mapping[str, list[Field]]:
    """Return the fields of a brand by what they are about."""
    meta = edits.value_in(value, ("meta",))
    links = "links" if isinstance(meta, dict) and "links" in meta else "link"
    name = edits.value_in(value, ("meta", "name"))
    full: Location = ("meta", "name") if isinstance(name, str) else ("meta", "name", "full")
    person = edits.value_in(value, ("meta", "practitioner"))
    one: Location = ("meta", "practitioner", 0) if isinstance(person, list) else ("meta", "practitioner")
    named: Location = one if isinstance(edits.value_in(value, one), str) else (*one, "name")

    def field(place: Location, kind: forms.Kind, called: str, choices: tuple[str, ...] = ()) -> Field:
        found = edits.value_in(value, place)
        text = "\n".join(map(str, found)) if isinstance(found, list) else "" if found is None else found
        shown: Any = bool(found) if kind == "check" else str(text).rstrip("\n")
        return Field(place, kind, called, shown, choices=choices, web=called in _WEB)

    def lines(place: Location, called: str) -> Field:
        # A text of several lines stays one, a list a list.
        return field(place, "lines" if isinstance(edits.value_in(value, place), list) else "long", called)

    logo = _logo_place(value)
    colour: list[Field] = [field(_colour_place(value, use), "colour", use) for use in ("primary", "secondary")]
    who = [field(full, "text", "full_name")]
    who += [] if isinstance(name, str) else [field(("meta", "name", "short"), "text", "short_form")]
    who += [field(named, "text", "practitioner")]
    who += [] if named == one else [field((*one, "credentials"), "text", "credentials")]
    return {
        "logo": [field((*logo[:-1], "alt"), "text", "alt")] if logo[-1] == "path" else [],
        "colours": colour,
        "who": who,
        "reach": [
            lines(("meta", "address"), "address"),
            field(("meta", "phone"), "text", "phone"),
            field(("meta", "email"), "text", "email"),
            lines(("meta", "hours"), "hours"),
            field(("meta", links, "home"), "text", "home"),
            field(("meta", links, "booking"), "text", "booking"),
        ],
        "letterhead": [
            field(("defaults", "handout", "letterhead"), "select", "letterhead", LETTERHEADS),
            field(("defaults", "handout", "wordmark"), "check", "wordmark"),
            field(("defaults", "handout", "space"), "text", "space"),
            field(("defaults", "handout", "paper"), "select", "paper", ("a4", "letter")),
        ],
        "words": [
            Field(place, "group", lang, fields=tuple(field((*place, name), "long", name) for name in _WORDS))
            for lang in words.NAMES
            for place in [("defaults", "handout", "texts", lang)]
        ],
    }


def brand_fields(value: Any) -> list[Field]:
    """Return all fields of a brand."""
    return [field for group in _groups(value or {}).values() for field in group]


def _colour_place(value: Mapping[str, Any], use: str) -> Location:
    """Return where a colour stands: in the palette, where its name is used."""
    named = edits.value_in(value, ("color", use))
    if isinstance(named, str) and edits.value_in(value, ("color", "palette", named)) is not None:
        return ("color", "palette", named)
    return ("color", use)


def _logo_place(value: Mapping[str, Any]) -> Location:
    """Return where the file of the logo for paper stands."""
    logo = value.get("logo")
    if not isinstance(logo, dict):
        return ("logo",) if isinstance(logo, str) else ("logo", "path")
    place: Location = ("logo",)
    if not logo.keys() & {"path", "light", "dark"}:
        size = next((size for size in ("medium", "large", "small") if logo.get(size)), "medium")
        place = ("logo", size)
    found = edits.value_in(value, place)
    if isinstance(found, dict) and "light" in found:
        place = (*place, "light")
        found = found["light"]
    if isinstance(found, str):
        image = edits.value_in(value, ("logo", "images", found))
        if image is None:
            return place
        place = ("logo", "images", found)
        found = image
        if isinstance(found, dict) and "light" in found:
            place, found = (*place, "light"), found["light"]
    return place if isinstance(found, str) else (*place, "path")


async def _shown(request: Request, draft: Draft, said: Said | None = None) -> Response:
    """Answer with a brand as it is now, and with its pages."""
    studio: Studio = request.app.state.studio
    said = said or edits.not_kept(draft)
    name = request.path_params["brand"]
    drawn, view = draft.text, None
    seat = f"/brand/{quote(name)}"
    for order in _orders(studio, name):
        view = await studio.view(seat, _job(order, draft), ("brand", draft.path))
        if not (view.failed and _fails_by_itself(order, view.problems)):
            break
    if view and draft.text != drawn:
        view = replace(view, fresh=False, drawing=True)  # pages of what was written meanwhile are asked for again
    facts = view.rendered.brand if view and view.rendered else None
    shown = view.pages if view else ()
    wanted = dict.fromkeys((1, facts.contact if facts else 0))
    chosen = tuple(shown[number - 1] for number in wanted if 0 < number <= len(shown))
    problems = [problem for problem in (view.problems if view else ()) if problem.path == draft.path]
    try:
        file = draft.file()
    except HandoutError as error:
        file, problems = YamlFile(draft.path, {}, {}, draft.text), list(error.problems)
    entry = studio.project.brand(name)
    return pages.page(
        request,
        "brand",
        "brand",
        name=name,
        title=str(edits.value_in(draft.document.value, ("meta", "name", "full")) or (entry.title if entry else name)),
        draft=draft,
        groups=_groups(draft.value or {}),
        has_logo=bool(edits.value_in(draft.document.value, _logo_place(draft.document.value))),
        logo_name=str(edits.value_in(draft.document.value, _logo_place(draft.document.value)) or ""),
        proposed=studio.proposed.get(draft.path),
        facts=facts,
        view=view,
        pages=chosen,
        problems=problems,
        told=_by_place(problems, file, brand_fields(draft.value)),
        said=said,
        own=studio.project.own,
        address=seat,
        # Another address for each state: the picture is asked for anew, where it is looked at.
        cover=f"{seat}/cover?v={hashlib.sha256(draft.bytes).hexdigest()[:12]}" if shown else "",
        no_link=lambda _: "",
        labels={},
    )


def _by_place(problems: Sequence[Problem], file: YamlFile, fields: Sequence[Field]) -> dict[str, list[Problem]]:
    """Return problems by the places that they are about; those beside which no field stands are about the whole."""
    found: dict[str, list[Problem]] = {}
    shown = tuple(f"{field.pointer}/" for field in fields)
    for problem in problems:
        best = max((start for start in file.lines.values() if start <= problem.line), default=0)
        place = max((at for at, start in file.lines.items() if start == best), key=len, default=())
        beside = problem.line and f"{pointer(place)}/".startswith(shown)
        found.setdefault(pointer(place) if beside else "", []).append(problem)
    return found


ROUTES = [
    Route("/brand", _list),
    Route("/brand/new", _new, methods=["POST"]),
    Route("/brand/{brand}", _brand),
    Route("/brand/{brand}/logo", _logo),
    Route("/brand/{brand}/cover", _cover),
    Route("/brand/{brand}/edit", _edit, methods=["POST"]),
    Route("/brand/{brand}/do", _do, methods=["POST"]),
    Route("/brand/{brand}/file/{kind}", _upload, methods=["POST"]),
]
