"""Exercises in a document: a heading with a list of steps right below it, under a heading that speaks of exercises."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from handout_builder.intake import lists
from handout_builder.intake.outline import Block, Bullets, Heading, Outline, Paragraph, Picture, words
from handout_builder.text.sentences import phrases


class Steps(NamedTuple):
    """What stands right below the name of an exercise."""

    picture: Picture | None
    steps: Bullets
    end: int
    """The number of the block behind them."""


def are_meant(heading: str, told: Sequence[str]) -> bool:
    """Tell whether a heading speaks of exercises, by the words of its language."""
    return bool(phrases(tuple(told)).search(heading))


def steps_below(blocks: Sequence[Block], number: int) -> Steps | None:
    """Return the steps right below a heading, or below its picture; None where there are none."""
    behind = blocks[number + 1 : number + 3]
    shown = next((block for block in behind[:1] if isinstance(block, Picture)), None)
    steps = next(iter(behind[1:] if shown else behind), None)
    if not isinstance(steps, Bullets) or not lists.are_steps(steps):
        return None
    return Steps(shown, steps, number + 3 if shown else number + 2)


def set_below_their_heading(outline: Outline, told: Sequence[str]) -> Outline:
    """Return an outline with exercises a level below the heading that speaks of them.

    Plain text has one level of headings. Nothing but a heading stands above the first exercise, or a text where the
    document has no other levels.
    """
    blocks = list(outline.blocks)
    levels = {block.level for block in blocks if isinstance(block, Heading) and block.level > 1}
    number = 0
    while number < len(blocks):
        head = blocks[number]
        number += 1
        if not isinstance(head, Heading) or not are_meant(words(head.runs), told):
            continue
        if len(levels) == 1:
            number += sum(1 for _ in takewhile(lambda block: isinstance(block, Paragraph), blocks[number:]))
        while isinstance(name := next(iter(blocks[number:]), None), Heading) and name.level == head.level:
            if not (found := steps_below(blocks, number)):
                break
            blocks[number] = replace(name, level=name.level + 1)
            behind = takewhile(lambda block: not isinstance(block, Heading), blocks[found.end :])
            number = found.end + sum(1 for _ in behind)
    return replace(outline, blocks=tuple(blocks))
