"""Where the project's own files are, in a clone beside the package, in a wheel inside it; names that have a meaning."""

from pathlib import Path

from handout_builder import source_files

PACKAGE = Path(__file__).resolve().parent
# A wheel carries the folders inside the package; a clone has them at the top of the repository.
_ROOT = PACKAGE if (PACKAGE / "layouts").is_dir() else PACKAGE.parent

LAYOUTS = _ROOT / "layouts"
FONTS = _ROOT / "fonts"
SOURCE = _ROOT / "source"

ENGINE = "HANDOUT_ENGINE"
"""The environment variable that, set to "plain", leaves the speed layer around WeasyPrint out."""
EPOCH = "SOURCE_DATE_EPOCH"
"""The variable of the environment that dates what is made."""
BRAND_FILE = "_brand.yml"
"""What the file of a brand is called."""
BRAND_FILES = (BRAND_FILE, "_brand.yaml", "brand.yml", "brand.yaml")
"""What it may be called, in the order in which it is looked for: Quarto's two names, and those without the line."""
BRAND_FOLDERS = (".", "brand", "_brand")
"""Where it may lie in a brand's folder: Quarto looks there, too."""
OWN_POINTS = "points.yaml"
"""The file of a handout's own points, in its folder."""
RESERVED = ("points", "shared", "brands")
"""Folders of ``source/`` that hold no handout."""
DEVICES = ("aux", "con", "nul", "prn", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
"""What no file is called on Windows, whatever ending it has (Microsoft, Naming Files, Paths, and Namespaces)."""
COMMANDS = (
    "brand",
    "build",
    "check",
    "copies",
    "import",
    "lock",
    "merge",
    "migrate",
    "new",
    "points",
    "schema",
    "service",
    "sheet",
    "studio",
    "translations",
    "verify",
)
"""The words that the command line begins with: no handout is called so."""
TEMPLATES = ("points", "exercises", "aftercare", "one-page", "visit-sheet", "blank")
"""What a handout can begin as: files of these names in layouts/new/LANG/."""


def brand_file(folder: Path) -> Path | None:
    """Return the file of the brand in a folder, None where there is none."""
    paths = (folder / inside / name for inside in BRAND_FOLDERS for name in BRAND_FILES)
    return next(filter(source_files.exists, paths), None)


def beside(root: Path, name: str) -> Path:
    """Return a file that handouts share: the one in their source folder, else the program's own."""
    return root / name if source_files.exists(root / name) else SOURCE / name
