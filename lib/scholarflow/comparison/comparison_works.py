"""Table comparison_works: led works of the fields that the study's field is compared with, and their citations."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.citation.citation_windows import counted
from scholarflow.study.country_groups import CountryGroups, with_country_groups
from scholarflow.study.field_works import in_fields, lead_countries, lead_institution_ids, partner_countries

#: A name, and the fields any of which makes a work belong.
FieldSet = tuple[str, Sequence[int]]


def comparison_works(
    works: DataFrame,
    *,
    field_sets: Sequence[FieldSet],
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
    if not field_sets:
        works = works.limit(0)
    is_led = F.col("pub_year").between(first_year, last_year) & (F.size(lead_countries(lead_rule)) > 0)
    named = _sets_of_a_work(field_sets, scheme=scheme, min_score=min_score)
    led = (
        with_country_groups(works.where(is_led & _lists_any(field_sets)), country_groups)
        .select(
            "work_id",
            # Unfolded from a list of one: engines ask a condition on what was unfolded after its making, and one on a
            # mere expression where they read files, set by set and field by field, four times as long.
            F.explode(F.array(named)).alias("field_sets"),
            "pub_year",
            "n_authors",
            lead_countries(lead_rule).alias("lead_countries"),
            lead_institution_ids(lead_rule).alias("lead_institution_ids"),
            partner_countries(lead_rule).alias("partner_countries"),
        )
        .where(F.size("field_sets") > 0)
        # Never null: Sail reads no list back that may be null by its file and must not be by its table.
        .withColumn("field_sets", F.coalesce("field_sets", _no_sets()))
    )
    return counted(works, led, lead_rule=lead_rule).select(*led.columns, "c2")


def _sets_of_a_work(field_sets: Sequence[FieldSet], *, scheme: str, min_score: float) -> Column:
    """The names of the sets that a work belongs to; empty: of none."""
    if not field_sets:
        return _no_sets()
    members = ((name, in_fields(scheme=scheme, fields=fields, min_score=min_score)) for name, fields in field_sets)
    return F.array_compact(F.array(*(F.when(belongs, F.lit(name)) for name, belongs in members)))


def _no_sets() -> Column:
    return F.array().cast("array<string>")


def _lists_any(field_sets: Sequence[FieldSet]) -> Column:
    """Whether a work has a row for any field of any set, of whatever scheme and score: cheap to ask while reading."""
    ids = sorted({field for _, fields in field_sets for field in fields})
    return F.arrays_overlap("fields.field_id", F.array(*(F.lit(field) for field in ids)).cast("array<bigint>"))
