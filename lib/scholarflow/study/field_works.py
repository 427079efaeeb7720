"""Table field_works: the works of the study's field, with the countries they come from."""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.columns import sorted_set
from scholarflow.study.country_groups import CountryGroups, with_country_groups


def field_works(
    works: DataFrame,
    *,
    scheme: str,
    fields: Sequence[int],
    min_score: float,
    lead_rule: str,
    country_groups: CountryGroups = (),
) -> DataFrame:
    """One row per work of the field; reads arrays of the work's own row, so that nothing is joined or shuffled."""
    of_field = works.where(in_fields(scheme=scheme, fields=fields, min_score=min_score))
    return with_country_groups(of_field, country_groups).select(
        "work_id",
        "pub_year",
        "source_id",
        "n_authors",
        _n_authors_with_country(F.col("authorships")).alias("n_authors_with_country"),
        lead_countries(lead_rule).alias("lead_countries"),
        lead_institution_ids(lead_rule).alias("lead_institution_ids"),
        _lead_author_id(F.col("authorships"), lead_rule).alias("lead_author_id"),
        "countries",
        "first_countries",
        partner_countries(lead_rule).alias("partner_countries"),
        "n_references",
        "language",
        "author_ids",
    )


def in_fields(*, scheme: str, fields: Sequence[int], min_score: float) -> Column:
    """Whether a work has a row of the scheme for any of the fields and score ≥ min_score; a null score counts as 0.

    Fields lie in the order of their schemes, each id once in its scheme: a place is looked up, no element is tried by
    a lambda, which neither engine compiles.
    """
    schemes = F.col("fields.scheme")
    first = F.greatest(F.array_position(schemes, scheme), F.lit(1)).cast("int")
    n_of_scheme = F.size(schemes) - F.size(F.array_remove(schemes, scheme))
    ids, scores = (F.slice(F.col(f"fields.{member}"), first, n_of_scheme) for member in ("field_id", "score"))

    def belongs(field: int) -> Column:
        place = F.array_position(ids, F.lit(field).cast("bigint")).cast("int")
        score = F.coalesce(F.get(scores, F.greatest(place, F.lit(1)) - 1), F.lit(0.0))
        return (place > 0) & (score >= F.lit(float(min_score)))

    return reduce(or_, map(belongs, fields))


def with_field_mark(works: DataFrame, field_works: DataFrame) -> DataFrame:
    """Adds `is_field`: asked of a work's own row, before it is unfolded into its authors."""
    marked = field_works.select("work_id", F.lit(True).alias("is_field"))
    return works.join(marked, on="work_id", how="left").withColumn("is_field", F.coalesce("is_field", F.lit(False)))


#: Where a work's row has the countries of the authors who lead it, by lead rule.
_LEAD_COUNTRIES = {
    "last": "last_countries",
    "first": "first_countries",
    "corresponding": "corresponding_countries",
    "any": "countries",
}


def lead_countries(lead_rule: str) -> Column:
    """Countries of the authors who lead a work, sorted; empty where unknown or where the source cut the list."""
    return F.col(_LEAD_COUNTRIES[lead_rule])


def partner_countries(lead_rule: str) -> Column:
    """Countries of all authors but those who lead a work, sorted."""
    others = F.filter(F.col("authorships"), lambda a: ~_leads(a, lead_rule))
    return sorted_set(F.transform(others, lambda a: a["country_code"]))


def _leads(authorship: Column, lead_rule: str) -> Column:
    flags = {
        "last": authorship["is_last"],
        "first": authorship["is_first"],
        "corresponding": authorship["is_corresponding"],
        "any": F.lit(True),
    }
    return F.coalesce(flags[lead_rule], F.lit(False))


def lead_institution_ids(lead_rule: str) -> Column:
    """For each of the lead countries, in their order, the smallest institution id of the lead there; null: none."""

    def smallest_in(country: Column) -> Column:
        there = F.filter(F.col("authorships"), lambda a: _leads(a, lead_rule) & (a["country_code"] == country))
        return F.array_min(F.transform(there, lambda a: a["institution_id"]))

    return F.transform(lead_countries(lead_rule), smallest_in)


def _lead_author_id(authorships: Column, lead_rule: str) -> Column:
    leading = F.filter(authorships, lambda a: _leads(a, lead_rule))
    return F.array_min(F.transform(leading, lambda a: a["author_id"]))


def _n_authors_with_country(authorships: Column) -> Column:
    known = F.filter(authorships, lambda a: a["country_code"].isNotNull())
    authors = F.transform(known, lambda a: F.struct(a["author_position"], a["author_id"]))
    return F.size(F.array_distinct(authors)).cast("bigint")
