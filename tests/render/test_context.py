"""What templates of brands ask for by name: what is there, and nothing else."""

from __future__ import annotations

import pytest
from helpers.project import SHORT, source_of

from handout_builder.render.context import Context
from handout_builder.render.product import Product


def test_templates_are_given_what_they_name() -> None:
    context = Context(Product(source_of(SHORT)), epub=True, pictures={"a.png": "picture:a"}, logo="", page_starts={})
    assert context.block("the-points_1").type == "points"
    assert context.heading("the-points") == "The points"
    assert context.picture("a.png") == "picture:a"
    for ask, name in (
        (context.block, "the-points_9"),
        (context.heading, "elsewhere"),
        (context.picture, "../../etc/passwd"),
    ):
        with pytest.raises(LookupError, match=name):
            ask(name)
