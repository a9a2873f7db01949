#!/bin/sh
# Builds the committed tree twice, in two places, and compares the binaries bit for bit.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in one another/deeper/place; do
	mkdir -p "$work/$name"
	git -C "$root" archive HEAD | tar -x -C "$work/$name"
	(cd "$work/$name" && meson setup build/plain --buildtype=debugoptimized >/dev/null && ninja -C build/plain apps/freehold >/dev/null)
done
sha256sum "$work/one/build/plain/apps/freehold" "$work/another/deeper/place/build/plain/apps/freehold" | sed "s#$work/##"
cmp "$work/one/build/plain/apps/freehold" "$work/another/deeper/place/build/plain/apps/freehold"
echo "the two builds are the same, bit for bit"
