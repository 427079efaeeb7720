"""Country groups: countries that a study counts as one, such as China with Hong Kong and Macao, or the EU."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.columns import sorted_set

#: Each with `name` and `countries`, as in the configuration.
CountryGroups = Sequence[Mapping[str, Any]]

_SETS = ("countries", "first_countries", "last_countries", "corresponding_countries")


def with_country_groups(works: DataFrame, groups: CountryGroups) -> DataFrame:
    """Works whose authors come from groups where their countries belong to one; nothing changes without groups.

    In every list of a work's row that the frame has. An author with two countries of a group is in one place.
    """
    group_of = {country: group["name"] for group in groups for country in group["countries"]}
    if not group_of:
        return works
    known = F.create_map(*(F.lit(text) for pair in sorted(group_of.items()) for text in pair))

    def grouped(code: Column) -> Column:
        return F.coalesce(F.element_at(known, F.coalesce(code, F.lit(""))), code)

    changed = {name: sorted_set(F.transform(name, grouped)) for name in _SETS if name in works.columns}
    if "author_countries" in works.columns:
        changed["author_countries"] = F.array_sort(
            F.array_distinct(
                F.transform(
                    "author_countries",
                    lambda a: F.struct(
                        a["author_id"].alias("author_id"), grouped(a["country_code"]).alias("country_code")
                    ),
                )
            )
        )
    if "authorships" in works.columns:
        members = works.select("authorships").schema["authorships"].dataType.elementType.names  # type: ignore[attr-defined]

        def regrouped(a: Column) -> Column:
            return F.struct(
                *((grouped(a[name]) if name == "country_code" else a[name]).alias(name) for name in members)
            )

        changed["authorships"] = F.transform("authorships", regrouped)
    return works.withColumns(changed)
