# Is killed twice in the middle of it, then does its work.
printf 'half\n' >"work-$GT_BEAD.txt"
[ "$(starts)" -gt 2 ] || kill -9 $$
work ok
gt done
