# Commits state of its own making to a code branch.
work ok
mkdir -p .beads/beads/g
printf 'status: closed\n' >.beads/beads/g/gt-good2.yaml
git add --sparse --force .beads && git commit --quiet --message "Close gt-good2" || exit 1
gt done
