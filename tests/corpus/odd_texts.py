"""Texts in which something cannot be seen, or has no language: each kind in each kind of field."""

from __future__ import annotations

import json

from corpus import texts
from corpus.texts import Make

ODD = {
    "direction": "5\u200f-10 minutes",
    "override": "5\u202e-10 minutes",
    "escape": "a\x1b[31mb",
    "unseen": "1\u200b0 minutes",
    "untagged": "肾俞",
    "blank": " \u00a0 ",
    "stacked": "e" + "\u0301\u0323" * 20,
}
FIELDS = ("title", "subtitle", "kicker", "author", "description")
BRAND_FIELDS = {
    "name": "meta: {{name: {}}}",
    "address": "meta: {{name: A Clinic, address: [{}]}}",
    "hours": "meta: {{name: A Clinic}}\ndefaults: {{handout: {{texts: {{en: {{hours: [{}]}}}}}}}}",
}


def field(name: str, text: str) -> Make:
    lines = [line for line in texts.TEXT.splitlines() if not line.startswith(f"{name}:")]
    return texts.text("\n".join([f"{name}: {json.dumps(text)}", *lines, ""]))


CASES: dict[str, Make] = {f"odd-{name}-{kind}": field(name, text) for name in FIELDS for kind, text in ODD.items()}
BRANDS: dict[str, Make] = {
    f"odd-brand-{name}-{kind}": texts.put("_brand.yml", (form.format(json.dumps(text)) + "\n").encode())
    for name, form in BRAND_FIELDS.items()
    for kind, text in ODD.items()
}
