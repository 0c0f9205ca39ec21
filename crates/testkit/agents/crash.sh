#!/bin/sh
# Crashes at once.
. "${0%/*}/log.sh"
exit 1
