"""spark-submit jobs/ingest.py openalex|mag --input DIR --root ROOT: the canonical tables."""

import sys

from scholarflow.cli import main

if __name__ == "__main__":
    main(["ingest", *sys.argv[1:]])
