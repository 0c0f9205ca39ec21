#!/bin/sh
# The gate of an evening: no work is half, and nothing is in conflict.
for file in work-*.txt; do
    [ ! -f "$file" ] || [ "$(cat "$file")" = ok ] || {
        printf '%s is not ok\n' "$file"
        exit 1
    }
done
! grep -q '<<<<<<<' shared.txt 2>/dev/null
