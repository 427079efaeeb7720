"""The kinds of works of a pair of countries: led from the one, with and without a co-author in the other."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

DIRECTION = ("lead_country", "partner_country")
#: What names a kind.
KIND = (*DIRECTION, "collaborates")
#: By whom works are clustered: lead institution; where unknown the lead author, failing that the work, both below 0.
CLUSTER = "cluster_id"


def directions_of(pairs: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Lead and partner, both ways of each pair, each once, in order."""
    return sorted({direction for a, b in pairs for direction in ((a, b), (b, a))})


def works_by_kind(
    field_works: DataFrame, *, pairs: Sequence[Sequence[str]], first_year: int, last_year: int, keep: Sequence[str]
) -> DataFrame:
    """Works of the period once for each direction of a pair they belong to: `KIND` and the columns `keep`.

    These may be the work's own, `lead_institution_id` (in the lead country; null: unknown) and `CLUSTER`.

    `collaborates`: an author other than the lead is in the partner country; the lead's own second country is no
    co-author. Works led from both countries of a pair are left out of it. A narrow transformation.
    """
    listed = (F.struct(F.lit(a).alias("lead"), F.lit(b).alias("partner")) for a, b in directions_of(pairs))
    pair = F.explode(F.array(*listed))
    place = F.array_position("lead_countries", F.col("pair.lead")).cast("int") - 1
    return (
        field_works.where(F.col("pub_year").between(first_year, last_year) & (F.size("lead_countries") > 0))
        .select(*field_works.columns, pair.alias("pair"))
        .where(
            F.array_contains("lead_countries", F.col("pair.lead"))
            & ~F.array_contains("lead_countries", F.col("pair.partner"))
        )
        .withColumn("lead_institution_id", F.get("lead_institution_ids", place))
        .withColumn(CLUSTER, F.coalesce("lead_institution_id", -F.col("lead_author_id"), -F.col("work_id")))
        .select(
            F.col("pair.lead").alias("lead_country"),
            F.col("pair.partner").alias("partner_country"),
            F.array_contains("partner_countries", F.col("pair.partner")).alias("collaborates"),
            *keep,
        )
    )
