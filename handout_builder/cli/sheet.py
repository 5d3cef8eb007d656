"""``sheet``: one person's points, doses and next visit on one page; nothing of it is kept."""

import argparse
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from handout_builder import clock, source_files
from handout_builder.cli import console, personal
from handout_builder.cli.arguments import STANDARD, contents, day_of
from handout_builder.cli.exit_codes import OK, USAGE
from handout_builder.editions import SheetPaper
from handout_builder.errors import HandoutError, Problem
from handout_builder.looks import LOOKS

if TYPE_CHECKING:
    from handout_builder.content.loader import Common
    from handout_builder.fhir.bundle import FhirPatient
    from handout_builder.visit.schema import Visit
    from handout_builder.visit.sheet import SheetForm

FILE = Path("dist") / "visit-sheet.pdf"
"""Where a sheet goes if it is not said: no name stands in it."""
_HERE = Path("make_handout.py sheet")


def add_words(command: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    command.add_argument("--for", dest="visit", metavar="FILE", help="the visit as YAML or JSON; - for standard input")
    command.add_argument("--fhir", metavar="FILE", help="Patient, Appointment, Practitioner as a FHIR R4 bundle; or -")
    command.add_argument("--time-zone", default="", metavar="ZONE", help="of the clinic, for FHIR: Europe/London")
    command.add_argument("--name", metavar="TEXT", help="the person's name; other programs see options: see --for -")
    command.add_argument("--points", metavar="CODES", help="BL23,GV3 or BL60:left")
    command.add_argument("--dose", metavar="WORDS", help='how each is pressed: "2 × day, 30 s"')
    command.add_argument("--note", metavar="TEXT", help="a few words for this person")
    command.add_argument("--next", dest="next_visit", metavar="WHEN", help="the next visit: 2026-12-12T10:30")
    command.add_argument("--practitioner", metavar="TEXT", help="who treats")
    command.add_argument("--date", metavar="DAY", help="of the visit, YYYY-MM-DD (today); none for a line to write on")
    command.add_argument("--diary", type=int, metavar="WEEKS", help="weeks of boxes to tick, 0 to 4 (2)")
    command.add_argument("--about", metavar="PARTS", help="whose warning signs: low-back,neck (those of the points)")
    command.add_argument("--lang", metavar="TAG", help="the language of the sheet (the patient's in FHIR, else en)")
    command.add_argument("--brand", metavar="BRAND", help="with this brand")
    command.add_argument("--look", metavar="LOOK", default="", help=", ".join(LOOKS))
    command.add_argument("--paper", choices=get_args(SheetPaper), help="what it is printed on (the brand's, else a4)")
    command.add_argument("--large-print", action="store_true", help="in 18 pt")
    command.add_argument("--pages", type=int, default=0, metavar="N", help="the most that it may take (2)")
    command.add_argument("--handout", default="", metavar="NAME", help="let the code lead to this handout's address")
    command.add_argument(
        "-o", "--out", default=str(FILE), metavar="FILE", help=f"{FILE.as_posix()}; - for standard output"
    )
    command.add_argument(
        "--document-reference", action="store_true", help="write a FHIR DocumentReference beside the file (.json)"
    )


def run(options: argparse.Namespace) -> int:
    """Make a sheet; return the exit code. Raises HandoutError, which quotes no word of the person's."""
    return personal.kept("sheet", lambda: _asked(options))


def _misused(options: argparse.Namespace) -> str:
    """Return what is wrong with options that do not go together, or name what cannot be; "" if nothing is."""
    out = Path(options.out)
    if options.document_reference and options.out == STANDARD:
        return "a DocumentReference stands beside a file: give one with --out FILE"
    if options.document_reference and out.suffix == ".json":
        return "a DocumentReference has the name of the sheet with .json: give the sheet another one, sheet.pdf"
    if options.out != STANDARD and (not out.name or source_files.is_folder(out)):
        return "--out is the name of a file, for example dist/sheet.pdf"
    if options.visit == STANDARD and options.fhir == STANDARD:
        return "standard input is one file: give the other one by its name"
    return "--pages is the most pages that the sheet may take: 1, 2 …" if options.pages < 0 else ""


def _asked(options: argparse.Namespace) -> int:
    if wrong := _misused(options):
        console.say(wrong)
        return USAGE
    from handout_builder.orders import brand_folders, source_folder  # noqa: PLC0415  # --help does not need it
    from handout_builder.visit.sheet import made  # noqa: PLC0415

    root = source_folder()
    patient, visit, common = _visit(options, root)
    brand = brand_folders([options.brand])[0] if options.brand else None
    sheet = made(visit, common, brand, _form(options, visit, root))
    for note in sheet.notes:
        console.say(str(note))
    if options.out == STANDARD:
        console.give_out(sheet.pdf)
        return OK
    out = Path(options.out)
    files = {out: sheet.pdf}
    if options.document_reference:
        from handout_builder.fhir.document_reference import document_reference  # noqa: PLC0415  # only where it is asked

        files[out.with_suffix(".json")] = document_reference(
            sheet.pdf,
            title=common.shared.labels["sheet_title"],
            lang=visit.lang,
            created=(visit.date or clock.today()).isoformat(),
            subject=patient.reference if patient else "",
        )
    from handout_builder.atomic_files import make_folder, write_named  # noqa: PLC0415

    if out.parent.absolute() == FILE.parent.absolute():  # where all goes that is made: others read handouts there
        make_folder(out.parent)
    write_named(files, private=True)
    for path in files:
        console.tell(path)
    return OK


def _visit(options: argparse.Namespace, root: Path) -> "tuple[FhirPatient | None, Visit, Common]":
    """Return who it is for and the visit: options go before the file, and the file before the record system."""
    from handout_builder.visit.reader import checked, read_values  # noqa: PLC0415

    file = read_values(*contents(options.visit)) if options.visit else read_values(b"{}", _HERE)
    values: dict[str, Any] = {**file.value, **_given(options)}
    today = clock.today()
    patient, told = None, {}
    if options.fhir:
        from handout_builder.visit.record import values_of  # noqa: PLC0415  # only for record systems

        patient = _patient(options, day_of(values.get("date")) or today)
        told = values_of(patient)
    values = {**told, "date": today.isoformat(), **values}
    if values["date"] == "none":
        del values["date"]
    return patient, *checked(file.with_values(values), root)


def _patient(options: argparse.Namespace, after: date) -> "FhirPatient":
    """Return the patient of a bundle, whose next visit is the first one after a day."""
    from handout_builder.fhir.bundle import one_patient  # noqa: PLC0415  # only for record systems

    data, path = contents(options.fhir)
    return one_patient(data, path, after=after, zone=options.time_zone)


def _given(options: argparse.Namespace) -> Mapping[str, Any]:
    """Return what the options say, as values of a visit; raises HandoutError for a dose that is not understood."""
    names = ("name", "note", "next_visit", "practitioner", "date", "diary", "lang")
    given: dict[str, Any] = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    if options.points:
        split = (part.strip().partition(":") for part in options.points.split(",") if part.strip())
        given["points"] = [{"code": code.strip(), "side": side.strip()} if side else code for code, _, side in split]
    if options.about:
        given["about"] = [part.strip() for part in options.about.split(",")]
    if options.dose:
        from handout_builder.visit.dose_words import dose_of  # noqa: PLC0415

        dose = dose_of(options.dose)
        if isinstance(dose, int):
            hint = 'for example "2 × day, 30 s", "15-30 s", "1 min", "5 days a week", "for 2 weeks", "left", "firm"'
            raise HandoutError([Problem("value", f"dose: part {dose} of it is not understood", _HERE, hint=hint)])
        given["dose"] = dose
    return given


def _form(options: argparse.Namespace, visit: "Visit", root: Path) -> "SheetForm":
    from handout_builder.looks import DEFAULT_LOOK  # noqa: PLC0415
    from handout_builder.orders import look_of  # noqa: PLC0415
    from handout_builder.visit.sheet import SheetForm  # noqa: PLC0415

    return SheetForm(
        options.paper,
        options.large_print,
        look_of(options.look) if options.look else DEFAULT_LOOK,
        options.pages,
        _address(options.handout, visit.lang, root) if options.handout else "",
    )


def _address(name: str, lang: str, root: Path) -> str:
    """Return where a handout can be read on the web; raises HandoutError where it does not say so."""
    from handout_builder.orders import handout_folder  # noqa: PLC0415
    from handout_builder.visit.handout_link import address_of  # noqa: PLC0415

    return address_of(handout_folder(name, root), lang)
