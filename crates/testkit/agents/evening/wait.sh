# Works in two phases and waits for somebody else's bead between them.
work ok
if [ "$(starts)" -eq 1 ]; then
    gt done --phase --gate gt-good1
    exit
fi
printf 'ok\n' >"work-$GT_BEAD-again.txt"
commit
gt done
