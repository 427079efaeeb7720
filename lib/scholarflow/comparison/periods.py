"""Periods that works are pooled over: single years, all, those with complete windows, and spans with names."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

#: Years of the citation window, where they are not 2, by variant.
WINDOW_YEARS = {"c5": 5}


@dataclass(frozen=True)
class Span:
    """Years to pool, both ends included."""

    name: str
    first_year: int
    last_year: int


@dataclass(frozen=True)
class Periods:
    """The periods of a study."""

    first_year: int
    last_year: int
    last_full_year: int
    named: Sequence[Span]

    def unfolded(self, rows: DataFrame) -> DataFrame:
        """Rows, which have pub_year and variant, once for each period they belong to; adds `period`, drops pub_year.

        A year is its number as text; `all` is every year, `complete` those whose window the snapshot covers.
        """
        year = F.col("pub_year")
        periods = F.array(
            year.cast("string"),
            F.lit("all"),
            F.when(self._is_complete(F.col("variant"), year), F.lit("complete")),
            *(F.when(year.between(span.first_year, span.last_year), F.lit(span.name)) for span in self.named),
        )
        return rows.withColumn("period", F.explode(periods)).where("period IS NOT NULL").drop("pub_year")

    def is_complete(self, variant: str, period: str) -> bool:
        """Whether the window of every year of a period is complete."""
        ends = {span.name: min(span.last_year, self.last_year) for span in self.named} | {"all": self.last_year}
        if period == "complete":
            return True
        last_year = ends[period] if period in ends else int(period)
        return last_year + WINDOW_YEARS.get(variant, 2) <= self.last_full_year

    def _is_complete(self, variant: Column, year: Column) -> Column:
        window: Column = F.lit(2)
        for name, years in WINDOW_YEARS.items():
            window = F.when(variant == name, F.lit(years)).otherwise(window)
        return year + window <= self.last_full_year
