"""The contenders: how each ingests a snapshot and derives the tables of a study."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import event_log
from scholarflow.tables import LAYERS

_BENCH = Path(__file__).parent
#: Tables of a study that the reference makes too; the contenders make no others.
DERIVED = tuple(
    table.name
    for layer in ("derived", "results")
    for table in LAYERS[layer]
    if (_BENCH / "sql" / f"{table.name}.sql").is_file()
)
#: The command `scholarflow` of this checkout, whatever is installed beside the interpreter.
SCHOLARFLOW = ("-c", "from scholarflow.cli import main; main()")
_JSON = ("--log-format", "json")
#: The contender that the others are measured by, in time and in equality.
REFERENCE = "duckdb"


@dataclass(frozen=True)
class Contender:
    """A program that makes the tables.

    `engine` is the one scholarflow runs on, and `tables` what it makes of a study, all where none are named; null for
    `script`, a program of bench/ with the subcommands ingest and derive. `root_of` is the contender whose ingest it
    starts from, having none of its own: it runs in the first repeat only, to show that it can. `settings` are Spark's
    properties and variables of the environment, over those given on the command line. `is_partial` is one that makes
    some of the tables only, and these its own way.
    """

    name: str
    label: str
    engine: str | None = None
    script: str = ""
    root_of: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    is_partial: bool = False
    tables: tuple[str, ...] = DERIVED

    @property
    def is_spark(self) -> bool:
        return self.engine == "spark"

    def ingest(self, python: str, snapshot: Path, root: Path, *options: str) -> list[str]:
        """The command that reads a snapshot into a root that is not there yet; `options` are scholarflow's."""
        if self.engine:
            ingest = ("ingest", "openalex", "--input", str(snapshot), "--root", str(root))
            return [python, *SCHOLARFLOW, *ingest, "--engine", self.engine, *_JSON, *options]
        return [python, str(_BENCH / self.script), "ingest", "--input", str(snapshot), "--out", str(root)]

    def derive(self, python: str, root: Path, *options: str) -> list[str]:
        """The command that makes the tables of the study from what was ingested; `options` are scholarflow's."""
        if self.engine:
            only = [argument for table in self.tables for argument in ("--only", table)]
            return [python, *SCHOLARFLOW, "run", "--root", str(root), "--engine", self.engine, *_JSON, *only, *options]
        return [python, str(_BENCH / self.script), "derive", "--out", str(root)]

    def environment(self, settings: Mapping[str, str], log_folder: Path) -> dict[str, str]:
        """The settings as variables of the environment.

        Spark's go by PYSPARK_SUBMIT_ARGS, which stand after the session's own on the command line of its JVM: the
        driver's memory is theirs to say, but a property that the session sets itself stays as that sets it.
        """
        together = {**settings, **self.settings}
        variables = {name: value for name, value in together.items() if not name.startswith("spark.")}
        if self.is_spark:
            properties = {name: value for name, value in together.items() if name.startswith("spark.")}
            properties |= {**event_log.PROPERTIES, "spark.eventLog.dir": log_folder.as_uri()}
            arguments = [f'--conf "{name}={value}"' for name, value in properties.items()]
            variables["PYSPARK_SUBMIT_ARGS"] = " ".join([*arguments, "pyspark-shell"])
        return variables


CONTENDERS = {
    contender.name: contender
    for contender in (
        Contender("sail", "Sail", engine="sail"),
        Contender("spark", "Spark local", engine="spark"),
        Contender(
            "spark-2g",
            "Spark local, 2 GB driver",
            engine="spark",
            root_of="spark",
            settings={"spark.driver.memory": "2g"},
        ),
        Contender("duckdb", "DuckDB", script="duckdb_baseline.py"),
        Contender("pyscisci", "pySciSci", script="pyscisci_part.py", is_partial=True),
    )
}


def equality(python: str, reference: Path, root: Path) -> list[str]:
    """The command that holds a contender's tables against the reference's; its exit status says whether they agree."""
    return [python, str(_BENCH / "equality.py"), "--root", str(root), "--baseline", str(reference)]


def ingested_copy(root: Path, copy: Path) -> None:
    """A root with what another ingested and nothing derived, its files shared: no program changes a file in place."""
    shutil.copytree(root, copy, copy_function=_link, ignore=shutil.ignore_patterns("studies", ".lock"))


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def known(names: Sequence[str]) -> list[Contender]:
    """The contenders of these names.

    Errors: ValueError for none, an unknown one, or one that starts from the tables of another that is not before it.
    """
    if not names:
        raise ValueError(f"no contender given; known: {', '.join(CONTENDERS)}")
    for position, name in enumerate(names):
        if name not in CONTENDERS:
            raise ValueError(f"{name}: unknown; one of {', '.join(CONTENDERS)}")
        needed = CONTENDERS[name].root_of
        if needed and needed not in names[:position]:
            raise ValueError(f"{name}: starts from what {needed} ingested, which must stand before it")
    return [CONTENDERS[name] for name in names]
