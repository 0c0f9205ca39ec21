# Does its work.
work ok
gt done
