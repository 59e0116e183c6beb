"""AWS KMS multi-Region keys and DynamoDB global tables on this machine, with Regions that fail.

    with Lab(regions=["us-east-1", "eu-west-1"]) as lab:
        key = lab.create_key()
        lab.create_table("Orders", "OrderID")
        virginia = lab.boto3("dynamodb", "us-east-1")
        virginia.put_item(TableName="Orders", Item={"OrderID": {"S": "1"}})
        lab.converge()
        with lab.outage("us-east-1"):
            ...  # your code reads in eu-west-1

No AWS account is needed, and nothing leaves the machine.
"""

from ._faults import Fault, Mode, Service
from ._itemseal_lab import __version__
from ._lab import KeyAttribute, Lab
from .exceptions import LabError, MissingBoto3Error

__all__ = [
    "Fault",
    "KeyAttribute",
    "Lab",
    "LabError",
    "MissingBoto3Error",
    "Mode",
    "Service",
    "__version__",
]
