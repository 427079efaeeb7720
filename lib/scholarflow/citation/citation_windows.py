"""Table citation_windows: citations of every field work within windows of years."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.citation.hits import HITS, hit_weights
from scholarflow.study.country_groups import CountryGroups, with_country_groups
from scholarflow.study.field_works import lead_countries

#: Windows in years, by column.
WINDOWS = {"c2": 2, "c3": 3, "c5": 5, "c10": 10}


def citation_windows(
    works: DataFrame,
    field_works: DataFrame,
    *,
    lead_rule: str,
    ties: str,
    last_full_year: int,
    country_groups: CountryGroups = (),
) -> DataFrame:
    """One row per field work, zeros included; citing works of any field.

    The references ride in the citing work's row with its year and countries, so that one join, with the field works
    as its small side, gives everything.
    """
    citing = with_country_groups(works.drop("authorships", "author_countries"), country_groups)
    windows = counted(citing, field_works.select("work_id", "pub_year", "lead_countries"), lead_rule=lead_rule)
    weights = hit_weights(windows, ties=ties)
    return windows.join(F.broadcast(weights), on=["pub_year", "c2"], how="left").select(
        "work_id",
        "pub_year",
        *WINDOWS,
        "c_all",
        *(_known_for_lead(name) if "foreign" in name else name for name in _FOREIGN),
        *HITS,
        (F.col("pub_year") + 2 <= last_full_year).alias("c2_complete"),
        (F.col("pub_year") + 5 <= last_full_year).alias("c5_complete"),
    )


def counted(works: DataFrame, cited: DataFrame, *, lead_rule: str) -> DataFrame:
    """Adds to works, which have work_id, pub_year and lead_countries, their citations in every window; 0: none."""
    names = [*WINDOWS, "c_all", *_FOREIGN]
    return cited.join(_citations(works, cited, lead_rule=lead_rule), on="work_id", how="left").withColumns(
        {name: F.coalesce(name, F.lit(0)).cast("bigint") for name in names}
    )


def _citations(works: DataFrame, cited: DataFrame, *, lead_rule: str) -> DataFrame:
    citing = works.where(F.size("referenced_works") > 0).select(
        F.col("pub_year").alias("citing_year"),
        lead_countries(lead_rule).alias("citing_lead"),
        F.col("countries").alias("citing_any"),
        F.explode("referenced_works").alias("work_id"),
    )
    age = F.col("citing_year") - F.col("pub_year")
    in_c2 = age.between(0, 2)
    counts = {name: _count(age.between(0, years)) for name, years in WINDOWS.items()} | {
        "c_all": F.count(F.lit(1)),
        # `when` asks about countries only where the year is right: one citation in four.
        "c2_foreign_lead": _count(F.when(in_c2, _foreign("citing_lead")).otherwise(False)),
        "c2_unknown_lead": _count(in_c2 & (F.size("citing_lead") == 0)),
        "c2_foreign_any": _count(F.when(in_c2, _foreign("citing_any")).otherwise(False)),
        "c2_unknown_any": _count(in_c2 & (F.size("citing_any") == 0)),
    }
    return (
        citing.join(cited.select("work_id", "pub_year", "lead_countries"), on="work_id", how="inner")
        .groupBy("work_id")
        .agg(*(count.alias(name) for name, count in counts.items()))
    )


_FOREIGN = ("c2_foreign_lead", "c2_unknown_lead", "c2_foreign_any", "c2_unknown_any")


def _count(condition: Column) -> Column:
    return F.sum(condition.cast("bigint"))


def _foreign(citing: str) -> Column:
    """The citing work's countries are known and share none with the lead countries of the cited one."""
    return (F.size(citing) > 0) & ~F.arrays_overlap(F.col(citing), F.col("lead_countries"))


def _known_for_lead(name: str) -> Column:
    return F.when(F.size("lead_countries") > 0, F.col(name)).alias(name)
