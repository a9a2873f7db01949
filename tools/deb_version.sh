#!/bin/sh
# The version of packages and images: that of meson.build, the commit's time (so that a later commit is a later version), and the commit.
# With --seconds the commit's time alone, in seconds since 1970: what is packed has no other time.
cd "$(dirname "$0")/.." || exit 1
seconds=$(git log -1 --format=%ct 2>/dev/null) || seconds=$(cut -d' ' -f2 commit.txt)
[ "${1:-}" = --seconds ] && { echo "$seconds"; exit 0; }
version=$(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
echo "$version+$(date -u -d "@$seconds" +%Y%m%d%H%M%S).$(sh tools/version.sh | tr - .)"
