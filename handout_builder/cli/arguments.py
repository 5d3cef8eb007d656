"""What words of several commands stand for."""

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handout_builder.builder.executors import MakeExecutor


def executor(name: str | None) -> "MakeExecutor | None":
    """Return what gives the executor that does the work; None for this machine. Raises HandoutError."""
    if not name:
        return None
    from handout_builder.builder.executors import named  # noqa: PLC0415  # few have one

    gc.enable()  # the clients of clusters live for hours, and make cycles
    return named(name)
