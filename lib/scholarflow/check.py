"""`scholarflow check`: what must hold within and between the tables, beyond what the store verified at each commit."""

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from scholarflow.engine import Store
from scholarflow.engine.verification import require_schema, verify_rows
from scholarflow.errors import CheckError
from scholarflow.progress import Progress
from scholarflow.review import conferences_to_review, gaps
from scholarflow.tables import ON_REQUEST, PUBLIC, Table
from scholarflow.tables import canonical as c
from scholarflow.tables import careers as a
from scholarflow.tables import comparisons as m
from scholarflow.tables import derived as d
from scholarflow.tables import novelty as n
from scholarflow.tables import panels as p
from scholarflow.tables import results as r

#: Sums of fractions may miss by this much.
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Check:
    """`offenders(*tables)` gives the rows that break the rule: none where it holds."""

    rule: str
    tables: tuple[Table, ...]
    offenders: Callable[..., DataFrame]
    applies: Callable[[Store], bool] = lambda _: True


def check_tables(store: Store, progress: Progress) -> int:
    """Runs every check whose tables are there, and notes what a person should look at; gives the number of checks.

    Errors: CheckError naming table, rule and an offending row, after all checks have run.
    """
    present = {name: table for name, table in (PUBLIC | ON_REQUEST).items() if store.provenance(table) is not None}
    failures = []
    outdated: set[str] = set()
    n_checks = 0
    for table in present.values():
        with progress.stage(f"check {table.name}") as stage:
            n_checks += 1
            try:
                rows = store.read(table)
                require_schema(rows.schema, table)
                verify_rows(rows, table)
                stage.done(outcome="keys, nulls and ranges hold")
            except CheckError as error:
                failures.append(str(error))
                outdated |= {table.name} if store.lacking(table) else set()
                stage.done(outcome=f"FAILS: {error}")
            except PySparkException:
                if damage := store.damage([table]):
                    raise CheckError(damage) from None
                raise
    for check in CHECKS:
        if all(table.name in present.keys() - outdated for table in check.tables) and check.applies(store):
            with progress.stage(f"check {check.tables[0].name}") as stage:
                n_checks += 1
                found = check.offenders(*(store.read(table) for table in check.tables)).limit(1).collect()
                if found:
                    failures.append(f"table {check.tables[0].name}: {check.rule}: broken by {found[0].asDict()}")
                stage.done(outcome=f"FAILS: {check.rule}" if found else check.rule)
    for line in (*conferences_to_review(store), *gaps(store)):
        progress.note(line)
    if failures:
        raise CheckError("; ".join(failures))
    return n_checks


def _rejects_counted(rejects: DataFrame, counts: DataFrame) -> DataFrame:
    listed = rejects.where("record IS NOT NULL").groupBy("source_path").agg(F.count(F.lit(1)).alias("n_listed"))
    return counts.join(listed, on="source_path", how="full").where(
        F.coalesce("n_rejected", F.lit(0)) != F.coalesce("n_listed", F.lit(0))
    )


def _works_counted(works: DataFrame, counts: DataFrame) -> DataFrame:
    kept = counts.where("entity IN ('works', 'Papers')").agg(F.coalesce(F.sum("n_kept"), F.lit(0)).alias("n_kept"))
    return works.agg(F.count(F.lit(1)).alias("n_works")).crossJoin(kept).where("n_works <> n_kept")


def _exploded(flat: DataFrame, works: DataFrame, nested: str) -> DataFrame:
    n_nested = works.agg(F.coalesce(F.sum(F.size(nested)), F.lit(0)).alias("n_in_works"))
    return flat.agg(F.count(F.lit(1)).alias("n_rows")).crossJoin(n_nested).where("n_rows <> n_in_works")


def _not_in(column: str, key: str) -> Callable[[DataFrame, DataFrame], DataFrame]:
    def offenders(rows: DataFrame, among: DataFrame) -> DataFrame:
        keys = among.select(F.col(key).alias(column)).distinct()
        return rows.where(F.col(column).isNotNull()).select(column).join(keys, on=column, how="left_anti")

    return offenders


def _hits_sum(share: str, percent: int) -> Callable[[DataFrame], DataFrame]:
    def offenders(works: DataFrame) -> DataFrame:
        by_year = works.groupBy("pub_year").agg(F.sum(share).alias("hits"), F.count(share).alias("n_works"))
        return by_year.where(F.abs(F.col("hits") - F.col("n_works") * percent / 100) > _TOLERANCE)

    return offenders


def _ties_are_shared(table: Table) -> Callable[[Store], bool]:
    """Only then do the weights of a year sum to exactly the share: hits.ties = fractional."""

    def applies(store: Store) -> bool:
        made = store.provenance(table)
        return made is not None and made.parameters["ties"] == "fractional"

    return applies


def _shares_sum(by: str, share: str) -> Callable[[DataFrame], DataFrame]:
    def offenders(rows: DataFrame) -> DataFrame:
        return rows.groupBy(by).agg(F.sum(share).alias(share)).where(F.abs(F.col(share) - 1) > _TOLERANCE)

    return offenders


def _pairs_sum(edges: DataFrame, field_works: DataFrame) -> DataFrame:
    shared = edges.groupBy("pub_year").agg(F.sum("n_works_fractional").alias("n_shared"))
    international = (
        field_works.where(F.size("countries") > 1).groupBy("pub_year").agg(F.count(F.lit(1)).alias("n_works"))
    )
    joined = shared.join(international, on="pub_year", how="left")
    missed = F.abs(F.col("n_shared") - F.col("n_works"))
    return joined.where(F.col("n_works").isNull() | (missed > 10 * _TOLERANCE * F.col("n_works")))


def _flows_sum(flows: DataFrame, migrations: DataFrame) -> DataFrame:
    by = ["origin_country", "destination_country", "move_year"]
    counted = migrations.groupBy(*by).agg(F.count(F.lit(1)).alias("n_listed"))
    return flows.join(counted, on=by, how="full").where(
        F.coalesce("n_moves", F.lit(0)) != F.coalesce("n_listed", F.lit(0))
    )


_OF_KIND = ["lead_country", "partner_country", "collaborates", "pub_year"]


def _same_kinds(premium: DataFrame, kinds: DataFrame) -> DataFrame:
    """Kinds and years whose works are not counted alike; pooled rows have no year, which a join would not match."""
    counted, listed = (
        rows.select(*_OF_KIND[:3], F.coalesce("pub_year", F.lit(0)).alias("pub_year"), F.col("n_works").alias(name))
        for rows, name in ((premium.where("conference = 'all'"), "n_counted"), (kinds, "n_listed"))
    )
    return counted.join(listed, on=_OF_KIND, how="full").where(
        F.coalesce("n_counted", F.lit(0)) != F.coalesce("n_listed", F.lit(0))
    )


def _conferences_sum(premium: DataFrame) -> DataFrame:
    is_all = F.col("conference") == "all"
    together, single = (
        F.sum(F.when(of, F.col("n_published")).otherwise(0)).alias(name)
        for of, name in ((is_all, "n_together"), (~is_all, "n_single"))
    )
    return premium.groupBy(*_OF_KIND).agg(together, single).where("n_together <> n_single")


def _one_primary(years: DataFrame) -> DataFrame:
    return years.groupBy("author_id", "pub_year").agg(F.sum(F.col("is_primary").cast("int")).alias("n")).where("n <> 1")


def _works_panelled(panel: DataFrame, results: DataFrame) -> DataFrame:
    by = ["country_code", "pub_year"]
    listed = results.select(*by, F.col("n_works").alias("n_listed"))
    # A country and year of the results that the panel has not stands for a number that no result has.
    found, wanted = F.coalesce("n_works", F.lit(-1)), F.coalesce("n_listed", F.lit(0))
    return panel.join(listed, on=by, how="full").where(found != wanted)


def _mirrored(dyads: DataFrame) -> DataFrame:
    """Pairs and years that are not there in both directions, or not with the same common works."""
    alike = F.min("n_works_together") == F.max("n_works_together")
    both = dyads.groupBy("pair_key", "pub_year").agg(F.count(F.lit(1)).alias("n_rows"), alike.alias("is_alike"))
    return both.where("n_rows <> 2 OR NOT is_alike")


def _cells_counted(cells: DataFrame, panel: DataFrame) -> DataFrame:
    """Leads, partners, arms and years whose cells have not the works and citations compared in the panel."""
    compared = panel.select("lead_country", "pub_year", "c2", F.inline("pairs")).where("is_compared")
    listed = compared.groupBy(*_OF_KIND).agg(F.count(F.lit(1)).alias("n_listed"), F.sum("c2").alias("c2_listed"))
    summed = cells.groupBy(*_OF_KIND).agg(F.sum("n_works").alias("n_works"), F.sum("sum_c2").alias("sum_c2"))
    same = F.col("n_works").eqNullSafe(F.col("n_listed")) & F.col("sum_c2").eqNullSafe(F.col("c2_listed"))
    return summed.join(listed, on=_OF_KIND, how="full").where(~same)


CHECKS = (
    Check("n_rejected is the number of its rows in rejects", (c.REJECTS, c.INGEST_COUNTS), _rejects_counted),
    Check("its rows are the records kept", (c.WORKS, c.INGEST_COUNTS), _works_counted),
    Check("its rows are those in works", (c.AUTHORSHIPS, c.WORKS), lambda a, w: _exploded(a, w, "authorships")),
    Check("its rows are those in works", (c.CITATIONS, c.WORKS), lambda a, w: _exploded(a, w, "referenced_works")),
    Check("its rows are those in works", (c.WORK_FIELDS, c.WORKS), lambda a, w: _exploded(a, w, "fields")),
    Check("every field work is in works", (d.FIELD_WORKS, c.WORKS), _not_in("work_id", "work_id")),
    Check("every led work is a field work", (d.LED_WORKS, d.FIELD_WORKS), _not_in("work_id", "work_id")),
    Check("every field work has its windows", (d.FIELD_WORKS, d.CITATION_WINDOWS), _not_in("work_id", "work_id")),
    Check("every scientist signed works", (a.SCIENTISTS, c.AUTHORSHIPS), _not_in("author_id", "author_id")),
    Check("every year has one primary country", (a.AUTHOR_COUNTRY_YEARS,), _one_primary),
    Check("every mover is a scientist", (a.MIGRATIONS, a.SCIENTISTS), _not_in("author_id", "author_id")),
    *(
        Check(
            f"{share} sums to {percent} % of each year's works",
            (table,),
            _hits_sum(share, percent),
            _ties_are_shared(table),
        )
        for table, share, percent in (
            (d.CITATION_WINDOWS, "hit_1pct", 1),
            (d.CITATION_WINDOWS, "hit_5pct", 5),
            (d.CITATION_WINDOWS, "hit_10pct", 10),
            (n.WORK_NOVELTY, "context_hit_1pct", 1),
            (n.WORK_NOVELTY, "content_hit_1pct", 1),
        )
    ),
    Check("every field work has its novelty", (d.FIELD_WORKS, n.WORK_NOVELTY), _not_in("work_id", "work_id")),
    Check("fractional pairs sum to the international works", (d.COLLABORATION_EDGES, d.FIELD_WORKS), _pairs_sum),
    Check("share_works sums to 1 in each year", (r.COUNTRY_YEARS,), _shares_sum("pub_year", "share_works")),
    *(
        Check(f"{share} sums to 1 in each year", (r.COUNTRY_YEARS,), _shares_sum("pub_year", share))
        for share in ("share_hits", "share_context_hits", "share_content_hits")
    ),
    Check("share_works sums to 1", (r.COUNTRY_TOTALS,), _shares_sum("years", "share_works")),
    Check("its moves are those of migrations", (r.MIGRATION_FLOWS, a.MIGRATIONS), _flows_sum),
    Check("its kinds are those of kinds_of_works", (m.PUBLICATION_PREMIUM, r.KINDS_OF_WORKS), _same_kinds),
    Check("its works are those of country_years", (p.PANEL_COUNTRY_YEARS, r.COUNTRY_YEARS), _works_panelled),
    Check("its pairs are mirrored", (p.PANEL_DYAD_YEARS,), _mirrored),
    Check("its works are those compared in panel_works", (p.PREMIUM_CELLS, p.PANEL_WORKS), _cells_counted),
    Check("its conferences sum to all", (m.PUBLICATION_PREMIUM,), _conferences_sum),
)
