"""Table elite_mobility: which movers leave, and which are hired by, an institution at the top of the field."""

from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from scipy import stats

from scholarflow.arrow import as_table, per_group
from scholarflow.comparison.directions import PAIR
from scholarflow.countries import with_names
from scholarflow.study.country_groups import CountryGroups, with_country_groups
from scholarflow.tables.movers import ELITE_MOBILITY

#: The two ends of a move: left in the last year in the origin, hired in the first in the destination.
_LEFT, _HIRED = "left", "hired"
_LEVEL = 0.95


def elite_mobility(
    migrations: DataFrame,
    works: DataFrame,
    field_works: DataFrame,
    top_institutions: DataFrame,
    *,
    country_groups: CountryGroups = (),
) -> DataFrame:
    """One row per pair of countries with an entry; intervals are Wilson's (1927, doi:10.1080/01621459.1927.10502953).

    At either end the institutions of a mover are those that the field works of the year give the mover in that country;
    a move without any is not counted in that share. Movers and top institutions are broadcast: field works are asked
    for movers by their list of authors, and only works that have one of the right year are read with their
    authorships. What is shuffled are the institutions of movers.
    """
    placed = with_country_groups(works.select("work_id", "pub_year", "authorships"), country_groups)
    entries = migrations.where("is_entry").select("author_id", *PAIR, "last_origin_year", "move_year")
    ends = entries.select("author_id", *PAIR, F.inline(F.array(*_ends())))
    counted = (
        ends.join(
            _institutions(ends, placed, field_works, top_institutions), on=["author_id", *PAIR, "end"], how="left"
        )
        .groupBy(*PAIR)
        .agg(
            F.sum((F.col("end") == _LEFT).cast("bigint")).alias("n_moves"),
            *(_count(end, f"n_{end}_known", F.col("is_top").isNotNull()) for end in (_LEFT, _HIRED)),
            *(_count(end, f"n_{end}_top", F.coalesce("is_top", F.lit(False))) for end in (_LEFT, _HIRED)),
        )
    )
    return per_group(counted, PAIR, _with_shares, ELITE_MOBILITY)


def _ends() -> list[Column]:
    """Year and country of both ends of a move."""
    columns = {
        _LEFT: ("last_origin_year", "origin_country"),
        _HIRED: ("move_year", "destination_country"),
    }
    return [
        F.struct(F.lit(end).alias("end"), F.col(year).alias("pub_year"), F.col(country).alias("country_code"))
        for end, (year, country) in columns.items()
    ]


def _institutions(ends: DataFrame, works: DataFrame, field_works: DataFrame, top_institutions: DataFrame) -> DataFrame:
    """Ends of moves with a known institution: whether any is at the top."""
    wanted = (
        field_works.select("work_id", "pub_year", F.explode("author_ids").alias("author_id"))
        .join(F.broadcast(ends.select("author_id", "pub_year")), on=["author_id", "pub_year"], how="left_semi")
        .select("work_id")
        .distinct()
    )
    top = top_institutions.select("institution_id", F.lit(True).alias("is_top"))
    return (
        works.join(wanted, on="work_id", how="left_semi")
        .select("pub_year", F.explode("authorships").alias("signed"))
        .select("pub_year", *(f"signed.{name}" for name in ("author_id", "institution_id", "country_code")))
        .where("author_id IS NOT NULL AND institution_id IS NOT NULL")
        .join(F.broadcast(ends), on=["author_id", "pub_year", "country_code"], how="inner")
        .join(F.broadcast(top), on="institution_id", how="left")
        .groupBy("author_id", *PAIR, "end")
        .agg(F.max(F.coalesce("is_top", F.lit(False))).alias("is_top"))
    )


def _count(end: str, name: str, condition: Column) -> Column:
    return F.sum(((F.col("end") == end) & condition).cast("bigint")).alias(name)


def _with_shares(counted: pa.Table) -> pa.Table:
    """Adds names, shares and their intervals."""
    rows = [
        with_names(row, PAIR)
        | _share(_LEFT, row["n_left_top"], row["n_left_known"])
        | _share(_HIRED, row["n_hired_top"], row["n_hired_known"])
        for row in counted.sort_by([(column, "ascending") for column in PAIR]).to_pylist()
    ]
    return as_table(rows, ELITE_MOBILITY)


def _share(end: str, n_top: int, n_known: int) -> dict[str, Any]:
    names = [
        f"{prefix}{end}_top{suffix}" for prefix, suffix in (("share_", ""), ("share_", "_low"), ("share_", "_high"))
    ]
    if not n_known:
        return dict.fromkeys(names)
    interval = stats.binomtest(n_top, n_known).proportion_ci(_LEVEL, method="wilson")
    return dict(zip(names, (n_top / n_known, float(interval.low), float(interval.high)), strict=True))
