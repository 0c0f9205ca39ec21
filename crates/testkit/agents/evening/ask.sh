# Cannot decide something, leaves half of it uncommitted, and reads the answer.
if ! bd comments "$GT_BEAD" | grep -q 'the first half'; then
    printf 'half\n' >"work-$GT_BEAD.txt"
    gt done --escalate -m 'which half?'
    exit
fi
work ok
gt done
