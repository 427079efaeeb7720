"""Names of countries beside their codes."""

from iso3166 import countries
from pyspark.sql import Column
from pyspark.sql import functions as F

_NAMES = {country.alpha2: country.apolitical_name for country in countries}


def country_name(code: Column) -> Column:
    """Short English name of an ISO 3166-1 alpha-2 code; the code itself where ISO has none, as for XK."""
    names = F.create_map(*(F.lit(text) for pair in _NAMES.items() for text in pair))
    return F.coalesce(F.element_at(names, code), code)
