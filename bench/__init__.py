"""What scholarflow costs, against what a user would run instead; `python -m bench.run --help`."""
