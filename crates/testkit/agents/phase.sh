#!/bin/sh
# Works in two phases, each with a commit; a gate stands between them.
. "${0%/*}/log.sh"
gt prime || exit 1
if [ ! -f "first-$GT_BEAD.txt" ]; then
    printf 'first\n' >"first-$GT_BEAD.txt"
    git add --all && git commit --quiet --message "First phase of $GT_BEAD" || exit 1
    gt done --phase
else
    printf 'second\n' >"second-$GT_BEAD.txt"
    git add --all && git commit --quiet --message "Second phase of $GT_BEAD" || exit 1
    gt done
fi
