# Works in two phases with a timer between them.
work ok
if [ "$(starts)" -eq 1 ]; then
    gt done --phase --gate gt-timer
    exit
fi
printf 'ok\n' >"work-$GT_BEAD-again.txt"
commit
gt done
