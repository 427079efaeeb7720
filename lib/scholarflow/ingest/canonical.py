"""What both sources share: a work's row finished, and the flat tables that are its explosions."""

from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType

from scholarflow.columns import sorted_set
from scholarflow.tables import canonical
from scholarflow.tables.declaration import BIGINTS, STRINGS

#: The nested columns of works. Sail concatenates only arrays of one type, nullability included: casts level them.
ROWS, FIELDS = ArrayType(canonical.AUTHORSHIP), ArrayType(canonical.FIELD)
AUTHOR_COUNTRIES = ArrayType(canonical.AUTHOR_COUNTRY)
#: OpenAlex's id for "no author"; a shared id of millions of authorships, not a person.
NULL_AUTHOR = 9999999999
#: Lists of exactly this length were cut by the source, so that their last author is unknown.
MAX_LISTED_AUTHORS = 5000


def with_reference_counts(works: DataFrame) -> DataFrame:
    """The columns of works from rows with references as listed: repeats and the work itself are counted and dropped."""
    others = F.array_remove("referenced_works", F.col("work_id"))
    distinct = F.array_sort(F.array_distinct("others"))
    counted = works.withColumn("others", others).withColumn("distinct_works", distinct)
    return counted.select(
        "work_id",
        "pub_year",
        "pub_date",
        "title",
        "work_type",
        "source_id",
        "language",
        "n_authors",
        F.size("distinct_works").cast("bigint").alias("n_references"),
        "is_retracted",
        "authorships",
        # Sail reads a list back only where it was written as one that is never null, which it has to see.
        F.coalesce("distinct_works", F.array().cast(BIGINTS)).alias("referenced_works"),
        "fields",
        *(F.coalesce(name, F.array().cast(STRINGS)).alias(name) for name in canonical.COUNTRY_SETS),
        F.coalesce("author_ids", F.array().cast(BIGINTS)).alias("author_ids"),
        F.coalesce("author_countries", F.array().cast(AUTHOR_COUNTRIES)).alias("author_countries"),
        (F.size("referenced_works") - F.size("others")).cast("bigint").alias("n_self_references"),
        (F.size("others") - F.size("distinct_works")).cast("bigint").alias("n_repeated_references"),
    )


def with_author_sets(works: DataFrame) -> DataFrame:
    """Adds the sets of countries and authors of a work's row, from its authorships."""
    flags = dict(zip(canonical.COUNTRY_SETS, (None, "is_first", "is_last", "is_corresponding"), strict=True))
    return works.withColumns({name: _countries_where(flag) for name, flag in flags.items()} | author_sets())


def _countries_where(flag: str | None) -> Column:
    listed = F.filter("authorships", lambda a: a[flag]) if flag else F.col("authorships")
    return sorted_set(F.transform(listed, lambda a: a["country_code"]))


def author_sets() -> dict[str, Column]:
    """The sets of a work's row that name authors, from its authorships."""
    both_known = F.filter("authorships", lambda a: a["author_id"].isNotNull() & a["country_code"].isNotNull())
    pairs = F.transform(
        both_known,
        lambda a: F.struct(a["author_id"].alias("author_id"), a["country_code"].alias("country_code")),
    )
    return {
        "author_ids": sorted_set(F.transform("authorships", lambda a: a["author_id"])).cast(BIGINTS),
        "author_countries": F.coalesce(F.array_sort(F.array_distinct(pairs)), F.array()).cast(AUTHOR_COUNTRIES),
    }


def authorships(works: DataFrame) -> DataFrame:
    """The authorships that ride in the rows of works, a row each."""
    return works.select("work_id", "pub_year", F.inline("authorships")).select(*canonical.AUTHORSHIPS.column_names)


def citations(works: DataFrame) -> DataFrame:
    """The references that ride in the rows of works, a row each."""
    return works.select(
        F.col("work_id").alias("citing_work_id"),
        F.explode("referenced_works").alias("cited_work_id"),
        F.col("pub_year").alias("citing_year"),
    )


def work_fields(works: DataFrame) -> DataFrame:
    """The fields that ride in the rows of works, a row each."""
    return works.select("work_id", F.inline("fields")).select(*canonical.WORK_FIELDS.column_names)


def works_manifest(works: DataFrame, *_: DataFrame | None, **__: Any) -> dict[str, Any]:
    """Works by year, recorded with the commit of works: the last full year of the snapshot is found from it."""
    by_year = works.groupBy("pub_year").agg(F.count(F.lit(1)).alias("n")).collect()
    return {"works_by_year": {str(row["pub_year"]): row["n"] for row in sorted(by_year)}}


def reference_manifest(_: DataFrame, works: DataFrame) -> dict[str, Any]:
    """References left out of citations: to the work itself, and repeated."""
    sums = works.agg(F.sum("n_self_references").alias("itself"), F.sum("n_repeated_references").alias("repeated"))
    itself, repeated = sums.collect()[0]
    return {"n_self_references": itself or 0, "n_repeated_references": repeated or 0}
