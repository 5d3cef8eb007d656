"""What was changed in an author's text, and what is doubted in it: ``editorial/LANG.yaml``."""

from typing import Annotated

from pydantic import Field

from handout_builder.content.schema.values import Model, SchemaVersion, VisibleText


class Change(Model):
    """An editorial change: grammar and typography only."""

    original: Annotated[VisibleText, Field(description="The author's words, letter by letter.")]
    printed: Annotated[str, Field(description="What is printed instead; empty when nothing is.")]
    reason: VisibleText


class Doubt(Model):
    """A medical or factual doubt for the author to decide; the text is printed as it is."""

    quote: Annotated[VisibleText, Field(description="The printed words in doubt.")]
    doubt: VisibleText
    source: VisibleText


class Editorial(Model):
    """What was changed in the author's text, and what is doubted in it."""

    changes: list[Change]
    doubts: list[Doubt]
    schema_version: SchemaVersion = 1
