"""AWS KMS and DynamoDB for keyrings, through the program's own boto3 or aiobotocore.

What a session or a client has of credentials, proxies, certificates and user agent is kept. The KMS clients are
made here, one a Region and process: they send each request once, since it is the keyring that repeats, and wait for
5 seconds at most.

For aiobotocore only the credentials are asked for on the event loop. The calls go through botocore in a thread of
itemseal's: they can be made without a loop too, and there is no HTTP session of another loop that somebody would
have to close.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
import os
import threading
import weakref
from typing import Any, Callable, Coroutine, Iterable, NoReturn, Optional

import botocore.session  # type: ignore[import-untyped, unused-ignore]
from botocore.config import Config  # type: ignore[import-untyped, unused-ignore]
from botocore.credentials import Credentials  # type: ignore[import-untyped, unused-ignore]
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # type: ignore[import-untyped, unused-ignore]
from botocore.parsers import ResponseParserError  # type: ignore[import-untyped, unused-ignore]

from itemseal._endpoints import InsecureEndpoint, check_endpoint
from itemseal.exceptions import MisuseError, UnsupportedTypeError

__all__ = ["AwsClients", "clients_of", "outcome"]

# The longest that a call may take, in seconds; a keyring's deadline is usually shorter.
_LONGEST = 5.0
_CONNECTIONS = 64
# What of a client's configuration is not about its own service. A user agent that botocore wrote is.
_KEPT = (
    "client_cert",
    "proxies",
    "proxies_config",
    "tcp_keepalive",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "user_agent_appid",
    "user_agent_extra",
    "ignore_configured_endpoint_urls",
)


# A botocore session, and what its clients are made with: configuration, certificates, credentials.
_Made = tuple[botocore.session.Session, Optional[Config], Any, Any]


class _Late(Exception):
    """The event loop had no time to say what the credentials are."""


class _Given:
    """Credentials that are there already, where a botocore session looks for them."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Any:
        return self._credentials


class _FromLoop(Credentials):  # type: ignore[misc, unused-ignore]
    """An asynchronous session's credentials, as they were last given."""

    def __init__(self, ask: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        super().__init__("", "")
        self._ask = ask
        self._frozen: Any = None

    def get_frozen_credentials(self) -> Any:
        return self._frozen

    def ask(self, loop: Optional[asyncio.AbstractEventLoop]) -> None:
        """Asks on the loop that waits for the call, or on one of this thread's own if none does."""
        if loop is None:
            self._frozen = asyncio.run(self._ask())
            return
        asked = asyncio.run_coroutine_threadsafe(self._ask(), loop)
        try:
            self._frozen = asked.result(_LONGEST)
        except concurrent.futures.TimeoutError:
            asked.cancel()
            raise _Late(f"the event loop did not give the credentials within {_LONGEST:.0f} s") from None


class AwsClients:
    """The clients that keyrings call AWS with; give it as ``aws=``.

    ``of`` is a boto3 or aiobotocore session, client, resource or Table: its credentials and its configuration are
    used. A client does not say which profile it came from; if a profile has endpoints, give the session. ``kms`` is
    a function that takes a Region's name and gives a boto3 client of its KMS; it is used as it is, so turn its
    retries off (``Config(retries={"total_max_attempts": 1})``).

    A KMS endpoint that is neither HTTPS nor on this machine is refused. Threads may share it, and it goes on after a
    fork, with connections of the child's own.
    """

    def __init__(self, of: Any = None, *, kms: Optional[Callable[[str], Any]] = None) -> None:
        if kms is not None and not callable(kms):
            raise UnsupportedTypeError("kms is a function from a Region's name to a boto3 client of KMS")
        self._kms = kms
        self._session, self._config, self._verify, self._credentials = _session_of(of)
        self._parents: list[dict[tuple[str, str], Any]] = []
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}
        _ALL.add(self)

    def _after_fork(self) -> None:
        # Kept: closing them could wait for a thread that does not run here.
        self._parents.append(self._clients)
        self._lock = threading.Lock()
        self._clients = {}

    def _client(self, service: str, region: str) -> Any:
        client = self._clients.get((service, region))
        if client is not None:
            return client
        # Sessions are not made for several threads.
        with self._lock:
            client = self._clients.get((service, region))
            if client is None:
                client = self._clients[service, region] = self._new_client(service, region)
        return client

    def _new_client(self, service: str, region: str) -> Any:
        if service == "kms" and self._kms is not None:
            client = self._kms(region)
            if inspect.iscoroutinefunction(getattr(client, "_make_api_call", None)) or not hasattr(client, "decrypt"):
                raise UnsupportedTypeError(f"{region}: kms gave {type(client).__name__}, not a boto3 client of KMS")
            check_endpoint(client.meta.endpoint_url)
            return client
        config: Any = self._session.get_default_client_config() or Config()
        config = config.merge(self._config) if self._config is not None else config
        ours = Config(
            connect_timeout=_shorter(config.connect_timeout),
            read_timeout=_shorter(config.read_timeout),
            max_pool_connections=max(config.max_pool_connections, _CONNECTIONS),
        )
        if service == "kms":
            ours = ours.merge(Config(retries={"total_max_attempts": 1, "mode": "standard"}))
        client = self._session.create_client(
            service, region_name=region, verify=self._verify, config=config.merge(ours)
        )
        if service == "kms":
            client.meta.events.register_first("before-send.kms", _guard)
        return client

    def prepare(self, regions: Iterable[str]) -> None:
        """Makes the KMS clients: the first one reads botocore's models, which takes longer than a Region may."""
        for region in regions:
            try:
                self._client("kms", region)
            except Exception:
                # It is said when the Region is asked.
                return

    def call(
        self,
        service: str,
        region: str,
        operation: str,
        parameters: dict[str, Any],
        loop: Optional[asyncio.AbstractEventLoop],
    ) -> Any:
        """One call, in a thread that may wait."""
        client = self._client(service, region)
        if isinstance(self._credentials, _FromLoop):
            self._credentials.ask(loop)
        return getattr(client, operation)(**parameters)

    def __repr__(self) -> str:
        return "AwsClients(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("AwsClients cannot be pickled: it has credentials; make it anew in the other process")


_ALL: "weakref.WeakSet[AwsClients]" = weakref.WeakSet()


def _forget_parents() -> None:
    for clients in list(_ALL):
        clients._after_fork()


if hasattr(os, "register_at_fork"):
    # The parent's connections are the parent's, and a lock that another of its threads held would never open.
    os.register_at_fork(after_in_child=_forget_parents)


def _guard(request: Any, **_: Any) -> None:
    check_endpoint(request.url)


def _shorter(timeout: Any) -> float:
    """A timeout of botocore's: a number, none, or two numbers."""
    return min(timeout, _LONGEST) if isinstance(timeout, (int, float)) else _LONGEST


def _plain(config: Any) -> Optional[Config]:
    """What of a configuration, aiobotocore's too, a client of another service can have."""
    if config is None:
        return None
    kept = {name: getattr(config, name, None) for name in _KEPT}
    timeouts = {name: getattr(config, name) for name in ("connect_timeout", "read_timeout")}
    if "otocore" not in (config.user_agent or "otocore"):
        kept["user_agent"] = config.user_agent
    return Config(**{name: value for name, value in kept.items() if value is not None}, **timeouts)


def _session_of(of: Any) -> _Made:
    if of is None:
        return botocore.session.Session(), None, None, None
    meta = getattr(of, "meta", None)
    client = getattr(meta, "client", of) if meta is not None else None
    if client is not None and hasattr(client, "_request_signer"):
        return _of_client(client)
    session = of if isinstance(of, botocore.session.Session) else getattr(of, "_session", None)
    if not isinstance(session, botocore.session.Session):
        raise UnsupportedTypeError(
            f"aws is a boto3 or aiobotocore session, client, resource or Table, or AwsClients, not {type(of).__name__}"
        )
    if inspect.iscoroutinefunction(session.get_credentials):
        return _of_aio_session(session)
    return session, None, None, None


def _of_client(client: Any) -> _Made:
    credentials = client._request_signer._credentials
    if credentials is None:
        raise MisuseError("the client has no credentials (an unsigned one?); KMS needs them")
    if inspect.iscoroutinefunction(credentials.get_frozen_credentials):
        credentials = _FromLoop(credentials.get_frozen_credentials)
    session = botocore.session.Session()
    session.register_component("credential_provider", _Given(credentials))
    http = getattr(getattr(client, "_endpoint", None), "http_session", None)
    verify = getattr(http, "_verify", None)
    # True is what there is without a word: then the environment's certificates are looked up.
    return session, _plain(client.meta.config), None if verify is True else verify, credentials


def _of_aio_session(aio: Any) -> _Made:
    async def ask() -> Any:
        credentials = await aio.get_credentials()
        return None if credentials is None else await credentials.get_frozen_credentials()

    session = botocore.session.Session()
    for name, value in aio.instance_variables().items():
        session.set_config_variable(name, value)
    session.user_agent_extra = aio.user_agent_extra
    credentials = _FromLoop(ask)
    session.register_component("credential_provider", _Given(credentials))
    return session, _plain(aio.get_default_client_config()), None, credentials


def clients_of(of: Any, *, kms: Optional[Callable[[str], Any]] = None) -> AwsClients:
    """``of`` as :class:`AwsClients`."""
    return of if isinstance(of, AwsClients) else AwsClients(of, kms=kms)


def outcome(error: BaseException) -> tuple[str, str, int, Optional[str], str]:
    """What an exception of a call means: ``(what, code, HTTP status, request id, text)``.

    AWS's own text is left out: it can name callers, roles and resources. The exception, which has it, is kept.
    """
    if isinstance(error, ClientError):
        answer = error.response or {}
        about = answer.get("ResponseMetadata", {})
        code = str(answer.get("Error", {}).get("Code") or "")
        return "answered", code, about.get("HTTPStatusCode", 0), about.get("RequestId"), ""
    if isinstance(error, InsecureEndpoint):
        return "insecure", "", 0, None, str(error)
    if isinstance(error, ResponseParserError):
        return "unreadable", "", 0, None, "what answered does not speak as AWS does"
    if isinstance(error, (HTTPClientError, ConnectionError, _Late)):
        return "unreachable", "", 0, None, f"the connection failed ({type(error).__name__})"
    return "unsent", "", 0, None, f"the request could not be made ({type(error).__name__})"
