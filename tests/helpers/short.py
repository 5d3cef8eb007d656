"""A short handout without warnings, made in a quarter of the time of the first: for tests that build many of them."""

from __future__ import annotations

from pathlib import Path

TEXT = """\
title: {title}
kicker: Patient information
description: A handout that is quickly made.
author: An Author
revised: 2026-11-23
about: hip-knee
summary: ["**Read [Before you press](#before-you-press) first.**"]
sections:
  - id: before-you-press
    heading: Before you press
    blocks:
      - type: text
        text: "Write here. [合谷]{{lang=zh-Hans}}"
      - {{type: safety, include: see-a-doctor}}
      - {{type: safety, include: when-not-to-press}}
  - id: the-points
    heading: The points
    blocks:
      - type: points
        points:
          - code: BL23
            name: {{text: 肾俞, lang: zh-Hans, reading: Shènshū}}
            use: Write what the point is for.
sources: [who-2008]
"""


def short_handout(root: Path, name: str) -> Path:
    """Write ``root/name/en.yaml``; return its folder."""
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "en.yaml").write_text(TEXT.format(title=name.capitalize()), "utf-8")
    return folder
