"""spark-submit jobs/citation.py --root ROOT: citation windows, top institutions, and what they need."""

import sys

from scholarflow.cli import main
from scholarflow.pipeline import group

if __name__ == "__main__":
    main(["run", *group("citation"), *sys.argv[1:]])
