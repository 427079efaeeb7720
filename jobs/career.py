"""spark-submit jobs/career.py --root ROOT: timelines, spells, moves, and what they need."""

import sys

from scholarflow.cli import main
from scholarflow.pipeline import group

if __name__ == "__main__":
    main(["run", *group("career"), *sys.argv[1:]])
