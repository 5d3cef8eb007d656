"""Colours as inks: RGB as grey, or as the cyan, magenta, yellow and black of a press, after its ICC profile."""

import io
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from typing import Any, Protocol

from PIL import Image, ImageCms

RGB = tuple[float, float, float]
"""Red, green and blue, each from 0 to 1 (sRGB)."""
_NO_INK = 1e-9
_LARGEST = 5_000_000


@dataclass(frozen=True)
class Condition:
    """How a press prints."""

    name: str
    """What print shops call it: FOGRA39."""
    profile: bytes
    limit: float
    """The most that all inks together may cover, 3 for 300 %."""


def not_for_a_press(profile: bytes) -> str:
    """Return why these bytes are no ICC profile of a CMYK press, or nothing."""
    if len(profile) > _LARGEST:
        return f"larger than {_LARGEST // 1_000_000} MB"
    try:
        about = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile
    except (OSError, ImageCms.PyCMSError):
        return "no ICC profile"
    if about.device_class != "prtr" or about.xcolor_space.strip() != "CMYK":
        return f"not of a CMYK press, but '{about.device_class}' and '{about.xcolor_space.strip()}'"
    return ""


class Inks(Protocol):
    """A way to print a colour."""

    count: int
    """How many numbers a colour has: one for grey, four for four inks."""

    def of(self, rgb: RGB) -> tuple[float, ...]:
        """Return the amount of each ink, from 0 to 1 (of light, for grey)."""

    def picture(self, image: Image.Image) -> Image.Image:
        """Return a picture in these inks."""


class Grey:
    """One channel of light: a colour becomes the grey of the same luminance, so contrast stays as it was."""

    count = 1

    def of(self, rgb: RGB) -> tuple[float, ...]:
        """Return the light of a colour, 0 (black) to 1 (white)."""
        from coloraide import Color  # noqa: PLC0415  # 0.07 s, for pages in grey alone

        luminance = Color("srgb", rgb).luminance()
        return (round(Color("xyz-d65", [luminance * w for w in (0.95047, 1, 1.08883)]).convert("srgb")[1], 4),)

    def picture(self, image: Image.Image) -> Image.Image:
        """Return a picture without colours."""
        return image.convert("L")


class Cmyk:
    """Four inks after an ICC profile of the press: relative colorimetric, with black point compensation.

    Neutral colours that are not light, text among them, are printed with black alone: four inks that do not
    meet exactly blur small letters and hairlines.
    """

    count = 4
    _CHROMA, _LIGHTNESS = 0.03, 0.85
    """Below both (OKLCH), black alone prints the colour."""

    def __init__(self, condition: Condition) -> None:
        self.limit = condition.limit
        self._profile = ImageCms.ImageCmsProfile(io.BytesIO(condition.profile))
        self._known: dict[RGB, tuple[float, ...]] = {}

    def of(self, rgb: RGB) -> tuple[float, ...]:
        """Return cyan, magenta, yellow and black, each from 0 to 1."""
        if rgb not in self._known:
            self._known[rgb] = self._inks(rgb)
        return self._known[rgb]

    def picture(self, image: Image.Image) -> Image.Image:
        """Return a picture in four inks; one without colours is printed with black alone."""
        if image.mode == "L":
            nothing = Image.new("L", image.size)
            return Image.merge("CMYK", (nothing, nothing, nothing, image.point(lambda light: 255 - light)))
        printed = ImageCms.applyTransform(image.convert("RGB"), self._from_rgb)
        assert printed is not None  # as it is where it works in place
        return printed

    def _inks(self, rgb: RGB) -> tuple[float, ...]:
        from coloraide import Color  # noqa: PLC0415  # 0.07 s, for print shops alone

        lightness, chroma, _ = Color("srgb", rgb).convert("oklch").coords(nans=False)
        if min(rgb) > 1 - _NO_INK:
            return (0.0, 0.0, 0.0, 0.0)
        if chroma < self._CHROMA and lightness < self._LIGHTNESS:
            target = Color("srgb", rgb).convert("lab")["lightness"]
            return (0.0, 0.0, 0.0, min(range(101), key=lambda k: abs(self._black[k] - target)) / 100)
        pixel = Image.new("RGB", (1, 1), tuple(round(part * 255) for part in rgb))
        inks = [part / 255 for part in self.picture(pixel).tobytes()]
        excess = max(fsum(inks) - self.limit, 0)
        colours = fsum(inks[:3])
        if excess and colours:
            inks = [*(part * (1 - excess / colours) for part in inks[:3]), inks[3]]
        return tuple(round(part, 2) for part in inks)

    @cached_property
    def _from_rgb(self) -> Any:
        return ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"),
            self._profile,
            "RGB",
            "CMYK",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )

    @cached_property
    def _black(self) -> list[float]:
        """The lightness (CIE L*, 0 to 100) of black ink by its amount in %."""
        lab = ImageCms.createProfile("LAB")
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        transform = ImageCms.buildTransform(self._profile, lab, "CMYK", "LAB", intent)
        ramp = Image.frombytes("CMYK", (101, 1), bytes(v for k in range(101) for v in (0, 0, 0, round(k * 2.55))))
        printed = ImageCms.applyTransform(ramp, transform)
        return [light / 2.55 for light in printed.tobytes()[::3]] if printed else []
