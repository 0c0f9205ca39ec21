#!/bin/sh
# One of the cast of an evening: plays the part that its bead is named after, so that a
# whole convoy is slung to one runtime. Told to mend, it mends what was sent back.
. "${0%/*}/../log.sh"

# lives PID: whether the process runs; one that nobody has reaped yet does not.
lives() {
    read -r _ _ state _ 2>/dev/null <"/proc/$1/stat" && [ "$state" != Z ] && [ "$state" != X ]
}

# starts: how often this bead was begun so far, this time included.
starts() {
    grep -c "^start $GT_BEAD " "$PLAINTOWN_AGENT_LOG"
}

# note KIND WORD...: one line for whoever looks at the evening afterwards.
note() {
    kind=$1
    shift
    printf '%s %s\n' "$GT_BEAD" "$*" >>"$PLAINTOWN_AGENT_LOG.$kind"
}

# work TEXT: writes the bead's own file and commits it, unless that was done before.
work() {
    printf '%s\n' "$1" >"work-$GT_BEAD.txt"
    commit
}

commit() {
    git add --all || exit 1
    git diff --cached --quiet HEAD || git commit --quiet --message "Do $GT_BEAD" || exit 1
}

# refused WHAT COMMAND...: a command that must not do what it is asked for.
refused() {
    what=$1
    shift
    if answer=$("$@" 2>&1); then
        note accepted "$what: $answer"
    else
        note refused "$what"
    fi
}

# Two processes at once on one attempt are what must never be.
grep "^start $GT_BEAD $GT_ATTEMPT " "$PLAINTOWN_AGENT_LOG" | while read -r _ _ _ pid; do
    [ "$pid" = $$ ] || ! lives "$pid" || note overlaps "$GT_ATTEMPT $$ $pid"
done

gt prime || exit 1
part=${GT_BEAD#*-}
part=${part%%[0-9]*}
[ "${1:-}" = mend ] && part=mend
. "${0%/*}/$part.sh"
