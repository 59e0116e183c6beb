"""What goes wrong in a lab, by one name each, and what it has counted."""


def refuses(lab, region):
    """DynamoDB's connections are closed without an answer."""
    return lab.outage(region, "dynamodb")


def hangs(lab, region):
    """There is never an answer."""
    return lab.outage(region, "dynamodb", "hang")


def throttles(lab, region):
    """Every call is refused as one too many."""
    return lab.throttle(region, 0, "dynamodb")


def calls(lab, operation=None, region=None):
    """How many calls of KMS the lab has answered."""
    counted = lab.status()["kms_calls"]
    fits = lambda call: operation in (None, call["operation"]) and region in (None, call["region"])
    return sum(call["calls"] for call in counted if fits(call))
