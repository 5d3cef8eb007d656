"""The tags of the PDF: what a screen reader reads, in which order and language.

WeasyPrint 70 writes a valid tree of tags; here is mended what a listener would miss. Its private
function is wrapped: the version is pinned in pyproject.toml, the result is asserted in tests/pdf/test_pdf.py.
"""

from collections.abc import Iterator
from typing import Any

from handout_builder.pdf import tag_fragments
from handout_builder.pdf.elements import SVG
from handout_builder.pdf.objects import number, of_type, referred
from handout_builder.text.east_asian import is_wide
from handout_builder.units import PT_PER_PX

_GROUPS = ("/Div", "/Sect", "/Art", "/Part")
"""What has parts, and no words of its own (ISO 32005, table 5)."""
_GROUPING = ("div", "section", "article", "main")


class Tagging:
    """Better tags than WeasyPrint writes, for one document.

    - Each element gets its language (PDF 1.7, 14.9.2; PDF/UA-1, 7.2): only the document has one otherwise.
    - Elements hold their lines of text themselves: a Span round each line says nothing and makes a third of
      all objects of the file.
    - What stands before a list item's text is its label (PDF 1.7, table 336).
    - Running feet, and heads of tables that are repeated, are left out, to be artifacts (PDF/UA-1, 7.1): they are
      marked as content of no element, and as that of the page.
    - What goes on on the next page, in the next column or line, is one element: WeasyPrint begins another one, and a
      list of eight would be read as one of five and one of three, a link on two lines as two.
    - Heads of tables say whether they are those of a column or of a row (PDF 1.7, table 349).
    - Lists say how they are numbered (PDF/UA-2, 8.2.5.25), and what links and outlines lead to is kept (8.8).
    - Blanks between the parts of a group are no text of it (ISO 32005, table 5): they are artifacts.
    - Boxes for one person's words have their names as titles, by which others find them (copies/template.py).
    - A figure's box is given in pt from the page's lower edge (PDF 1.7, table 343), not in px from the upper.
    """

    def __init__(self) -> None:
        self.running: dict[int, dict[int, str]] = {}
        """By page, the numbers (MCID) of what is left out of the tags, with its kind (PDF 1.7, table 330, Subtype)."""
        self._sources: dict[int, Any] = {}
        """What each element was made of, by its number."""
        self._cells: list[tuple[Any, Any]] = []
        """The cells of heads, those of heads that are repeated among them, with what they were made of."""
        self._heads: set[Any] = set()
        """The heads and feet of tables that have been read."""
        self.targets: dict[str, Any] = {}
        """The element of each id."""
        self.headings: dict[str, list[Any]] = {}
        """The elements of the outline, by label."""

    def builder(self, tags: Any) -> Any:
        """Return the function that builds the tags of a page; ``tags`` is WeasyPrint's module of that name."""
        original = tags._build_box_tree

        def build(box: Any, parent: Any, pdf: Any, page: int, holders: dict[int, bytes], *rest: Any) -> Iterator[Any]:
            source = getattr(box, "element", None)
            if (left_out := self._left_out(box, source, tags)) is not None:
                running = dict[int, bytes]()
                list(original(box, parent, _Discarding(_WithoutWrappers.of(pdf).pdf), page, running, *rest))
                self.running.setdefault(page, {}).update(dict.fromkeys(running, left_out))
                return
            grouping = source is not None and source.tag in _GROUPING
            blanks = _blanks(box, rest[-1], tags.boxes) if grouping else set()
            lang = source.get("lang") if source is not None and source.tag != "html" else None
            field = source.get("data-field") if source is not None else None
            for element in original(box, parent, _WithoutWrappers.of(pdf), page, holders, *rest):
                if element["S"] in ("/NonStruct", "/Div", "/Span") and not element["K"]:
                    # A strut of a style sheet, a box to tick, or a place that words lead to: they lead to what it
                    # stands in.
                    self._keep_target(box, source, parent)
                    continue
                self._describe(element, source, field, tags.pydyf)
                if lang:
                    element["Lang"] = tags.pydyf.String(lang)
                if element["S"] == parent.get("S") == "/L":
                    yield from _items_of_column(element, pdf.pdf)
                    continue
                if element["S"] == "/L":
                    numbering = "/Decimal" if source is not None and source.tag == "ol" else "/Disc"
                    element["A"] = tags.pydyf.Dictionary({"O": "/List", "ListNumbering": numbering})
                self._keep_target(box, source, element)
                kids = element["K"]
                _hold(element, holders)
                if blanks and element["S"] in _GROUPS:
                    kids[:] = [kid for kid in kids if kid not in blanks]
                    self.running.setdefault(page, {}).update(dict.fromkeys(blanks, ""))
                    for mark in blanks:
                        del holders[mark]
                if "BBox" in element.get("A", ()):
                    _from_below(element["A"]["BBox"], pdf.page_height(page))
                if element["S"] == "/LBody" and isinstance(kids[0], bytes):
                    label = referred(pdf.pdf, kids[0])
                    if label["S"] == "/NonStruct":  # what a style sheet puts before the text: bullet or number
                        del kids[0]
                        label |= {"S": "/Lbl", "P": element["P"]}
                        yield label
                if not any(isinstance(kid, int) for kid in kids):
                    element.pop("Pg", None)  # only needed beside text (PDF 1.7, table 323)
                yield element

        return build

    def _describe(self, element: Any, source: Any, field: str | None, pydyf: Any) -> None:
        """Let an element say what it shows, what it is the head of, whose words it has room for."""
        if source is not None:
            self._sources.setdefault(element.number, source)  # boxes without tags hand their elements on
        if element["S"] == "/Figure" and (words := _description(source)):
            element["Alt"] = pydyf.String(words)
        if element["S"] == "/TH":
            self._cells.append((source, element))
            of_row = source is not None and source.get("scope") == "row"
            element["A"]["Scope"] = "/Row" if of_row else "/Column"
        if field and element["S"] != "/NonStruct":
            element["T"] = pydyf.String(field)

    def _left_out(self, box: Any, source: Any, tags: Any) -> str | None:
        """Return what a box is of the page where it is no part of the text; "" for a mark that says nothing of its own.

        None for all that is read.
        """
        if isinstance(box, tags.boxes.MarginBox):
            return "/Header" if box.at_keyword.startswith("@top") else "/Footer"
        if source is None:
            return None
        if source.get("aria-hidden") == "true":  # it repeats what words beside it say
            return ""
        if source.tag in ("thead", "tfoot") and isinstance(box, tags.boxes.TableRowGroupBox):
            if source in self._heads:
                return "/Header"  # whoever listens has not left the table
            self._heads.add(source)
        return None

    def _keep_target(self, box: Any, source: Any, element: Any) -> None:
        """Remember the element of an id, and those of the outline in their order: see ua2.py."""
        if source is not None and source.get("id") and element.get("S") != "/NonStruct":
            self.targets.setdefault(source.get("id"), element)
        if getattr(box, "bookmark_label", None) and box.style["bookmark_level"] != "none":
            self.headings.setdefault(str(box.bookmark_label), []).append(element)

    def finish(self, pdf: Any) -> None:
        """Complete what can only be done when all pages are written; ``pdf`` is the pydyf.PDF."""
        self._running_feet_to_artifacts(pdf)
        self._keep_numbers(pdf)
        joined = tag_fragments.join(pdf, self._sources)
        self.targets = {name: joined.get(item.reference, item) for name, item in self.targets.items()}
        for elements in self.headings.values():
            elements[:] = [joined.get(item.reference, item) for item in elements]
        self._name_heads_once(pdf)
        _index_table_headers(pdf)

    def _running_feet_to_artifacts(self, pdf: Any) -> None:
        """Mark what is left out of the tags as artifacts, in the pages' content (PDF 1.7, 14.8.2.2)."""
        pages = of_type(pdf, "/Page")
        for page, marks in self.running.items():
            content = referred(pdf, pages[page]["Contents"]).stream
            for index, item in enumerate(content):
                if item != b"BDC" or (mark := content[index - 1].get("MCID")) not in marks:
                    continue
                if part := marks[mark]:
                    properties = type(content[index - 1])({"Type": "/Pagination", "Subtype": part})
                    content[index - 2 : index] = [b"/Artifact", properties]
                else:
                    content[index - 2 : index + 1] = [b"/Artifact", b"", b"BMC"]

    def _keep_numbers(self, pdf: Any) -> None:
        """Give what comes after something that is left out its own number in the parent tree (PDF 1.7, 14.7.4.4).

        WeasyPrint lists the elements of a page one after another, as if no number were missing.
        """
        (root,) = of_type(pdf, "/StructTreeRoot")
        rows = referred(pdf, root["ParentTree"])["Nums"]
        parents = dict(zip(rows[::2], rows[1::2], strict=True))
        for page, marks in self.running.items():
            for mark in sorted(marks):
                if mark < len(parents[page]):
                    parents[page].insert(mark, b"null")

    def _name_heads_once(self, pdf: Any) -> None:
        """Let cells name the heads that are read, not their repetitions (PDF 1.7, table 349, Headers)."""
        first: dict[Any, Any] = {}
        instead: dict[bytes, Any] = {}
        for source, cell in self._cells:
            if "ID" in cell and first.setdefault(source, cell) is not cell:
                instead[cell["ID"].data] = first[source]["ID"]
        for cell in pdf.objects if instead else ():
            if isinstance(cell, dict) and cell.get("S") == "/TD" and "Headers" in cell["A"]:
                heads = cell["A"]["Headers"]
                heads[:] = [instead.get(head.data, head) for head in heads]


def one_link_each(document: Any) -> None:
    """Let each line of a link be one place to press: WeasyPrint 70 makes another one of every box inside it.

    Those would stand in a Span or a Figure, where PDF/UA-1, 7.18.5, allows no link, and be read out once more each.
    """
    for page in document.pages:
        joined: list[tuple[str, str, tuple[float, ...], Any]] = []
        for kind, target, place, box in page.links:
            if box.link or not joined or joined[-1][1] != target:
                joined.append((kind, target, place, box))
            else:
                *_, (left, top, right, bottom), line = joined[-1]
                edges = (min(left, place[0]), min(top, place[1]), max(right, place[2]), max(bottom, place[3]))
                joined[-1] = (kind, target, edges, line)
        page.links[:] = joined


def _blanks(box: Any, marks: Any, boxes: Any) -> set[int]:
    """Return the numbers (MCID) of the blanks that stand between the parts of a box."""
    lines = (line for line in getattr(box, "children", ()) if isinstance(line, boxes.LineBox))
    words = (word for line in lines for word in line.children if isinstance(word, boxes.TextBox))
    return {marks[word]["mcid"] for word in words if not word.text.strip() and word in marks}


def _hold(element: Any, holders: dict[int, bytes]) -> None:
    """Let an element hold its lines of text itself."""
    kids = element["K"]
    for index, kid in enumerate(kids):
        if isinstance(kid, bytes) and kid.startswith(b"-"):
            kids[index] = -1 - number(kid)
            holders[kids[index]] = element.reference


def _items_of_column(column: Any, pdf: Any) -> Iterator[Any]:
    """Yield the items of a column of a list, as those of the list: it is one, however it is laid out."""
    for item in (referred(pdf, kid) for kid in column["K"]):
        item["P"] = column["P"]
        yield item


def _from_below(edges: list[float], height: float) -> None:
    """Turn the edges of a box in px from the upper edge of a page into pt from its lower edge."""
    left, upper, right, lower = (edge * PT_PER_PX for edge in edges)
    edges[:] = [left, height - lower, right, height - upper]


def _description(source: Any) -> str:
    """Return title and description of an inline drawing; WeasyPrint takes the title alone."""
    if source is None:
        return ""
    texts = (source.find(f"{SVG}{name}") for name in ("title", "desc"))
    title, description = (text.text or "" if text is not None else "" for text in texts)
    if title in description.partition("。")[0].partition(". ")[0]:
        return description  # which begins with it, or says it in its first sentence: 後ろから見た背中全体
    return (
        f"{title}{'。' if is_wide(title[-1:]) else '. '}{description}"
        if title and description
        else title or description
    )


class _WithoutWrappers:
    """A PDF that does not take in elements that only wrap one piece of text.

    They get a negative number instead, from which the piece's own number (MCID) can be told.
    """

    def __init__(self, pdf: Any) -> None:
        self.pdf = pdf
        self.page_references = pdf.page_references

    @classmethod
    def of(cls, pdf: Any) -> "_WithoutWrappers":
        return pdf if isinstance(pdf, cls) else cls(pdf)

    def add_object(self, item: Any) -> None:
        kids = item.get("K")
        if kids and isinstance(kids[0], int):
            item.number = -1 - kids[0]
        else:
            self.take(item)

    def take(self, item: Any) -> None:
        self.pdf.add_object(item)

    def page_height(self, page: int) -> float:
        return float(referred(self.pdf, self.page_references[page])["MediaBox"][3])


class _Discarding(_WithoutWrappers):
    """A PDF that takes no element at all."""

    def take(self, item: Any) -> None:
        item.number = 0


def _index_table_headers(pdf: Any) -> None:
    """Add the tree by which the ids of header cells are found (PDF 1.7, table 322)."""
    headers: list[Any] = [item for item in pdf.objects if isinstance(item, dict) and {"S", "ID"} <= item.keys()]
    if headers:
        headers.sort(key=lambda item: item["ID"].data)
        root = referred(pdf, pdf.catalog["StructTreeRoot"])
        names = [entry for item in headers for entry in (item["ID"], item.reference)]
        root["IDTree"] = type(root)({"Names": type(root["K"])(names)})
