"""Column → column expressions that several stages share."""

from pyspark.sql import Column
from pyspark.sql import functions as F

#: Fractions are summed as integers of this unit and divided once, so that every engine and partitioning agrees to
#: the bit; a multiple of every number to 24, hence exact for halves, thirds … of up to 24 countries.
FRACTION_UNIT = 5_354_228_880


def fraction(numerator: Column, denominator: Column) -> Column:
    """numerator ÷ denominator in units of 1/FRACTION_UNIT, rounded: what `sum_of_fractions` adds up."""
    return F.round(numerator * F.lit(float(FRACTION_UNIT)) / denominator).cast("bigint")


def sum_of_fractions(units: Column) -> Column:
    """The sum of `fraction`s as a double; null where all are null."""
    return F.sum(units) / F.lit(float(FRACTION_UNIT))


def sorted_set(values: Column) -> Column:
    """The distinct non-null values of an array, ascending; empty of a null array."""
    return F.coalesce(F.array_sort(F.array_distinct(F.filter(values, lambda value: value.isNotNull()))), F.array())
