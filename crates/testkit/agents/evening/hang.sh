# Makes no progress; started again after an answer, it does its work.
while [ "$(starts)" -eq 1 ]; do
    sleep 1
done
work ok
gt done
