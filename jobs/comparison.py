"""spark-submit jobs/comparison.py --root ROOT: like compared with like, and what the comparisons need."""

import sys

from scholarflow.cli import main
from scholarflow.pipeline import group

if __name__ == "__main__":
    main(["run", *group("comparison"), *sys.argv[1:]])
