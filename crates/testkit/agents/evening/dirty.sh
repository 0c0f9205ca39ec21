# Leaves something uncommitted, and hands in all the same.
work ok
printf 'scratch\n' >scratch.txt
refused 'done with a dirty tree' gt done
rm scratch.txt
gt done
