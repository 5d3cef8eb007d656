"""The second opinion on PDF files: `page`, from the PyPI package `page-validation`."""

from __future__ import annotations

import re
from pathlib import Path

import page

VERSION = "0.11."
# A metadata stream must not be compressed in PDF/A-1 only (ISO 19005-1, 6.7.2); page asks it of too.
MISTAKEN = re.compile(r"PDFA[23][ABU]-METADATA-FILTER-001$")


def check(path: Path, profile: str) -> list[str]:
    """Return what `page` finds against a profile ("ua1", "3a", ...), as "rule: message (object)"."""
    assert page.__version__.startswith(VERSION), f"page-validation {VERSION} was expected: {page.__version__}"
    report = page.validate_pdf(path, profile=profile)
    assert report.profile.value == profile
    assert report.rules.total > 0, "page-validation looked at nothing"
    assert report.is_compliant == (not report.failures), "page-validation contradicts itself"
    return [
        f"{failure.rule_id}: {failure.message} (object {failure.object_id.object_number if failure.object_id else '-'})"
        for failure in report.failures
        if not MISTAKEN.match(failure.rule_id)
    ]
