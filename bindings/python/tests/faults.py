"""What goes wrong in a lab, by its own API, and what it has counted."""

import contextlib
import json
import urllib.request


def api(lab, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{lab.url}/_lab/{path}", data=data, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@contextlib.contextmanager
def outage(lab, region, mode="refuse", service="kms"):
    """A service of a Region that refuses connections, hangs (``hang``), or answers ``{"error": 503}``."""
    fault = {"fault": "outage", "region": region, "service": service, "mode": mode}
    added = api(lab, "POST", "faults", fault)["id"]
    try:
        yield
    finally:
        api(lab, "DELETE", f"faults/{added}")


@contextlib.contextmanager
def throttle(lab, region):
    fault = {"fault": "throttle", "region": region, "service": "kms", "per_second": 0}
    added = api(lab, "POST", "faults", fault)["id"]
    try:
        yield
    finally:
        api(lab, "DELETE", f"faults/{added}")


def calls(lab, operation=None, region=None):
    """How many calls of KMS the lab has answered."""
    counted = api(lab, "GET", "status")["kms_calls"]
    fits = lambda call: operation in (None, call["operation"]) and region in (None, call["region"])
    return sum(call["calls"] for call in counted if fits(call))
