"""Secrets of the environment and of a wrong configuration: in no message and in nothing that is written."""

from pathlib import Path

import pytest
from deltalake import DeltaTable

from ingest.openalex_dump import ingested, work, write_works
from scholarflow.cli import main
from scholarflow.engine import Engine
from scholarflow.progress import reporter

SECRET = "wJalrXUtnFEMI0K7MDENG"
SECRET_KEY = "spark.hadoop.fs.s3a.secret.key"


@pytest.mark.parametrize("as_file", [False, True])
def test_a_secret_given_as_configuration_is_an_unknown_key_and_not_repeated(
    as_file: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--set", f"{SECRET_KEY}={SECRET}"]
    if as_file:
        (tmp_path / "own.toml").write_text(f'"{SECRET_KEY}" = "{SECRET}"')
        given = ["--config", str(tmp_path / "own.toml")]
    with pytest.raises(SystemExit) as ended:
        main(["run", "--root", str(tmp_path / "root"), *given])
    said = "".join(capsys.readouterr())
    assert ended.value.code == 2
    assert "unknown key spark" in said
    assert SECRET not in said


def test_secrets_of_the_environment_are_written_nowhere(
    sail: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AZURE_STORAGE_ACCOUNT_KEY"):
        monkeypatch.setenv(name, SECRET)
    write_works(tmp_path / "snapshot", work(1), "no record")
    ingested(sail, tmp_path / "snapshot", tmp_path / "root", progress=reporter("plain"))
    written = [path for path in (tmp_path / "root").rglob("*") if path.is_file()]
    assert any(path.parent.name == "_delta_log" for path in written)
    assert [path for path in written if SECRET.encode() in path.read_bytes()] == []
    # Parquet is compressed: its text is read through Delta.
    tables = [log.parent for log in (tmp_path / "root").rglob("_delta_log")]
    assert tables
    assert [path for path in tables if SECRET in str(DeltaTable(path).to_pyarrow_table().to_pylist())] == []
    assert SECRET not in "".join(capfd.readouterr())
