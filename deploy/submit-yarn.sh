#!/usr/bin/env bash
# A job on YARN with the Spark that install-node.sh put on every node, instead of the platform's. Untested; bash -n.
# As: submit-yarn.sh ingest openalex --input /mnt/data/openalex --root /mnt/data/atlas
# SUBMIT_OPTIONS: more options of spark-submit, divided by spaces; what they set anew is theirs, as in
# SUBMIT_OPTIONS="--num-executors 8 --driver-memory 8g".
set -euo pipefail
home=${SCHOLARFLOW_HOME:-/opt/scholarflow}
job=$1
shift
read -ra options <<< "${SUBMIT_OPTIONS:-}"
export SPARK_HOME=$home/venv/lib/python3.11/site-packages/pyspark
export HADOOP_CONF_DIR=${HADOOP_CONF_DIR:-/etc/hadoop/conf}
export PYSPARK_PYTHON=$home/venv/bin/python PYSPARK_DRIVER_PYTHON=$home/venv/bin/python
# No SPARK_CONF_DIR of the platform: its properties are meant for its own Spark.
unset SPARK_CONF_DIR
# Sizes: 20 workers of 16 cores and 128 GB, as emr/ and dataproc/ make them, of which YARN has 102 GB or more. Two executors
# on each leave room for the application master; heaps below 32 GB keep short pointers. Python works beside the heap.
exec "$SPARK_HOME/bin/spark-submit" --master yarn --deploy-mode client \
    --properties-file "$home/conf/spark-cluster.conf" \
    --conf "spark.yarn.jars=local:$SPARK_HOME/jars/*" \
    --conf "spark.executorEnv.JAVA_HOME=${JAVA_HOME:?a JDK 17 or newer}" \
    --conf "spark.yarn.appMasterEnv.JAVA_HOME=$JAVA_HOME" \
    --conf spark.executor.instances=40 --conf spark.executor.cores=8 \
    --conf spark.executor.memory=31g --conf spark.executor.memoryOverhead=16g --conf spark.driver.memory=12g \
    "${options[@]}" \
    "$home/jobs/$job.py" "$@"
