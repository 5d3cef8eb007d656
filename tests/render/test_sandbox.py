"""Templates of strangers end, in whatever thread they run."""

from __future__ import annotations

import inspect
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any

import pytest
from helpers.project import NAME, ROOT, source_of
from jinja2 import Undefined
from jinja2.exceptions import SecurityError

from handout_builder.brand.clinic import Clinic
from handout_builder.brand.loader import Brand, load_brand
from handout_builder.brand.logo import Logo
from handout_builder.content import point_index, safety, schema
from handout_builder.content.loader import Source
from handout_builder.editions import EDITIONS
from handout_builder.epub import ncx
from handout_builder.errors import HandoutError
from handout_builder.figures import marks
from handout_builder.pdf.imposition import Side
from handout_builder.render import printing, sandbox
from handout_builder.render.anchors import Anchors
from handout_builder.render.contents import Contents
from handout_builder.render.context import Context
from handout_builder.render.drawings import Drawings
from handout_builder.render.environment import FILTERS, render
from handout_builder.render.formatter import Formatter
from handout_builder.render.imprint import Imprint
from handout_builder.render.languages import Languages
from handout_builder.render.personal import PersonalWords
from handout_builder.render.product import Product
from handout_builder.render.short_contents import ShortContents
from handout_builder.visit import contents


def turn_for_ever() -> None:
    while True:
        pass


@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_has_no_end_is_ended(elsewhere: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_TIME", 0.2)
    told: list[str] = []

    def render() -> None:
        try:
            sandbox.limited(turn_for_ever)
        except SecurityError as error:
            told.append(str(error))

    if elsewhere:
        thread = threading.Thread(target=render)
        thread.start()
        thread.join()
    else:
        render()
    assert told == ["this takes more than 0 seconds"]


def test_what_ends_in_time_is_left_alone() -> None:
    for _ in range(3):
        assert sandbox.limited(lambda: sum(range(1000))) == 499500


def test_what_catches_everything_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_TIME", 0.1)
    caught = 0

    def swallow() -> None:
        nonlocal caught
        while True:
            try:
                while True:
                    pass
            except BaseException:
                caught += 1
                if caught == 3:
                    raise

    with pytest.raises(SecurityError):
        sandbox.limited(swallow)
    assert caught == 3


def test_nothing_is_raised_once_the_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_TIME", 0.05)
    monkeypatch.setattr(sandbox, "_OFTEN", 0.0001)  # it comes again before the first is through
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)  # what comes in a callback of C is only printed

    def leave_much() -> None:
        kept = [[] for _ in range(300_000)]  # to take them down takes longer than it takes to raise once more
        while kept:
            pass

    for _ in range(8):
        with pytest.raises(SecurityError, match="more than 0 seconds"):
            sandbox.limited(leave_much)
        for _ in range(2000):
            Undefined(name="a")  # functions begin: here what comes late would be raised


# The exception can come while a file is opened, and nobody has it then.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("trial", range(8))
def test_templates_that_include_for_ever_are_ended(trial: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_TIME", 0.1 + trial / 200)
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% include 'e.html' %}{% endfor %}{% endfor %}"
    with pytest.raises(HandoutError, match="more than 0 seconds"):
        rendered(tmp_path, loop, **{"e.html": ""})


# The exception can come in a callback of C, and is only printed there.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_is_worked_out_while_a_template_is_compiled_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jinja2 takes whatever is raised there for a sign that it should wait for the template to run."""
    monkeypatch.setattr(sandbox, "_TIME", 0.1)
    with pytest.raises(HandoutError, match="more than 0 seconds"):
        rendered(tmp_path, "{{ [1]|slice(99999999999)|list }}")


# What templates can reach

# What may be called; the arguments are checked by each of them.
CALLABLES = {
    *("Anchors.breaks", "Anchors.id", "Anchors.prose", "Clinic.foot_name", "Clinic.parts"),
    *("Clinic.qr", "Clinic.shown"),
    *("Contents.boxes", "Contents.charts", "Contents.citations", "ShortContents.has", "Contents.references"),
    *("Formatter.call", "Formatter.dose", "Formatter.exercise", "Languages.fits_ruby"),
    *("Drawings.marked", "Drawings.numbers_marks"),
    *("Contents.blocks", "Context.picture", "Drawings.chart", "Drawings.crop", "Drawings.emblem", "Drawings.icon"),
    *("Contents.is_wide", "Contents.needs_width", "ShortContents.part"),
    *("Context.block", "Context.heading", "Context.linked", "Context.stands_twice"),
    *("Contents.index", "ShortContents.listed", "Context.chart_pages", "Context.without_template", "Drawings.mark"),
    *("Formatter.cited", "Formatter.other_names"),
    *("Drawings.overview", "Formatter.cautions", "Formatter.date", "Formatter.place", "Formatter.short_place"),
    *("Formatter.has_standard_name", "Formatter.how_to_find", "Formatter.standard", "Formatter.where"),
    *("PersonalWords.after", "PersonalWords.boxes", "PersonalWords.latin", "PersonalWords.own_lang"),
    "PersonalWords.text",
    *("Languages.attributes", "Languages.runs", "Languages.tagged", "date.isoformat"),
}


@pytest.fixture(scope="module")
def context() -> Context:
    brand = load_brand(ROOT / "source" / "brands" / "harbour-lane")
    return Context(Product(source_of(ROOT / "source" / NAME), brand), epub=False, pictures={}, logo="", page_starts={})


def reachable(values: list[Any]) -> Iterator[tuple[str, Any]]:
    """Yield everything that templates can come to from some values, with the way to it."""
    room = sandbox.Sandbox()
    waiting = [(type(value).__name__, value) for value in values]
    seen: dict[int, Any] = {}  # the values, too: else another one may have the number of one that is gone
    while waiting:
        way, value = waiting.pop()
        yield way, value
        if id(value) in seen or isinstance(value, (str, bytes, int, float, type(None))):
            continue
        seen[id(value)] = value
        assert len(seen) < 20_000, f"there is no end to {way}"
        if isinstance(value, Mapping):
            waiting += [(f"{way}[]", inner) for inner in value.values()]
        elif isinstance(value, (list, tuple)):
            waiting += [(f"{way}[]", inner) for inner in value]
        if not callable(value) and not isinstance(value, (Mapping, list, tuple)):
            for name in (name for name in dir(value) if not name.startswith("_")):
                inner = room.getattr(value, name)
                if not isinstance(inner, Undefined):
                    waiting.append((f"{type(value).__name__}.{name}", inner))


@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
def test_templates_reach_values_and_listed_functions_alone(context: Context) -> None:
    found = dict(reachable([context, context.product.source.handout]))
    assert [way for way, value in found.items() if isinstance(value, (PurePath, Product, Source))] == []
    assert {way for way, value in found.items() if callable(value)} == CALLABLES
    assert [way for way, value in found.items() if str(ROOT) in f"{value!r}{value!s}"] == []
    assert len(found) > 100


# What the documents tell of it

# The rows of the table in docs/branding.md.
OBJECTS: Mapping[str, type] = {
    "`c`": Context,
    "`c.clinic`": Clinic,
    "`c.contents`": Contents,
    "`c.short`": ShortContents,
    "`c.imprint`": Imprint,
    "`c.format`": Formatter,
    "`c.languages`": Languages,
    "`c.anchors`": Anchors,
    "`c.drawings`": Drawings,
    "`c.personal`": PersonalWords,
    "a box for one person": schema.PersonalBox,
    "`sheet`": contents.Sheet,
    "a point of it": contents.Card,
    "an exercise of it": contents.Exercise,
    "its days to tick": contents.Diary,
    "one of them": contents.Tick,
    "a safety box": safety.Box,
    "a group in it": safety.Group,
    "a group of an index": point_index.Group,
    "an entry of it": point_index.Entry,
    "an entry of the book's contents": ncx.Entry,
    "the brand of a clinic": Brand,
    "a logo": Logo,
    "a side of a sheet": Side,
}
BRANDING = (ROOT / "docs" / "branding.md").read_text("utf-8")


def told() -> dict[str, dict[str, list[str] | None]]:
    """Return what the documents tell of each object: names, with the words that functions take."""
    rows = re.findall(r"^\| ([^|]*) \| (.*) \|$", BRANDING.partition("| value | what it has |")[2], re.MULTILINE)
    return {
        title: {
            name: re.findall(r"\w+", words) if words else None
            for name, words in re.findall(r"`([a-z_]+)(\([a-z_, ]*\))?`", text)
        }
        for title, text in rows
    }


def test_what_templates_may_take_is_told_and_nothing_else() -> None:
    found: dict[str, set[str]] = {}
    for title, names in told().items():
        kind = OBJECTS[title]
        found.setdefault(f"{kind.__module__}.{kind.__qualname__}".removeprefix("handout_builder."), set()).update(names)
    assert found == sandbox.OPEN


@pytest.mark.parametrize("title", OBJECTS)
def test_what_is_told_of_an_object_is_so(title: str) -> None:
    """It has what is told, as a value or as a function of these words."""
    kind = OBJECTS[title]
    fields = getattr(kind, "__dataclass_fields__", {})
    for name, words in told()[title].items():
        assert name in fields or hasattr(kind, name), name
        value = getattr(kind, name, None)
        taken = [*inspect.signature(value).parameters][1:] if inspect.isfunction(value) else None
        assert words == taken, name


def test_every_filter_is_told() -> None:
    named = BRANDING.partition("Filters beside Jinja2's own: ")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([a-z_]+)`", named)) == set(FILTERS)


def with_template(folder: Path, **templates: str) -> tuple[Brand, dict[str, Any]]:
    """Return a brand with its own templates, and the values that they get."""
    own = folder / "brand" / "layouts"
    own.mkdir(parents=True, exist_ok=True)
    (folder / "brand" / "_brand.yml").write_text("meta: {name: {full: Clinic}}\n", "utf-8")
    for path, text in templates.items():
        (own / path).write_text(text, "utf-8")
    brand = load_brand(folder / "brand")
    product = Product(source_of(ROOT / "source" / NAME), brand)
    context = Context(product, epub=True, pictures={"a.png": "picture:a.png"}, logo="", page_starts={})
    return brand, {"h": product.source.handout, "c": context}


def rendered(folder: Path, body: str, name: str = "print.html", **others: str) -> str:
    """Render a brand's own template."""
    brand, values = with_template(folder, **{name: body, **others})
    return render(brand, name, **values)


@pytest.mark.parametrize(
    "expression",
    [
        *("c.product", "c.contents.source", "c.drawings.source", "c.drawings.drawn", "c.clinic.brand.folder"),
        *("c.clinic.brand.file", "c.clinic.brand.layouts", "h.model_dump_json()", "h.model_copy()", "c.pictures"),
        *("c.picture('../x')", "c.picture('/etc/passwd')", "c.drawings.icon('/etc/passwd')", "c.format.place('XX99')"),
        *("c.drawings.icon('../../print')", "c.format.cautions('')", "c.drawings.mark('BL23', 'x')", "lipsum()"),
        *("h.revised.strftime('%999999999d')", "'{} {}'.format(1)", "'{0.product}'.format(c)", "[1]|random"),
        *("'{0.__class__}'.format_map({'0': 1})", "'x'.encode('utf-7').decode('nope')", "c.drawings.chart(h, 'x')"),
        *("c.format.date('x')", "c.anchors.prose(1, 2)", "''['format'](1).x", "(c|attr('product')).source"),
        *(
            "([c]|map(attribute='product')|first).source",
            "1 // 0",
            "'\\ud800'|e|urlencode",
            "c.clinic.qr()",
            "h|tojson",
        ),
        *("c.__class__", "c._pictures", "h.__fields__", "c.picture.__func__"),
    ],
)
def test_what_a_template_may_not_do_is_its_error(expression: str, tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        rendered(tmp_path, f"<p>\n{{{{ {expression} }}}}</p>")
    (problem,) = caught.value.problems
    assert (problem.code, problem.path, problem.line) == ("template", tmp_path / "brand" / "layouts" / "print.html", 2)
    assert problem.message
    assert "handout_builder" not in problem.message


def test_a_line_that_is_not_well_formed_is_found_however_lines_end(tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match="not well-formed") as caught:
        rendered(tmp_path, '<div>\n{{ "\\r\\r\\r" }}\n<b></i></div>')
    assert [problem.line for problem in caught.value.problems] == [3]


@pytest.mark.parametrize("tables", ["shipped", "own"])
def test_the_catalogue_is_a_mapping_whoever_made_its_tables(tables: str) -> None:
    source = source_of(ROOT / "source" / NAME)
    points = source.points if tables == "shipped" else MappingProxyType(dict(source.points))
    context = Context(Product(replace(source, points=points)), epub=False, pictures={}, logo="", page_starts={})
    asked = "{{ c.contents.points.get('BL23').code }} {{ (c.contents.points.items()|first)[0] }}"
    assert sandbox.Sandbox().from_string(asked).render(c=context) == "BL23 LU1"


def test_a_class_is_not_open_because_another_one_is_called_so() -> None:
    of_chart = marks.Entry(source_of(ROOT / "source" / NAME).points["BL23"], "Shenshu")
    of_index = point_index.Entry("Shenshu", "", "BL23")
    told = [sandbox.Sandbox().getattr(entry, "name") for entry in (of_chart, of_index)]
    assert (isinstance(told[0], Undefined), told[1]) == (True, "Shenshu")


@pytest.mark.parametrize(
    "expression",
    [
        *("none", "true", "none ~ ''", "c", "c ~ ''", "[c]|join", "'{}'.format(c)", "'%s'|format(h)", "h|string"),
        *(
            "none|string",
            "none|e",
            "c.clinic|pprint",
            "h.sections|first|upper",
            "[h]|map('string')|join",
            "h|replace('a', 'b')",
        ),
        *("c.clinic", "c.clinic.brand", "c.drawings", "[none]|join(', ')", "h.sections|join", "none|default('x')"),
        *("{'a': h}|xmlattr", "[h]", "[h]|string", "{'a': c}|pprint", "'{a}'.format_map({'a': h})"),
    ],
)
def test_what_is_no_words_is_never_printed(expression: str, tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match=r"cannot be printed") as caught:
        rendered(tmp_path, f"<p>\n{{{{ {expression} }}}}</p>")
    assert [(problem.path.name, problem.line) for problem in caught.value.problems] == [("print.html", 2)]


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        *(("1", "1"), ("2.5 ~ 'x'", "2.5x"), ("'a' ~ 1", "a1"), ("['a', 1]|join('-')", "a-1"), ("3|string", "3")),
        *(("'%s of %d'|format('a', 2)", "a of 2"), ("'{} b'.format('a')", "a b"), ("'<'", "&lt;"), ("'a'|upper", "A")),
        *(
            ("('<b/>'|safe) ~ '<'", "<b/>&lt;"),
            ("'x'|replace('x', 'y')", "y"),
            ("h.title|string|length > 3 and 'y'", "y"),
        ),
        *(("['b', 'a']|sort|map('upper')|join", "AB"), ("none|default('x', true)", "x"), ("'a b'|title", "A B")),
    ],
)
def test_what_is_words_is_printed(expression: str, printed: str, tmp_path: Path) -> None:
    assert rendered(tmp_path, f"<p>{{{{ {expression} }}}}</p>") == f"<p>{printed}</p>"


@pytest.mark.parametrize("name", ["d/secret.html", "l.html", "../secret.html", "/etc/passwd", "d/../l.html"])
def test_templates_outside_are_not_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("secret", "utf-8")
    own = tmp_path / "brand" / "layouts"
    own.mkdir(parents=True)
    (own / "d").symlink_to(tmp_path)
    (own / "l.html").symlink_to(tmp_path / "secret.html")
    with pytest.raises(HandoutError, match="outside") as caught:
        rendered(tmp_path, f"<p>{{% include '{name}' %}}</p>")
    assert "secret<" not in str(caught.value)


def test_layouts_that_lie_outside_are_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "brand").mkdir()
    (tmp_path / "brand" / "layouts").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(HandoutError, match="outside"):
        rendered(tmp_path, "<p/>")


@pytest.mark.parametrize("edition", EDITIONS)
def test_our_own_templates_run_in_the_sandbox(edition: str, tmp_path: Path) -> None:
    """A clinic that changes one template gets all others with it, in the sandbox."""
    (tmp_path / "layouts").mkdir()
    (tmp_path / "_brand.yml").write_text("meta: {name: Test Clinic, phone: 555-0142}\n", "utf-8")
    product = Product(source_of(ROOT / "source" / NAME), load_brand(tmp_path), EDITIONS[edition])
    for left_out in ((), EDITIONS[edition].may_lack):
        short = replace(product, left_out=left_out)
        assert "555-0142" in printing.print_html(short, printing.first_pages(short))


def test_a_template_that_was_changed_is_read_again(tmp_path: Path) -> None:
    assert rendered(tmp_path, "<p>one</p>") == "<p>one</p>"
    assert rendered(tmp_path, "<p>three</p>") == "<p>three</p>"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<script>x</script>", "<script>"),
        ('<iframe src="x"/>', "<iframe>"),
        ('<p onclick="x">x</p>', "onclick"),
        ('<a href="javascript:alert(1)">x</a>', "leads nowhere"),
        ('<a href=" javascript:alert(1)">x</a>', "leads nowhere"),
        ('<a href="file:///etc/passwd">x</a>', "leads nowhere"),
        ('<a href="//example.com">x</a>', "leads nowhere"),
        (
            '<svg xmlns="http://www.w3.org/2000/svg"><a xmlns:x="http://www.w3.org/1999/xlink" x:href="data:x"/></svg>',
            "lead",
        ),
        ('<link rel="attachment" href="file:///etc/passwd"/>', "bring no files"),
        ('<img src="https://example.com/x.png" alt=""/>', "cannot be shown"),
        ('<img src="data:image/png;base64,AA" alt=""/>', "cannot be shown"),
        ('<img src="file:///etc/hostname" alt=""/>', "cannot be shown"),
        ('<img src="../lost.png" alt=""/>', "cannot be shown"),
        ('<img src="lost.png" alt=""/>', "cannot be shown"),
        ('<img srcset="x.png" alt=""/>', "srcset"),
        ('<meta http-equiv="refresh" content="0"/>', "http-equiv"),
        ("<form/>", "<form>"),
        ('<p aria-hidden="true">Never press here</p>', "those who listen"),
        ('<div aria-hidden=" TRUE "><p><b>5</b></p></div>', "those who listen"),
        ('<p lang="english please">x</p>', "no language"),
        (
            (
                '<svg xmlns="http://www.w3.org/2000/svg"><g id="u0"><rect/></g>'
                '{% for n in range(8) %}<g id="u{{ n + 1 }}">{% for _ in range(10) %}'
                '<use href="#u{{ n }}"/>{% endfor %}</g>{% endfor %}</svg>'
            ),
            "more than 20,000",
        ),
        ('<svg xmlns="http://www.w3.org/2000/svg"><g id="u"><use href="#u"/></g></svg>', "draw themselves"),
        ('<p xml:lang="zh_CN">x</p>', "no language"),
        ("<b>" * 200 + "</b>" * 200, "more than 100 deep"),
    ],
)
def test_what_templates_may_not_give_is_told_with_its_line(body: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match=re.escape(told)) as caught:
        rendered(tmp_path, f"<div>\n{body}</div>")
    problem = caught.value.problems[0]
    assert problem.path.name == "print.html"
    assert problem.line == (0 if "deep" in told else 2)


@pytest.mark.parametrize(
    "body",
    [
        '<a href="#one">x</a>',
        '<a href="https://example.com/?a=b:c">x</a>',
        '<a href="mailto:a@example.com">x</a>',
        '<a href="tel:+1555">x</a>',
        '<a href="chapter-1.xhtml#one">x</a>',
        '<img src="{{ c.picture(\'a.png\') }}" alt=""/>',
        '<img src="icons/stop.svg" alt=""/>',
        "{{ c.drawings.icon('doctor') }}",
        '<span aria-hidden="true">✿ · —</span>',
        '<span aria-hidden="false">x</span>',
        '<p lang="{{ c.lang }}" xml:lang="zh-Hans">x</p>',
        '<p lang="">x</p>',
        '<svg xmlns="http://www.w3.org/2000/svg"><g id="u"><rect/></g><use href="#u"/><use href="#u"/></svg>',
    ],
)
def test_what_templates_may_give_stays(body: str, tmp_path: Path) -> None:
    assert rendered(tmp_path, f"<div>{body}</div>")


@pytest.mark.parametrize("page", ["print.html", "epub/chapter.xhtml"])
def test_pictures_of_the_brand_are_shown_in_print_alone(page: str, tmp_path: Path) -> None:
    folder = tmp_path / "brand" / "layouts"
    (folder / "epub").mkdir(parents=True)
    picture = folder / "own picture.svg"
    picture.write_text("<svg/>", "utf-8")
    body = f'<div><img src="{picture.as_uri()}" alt=""/></div>'
    if page == "print.html":
        assert rendered(tmp_path, body, page)
    else:
        with pytest.raises(HandoutError, match="cannot be shown"):
            rendered(tmp_path, body, page)


# What is given to each function and filter: nothing, too much, other types, what is huge, endless or of elsewhere.
ODD = (
    *("none", "-1", "9" * 400, "('nan'|float)", "true", "'{0.__class__}{'", "'\\ud800'", "'../../print.html'", "[]"),
    *("ns.a", "big", "c", "h", "c.picture", "undefined", "h.sections[0]", "('['|center(9999)|replace(' ', '['))"),
    *("''", "{}", "h.revised", "range(9999)", "1, 2, 3, 4, 5, 6", "**{'a b': 1}"),
)
BEFORE = (
    "{% set ns = namespace(a=[]) %}{% for i in range(2000) %}{% set ns.a = [ns.a] %}{% endfor %}"
    "{% set big %}{{ 'x'|center(99999) }}{% endset %}\n"
)
WAYS = {"Context": "c", "Clinic": "c.clinic", "PersonalWords": "c.personal", "date": "h.revised"}


def test_odd_arguments_are_told_with_their_line_or_give_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_TIME", 0.3)
    named = (function.split(".") for function in sorted(CALLABLES))
    functions = [f"{WAYS.get(kind, f'c.{kind.lower()}')}.{name}" for kind, name in named]
    filters = sorted({*sandbox.Sandbox().filters, *FILTERS})
    # Each meets a fifth of them, another one from line to line.
    calls = [f"{function}({odd})" for n, function in enumerate(functions) for odd in ODD[n % 5 :: 5]]
    calls += [f"({odd})|{name}" for n, name in enumerate(filters) for odd in ODD[n % 5 : -2 : 5]]
    brand, values = with_template(tmp_path)
    page = tmp_path / "brand" / "layouts" / "print.html"
    assert len(calls) > 400
    for call in calls:
        before = BEFORE if "ns.a" in call or "big" in call else ""
        page.write_text(f'<html lang="en"><body>{before}{{{{ {call} }}}}</body></html>', "utf-8")
        try:
            text = render(brand, "print.html", **values)
        except HandoutError as error:
            (problem, *_) = error.problems
            assert (problem.code, problem.path) == ("template", page) or problem.code == "incomplete", call
            unplaced = ("not well-formed", "object stands in words", "cannot be printed", "such as")
            assert problem.line or any(words in problem.message for words in unplaced), call
            told = problem.message
        else:
            told = text
        assert "handout_builder." not in told, call
        assert " at 0x" not in told, call
        assert str(ROOT) not in told, call
