#!/usr/bin/env bash
# A bootstrap action (EMR) or initialization action (Dataproc): Spark 4.2 and scholarflow under /opt/scholarflow on every
# node, beside the platform's own Spark. Untested; checked by bash -n.
# Argument: the folder in object storage that holds what `make dist` built, requirements.lock, conf/ and jobs/.
set -euo pipefail
source=${1:-$(/usr/share/google/get_metadata_value attributes/scholarflow)}
if [[ $source == gs://* ]]; then copy=(gcloud storage cp --recursive); else copy=(aws s3 cp --recursive); fi
work=$(mktemp -d)
"${copy[@]}" "$source" "$work"
lock=$(find "$work" -name requirements.lock)
folder=$(dirname "$lock")

curl -fsSL https://astral.sh/uv/install.sh | env UV_INSTALL_DIR="$work" sh
sudo mkdir -p /opt/scholarflow
sudo chown "$(id -u)" /opt/scholarflow
export UV_PYTHON_INSTALL_DIR=/opt/scholarflow/python
"$work/uv" venv --python 3.11 /opt/scholarflow/venv
"$work/uv" pip install --python /opt/scholarflow/venv/bin/python --require-hashes -r "$lock"
"$work/uv" pip install --python /opt/scholarflow/venv/bin/python --no-deps "$folder"/scholarflow-*.whl
cp -r "$folder/conf" "$folder/jobs" /opt/scholarflow/
chmod -R a+rX /opt/scholarflow
