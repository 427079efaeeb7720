"""Table comparison_works: led works of the fields that the study's field is compared with, and their citations."""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.citation.citation_windows import counted
from scholarflow.study.country_groups import CountryGroups, with_country_groups
from scholarflow.study.field_works import in_fields, lead_countries, lead_institution_ids, partner_countries


def comparison_works(
    works: DataFrame,
    *,
    field_sets: Sequence[tuple[str, Sequence[int]]],
    scheme: str,
    min_score: float,
    lead_rule: str,
    first_year: int,
    last_year: int,
    country_groups: CountryGroups = (),
) -> DataFrame:
    """One row per work of the period with a known lead country that belongs to any of the named sets of fields.

    All sets in one pass over works; then one join with their references, as for citation_windows.
    """
    members = {name: in_fields(scheme=scheme, fields=fields, min_score=min_score) for name, fields in field_sets}
    nothing = F.array().cast("array<string>")
    named = F.array_compact(F.array(*(F.when(is_member, F.lit(name)) for name, is_member in members.items())))
    is_led = F.col("pub_year").between(first_year, last_year) & (F.size(lead_countries(lead_rule)) > 0)
    of_fields = works.where(is_led & reduce(or_, members.values(), F.lit(False)))
    led = with_country_groups(of_fields, country_groups).select(
        "work_id",
        # Never null: Sail reads no list back that may be null by its file and must not be by its table.
        (F.coalesce(named, nothing) if members else nothing).alias("field_sets"),
        "pub_year",
        "n_authors",
        lead_countries(lead_rule).alias("lead_countries"),
        lead_institution_ids(lead_rule).alias("lead_institution_ids"),
        partner_countries(lead_rule).alias("partner_countries"),
    )
    return counted(works, led, lead_rule=lead_rule).select(*led.columns, "c2")
