"""What ``brand check`` shows: the colours with their contrasts, the logo's size, the typefaces."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from handout_builder.brand.loader import Brand, load_brand
from handout_builder.builder import pool
from handout_builder.builder.limits import Limits
from handout_builder.errors import HandoutError, Problem


def report(folders: Sequence[Path], *, strict: bool = False) -> tuple[str, list[Problem]]:
    """Return the report on the brands in these folders as text, and their problems, warnings and notes."""
    lines: list[str] = []
    problems: list[Problem] = []
    for told in pool.each(_told, folders, Limits()):
        if isinstance(told, HandoutError):
            problems += told.problems
        else:
            lines += told[0]
            problems += [*map(Problem.strictly, told[1])] if strict else told[1]
    return "".join(f"{line}\n" for line in lines), problems


def _told(folder: Path) -> tuple[list[str], tuple[Problem, ...]]:
    brand = load_brand(folder)
    return list(_about(brand)), brand.notes


def _about(brand: Brand) -> Iterator[str]:
    yield f"{brand.name}: {brand.publisher or 'no name'}"
    yield f"  letterhead  {brand.letterhead}"
    if brand.logo:
        yield f"  logo        {brand.logo.kind.upper()}, printed {brand.logo.width:.0f} × {brand.logo.height:.0f} mm"
    else:
        yield "  logo        none"
    for use in ("heading", "text"):
        faces = [face for face in brand.faces if face.use == use]
        names = ", ".join(f"{face.font.path.name} ({face.weight})" for face in faces)
        yield f"  {use:<11} {names or 'our own typeface'}"
    if not brand.checks:
        yield "  colours     our own"
    for check in brand.checks:
        meets = "meets" if check.ratio >= check.aim else "at least"
        goal = check.aim if check.ratio >= check.aim else check.floor
        role = f"{check.role} on {check.ground}"
        yield f"  {check.colour} on {check.on}  {check.ratio:5.2f}:1  {meets} {goal:g}:1  {role}"
