"""``--watch``: files are built again whenever one that they are made of changes."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from handout_builder import watching
from handout_builder.cli import console
from handout_builder.errors import HandoutError, display_path
from handout_builder.orders import Order

_NAMED = 3


def watch(orders: Iterable[Order], build: Callable[[], int], report: Callable[[HandoutError], None]) -> NoReturn:
    """Build now, and again after each change, until somebody presses Ctrl-C; what is wrong is told and waited for."""
    folders = _folders(orders)
    before = watching.files_in(folders)
    while True:
        try:
            build()
        except HandoutError as error:
            report(error)
        console.say("waiting for a change; stop with Ctrl-C")
        before, changed = watching.next_change(folders, before)
        others = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
        when = time.strftime("%H:%M:%S")
        console.say(f"{when} changed: {', '.join(map(display_path, changed[:_NAMED]))}{others}")


def _folders(orders: Iterable[Order]) -> list[Path]:
    """Return where the files lie that handouts are made of: theirs, those that they share, and their brands."""
    found: dict[Path, None] = {}
    for order in orders:
        root = order.folder.parent
        for folder in (order.folder, root / "shared", root / "points", order.brand):
            if folder:
                found[folder] = None
    return list(found)
