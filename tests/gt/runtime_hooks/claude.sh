#!/bin/sh
# Stands in for `claude`: takes its command line, runs its hooks as it does, and
# obeys them. What it does instead of thinking stands in ~/plan, one word for each
# time that it is started; ~/told holds what its hooks told it, ~/calls its starts.
resume= settings=
while [ $# -gt 0 ]; do
    case $1 in
    -p) prompt=$2; shift ;;
    --resume) resume=$2; shift ;;
    --settings) settings=$2; shift ;;
    esac
    shift
done
calls=$(cat "$HOME/calls" 2>/dev/null | wc -l)
plan=$(sed -n "$((calls + 1))p" "$HOME/plan")
echo "$plan resume=$resume settings=$settings" >>"$HOME/calls"
printf '%s\n' "$prompt" >"$HOME/prompt"
[ "$plan" != refuse ] || { echo "No conversation found with session ID: $resume" >&2; exit 1; }

session=${resume:-conversation-$calls}
source=startup
[ -z "$resume" ] || source=resume

# hook EVENT MORE: runs the command that the settings name for an event.
hook() {
    command=$(awk -v event="\"$1\":" 'index($0, event) { on = 1 }
        on && /"command":/ { sub(/.*"command": "/, ""); sub(/".*/, ""); print; exit }' "$settings")
    printf '{"session_id":"%s","cwd":"%s","hook_event_name":"%s",%s}' \
        "$session" "$PWD" "$1" "$2" | sh -c "$command"
}

if [ -n "$settings" ]; then
    hook SessionStart "\"source\":\"$source\"" >>"$HOME/told"
    hook UserPromptSubmit '"prompt":"x"' >>"$HOME/told"
else
    gt prime >>"$HOME/told"
fi

case $plan in
crash) kill -9 $$ ;;
work)
    echo work >"work-$calls.txt"
    git add --all && git commit --quiet --message work && gt done
    ;;
# Wants to stop, whatever it is told, and says how often it was held back.
lazy)
    active=false
    while answer=$(hook Stop "\"stop_hook_active\":$active") && [ -n "$answer" ]; do
        printf '%s\n' "$answer" >>"$HOME/held"
        # A new turn of a user begins anew.
        [ ! -e "$HOME/turns" ] && active=true
    done
    ;;
# Forgets to end its work, and does so when it is reminded.
forgetful)
    case $(hook Stop '"stop_hook_active":false') in
    *'"decision":"block"'*) gt done --no-mr ;;
    esac
    hook Stop '"stop_hook_active":true' >>"$HOME/held"
    ;;
esac
