# Says that it is done before there is any commit.
refused 'done without a commit' gt done
work ok
gt done
