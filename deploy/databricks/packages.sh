#!/usr/bin/env bash
# Init script: scholarflow and what it imports, but not the pyspark it pins: the runtime's own stays. Untested; bash -n.
# SCHOLARFLOW: the deployed folder of the bundle, which databricks.yml gives. Where this script itself lies is not asked:
# nothing says that it is run from there.
set -euo pipefail
/databricks/python/bin/pip install --quiet "deltalake>=1.6,<2" "pyarrow>=18" "pydantic>=2.10,<3" "typer>=0.15" "rich>=13" \
    "orjson>=3.10" "isal>=1.7" "msgspec>=0.19" "xxhash>=3.5" "babel>=2.16" "zstandard>=0.25" "scipy>=1.13" \
    "universal-pathlib>=0.3" "altair>=6" "vl-convert-python>=1.9" "jinja2>=3.1" "networkit>=11"
/databricks/python/bin/pip install --quiet --no-deps "${SCHOLARFLOW:?the bundle}"/dist/scholarflow-*.whl
