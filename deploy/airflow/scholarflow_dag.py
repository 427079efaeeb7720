"""Ingest, run and check of a study as an Airflow DAG. Untested; compiled by Python.

Needs apache-airflow-providers-apache-spark on the Airflow worker, a connection `spark` to the cluster, the checkout,
and after `make dist` its dist/, under `SCHOLARFLOW_HOME` there. Started by hand or by whatever brings a new snapshot.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from airflow import DAG
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

HOME = Path(os.environ.get("SCHOLARFLOW_HOME", "/opt/scholarflow"))
INPUT, ROOT = "{{ params.input }}", "{{ params.root }}"


def job(name: str, *arguments: str) -> SparkSubmitOperator:
    """A task that submits jobs/<name>.py."""
    return SparkSubmitOperator(
        task_id=name,
        conn_id="spark",
        application=str(HOME / "jobs" / f"{name}.py"),
        application_args=[*arguments, "--root", ROOT, "--log-format", "json"],
        py_files=str(HOME / "dist" / "scholarflow.zip"),
        properties_file=str(HOME / "conf" / "spark-cluster.conf"),
        # Sizes for 20 workers of 16 cores and 128 GB; Python works beside the heap.
        num_executors=40,
        executor_cores=8,
        executor_memory="31g",
        conf={"spark.executor.memoryOverhead": "16g"},
        driver_memory="12g",
    )


with DAG(
    "scholarflow",
    schedule=None,
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,  # one run holds a root at a time
    default_args={
        "retries": 2,  # goes on where the last attempt ended
        "retry_delay": timedelta(minutes=5),
    },
    params={"input": "/data/openalex", "root": "/data/atlas"},
) as dag:
    job("ingest", "openalex", "--input", INPUT) >> job("run") >> job("check")
