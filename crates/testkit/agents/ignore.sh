#!/bin/sh
# Looks at its work, exits with success, and never says how it ended.
. "${0%/*}/log.sh"
gt prime
exit 0
