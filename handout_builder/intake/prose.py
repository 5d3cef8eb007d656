"""Somebody's words as the Markdown of handouts, with emphasis, links and languages; what cannot be printed is told."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product

from handout_builder.content.point_names import PointNames
from handout_builder.errors import printable
from handout_builder.intake.outline import Run, Runs, joined, linked_runs, spaced, words
from handout_builder.text import characters, language, markdown
from handout_builder.text.addresses import wrong_address
from handout_builder.typefaces import coverage

_SIGNS = re.compile(r"[\\`*_\[\]<>{}|~=^]|&(?=#?\w+;)")
# What begins a heading, a quotation, a list or a definition where a line does.
_START = re.compile(r"^([ \t]*)(?:([#>+\-:])|([0-9]{1,9})([.)]))(?=\s|$)", re.MULTILINE)
# Controls of Latin-1 that were quotation marks and dashes on Windows.
_WINDOWS = {chr(code): sign for code in range(0x80, 0xA0) if (sign := bytes((code,)).decode("cp1252", "ignore"))}
_BEFORE, _BEHIND = re.compile(r"^\s*"), re.compile(r"\s*$")


@dataclass
class Book:
    """What was changed in the author's words, and what is doubtful in how they were read."""

    changes: dict[tuple[str, str], str] = field(default_factory=dict)
    """The reason by the original and the printed words."""
    doubts: dict[str, str] = field(default_factory=dict)

    def change(self, original: str, printed: str, reason: str) -> None:
        """Note a change."""
        original = printable(spaced(original))
        if original and original != spaced(printed):
            self.changes.setdefault((original, printable(spaced(printed))), reason)


@dataclass(frozen=True)
class Prose:
    """Writes Markdown in one language."""

    lang: str
    names: PointNames
    targets: Mapping[str, str]
    """Ids of sections, by the names that links of the document have for their headings."""
    book: Book

    def written(self, runs: Runs, tell: Callable[[str], None]) -> str:
        """Return words as Markdown without a mistake; "" where nothing of them can be printed.

        Links that are typed in them are links. ``tell`` takes what was left out, and what is a guess.
        """
        return self.literal(linked_runs(runs), tell)

    def literal(self, runs: Runs, tell: Callable[[str], None]) -> str:
        """Return words as ``written`` does, but links that are typed in them as signs, like all else."""
        clean = self.clean(runs)
        whole = words(clean)
        if characters.is_blank(whole) or any(coverage.missing(whole)):
            return ""
        plain = joined([run._replace(bold=False, italic=False) for run in clean])
        bare = joined([Run(run.text) for run in clean])
        forms = (("", clean), ("emphasis", plain), ("emphasis and links", bare))
        for (lost, form), escape in product(forms, (False, True)):
            guesses: list[str] = []
            linked: list[str] = []
            text = self._markdown(form, guesses, linked, escape=escape)
            if self.is_sound(text) and self._said(text) == whole:
                for guess in dict.fromkeys((*guesses, *linked)):
                    tell(guess)
                if lost:
                    self.book.change(self._marked(clean), whole, f"The {lost} could not be kept.")
                    for run in clean if form is bare else ():
                        if run.link:
                            tell(f"the link of “{spaced(run.text)}” led to {run.link}")
                return text
        return ""

    def label(self, runs: Runs) -> str:
        """Return words that are printed as they stand, without Markdown; "" where that cannot be."""
        text = words(self.clean(runs))
        cjk = not language.is_cjk_language(self.lang) and language.cjk_runs(text)
        return "" if cjk or characters.is_blank(text) or any(coverage.missing(text)) else text

    def is_sound(self, text: str) -> bool:
        """Tell whether a text is Markdown without a mistake."""
        return not any(markdown.findings(text, self.lang))

    def clean(self, runs: Runs) -> Runs:
        """Return words without what cannot be printed; what was taken out is noted as a change."""
        found = []
        for run in runs:
            text = characters.without_presentation(run.text)
            for character in dict.fromkeys((*characters.odd(text), *coverage.missing(text))):
                other = _WINDOWS.get(character) or characters.ordinary(character)
                fits = other and not any(coverage.missing(other)) and not any(characters.odd(other))
                if fits:
                    text = text.replace(character, other)
                elif characters.is_odd(character) or not character.isalnum():
                    text = text.replace(character, "")
            if spaced(text) != spaced(run.text):
                reason = "Signs that no page shows, or that no font has, were left out, or written in the ordinary way."
                self.book.change(run.text, text, reason)
            found.append(run._replace(text=text))
        return joined(found)

    def unprintable(self, runs: Runs) -> str:
        """Return the letters that no font has."""
        return "".join(coverage.missing("".join(run.text for run in self.clean(runs))))

    def _said(self, text: str) -> str:
        return spaced(" ".join(paragraph.text for paragraph in markdown.paragraphs(text)))

    def _marked(self, runs: Runs) -> str:
        return "".join(f"*{run.text}*" if run.bold or run.italic else run.text for run in runs)

    def _markdown(self, runs: Runs, guesses: list[str], linked: list[str], *, escape: bool) -> str:
        escaped = _escaped if escape else str
        parts = []
        for run in runs:
            before, behind = _BEFORE.match(run.text), _BEHIND.search(run.text)
            assert before
            assert behind
            inner = run.text[before.end() : behind.start()] if before.end() < len(run.text) else ""
            if not inner:
                parts.append(run.text)
                continue
            text = self._tagged(inner, run.lang, guesses, escaped)
            if target := self._target(run, linked):
                text = f"[{text}]({target})"
            if run.note:
                text = f'[{text}]{{note="{run.note}"}}'
            if run.italic:
                text = f"*{text}*"
            if run.bold:
                text = f"**{text}**"
            parts.append(f"{before[0]}{text}{behind[0]}")
        text = "".join(parts)
        # A line's end that is meant has a backslash before it (CommonMark 0.31, 6.7).
        return (_START.sub(_escaped_start, text) if escape else text).replace("\n", "\\\n")

    def _tagged(self, text: str, given: str, guesses: list[str], escaped: Callable[[str], str]) -> str:
        if language.is_cjk_language(self.lang):
            return escaped(text)
        done = []
        for run in language.cjk_runs(text):
            before, _, text = text.partition(run)
            lang = language.canonical(given) if given else ""
            if not language.is_cjk_language(lang):
                lang = self.names.language_of(run)
                if not language.of_reading(run, ""):
                    guesses.append(f"that {run} is {lang} is a guess")
            done += [escaped(before), f"[{escaped(run)}]{{lang={lang}}}"]
        return "".join((*done, escaped(text)))

    def _target(self, run: Run, linked: list[str]) -> str:
        if not run.link:
            return ""
        if run.link.startswith("#"):
            if target := self.targets.get(run.link[1:]):
                return f"#{target}"
            linked.append(f"the link of “{spaced(run.text)}” led to {run.link}, which is no section")
            return ""
        address = run.link.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
        leads = address.partition(":")[0].lower() in ("http", "https", "mailto", "tel")
        if leads and not wrong_address(address) and address.isprintable():
            return address.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E")
        linked.append(f"the link of “{spaced(run.text)}” led to {run.link}, where a handout cannot lead")
        return ""


def _escaped(text: str) -> str:
    return _SIGNS.sub(lambda sign: f"\\{sign[0]}", text)


def _escaped_start(found: "re.Match[str]") -> str:
    return f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}"
