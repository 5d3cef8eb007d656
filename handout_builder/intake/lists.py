"""Lists of a document: as lists of a handout, or as Markdown where they hold more than lines."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from handout_builder.intake.outline import Block, Bullets, Item, Paragraph, lines, with_links, words
from handout_builder.intake.prose import Prose
from handout_builder.intake.sections import MOST_TEXT, TODO, Sections

_BOX = "☐ "


def boxes(blocks: Sequence[Block], at: int) -> tuple[Bullets | None, int]:
    """Return paragraphs that begin with a box to tick as one list, with the number of the block behind them."""
    found = [
        block
        for block in takewhile(lambda block: isinstance(block, Paragraph), blocks[at:])
        if isinstance(block, Paragraph)
    ]
    ticked = [*takewhile(lambda block: words(block.runs).startswith(_BOX), found)]
    items = tuple(Item(block.runs, block.line) for block in ticked)
    return (Bullets(items, items[0].line), at + len(items)) if items else (None, at)


def is_deep(block: Bullets) -> bool:
    """Tell whether a list holds more than lines."""
    return any(item.below for item in block.items)


def are_steps(block: Bullets) -> bool:
    """Tell whether a list is of lines that stand one after another."""
    return block.numbered and block.start == 1 and not is_deep(block)


def put(block: Bullets, sections: Sections) -> None:
    """Put a list of lines."""
    items = [text for item in block.items if (text := sections.set(item.runs, item.line))]
    if items:
        if block.numbered and block.start != 1:
            sections.remark(block.line, f"the numbers begin with {block.start} in the original")
        if all(item.startswith(_BOX) for item in items):
            sections.put({"type": "checklist", "items": [item.removeprefix(_BOX) for item in items]})
        else:
            sections.put({"type": "list", **({"numbered": True} if block.numbered else {}), "items": items})


def put_deep(block: Bullets, sections: Sections, prose: Prose) -> list[Block]:
    """Put a list that holds more than lines as Markdown; return what no list may hold, to follow it."""
    beside: list[Block] = []
    rows = list(_rows(block, "", sections, beside))
    text = "\n".join(rows)
    if rows and len(text) <= MOST_TEXT and prose.is_sound(text):
        sections.put({"type": "text", "text": text})
    else:
        for row in lines(block):
            sections.remark(row.line, f"• {with_links(row.runs)}")
    return beside


def _rows(block: Bullets, indent: str, sections: Sections, beside: list[Block]) -> Iterator[str]:
    """Yield the lines of a list as Markdown; ``beside`` takes what no list may hold."""
    for number, item in enumerate(block.items, start=block.start):
        mark = f"{number}." if block.numbered else "-"
        inner = indent + " " * (len(mark) + 1)
        text = sections.set(item.runs, item.line)
        if not text and item.below:
            text = f"{TODO} this item"
        if text:
            yield f"{indent}{mark} " + text.replace("\n", f"\n{inner}")
        for below in item.below:
            if isinstance(below, Bullets):
                yield from _rows(below, inner, sections, beside)
            elif isinstance(below, Paragraph) and (more := sections.written(below.runs, below.line)):
                yield ""
                yield inner + more.replace("\n", f"\n{inner}")
            else:
                beside.append(below)
