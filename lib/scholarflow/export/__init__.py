"""Tables as files that need no engine: Parquet and CSV, each with a codebook."""

from enum import StrEnum


class Format(StrEnum):
    """What a table is written as."""

    parquet = "parquet"
    csv = "csv"


__all__ = ["Format"]
