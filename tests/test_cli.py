"""The command line as a user meets it: one clear line, the documented exit status, never a traceback."""

import gzip
import json
import re
import runpy
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.csv
import pytest
from deltalake import DeltaTable

from scholarflow.cli import main
from scholarflow.pipeline import STAGES, group

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line; gives exit status, standard output and standard error."""

    def runner(*arguments: str | Path) -> tuple[int, str, str]:
        status: object = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as ended:
            status = ended.code
            assert status, "what is done ends without an exception"
        printed = capfd.readouterr()
        return int(str(status)), printed.out, printed.err

    return runner


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with a small simulated snapshot and its study, made by the command line."""
    folder = tmp_path_factory.mktemp("command line")
    for arguments in (
        ["simulate", "--works", "1500", "--out", f"{folder}/snapshot", "--dirty"],
        ["ingest", "openalex", "--input", f"{folder}/snapshot", "--root", f"{folder}/root"],
        ["run", "--root", f"{folder}/root"],
    ):
        main(arguments)
    return folder / "root"


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["fly"], 2, "No such command 'fly'"),
        (["run"], 2, "Missing option '--root'"),
        (["run", "--root", "R", "--engine", "duck"], 2, "'duck' is not one of"),
        (["run", "--root", "R", "--only", "moves"], 2, "--only moves: no such derived table"),
        (["run", "--root", "R", "--only", "works"], 2, "--only works: no such derived table; ingest makes it"),
        (["run", "--root", "R", "--set", "study.frist_year=2001"], 2, "did you mean study.first_year?"),
        (["run", "--root", "R", "--set", "study.first_year=2050"], 2, "the period is empty"),
        (["run", "--root", "R", "--set", "hits.ties=7"], 2, "hits.ties = 7"),
        (["run", "--root", "R", "--config", "none.toml"], 3, "none.toml: no such file"),
        (["run", "--root", "R", "--set", "conferences.file=none.csv"], 3, "conferences.file none.csv: no such file"),
        (["run", "--root", "R", "--set", "conferences.similar_words=0"], 2, "conferences.similar_words = 0"),
        (
            ["run", "--root", "R", "--set", "ancestry.classifier=census"],
            2,
            "ancestry.classifier = census: must be ethnicseer",
        ),
        (["run", "--root", "R", "--set", "ancestry.classifier=file:none.csv"], 3, "file:none.csv: no such file"),
        (["run", "--root", "R", "--set", "ancestry.min_cell=1"], 2, "ancestry.min_cell = 1"),
        (["run", "--root", "R"], 3, "no tables here"),
        (["run", "--root", "hdfs://host/atlas"], 2, "hdfs:// is not supported"),
        (["tables", "--root", "R"], 3, "no tables here"),
        (["check", "--root", "R"], 3, "no tables here"),
        (["show", "moves", "--root", "R"], 2, "table moves: unknown"),
        (["show", "works", "--root", "R"], 3, "table works is missing; `scholarflow ingest` makes it"),
        (["run", "--root", "R", "--set", "panels.covariates=no.csv"], 3, "panels.covariates no.csv: no such file"),
        (["export", "moves", "--root", "R", "--out", "O"], 2, "table moves: unknown"),
        (["export", "--root", "R", "--out", "O"], 3, "table panel_works is missing; `scholarflow run` makes it"),
        (["export", "--root", "R", "--out", "O", "--format", "dta"], 2, "'dta' is not one of"),
        (["network", "--root", "R"], 3, "table field_works is missing; `scholarflow run` makes it"),
        (["network", "--root", "R", "--level", "city"], 2, "'city' is not one of"),
        (
            ["network", "--root", "R", "--backend", "graphframes", "--engine", "sail"],
            2,
            "--backend graphframes: needs Spark",
        ),
        (["regress", "--root", "R"], 3, "table premium_cells is missing; `scholarflow run` makes it"),
        (["ingest", "openalex", "--input", "nowhere", "--root", "R"], 3, "nowhere: no such folder"),
        (["ingest", "scopus", "--input", "I", "--root", "R"], 2, "'scopus' is not one of"),
        (
            ["simulate", "--works", "1000", "--out", "O", "--format", "mag", "--encoding", "parquet"],
            2,
            "are for format openalex",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_a_user_can_get_wrong(
    run: Run, arguments: list[str], status: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended, out, error = run(*arguments)
    assert ended == status
    assert message in error
    assert len(error.strip().splitlines()) == 1
    assert not out
    assert not [path for path in tmp_path.rglob("*") if path.name != ".lock" and path.is_file()]


def test_a_classifier_that_is_not_installed_is_said_before_anything_is_opened(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scholarflow.ancestry.ethnicseer_model.find_spec", lambda name: None)
    status, printed, said = run("run", "--root", tmp_path, "--set", "ancestry.classifier=ethnicseer")
    assert (status, printed) == (2, "")
    assert said.startswith("scholarflow: ancestry.classifier = ethnicseer: ethnicseer is not installed")
    assert "or make ancestry in a checkout" in said
    assert said.count("\n") == 1


def test_help_says_what_there_is(run: Run) -> None:
    status, out, _ = run("--help")
    assert status == 0
    commands = ("simulate", "ingest", "run", "report", "export", "regress", "network", "show", "tables", "check")
    assert all(command in out for command in commands)
    assert run("--version")[1].startswith("scholarflow ")
    assert run()[0] == 2


def test_a_truncated_part_file_is_named_and_nothing_committed(run: Run, tmp_path: Path) -> None:
    part = tmp_path / "in/works/updated_date=2026-01-01/part_0000.gz"
    part.parent.mkdir(parents=True)
    whole = gzip.compress(
        b"".join(json.dumps({"id": f"W{n}", "publication_year": 2000}).encode() + b"\n" for n in range(999))
    )
    part.write_bytes(whole[: len(whole) // 2])
    status, _, error = run("ingest", "openalex", "--input", tmp_path / "in", "--root", tmp_path / "root")
    assert status == 3
    assert "works/updated_date=2026-01-01/part_0000.gz: is truncated" in error
    assert not (tmp_path / "root/works").exists()


def test_a_root_holds_one_source(run: Run, root: Path, tmp_path: Path) -> None:
    run("simulate", "--works", "200", "--format", "mag", "--out", tmp_path / "mag")
    status, _, error = run("ingest", "mag", "--input", tmp_path / "mag", "--root", root)
    assert (status, "this root holds openalex" in error) == (2, True)


@pytest.mark.slow
def test_a_second_run_has_nothing_to_do(run: Run, root: Path) -> None:
    assert "up to date" in run("run", "--root", root)[2]
    assert run("run", "--root", root, "--dry-run")[1] == "every table is up to date\n"
    forced = run("run", "--root", root, "--dry-run", "--force", "--only", "migrations")[1]
    assert forced.splitlines() == [f"{'migrations':<24} forced", "1 tables would be made"]


def test_progress_as_json(run: Run, root: Path) -> None:
    _, _, error = run("run", "--root", root, "--only", "migrations", "--force", "--log-format", "json")
    events = [json.loads(line) for line in error.splitlines()]
    assert [event["event"] for event in events[:2]] == ["started", "done"]
    assert {event["event"] for event in events[2:]} == {"note"}
    assert events[1]["stage"] == "migrations"
    assert events[1]["rows"] >= 0


@pytest.mark.slow
def test_every_check_passes_and_a_broken_sum_is_named(run: Run, root: Path, tmp_path: Path) -> None:
    status, _, error = run("check", "--root", root)
    assert status == 0
    assert "checks passed" in error
    edges = root / "studies/ai-us-cn/collaboration_edges"
    rows = DeltaTable(edges).to_pyarrow_table()
    DeltaTable(edges).delete("country_b = 'US'")
    try:
        status, _, error = run("check", "--root", root)
        assert status == 4
        assert "table collaboration_edges: fractional pairs sum to the international works: broken by" in error
    finally:
        DeltaTable(edges).restore(DeltaTable(edges).version() - 1)
    assert DeltaTable(edges).to_pyarrow_table().num_rows == rows.num_rows


def test_show_and_tables(run: Run, root: Path) -> None:
    _, out, _ = run("tables", "--root", root)
    assert "author_country_years" in out
    assert "study ai-us-cn" in out
    _, out, _ = run(
        *("show", "country_totals", "--root", root, "--columns", "country_name,n_works", "--sort", "-n_works"),
        *("--where", "years=period", "--limit", "1"),
    )
    assert "United States" in out
    _, out, _ = run("show", "citation_premium", "--root", root, "--limit", "2")  # wider than any screen: row by row
    assert len(re.findall(r"^ *premium_pct  ", out, re.MULTILINE)) == 2
    for wrong in (("--columns", "n_wroks"), ("--sort", "x"), ("--where", "n_works"), ("--where", "n_works=many")):
        assert run("show", "country_totals", "--root", root, *wrong)[0] == 2


@pytest.mark.slow
def test_panels_are_exported_and_regressed(run: Run, root: Path, tmp_path: Path) -> None:
    status, _, error = run("export", "--root", root, "--out", tmp_path / "panels", "--format", "csv")
    assert status == 0, error
    assert "4 files or folders" in error
    assert {path.suffix for path in (tmp_path / "panels").iterdir()} == {".gz", ".csv"}
    copy = tmp_path / "root"
    shutil.copytree(root, copy)
    status, out, error = run("regress", "--root", copy, "--engine", "sail")
    assert status == 0, error
    estimates = pyarrow.csv.read_csv(copy / "studies" / "ai-us-cn" / "csv" / "regressions.csv")["estimate"]
    n_known = len(estimates) - estimates.null_count
    assert f"{n_known} of {n_known} rows" in out
    assert f"{len(estimates)} rows in all; those without an estimate say why" in error
    assert "regressions" in run("tables", "--root", copy)[1]
    assert run("show", "regressions", "--root", copy, "--limit", "1")[0] == 0


@pytest.mark.slow
def test_results_lie_as_csv_too_and_lost_ones_come_back(run: Run, root: Path) -> None:
    names = {stage.table.name for stage in STAGES if stage.table.as_csv}
    assert run("run", "--root", root)[0] == 0
    folder = root / "studies/ai-us-cn/csv"
    before = {path.stem: path.read_bytes() for path in folder.glob("[a-z]*.csv")}
    assert before.keys() == names
    (folder / "country_years.csv").unlink()
    (folder / "country_totals.csv").write_text("of another version")
    (folder / ".versions.json").write_text("{}")
    assert "up to date" in run("run", "--root", root)[2]
    assert {path.stem: path.read_bytes() for path in folder.glob("[a-z]*.csv")} == before


def test_titles_are_data_not_markup(run: Run, tmp_path: Path) -> None:
    part = tmp_path / "in/works/updated_date=2026-01-01/part_0000.jsonl"
    part.parent.mkdir(parents=True)
    part.write_text(json.dumps({"id": "W1", "publication_year": 2000, "title": "Marked [/b] up [in russian]"}) + "\n")
    assert run("ingest", "openalex", "--input", tmp_path / "in", "--root", tmp_path / "root")[0] == 0
    assert "Marked [/b] up [in russian]" in run("show", "works", "--root", tmp_path / "root", "--columns", "title")[1]


def test_a_damaged_table_is_named(run: Run, root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "root"
    shutil.copytree(root, copy)
    data = max((copy / "studies/ai-us-cn/migrations").glob("v*/*.parquet"))  # of the newest version
    data.write_bytes(b"no parquet")
    ended, _, error = run("check", "--root", copy)
    assert (ended, f"table migrations: {data} is missing or damaged" in error) == (4, True)
    ended, _, error = run("show", "migrations", "--root", copy)
    assert ended == 3
    assert "was cut short" in error
    ended, out, error = run("run", "--root", copy, "--only", "migration_flows", "--force")
    assert (ended, "counts as not made" in out + error) == (0, True)
    (copy / "works/_delta_log/00000000000000000002.json").write_text("{")
    ended, _, error = run("show", "works", "--root", copy)
    assert (ended, "line 1 of its log file is cut off" in error) == (3, True)


@pytest.mark.slow
def test_a_table_made_again_makes_stale_what_was_made_from_the_one_before(run: Run, root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "root"
    shutil.copytree(root, copy)
    shutil.rmtree(copy / "studies/ai-us-cn/field_works")
    again = run("run", "--root", copy, "--dry-run")[1].splitlines()
    assert run("run", "--root", copy)[0] == 0
    assert again[0].split() == ["field_works", "missing"]
    assert "citation_windows         field_works is remade" in again
    assert run("run", "--root", copy, "--dry-run")[1] == "every table is up to date\n"
    shutil.rmtree(copy / "rejects")
    ended, _, error = run("run", "--root", copy)
    assert (ended, "the last ingest did not reach table rejects" in error) == (3, True)


def test_check_says_by_which_sources_conferences_were_found_and_which_are_doubtful(run: Run, root: Path) -> None:
    status, _, error = run("check", "--root", root)
    assert status == 0
    assert "conference AAAI: 1 source with" in error
    doubts = [line for line in error.splitlines() if "arXiv (Cornell University)" in line]
    assert len(doubts) == 1
    assert doubts[0].startswith("  ICLR? source 4306400194 arXiv (Cornell University): holds other works too; 0 of ")


@pytest.mark.slow
def test_run_and_check_say_why_something_is_empty(run: Run, root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "root"
    shutil.copytree(root, copy)
    odd = ("--root", copy, "--set", "study.name=odd", "--set", 'study.pairs=[["US","KP"]]')
    odd += ("--set", "study.comparison_fields=[[999],[31972630]]")
    made = ("comparison_works", "kinds_of_works", "migrations", "work_novelty")
    asked = [argument for name in made for argument in ("--only", name)]
    for status, _, error in (run("run", *odd, *asked), run("check", *odd)):
        assert status == 0
        lines = error.splitlines()
        assert [line for line in lines if "999" in line] == [
            "no led work of the period belongs to the fields 999: variant field:999 has no rows"
        ]
        assert "no work led from US has a co-author in KP: nothing is compared there" in lines
        assert "no scientist entered US from KP: tables of movers have no row for it" in lines
        assert "no work of the snapshot lists references" not in error
        assert "content novelty is null" in error
        assert "context novelty is null" not in error
    _, _, error = run("run", *odd, "--set", "study.fields=[999]", "--only", "field_works")
    assert "no work belongs to the study's fields: its tables are empty" in error


@pytest.mark.slow
def test_a_users_own_list_of_conferences(run: Run, root: Path, tmp_path: Path) -> None:
    copy, own = tmp_path / "root", tmp_path / "own.csv"
    shutil.copytree(root, copy)
    header = "conference,kind,value,first_year,last_year,note\n"
    own.write_text(f"{header}AAAI,pattern,aaai .*,,,\nKDD,name,Knowledge Discovery,,,\n", encoding="utf-8")
    mine = ("--root", copy, "--set", f"conferences.file={own}")
    lines = run("run", *mine, "--dry-run")[1].splitlines()
    planned = dict(line.split(None, 1) for line in lines)
    assert planned["conference_sources"] == "list_of_conferences changed"
    assert planned["publication_premium"].startswith("conferences changed from ['AAAI', 'ICLR',")
    assert run("run", *mine)[0] == 0
    status, _, error = run("check", *mine)
    assert status == 0
    assert "conference KDD: no source counts as it; its shares are zero" in error
    assert "AAAI? source 4210191458 AAAI Conference on Artificial Intelligence: by pattern only; " in error
    shown = run("show", "publication_premium", "--root", copy, "--where", "pub_year=null", "--columns", "conference")
    assert {line.strip() for line in shown[1].splitlines()} >= {"AAAI", "KDD", "all"}
    assert "NeurIPS" not in shown[1]
    own.write_text(f"{header}KDD,pattern,(,,,\n", encoding="utf-8")
    assert run("run", *mine)[0] == 2


def test_jobs_cover_every_stage() -> None:
    groups = ("study", "career", "citation", "collaboration", "novelty", "comparison", "ancestry", "panel")
    assert sorted(name for g in groups for name in group(g)[1::2]) == sorted(s.table.name for s in STAGES)


@pytest.mark.parametrize(
    "job",
    ["run", "study", "career", "citation", "collaboration", "novelty", "comparison", "ancestry", "panel", "check"],
)
def test_a_job_takes_the_arguments_of_the_command_line(
    job: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [f"{job}.py", "--root", str(tmp_path / "none")])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(Path(__file__).parents[1] / "jobs" / f"{job}.py"), run_name="__main__")
    assert ended.value.code == 3
    assert "no tables here" in capfd.readouterr().err


@pytest.mark.parametrize("job", sorted((Path(__file__).parents[1] / "jobs").glob("*.py")), ids=lambda job: job.stem)
def test_a_job_that_is_done_ends_without_an_exception(job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Databricks takes any SystemExit for a failure."""
    monkeypatch.setattr(sys, "argv", [job.name, "--help"])
    runpy.run_path(str(job), run_name="__main__")
