# Sets its branch back as soon as it has handed in.
work ok
gt done || exit 1
git reset --quiet --hard HEAD~1
exit 0
