"""Short forms fitted to their pages, in as few tries as it takes: a build spends its time on laying them out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from handout_builder.render import printing, short_form
from handout_builder.render.product import Product

if TYPE_CHECKING:
    from handout_builder.pdf.pages import Pages

_NO_WORDS = re.compile(r"<svg.*?</svg>|<[^>]*>|\s+", re.DOTALL)
# Upper bound of the text density of a paragraph, relative to a whole page with its charts and margins.
_CLOSER = 3.0
# The same of a heading of few words, which has a line and a gap of its own; and the lower bound.
_ALONE = 0.4
_SPARSE = 0.15
# A form that takes more than so many times the pages that it may is not laid out to the end.
_FAR = 3


class _Form(NamedTuple):
    """A short form that is to be tried."""

    left_out: tuple[str, ...]
    """What it lacks."""
    step: str
    """The style sheets of the edition by which it is laid out."""


Settle = Callable[[Product, int], "Pages | None"]
"""Lays a product's pages out; gives None where they are more than a number, if that is not 0."""


def fitted(product: Product, settle: Settle) -> tuple[Product, "Pages"]:
    """Return the short form that fits with the fewest omissions and the largest type, and its pages.

    It is laid out in other ways before anything goes. Then parts go, the least needed first; smaller letters come
    before the author's words on the cards go, these before the author's cautions, and these before the last points do.
    What went comes back where there is room for it after all. A form that fits in no way is as it was tried last.
    """
    pages = settle(product, product.edition.pages)
    return _Fitting(product, settle).found() if pages is None else (product, pages)


class _Fitting:
    """Tries forms, each once."""

    def __init__(self, product: Product, settle: Settle) -> None:
        self._product, self._settle = product, settle
        self._steps = ("", *product.edition.ladder)
        self._fit: dict[_Form, bool] = {}
        """Whether each form fits that was tried."""
        self._counted: dict[tuple[str, ...], int] = {}
        """The number of letters by what a form lacks."""
        self._pages: Pages | None = None
        """Of the form that fitted last, which is the one that all goes on from: all of them would take 40 MB each."""

    def found(self) -> tuple[Product, "Pages"]:
        edition, tightest = self._product.edition, self._steps[-1]
        may_lack = short_form.may_lack(self._product)
        uses = tuple(part for part in may_lack if part != "cautions")
        others = tuple(part for part in uses if part != "uses")
        # What most texts need comes first: few lack much, and most are set as close as they may.
        if form := self._fullest(others):
            return self._ended(form)
        for forms in (
            [_Form(others, step) for step in edition.smaller],
            [_Form(uses, tightest)],
            [_Form(uses, step) for step in (*edition.smaller, *edition.last)],
            [_Form(may_lack, tightest)],
            [_Form(may_lack, step) for step in (*edition.smaller, *edition.last)],
        ):
            if form := self._first_that_fits(forms):
                return self._ended(self._fuller(form))
        return self._without_last_points(forms[-1])

    def _ended(self, form: _Form) -> tuple[Product, "Pages"]:
        """Return a form that lacks no more than it must, in its loosest layout."""
        form = self._looser(form)
        return self._made(form), self._fitting

    def _fullest(self, lacking: tuple[str, ...]) -> _Form | None:
        """Return the form that fits in the closest layout and lacks the fewest of some parts; None where none does.

        It is looked for from the fullest one on: what that has too much tells how many parts have to go.
        """
        full = _Form((), self._steps[-1])
        pages = self._settle(self._made(full), _FAR * self._product.edition.pages)
        self._note(full, pages)
        if self._fits(full):
            return full
        emptier = self._emptier(full, pages, lacking) if pages else [full._replace(left_out=lacking)]
        del pages
        return next((self._fuller(form) for form in emptier if self._fits(form)), None)

    def _emptier(self, full: _Form, pages: "Pages", lacking: tuple[str, ...]) -> list[_Form]:
        """Return forms that lack more and more, from the first one on that has room by the number of its letters."""
        most, shares = self._product.edition.pages, pages.shares
        over = min(sum(shares[most:]), sum(shares[most - 1 : -1]))  # the last panel may be that of the clinic
        letters = _letters(pages.html)
        forms = [full._replace(left_out=lacking[:count]) for count in range(1, len(lacking) + 1)]
        while len(forms) > 1 and (freed := (1 - self._letters(forms[0]) / letters) * sum(shares)) < over:
            form = forms.pop(0)
            if form.left_out == ("headings",) and freed < _SPARSE * over:
                self._fit[form] = False
        return forms

    def _made(self, form: _Form) -> Product:
        edition = replace(self._product.edition, step=form.step)
        return replace(self._product, edition=edition, left_out=form.left_out)

    def _fits(self, form: _Form) -> bool:
        if form not in self._fit:
            self._note(form, self._settle(self._made(form), self._product.edition.pages))
        return self._fit[form]

    def _note(self, form: _Form, pages: "Pages | None") -> None:
        self._fit[form] = pages is not None and pages.count <= self._product.edition.pages
        if self._fit[form]:
            self._pages = pages

    def _first_that_fits(self, forms: Sequence[_Form]) -> _Form | None:
        """Return the first of some forms that fits, by halving: each takes less room than those before it."""
        if not forms or not self._fits(forms[-1]):
            return None
        low, high = 0, len(forms) - 1
        while low < high:
            at = (low + high) // 2
            low, high = (low, at) if self._fits(forms[at]) else (at + 1, high)
        return forms[high]

    def _fuller(self, form: _Form) -> _Form:
        """Return a form with all that it need not lack, the most needed first."""
        for part in reversed(form.left_out):
            fuller = form._replace(left_out=tuple(other for other in form.left_out if other != part))
            # Nothing leads to a heading: with and without them it is the same.
            same = part == "headings" and not short_form.headings(self._made(fuller))
            density = _ALONE if part == "headings" else _CLOSER
            # Headings need little room: where the next looser layout has some, too, that is one layout less.
            looser = [step for step in self._steps[-2:-1] if part == "headings" and form.step == self._steps[-1]]
            tried = [fuller._replace(step=step) for step in (*looser, form.step)]
            if same or (self._may_fit(fuller, form, density) and any(map(self._fits, tried))):
                form = fuller
        return form

    def _may_fit(self, fuller: _Form, form: _Form, density: float) -> bool:
        """Tell whether there may be room for what a form has more than one that fits, by the number of letters.

        ``density`` is the most that these have, relative to the whole page.
        """
        tightest = fuller._replace(step=self._steps[-1])
        if tightest in self._fit and form.step in self._steps:
            return self._fits(tightest)
        before = _letters(self._fitting.html)
        more = self._letters(fuller) - before
        used = self._fitting.used
        return more <= density * before * (self._product.edition.pages - used) / used

    def _looser(self, form: _Form) -> _Form:
        """Return a form in the first layout that has room for it; smaller letters stay."""
        for step in reversed(self._steps[:-1] if form.step == self._steps[-1] else ()):
            looser = form._replace(step=step)
            if not self._fits(looser):
                break
            form = looser
        return form

    def _without_last_points(self, form: _Form) -> tuple[Product, "Pages"]:
        """Return a form with as many of its cards as fit, the first ones; as it is, where not even one does."""
        codes = short_form.carded(self._product)
        low, high = 1, len(codes) - 1
        while low <= high:
            kept = (low + high) // 2
            fewer = form._replace(left_out=(*self._product.edition.may_lack, *codes[kept:]))
            low, high, form = (kept + 1, high, fewer) if self._fits(fewer) else (low, kept - 1, form)
        warning = form._replace(left_out=tuple(part for part in form.left_out if part != "cautions"))
        form = warning if self._fits(warning) else form
        made = self._made(form)
        if self._fits(form):
            return made, self._fitting
        pages = self._settle(made, 0)
        assert pages is not None
        return made, pages

    def _letters(self, form: _Form) -> int:
        """Return the number of letters of a form, which is the same in all layouts."""
        if form.left_out not in self._counted:
            product = self._made(form)
            self._counted[form.left_out] = _letters(printing.print_html(product, printing.first_pages(product)))
        return self._counted[form.left_out]

    @property
    def _fitting(self) -> "Pages":
        """The pages of the form that fitted last."""
        assert self._pages is not None
        return self._pages


def _letters(html: str) -> int:
    """Return the number of letters of a page, without those of its drawings."""
    return len(_NO_WORDS.sub("", html.partition("<body>")[2]))
