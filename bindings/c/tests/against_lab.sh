#!/bin/sh
# against_lab.sh ITEMSEAL PROGRAM…: starts a lab of its own with the command ITEMSEAL, makes what the programs need, and runs each with the
# lab's endpoint: KEY_ARN is a multi-Region key of eu-west-1 and us-east-1, and Orders and Counted are global tables there.
set -eu

itemseal=$1
shift
ready=$(mktemp -d)
mkfifo "$ready/exports"
"$itemseal" lab up --port 0 --regions eu-west-1,us-east-1 >"$ready/exports" 2>"$ready/log" &
lab=$!
trap 'kill "$lab"; wait "$lab" 2>/dev/null || true; rm -rf "$ready"' EXIT
# What to export it says when it answers. If it ends before that, there is nothing to read.
exec 3<"$ready/exports"
read -r exported <&3 || { cat "$ready/log" >&2; exit 1; }
export AWS_ENDPOINT_URL="${exported#export AWS_ENDPOINT_URL=}" AWS_ACCESS_KEY_ID=lab AWS_SECRET_ACCESS_KEY=lab

# call SERVICE OPERATION REQUEST: the lab looks at no signature, but at the Region and the service in it.
call() {
  curl --silent --show-error --fail "$AWS_ENDPOINT_URL" -H "X-Amz-Target: $2" -H 'Content-Type: application/x-amz-json-1.1' \
    -H "Authorization: AWS4-HMAC-SHA256 Credential=lab/20260101/eu-west-1/$1/aws4_request, SignedHeaders=host, Signature=0" \
    -d "$3"
}
KEY_ARN=$(call kms TrentService.CreateKey '{"MultiRegion":true}' | sed 's/.*"Arn":"\([^"]*\)","CreationDate.*/\1/')
export KEY_ARN ITEMSEAL="$itemseal"
call kms TrentService.ReplicateKey "{\"KeyId\":\"$KEY_ARN\",\"ReplicaRegion\":\"us-east-1\"}" >/dev/null
for table in Orders Counted; do
  call dynamodb DynamoDB_20120810.CreateTable "{\"TableName\":\"$table\",\"BillingMode\":\"PAY_PER_REQUEST\",
    \"AttributeDefinitions\":[{\"AttributeName\":\"OrderID\",\"AttributeType\":\"S\"},{\"AttributeName\":\"Line\",\"AttributeType\":\"N\"}],
    \"KeySchema\":[{\"AttributeName\":\"OrderID\",\"KeyType\":\"HASH\"},{\"AttributeName\":\"Line\",\"KeyType\":\"RANGE\"}],
    \"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"}}" >/dev/null
  call dynamodb DynamoDB_20120810.UpdateTable "{\"TableName\":\"$table\",
    \"ReplicaUpdates\":[{\"Create\":{\"RegionName\":\"us-east-1\"}}]}" >/dev/null
done

for program; do
  ${RUN_UNDER:-} "$program" "$AWS_ENDPOINT_URL"
done
