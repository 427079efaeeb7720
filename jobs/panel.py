"""spark-submit jobs/panel.py --root ROOT: the result tables, and what they need."""

import sys

from scholarflow.cli import main
from scholarflow.pipeline import group

if __name__ == "__main__":
    main(["run", *group("panel"), *sys.argv[1:]])
