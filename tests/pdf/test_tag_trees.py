"""Trees of tags that our files do not have: what is said of them, and what is found wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from handout_builder.pdf import quality, spoken
from handout_builder.pdf.tag_tree import Annotation, Bookmark, Box, Element, Piece, TagTree

PAGE = Box(0, 0, 595, 842)
Kid = Element | Piece | Annotation | str


def tag(kind: str, *kids: Kid, alt: str | None = None, actual: str | None = None, **attributes: Any) -> Element:
    """Return an element of the first page; texts in it are painted below each other."""
    element = Element(kind, "en", alt, actual, attributes, None)
    for number, kid in enumerate(kids):
        if isinstance(kid, Element):
            kid.parent = element
        top = 700 - 20 * number
        element.kids.append(Piece(1, kid, [Box(50, top - 12, 90, top)]) if isinstance(kid, str) else kid)
    return element


def tree(*kids: Element, title: str = "Knee care", artifacts: tuple[Piece, ...] = ()) -> TagTree:
    return TagTree(title, "en", tag("Document", *kids), [PAGE], artifacts, [Bookmark("Knee care", 1)])


def row(*cells: str, kind: str = "TD") -> Element:
    return tag("TR", *(tag(kind, cell) for cell in cells))


@pytest.mark.parametrize(
    ("element", "said"),
    [
        (tag("P", "First", tag("Figure", alt="a knee"), "then"), ["First", "Figure: a knee", "then"]),
        (tag("P", tag("Figure"), " "), ["Figure: nothing is said of it"]),
        (tag("P", tag("Span", "1/2", actual="one half"), "a cup"), ["one half a cup"]),
        (tag("Div", "Loose", tag("P", "words"), "behind"), ["Loose", "words", "behind"]),
        (
            tag("L", tag("Caption", "Knees"), tag("LI", tag("Lbl", "a)"), tag("LBody", "bend")), tag("LI")),
            ["List with 2 items", "Caption: Knees", "a) bend", "- ", "List end"],
        ),
        (
            tag("Table", tag("Caption", "Days"), row("Day", "Times", kind="TH"), row("Monday", ""), row("", "3", "x")),
            [
                "Table with 3 rows and 3 columns",
                "Caption: Days",
                "Heads: Day; Times",
                "Row 2: Day: Monday; blank",
                "Row 3: blank; Times: 3; x",
                "Table end",
            ],
        ),
        (tag("P", tag("Link", tag("Figure", alt="our sign"), Annotation(1, "home"))), ["(link: Figure: our sign.)"]),
    ],
)
def test_what_is_said_of_an_element(element: Element, said: list[str]) -> None:
    assert spoken.pages(tree(element)) == [said]


def test_a_file_without_tags_says_nothing_and_has_no_more_than_a_title_and_a_language() -> None:
    bare = TagTree("Knee care", "en", None, [PAGE], [], [])
    assert spoken.pages(bare) == []
    assert not any(result.findings for result in quality.results(bare))


WIDE = tag("TR", tag("TD", "tall", RowSpan=2), tag("TD", "a"))


@pytest.mark.parametrize(
    ("element", "found"),
    [
        (tag("Table", tag("Caption", "Days")), "a table without rows"),
        (tag("Table", row("a", kind="TH"), tag("TR")), "a row without cells, or with something else than cells"),
        (tag("Table", tag("TR", tag("P", "a"))), "a row without cells, or with something else than cells"),
        (tag("Table", row("Day", "Times")), "a table without heads of its columns: Day Times"),
        (tag("Table", row("Day", "Times", kind="TH"), WIDE, row("b", "c")), "rows of 2 and 3 cells in one table"),
        (tag("P", tag("Link", "here", Annotation(1, ""))), "does not say where it leads: here"),
        (tag("P", tag("Link", Annotation(1, "our page"))), "has no words: our page"),
        (
            tag("TOC", tag("TOCI", tag("Link", "Hips", Annotation(1, "Hips")))),
            "there is no heading of these words: Hips",
        ),
        (tag("Figure", BBox=(0, 0, 9, 9)), "a figure that nothing describes"),
        (tag("Figure", alt="knee", BBox=(0, 0, 9, 9)), "a description of 4 characters: knee"),
    ],
)
def test_what_is_wrong_with_an_element(element: Element, found: str) -> None:
    told = [finding for result in quality.results(tree(tag("H1", "Knees"), element)) for finding in result.findings]
    assert found in [finding.what for finding in told]


def test_cells_that_reach_into_the_next_row_are_counted_in_it() -> None:
    heads = row("Day", "Times", kind="TH")
    tall = tag("TR", tag("TD", "tall", RowSpan=2), tag("TD", "a"))
    last = tag("TR", tag("TD", "b"), tag("TD", "c", RowSpan=2))
    table = tag("Table", heads, tall, row("d"), last, row("e"))
    (result,) = [one for one in quality.results(tree(table)) if one.name == "Completeness of “Table” elements"]
    assert (result.verdict, result.findings) == ("passed", ())


@pytest.mark.parametrize(("top", "read"), [(421, False), (830, True), (12, True)])
def test_words_of_no_element_in_the_middle_of_a_page_without_others(top: float, read: bool) -> None:
    loose = Piece(1, "loose", [Box(50, top - 10, 90, top)])
    results = quality.results(tree(tag("Figure", alt="a bent knee"), artifacts=(loose,)))
    (result,) = [one for one in results if one.name == "Artifacted content on page body"]
    assert result.verdict == ("passed" if read else "warned")


def test_a_file_without_a_title_is_told() -> None:
    (result,) = [one for one in quality.results(tree(title=" ")) if one.name == "Validity of document title"]
    assert [finding.what for finding in result.findings] == ["the file has no title"]
