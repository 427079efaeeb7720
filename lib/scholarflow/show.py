"""Tables for people to look at: `scholarflow show` and `scholarflow tables`; no engine is started."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table as Grid
from rich.text import Text

from scholarflow.config import load
from scholarflow.engine import Provenance, Store
from scholarflow.errors import InputError, UsageError, nearest
from scholarflow.foreign_text import printable
from scholarflow.tables import LAYERS, ON_REQUEST, PUBLIC, Table, networks, panels

#: Tables up to this size are shown in the order of their key; larger ones as they lie, unless `sort` is given.
_SORTED_ROWS = 1_000_000
#: Wider than any table.
_ANY_WIDTH = 10_000
#: Characters of a text that are shown: all of a refused record, of which a table holds no more, and not a book.
_LONGEST_TEXT = 2_000


def print_rows(
    root: Path,
    name: str,
    study: str | None,
    *,
    limit: int,
    columns: str | None,
    sort: str | None,
    where: Sequence[str],
    known: str | None = None,
) -> None:
    """Prints rows of a table, in the order of its grain unless `sort` names a column; those whose `known` is not null.

    Errors: UsageError for an unknown study, table, column or value, InputError for a table that is missing or outdated.
    """
    table = known_table(name)
    store = Store(root, study=study_of(root, study))
    made = require_made(store, table)
    chosen = [_column(table, part) for part in columns.split(",")] if columns else table.column_names
    dataset = store.dataset(table)
    condition = _filter(table, where)
    if known:
        is_known = ~pc.field(_column(table, known)).is_null()
        condition = is_known if condition is None else condition & is_known
    order = [_order(table, sort)] if sort else [_order(table, key) for key in table.grain]
    if not sort and made.n_rows > _SORTED_ROWS:
        order = []  # a large table is read no further than it is shown
    needed = list(dict.fromkeys([*chosen, *(column for column, _ in order)]))
    rows = dataset.to_table(needed, condition) if order else dataset.head(limit, needed, condition)
    rows = rows.sort_by(order) if order else rows
    told = [
        [shown(column, row[column]) for column in chosen] for row in rows.select(chosen).slice(0, limit).to_pylist()
    ]
    caption = f"{len(told):,} of {len(rows) if order else made.n_rows:,} rows"
    grid = Grid(title=f"{name}: {table.comment}", title_justify="left", caption=caption, box=box.SIMPLE_HEAD)
    for column in chosen:
        type_ = rows.schema.field(column).type
        is_number = pa.types.is_integer(type_) or pa.types.is_floating(type_)
        grid.add_column(column, justify="right" if is_number else "left", overflow="fold")
    for row in told:
        grid.add_row(*map(Text, row))
    console = _console()
    if Measurement.get(console, console.options.update_width(_ANY_WIDTH), grid).maximum > console.width:
        grid = _row_by_row(chosen, told, title=str(grid.title), caption=caption)
    console.print(grid)


def _row_by_row(columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str, caption: str) -> Grid:
    """Rows below each other, a line for each column: for a table that is wider than the screen."""
    grid = Grid(
        "column", "value", title=title, title_justify="left", caption=caption, box=box.SIMPLE_HEAD, min_width=72
    )
    grid.columns[1].overflow = "fold"
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            grid.add_row(column, Text(value))
        grid.add_section()
    return grid


def print_tables(root: Path, study: str | None) -> None:
    """Prints every table with grain, rows and version; the canonical ones, then those of each study.

    Errors: UsageError for an unknown study, InputError for a root without tables.
    """
    names = [study_of(root, study)] if study else studies(root)
    grid = Grid(
        "table",
        "one row per",
        "rows",
        "version",
        "what it holds",
        title=Text(printable(str(root)), style="italic"),
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    for column in grid.columns[2:4]:
        column.justify = "right"
    found = _add_tables(grid, Store(root), LAYERS["canonical"])
    for name in names:
        grid.add_section()
        grid.add_row(Text(f"study {name}", style="bold"))
        found |= _add_tables(
            grid,
            Store(root, study=name),
            (*LAYERS["derived"], *LAYERS["results"], *LAYERS["panels"], *ON_REQUEST.values()),
        )
    if not found:
        raise InputError(f"--root {root}: no tables here; `scholarflow ingest` makes them")
    _console().print(grid)


def _console() -> Console:
    """On a terminal as wide as that is, elsewhere as wide as a wide screen."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = 240
    return console


def _add_tables(grid: Grid, store: Store, tables: Iterable[Table]) -> bool:
    found = False
    for table in tables:
        made = store.provenance(table)
        found |= made is not None
        grid.add_row(
            table.name,
            ", ".join(table.grain) or "–",
            f"{made.n_rows:,}" if made else "missing",
            str(made.version) if made else "",
            table.comment,
        )
    return found


def known_table(name: str) -> Table:
    """A public table by its name; UsageError for an unknown one."""
    known = PUBLIC | ON_REQUEST
    if name not in known:
        raise UsageError(f"table {name}: unknown; {nearest(name, known, 'tables')}")
    return known[name]


def require_made(store: Store, table: Table) -> Provenance:
    """What a table was made from.

    Errors: InputError where it is missing, was cut short by a loss of power, or was made when it had not all columns
    that it has today.
    """
    made = store.provenance(table)
    if made is None:
        raise InputError(f"{store.path(table)}: table {table.name} is missing; {maker(table)} makes it")
    store.require_whole(table)
    if lacking := store.lacking(table):
        raise InputError(
            f"{store.path(table)}: table {table.name} has no column {lacking[0]} yet; {maker(table)} makes it anew"
        )
    return made


def maker(table: Table) -> str:
    """The command that makes a table, for messages."""
    if table in panels.ON_REQUEST:
        return "`scholarflow regress`"
    if table in networks.ON_REQUEST:
        return "`scholarflow network`"
    return "`scholarflow run`" if table.by_study else "`scholarflow ingest`"


def studies(root: Path) -> list[str]:
    """Names of the studies under a root."""
    folder = root / "studies"
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def study_of(root: Path, asked: str | None) -> str:
    """The study asked for; of none the only one of the root, else the one that the base configuration names.

    Errors: UsageError for a name that no study of the root has.
    """
    names = studies(root)
    if asked and names and asked not in names:
        raise UsageError(f"--study {asked}: no such study under {root}; studies: {', '.join(names)}")
    if asked:
        return asked
    return names[0] if len(names) == 1 else load().study.name


def _column(table: Table, name: str) -> str:
    if name.strip() not in table.column_names:
        raise UsageError(f"table {table.name}: no column {name.strip()}; columns: {', '.join(table.column_names)}")
    return name.strip()


def _order(table: Table, sort: str) -> tuple[str, Literal["ascending", "descending"]]:
    return _column(table, sort.removeprefix("-")), "descending" if sort.startswith("-") else "ascending"


def _filter(table: Table, where: Sequence[str]) -> pc.Expression | None:
    condition: pc.Expression | None = None
    for text in where:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--where {text}: must be column=value")
        column = _column(table, name)
        part = pc.field(column).is_null() if value == "null" else pc.field(column) == _typed(table, column, value)
        condition = part if condition is None else condition & part
    return condition


def _typed(table: Table, column: str, value: str) -> Any:
    type_ = next(c.type.simpleString() for c in table.columns if c.name == column)
    arrow = {"bigint": pa.int64(), "int": pa.int32(), "double": pa.float64(), "boolean": pa.bool_()}
    try:
        return pa.scalar(value).cast(arrow.get(type_, pa.string()))
    except pa.ArrowInvalid:
        raise UsageError(f"--where {column}={value}: {column} is {type_}") from None


def shown(column: str, value: Any) -> str:
    """Numbers as people read them: ids and years without separators, counts with, shares to four digits."""
    if value is None:
        return "·"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, int):
        plain = column.endswith(("_id", "_key", "year")) or column.startswith(("author_", "rank"))
        return str(value) if plain else f"{value:,}"
    if isinstance(value, list):
        return " ".join("·" if item is None else _text(item) for item in value)
    return _text(value)


def _text(value: Any) -> str:
    text = str(value)
    cut = f" … ({len(text):,} characters)" if len(text) > _LONGEST_TEXT else ""
    return printable(text[:_LONGEST_TEXT]) + cut
