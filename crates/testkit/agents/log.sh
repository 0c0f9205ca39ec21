# The agents' log, to count who worked on what: sourced by the agents beside it.
# Lines of `$PLAINTOWN_AGENT_LOG`: "start BEAD ATTEMPT PID" and "end BEAD ATTEMPT PID".
# One short write to a file opened for appending is never torn or mixed.
log() {
    [ -z "${PLAINTOWN_AGENT_LOG:-}" ] ||
        printf '%s %s %s %s\n' "$1" "${GT_BEAD:--}" "${GT_ATTEMPT:--}" "$$" >>"$PLAINTOWN_AGENT_LOG"
}

# An agent that is killed has no end.
log start
trap 'log end' EXIT
trap 'exit 143' TERM
