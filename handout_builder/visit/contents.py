"""What a visit sheet shows, from a visit and the catalogue: points in words, signs, steps, days to tick."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from markupsafe import Markup

from handout_builder.content import doses, place_text, safety, schema
from handout_builder.content.loader import Common, Source
from handout_builder.content.safety import Box
from handout_builder.editions import Paper
from handout_builder.render.formatter import Formatter
from handout_builder.text import language
from handout_builder.text.east_asian import in_a_row
from handout_builder.visit.schema import ChosenPoint, Said, Visit

NAME = "visit-sheet"
UNDATED = date(2026, 11, 28)
"""The day by which the files of a sheet without a date are dated: that of the catalogue."""
_DAYS = 7
_MOST_BOXES = 3
_FEW = 3
"""So many points stand below each other, as wide as the page."""


@dataclass(frozen=True)
class Card:
    """A point as the sheet shows it."""

    code: str
    names: Sequence[tuple[str, str]]
    """Its standard name and reading, each with its language."""
    where: Markup
    brief: Markup
    """Where it is, in few words."""
    cells: Sequence[str]
    """Its dose in few words each."""
    given: Sequence[str]
    """The same with "both sides" of a dose for all points, which a point of no pair does not tell."""
    note: Markup = field(repr=False)
    care: str = ""
    never: bool = False
    """Whether it is not for pressing."""


@dataclass(frozen=True)
class Tick:
    """A day of the diary."""

    number: str
    """Its number in the month; empty where the diary has no days."""
    visit: bool = False
    """Whether the next visit is on it."""


@dataclass(frozen=True)
class Diary:
    """Days to tick, in weeks."""

    heads: Sequence[str]
    weeks: Sequence[Sequence[Tick]]
    boxes: int
    """How many boxes a day has; none where there would be more than fit."""
    span: str = ""
    """From when to when."""

    @property
    def framed(self) -> bool:
        """Whether the next visit is on one of its days."""
        return any(tick.visit for week in self.weeks for tick in week)


@dataclass(frozen=True)
class Exercise:
    """An exercise in words."""

    name: Markup = field(repr=False)
    steps: Sequence[Markup] = field(repr=False)
    often: str = ""


@dataclass(frozen=True)
class Sheet:
    """A visit sheet as its template sees it."""

    cards: Sequence[Card]
    name: Markup = field(repr=False)
    practitioner: Markup = field(repr=False)
    note: Markup = field(repr=False)
    exercises: Sequence[Exercise] = field(repr=False)
    date: str = field(repr=False)
    next_visit: str = field(repr=False)
    diary: Diary | None = field(repr=False)
    how: Sequence[Box] = ()
    """How to press."""
    emergency: Sequence[Box] = ()
    doctor: Sequence[Box] = ()
    care: Sequence[Box] = ()
    """When not to press."""
    qr: str = ""
    """The code that leads to a handout; empty where the clinic's own is shown, or none."""
    wide: bool = True
    """Whether points stand below each other, as wide as the page."""
    folded: bool = False
    """Whether it stands on two halves of a page."""
    halved: bool = False
    """Whether the second of these halves is for the signs."""
    days_below: bool = False
    """Whether the days to tick stand below these signs, and the next visit on the other half."""
    counted: bool = False
    """Whether its pages have numbers."""

    @property
    def apart(self) -> bool:
        """Whether the signs of each rank have a box of their own."""
        return self.folded or self.counted

    @property
    def more(self) -> bool:
        """Whether there is something for this person beside the points."""
        return bool(self.exercises or self.note)

    @property
    def common(self) -> Sequence[str]:
        """What the doses of all its points, of several, have in common, in few words each."""
        told = [card.given for card in self.cards]
        return [cell for cell in told[0] if all(cell in cells for cells in told)] if len(told) > 1 else []


def source_of(visit: Visit, common: Common, paper: Paper) -> Source:
    """Return a visit as a handout that nobody wrote, without a personal word: its points, doses and parts of the body.

    Templates, drawings and safety advice of handouts then serve the sheet, too.
    """
    shared = common.shared
    cards = [_card_of(point, visit, common) for point in visit.points]
    block = schema.Points.model_construct(type="points", points=cards)
    section = schema.Section.model_construct(id="points", heading=shared.labels["sheet_title"], blocks=[block])
    handout = schema.Handout.model_construct(
        title=shared.labels["sheet_title"],
        description=shared.labels["sheet_about"],
        revised=visit.date or UNDATED,
        about=visit.about or regions(visit, common),
        emergency=visit.emergency,
        paper=paper,
        skin=visit.skin,
        body=visit.body,
        sections=[section],
    )
    editorial = schema.Editorial.model_construct(changes=[], doubts=[])
    characters = frozenset("".join(shared.labels.values()))
    folder = Path(NAME)
    return Source(NAME, visit.lang, folder, handout, editorial, shared, common.points, characters, (), {})


def regions(visit: Visit, common: Common) -> tuple[str, ...]:
    """Return the parts of the body that the points lie on, the first point's first; the whole body's if none."""
    places = (common.points[point.code].place for point in visit.points)
    return tuple(dict.fromkeys(safety.PARTS[place.region] for place in places if place)) or ("whole-body",)


def _card_of(point: ChosenPoint, visit: Visit, common: Common) -> schema.PointCard:
    names = common.points[point.code].names
    name = schema.cards.Name.model_construct(
        text=names.zh_hans, lang="zh-Hans", reading=names.pinyin, reading_lang="zh-Latn-pinyin"
    )
    dose = point.dose or visit.dose
    return schema.PointCard.model_construct(code=point.code, name=name, side=point.side, dose=dose)


def sheet_of(visit: Visit, source: Source, link: str = "") -> Sheet:
    """Return what the sheet of a visit shows; ``link`` is where the code to scan leads."""
    shared, lang = source.shared, visit.lang
    included = {
        name: list(safety.boxes(source, schema.Safety.model_construct(type="safety", include=name)))
        for name in ("how-to-press", "see-a-doctor", "when-not-to-press")
    }
    signs = {rank: [box for box in included["see-a-doctor"] if box.rank == rank] for rank in ("emergency", "doctor")}
    return Sheet(
        cards=[_card(point, visit, source) for point in visit.points],
        name=_said(visit.name, lang),
        practitioner=_said(visit.practitioner, lang),
        note=_said(visit.note, lang),
        exercises=[
            Exercise(
                _said(one.name, lang),
                [_said(step, lang) for step in one.steps],
                doses.of_exercise(schema.Exercise.model_construct(**one.model_dump(exclude={"name", "steps"})), shared),
            )
            for one in visit.exercises
        ],
        date=place_text.long_date(visit.date, shared) if visit.date else "",
        next_visit=place_text.moment(after.day, after.time, shared) if (after := visit.next_visit) else "",
        diary=_diary(visit, shared) if visit.diary else None,
        how=included["how-to-press"],
        emergency=signs["emergency"],
        doctor=signs["doctor"],
        care=included["when-not-to-press"],
        qr=_code(link) if link else "",
        wide=len(visit.points) <= _FEW,
    )


def _code(link: str) -> str:
    from handout_builder.brand.qr_code import in_ascii, qr_code  # noqa: PLC0415  # most sheets have none, or the brand's

    return qr_code(in_ascii(link), quiet=False)


def _card(point: ChosenPoint, visit: Visit, source: Source) -> Card:
    shared, known = source.shared, source.points[point.code]
    words = Formatter(shared, source.points, visit.lang)
    where = _said(point.where, visit.lang) or Markup.escape(
        place_text.place_on(_side(point, visit, known), known, shared)
    )
    given = list(_cells(point, visit, source))
    paired = known.place is None or known.place.sides == "both"
    return Card(
        code=point.code,
        names=words.standard(point.code),
        where=where,
        brief=_said(point.where, visit.lang) or Markup.escape(place_text.short_place(known, shared)),
        cells=[cell for cell in given if paired or cell != shared.labels["sheet_both"]],
        given=given,
        note=_said(point.note, visit.lang),
        # Who is pregnant reads so in the advice below.
        care=in_a_row(words.cautions(point.code, "pregnancy")),
        never=known.press == "no",
    )


def _cells(point: ChosenPoint, visit: Visit, source: Source) -> Iterator[str]:
    """Yield what a dose says, in few words each."""
    labels, dose = source.shared.labels, point.dose or visit.dose
    if dose:
        if dose.pressure:
            yield labels[f"dose_{dose.pressure}"]
        yield from doses.amounts(dose, source.shared)
    if side := _side(point, visit, source.points[point.code]):
        yield labels[f"sheet_{side}"]


def _side(point: ChosenPoint, visit: Visit, known: schema.Point) -> str | None:
    """Return the side on which a point is pressed, by itself or by its dose; no left or right for one of no pair."""
    dose = point.dose or visit.dose
    side = point.side or (dose.side if dose else None)
    paired = known.place is None or known.place.sides == "both"
    return side if paired or side == "both" else None


def _diary(visit: Visit, shared: schema.Shared) -> Diary:
    weekdays = shared.labels["weekdays"].split()
    dosed = (point.dose or visit.dose for point in visit.points)
    times = max((dose.times_a_day[1] for dose in dosed if dose and dose.times_a_day), default=1)
    boxes = times if times <= _MOST_BOXES else 0
    start = visit.date
    if start is None:
        return Diary(weekdays, [[Tick("")] * _DAYS] * visit.diary, boxes)
    days = [start + timedelta(number) for number in range(_DAYS * visit.diary)]
    on = visit.next_visit.day if visit.next_visit else None
    ticks = [Tick(str(day.day), day == on) for day in days]
    heads = [weekdays[day.weekday()] for day in days[:_DAYS]]
    first, last = (place_text.long_date(day, shared) for day in (days[0], days[-1]))
    weeks = [ticks[at : at + _DAYS] for at in range(0, len(ticks), _DAYS)]
    return Diary(heads, weeks, boxes, shared.labels["sheet_span"].format(first=first, last=last))


def _said(said: Said | None, lang: str) -> Markup:
    """Return words with their language: theirs, else that of each run of Han, kana or hangul in them."""
    if said is None:
        return Markup("")
    own = language.canonical(said.lang) if said.lang else ""
    if own:
        return Markup('<span lang="{}">{}</span>').format(own, said.text) if own != lang else Markup.escape(said.text)
    text = Markup.escape(said.text)
    if language.is_cjk_language(lang) and not language.cjk_runs(said.text):
        return Markup('<span class="latin">{}</span>').format(text)
    script = said.script_lang or lang
    for run in dict.fromkeys(language.cjk_runs(said.text) if script != lang else ()):
        text = text.replace(run, Markup('<span lang="{}">{}</span>').format(script, run))
    return text
