"""Ids that OpenAlex merged into others, followed everywhere (legacy layout)."""

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.ingest.canonical import author_sets


def final_ids(merged_ids: DataFrame) -> DataFrame:
    """entity, id, into_id with into_id itself not merged; ids on a circle of merges, or led into one, stay as they are.

    Only ids that are both merged and merged into are followed from link to link: they are few, and those of an
    entity are followed in one place.
    """
    key = ["entity", "id"]
    links = (
        merged_ids.where("id IS NOT NULL AND into_id IS NOT NULL AND id <> into_id")
        .groupBy(*key)
        .agg(F.max("into_id").alias("into_id"))
    )
    chained = links.join(links.select("entity", F.col("into_id").alias("id")).distinct(), on=key, how="left_semi")
    ends = (
        chained.groupBy("entity")
        .applyInPandas(_chain_ends, "entity string, id bigint, end_id bigint")
        .select("entity", F.col("id").alias("into_id"), "end_id", F.lit(True).alias("is_chained"))
    )
    return (
        links.join(ends, on=["entity", "into_id"], how="left")
        .where("is_chained IS NULL OR end_id IS NOT NULL")
        .select("entity", "id", F.coalesce("end_id", "into_id").alias("into_id"))
    )


def _chain_ends(chained: pd.DataFrame) -> pd.DataFrame:
    """Where the chain from each id ends; null where it runs into a circle."""
    into = dict(zip(chained["id"].tolist(), chained["into_id"].tolist(), strict=True))
    ends: dict[int, int | None] = {}
    for start in into:
        path: dict[int, None] = {}
        at = start
        while at in into and at not in ends and at not in path:
            path[at] = None
            at = into[at]
        end = None if at in path else ends.get(at, at)
        ends |= dict.fromkeys(path, end)
    found = pd.Series([ends[id_] for id_ in chained["id"].tolist()], dtype="Int64")
    return pd.DataFrame({"entity": chained["entity"].to_numpy(), "id": chained["id"].to_numpy(), "end_id": found})


def follow_merged_ids(works: DataFrame, final: DataFrame) -> DataFrame:
    """Works with merged authors, institutions and references replaced by the `final_ids` that took their place.

    Only ids that were merged are gathered per work, so that the wide rows meet a small table.
    """
    named = works.select(
        "work_id",
        F.explode(
            F.array_distinct(
                F.concat(
                    _keys("authors", F.transform("authorships", lambda a: a["author_id"])),
                    _keys("institutions", F.transform("authorships", lambda a: a["institution_id"])),
                    _keys("works", F.col("referenced_works")),
                )
            )
        ).alias("key"),
    )
    keyed = final.select(_key(F.col("entity"), F.col("id")).alias("key"), "into_id")
    replacements = (
        named.join(keyed, on="key", how="inner")
        .groupBy("work_id")
        .agg(F.map_from_entries(F.collect_list(F.struct("key", "into_id"))).alias("replacements"))
    )
    is_whole = F.col("replacements").isNull()
    followed = works.join(replacements, on="work_id", how="left").withColumns(
        {
            "authorships": F.when(is_whole, F.col("authorships")).otherwise(
                F.array_distinct(F.transform("authorships", _followed_authorship))
            ),
            "referenced_works": F.when(is_whole, F.col("referenced_works")).otherwise(
                F.transform("referenced_works", lambda cited: _followed("works", cited))
            ),
        }
    )
    return followed.withColumns(
        {name: F.when(is_whole, F.col(name)).otherwise(anew) for name, anew in author_sets().items()}
    )


def follow_merged_sources(works: DataFrame, final: DataFrame) -> DataFrame:
    """Works whose source was merged point to the one of `final_ids` that took its place."""
    sources = final.where("entity = 'sources'").select(
        F.col("id").alias("source_id"), F.col("into_id").alias("merged_source_id")
    )
    return works.join(sources, on="source_id", how="left").withColumn(
        "source_id", F.coalesce("merged_source_id", "source_id")
    )


def _key(entity: Column, id_: Column) -> Column:
    return F.concat(entity, F.lit(":"), id_.cast("string"))


def _keys(entity: str, ids: Column) -> Column:
    return F.transform(F.filter(ids, lambda id_: id_.isNotNull()), lambda id_: _key(F.lit(entity), id_))


def _followed(entity: str, id_: Column) -> Column:
    return F.coalesce(F.element_at("replacements", _key(F.lit(entity), id_)), id_)


def _followed_authorship(a: Column) -> Column:
    return F.struct(
        a["author_position"].alias("author_position"),
        _followed("authors", a["author_id"]).alias("author_id"),
        _followed("institutions", a["institution_id"]).alias("institution_id"),
        a["country_code"].alias("country_code"),
        a["is_first"].alias("is_first"),
        a["is_last"].alias("is_last"),
        a["is_corresponding"].alias("is_corresponding"),
    )
