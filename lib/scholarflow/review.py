"""What a person should know of a study's tables though no rule is broken: what the data leave open, or empty."""

from collections.abc import Iterator

from pyspark.sql import functions as F

from scholarflow.engine import Store
from scholarflow.tables import Table
from scholarflow.tables.canonical import CITATIONS
from scholarflow.tables.careers import MIGRATIONS
from scholarflow.tables.comparisons import CONFERENCE_SOURCES
from scholarflow.tables.derived import COMPARISON_WORKS, FIELD_WORKS
from scholarflow.tables.novelty import WORK_NOVELTY
from scholarflow.tables.results import KINDS_OF_WORKS

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


def gaps(store: Store) -> Iterator[str]:
    """Why results of the study are empty, null or zero, a line for each reason; nothing where a table is not made."""
    for table, reasons in (
        (FIELD_WORKS, _without_works),
        (COMPARISON_WORKS, _fields_without_works),
        (KINDS_OF_WORKS, _pairs_without_works),
        (MIGRATIONS, _pairs_without_moves),
        (WORK_NOVELTY, _without_novelty),
    ):
        if store.provenance(table) is not None:
            yield from reasons(store)


def _without_works(store: Store) -> Iterator[str]:
    works = store.read(FIELD_WORKS)
    counts = works.agg(
        F.count(F.lit(1)).alias("n"),
        F.coalesce(F.sum((F.size("lead_countries") > 0).cast("bigint")), F.lit(0)).alias("n_led"),
    ).collect()[0]
    if not counts["n"]:
        yield "no work belongs to the study's fields: its tables are empty"
    elif not counts["n_led"]:
        yield "no field work has a known lead country: tables by country are empty"
    references = store.provenance(CITATIONS)
    if references is not None and not references.n_rows:
        yield "no work of the snapshot lists references: citations count 0, hits and premiums are null"


def _fields_without_works(store: Store) -> Iterator[str]:
    made = store.provenance(COMPARISON_WORKS)
    asked = made.parameters["field_sets"] if made else []
    found = store.read(COMPARISON_WORKS).select(F.explode("field_sets").alias("name")).distinct().collect()
    names = {row["name"] for row in found}
    for name, _ in asked:
        if name not in names:
            yield f"no led work of the period belongs to the fields {name}: variant field:{name} has no rows"


def _pairs_without_works(store: Store) -> Iterator[str]:
    rows = store.read(KINDS_OF_WORKS).where("collaborates AND n_works > 0")
    found = {(row[0], row[1]) for row in rows.select("lead_country", "partner_country").distinct().collect()}
    for lead, partner in _directions(store, KINDS_OF_WORKS):
        if (lead, partner) not in found:
            yield f"no work led from {lead} has a co-author in {partner}: nothing is compared there"


def _pairs_without_moves(store: Store) -> Iterator[str]:
    entries = store.read(MIGRATIONS).where("is_entry").select("origin_country", "destination_country").distinct()
    found = {(row[0], row[1]) for row in entries.collect()}
    for origin, destination in _directions(store, KINDS_OF_WORKS):
        if (origin, destination) not in found:
            yield f"no scientist entered {destination} from {origin}: tables of movers have no row for it"


def _without_novelty(store: Store) -> Iterator[str]:
    scored = store.read(WORK_NOVELTY).agg(F.count("context_novelty"), F.count("content_novelty")).collect()[0]
    if not scored[0]:
        yield "no field work cites two works of known source whose pair can vary: context novelty is null"
    if not scored[1]:
        yield "no field work has keywords known from enough earlier years ([novelty.content]): content novelty is null"


def _directions(store: Store, table: Table) -> Iterator[tuple[str, str]]:
    """Both directions of each pair that a table was made for."""
    made = store.provenance(table)
    for one, other in made.parameters["pairs"] if made else ():
        yield one, other
        yield other, one
