"""spark-submit jobs/report.py --root ROOT --out DIR: the figures of a study on one page; no engine is started."""

import sys

from scholarflow.cli import main

if __name__ == "__main__":
    main(["report", *sys.argv[1:]])
