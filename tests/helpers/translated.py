"""A small handout in two languages, in a source folder of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from helpers.project import SOURCE, run

TEXTS = {
    "en": """\
title: A tired back
description: Two things that help.
{translation}revised: 2026-11-01
sections:
  - id: help
    heading: What helps
    blocks:
      - type: text
        text: Walk for 10 minutes a day. Do not lie down for long; see [Rest](#rest).
      - type: list
        items: [Sit with both feet down., Get up twice an hour.]
  - id: rest
    heading: Rest
    blocks:
      - {{type: exercise, name: Knees up, steps: [Lie on your back.], reps: 5}}
""",
    "es": """\
title: Una espalda cansada
description: Dos cosas que ayudan.
{translation}revised: 2026-11-01
sections:
  - id: help
    heading: Lo que ayuda
    blocks:
      - type: text
        text: Camine 10 minutos al día. No se quede acostado mucho tiempo; vea [Descanso](#rest).
      - type: list
        items: [Siéntese con los dos pies en el suelo., Levántese dos veces cada hora.]
  - id: rest
    heading: Descanso
    blocks:
      - {{type: exercise, name: Rodillas arriba, steps: [Acuéstese boca arriba.], reps: 5}}
""",
}
MADE = "translation: {from: en, by: machine, date: 2026-11-02}\n"


def tired_back(tmp_path: Path) -> Path:
    """A source folder with one handout in English and in Spanish."""
    root = tmp_path / "source"
    shutil.copytree(SOURCE / "shared", root / "shared")
    for name in ("shared", "shared/plain"):
        shutil.copy(root / name / "en.yaml", root / name / "es.yaml")
    plain = root / "shared/plain/es.yaml"
    text = plain.read_text("utf-8").partition("parity:")[0]
    words = "{numbers: {dos: 2}, negations: ['no'], lacks: [sin]}"
    plain.write_text(f"{text}parity: {words}\n", "utf-8")
    folder = root / "tired-back"
    folder.mkdir()
    (folder / "en.yaml").write_text(TEXTS["en"].format(translation=""), "utf-8")
    (folder / "es.yaml").write_text(TEXTS["es"].format(translation=MADE), "utf-8")
    done(root)
    return root


def done(root: Path) -> None:
    result = run(root, "translations", "tired-back", "--done")
    assert result.returncode == 0, result.stderr


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
