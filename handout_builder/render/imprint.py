"""Who wrote, added, translated and checked a handout, as sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handout_builder.content import place_text
from handout_builder.render.contents import Contents
from handout_builder.text import markdown


@dataclass(frozen=True)
class Imprint:
    """What a handout says of its making."""

    contents: Contents
    summary: Sequence[str]
    """The lines of the summary that it prints."""

    @property
    def edited(self) -> bool:
        """Whether there is an author whose text not all of it is: doubts alone may be the author's own."""
        return bool(self.contents.source.handout.added or self.contents.source.editorial.changes)

    @property
    def added(self) -> str:
        """What is not the author's, in one sentence; empty where all of it is."""
        if not self.edited:
            return ""
        return self.contents.source.handout.added or (
            self.contents.source.shared.labels["added"] if self.contents.advice else ""
        )

    @property
    def added_at(self) -> str:
        """The id of where this sentence is printed, once: the summary, the first safety advice, or the end."""
        if not self.added:
            return ""
        return "in-short" if self.summary else self.contents.advice or "sources"

    @property
    def sentences(self) -> list[str]:
        """Who wrote the handout, who checked it and when again, and what it rests on: sentences, Markdown."""
        handout, shared = self.contents.source.handout, self.contents.source.shared
        author = markdown.escaped(handout.author) if handout.author else ""
        due = place_text.long_date(handout.review_due, shared) if handout.review_due else ""
        told = [
            author and shared.labels["written_by"].format(name=author),
            handout.reviewed_by and shared.labels["reviewed_by"].format(name=handout.reviewed_by),
            due and shared.labels["review_due"].format(date=due),
            handout.evidence,
            handout.readers_involved,
            *self._translated,
        ]
        return [sentence for sentence in told if sentence]

    @property
    def unreviewed(self) -> str:
        """What stands in the foot of a translation that no qualified person has reviewed; else nothing.

        It says so of the texts that handouts share alone where the author's words are no translation. Where people
        translated these and a machine the others, it is one phrase: a foot has two lines.
        """
        labels = self.contents.source.shared.labels
        own, advice = (
            text.translation.by if text.translation and not text.translation.reviewed_by else ""
            for text in (self.contents.source.handout, self.contents.source.shared)
        )
        if own == "person" and advice == "machine":
            apart = f"{labels['foot_person']} · {labels['foot_advice_machine']}"
            return labels.get("foot_mixed", apart)
        if own:
            return labels[f"foot_{own}"]
        return labels[f"foot_advice_{advice}"] if advice else ""

    @property
    def _translated(self) -> Iterator[str]:
        """Yield how the handout and the advice in it came into their language."""
        labels = self.contents.source.shared.labels
        own, advice = self.contents.source.handout.translation, self.contents.source.shared.translation
        for translation in dict.fromkeys(filter(None, (own, advice))):
            if translation.reviewed_by:
                yield labels["translation_reviewed"].format(name=markdown.escaped(translation.reviewed_by))
            else:
                what = translation.by if translation is own else f"advice_{translation.by}"
                yield labels[f"translated_{what}"].format(language=labels[f"language_{translation.source}"])
