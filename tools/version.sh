#!/bin/sh
# The commit this tree is: of git, or of `git archive`, which fills in commit.txt (.gitattributes). "-changed" when
# files differ from the commit, "unknown" for a tree that is neither.
cd "$(dirname "$0")/.." || exit 1
commit=$(git rev-parse --short=12 HEAD 2>/dev/null)
if [ -n "$commit" ] && [ "$(git rev-parse --show-prefix 2>/dev/null)" = "" ]; then
	git diff --quiet HEAD 2>/dev/null || commit="$commit-changed"
else
	commit=$(head -c 12 commit.txt)
	case "$commit" in *Format*) commit=unknown ;; esac
fi
echo "$commit"
