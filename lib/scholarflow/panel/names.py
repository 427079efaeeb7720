"""Names of countries beside their codes."""

from babel import Locale
from pyspark.sql import Column
from pyspark.sql import functions as F

_NAMES = {code: name for code, name in Locale("en").territories.items() if len(code) == 2}


def country_name(code: Column) -> Column:
    """English name of an ISO 3166-1 alpha-2 code (Unicode CLDR); the code itself where there is none."""
    names = F.create_map(*(F.lit(text) for pair in sorted(_NAMES.items()) for text in pair))
    return F.coalesce(F.element_at(names, code), code)
