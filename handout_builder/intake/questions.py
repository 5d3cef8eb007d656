"""Questions in bold, each with its answer in the same paragraph or in the next one."""

from collections.abc import Sequence

from handout_builder.intake.outline import Block, Paragraph, Runs, Terms, joined, words

_ASKS = ("?", "？")


def questions(blocks: Sequence[Block], at: int) -> tuple[Terms | None, int]:
    """Return the questions that stand one after another from a block on, with the number of the block behind them.

    None where there are less than two: one question alone is a line of the text.
    """
    found: list[tuple[Runs, Runs]] = []
    end = at
    while end < len(blocks) and (asked := _asked(blocks[end])):
        question, answer = asked
        if not answer:
            following = blocks[end + 1] if end + 1 < len(blocks) else None
            if not isinstance(following, Paragraph) or following.quoted or _asked(following):
                break
            answer = following.runs
            end += 1
        found.append((question, answer))
        end += 1
    return (Terms(tuple(found), blocks[at].line), end) if len(found) > 1 else (None, at)


def are_questions(block: Terms) -> bool:
    """Tell whether what is explained are questions."""
    return block.asked or all(words(term).endswith(_ASKS) for term, _ in block.items)


def _asked(block: Block) -> tuple[Runs, Runs] | None:
    """Return the question in bold with which a paragraph begins, and the rest of it."""
    if not isinstance(block, Paragraph) or block.quoted or not block.runs:
        return None
    first = block.runs[0]
    if not first.bold or first.link or not first.text.rstrip().endswith(_ASKS):
        return None
    return joined([first._replace(bold=False)]), joined(block.runs[1:])
