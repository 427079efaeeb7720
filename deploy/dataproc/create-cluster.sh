#!/usr/bin/env bash
# Dataproc on Compute Engine: YARN from Dataproc, Spark 4.2 from install-node.sh. Untested; bash -n.
# SCHOLARFLOW: folder on Cloud Storage with what install-node.sh reads, it and submit-yarn.sh; MOUNT: the site's
# initialization action that mounts a file share on /mnt/data. Credentials: the cluster's service account, no keys.
set -euo pipefail
: "${SCHOLARFLOW:?gs://bucket/scholarflow}" "${MOUNT:?gs://bucket/mount-data.sh}" "${REGION:?}" "${ZONE:?}"
: "${ACCOUNT:?service account}"
gcloud dataproc clusters create scholarflow --region "$REGION" --zone "$ZONE" --image-version 3.0-debian13 \
    --service-account "$ACCOUNT" --scopes cloud-platform --metadata "scholarflow=$SCHOLARFLOW" \
    --initialization-actions "$MOUNT,$SCHOLARFLOW/install-node.sh" --initialization-action-timeout 20m \
    --master-machine-type n2-standard-8 --worker-machine-type n2-highmem-16 --num-workers 20 --num-worker-local-ssds 2 \
    --max-idle 30m
gcloud compute ssh "scholarflow-m" --zone "$ZONE" --command "
    set -e
    gcloud storage cp '$SCHOLARFLOW/submit-yarn.sh' /tmp/
    export JAVA_HOME=\$(dirname \$(dirname \$(readlink -f \$(command -v java))))
    bash /tmp/submit-yarn.sh ingest openalex --input /mnt/data/openalex --root /mnt/data/atlas
    bash /tmp/submit-yarn.sh run --root /mnt/data/atlas"
