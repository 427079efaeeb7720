"""spark-submit jobs/novelty.py --root ROOT: context and content novelty of works, and what they need."""

import sys

from scholarflow.cli import main
from scholarflow.pipeline import group

if __name__ == "__main__":
    main(["run", *group("novelty"), *sys.argv[1:]])
