"""The place Write: what a handout says, as cards of blocks with forms, as text, and beside its translations."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from handout_builder import clock
from handout_builder.atomic_files import IN_PLACE, write_all
from handout_builder.content.yaml_reader import Location, YamlFile, read_yaml
from handout_builder.editions import DEFAULT, EDITIONS
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.orders import Order
from handout_builder.resources import TEMPLATES
from handout_builder.studio import cards, edits, forms, pages, point_cards, translations, uploads, words
from handout_builder.studio.document import Document, EditError, location, pointer, whole_number
from handout_builder.studio.drafts import ConflictError, Draft
from handout_builder.studio.edits import Said
from handout_builder.studio.gate import submitted
from handout_builder.studio.jobs import Job
from handout_builder.studio.project import has_cards
from handout_builder.studio.studio import Studio
from handout_builder.translation import beginning, freshness
from handout_builder.translation.blocks import blocks

_WITH_NUMBER = ("add", "section", "up", "down")
"""What is done to an item of a list."""
_WITH_PLACE = (*_WITH_NUMBER, "item", "remove")
_FIRST_TYPES = ("text", "heading", "list", "points", "exercise", "table", "figure", "notice")
"""The blocks that are asked for most, which are offered first."""
_BEGUN: Mapping[str, Mapping[str, Any]] = {"table": {"rows": [["", ""]]}, "safety": {"include": "see-a-doctor"}}
"""What blocks have at first beside what each of them must have: a table has rows, or groups of them."""
_MOST_PICTURE_NAME = 60
_TABS = ("text", "facts", "languages", "yaml")
_PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".svg")
_ENDINGS = (".md", ".markdown", ".txt", ".html", ".htm", ".docx")


async def _list(request: Request, said: Said | None = None, problems: Sequence[Problem] = ()) -> Response:
    """Answer with the handouts, and with ways to begin another."""
    studio: Studio = request.app.state.studio
    return pages.page(
        request,
        "handouts",
        "write",
        200 if not problems else 422,
        entries=studio.project.handouts(),
        templates=TEMPLATES,
        languages=words.NAMES,
        own=studio.project.own,
        said=said,
        problems=problems,
    )


async def _new(request: Request) -> Response:
    """Begin a handout from a template, or from a document."""
    from handout_builder.authoring.new_handout import free_name, make_folder  # noqa: PLC0415  # not for each start

    studio: Studio = request.app.state.studio
    form = await submitted(request)
    edits.refuse_foreign(studio.project)
    title, lang = " ".join(str(form.get("title", "")).split()), str(form.get("lang", "en"))
    file = form.get("file")
    try:
        if isinstance(file, UploadFile):
            made = await asyncio.to_thread(_imported, studio.project.root, file.filename or "", await file.read())
        else:
            template = str(form.get("template", TEMPLATES[0]))
            template = template if template in TEMPLATES else TEMPLATES[0]
            name = free_name(studio.project.root, title, "handout")
            made = await asyncio.to_thread(make_folder, studio.project.root, name, lang, template, title)
    except HandoutError as error:
        return await _list(request, problems=error.problems)
    return RedirectResponse(f"/write/{quote(made[0].parent.name)}/{quote(made[0].stem)}", 303)


def _imported(root: Path, called: str, data: bytes) -> list[Path]:
    """Return the files of a handout made from a document; raises HandoutError."""
    from handout_builder.authoring.import_handout import import_file  # noqa: PLC0415  # a start need not wait for it
    from handout_builder.builder.limits import Limits  # noqa: PLC0415

    stem, ending = Path(called).stem, Path(called).suffix.lower()
    if ending not in _ENDINGS:
        hint = f"one of: {', '.join(_ENDINGS)}"
        raise HandoutError(
            [Problem("import", "this is no kind of document that can be imported", Path(called), hint=hint)]
        )
    safe = "".join(character if character.isalnum() or character in " -_" else "-" for character in stem)[:60]
    with uploads.put_down(f"{safe.strip() or 'document'}{ending}", data) as path:
        try:
            return import_file(root, path, "", "", Limits())
        except HandoutError as error:  # the folder is nobody's
            told = (
                replace(problem, path=Path(called)) if problem.path == path else problem for problem in error.problems
            )
            raise HandoutError(told) from error


async def _write(request: Request) -> Response:
    """Answer with a handout as it is being written."""
    return await _shown(request, _opened(request))


async def _edit(request: Request) -> Response:
    """Take over what was typed in an open card; open another one where the address says so."""
    form = await submitted(request)
    draft = _opened(request)
    place = location(str(form.get("card", "")))
    said = await _taken(request, draft, place, form)
    opened = request.query_params.get("open")
    return await _shown(request, draft, said, place if opened is None else cards.card_at(opened), part=_part(form))


async def _taken(request: Request, draft: Draft, place: Location, form: FormData) -> Said | None:
    """Take over what was typed; cards of points have codes for what these are called, and the names of these."""
    if not has_cards(edits.value_in(draft.value, place)):
        return edits.take_over(draft, lambda value: _fields(form, place, value), form)
    studio: Studio = request.app.state.studio
    points = await studio.atlas.points()
    meant = point_cards.codes_meant(points)
    said = edits.take_over(draft, lambda value: _fields(form, place, value), form, meant)
    if said is None:
        point_cards.name_new(draft, place, points, form)
    return said


async def _do(request: Request) -> Response:
    """Add, move, remove, undo, redo, save."""
    studio: Studio = request.app.state.studio
    form = await submitted(request)
    draft = _opened(request)
    action, _, more = str(form.get("do", "")).partition(" ")
    place = location(str(form.get("card", "")))
    said = await _taken(request, draft, place, form)  # what was typed last is not lost
    if said is None or action in ("undo", "redo"):  # these lead out of anything
        try:
            place, said = _acted(studio, draft, action, more, place, form, _label(request))
        except ConflictError:
            said = Said("care", "changed_outside" if action == "save" else "conflict", conflict=action == "save")
        except EditError as error:
            said = Said("warn", "not_done", str(error))
        except HandoutError as error:
            said = Said("warn", "not_done", problem=error.problems[0])
    return await _shown(request, draft, said, place, part=_part(form))


def _acted(
    studio: Studio, draft: Draft, action: str, more: str, place: Location, form: FormData, label: Callable[[str], str]
) -> tuple[Location, Said | None]:
    """Do what a button says; return which card is open then, and the problems found.

    ``label`` gives what a key is called.
    """
    seen, tab, at = edits.revision(form), edits.tab(form), location(more)
    if (action in _WITH_PLACE and not at) or (action in _WITH_NUMBER and not isinstance(at[-1], int)):
        raise EditError(more)
    match action:
        case "add":
            kind = form.get(f"kind{more}") or form.get("kind", "text")
            new = forms.begun(_empty_block(str(kind)), label)
            draft.restructure(lambda document: document.insert(at, new), seen, tab)
            return at, None
        case "section":
            number = at[-1]
            text = {"type": "text", "text": ""}
            new = forms.begun({"id": _free_id(draft), "heading": "", "blocks": [text]}, label)
            draft.restructure(lambda document: document.insert(at, new), seen, tab)
            return ("sections", number), None
        case "item":
            field = next(
                (one for one in cards.with_inner(cards.fields_of(place, draft.value)) if one.place == at[:-1]), None
            )
            begun = forms.begun(field.new, label, field.name) if field else ""
            draft.restructure(lambda document: document.set(at, begun), seen, tab)
            return place, None
        case "remove":
            draft.restructure(lambda document: document.remove(at), seen, tab)
            return (place if at != place else ()), Said("good", "removed")
        case "up" | "down":
            assert isinstance(at[-1], int)
            to = at[-1] + (1 if action == "down" else -1)
            draft.restructure(lambda document: document.move(at, to), seen, tab)
            return ((*at[:-1], to) if at == place else place), Said("", "moved", str(to + 1))
        case "undo":
            draft.undo(tab)
        case "redo":
            draft.redo(tab)
        case "discard" | "take":
            draft.discard()
            return (), None
        case "merge":
            draft.merge(tab)
            return (), Said("good", "merged")
        case "save" | "over":
            edits.refuse_foreign(studio.project)
            before = draft.file_as_saved()
            draft.save(over=action == "over")
            translations.record_translated(studio, draft, before)
            studio.wrote(draft.path, tab)
            return place, Said("good", "saved", str(draft.path))
        case _:
            raise EditError(action)
    return place, None


def _label(request: Request) -> Callable[[str], str]:
    """Return what gives the name of a key in the language of who asks."""
    said = words.words(pages.language(request))
    return lambda name: said.known(f"field_{name}", name)


def _empty_block(kind: str) -> Any:
    """Return a block of a type with nothing written in it; raises EditError for a type that there is not."""
    if kind not in forms.block_types():
        raise EditError(kind)
    return {**forms.empty(forms.block_types()[kind], forms.handout_schema()), **_BEGUN.get(kind, {})}


async def _yaml(request: Request) -> Response:
    """Take over the text as a whole."""
    form = await submitted(request)
    draft = _opened(request)
    said = None
    try:
        if edits.in_turn(draft, form):
            draft.replace(str(form.get("yaml", "")).replace("\r\n", "\n"), edits.revision(form), edits.tab(form))
    except ConflictError:
        said = Said("care", "conflict", conflict=True)
    except EditError as error:
        said = Said("warn", "no_yaml", str(error))
    except HandoutError as error:
        said = Said("warn", "not_done", problem=error.problems[0])
    return await _shown(request, draft, said, typed=str(form.get("yaml", "")) if said else None, part="yaml")


async def _picture(request: Request) -> Response:
    """Take a picture for the open card: looked at first, then put beside the handout's file."""
    studio: Studio = request.app.state.studio
    form = await submitted(request)
    edits.refuse_foreign(studio.project)
    draft = _opened(request)
    place, file = location(str(form.get("card", ""))), form.get("file")
    at = cards.picture_place(cards.fields_of(place, draft.value))
    if at is None or not isinstance(file, UploadFile) or not file.filename:
        raise HTTPException(400)
    called = Path(file.filename).name[-_MOST_PICTURE_NAME:]
    data = await file.read()
    try:
        name = await asyncio.to_thread(uploads.looked_at, uploads.usable_picture, called, data)
        name = uploads.stored(draft.path.parent, name, data)
        studio.wrote(draft.path.parent / name, edits.tab(form))
        label = _label(request)

        def change(document: Document) -> None:
            document.set(at, name)
            if document.at((*at[:-1], "alt")) is None:
                document.set((*at[:-1], "alt"), forms.begun("", label, "alt"))

        draft.restructure(change, draft.revision, edits.tab(form))
        said = Said("good", "picture_taken", name)
    except HandoutError as error:
        said = Said("warn", "file_refused", problem=error.problems[0])
    except (EditError, ConflictError) as error:
        said = Said("warn", "not_done", str(error))
    return await _shown(request, draft, said, place)


async def _translate(request: Request) -> Response:
    """Begin a translation of the saved text into a language that it is not written in."""
    studio: Studio = request.app.state.studio
    form = await submitted(request)
    edits.refuse_foreign(studio.project)
    draft, lang = _opened(request), str(form.get("to", ""))
    if lang not in words.NAMES:
        raise HTTPException(400)
    path = draft.path.with_name(f"{lang}.yaml")
    if not path.exists():
        try:
            today = clock.today()
            made = beginning.begun(read_yaml(draft.path), path, "person", today)
        except HandoutError as error:
            return await _shown(request, draft, Said("warn", "not_done", problem=error.problems[0]), part="languages")
        write_all({path: made.text.encode()}, hint=IN_PLACE)
        studio.wrote(path, edits.tab(form))
    return RedirectResponse(f"/write/{quote(draft.path.parent.name)}/{quote(lang)}?part=languages", 303)


async def _translation(request: Request) -> Response:
    """Record that a block says what its original says now."""
    studio: Studio = request.app.state.studio
    form = await submitted(request)
    edits.refuse_foreign(studio.project)
    draft = _opened(request)
    told = edits.take_over(draft, lambda value: _fields(form, (), value), form)
    original = translations.original_of(studio, draft)
    names = str(form.get("block", "")).split()
    if original is None or not names or not set(names) <= (there := blocks(original)).keys():
        raise HTTPException(404)
    path = freshness.table(draft.path)
    known = {**freshness.recorded(path), **{name: freshness.digest(there[name]) for name in names}}
    write_all({path: freshness.as_table({one: known.get(one, "") for one in there}).encode()}, hint=IN_PLACE)
    studio.wrote(path, edits.tab(form))
    return await _shown(request, draft, told or Said("good", "marked_done"), part="languages")


def _fields(form: FormData, place: Location, value: Any) -> Sequence[forms.Field]:
    """Return the fields that a form has: of its card, or of all texts where these stand beside their originals."""
    return cards.prose_fields(value) if _part(form) == "languages" else cards.fields_of(place, value)


def _part(form: FormData) -> str:
    """Return which part of the place a form stands in."""
    return str(form.get("part", "text"))


def _opened(request: Request) -> Draft:
    """Return the draft that an address means; raises HTTPException where there is none, HandoutError, too."""
    studio: Studio = request.app.state.studio
    try:
        draft = studio.handout_draft(request.path_params["handout"], request.path_params["lang"])
    except EditError as error:
        raise HTTPException(409, str(error)) from error
    if draft is None:
        raise HTTPException(404)
    return draft


async def _shown(
    request: Request,
    draft: Draft,
    said: Said | None = None,
    place: Location | None = None,
    typed: str | None = None,
    part: str = "",
) -> Response:
    """Answer with a draft as it is now, and with its pages."""
    studio: Studio = request.app.state.studio
    said = said or edits.not_kept(draft)
    handout, lang = request.path_params["handout"], request.path_params["lang"]
    tab = part or request.query_params.get("part", "text")
    tab = tab if tab in _TABS else "text"
    choice = studio.project.choice({"handout": handout, "lang": lang})
    brand = studio.project.brand_folder(choice.brand) if choice else None
    order = Order(draft.path.parent, lang, brand, (EDITIONS[DEFAULT],))
    drawn = draft.text
    job = Job(order, drafts=((draft.path, draft.bytes),) if draft.changed else (), preview=True)
    patience = 0.01 if tab == "languages" else None
    made = studio.view(f"/write/{quote(handout)}/{lang}", job, ("write", draft.path), patience)
    view, lookup = await asyncio.gather(made, studio.atlas.lookup())
    # From here on nothing is waited for: values and revision are of one moment, or a form sends old values as new ones.
    if draft.text != drawn:
        view = replace(view, fresh=False, drawing=True)  # pages of what was written meanwhile are asked for again
    try:
        file, unreadable = draft.file(), tuple[Problem, ...]()
    except HandoutError as error:
        file, unreadable = YamlFile(draft.path, draft.document.value, {}, draft.text), error.problems
    if place is None:
        place = _asked(request, file)
        if not place and "line" in request.query_params:
            tab = "facts"  # before all sections
    problems = [problem for problem in (*unreadable, *view.problems) if problem.path == draft.path]
    # Beside its original each text says itself whether it is older.
    shown_here = [one for one in problems if not (tab == "languages" and one.code == "translation-stale")]
    by_place = cards.by_place(shown_here, file)
    value = file.value if isinstance(file.value, dict) else {}
    fields = cards.fields_of(place, value)
    texts = lookup.languages.get(pages.language(request), lookup.languages["en"])[1]
    entry = studio.project.handout(handout)
    titles = entry.titles if entry else {}
    named = {name: block.heading for name, block in texts.safety.items()}
    named |= {one.name: one.title for one in studio.project.brands()}
    shown = [spot for spot in (view.rendered.spots if view.rendered else ()) if spot.location[:1]]
    here = [spot for spot in shown if cards.is_within(spot.location, place)]
    original = translations.original_of(studio, draft) if tab == "languages" else None
    answer = pages.page(
        request,
        "write",
        "write",
        handout=handout,
        lang=lang,
        entry=entry,
        untranslated=[tag for tag in words.NAMES if tag not in titles],
        tab=tab,
        tabs=_TABS,
        draft=draft,
        value=value,
        open_at=place,
        card=pointer(place),
        fields=_with_choices(fields, {"include": list(texts.safety), "brand": _brands(studio)}),
        picture=pointer(cards.picture_place(fields) or ()),
        pictures=_pictures(draft.path.parent),
        named=named,
        outline=cards.outline(value, by_place, named),
        facts=cards.facts(value) if tab == "facts" else (),
        types=list(dict.fromkeys((*_FIRST_TYPES, *forms.block_types()))),
        known=lookup.points,
        labels=texts.labels,
        problems=problems,
        told=by_place,
        counts={kind: sum(problem.severity is kind for problem in problems) for kind in Severity},
        view=view,
        spots=shown,
        here={spot.location for spot in here},
        show_page=min((spot.page for spot in here), default=0),
        said=said,
        typed=typed,
        own=studio.project.own,
        translation=translations.pairs(original, file) if original else None,
        original=original,
        address=(address := f"/write/{quote(handout)}/{lang}"),
        field_of=lambda problem: f"{address}?line={problem.line}" if problem.path == draft.path else "",
    )
    if request.method == "POST" and tab == "text":
        answer.headers["hx-replace-url"] = f"{address}?open={pointer(place)}"
    return answer


def _brands(studio: Studio) -> list[str]:
    return [one.name for one in studio.project.brands()]


def _pictures(folder: Path) -> list[str]:
    """Return the pictures that lie beside a handout's file."""
    return sorted(one.name for one in folder.iterdir() if one.suffix.lower() in _PICTURE_ENDINGS)


def _with_choices(fields: Sequence[forms.Field], choices: Mapping[str, Sequence[str]]) -> list[forms.Field]:
    """Return fields of which those whose values are names of something that is known are chosen from a list."""
    return [
        replace(one, kind="select", choices=tuple(dict.fromkeys((*choices[one.name], *filter(None, [one.value])))))
        if one.kind == "text" and choices.get(one.name)
        else one
        for one in fields
    ]


def _asked(request: Request, file: YamlFile) -> Location:
    """Return the card that an address asks for: by its place, or by a line of the file."""
    if line := request.query_params.get("line", ""):
        number = whole_number(line)
        return () if number is None else cards.card_of(cards.at_line(number, file))
    return cards.card_at(request.query_params.get("open", ""))


def _free_id(draft: Draft) -> str:
    """Return a name for links that no section has yet."""
    sections = draft.document.value.get("sections")
    taken = (
        {section.get("id") for section in sections if isinstance(section, dict)} if isinstance(sections, list) else ()
    )
    return next(name for number in range(1, 10_000) if (name := f"section-{number}") not in taken)


ROUTES = [
    Route("/write", _list),
    Route("/write/new", _new, methods=["POST"]),
    Route("/write/{handout}/{lang}", _write),
    Route("/write/{handout}/{lang}/edit", _edit, methods=["POST"]),
    Route("/write/{handout}/{lang}/do", _do, methods=["POST"]),
    Route("/write/{handout}/{lang}/yaml", _yaml, methods=["POST"]),
    Route("/write/{handout}/{lang}/picture", _picture, methods=["POST"]),
    Route("/write/{handout}/{lang}/translate", _translate, methods=["POST"]),
    Route("/write/{handout}/{lang}/translated", _translation, methods=["POST"]),
]
