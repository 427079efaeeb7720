"""spark-submit jobs/run.py --root ROOT: every table of a study."""

import sys

from scholarflow.cli import main

if __name__ == "__main__":
    main(["run", *sys.argv[1:]])
