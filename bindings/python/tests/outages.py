"""What goes wrong in the lab, by its own API, for as long as a with block lasts."""

import contextlib
import json
import urllib.request


def api(lab, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{lab.url}/_lab/{path}", data=data, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@contextlib.contextmanager
def fault(lab, kind, **fields):
    added = api(lab, "POST", "faults", {"fault": kind, **fields})["id"]
    try:
        yield
    finally:
        api(lab, "DELETE", f"faults/{added}")


def refuses(lab, region, service="dynamodb"):
    """Connections are closed without an answer."""
    return fault(lab, "outage", region=region, service=service, mode="refuse")


def hangs(lab, region, service="dynamodb"):
    """There is never an answer."""
    return fault(lab, "outage", region=region, service=service, mode="hang")


def throttles(lab, region, service="dynamodb"):
    """Every call is refused as one too many."""
    return fault(lab, "throttle", region=region, service=service, per_second=0)


def unprocessed(lab, region, share):
    """Batches leave a share of what they were asked for undone."""
    return fault(lab, "unprocessed", region=region, share=share)


def eventually(check):
    """Asks until the answer is true; each is a call of the lab."""
    for _ in range(5_000):
        if answer := check():
            return answer
    raise AssertionError("it never happened")
