"""What led works amount to, of a year or pooled: the columns that country_years and country_totals share."""

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

from scholarflow.columns import fraction, sum_of_fractions
from scholarflow.countries import country_name

#: Kinds of novelty, each with a score and the weight of its hits.
_NOVELTY = ("context", "content")
#: Hit weights, by the name of their sum.
_CITED = {"n_hits": "hit_1pct", "n_top_10pct": "hit_10pct"}
_NEW = {f"n_{kind}_hits": f"{kind}_hit_1pct" for kind in _NOVELTY}
_HITS = _CITED | _NEW
#: Scores are summed in millionths, as whole numbers: a sum of doubles depends on their order.
_MILLION = 1_000_000


def led_with_impact(
    led_works: DataFrame, field_works: DataFrame, citation_windows: DataFrame, work_novelty: DataFrame
) -> DataFrame:
    """Led works with c2, novelty, hit weights, share of the lead in units of fractions, and whether international."""
    windows = citation_windows.select("work_id", "c2", "c2_complete", *_CITED.values())
    new = work_novelty.select(
        "work_id",
        *(F.round(F.col(f"{kind}_novelty") * _MILLION).cast("bigint").alias(f"{kind}_millionths") for kind in _NOVELTY),
        *_NEW.values(),
    )
    works = field_works.select(
        "work_id", F.size("lead_countries").alias("n_leads"), F.size("countries").alias("n_countries")
    )
    return (
        led_works.select("work_id", F.col("lead_country").alias("country_code"), "pub_year")
        .join(windows, on="work_id", how="inner")
        .join(works, on="work_id", how="inner")
        .join(new, on="work_id", how="inner")
        .select(
            "country_code",
            "pub_year",
            "c2",
            "c2_complete",
            fraction(F.lit(1), F.col("n_leads")).alias("lead_units"),
            *(f"{kind}_millionths" for kind in _NOVELTY),
            *_HITS.values(),
            (F.col("n_countries") > 1).cast("bigint").alias("is_international"),
        )
    )


def produced(led: DataFrame, n_scientists: DataFrame, by: list[str]) -> DataFrame:
    """Sums and shares per group of `by`, whose first column is country_code; shares are of all countries."""
    years = _of_years(led, list(dict.fromkeys([*by, "pub_year"])))
    summed = years.groupBy(*by).agg(
        F.sum("n_works").alias("n_works"),
        sum_of_fractions(F.col("lead_units")).alias("n_works_fractional"),
        F.sum("total_c2").alias("total_c2"),
        *(_ordered_sum("pub_year", name).alias(name) for name in _HITS),
        *(F.sum(f"{kind}_millionths").alias(f"{kind}_millionths") for kind in _NOVELTY),
        *(F.sum(f"n_with_{kind}").alias(f"n_with_{kind}") for kind in _NOVELTY),
        F.sum("n_international").alias("n_international"),
        F.min("is_complete").alias("is_complete"),
    )
    all_countries = Window.partitionBy(*by[1:])
    n_works = F.col("n_works").cast("double")
    return summed.join(n_scientists, on=by, how="left").select(
        "country_code",
        country_name(F.col("country_code")).alias("country_name"),
        *by[1:],
        "n_works",
        (n_works / F.sum("n_works").over(all_countries).cast("double")).alias("share_works"),
        "n_works_fractional",
        F.coalesce("n_scientists", F.lit(0)).cast("bigint").alias("n_scientists"),
        "total_c2",
        (F.col("total_c2").cast("double") / n_works).alias("mean_c2"),
        "n_hits",
        _share("n_hits", all_countries).alias("share_hits"),
        (F.col("n_hits") / n_works).alias("pp_top_1pct"),
        (F.col("n_top_10pct") / n_works).alias("pp_top_10pct"),
        *(
            column
            for kind in _NOVELTY
            for column in (
                _mean(f"{kind}_millionths", f"n_with_{kind}").alias(f"mean_{kind}_novelty"),
                _share(f"n_{kind}_hits", all_countries).alias(f"share_{kind}_hits"),
            )
        ),
        "n_international",
        "is_complete",
    )


def _of_years(led: DataFrame, by: list[str]) -> DataFrame:
    """Sums per group of `by`, which has pub_year.

    In a year a hit weight is 0, 1, or that of the works at the threshold: the sum is a count of the ones plus a count
    times that weight, exact to the last digit but one and the same in any order.
    """
    counted = led.withColumns(
        {f"{weight}_is_whole": (F.col(weight) == 1).cast("bigint") for weight in _HITS.values()}
        | {
            f"{weight}_in_part": F.when((F.col(weight) > 0) & (F.col(weight) < 1), F.col(weight))
            for weight in _HITS.values()
        }
    )
    sums = counted.groupBy(*by).agg(
        F.count(F.lit(1)).alias("n_works"),
        F.sum("lead_units").alias("lead_units"),
        F.sum("c2").alias("total_c2"),
        F.sum("is_international").alias("n_international"),
        *(F.sum(f"{kind}_millionths").alias(f"{kind}_millionths") for kind in _NOVELTY),
        *(F.count(f"{kind}_millionths").alias(f"n_with_{kind}") for kind in _NOVELTY),
        F.min("c2_complete").alias("is_complete"),
        *(F.sum(f"{weight}_is_whole").alias(f"{weight}_whole") for weight in _HITS.values()),
        *(F.count(f"{weight}_in_part").alias(f"{weight}_parts") for weight in _HITS.values()),
        *(F.max(f"{weight}_in_part").alias(f"{weight}_part") for weight in _HITS.values()),
    )
    in_part = {
        weight: F.col(f"{weight}_parts").cast("double") * F.coalesce(f"{weight}_part", F.lit(0.0))
        for weight in _HITS.values()
    }
    return sums.withColumns({name: F.col(f"{w}_whole").cast("double") + in_part[w] for name, w in _HITS.items()})


def _share(n_hits: str, all_countries: WindowSpec) -> Column:
    """A sum of hit weights ÷ its sum over countries; null too where every hit is led from nowhere known."""
    return F.col(n_hits) / F.nullif(_ordered_sum("country_code", n_hits, all_countries), F.lit(0.0))


def _mean(millionths: str, n: str) -> Column:
    """The mean of scores summed in millionths; null where there is none."""
    return F.col(millionths).cast("double") / (F.nullif(n, F.lit(0)).cast("double") * F.lit(float(_MILLION)))


def _ordered_sum(order: str, values: str, over: WindowSpec | None = None) -> Column:
    """The sum of doubles in the order of another column, which decides the last digit; null where all are null."""
    listed = F.collect_list(F.when(F.col(values).isNotNull(), F.struct(order, values)))
    rows = listed.over(over) if over is not None else listed
    # Sail's lists over a window keep nulls.
    ordered = F.array_sort(F.filter(rows, lambda row: row.isNotNull()))
    total = F.aggregate(ordered, F.lit(0.0), lambda sum_, row: sum_ + row[values])
    return F.when(F.size(ordered) > 0, total)
