#!/bin/sh
# Gets stuck with uncommitted work in the worktree. Started again after an answer,
# it finds that work and finishes it.
. "${0%/*}/log.sh"
gt prime || exit 1
begun=begun-$GT_BEAD.txt
if [ ! -f "$begun" ]; then
    printf 'half\n' >"$begun"
    gt done --escalate -m "which half?"
    exit $?
fi
printf 'whole\n' >>"$begun"
git add --all && git commit --quiet --message "Finish $GT_BEAD" || exit 1
gt done
