# Hands in what does not pass the gate.
work broken
gt done
