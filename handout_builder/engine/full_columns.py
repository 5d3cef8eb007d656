"""Columns that end where the page does: WeasyPrint 70 compares heights there that differ by rounding alone.

A column that is as high as the page has room for comes out higher by some 10⁻¹³ px; all columns are then taken for
fuller than the page, and stay as they are: the first one full, the last one half empty. Which pages this meets is left
to chance. The module asks ``max`` for the highest of its columns; where another version has no such module, columns are
as it sets them.
"""

import builtins
import sys
from typing import Any

_ROUNDING = 1e-6
"""In CSS pixels: far more than rounding gives, far less than anybody sees."""


def install(weasyprint: Any) -> None:
    """Make WeasyPrint take a column for as high as the page where it is."""
    module: Any = sys.modules.get(f"{weasyprint.__name__}.layout.column")
    if module:
        module.max = _highest


def _highest(*values: Any) -> Any:
    """Return the greatest of several values, as ever; of one list, that of the columns, less what rounding gives."""
    return builtins.max(*values) - (_ROUNDING if len(values) == 1 else 0)
