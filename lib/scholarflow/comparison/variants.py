"""Variants of a comparison: the same works with one outcome or another."""

from collections.abc import Mapping

from pyspark.sql import Column
from pyspark.sql import functions as F


def inline_outcomes(outcomes: Mapping[str, Column]) -> Column:
    """Unfolds a row into `variant` and `outcome` (bigint), once for each variant; null: not of this variant."""
    # Sail wants one type for all elements of an array, nullability included: a cast makes it.
    of_variant = "struct<variant: string, outcome: bigint>"
    return F.inline(
        F.array(
            *(
                F.struct(F.lit(name).alias("variant"), outcome.alias("outcome")).cast(of_variant)
                for name, outcome in outcomes.items()
            )
        )
    )
