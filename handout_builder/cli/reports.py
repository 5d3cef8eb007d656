"""Findings for other programs: as JSON, and in SARIF, which editors and code hosts show beside the lines."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from handout_builder.errors import Problem, Severity, real_path
from handout_builder.plain_language_codes import RULES
from handout_builder.version import VERSION

# SARIF 2.1.0, 3.27.10: what a result's level may be.
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_json(problems: Sequence[Problem]) -> str:
    """Return a list of objects with code, severity, message, hint, path, and line (0: the whole file)."""
    return _written(
        [
            {
                "code": problem.code,
                "severity": _LEVELS[problem.severity],
                "message": problem.message,
                "hint": problem.hint,
                "path": _name(problem.path),
                "line": problem.line,
            }
            for problem in problems
        ]
    )


def as_sarif(problems: Sequence[Problem]) -> str:
    """Return one run of this program as a SARIF log (OASIS, SARIF 2.1.0, section 3)."""
    found = {problem.code for problem in problems}
    rules = [{"id": code, "shortDescription": {"text": text}} for code, text in RULES.items() if code in found]
    driver = {"name": "handout-builder", "semanticVersion": VERSION, "rules": rules}
    results = [
        {
            "ruleId": problem.code,
            "level": _LEVELS[problem.severity],
            "message": {"text": f"{problem.message}. Hint: {problem.hint}" if problem.hint else problem.message},
            "locations": [{"physicalLocation": _place(problem)}],
        }
        for problem in problems
    ]
    return _written(
        {"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
    )


def _name(path: Path) -> str:
    """Return a file relative to the working folder where it lies inside, else its name alone.

    Reports are given out, and where folders lie on a machine is nobody's business.
    """
    real, here = real_path(path), Path.cwd().resolve()
    return real.relative_to(here).as_posix() if real.is_relative_to(here) else real.name


def _place(problem: Problem) -> Mapping[str, object]:
    """Return the file, relative to the working folder (3.4.3), and the line (3.30.5: from 1)."""
    place = {"artifactLocation": {"uri": quote(_name(problem.path))}}
    return place | ({"region": {"startLine": problem.line}} if problem.line else {})


def _written(value: object) -> str:
    # Escaped to ASCII, so that it is the same in every terminal's encoding.
    return json.dumps(value, indent=1)


FORMS: Mapping[str, Callable[[Sequence[Problem]], str]] = {"json": as_json, "sarif": as_sarif}
