#!/bin/sh
# Make layouts/press/fogra39.icc anew; needs argyll and icc-profiles-free: see layouts/press/ORIGIN.md.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp /usr/share/color/icc/FOGRA39L.ti3 "$work/fogra39.ti3"
colprof -v0 -qm -bm -l300 -kr \
	-D "Coated offset, ISO 12647-2 (FOGRA39L), ink limit 300 %" \
	-C "From FOGRA39L.ti3 of icc-profiles-free (zlib licence)" \
	"$work/fogra39"
cp "$work/fogra39.icc" "$here/layouts/press/fogra39.icc"
