"""Print-ready PDF handouts and EPUBs for clinics, from structured text.

from pathlib import Path
from handout_builder import Order, build

built = build([Order(Path("source/chronic-back-pain"), "en")], out=Path("dist"))
"""

import importlib
from typing import TYPE_CHECKING, Any

from handout_builder.version import VERSION as __version__

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand, load_brand
    from handout_builder.builder.incremental import Built, build
    from handout_builder.content.loader import Common, Source, load, load_common
    from handout_builder.editions import EDITIONS, Edition, Format, Standard
    from handout_builder.errors import HandoutError, Problem, Severity
    from handout_builder.looks import LOOKS, Look
    from handout_builder.orders import Order
    from handout_builder.pipeline import check
    from handout_builder.progress import Progress

__all__ = [
    "EDITIONS",
    "LOOKS",
    "Brand",
    "Built",
    "Common",
    "Edition",
    "Format",
    "HandoutError",
    "Look",
    "Order",
    "Problem",
    "Progress",
    "Severity",
    "Source",
    "Standard",
    "__version__",
    "build",
    "check",
    "load",
    "load_brand",
    "load_common",
]

_HOMES = {
    "brand.loader": ("Brand", "load_brand"),
    "builder.incremental": ("Built", "build"),
    "content.loader": ("Common", "Source", "load", "load_common"),
    "editions": ("EDITIONS", "Edition", "Format", "Standard"),
    "errors": ("HandoutError", "Problem", "Severity"),
    "orders": ("Order",),
    "pipeline": ("check",),
    "progress": ("Progress",),
    "looks": ("LOOKS", "Look"),
}


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is asked for: ``--help`` needs none of it."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"handout_builder.{module}"), name)
    raise AttributeError(f"module 'handout_builder' has no attribute '{name}'")
