"""A contest: the contenders measured in turns on one snapshot after another, every process a record."""

import shutil
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import event_log, records
from bench.contenders import REFERENCE, SCHOLARFLOW, Contender, equality, ingested_copy, known
from bench.figures import STEPS
from bench.measure import Cost, run_measured
from bench.records import Host, Record, Step

#: The one seed of all snapshots: who measures again measures the same bytes.
_SEED = 7
#: Where the DuckDB program puts what exceeds its memory, in the folder of its tables.
_DUCKDB_SPILL = ".spill"


@dataclass
class Contest:
    """One call of the harness: where things lie and what runs with what."""

    work_dir: Path
    measurements: Path
    host: Host
    settings: dict[str, str]
    pythons: dict[str, str]
    time_limit: float
    #: Options of `scholarflow ingest` and `run`.
    options: tuple[str, ...] = ()
    series: str = field(default_factory=lambda: datetime.now().astimezone().isoformat(timespec="seconds"))
    failures: int = 0

    def folder(self, works: int) -> Path:
        return self.work_dir / "snapshots" / str(works)

    def snapshot(self, works: int) -> Path:
        """The simulated snapshot of a size, made where there is none yet; read once so that nobody reads it cold."""
        folder = self.folder(works)
        if not folder.is_dir():
            say(f"simulating {works:,} works …")
            unfinished = folder.with_name(f".{works}")
            shutil.rmtree(unfinished, ignore_errors=True)
            self.simulate(works, unfinished)
            unfinished.rename(folder)
        for part in (folder / "data").rglob("*"):
            if part.is_file():
                with part.open("rb") as file:
                    while file.read(1 << 24):
                        pass
        return folder

    def simulate(self, works: int, folder: Path) -> None:
        arguments = ["simulate", "--works", str(works), "--seed", str(_SEED), "--out", str(folder)]
        command = [sys.executable, *SCHOLARFLOW, *arguments, "--log-format", "json"]
        cost = self.measured(command, {}, name=f"simulate-{works}")
        if cost.status:
            sys.exit(f"simulate failed:\n{cost.problem}")

    def root(self, works: int, contender: Contender) -> Path:
        return self.work_dir / "roots" / f"{works}-{contender.name}"

    def run(self, works: int, repeat: int, contender: Contender, step: Step) -> bool:
        """Measures one step and records it; whether it ended well."""
        root, python = self.root(works, contender), self.pythons.get(contender.name, sys.executable)
        name = f"{works}-{contender.name}-{repeat}-{step}"
        if step == "ingest":
            command = contender.ingest(python, self.snapshot(works), root, *self.options)
        elif step == "derive":
            command = contender.derive(python, root, *self.options)
        else:
            command = equality(python, self.root(works, known([REFERENCE])[0]), root)
        logs = self.work_dir / "event-logs" / name
        shutil.rmtree(logs, ignore_errors=True)
        logs.mkdir(parents=True)
        cost = self.measured(command, contender.environment(self.settings, logs), name=name, spill=root / _DUCKDB_SPILL)
        settings = {**self.settings, **contender.settings}
        if contender.engine and self.options:
            settings["scholarflow"] = " ".join(self.options)
        spark = self.spark_costs(logs, cost, settings) if contender.is_spark and step in STEPS else {}
        if not cost.status:
            shutil.rmtree(logs)  # tens of megabytes each; one of a failed run tells why
        stored = self.stored(works, root, step) if contender.engine and not cost.status else {}
        record = Record(self.series, works, repeat, contender.name, step, cost, self.host, settings, spark, stored)
        records.append(self.measurements, record)
        self.failures += not record.succeeded
        say(_line(record))
        return record.succeeded

    def stored(self, works: int, root: Path, step: Step) -> dict[str, int]:
        """Bytes of each folder of a root, and after an ingest of the part files that it read."""
        sizes = {folder.name: size_of(folder) for folder in root.iterdir() if folder.is_dir()}
        return sizes | ({"input": size_of(self.folder(works) / "data")} if step == "ingest" else {})

    def spark_costs(self, logs: Path, cost: Cost, settings: dict[str, str]) -> dict[str, event_log.SparkCost]:
        if cost.status:
            return {}
        found = event_log.costs_by_stage(event_log.read_log(logs), cost.stages)
        ran_with = event_log.effective_properties(event_log.read_log(logs))
        for name, value in settings.items():
            if name.startswith("spark.") and name != "spark.driver.memory" and ran_with.get(name) != value:
                sys.exit(f"--set {name}={value}: the session sets {ran_with.get(name)} itself, and that wins")
        return found

    def measured(
        self, command: list[str], environment: dict[str, str], *, name: str, spill: Path | None = None
    ) -> Cost:
        logs = self.work_dir / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.work_dir, prefix="scratch-", ignore_cleanup_errors=True) as scratch:
            return run_measured(
                command,
                environment=environment,
                scratch=Path(scratch),
                log=logs / f"{name}.log",
                time_limit=self.time_limit,
                spill=spill,
            )


def measure(contest: Contest, works: int, repeats: int, contenders: list[Contender], done: list[Record]) -> None:
    """All repeats at one size, contenders in turns, those already measured left out; then who is equal to whom."""
    finished = {(r.repeat, r.contender) for r in done if r.size == works and r.step == "derive" and r.succeeded}
    for repeat in range(1, repeats + 1):
        for contender in in_turn(contenders, repeat):
            if (repeat, contender.name) in finished or (contender.root_of and repeat > 1):
                continue
            root = contest.root(works, contender)
            shutil.rmtree(root, ignore_errors=True)
            if contender.root_of:
                ingested = contest.root(works, known([contender.root_of])[0])
                if not ingested.is_dir():
                    say(f"{contender.name} left out: the tables of {contender.root_of} are not there any more")
                    continue
                ingested_copy(ingested, root)
                contest.run(works, repeat, contender, "derive")
            elif contest.run(works, repeat, contender, "ingest"):
                contest.run(works, repeat, contender, "derive")
    compare(contest, works, contenders)


def in_turn(contenders: list[Contender], repeat: int) -> list[Contender]:
    """The contenders of a repeat: each time another begins; who starts from another's ingest comes right after it."""
    leaders = [c for c in contenders if not c.root_of]
    first = (repeat - 1) % len(leaders)
    turn = [*leaders[first:], *leaders[:first]]
    return [c for leader in turn for c in (leader, *(f for f in contenders if f.root_of == leader.name))]


def compare(contest: Contest, works: int, contenders: list[Contender]) -> None:
    """Holds the tables of every contender's last repeat against the reference's, where those are there."""
    reference = contest.root(works, known([REFERENCE])[0])
    for contender in contenders:
        if not contender.is_partial and contender.name != REFERENCE and contest.root(works, contender).is_dir():
            if reference.is_dir():
                contest.run(works, 1, contender, "equal")
            else:
                say(f"{contender.name} not compared: the tables of {REFERENCE} are not there")


def size_of(folder: Path) -> int:
    """Bytes of the files under a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def say(message: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {message}", file=sys.stderr, flush=True)


def _line(record: Record) -> str:
    cost = record.cost
    name = f"{record.size:>9,} works  {record.contender:<9} repeat {record.repeat}  {record.step:<7}"
    if not record.succeeded:
        return f"{name} FAILED with status {cost.status}\n{cost.problem}"
    return f"{name} {cost.work:8.1f} s of {cost.wall:.1f} s wall   {cost.peak_memory / 1e9:6.2f} GB"
