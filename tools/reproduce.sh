#!/bin/sh
# Builds the commit twice, from a clone and from an archive, in two places, and compares the binaries bit for bit.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CCACHE_DISABLE=1
git clone -q "$root" "$work/one"
git -C "$work/one" checkout -q "$(git -C "$root" rev-parse HEAD)"
mkdir -p "$work/another/deeper/place"
git -C "$root" archive HEAD | tar -x -C "$work/another/deeper/place"
for name in one another/deeper/place; do
	(cd "$work/$name" && meson setup build/plain --buildtype=debugoptimized >/dev/null && ninja -C build/plain apps/freehold >/dev/null)
done
one="$work/one/build/plain/apps/freehold"
another="$work/another/deeper/place/build/plain/apps/freehold"
"$one" --version
sha256sum "$one" "$another" | sed "s#$work/##"
cmp "$one" "$another"
echo "the two builds are the same, bit for bit"
