"""Print-ready PDF handouts and EPUBs for clinics, from structured text.

from pathlib import Path
from handout_builder import Order, build

built = build([Order(Path("source/chronic-back-pain"), "en")], out=Path("dist"))
"""

import importlib
from typing import TYPE_CHECKING, Any

from handout_builder.version import VERSION as __version__

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand, Face, Letterhead, load_brand
    from handout_builder.brand.logo import Logo
    from handout_builder.brand.schema import BrandFile
    from handout_builder.builder.checking import check
    from handout_builder.builder.executors import MakeExecutor
    from handout_builder.builder.incremental import Built, build
    from handout_builder.builder.limits import Limits, Resource
    from handout_builder.colour.inks import Condition
    from handout_builder.colour.palette import Check
    from handout_builder.content.loader import Common, Source, load, load_common
    from handout_builder.content.schema import Editorial, Handout, Point, Shared
    from handout_builder.copies.options import CopyOptions
    from handout_builder.copies.run import Copies, make_copies
    from handout_builder.copies.shelf import Pack
    from handout_builder.editions import EDITIONS, Colours, Edition, Format, Imposition, Paper, SheetPaper, Standard
    from handout_builder.errors import HandoutError, Problem, Severity
    from handout_builder.looks import LOOKS, Look
    from handout_builder.orders import Order
    from handout_builder.progress import Progress
    from handout_builder.shards import Shard
    from handout_builder.typefaces.clinic_font import FontFile
    from handout_builder.visit.schema import Visit
    from handout_builder.visit.sheet import MadeSheet, SheetForm, sheet

__all__ = [
    "EDITIONS",
    "LOOKS",
    "Brand",
    "BrandFile",
    "Built",
    "Check",
    "Colours",
    "Common",
    "Condition",
    "Copies",
    "CopyOptions",
    "Edition",
    "Editorial",
    "Face",
    "FontFile",
    "Format",
    "Handout",
    "HandoutError",
    "Imposition",
    "Letterhead",
    "Limits",
    "Logo",
    "Look",
    "MadeSheet",
    "MakeExecutor",
    "Order",
    "Pack",
    "Paper",
    "Point",
    "Problem",
    "Progress",
    "Resource",
    "Severity",
    "Shard",
    "Shared",
    "SheetForm",
    "SheetPaper",
    "Source",
    "Standard",
    "Visit",
    "__version__",
    "build",
    "check",
    "load",
    "load_brand",
    "load_common",
    "make_copies",
    "sheet",
]

_HOMES = {
    "brand.loader": ("Brand", "Face", "Letterhead", "load_brand"),
    "brand.logo": ("Logo",),
    "brand.schema": ("BrandFile",),
    "builder.checking": ("check",),
    "builder.executors": ("MakeExecutor",),
    "builder.incremental": ("Built", "build"),
    "builder.limits": ("Limits", "Resource"),
    "colour.inks": ("Condition",),
    "colour.palette": ("Check",),
    "content.loader": ("Common", "Source", "load", "load_common"),
    "content.schema": ("Editorial", "Handout", "Point", "Shared"),
    "copies.options": ("CopyOptions",),
    "copies.run": ("Copies", "make_copies"),
    "copies.shelf": ("Pack",),
    "editions": ("EDITIONS", "Colours", "Edition", "Format", "Paper", "SheetPaper", "Imposition", "Standard"),
    "errors": ("HandoutError", "Problem", "Severity"),
    "looks": ("LOOKS", "Look"),
    "orders": ("Order",),
    "progress": ("Progress",),
    "shards": ("Shard",),
    "typefaces.clinic_font": ("FontFile",),
    "visit.schema": ("Visit",),
    "visit.sheet": ("MadeSheet", "SheetForm", "sheet"),
}


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is asked for: ``--help`` needs none of it."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"handout_builder.{module}"), name)
    raise AttributeError(f"module 'handout_builder' has no attribute '{name}'")
