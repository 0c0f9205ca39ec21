# Stays when its work is done.
work ok
gt done || exit 1
while :; do
    sleep 1
done
