#!/bin/sh
# Programs that give the tests a second opinion on PDF files: Poppler, MuPDF, Ghostscript; on Linux strace, which sees
# what is opened; with the word "chromium" also a browser. Installs what is missing where that needs no password; otherwise prints the command to type.
# Never fails: the tests that ask a missing program are skipped.
# Usage: test-tools.sh [chromium]
set -eu

. "$(dirname "$0")/packages.sh"

# What programs open is only seen on Linux.
traced() { [ "$(uname)" != Linux ] || printf strace; }

# Each by itself: dash looks for the first name alone.
browser() {
    for program in chromium-headless-shell chrome-headless-shell chromium chromium-browser google-chrome; do
        command -v "$program" >/dev/null && return 0
    done
    return 1
}

missing() {
    for program in pdftoppm mutool gs $(traced); do
        command -v "$program" >/dev/null || printf '%s ' "$program"
    done
    if [ "${1-}" = chromium ] && [ -z "${CHROMIUM-}" ] && ! browser; then
        printf 'chromium '
    fi
}

# Without what a browser has around its pages it takes half of the processor; not every Debian has it.
debian_chromium() {
    apt-cache show chromium-headless-shell >/dev/null 2>&1 && echo chromium-headless-shell || echo chromium
}

missing=$(missing "$@")
[ -n "$missing" ] || exit 0

# Names as apt, dnf, apk, pacman and brew know them.
apt= dnf= apk= pacman= brew=
add() { apt="$apt $1" dnf="$dnf $2" apk="$apk $3" pacman="$pacman $4" brew="$brew $5"; }
for program in $missing; do
    case $program in
        pdftoppm) add poppler-utils poppler-utils poppler-utils poppler poppler ;;
        mutool) add mupdf-tools mupdf mupdf-tools mupdf-tools mupdf-tools ;;
        strace) add strace strace strace strace strace ;;
        gs) add ghostscript ghostscript ghostscript ghostscript ghostscript ;;
        chromium) add "$(debian_chromium)" chromium chromium chromium chromium ;;
    esac
done

do_without() {
    echo "Not here: ${missing% }. The tests that ask them for a second opinion are skipped. $1"
    exit 0
}

choose_packages "${apt# }" "${dnf# }" "${apk# }" "${pacman# }" "${brew# }" || do_without "Install them by hand."
become_root || do_without "Installing them takes a password; type
$(command_to_type)"
echo "Missing for the tests: ${missing% }."
install_packages || do_without "The installation failed (see above); type
$(command_to_type)"
