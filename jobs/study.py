"""spark-submit jobs/study.py --root ROOT: field works, led works, scientists, and what they need."""

import sys

from scholarflow.cli import main
from scholarflow.pipeline import group

if __name__ == "__main__":
    main(["run", *group("study"), *sys.argv[1:]])
