"""Are the DuckDB baseline's tables those of scholarflow? A line a table; exit status 1 where any differs.

    python bench/equality.py --root ROOT --baseline DIR [--study ai-us-cn] [--table works …] [--memory-limit 8GB]

Rows are compared as a bag, in the columns of the contract: first by sums of row hashes, bucket by bucket of the key,
which needs no memory; only buckets whose sums differ are compared row by row. Doubles may differ by 1e-9 of their size.
The id of a keyword is some stable hash of its slug: it is left out, and must be one per slug on either side.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from deltalake import DeltaTable

from scholarflow.tables import LAYERS, PUBLIC, Table

#: Tables that say how an ingest of ours went: the baseline has none.
OF_THE_INGEST = ("rejects", "ingest_counts")
#: The contract's columns of tables that have more; of all others every column is compared.
CONTRACT = {
    "works": (
        "work_id",
        "pub_year",
        "pub_date",
        "title",
        "work_type",
        "source_id",
        "language",
        "n_authors",
        "n_references",
        "is_retracted",
    ),
    "field_works": (
        "work_id",
        "pub_year",
        "source_id",
        "n_authors",
        "n_authors_with_country",
        "lead_countries",
        "countries",
        "partner_countries",
    ),
    # The tests of pooled rows are no SQL.
    "kinds_of_works": (
        "lead_country",
        "lead_country_name",
        "partner_country",
        "partner_country_name",
        "collaborates",
        "pub_year",
        "n_works",
        "mean_team",
        "team_q1",
        "team_median",
        "team_q3",
        "n_with_institution",
        "share_top_institution",
        "hit_rate",
        "is_complete",
    ),
}
SQL = Path(__file__).parent / "sql"
COMPARED = [
    t for layer in LAYERS for t in LAYERS[layer] if t.name not in OF_THE_INGEST and (SQL / f"{t.name}.sql").is_file()
]
BUCKETS = 256
SHOWN = 3
RELATIVE, ABSOLUTE = 1e-9, 1e-12


@dataclass(frozen=True)
class Sides:
    """A table as scholarflow and as the baseline has it: views `ours` and `theirs`, of these columns, with this key."""

    connection: duckdb.DuckDBPyConnection
    table: Table
    columns: Sequence[str]
    key: Sequence[str]

    def verdict(self) -> tuple[bool, str]:
        """Whether the sides are equal, and a line that says so or how not."""
        if difference := self._types():
            return False, difference
        n_ours, n_theirs = (self._count(side) for side in ("ours", "theirs"))
        if n_ours != n_theirs:
            return False, f"{n_ours:,} rows here, {n_theirs:,} in the baseline; {self._rows()}"
        buckets = self._buckets()
        if not buckets:
            return True, f"{n_ours:,} rows equal"
        n_different, examples = self._different(buckets)
        if n_different == 0:
            return True, f"{n_ours:,} rows equal, doubles to {RELATIVE:g}"
        return False, f"{n_different:,} of {n_ours:,} rows differ; {examples}"

    def _types(self) -> str:
        ours, theirs = (dict(self._described(side)) for side in ("ours", "theirs"))
        if missing := [name for name in self.columns if name not in theirs]:
            return f"the baseline lacks columns {', '.join(missing)}"
        other = [f"{n} {theirs[n]}, not {ours[n]}" for n in self.columns if ours[n] != theirs[n]]
        return f"types of the baseline: {'; '.join(other)}" if other else ""

    def _described(self, side: str) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self.connection.execute(f"DESCRIBE {side}").fetchall()]

    def _count(self, side: str) -> int:
        return int(self.connection.execute(f"SELECT count(*) FROM {side}").fetchall()[0][0])

    def _bucket(self) -> str:
        return f"hash({', '.join(self.key)}) % {BUCKETS}"

    def _buckets(self) -> list[int]:
        """The buckets whose rows are not the same to the bit."""
        sums = f"""
            SELECT {self._bucket()} AS bucket, count(*) AS n, sum(hash({", ".join(self.columns)})) AS rows
            FROM {{side}} GROUP BY bucket
        """
        query = f"""
            SELECT coalesce(o.bucket, t.bucket) FROM ({sums.format(side="ours")}) AS o
            FULL JOIN ({sums.format(side="theirs")}) AS t USING (bucket)
            WHERE o.n IS DISTINCT FROM t.n OR o.rows IS DISTINCT FROM t.rows
        """
        return [row[0] for row in self.connection.execute(query).fetchall()]

    def _different(self, buckets: Sequence[int]) -> tuple[int, str]:
        """How many rows of these buckets differ by more than the last digits of doubles, and examples."""
        doubles = [name for name, kind in self._described("ours") if kind == "DOUBLE" and name in self.columns]
        if not doubles:
            return self._rows_apart(buckets)
        exact = [name for name in self.columns if name not in doubles and name not in self.key]
        same = [f"o.{name} IS NOT DISTINCT FROM t.{name}" for name in exact]
        same += [_close(name) for name in doubles]
        matched = " AND ".join(f"o.{name} IS NOT DISTINCT FROM t.{name}" for name in self.key)
        where = f"WHERE {self._bucket()} IN {tuple(buckets) if len(buckets) > 1 else f'({buckets[0]})'}"
        found = self.connection.execute(f"""
            SELECT o AS ours, t AS theirs, count(*) OVER () AS n
            FROM (FROM ours {where}) AS o FULL JOIN (FROM theirs {where}) AS t ON {matched}
            WHERE NOT coalesce({" AND ".join(same)}, false) OR o.{self.key[0]} IS NULL OR t.{self.key[0]} IS NULL
            LIMIT {SHOWN}
        """).fetchall()
        return (found[0][2] if found else 0), "; ".join(self._contrast(row[0], row[1]) for row in found)

    def _contrast(self, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
        """The key of a row, and the columns in which its sides differ; of a side without it all are null."""
        absent = [side[self.key[0]] is None for side in (ours, theirs)]
        key = {name: (theirs if absent[0] else ours)[name] for name in self.key}
        if any(absent):
            return f"{key}: only {'in the baseline' if absent[0] else 'here'}"
        apart = [f"{n} {ours[n]}, not {theirs[n]}" for n in self.columns if ours[n] != theirs[n]]
        return f"{key}: {', '.join(apart)}"

    def _rows(self) -> str:
        return self._different(self._buckets())[1]

    def _rows_apart(self, buckets: Sequence[int]) -> tuple[int, str]:
        where = f"WHERE {self._bucket()} IN {tuple(buckets) if len(buckets) > 1 else f'({buckets[0]})'}"
        counts, examples = [], []
        for one, other, whose in (("ours", "theirs", "only here"), ("theirs", "ours", "only in the baseline")):
            listed = ", ".join(self.columns)
            only = f"SELECT {listed} FROM {one} {where} EXCEPT ALL SELECT {listed} FROM {other} {where}"
            rows = self.connection.execute(f"SELECT *, count(*) OVER () FROM ({only}) LIMIT {SHOWN}").fetchall()
            counts.append(rows[0][-1] if rows else 0)
            examples += [f"{whose}: {row[:-1]}" for row in rows]
        return max(counts), "; ".join(examples)


def _close(name: str) -> str:
    bound = f"greatest({RELATIVE} * greatest(abs(o.{name}), abs(t.{name})), {ABSOLUTE})"
    return f"coalesce(abs(o.{name} - t.{name}) <= {bound}, o.{name} IS NULL AND t.{name} IS NULL)"


@contextmanager
def sides(connection: duckdb.DuckDBPyConnection, table: Table, delta: Path, parquet: Path) -> Iterator[Sides]:
    """Both as views that are read as they stream, keywords without their id."""
    columns = CONTRACT.get(table.name, table.column_names)
    key = list(table.grain)
    rows = "*"
    if table.name == "work_fields":
        rows = "* REPLACE (CASE WHEN scheme <> 'keyword' THEN field_id END AS field_id)"
        key.append("field_key")
    connection.register("ours_as_stored", DeltaTable(delta).to_pyarrow_dataset())
    connection.execute(f"CREATE OR REPLACE TEMP VIEW theirs_as_stored AS FROM '{parquet.as_posix()}'")
    for side in ("ours", "theirs"):
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {side} AS SELECT {rows} FROM {side}_as_stored")
    yield Sides(connection, table, columns, key)
    connection.unregister("ours_as_stored")


def keyword_ids(connection: duckdb.DuckDBPyConnection) -> str:
    """What is wrong with the ids of keywords: empty where each slug has one and no two share any."""
    for side in ("ours", "theirs"):
        slugs, ids, pairs = connection.execute(f"""
            SELECT count(DISTINCT field_key), count(DISTINCT field_id), count(*)
            FROM (SELECT DISTINCT field_id, field_key FROM {side}_as_stored WHERE scheme = 'keyword')
        """).fetchall()[0]
        if not slugs == ids == pairs:
            return f"{side}: {slugs:,} slugs of keywords have {ids:,} ids, {pairs:,} pairs"
    return ""


def compare(root: Path, baseline: Path, study: str, tables: Sequence[Table], memory_limit: str) -> bool:
    """Prints a line a table; whether all are equal."""
    all_equal = True
    with duckdb.connect(config={"memory_limit": memory_limit, "preserve_insertion_order": False}) as connection:
        for table in tables:
            delta = (root / "studies" / study if table.by_study else root) / table.name
            parquet = baseline / f"{table.name}.parquet"
            if absent := [str(path) for path in (delta, parquet) if not path.exists()]:
                is_equal, line = False, f"missing: {', '.join(absent)}"
            else:
                with sides(connection, table, delta, parquet) as both:
                    is_equal, line = both.verdict()
                    if is_equal and table.name == "work_fields" and (wrong := keyword_ids(connection)):
                        is_equal, line = False, wrong
            print(f"{table.name:<24} {'equal' if is_equal else 'DIFFERENT':<10} {line}", flush=True)
            all_equal &= is_equal
    return all_equal


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, required=True, help="root of scholarflow's tables")
    parser.add_argument("--baseline", type=Path, required=True, help="folder of the baseline's Parquet files")
    parser.add_argument("--study", default="ai-us-cn")
    parser.add_argument(
        "--table", action="append", choices=[t.name for t in COMPARED], help="only this one; repeatable"
    )
    parser.add_argument("--memory-limit", default="8GB", help="of DuckDB; more goes to disk")
    given = parser.parse_args()
    tables = [PUBLIC[name] for name in given.table] if given.table else COMPARED
    return 0 if compare(given.root, given.baseline, given.study, tables, given.memory_limit) else 1


if __name__ == "__main__":
    sys.exit(main())
