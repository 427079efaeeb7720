"""docs/tables.md from the declarations: `python -m scholarflow.tables.documentation --write|--check FILE`."""

import sys
from pathlib import Path

from scholarflow.tables import LAYERS, ON_REQUEST, Column, Table

_HEAD = """# Tables

Generated from the declarations in `lib/scholarflow/tables/` by `make docs`; every table and column carries the same
words as a comment in Delta. Canonical tables lie at `<root>/<table>`, derived and result tables at
`<root>/studies/<name>/<table>`, result tables also as CSV at `<root>/studies/<name>/csv/<table>.csv`; panels and cells,
which may be large, by `scholarflow export`.

A name with `?` may be null; what null means is said beside it.
"""
_LAYERS = {
    "canonical": "Canonical tables: the same whichever source was read (`scholarflow ingest`)",
    "derived": "Derived tables: what a study makes of them (`scholarflow run`)",
    "results": "Results: small tables for regressions and reading (`scholarflow run`)",
    "panels": "Panels: what a regression is run on (`scholarflow run`, out by `scholarflow export`)",
}


def markdown() -> str:
    """The page."""
    parts = [_HEAD]
    for layer, tables in LAYERS.items():
        parts.append(f"\n## {_LAYERS[layer]}\n")
        parts += [_section(table) for table in tables]
    parts.append("\n## On request: examples of regressions (`scholarflow regress`), networks (`scholarflow network`)\n")
    parts += [_section(table) for table in ON_REQUEST.values()]
    return "\n".join(parts)


def _section(table: Table) -> str:
    lines = [f"### {table.name}", "", table.comment, ""]
    lines.append(f"One row per: {', '.join(f'`{name}`' for name in table.grain)}." if table.grain else "No key.")
    lines += ["", "| column | type | meaning |", "|---|---|---|"]
    for column in table.columns:
        lines.append(_line(column))
        lines += [_line(member, of=column.name) for member in column.members]
    if table.checks:
        lines += ["", "Checked: " + "; ".join(f"`{check}`" for check in table.checks.values()) + "."]
    return "\n".join([*lines, ""])


def _line(column: Column, of: str = "") -> str:
    name = f"{of}.{column.name}" if of else column.name
    meaning = column.comment.replace("|", "∣")
    return f"| `{name}`{'?' if column.nullable else ''} | {_type(column.type.simpleString())} | {meaning} |"


def _type(name: str) -> str:
    return "array<struct>" if name.startswith("array<struct") else name


def main(arguments: list[str]) -> int:
    """Writes the page, or says whether it is up to date."""
    mode, path = arguments[0], Path(arguments[1])
    if mode == "--write":
        path.write_text(markdown(), encoding="utf-8")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == markdown():
        return 0
    print(f"{path} is not what the declarations say: run `make docs`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
