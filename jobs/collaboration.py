"""spark-submit jobs/collaboration.py --root ROOT: edges between countries and between authors, and what they need."""

import sys

from scholarflow.cli import main
from scholarflow.pipeline import group

if __name__ == "__main__":
    main(["run", *group("collaboration"), *sys.argv[1:]])
