#!/usr/bin/env bash
# A job on YARN with the Spark that install-node.sh put on every node, instead of the platform's. Untested; bash -n.
# As: submit-yarn.sh ingest openalex --input /mnt/data/openalex --root /mnt/data/atlas
set -euo pipefail
home=/opt/scholarflow
job=$1
shift
export SPARK_HOME=$home/venv/lib/python3.11/site-packages/pyspark
export HADOOP_CONF_DIR=${HADOOP_CONF_DIR:-/etc/hadoop/conf}
export PYSPARK_PYTHON=$home/venv/bin/python PYSPARK_DRIVER_PYTHON=$home/venv/bin/python
# No SPARK_CONF_DIR of the platform: its properties are meant for its own Spark.
unset SPARK_CONF_DIR
exec "$SPARK_HOME/bin/spark-submit" --master yarn --deploy-mode client \
    --properties-file "$home/conf/spark-cluster.conf" \
    --conf "spark.yarn.jars=local:$SPARK_HOME/jars/*" \
    --conf "spark.executorEnv.JAVA_HOME=${JAVA_HOME:?a JDK 17 or newer}" \
    --conf spark.executor.memoryOverheadFactor=0.4 \
    "$home/jobs/$job.py" "$@"
