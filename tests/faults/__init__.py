"""What goes wrong on real machines, done to real runs: `make fault-test`."""
