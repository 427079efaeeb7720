"""spark-submit jobs/network.py --root ROOT: the networks of countries, institutions and authors."""

import sys

from scholarflow.cli import main

if __name__ == "__main__":
    main(["network", *sys.argv[1:]])
