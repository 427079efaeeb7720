"""Countries by ISO 3166-1 alpha-2 code."""

from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale
from pyspark.sql import Column
from pyspark.sql import functions as F

#: Codes of CLDR that ISO 3166-1 gives to no country: unions and pseudo regions, and islands reserved for the post.
#: Kosovo (XK) is none either, but sources use it.
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"} | {"AC", "CP", "CQ", "DG", "EA", "IC", "TA"}

#: English name by code (Unicode CLDR).
COUNTRIES = {
    code: name
    for code, name in Locale("en").territories.items()
    if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
}


def with_names(row: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    """A row with the English name beside each code of the columns; the code itself where there is none."""
    return {**row, **{f"{column}_name": COUNTRIES.get(row[column], row[column]) for column in columns}}


def country_name(code: Column) -> Column:
    """English name of a code; the code itself where there is none."""
    names = F.create_map(*(F.lit(text) for pair in sorted(COUNTRIES.items()) for text in pair))
    return F.coalesce(F.element_at(names, code), code)
