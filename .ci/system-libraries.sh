#!/bin/sh
# Checks for what pip cannot bring: a recent Python with venv, and the libraries WeasyPrint loads.
# Installs what is missing where that needs no password; otherwise prints the command to type and fails.
# Usage: system-libraries.sh [python]
set -eu

python=${1:-python3}

case $(uname) in
    # Only Homebrew's own Python looks into Homebrew's folder by itself.
    Darwin) export DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib:/usr/lib ;;
esac

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or newer is needed, and '$python' is not. Name another: make PYTHON=python3.12" >&2
    exit 1
fi

# The names are the ones WeasyPrint tries. It still runs without harfbuzz-subset, but then it embeds fonts
# by another way, which it calls deprecated. "venv": Debian ships Python without the part that brings pip.
missing() {
    "$python" - <<'PYTHON'
import ctypes, ctypes.util, importlib.util

LIBRARIES = {
    "gobject-2.0": ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
    "pango-1.0": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "pangoft2-1.0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "harfbuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    "harfbuzz-subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
    "fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib"),
}


def loads(name):
    try:
        return bool(ctypes.CDLL(name))
    except OSError:
        return False


lacking = [
    short for short, names in LIBRARIES.items()
    if not any(map(loads, names)) and not ctypes.util.find_library(short)
]
if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
    lacking.append("venv")
print(", ".join(lacking))
PYTHON
}

missing=$(missing)
[ -n "$missing" ] || exit 0

. "$(dirname "$0")/packages.sh"

venv=
case $missing in
    *venv) venv=" $("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" ;;
esac
choose_packages "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0$venv" "pango harfbuzz fontconfig" \
    "pango harfbuzz-subset fontconfig" "pango harfbuzz fontconfig" "pango harfbuzz fontconfig" || {
    echo "Missing: $missing. Install Pango 1.44 or newer, HarfBuzz with its subset library, and fontconfig." >&2
    exit 1
}

give_up() {
    echo "Missing: $missing. $1" >&2
    command_to_type >&2
    echo "and then the same make command again." >&2
    exit 1
}

become_root || give_up "Installing it takes a password; type"
echo "Missing: $missing."
install_packages || give_up "The installation failed (see above); type"

missing=$(missing)
[ -z "$missing" ] || give_up "Installed, but '$python' still does not find it. Try another Python (make PYTHON=...), or type"
