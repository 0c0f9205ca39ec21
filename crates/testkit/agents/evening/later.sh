# Puts the work down for somebody else.
work ok
gt done --defer -m 'it needs the key of next week'
