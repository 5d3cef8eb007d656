"""WeasyPrint's C declarations in the form that cffi loads at once, kept as Python keeps bytecode.

WeasyPrint hands cffi the text of its declarations at every start, and cffi reads it with a C parser written
in Python: 40 ms, a twelfth of a whole build. cffi's own out-of-line form (ABI mode) is made of the same text
once and loads in 2 ms. Without it, or where nothing may be kept, cffi does what it always does.
"""

import contextlib
import hashlib
import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_CACHE = Path(__file__).parent / "__pycache__"


class Ffi:
    """Stands for ``cffi.FFI`` while WeasyPrint is imported: it is declared once, then used."""

    def cdef(self, declarations: str) -> None:
        """Take the declarations, and behave from now on as the FFI that has them."""
        ffi = _kept(declarations) or _parsed(declarations)
        self.__dict__.update({name: getattr(ffi, name) for name in dir(ffi) if not name.startswith("_")})


def _kept(declarations: str) -> Any:
    """Return the FFI out of the cache, filling it when that is possible, or None."""
    version = importlib.import_module("_cffi_backend").__version__
    key = hashlib.sha256(f"{version}\n{declarations}".encode()).hexdigest()[:16]
    path = _CACHE / f"declarations_{key}.py"
    with contextlib.suppress(Exception):  # it is only kept for speed, and may be cut off, or somebody else's
        if not path.exists():
            if sys.dont_write_bytecode:
                return None
            _keep(declarations, path)
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.ffi
    return None


def _keep(declarations: str, path: Path) -> None:
    _CACHE.mkdir(exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with _real_cffi() as cffi:
            builder = cffi.FFI()
            builder.cdef(declarations)
            builder.set_source(path.stem, None)
            builder.emit_python_code(str(part))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _parsed(declarations: str) -> Any:
    with _real_cffi() as cffi:
        ffi = cffi.FFI()
        ffi.cdef(declarations)
    return ffi


@contextlib.contextmanager
def _real_cffi() -> Iterator[Any]:
    """Give the module itself, for which a stand-in is in place: see weasyprint_copy.py."""
    stand_in = sys.modules.pop("cffi")
    try:
        yield importlib.import_module("cffi")
    finally:
        sys.modules["cffi"] = stand_in
