"""The kinds of works of a pair of countries: led from the one, with and without a co-author in the other."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

#: What names a kind.
KIND = ("lead_country", "partner_country", "collaborates")


def works_by_kind(
    field_works: DataFrame, *, pairs: Sequence[Sequence[str]], first_year: int, last_year: int, keep: Sequence[str]
) -> DataFrame:
    """Works of the period once for each direction of a pair they belong to: `KIND` and the columns `keep`.

    `collaborates`: an author other than the lead is in the partner country; the lead's own second country is no
    co-author. Works led from both countries of a pair are left out of it. A narrow transformation.
    """
    directions = sorted({direction for a, b in pairs for direction in ((a, b), (b, a))})
    pair = F.explode(
        F.array(*(F.struct(F.lit(lead).alias("lead"), F.lit(partner).alias("partner")) for lead, partner in directions))
    )
    needed = dict.fromkeys([*keep, "lead_countries", "partner_countries"])
    return (
        field_works.where(F.col("pub_year").between(first_year, last_year) & (F.size("lead_countries") > 0))
        .select(*needed, pair.alias("pair"))
        .where(
            F.array_contains("lead_countries", F.col("pair.lead"))
            & ~F.array_contains("lead_countries", F.col("pair.partner"))
        )
        .select(
            F.col("pair.lead").alias("lead_country"),
            F.col("pair.partner").alias("partner_country"),
            F.array_contains("partner_countries", F.col("pair.partner")).alias("collaborates"),
            *keep,
        )
    )
