"""A MAG dump on disk: its files, the version they are in, and the user's list of affiliation countries."""

import itertools
import re
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from scholarflow.config import Config
from scholarflow.countries import COUNTRIES
from scholarflow.engine import Engine, Place, SourceFile, read_lines
from scholarflow.engine.places import found
from scholarflow.engine.reading import READ_ERRORS, opened
from scholarflow.errors import InputError
from scholarflow.ingest import mag_tables
from scholarflow.ingest.mag_tables import (
    BYTE_ORDER_MARK,
    MAG_TABLES,
    REQUIRED,
    STRAY_BYTES,
    Layout,
    MagTable,
    parsed_rows,
)
from scholarflow.ingest.parsing import Feed, write_rows
from scholarflow.ingest.refused import rows_or_refusals
from scholarflow.ingest.snapshot import require_folder, source_files
from scholarflow.stage import code_of
from scholarflow.tables import parsed

#: Where tables lie below the input; archived dumps are flat. samples/ holds excerpts of the same tables.
_FOLDERS = ("mag", "advanced")
#: How many lines of a file are looked at to tell its version: single rows are short or too wide.
_LINES_LOOKED_AT = 1000


def feeds(folder: Place, config: Config) -> list[Feed]:
    """What there is to read, table by table, and the list of affiliation countries if the configuration names one.

    Errors: InputError for a folder without the tables that an ingest needs, a file that is there twice, parts of one
    table in different versions, a version that is not known, and a list of countries that is not there.
    """
    require_folder(folder)
    files = {table.name: _files(folder, table) for table in MAG_TABLES}
    if missing := [table.name for table in REQUIRED if not files[table.name]]:
        raise InputError(
            f"--input {folder}: no {' and no '.join(f'{name}.txt' for name in missing)} in it, nor in mag/ or advanced/"
        )
    tables = [_table_feed(table, files[table.name], config) for table in MAG_TABLES]
    return [*tables, _countries_feed(config.ingest.affiliation_countries)]


def _files(folder: Place, table: MagTable) -> list[SourceFile]:
    """The files of a table: one, or numbered parts, plain or gzipped."""
    name = re.compile(rf"{table.name}\.txt(\.\d+)?(\.gz)?")
    paths = [
        path
        for at in (folder, *(folder / name for name in _FOLDERS))
        for path in found(at, "*")
        if name.fullmatch(path.name)
    ]
    files = source_files(folder, paths)
    by_part: dict[str, str] = {}
    for file in files:
        part = file.path.name.removesuffix(".gz")
        if part in by_part:
            raise InputError(f"--input {folder}: {part} is there twice, as {by_part[part]} and {file.source_path}")
        by_part[part] = file.source_path
    return files


def _table_feed(table: MagTable, files: Sequence[SourceFile], config: Config) -> Feed:
    layout = layout_of(table, files)
    years = {"first_year": config.ingest.first_year, "last_year": config.ingest.last_year}

    def parse(engine: Engine, files: Sequence[SourceFile]) -> DataFrame:
        return parsed_rows(read_lines(engine, files), table, layout, **years)

    return Feed(
        table.name,
        table.table,
        files,
        partial(write_rows, parse=parse, table=table.table),
        parameters={"columns": list(layout.columns), "has_header": layout.has_header}
        | (years if table is mag_tables.PAPERS else {}),
        code=code_of(mag_tables),
    )


def layout_of(table: MagTable, files: Sequence[SourceFile]) -> Layout:
    """The layout of a table's files: by their header row, else by how many columns most of their first rows have.

    The final version where no file has a row. Errors: InputError naming the file whose version is not known, or is
    not that of the others.
    """
    found: dict[Layout, str] = {}
    undecided: dict[str, int] = {}
    for file in files:
        rows = [line.split("\t") for line in _first_lines(file)]
        layout = _header(table, rows, file) or _commonest_version(table, rows)
        if layout is not None:
            found.setdefault(layout, file.source_path)
        elif rows:
            undecided[file.source_path] = max(len(row) for row in rows)
    if header := next((layout for layout in found if layout.has_header), None):
        # Of a split table perhaps only the first part names its columns.
        found = {at: name for at, name in found.items() if at.has_header or len(at.columns) != len(header.columns)}
    if len(found) > 1:
        versions = " and ".join(f"{len(layout.columns)} columns in {name}" for layout, name in found.items())
        raise InputError(f"{table.name}: files of different versions: {versions}")
    if found:
        return next(iter(found))
    newest = next(iter(table.versions.values()))
    for name, n_columns in undecided.items():
        # Rows of a table with one version may all be short.
        if len(table.versions) > 1 or n_columns > len(newest.columns):
            known = ", ".join(str(n) for n in sorted(table.versions))
            raise InputError(f"{name}: rows of {n_columns} columns; {table.name} has {known}, or a header row")
    return newest


def _header(table: MagTable, rows: Sequence[Sequence[str]], file: SourceFile) -> Layout | None:
    """The layout that the first row names (the OpenAlex MAG format); null where it names none."""
    first = [name.strip(BYTE_ORDER_MARK) for name in rows[0]] if rows else [""]
    if first[0] != table.columns[0]:
        return None
    if missing := [name for name in table.needs.values() if name not in first]:
        raise InputError(f"{file.source_path}: its header row names no {' and no '.join(missing)}")
    return Layout(tuple(first), has_header=True)


def _commonest_version(table: MagTable, rows: Sequence[Sequence[str]]) -> Layout | None:
    counts = Counter(len(row) for row in rows if len(row) in table.versions)
    if not counts:
        return None
    return table.versions[max(counts, key=lambda n_columns: (counts[n_columns], n_columns))]


def _first_lines(file: SourceFile) -> list[str]:
    """The first lines that are not blank; those before the break of a file that cannot be read to its end."""
    lines: list[str] = []
    with opened(file.path) as content:
        try:
            for line in itertools.islice(content, _LINES_LOOKED_AT):
                text = line.decode("utf-8", "replace").translate(dict.fromkeys(map(ord, STRAY_BYTES + "\n")))
                if text.strip(" "):
                    lines.append(text)
        except READ_ERRORS:
            pass  # reading the whole file meets the break again, and names it
    return lines


def _countries_feed(listed: str) -> Feed:
    files = [_countries_file(listed)] if listed else []
    table = parsed.AFFILIATION_COUNTRIES
    write = partial(write_rows, parse=country_rows, table=table)
    return Feed("affiliation_countries", table, files, write, parameters={}, code=code_of(sys.modules[__name__]))


def _countries_file(listed: str) -> SourceFile:
    path = Path(listed)
    if listed.startswith("~"):
        with suppress(RuntimeError, ValueError):  # a name that begins so, and nobody's home
            path = path.expanduser()
    if not path.is_file():
        raise InputError(f"ingest.affiliation_countries {listed}: no such file")
    file = SourceFile(path, path.name, path.stat().st_size)
    header = next(iter(_first_lines(file)), "")
    if len(cells := header.split(",")) < 2 or cells[1].strip(' "').upper() in COUNTRIES:
        raise InputError(
            f"ingest.affiliation_countries {listed}: must begin with a header row of two columns, such as "
            "affiliation,country_code"
        )
    return file


def country_rows(engine: Engine, files: Sequence[SourceFile]) -> DataFrame:
    """Header row, then affiliation id or GRID id, ISO 3166-1 alpha-2; further columns are ignored.

    Neither column can hold a comma or a quote of its own.
    """
    (file,) = files
    header = next(iter(_first_lines(file)), "")
    line = F.translate("value", STRAY_BYTES, "")
    lines = read_lines(engine, files).where((F.trim(line) != "") & (line != header))
    cells = F.split(line, ",", -1)
    affiliation, country_code = _unquoted(F.get(cells, F.lit(0))), F.upper(_unquoted(F.get(cells, F.lit(1))))
    known = F.coalesce(country_code.isin(*sorted(COUNTRIES)), F.lit(False))
    reason = F.when(F.coalesce(affiliation, F.lit("")) == "", "no affiliation").when(
        ~known, "no ISO 3166-1 alpha-2 code"
    )
    # The file lies anywhere, under any name: Spark would give that name as an address.
    named = lines.withColumn("source_path", F.lit(file.source_path))
    return rows_or_refusals(named, reason, {"affiliation": F.lower(affiliation), "country_code": country_code})


def _unquoted(cell: Column) -> Column:
    return F.trim(F.translate(cell, '"', ""))
