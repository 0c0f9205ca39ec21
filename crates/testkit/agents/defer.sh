#!/bin/sh
# Leaves a commit behind and puts the work off.
. "${0%/*}/log.sh"
gt prime || exit 1
printf 'begun\n' >"begun-$GT_BEAD.txt"
git add --all && git commit --quiet --message "Begin $GT_BEAD" || exit 1
gt done --defer -m "to be continued"
