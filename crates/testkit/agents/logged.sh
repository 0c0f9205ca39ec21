#!/bin/sh
# logged.sh AGENT ARGUMENT...: runs another agent, with its start and end in the log.
. "${0%/*}/log.sh"
sh "$@"
