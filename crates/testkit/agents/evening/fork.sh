# Leaves a process of its own behind.
setsid sleep 600 >/dev/null 2>&1 &
work ok
gt done
