"""How long, how often and how a point is pressed, or an exercise done, in a sentence of the language of the handout.

Words are put together from patterns of the shared texts (``source/shared/``), numbers are those of the author.
"""

from collections.abc import Iterable, Iterator

from handout_builder.content.schema import Dose, Exercise, Point, Shared
from handout_builder.text.east_asian import in_a_row

_MINUTE = 60
"""Seconds; whole minutes are told as such."""
# The label for one, and for any other number.
_NUMBERED = {
    "times_a_day": ("dose_once", "dose_times"),
    "days_a_week": ("dose_weekly", "dose_days_a_week"),
    "days": ("dose_day", "dose_days"),
}
_WEEK = 7
"""Days; two whole weeks and more are told as such."""


def sentence(dose: Dose, shared: Shared) -> str:
    """Return a dose as a sentence: Press firmly, for 30 seconds, 2 times a day."""
    words = shared.labels[f"dose_{dose.pressure}" if dose.pressure else "dose_press"]
    return told(words, _parts(dose, shared), shared)


def too_firm(dose: Dose | None, point: Point, shared: Shared) -> str:
    """Return what is wrong with more than light pressure on a point that is pressed gently; empty where nothing is.

    A point is pressed gently by itself or by one of its cautions.
    """
    lines = (shared.cautions[name] for name in point.cautions if name in shared.cautions)
    gently = point.press == "gently" or any(line.says == "gently" for line in lines)
    if not gently or dose is None or dose.pressure not in ("medium", "firm"):
        return ""
    return f"more than light pressure is asked for on {point.code}, which is pressed gently"


def of_exercise(exercise: Exercise, shared: Shared) -> str:
    """Return how often and how long an exercise is done: Hold for 5 seconds. Do 3 sets of 10, once a day.

    Empty where nothing is said of it.
    """
    sentences = []
    if exercise.hold:
        sentences.append(shared.labels["exercise_hold"].format(duration=duration(exercise.hold, shared)))
    parts = list(_exercise_parts(exercise, shared))
    if exercise.reps or exercise.sets or parts:
        joint = "dose_next" if exercise.reps or exercise.sets else "dose_first"
        sentences.append(told(_done(exercise, shared), parts, shared, joint))
    return in_a_row(sentences)


def _done(exercise: Exercise, shared: Shared) -> str:
    """Return what is done: Do 3 sets of 10."""
    reps, sets = exercise.reps, exercise.sets
    if reps and sets:
        one = shared.labels["exercise_set_of" if sets == (1, 1) else "exercise_sets_of"]
        return one.format(sets=_number(sets, shared), reps=_number(reps, shared))
    if reps:
        return counted(reps, ("exercise_once", "exercise_reps"), shared)
    return counted(sets, ("exercise_set", "exercise_sets"), shared) if sets else shared.labels["exercise_do"]


def _exercise_parts(exercise: Exercise, shared: Shared) -> Iterator[str]:
    if exercise.each_side:
        yield shared.labels["exercise_each_side"]
    for key in ("times_a_day", "days_a_week"):
        if amount := getattr(exercise, key):
            yield counted(amount, _NUMBERED[key], shared)


def told(words: str, parts: Iterable[str], shared: Shared, joint: str = "dose_first") -> str:
    """Return a sentence that begins with these words, and goes on with each of the parts."""
    for part in parts:
        words = shared.labels[joint].format(before=words, next=part)
        joint = "dose_next"
    return shared.labels["dose"].format(words=words)


def _parts(dose: Dose, shared: Shared) -> Iterator[str]:
    if dose.side:
        yield shared.labels[f"dose_{dose.side}"]
    yield from amounts(dose, shared)


def amounts(dose: Dose, shared: Shared) -> Iterator[str]:
    """Yield how long, how often and when, each in words of its own: for 30 seconds, 2 times a day."""
    if dose.seconds:
        yield duration(dose.seconds, shared)
    for key, labels in _NUMBERED.items():
        if amount := getattr(dose, key):
            yield _for_weeks(amount, shared) if key == "days" else counted(amount, labels, shared)
    if dose.when:
        yield dose.when


def duration(seconds: tuple[int, int], shared: Shared) -> str:
    """Return for how long: for 30 seconds, for 1 to 2 minutes."""
    if any(end % _MINUTE for end in seconds):
        return counted(seconds, ("dose_second", "dose_seconds"), shared)
    least, most = seconds
    return counted((least // _MINUTE, most // _MINUTE), ("dose_minute", "dose_minutes"), shared)


def _for_weeks(days: tuple[int, int], shared: Shared) -> str:
    """Return for how long: for 10 days, for 2 weeks, for 2 to 3 weeks."""
    least, most = days
    if least < 2 * _WEEK or least % _WEEK or most % _WEEK or "dose_weeks" not in shared.labels:
        return counted(days, _NUMBERED["days"], shared)
    return counted((least // _WEEK, most // _WEEK), ("dose_weeks", "dose_weeks"), shared)


def counted(amount: tuple[int, int], labels: tuple[str, str], shared: Shared) -> str:
    """Return a number in its words, of which there are others for one."""
    return shared.labels[labels[amount != (1, 1)]].format(number=_number(amount, shared))


def _number(amount: tuple[int, int], shared: Shared) -> str:
    least, most = amount
    return str(least) if least == most else shared.labels["dose_range"].format(least=least, most=most)
