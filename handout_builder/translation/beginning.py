"""What a translation begins as: its original again, which says what it is to become."""

from datetime import date
from pathlib import Path
from uuid import uuid4

from handout_builder.content.yaml_reader import YamlFile, yaml_file
from handout_builder.translation import yaml_edit

# What an original says of itself, and its translation cannot: who checked these words, and when they do so again.
_NOT_COPIED = ("accept", "readers_involved", "review_due", "reviewed_by", "subjects", "translation")


def begun(original: YamlFile, path: Path, by: str, day: date) -> YamlFile:
    """Return what the file at ``path`` is to hold: the texts of the original, until somebody replaces them.

    ``by`` tells who is going to translate it, ``machine`` or ``person``.
    """
    made = yaml_edit.without(yaml_file(path, original.text), _NOT_COPIED)
    if "identifier" in made.value:  # a book in another language is another book
        made = yaml_edit.with_keys(made, (), {"identifier": f"urn:uuid:{uuid4()}"})
    line = f"translation: {{from: {original.path.stem}, by: {by}, date: {day.isoformat()}}}"
    # Where an author has still to say when it was revised, it stands above all.
    return yaml_edit.with_line(made, "revised" if "revised" in made.value else next(iter(made.value)), line)
