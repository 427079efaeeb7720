"""Small MAG dumps written by hand, and what an ingest makes of them."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from scholarflow import config
from scholarflow.engine import Engine, Store
from scholarflow.ingest.mag_tables import MAG_TABLES
from scholarflow.ingest.run import ingest
from scholarflow.progress import reporter

TABLES = {table.name: table for table in MAG_TABLES}
Row = tuple[Any, ...]


def line(table: str, n_columns: int | None = None, **cells: object) -> str:
    """A row of a table by column names, in the final version or the one with so many columns."""
    versions = TABLES[table].versions
    columns = versions[n_columns or max(versions)].columns
    assert not (unknown := set(cells) - set(columns)), unknown
    return "\t".join(str(cells.get(column, "")) for column in columns)


def write(folder: Path, file: str, *lines: str, end: str = "\n") -> Path:
    """A file of the dump with these lines; gzipped if it is named so."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    content = "".join(text + end for text in lines).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def paper(number: int, n_columns: int | None = None, **cells: object) -> str:
    """A row of Papers of the year 2010, unless told otherwise."""
    return line("Papers", n_columns, **{"PaperId": number, "Year": 2010, **cells})


def signed(paper: int, author: object, affiliation: object = "", position: object = 1) -> str:
    """A row of PaperAuthorAffiliations."""
    return f"{paper}\t{author}\t{affiliation}\t{position}\t\t"


def affiliation(number: int, country: str = "", n_columns: int | None = None, **cells: object) -> str:
    """A row of Affiliations."""
    if country:
        cells["Iso3166Code"] = country
    return line("Affiliations", n_columns, AffiliationId=number, DisplayName=f"affiliation {number}", **cells)


def ingested(engine: Engine, folder: Path, root: Path, *settings: str, allow_incomplete: bool = False) -> Tables:
    """The canonical tables that an ingest of the folder makes under the root."""
    loaded = config.load(settings=settings)
    store = Store(root, engine, study=loaded.study.name)
    ingest("mag", folder, store, loaded, reporter("plain"), allow_incomplete=allow_incomplete)
    return Tables(root)


class Tables:
    """Canonical tables read without either engine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def rows(self, table: str, columns: str) -> list[Row]:
        """The rows in order, nulls first."""
        names = columns.split()
        read = DeltaTable(self.root / table).to_pyarrow_table().select(names)
        found: Sequence[Row] = list(zip(*(read.column(name).to_pylist() for name in names), strict=True))
        return sorted(found, key=lambda row: [(value is not None, str(type(value)), value) for value in row])

    def counts(self) -> dict[str, dict[str, int]]:
        """What ingest_counts says of each file, without zeros."""
        table = DeltaTable(self.root / "ingest_counts").to_pyarrow_table().to_pylist()
        return {row.pop("source_path"): {name: n for name, n in row.items() if name != "entity" and n} for row in table}
