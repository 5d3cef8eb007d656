"""What a list of people looks like for a handout: a JSON Schema, and a table to begin with."""

import csv
import io
import json

from handout_builder.copies.rows import KINDS, LANG, LEFT_ALONE, OWN_LANG, PASSWORD

# Invented; of nobody, and plain enough to be replaced.
_SAMPLES = {
    "name": ("Maria Example", "山田 花子"),
    "date": ("29 November 2026", "29 November 2026"),
    "practitioner": ("Dr. A. Sample", "Dr. A. Sample"),
    "next_visit": ("Saturday, 12 December 2026, 10:30", "Monday, 14 December 2026, 9:00"),
    "note": ("Begin slowly, with warm hands.", "Stop if the pain gets sharper."),
    "point_1": ("BL23", "GV3"),
    "dose_1": ("30 seconds, twice a day", "20 seconds, once a day"),
}
_SAMPLE_LANGS = ("", "ja")


def schema(fields: tuple[str, ...], title: str) -> str:
    """Return the JSON Schema (2020-12) of a row of a list in JSON Lines, which is that of a CSV table's row, too."""
    text = {"type": ["string", "integer", "null"], "maxLength": 2000}
    tag = {"type": ["string", "null"]}
    properties: dict[str, object] = {}
    for name in fields:
        properties[name] = text | {"description": f"What stands in the box '{name}'."}
    for name in fields:
        properties[f"{name}{OWN_LANG}"] = tag | {"description": f"The language of '{name}' alone."}
    properties[LANG] = tag | {
        "description": "The language of the row's words, if not the handout's: en, ja, zh-Hans … (BCP 47)."
    }
    for name, what in zip(KINDS, ("The language", "The brand", "The edition"), strict=True):
        properties[name] = {"type": ["string", "null"], "description": f"{what} of this row's handout."}
    properties[PASSWORD] = {"type": ["string", "null"], "description": "With --encrypt: what opens the row's file."}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A row of a list of people for {title}",
        "type": "object",
        "properties": properties,
        "patternProperties": {f"^{LEFT_ALONE}": {"description": "A column of yours, which is left alone."}},
        "additionalProperties": False,
        "anyOf": [{"required": [name]} for name in fields],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def sample(fields: tuple[str, ...]) -> bytes:
    """Return a table with two rows of nobody, as spreadsheets open it: UTF-8 with a byte order mark."""
    out = io.StringIO(newline="")
    lang = "name" + OWN_LANG
    heads = [head for name in fields for head in ((name, lang) if name == "name" else (name,))]
    writer = csv.writer(out)
    writer.writerow(heads)
    for number, own in enumerate(_SAMPLE_LANGS):
        cells = {name: _SAMPLES.get(name, ("", ""))[number] for name in fields} | {lang: own}
        writer.writerow([cells[head] for head in heads])
    return out.getvalue().encode("utf-8-sig")
