"""What `scholarflow check` lists for a person to look at: choices that the data leave open, no rule broken."""

from collections.abc import Iterator

from pyspark.sql import functions as F

from scholarflow.engine import Store
from scholarflow.tables.comparisons import CONFERENCE_SOURCES

#: Doubtful sources that are listed one by one; the table has them all.
_LISTED = 30


def conferences_to_review(store: Store) -> Iterator[str]:
    """By which sources each conference of the list was found, and the sources that are doubtful, largest first.

    Nothing where the table is not made.
    """
    made = store.provenance(CONFERENCE_SOURCES)
    if made is None:
        return
    rows = store.read(CONFERENCE_SOURCES)
    counted = rows.where("is_counted").groupBy("conference")
    totals = counted.agg(F.count(F.lit(1)).alias("n_sources"), F.sum("n_counted").alias("n_works")).collect()
    found = {row["conference"]: row for row in totals}
    for conference in dict.fromkeys(line["conference"] for line in made.parameters["list_of_conferences"]):
        if conference in found:
            row = found[conference]
            sources = "1 source" if row["n_sources"] == 1 else f"{row['n_sources']:,} sources"
            yield f"conference {conference}: {sources} with {row['n_works']:,} field works"
        else:
            yield f"conference {conference}: no source counts as it; its shares are zero"
    doubtful = rows.where("doubt IS NOT NULL")
    for row in doubtful.orderBy(F.desc("n_works"), "source_id").limit(_LISTED).collect():
        counts = f"{row['n_counted']:,} of {row['n_works']:,} field works counted"
        yield f"  {row['conference']}? source {row['source_id']} {row['name'] or '(no name)'}: {row['doubt']}; {counts}"
    if (unlisted := doubtful.count() - _LISTED) > 0:
        yield f"  {unlisted:,} more are doubtful: table {CONFERENCE_SOURCES.name}, column doubt"
