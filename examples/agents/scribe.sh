#!/bin/sh
# An agent without a model: it applies the diff that stands in its bead's description,
# runs the tests, commits and hands in. Started by gt in a worktree of its own.
#
# Every step can be repeated, so that an agent killed anywhere starts again from the top.
# The bead's text is data: it reaches git apply, never a shell.
set -u

# hook KEY: the value of a plain key in the hook file.
hook() {
    sed -n "s/^$1: *//p" "$GT_HOOK" | head -n 1
}

# diff_of FILE: the text between ```diff and ```, without the indentation of the fence.
diff_of() {
    awk '
        !inside && /^[ \t]*```diff[ \t]*$/ { inside = 1; indent = index($0, "`") - 1; next }
        inside && /^[ \t]*```[ \t]*$/ { exit }
        inside { print substr($0, indent + 1) }
    ' "$1"
}

# stuck REASON: ends this attempt; a person or the mayor takes a look.
stuck() {
    printf 'scribe: %s\n' "$1" >&2
    gt done --escalate -m "$1"
    exit $?
}

# The index is changed in one step and the files follow it, so a crash in between
# leaves nothing that the next run cannot finish.
apply() {
    if ! git apply --cached --reverse --check "$1" 2>/dev/null; then
        git apply --cached "$1" || return 1
    fi
    git diff --cached --name-only -z HEAD | git checkout-index --force -z --stdin
}

gt prime || exit 1

bead=$(hook bead)
branch=$(hook branch)
if [ "$bead" != "$GT_BEAD" ]; then
    printf 'scribe: the hook names %s, and I was started for %s\n' "$bead" "$GT_BEAD" >&2
    exit 1
fi

notes=$(mktemp -d) || exit 1
trap 'rm -rf "$notes"' EXIT
bd show "$bead" >"$notes/bead" || exit 1
diff_of "$notes/bead" >"$notes/change.diff"

[ "$(git symbolic-ref --short HEAD)" = "$branch" ] || stuck "this worktree is not on $branch"
[ -s "$notes/change.diff" ] || stuck "the description of $bead has no diff"
apply "$notes/change.diff" || stuck "the diff of $bead does not apply"
if [ -f run-tests.sh ]; then
    sh ./run-tests.sh || stuck "the tests fail with the diff of $bead"
fi

if ! git diff --cached --quiet HEAD; then
    git commit --quiet --message "Do $bead" || exit 1
fi
gt done
