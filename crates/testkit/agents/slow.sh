#!/bin/sh
# Works in small steps, each with a commit and a moment of thought, and hands in.
# Killed anywhere and started again it goes on with the first step that is missing.
. "${0%/*}/log.sh"
gt prime || exit 1
for step in 1 2 3; do
    file=step-$step-$GT_BEAD.txt
    if ! git cat-file -e "HEAD:$file" 2>/dev/null; then
        printf '%s\n' "$step" >"$file"
        git add --all && git commit --quiet --message "Step $step of $GT_BEAD" || exit 1
    fi
    sleep 0.2
done
gt done
