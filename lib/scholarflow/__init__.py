"""scholarflow: an atlas of where science is done, from full dumps of MAG and OpenAlex."""

import os

# Work is spread over tasks already: matrix products that start threads of their own take three times the CPU.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
