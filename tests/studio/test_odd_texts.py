"""A page shows every text, whatever is missing or wrong in it: who broke it must be able to mend it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from helpers.project import SHORT

from handout_builder.studio.drafts import Drafts

from .conftest import Opened

VALUE = yaml.safe_load((SHORT / "en.yaml").read_text("utf-8"))
VALUE["revised"] = str(VALUE["revised"])
ODD: tuple[Any, ...] = (None, 1, "a", [], [1], {}, {"a": 1}, [[]], [{"a": 1}], [None])
TABS = ("text", "facts", "languages", "yaml")
LONG = "1" * 5000
ADDRESSES = (
    *(
        f"open={place}"
        for place in ("sections/0", "sections/9/blocks/9", "a/b", "sections/x", "~2", f"sections/{LONG}")
    ),
    *(f"line={line}" for line in ("0", "7", "99999", "-1", "x", "٣", LONG)),
    *("part=poem", "page=1", "open=%00", "open=sections/0/blocks/0/text"),
)


def texts() -> Iterator[str]:
    yield from (
        "",
        "# only a remark\n",
        "- a\n",
        "a\n",
        "title: [\n",
        "title: a\ntitle: b\n",
        "\x01",
        "a: &b {c: *b}\n",
    )
    for key in VALUE:
        yield json.dumps({name: part for name, part in VALUE.items() if name != key})
        for odd in ODD if key in ("title", "sections") else ODD[:3]:
            yield json.dumps(VALUE | {key: odd})
    for odd in ODD:
        yield json.dumps(VALUE | {"sections": [{"id": "a", "heading": "A", "blocks": odd}]})
        for kind in ("text", "points", "table", 1):
            block = {"type": kind, "text": odd, "items": odd, "points": odd, "include": odd, "rows": odd, "image": odd}
            yield json.dumps(VALUE | {"sections": [{"id": "a", "heading": "A", "blocks": [block]}]})


def wrong(opened: Opened, address: str) -> str:
    answer = opened.client.get(address)
    return f"{address[:60]}: {answer.status_code} {answer.text[:200]}" if answer.status_code >= 500 else ""


def test_a_text_with_anything_wrong_in_it_is_shown(still: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for number, text in enumerate(texts()):
        still.text.write_text(text, "utf-8")
        still.studio.drafts = Drafts(still.studio.project)  # as after a new start
        told = wrong(still, f"/write/short/en?part={TABS[number % len(TABS)]}&open=sections/0/blocks/0")
        found += [f"{text[:300]}\n    {told}"] if told else []
    assert found == [], "\n".join(found[:5])
    assert "a bug in the program" not in capsys.readouterr().err


@pytest.mark.parametrize("part", ["text", "yaml"])
def test_an_address_with_anything_in_it_is_answered(still: Opened, part: str) -> None:
    assert [told for query in ADDRESSES if (told := wrong(still, f"/write/short/en?part={part}&{query}"))] == []


def test_a_brand_with_anything_wrong_in_it_is_shown(still: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    value = yaml.safe_load(still.brand.read_text("utf-8"))
    places = [(), *((key,) for key in value), *((key, part) for key in value for part in value[key])]
    found = []
    for place in places:
        for odd in ODD[:3] if len(place) > 1 else ODD[:7]:
            text = yaml.safe_dump(value if place else odd)
            if place:
                changed = json.loads(json.dumps(value))
                holder = changed if len(place) == 1 else changed[place[0]]
                holder[place[-1]] = odd
                text = json.dumps(changed)
            still.brand.write_text(text, "utf-8")
            still.studio.drafts = Drafts(still.studio.project)
            told = wrong(still, "/brand/harbour-lane")
            found += [f"{place} {odd}: {told}"] if told else []
    assert found == [], "\n".join(found[:5])
    assert "a bug in the program" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/write/short/en/edit", {"revision": LONG}),
        ("/write/short/en/edit", {"revision": "0", "/pages": LONG, "/summary": LONG}),
        ("/write/short/en/yaml", {"yaml": "", "revision": LONG}),
        ("/sheet", {"diary": LONG, "point-code": "BL23", "point-times": LONG, "point-seconds": "²"}),
    ],
)
def test_a_form_with_any_number_in_it_is_answered(still: Opened, path: str, fields: dict[str, str]) -> None:
    answer = still.post(path, **fields)
    assert answer.status_code < 500, answer.text[:300]  # type: ignore[attr-defined]


PLACES = (
    "",
    "/",
    "/title",
    "/sections",
    "/sections/0",
    "/sections/9",
    "/sections/0/blocks/0/text/9",
    "/9",
    "/~0/x",
    f"/sections/{LONG}",
)


@pytest.mark.parametrize(
    "action", ["add", "section", "item", "remove", "up", "down", "undo", "redo", "take", "save", "x"]
)
def test_a_button_at_any_place_is_answered(still: Opened, action: str) -> None:
    for place in PLACES:
        answer = still.post("/write/short/en/do", do=f"{action} {place}", card=place, kind="text", revision="0")
        assert answer.status_code < 500, f"{place} {answer.text[:300]}"  # type: ignore[attr-defined]
