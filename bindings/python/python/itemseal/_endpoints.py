"""Which endpoints of KMS may be spoken to: whoever sees a call to KMS sees the data key."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


class InsecureEndpoint(Exception):
    """A request that would have gone to an endpoint without TLS on another machine."""


def check_endpoint(url: str) -> None:
    """Refuses what is neither HTTPS nor plain HTTP to this machine."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    if host and (scheme == "https" or (scheme == "http" and _is_loopback(host))):
        return
    # Scheme, host and port only: a URL can hold a password.
    endpoint = f"{scheme}://{host}" + (f":{port}" if port else "") if host else "(not a URL)"
    raise InsecureEndpoint(
        f"the KMS endpoint {endpoint} is not HTTPS, and data keys would pass in the clear; use HTTPS, or a KMS on "
        "this machine. Look at the configuration and at AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_KMS"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        # RFC 6761, section 6.3: names that resolve to this machine.
        return host == "localhost" or host.endswith(".localhost")
