# Says it twice.
work ok
gt done || exit 1
gt done --escalate -m 'I changed my mind' && note accepted 'escalated after it was done'
gt done
exit 0
