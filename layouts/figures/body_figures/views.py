"""The views: from where each is seen, which part of the body, which box, and how fine its lines are.

Units: mm on the body; boxes are left, top, width, height of the picture (y down) on the reference body.
"""

from dataclasses import dataclass, field

import numpy as np

from body_figures.mesh import STANDING, Pose

_SIN, _COS = float(np.sin(np.radians(15))), float(np.cos(np.radians(15)))
# The arm hangs 15 degrees off; its views are turned so that it stands upright, or the fingers point up.
_ARM, _HAND = (_SIN, _COS, 0.0), (-_SIN, -_COS, 0.0)
_UP, _FRONT = (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
BENT = Pose(elbow=78.0, turn=52.0)
LIFTED = Pose(raise_right=168.0)


@dataclass(frozen=True)
class View:
    """A camera and a style. ``fade`` are heights on the reference body between which the drawing goes to paper."""

    eye: tuple[float, float, float]
    up: tuple[float, float, float]
    box: tuple[float, float, float, float]
    pixel: float
    contour: float
    """Width of outlines, in mm on the body."""
    fit: float
    """How far a fitted line may lie from the traced one, in mm on the body."""
    part: tuple[str, ...] = ()
    origin: str | None = None
    """The joint at which x and y are 0."""
    mirror: bool = False
    pose: Pose = STANDING
    fade: dict[str, tuple[float, float]] = field(default_factory=dict)
    arms_until: float | None = None
    """Where arms are a layer of their own: the height at which they end."""
    lights: float = 0.55
    """How much a surface must be turned to the light to be light, 0 to 1; above 1: no shade."""
    jump: float | None = None
    """How deep a fold must be to be drawn, in mm; None is three times ``fit``."""
    least: float | None = None
    """How long a fold must be to be drawn, in mm."""
    hair: bool = False


VIEWS: dict[str, View] = {
    "head-front": View(
        _FRONT, _UP, (-92, -1670, 184, 268), 0.25, 1.5, 0.35, mirror=True, fade={"bottom": (-1424, -1404)}, hair=True
    ),
    "head-side": View(
        (-1, 0, 0),
        _UP,
        (-60, -1670, 226, 280),
        0.25,
        1.5,
        0.35,
        ("head", "neck", "trunk"),
        fade={"bottom": (-1416, -1392)},
        lights=0.42,
        hair=True,
    ),
    "head-back": View(
        (0, 0, -1), _UP, (-92, -1670, 184, 272), 0.25, 1.5, 0.4, mirror=True, fade={"bottom": (-1426, -1402)}, hair=True
    ),
    "head-top": View((0, 1, 0), _FRONT, (-90, -170, 180, 225), 0.25, 1.5, 0.4, ("head",), mirror=True, hair=True),
    "neck-side": View(
        (-1, 0.05, 0.3),
        _UP,
        (-120, -1600, 300, 262),
        0.3,
        1.8,
        0.45,
        ("head", "neck", "trunk", "arms"),
        fade={"bottom": (-1368, -1344)},
        hair=True,
    ),
    "torso-front": View(
        _FRONT,
        _UP,
        (-285, -1470, 570, 800),
        0.5,
        3.2,
        0.7,
        mirror=True,
        fade={"top": (-1440, -1468), "bottom": (-730, -672), "arm": (-1070, -1005)},
        arms_until=-1000,
    ),
    "torso-back": View(
        (0, 0, -1),
        _UP,
        (-285, -1496, 570, 826),
        0.5,
        3.2,
        0.7,
        mirror=True,
        fade={"top": (-1466, -1494), "bottom": (-730, -672), "arm": (-1070, -1005)},
        arms_until=-1000,
    ),
    "torso-side": View(
        (-1, 0, 0),
        _UP,
        (-150, -1405, 340, 685),
        0.5,
        3.6,
        0.7,
        ("neck", "trunk", "armR"),
        pose=LIFTED,
        fade={"top": (-1350, -1403), "bottom": (-790, -724)},
    ),
    "shoulder-top": View(
        (0, 0.94, -0.34),
        _FRONT,
        (-255, -660, 510, 320),
        0.5,
        3.0,
        0.7,
        ("head", "neck", "trunk", "arms"),
        mirror=True,
        fade={"bottom": (-375, -342)},
        hair=True,
    ),
    "arm-front": View(
        _FRONT, _ARM, (-88, -480, 190, 676), 0.35, 2.4, 0.5, ("armR",), "wrist.R", fade={"top": (-430, -478)}
    ),
    "arm-back": View(
        (0, 0, -1), _ARM, (-102, -480, 190, 676), 0.35, 2.4, 0.5, ("armR",), "wrist.R", fade={"top": (-430, -478)}
    ),
    "arm-radial": View(
        (-1, 0, 0),
        _UP,
        (-95, -248, 535, 353),
        0.35,
        2.4,
        0.5,
        ("armR",),
        "lowerarm01.R",
        pose=BENT,
        fade={"top": (-196, -246)},
    ),
    "arm-ulnar": View(
        (1, 0, 0), _ARM, (-90, -400, 160, 596), 0.35, 2.4, 0.5, ("armR",), "wrist.R", fade={"top": (-345, -398)}
    ),
    "hand-palm": View(
        _FRONT, _HAND, (-62, -194, 150, 240), 0.25, 1.5, 0.4, ("armR",), "wrist.R", fade={"bottom": (20, 45)}
    ),
    "hand-back": View(
        (0, 0, -1), _HAND, (-88, -194, 150, 255), 0.25, 1.5, 0.4, ("armR",), "wrist.R", fade={"bottom": (30, 60)}
    ),
    "hand-ulnar": View(
        (1, 0, 0), _HAND, (-80, -194, 150, 255), 0.25, 1.5, 0.4, ("armR",), "wrist.R", fade={"bottom": (30, 60)}
    ),
    "hip-side": View(
        (-1, 0, 0),
        _UP,
        (-190, -1110, 380, 470),
        0.5,
        3.2,
        0.6,
        ("trunk", "legR"),
        fade={"top": (-1075, -1108), "bottom": (-700, -642)},
    ),
    "leg-front": View(
        _FRONT, _UP, (-212, -905, 212, 912), 0.4, 3.2, 0.6, ("legR", "trunk"), fade={"top": (-850, -903)}
    ),
    "leg-outer": View(
        (-1, 0, 0), _UP, (-125, -945, 340, 952), 0.4, 3.2, 0.6, ("legR", "trunk"), fade={"top": (-905, -943)}
    ),
    "leg-inner": View((1, 0, 0), _UP, (-215, -790, 320, 797), 0.4, 3.2, 0.6, ("legR",), fade={"top": (-760, -788)}),
    "leg-back": View(
        (0, 0, -1), _UP, (0, -860, 212, 867), 0.4, 3.2, 0.6, ("legR", "trunk"), fade={"top": (-815, -858)}
    ),
    "foot-top": View(
        (0, 1, 0.35), _FRONT, (76, -200, 106, 195), 0.2, 1.15, 0.35, ("calfR",), fade={"bottom": (-35, -8)}
    ),
    "foot-inner": View((1, 0, 0), _UP, (-212, -185, 250, 192), 0.25, 1.8, 0.4, ("calfR",), fade={"top": (-155, -183)}),
    "foot-outer": View((-1, 0, 0), _UP, (-38, -185, 250, 192), 0.25, 1.8, 0.4, ("calfR",), fade={"top": (-155, -183)}),
    "foot-sole": View((0, -1, 0), _FRONT, (-182, -212, 100, 240), 0.2, 1.2, 0.4, ("footR",), lights=2.0),
    "body-front": View(_FRONT, _UP, (-420, -1680, 840, 1690), 1.0, 11.0, 2.2, mirror=True, hair=True),
    "body-back": View((0, 0, -1), _UP, (-420, -1680, 840, 1690), 1.0, 11.0, 2.2, mirror=True, hair=True),
}

# Frames of a figure besides the whole one, by the names that handouts use: box on the reference body, fade, printed
# width in mm, and the x of the labels (left of the middle: they stand on the left). The first frame that shows a point
# is the one for it.
_Frame = tuple[tuple[float, float, float, float], dict[str, tuple[float, float]], float, float]
FRAMES: dict[str, dict[str, _Frame]] = {
    "arm-front": {"forearm-front": ((-88, -290, 190, 350), {"top": (-270, -288), "bottom": (35, 58)}, 50, 70.0)},
    "arm-back": {"forearm-back": ((-102, -290, 190, 350), {"top": (-270, -288), "bottom": (35, 58)}, 50, 70.0)},
    "leg-back": {"leg-back": ((36, -585, 250, 340), {"top": (-562, -583), "bottom": (-268, -247)}, 50, 200.0)},
    "leg-front": {"leg-front": ((-190, -585, 250, 340), {"top": (-562, -583), "bottom": (-268, -247)}, 50, -28.0)},
    "leg-outer": {"lower-leg-outer": ((-66, -585, 250, 340), {"top": (-562, -583), "bottom": (-268, -247)}, 50, 112.0)},
    "leg-inner": {"lower-leg-inner": ((-110, -585, 250, 340), {"top": (-562, -583), "bottom": (-268, -247)}, 50, 66.0)},
    "foot-outer": {"ankle-outer": ((-38, -185, 250, 192), {"top": (-155, -183)}, 35, 62.0)},
    "foot-inner": {"ankle-inner": ((-212, -185, 250, 192), {"top": (-155, -183)}, 35, -62.0)},
}
# What the whole figure is called where its name is that of a part.
WHOLE = {"leg-back": "whole-leg-back", "leg-front": "whole-leg-front"}
# How wide the whole figures are printed, in mm: a page shows a head about half as large as life, a leg a tenth.
PRINTED = {
    "head-front": 60,
    "head-side": 68,
    "head-back": 60,
    "head-top": 60,
    "neck-side": 70,
    "torso-front": 100,
    "torso-back": 100,
    "torso-side": 52,
    "shoulder-top": 90,
    "arm-front": 32,
    "arm-back": 32,
    "arm-radial": 95,
    "arm-ulnar": 28,
    "hand-palm": 60,
    "hand-back": 60,
    "hand-ulnar": 55,
    "hip-side": 70,
    "leg-front": 27,
    "leg-outer": 40,
    "leg-inner": 46,
    "leg-back": 28,
    "foot-top": 52,
    "foot-inner": 75,
    "foot-outer": 75,
    "foot-sole": 45,
    "body-front": 48,
    "body-back": 48,
}
