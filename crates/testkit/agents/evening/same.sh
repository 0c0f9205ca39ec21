# Writes what another writes, too.
printf '%s\n' "$GT_BEAD" >shared.txt
work ok
gt done
