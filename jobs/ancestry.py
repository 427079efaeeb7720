"""spark-submit jobs/ancestry.py --root ROOT: what names of movers say, where a classifier is set, and what it needs."""

import sys

from scholarflow.cli import main
from scholarflow.pipeline import group

if __name__ == "__main__":
    main(["run", *group("ancestry"), *sys.argv[1:]])
