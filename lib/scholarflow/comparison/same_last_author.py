"""The premium among works of one last author: each treated work against others of about that time."""

from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.columns import FRACTION_UNIT, fraction
from scholarflow.comparison.matching import SQUARE_UNIT, SUMS
from scholarflow.comparison.periods import Periods
from scholarflow.comparison.variants import inline_outcomes

#: Citations as they are, and ÷ the mean of the field works of the year, as an author's works are of several years.
VARIANTS = ("same_last_author", "same_last_author_relative")
_ALIKE = ("lead_country", "variant", "lead_author_id", "team")
_COMPARISON = ("lead_country", "partner_country", "variant", "period")


def of_last_authors(
    led: DataFrame,
    field_means: DataFrame,
    directions: DataFrame,
    spans: Periods,
    *,
    largest_team: int,
    years_apart: int,
) -> DataFrame:
    """Sums by comparison and last author.

    Controls of a treated work have the same last author, lead country and team size (`largest_team` and more are one),
    appeared at most `years_apart` years before or after, and involve nobody in the partner country. Works of one
    author, team size and year share their controls: they are matched as a class, which is joined with the few years
    around it, so that no work meets another one by one.
    """
    works = _outcomes(led, field_means).withColumn("team", F.least("n_authors", F.lit(largest_team)))
    every = works.groupBy(*_ALIKE, "pub_year").agg(*_sums("all", F.lit(1)))
    partner = F.col("partner_country")
    met = (
        works.withColumn("partner_country", F.explode(F.array_union("partner_countries", "lead_countries")))
        .join(F.broadcast(directions), on=["lead_country", "partner_country"], how="inner")
        .withColumn(
            "treated",
            (F.array_contains("partner_countries", partner) & ~F.array_contains("lead_countries", partner)).cast("int"),
        )
        .groupBy(*_ALIKE, "pub_year", "partner_country")
        .agg(*_sums("treated", F.col("treated")), *_sums("involved", F.lit(1)))
    )
    pairs = _treated_with_controls(met, every, years_apart)
    matched = pairs.groupBy(*_CLASS).agg(
        *(F.sum(f"control_{name}").alias(f"m_{name}") for name in ("n", "sum", "squares"))
    )
    sums: list[Column | str] = [*_COMPARISON, F.col("lead_author_id").alias("cluster_id"), *SUMS]
    return (
        _treated_side(met, matched, spans)
        .select(*sums)
        .unionByName(_control_side(pairs, matched, spans).select(*sums))
        .groupBy(*_COMPARISON, "cluster_id")
        .agg(*(F.sum(name).alias(name) for name in SUMS))
    )


def _outcomes(led: DataFrame, field_means: DataFrame) -> DataFrame:
    """Works twice, with citations and relative citations, in units."""
    known = led.where("lead_author_id IS NOT NULL").join(F.broadcast(field_means), on="pub_year", how="left")
    outcomes = dict(
        zip(VARIANTS, (fraction(F.col("c2"), F.lit(1)), fraction(F.col("c2"), F.col("mean_c2"))), strict=True)
    )
    return known.select(
        "lead_country",
        "lead_author_id",
        "pub_year",
        "n_authors",
        "lead_countries",
        "partner_countries",
        inline_outcomes(outcomes),
    ).where("outcome IS NOT NULL")


def _sums(of: str, counted: Column) -> list[Column]:
    outcome = F.col("outcome")
    square = F.round(F.pow(outcome.cast("double") / FRACTION_UNIT, F.lit(2)) * SQUARE_UNIT)
    return [
        F.sum((counted * value).cast("bigint")).alias(f"{of}_{name}")
        for name, value in (("n", F.lit(1)), ("sum", outcome), ("squares", square))
    ]


_CLASS = (*_ALIKE, "partner_country", "pub_year")


def _treated_with_controls(met: DataFrame, every: DataFrame, years_apart: int) -> DataFrame:
    """Each class of treated works with each class of controls it may have: of years up to `years_apart` away."""
    years = F.sequence(F.col("pub_year") - years_apart, F.col("pub_year") + years_apart)
    involved = met.select(
        *_ALIKE,
        "partner_country",
        F.col("pub_year").alias("control_year"),
        *(F.col(f"involved_{name}") for name in ("n", "sum", "squares")),
    )
    return (
        met.where("treated_n > 0")
        .select(*_CLASS, "treated_n", F.explode(years).alias("control_year"))
        .join(every.withColumnRenamed("pub_year", "control_year"), on=[*_ALIKE, "control_year"], how="inner")
        .join(involved, on=[*_ALIKE, "partner_country", "control_year"], how="left")
        .select(
            *_CLASS,
            "treated_n",
            "control_year",
            *(
                (F.col(f"all_{name}") - F.coalesce(f"involved_{name}", F.lit(0))).alias(f"control_{name}")
                for name in ("n", "sum", "squares")
            ),
        )
        .where("control_n > 0")
    )


def _treated_side(met: DataFrame, matched: DataFrame, spans: Periods) -> DataFrame:
    """What the treated works, and the weighted means of their controls, add to each comparison."""
    is_matched, n = F.col("m_n").isNotNull(), F.col("treated_n")

    def per_control(total: str) -> Column:
        return F.round(n.cast("double") * F.col(total).cast("double") / F.col("m_n").cast("double"))

    sums = {
        "n_matched": n,
        "n_strata": F.lit(FRACTION_UNIT),
        "treated_sum": F.col("treated_sum"),
        "treated_squares": F.col("treated_squares"),
        "control_weight": fraction(n, F.lit(1)),
        "control_sum": per_control("m_sum"),
        "control_squares": per_control("m_squares"),
    }
    classes = met.where("treated_n > 0").join(matched, on=list(_CLASS), how="left")
    return spans.unfolded(
        classes.select(
            *_CLASS,
            n.alias("n_treated"),
            *(F.when(is_matched, value).otherwise(0).cast("bigint").alias(name) for name, value in sums.items()),
            *_nothing(name for name in SUMS if name not in sums and name != "n_treated"),
        )
    )


def _control_side(pairs: DataFrame, matched: DataFrame, spans: Periods) -> DataFrame:
    """How many controls there are, and the squares of their weights: a control may serve several treated works."""
    weighted = pairs.join(matched.select(*_CLASS, "m_n"), on=list(_CLASS), how="inner").select(
        *_CLASS, "control_year", "control_n", fraction(F.col("treated_n"), F.col("m_n")).alias("weight")
    )
    weight = F.col("weight").cast("double") / FRACTION_UNIT
    return (
        spans.unfolded(weighted)
        .groupBy(*_COMPARISON, "lead_author_id", "team", "control_year")
        .agg(F.sum("weight").alias("weight"), F.max("control_n").alias("n_controls"))
        .select(
            *_COMPARISON,
            "lead_author_id",
            "n_controls",
            fraction(F.col("n_controls") * weight * weight, F.lit(1)).alias("weight_squares"),
            *_nothing(name for name in SUMS if name not in ("n_controls", "weight_squares")),
        )
    )


def _nothing(names: Iterable[str]) -> list[Column]:
    return [F.lit(0).cast("bigint").alias(name) for name in names]
