"""Loops of one operation through boto3, against any endpoint; prints calls per second.

python boto3_loops.py ENDPOINT OPERATION CALLS
"""

import contextlib
import os
import sys
import time

import boto3


def client(service, endpoint):
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1",
                        aws_access_key_id="lab", aws_secret_access_key="lab")


def main():
    endpoint, operation, calls = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if operation in ("GenerateDataKey", "Decrypt"):
        kms = client("kms", endpoint)
        key_id = kms.create_key()["KeyMetadata"]["KeyId"]
        blob = kms.generate_data_key(KeyId=key_id, NumberOfBytes=32)["CiphertextBlob"]
        call = {"GenerateDataKey": lambda n: kms.generate_data_key(KeyId=key_id, NumberOfBytes=32),
                "Decrypt": lambda n: kms.decrypt(CiphertextBlob=blob)}[operation]
    else:
        dynamodb = client("dynamodb", endpoint)
        with contextlib.suppress(dynamodb.exceptions.ResourceInUseException):
            dynamodb.create_table(TableName="Boto3", BillingMode="PAY_PER_REQUEST",
                                  AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
                                  KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}])
        dynamodb.get_waiter("table_exists").wait(TableName="Boto3", WaiterConfig={"Delay": 1})
        call = {"PutItem": lambda n: dynamodb.put_item(TableName="Boto3", Item={"pk": {"S": f"{os.getpid()}-{n}"}, "text": {"S": "x" * 1000}}),
                "GetItem": lambda n: dynamodb.get_item(TableName="Boto3", Key={"pk": {"S": f"{os.getpid()}-1"}})}[operation]
        # To put the same item again would change nothing.
        dynamodb.put_item(TableName="Boto3", Item={"pk": {"S": f"{os.getpid()}-1"}, "text": {"S": "x" * 1000}})
    for n in range(calls // 10):
        call(n)
    started = time.perf_counter()
    for n in range(calls):
        call(calls + n)
    print(round(calls / (time.perf_counter() - started)))


if __name__ == "__main__":
    main()
