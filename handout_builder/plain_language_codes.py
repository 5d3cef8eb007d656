"""The rules for plain language, by code: what each asks, and which other warnings an author may accept.

They live here because a handout's file may name them, and ``content`` must not import the linter. Where the numbers
come from stands in docs/plain-language.md.
"""

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "plain-grade": "A sixth-grader can read the text (Flesch-Kincaid grade at most 6, never above 8).",
    "plain-sentences": "Sentences have at most 15 words on average.",
    "plain-long-sentence": "No sentence has more than 25 words.",
    "plain-jargon": "A technical term is explained where it first stands, or replaced.",
    "plain-passive": "At most one sentence in ten is in the passive voice.",
    "plain-you": "The text speaks to its reader.",
    "plain-step": "Each step begins with what to do, and holds one instruction.",
    "plain-list": "A list has at most 7 items.",
    "plain-paragraph": "A paragraph has at most 5 lines.",
    "plain-number": "Measures are written in digits, and no sum is left to the reader.",
    "plain-cun": "A measure in cun is told in finger-widths, too.",
    "plain-figure": "Each picture has a caption, and the text around it refers to it.",
    "plain-capitals": "No more than 4 words in a row are set in capitals or italics.",
    "plain-summary": "The handout begins with a summary.",
    "plain-action": "The text tells its reader what to do.",
    "plain-red-flags": "The warning signs of the complaint, and when not to press, stand before the points.",
    "plain-claim": "Nothing is promised that is not shown.",
    "plain-name": "A point has one name, and 愈 does not stand for 俞 in it.",
    "plain-reading": "The reading of a point's name has its code beside it.",
    "plain-author": "The handout names its author.",
    "plain-sources": "The handout names its sources.",
    "plain-quote": "Quotation marks come in pairs.",
}
ACCEPTABLE = (
    *RULES,
    "dose-firm",
    "dose-some",
    "no-pair",
    "not-for-pressing",
    "point-name",
    "safety-off",
    "video-link",
)
"""The codes that ``accept:`` may name."""
