#!/bin/sh
# Begins its work and makes no progress, until it is told to stop.
. "${0%/*}/log.sh"
gt prime
while :; do
    sleep 1
done
