"""Countries by ISO 3166-1 alpha-2 code."""

from babel import Locale
from pyspark.sql import Column
from pyspark.sql import functions as F

#: English name by code (Unicode CLDR).
COUNTRIES = {code: name for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}


def country_name(code: Column) -> Column:
    """English name of a code; the code itself where there is none."""
    names = F.create_map(*(F.lit(text) for pair in sorted(COUNTRIES.items()) for text in pair))
    return F.coalesce(F.element_at(names, code), code)
