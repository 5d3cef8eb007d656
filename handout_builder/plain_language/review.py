"""The findings on a handout: notes from loading, the rules for plain language, and what is accepted."""

from collections import Counter

from handout_builder.content.loader import Source
from handout_builder.errors import Problem, Severity, in_order
from handout_builder.plain_language.passages import draft
from handout_builder.plain_language.structure_rules import STRUCTURE_RULES
from handout_builder.plain_language.wording_rules import WORDING_RULES


def review(source: Source) -> list[Problem]:
    """Return the warnings and notes on a loaded handout in the order of its lines, less those that it accepts.

    What is accepted becomes one note a code, with its number and the author's reason. Raises HandoutError when the
    word lists of its language cannot be read.
    """
    text = draft(source)
    found = [*source.notes, *(problem for rule in STRUCTURE_RULES for problem in rule(text))]
    if text.words:
        found += [problem for rule in WORDING_RULES for problem in rule(text, text.words)]
    accepted = source.handout.accept
    counts = Counter(problem.code for problem in found)
    left = [problem for problem in found if problem.code not in accepted]
    for code, reason in accepted.items():
        line = text.file.line(("accept", code))
        if counts[code]:
            message, hint = f"accepted ({counts[code]}): {reason}", "take it out of 'accept:' when that holds no longer"
            left.append(Problem(code, message, text.file.path, line, hint, Severity.NOTE))
        else:
            hint = "take it out of 'accept:'"
            message = f"'{code}' is accepted, and nothing is found"
            left.append(Problem("accept-unused", message, text.file.path, line, hint, Severity.WARNING))
    return in_order(left)
