"""spark-submit jobs/check.py --root ROOT: verifies every table; exit status 4 names what fails."""

import sys

from scholarflow.cli import main

if __name__ == "__main__":
    main(["check", *sys.argv[1:]])
