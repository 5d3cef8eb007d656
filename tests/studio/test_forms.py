"""Forms made from the schemas: all that files hold has a field, and sending a form as it is changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.project import ROOT
from starlette.datastructures import FormData

from handout_builder.content.yaml_reader import Location
from handout_builder.studio import cards, edits, forms
from handout_builder.studio.drafts import Draft, Drafts
from handout_builder.studio.forms import Field
from handout_builder.studio.places import brand
from handout_builder.studio.project import Project

HANDOUTS = sorted([*ROOT.glob("source/[!bps]*/*.yaml"), *ROOT.glob("tests/samples/handouts/*/en.yaml")])
BRANDS = sorted([*ROOT.glob("source/brands/*/_brand.yml"), *ROOT.glob("tests/samples/brands/*/_brand.yml")])


def draft_of(path: Path, top: Path, order: tuple[str, ...]) -> Draft:
    """Return the draft of a copy of a file."""
    copy = top / "source" / path.parent.name / path.name
    copy.parent.mkdir(parents=True)
    shutil.copy(path, copy)
    return Drafts(Project(top / "source", top / "state")).of(copy, order)


def sent(fields: list[Field]) -> FormData:
    """Return what a browser sends for fields as they are shown."""
    pairs: list[tuple[str, str]] = []
    for field in fields:
        if field.kind in ("check", "checks"):
            pairs.append((f"shown:{field.pointer}", ""))
        if field.kind == "check":
            pairs += [(field.pointer, "true")] if field.value else []
        elif field.kind == "checks":
            pairs += [(field.pointer, one) for one in field.value]
        elif field.kind != "yaml":
            pairs.append((field.pointer, str(field.value).replace("\n", "\r\n")))
    return FormData(pairs)


def all_cards(draft: Draft) -> Iterator[Location]:
    """Yield the places of all cards of a handout."""
    yield ()
    for number, section in enumerate(draft.file().value["sections"]):
        yield ("sections", number)
        for index, _ in enumerate(section["blocks"]):
            yield ("sections", number, "blocks", index)


@pytest.mark.parametrize("path", HANDOUTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_handout_sent_as_it_is_stays_as_it_is(path: Path, tmp_path: Path) -> None:
    draft = draft_of(path, tmp_path, forms.keys(forms.handout_schema()))
    for place in all_cards(draft):
        fields = edits.leaves(cards.fields_of(place, draft.value))
        form = sent(fields)
        assert edits.take_over(draft, lambda value, place=place: cards.fields_of(place, value), form) is None, place
        assert draft.text == path.read_text("utf-8"), place


@pytest.mark.parametrize("path", BRANDS, ids=lambda path: path.parent.name)
def test_a_brand_sent_as_it_is_stays_as_it_is(path: Path, tmp_path: Path) -> None:
    draft = draft_of(path, tmp_path, forms.keys(forms.brand_schema()))
    assert edits.take_over(draft, brand.brand_fields, sent(brand.brand_fields(draft.value))) is None
    assert draft.text == path.read_text("utf-8")


@pytest.mark.parametrize("kind", sorted(forms.block_types()))
def test_every_type_of_block_has_a_form_for_all_its_keys(kind: str) -> None:
    own = forms.block_types()[kind]
    new = forms.empty(own, forms.handout_schema())
    assert new["type"] == kind
    fields = forms.block_form(new, ("sections", 0, "blocks", 0))
    assert {field.name for field in fields} == own["properties"].keys() - {"type"}
    assert {field.name for field in fields if field.required} == set(own.get("required", ())) - {"type"}
    # What is not known how to be shown as a field is told to be written as YAML, never left out in silence.
    assert all(field.kind for field in edits.leaves(fields))


def test_typed_values_are_those_of_the_file() -> None:
    dose = forms.form(forms.handout_schema()["$defs"]["Dose"], forms.handout_schema(), {}, ())
    kinds = {field.name: field for field in dose}
    assert kinds["seconds"].parsed(["15 to 30"]) == [15, 30]
    assert kinds["seconds"].parsed(["30"]) == 30
    assert kinds["side"].parsed(["left"]) == "left"
    assert kinds["when"].parsed(["  "]) is None
    assert kinds["when"].parsed(["before\r\nsleep"]) == "before\nsleep"


@pytest.mark.parametrize("value", [{}, {"accept": {"plain-cun": "told once"}, "personal": [{"fields": []}]}])
def test_what_no_field_can_hold_is_written_as_yaml(value: dict[str, object]) -> None:
    kinds = {field.name: field.kind for field in cards.fields_of((), value)}
    assert (kinds["accept"], kinds["personal"], kinds["emergency"]) == ("yaml", "yaml", "text")


def test_a_stale_form_reverts_nothing_that_another_tab_has_written(tmp_path: Path) -> None:
    path = next(path for path in HANDOUTS if path.parent.name == "short")
    draft = draft_of(path, tmp_path, ())

    def fields_of(value: object) -> tuple[Field, ...]:
        return cards.fields_of((), value)

    stale = sent(edits.leaves(fields_of(draft.value)))
    newer = FormData([("/title", "Theirs"), ("tab", "other"), ("revision", "0")])
    assert edits.take_over(draft, fields_of, newer) is None
    mine = FormData([*((k, v) for k, v in stale.multi_items() if k != "/kicker"), ("/kicker", "Mine"), ("tab", "one")])
    assert edits.take_over(draft, fields_of, mine) is None
    assert (draft.document.at(("title",)), draft.document.at(("kicker",))) == ("Theirs", "Mine")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.example.com", "https://www.example.com"),
        ("example.com/book?x=1", "https://example.com/book?x=1"),
        ("http://example.com", "http://example.com"),
        ("call us", "call us"),
    ],
)
def test_an_address_of_the_web_may_be_typed_without_its_scheme(typed: str, kept: str) -> None:
    fields = {field.name: field for field in edits.leaves(brand.brand_fields({}))}
    assert fields["booking"].parsed([typed]) == kept
    video = {field.name: field for field in forms.block_form({"type": "video"}, ())}
    assert video["link"].parsed([typed]) == kept
    assert video["text"].parsed([typed]) == typed


def test_what_an_exercise_is_mostly_told_with_is_shown_at_once() -> None:
    fields = {field.name: field for field in forms.block_form({"type": "exercise"}, ())}
    assert all(fields[name].often for name in ("reps", "sets", "hold", "times_a_day", "stop"))
    assert not fields["keep"].often
    # Each name in the table is a key.
    objects = forms.handout_schema()["$defs"]
    assert all(set(names) <= objects[title]["properties"].keys() for title, names in forms._OFTEN.items())


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (Field(("a",), "check", "a"), ["false", "true"], True),
        (Field(("a",), "check", "a"), ["false"], None),
        (Field(("a",), "check", "a", usual=True), ["false"], False),
        (Field(("a",), "checks", "a"), ["", "one", "two"], ["one", "two"]),
        (Field(("a",), "checks", "a"), ["one"], ["one"]),
        (Field(("a",), "checks", "a", alone=True), ["one"], "one"),
        (Field(("a",), "checks", "a"), [""], None),
        (Field(("a",), "table", "a"), ["Day | Times\r\n\r\nMonday | 3"], [["Day", "Times"], ["Monday", "3"]]),
        (Field(("a",), "table", "a"), [" \n"], None),
        (Field(("a",), "table", "a"), ["Day\tTimes\r\nMonday\t3"], [["Day", "Times"], ["Monday", "3"]]),
        (Field(("a",), "lines", "a"), ["•\tSit tall.\r\n2.\tHold."], ["Sit tall.", "Hold."]),
        (Field(("a",), "long", "a"), ["Do:\r\n•\tmove\r\n\uf0b7 rest\r\no\tsleep"], "Do:\n- move\n- rest\n- sleep"),
        (
            Field(("a",), "long", "a"),
            ["1.\tSit.\n2)\tHold.\n- 5 or - 6\no clock"],
            "1. Sit.\n2. Hold.\n- 5 or - 6\no clock",
        ),
    ],
)
def test_what_was_chosen_or_typed_in_rows_is_a_value(field: Field, typed: list[str], value: object) -> None:
    assert field.parsed(typed) == value
