#!/usr/bin/env bash
# EMR on EC2: YARN from EMR, Spark 4.2 from install-node.sh. Untested; bash -n.
# SCHOLARFLOW: folder on S3 with what install-node.sh reads, it and submit-yarn.sh; FILE_SYSTEM: an EFS or FSx for Lustre
# id whose mount on /mnt/data is the site's bootstrap action MOUNT. Credentials: the instance profile, no keys.
# Machines: x86, as requirements.lock has no NetworKit for Graviton (m7g, r7gd); r6id has a local disk, for the shuffle.
set -euo pipefail
: "${SCHOLARFLOW:?s3://bucket/scholarflow}" "${MOUNT:?s3://bucket/mount-data.sh}" "${FILE_SYSTEM:?file system}" "${SUBNET:?}"
step() {
    printf 'Type=CUSTOM_JAR,Name=%s,ActionOnFailure=CANCEL_AND_WAIT,Jar=command-runner.jar,Args=[bash,-c,"%s"]' "$1" "$2"
}
submit="aws s3 cp $SCHOLARFLOW/submit-yarn.sh /tmp/ && JAVA_HOME=/usr/lib/jvm/jre-17 bash /tmp/submit-yarn.sh"
aws emr create-cluster --name scholarflow --release-label emr-7.13.0 --applications Name=Hadoop \
    --service-role EMR_DefaultRole --ec2-attributes "InstanceProfile=EMR_EC2_DefaultRole,SubnetId=$SUBNET" \
    --instance-groups InstanceGroupType=MASTER,InstanceType=m7i.2xlarge,InstanceCount=1 \
    InstanceGroupType=CORE,InstanceType=r6id.4xlarge,InstanceCount=20 \
    --bootstrap-actions "Path=$MOUNT,Args=[$FILE_SYSTEM]" "Path=$SCHOLARFLOW/install-node.sh,Args=[$SCHOLARFLOW]" \
    --steps "$(step ingest "$submit ingest openalex --input /mnt/data/openalex --root /mnt/data/atlas")" \
    "$(step run "$submit run --root /mnt/data/atlas")" \
    --auto-terminate
