#!/bin/sh
# Crashes when it is started first on a bead; after that it hangs.
. "${0%/*}/log.sh"
gt prime || exit 1
[ "$(grep -c "^start $GT_BEAD " "$PLAINTOWN_AGENT_LOG")" -gt 1 ] || exit 1
while :; do
    sleep 1
done
