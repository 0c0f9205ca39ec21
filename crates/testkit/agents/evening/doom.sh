# Crashes whenever it is started.
printf 'doom: the key has expired\n' >&2
exit 1
