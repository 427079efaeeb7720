"""Arguments that several commands take, and what they refuse."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from scholarflow.engine import EngineName
from scholarflow.engine.places import Place, place_of, require_reachable
from scholarflow.errors import UsageError
from scholarflow.progress import LogFormat

Layout = Literal["2026", "legacy"]
Encoding = Literal["jsonl", "parquet"]


def folder_of(text: str) -> Path:
    """A folder on this machine.

    Errors: UsageError for what lies in an object store, which a path would silently turn into a folder of that name.
    """
    place = place_of(text)
    if not isinstance(place, Path):
        raise UsageError(f"{text}: is written locally: give a local folder, and copy it afterwards")
    return place


def stored_place(text: str) -> Place:
    """A folder, or a place in an object store that lets this process in.

    Errors: UsageError for addresses that are not supported, InputError for a store that cannot be reached.
    """
    place = place_of(text)
    require_reachable(place)
    return place


Root = Annotated[
    Any,
    typer.Option(
        "--root",
        help="Folder of the tables, or s3a://, gs://, abfss://.",
        show_default=False,
        parser=stored_place,
        metavar="DIR",
    ),
]
EngineOption = Annotated[
    EngineName,
    typer.Option("--engine", help="auto: Spark when started by spark-submit or given --master, else embedded Sail."),
]
Master = Annotated[
    str | None, typer.Option("--master", metavar="URL", help="Spark master, as local[8]; spark-submit sets its own.")
]
Log = Annotated[LogFormat, typer.Option("--log-format", help="auto: live on a terminal, plain lines elsewhere.")]
ConfigFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--config", metavar="FILE", help="TOML file naming the parameters that differ; repeatable.", show_default=False
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        "-j",
        min=1,
        metavar="N",
        help="Tables made side by side; more fill a large cluster better, and take more memory.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="One parameter, as study.first_year=2000; repeatable.", show_default=False
    ),
]
