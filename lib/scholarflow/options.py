"""Arguments that several commands take, and what they refuse."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from scholarflow.engine import EngineName
from scholarflow.errors import UsageError
from scholarflow.progress import LogFormat

Layout = Literal["2026", "legacy"]
Encoding = Literal["jsonl", "parquet"]


def folder_of(text: str) -> Path:
    """A folder that driver and executors see under one path.

    Errors: UsageError for other addresses, which a path would silently turn into a local folder of that name.
    """
    plain = text.removeprefix("file://")
    if "://" in plain or plain.startswith(("dbfs:", "hdfs:", "s3:", "s3a:", "gs:", "abfss:")):
        raise UsageError(f"{text}: object stores are not supported yet; give a path that driver and executors share")
    if odd := next((character for character in "#?%" if character in plain), None):
        raise UsageError(f"{text}: Delta takes a path for an address, where {odd} has another meaning; rename it")
    return Path(plain)


Root = Annotated[
    Path, typer.Option("--root", help="Folder of the tables.", show_default=False, parser=folder_of, metavar="DIR")
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
