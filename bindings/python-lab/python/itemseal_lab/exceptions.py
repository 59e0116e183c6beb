"""What the lab refuses, and why."""


class LabError(Exception):
    """The lab refused, or cannot do, what it was asked for. The message says what to do instead."""


class MissingBoto3Error(LabError, ImportError):
    """boto3 is asked for and is not installed: ``pip install itemseal-lab[boto3]``."""
