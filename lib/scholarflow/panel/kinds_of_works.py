"""Table kinds_of_works: works led by one country of a pair, with and without a co-author in the other."""

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.countries import country_name
from scholarflow.study.kinds import KIND, works_by_kind


def kinds_of_works(
    field_works: DataFrame, *, pairs: Sequence[Sequence[str]], first_year: int, last_year: int
) -> DataFrame:
    """One row per direction of each pair, kind and year of the period, and one over all years (pub_year null).

    Works led from both countries of the pair are left out; the lead's own second country is no co-author.
    """
    works = works_by_kind(
        field_works, pairs=pairs, first_year=first_year, last_year=last_year, keep=("pub_year", "n_authors")
    )
    # Each work once for its year and once for the pooled row.
    led = works.withColumn("pub_year", F.explode(F.array(F.col("pub_year"), F.lit(None).cast("int"))))
    return (
        led.groupBy(*KIND, "pub_year")
        .agg(
            F.count(F.lit(1)).alias("n_works"),
            F.avg("n_authors").alias("mean_team"),
            F.percentile("n_authors", 0.25).alias("team_q1"),
            F.percentile("n_authors", 0.5).alias("team_median"),
            F.percentile("n_authors", 0.75).alias("team_q3"),
        )
        .select(
            "lead_country",
            country_name(F.col("lead_country")).alias("lead_country_name"),
            "partner_country",
            country_name(F.col("partner_country")).alias("partner_country_name"),
            "collaborates",
            "pub_year",
            "n_works",
            "mean_team",
            "team_q1",
            "team_median",
            "team_q3",
        )
    )
