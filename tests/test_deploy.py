"""What can be said of the templates in deploy/ without their platforms: they parse, and agree with conf/ and jobs/."""

import ast
import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from scholarflow.config import spark_properties
from scholarflow.engine.session import DELTA_PACKAGE
from scholarflow.network.components import GRAPHFRAMES_PACKAGE

#: What the init script on Databricks leaves out of what the project depends on, and why.
NOT_ON_DATABRICKS = {
    "pyspark": "the runtime's own Spark",
    "delta-spark": "the runtime's own Delta; its Python is imported nowhere",
    "pysail": "the other engine, imported when it starts",
    "pandas": "the runtime has it",
    "numpy": "the runtime has it",
    "graphframes-py": "of no use without its jar, which the template does not bring",
}
CHECKOUT = Path(__file__).parents[1]
DEPLOY = CHECKOUT / "deploy"
SCRIPTS = sorted(DEPLOY.rglob("*.sh"))


def template(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_parses(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True)


def test_the_application_on_kubernetes_has_the_properties_of_a_cluster() -> None:
    application = template("kubernetes/ingest.yaml")["spec"]
    properties = spark_properties("spark-cluster.conf")
    assert application["deps"]["packages"] == [properties.pop("spark.jars.packages")] == [DELTA_PACKAGE]
    adaptive = properties.pop("spark.sql.adaptive.enabled")
    assert adaptive == "true", "Spark's default, which the template leaves to it"
    assert properties.items() <= application["sparkConf"].items()


def test_what_s3a_needs_has_all_that_a_cluster_needs() -> None:
    cluster, s3a = spark_properties("spark-cluster.conf"), spark_properties("spark-s3a.conf")
    for name in ("spark.jars.packages", "spark.jars.excludes"):  # of these the later file's lines count alone
        assert set(cluster[name].split(",")) < set(s3a[name].split(","))


def test_the_documentation_of_graphframes_names_delta_too() -> None:
    text = (CHECKOUT / "docs/decisions/network.md").read_text(encoding="utf-8")
    assert f"--packages {DELTA_PACKAGE},{GRAPHFRAMES_PACKAGE} " in text


@pytest.mark.parametrize(("script", "first"), [("emr", "\naws "), ("dataproc", "\ngcloud ")])
def test_what_a_script_is_not_told_is_asked_before_machines_are_up(script: str, first: str) -> None:
    _, *later = (DEPLOY / script / "create-cluster.sh").read_text(encoding="utf-8").split(first)
    assert later
    assert not any(":?" in text for text in later)


def submitted_to_yarn(home: Path, options: str = "") -> list[str]:
    """What submit-yarn.sh gives spark-submit."""
    bin_folder = home / "venv/lib/python3.11/site-packages/pyspark/bin"
    bin_folder.mkdir(parents=True, exist_ok=True)
    (bin_folder / "spark-submit").write_text('#!/usr/bin/env bash\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    (bin_folder / "spark-submit").chmod(0o755)
    given = {"PATH": os.environ["PATH"], "SCHOLARFLOW_HOME": str(home), "JAVA_HOME": "/java", "SUBMIT_OPTIONS": options}
    command = ["bash", DEPLOY / "submit-yarn.sh", "run", "--root", "/mnt/a root"]
    return subprocess.run(command, env=given, capture_output=True, text=True, check=True).stdout.splitlines()


def test_options_of_a_submission_to_yarn_come_after_its_own_and_before_the_job(tmp_path: Path) -> None:
    job = [f"{tmp_path}/jobs/run.py", "--root", "/mnt/a root"]
    assert submitted_to_yarn(tmp_path)[-3:] == job
    assert submitted_to_yarn(tmp_path, "--num-executors 8")[-5:] == ["--num-executors", "8", *job]


def test_the_templates_have_the_same_sizes_which_fit_their_machines(tmp_path: Path) -> None:
    given = submitted_to_yarn(tmp_path)
    conf = dict(given[at + 1].split("=", 1) for at, word in enumerate(given) if word == "--conf")
    names = ("instances", "cores", "memory", "memoryOverhead")
    executors, cores, memory, beside = (int(conf[f"spark.executor.{name}"].rstrip("g")) for name in names)
    kubernetes = template("kubernetes/ingest.yaml")["spec"]["executor"]
    databricks = template("databricks/databricks.yml")["resources"]["jobs"]["scholarflow"]["job_clusters"][0]
    emr = (DEPLOY / "emr/create-cluster.sh").read_text(encoding="utf-8")
    dataproc = (DEPLOY / "dataproc/create-cluster.sh").read_text(encoding="utf-8")
    airflow = (DEPLOY / "airflow/scholarflow_dag.py").read_text(encoding="utf-8")
    assert executors * cores == 320
    assert databricks["new_cluster"]["num_workers"] == 20
    assert (kubernetes["instances"], kubernetes["cores"]) == (executors, cores)
    assert (kubernetes["memory"], kubernetes["memoryOverhead"]) == (f"{memory}g", f"{beside}g")
    assert "InstanceType=r6id.4xlarge,InstanceCount=20" in emr, "of 16 cores and 128 GB"
    assert "--worker-machine-type n2-highmem-16 --num-workers 20" in dataproc, "the same"
    in_use = executors // 20 * (memory + beside)
    assert in_use <= 128 * 0.8 - 2, "Dataproc gives YARN four fifths; the application master takes some"
    for sized in (
        f"num_executors={executors}",
        f"executor_cores={cores}",
        f'executor_memory="{memory}g"',
        f'"{beside}g"',
    ):
        assert sized in airflow


def test_databricks_installs_what_the_project_depends_on() -> None:
    script = (DEPLOY / "databricks/packages.sh").read_text(encoding="utf-8")
    installed = next(line for line in script.replace("\\\n", "").splitlines() if "pip install" in line)
    packages = [word for word in shlex.split(installed) if not word.startswith(("-", "/")) and word != "install"]
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[\[<>=]", dependency)[0]: dependency for dependency in project["dependencies"]}
    assert wanted.keys() >= NOT_ON_DATABRICKS.keys()
    assert sorted(packages) == sorted(wanted[name] for name in wanted.keys() - NOT_ON_DATABRICKS.keys())


def test_databricks_deploys_the_wheel_that_its_init_script_installs() -> None:
    bundle = template("databricks/databricks.yml")
    (included,) = bundle["sync"]["include"]
    assert Path(os.path.normpath(DEPLOY / "databricks" / included)) == CHECKOUT / "dist/*.whl"
    cluster = bundle["resources"]["jobs"]["scholarflow"]["job_clusters"][0]["new_cluster"]
    variables = dict.fromkeys(cluster["spark_env_vars"], "/bundle")
    (script,) = [given["workspace"]["destination"] for given in cluster["init_scripts"]]
    lines = (DEPLOY.parent / script.removeprefix("${workspace.file_path}/")).read_text(encoding="utf-8")
    last = "echo " + lines.rstrip().splitlines()[-1]
    said = subprocess.run(["bash", "-c", last], env=variables, capture_output=True, text=True, check=True).stdout
    assert said.split()[-1] == "/bundle/dist/scholarflow-*.whl"


def test_every_task_on_databricks_is_a_job_that_there_is() -> None:
    tasks = template("databricks/databricks.yml")["resources"]["jobs"]["scholarflow"]["tasks"]
    files = [DEPLOY / "databricks" / task["spark_python_task"]["python_file"] for task in tasks]
    assert [file.resolve() for file in files] == [CHECKOUT / "jobs/ingest.py", CHECKOUT / "jobs/run.py"]


def test_every_task_in_airflow_is_a_job_that_there_is() -> None:
    dag = ast.parse((DEPLOY / "airflow/scholarflow_dag.py").read_text(encoding="utf-8"))
    called = [
        ast.literal_eval(node.args[0])
        for node in ast.walk(dag)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "job"
    ]
    assert sorted(called) == ["check", "ingest", "run"]
    assert all((CHECKOUT / "jobs" / f"{name}.py").is_file() for name in called)
