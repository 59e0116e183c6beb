"""Transparent encryption in boto3's and aiobotocore's clients, by hooks on their events."""

from __future__ import annotations

import os
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any, Mapping, Optional, TypeVar, Union

from botocore.exceptions import ClientError  # type: ignore[import-untyped, unused-ignore]

import itemseal._itemseal as _native
from itemseal import _index_reads, exceptions
from itemseal._redacted import redact_actions

if TYPE_CHECKING:
    from itemseal import Config, Keyring, TableConfig
    from itemseal.legacy import LegacyDecryptor

    _Config = Union[str, "os.PathLike[str]", Config, TableConfig, Mapping[str, TableConfig]]

_T = TypeVar("_T")
_SERVICES = {"dynamodb": "dynamodb", "dynamodbstreams": "dynamodb-streams"}
# botocore takes the first handler of an id, whatever its event.
_BEFORE, _AFTER = "itemseal-before", "itemseal-after"
# What a request leaves for its answer, in the call's own context.
_STATE = "itemseal"
_DENIED = ("AccessDeniedException", "AccessDenied", "UnauthorizedOperation")

_attached: weakref.WeakKeyDictionary[Any, _Attached] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def attach(
    obj: _T,
    config: _Config,
    keyring: Optional[Keyring] = None,
    *,
    aws: Any = None,
    legacy: Union[LegacyDecryptor, Mapping[str, LegacyDecryptor], None] = None,
    shapes: Optional[Mapping[str, Mapping[str, Any]]] = None,
    complete_index_reads: bool = False,
) -> _T:
    """Encrypts what obj writes to the tables of config, and verifies and opens what it reads from them.

    obj is a client of boto3, a resource or a Table of it, a client of aiobotocore, or a client of DynamoDB Streams; it
    is given back. A resource's Tables and collections share its client, so they are encrypted with it. A Session is
    refused, since what it has made already would go on writing plaintext: attach to each client.

    config is a path, a Config, a TableConfig (for the table of its logical name) or a dict of TableConfig by the
    tables' names; keyring is the file's unless it is given. Other tables pass as they are.

    AWS KMS is asked through obj's own credentials and configuration: proxy, certificates, assumed role. aws says
    otherwise: a session, another client, or an AwsClients. legacy, a LegacyDecryptor or a dict of them by the tables'
    names, reads the items of AWS's legacy client; what is written is always itemseal's format.

    A read of an index that has parts of the items only is refused, since parts cannot be verified. With
    complete_index_reads, obj's own client reads the items from the table: one more BatchGetItem for every hundred.

    When a table is used first, it is described through obj's own client (dynamodb:DescribeTable,
    dynamodb:DescribeTimeToLive), and its configuration checked. That is not done for tables of which shapes has what
    DescribeTable answers as Table (KeySchema and the indexes), with TimeToLiveDescription of DescribeTimeToLive beside
    it if there is one: where these calls are not allowed, and for botocore's Stubber.

    What could leak plaintext, or could not be verified, raises RefusedError. Where DynamoDB's own error came with an item
    that does not open, the item is left out and the reason is the error's __cause__. A table with versions gets the next
    one with each put; what was given is not changed.

    PynamoDB's client is Model._get_connection().connection.client; while it has no credentials, PynamoDB makes another one
    for each call, so attach when there are some. A client of DynamoDB Streams opens the images of shard iterators that it
    got itself. botocore's Stubber compares the plaintext, and its answers have to be what is stored.

    Attaching twice with the same configuration changes nothing; with another one it is a MisuseError.
    """
    client = _client_of(obj)
    hooks: Any = _native.Hooks(
        dict(config) if isinstance(config, Mapping) else config,
        keyring,
        client if aws is None else aws,
        _by_table(legacy, config),
        complete_index_reads,
    )
    with _lock:
        known = _attached.get(client)
        if known is not None:
            if known.hooks.same_as(hooks):
                return obj
            raise exceptions.MisuseError(
                "the client is attached already, with another configuration; detach it first, or attach another client"
            )
        kind = _AsyncAttached if _is_async(client) else _Attached
        attached = kind(client, hooks)
        for table, shape in (shapes or {}).items():
            hooks.described(table, {"Table": dict(shape)}, dict(shape))
        attached.register(client)
        _attached[client] = attached
        redact_actions()
    return obj


def _by_table(legacy: Any, config: Any) -> Optional[dict[str, Any]]:
    if legacy is None or isinstance(legacy, Mapping):
        return None if legacy is None else dict(legacy)
    if isinstance(config, Mapping):
        names = list(config)
    elif isinstance(config, _native.TableConfig):
        names = [config.logical_name]
    else:
        names = (config if isinstance(config, _native.Config) else _native.Config.read(config)).tables
    if len(names) != 1:
        raise exceptions.MisuseError("config has several tables; give legacy as a dict by the table's name")
    return {names[0]: legacy}


def detach(obj: object) -> None:
    """Ends what attach began: from now on obj writes plaintext, and reads what is stored as it is."""
    client = _client_of(obj)
    with _lock:
        attached = _attached.pop(client, None)
        if attached is None:
            raise exceptions.MisuseError("itemseal is not attached to this client")
        attached.unregister(client)


def _client_of(obj: object) -> Any:
    meta = getattr(obj, "meta", None)
    client = getattr(meta, "client", None)
    client = obj if client is None else client
    service = getattr(getattr(getattr(client, "meta", None), "service_model", None), "service_name", None)
    if service in _SERVICES:
        return client
    if service is not None:
        raise exceptions.MisuseError(f"itemseal encrypts DynamoDB; this is a client of {service}")
    if hasattr(obj, "events") or hasattr(obj, "get_component") or hasattr(obj, "create_client"):
        raise exceptions.MisuseError(
            "a Session's hooks reach only clients that are made later, and those there are would go on writing "
            "plaintext; attach to each client or resource"
        )
    raise exceptions.MisuseError(
        f"attach to a client, a resource or a Table of boto3, or a client of aiobotocore, not to {type(obj).__name__}"
    )


def _is_async(client: Any) -> bool:
    module = sys.modules.get("aiobotocore.client")
    return module is not None and isinstance(client, module.AioBaseClient)


class _Attached:
    """The hooks of one client."""

    def __init__(self, client: Any, hooks: Any) -> None:
        self.hooks = hooks
        self.service = _SERVICES[client.meta.service_model.service_name]
        # The client has the hooks: with a reference back neither would ever go before the next collection.
        self._client = weakref.ref(client)

    def register(self, client: Any) -> None:
        # After boto3's own serialiser, and before its deserialiser: items are DynamoDB JSON here in any case.
        events = client.meta.events
        events.register_last(f"before-parameter-build.{self.service}", self.before, unique_id=_BEFORE)
        events.register_first(f"after-call.{self.service}", self.after, unique_id=_AFTER)

    def unregister(self, client: Any) -> None:
        events = client.meta.events
        events.unregister(f"before-parameter-build.{self.service}", unique_id=_BEFORE)
        events.unregister(f"after-call.{self.service}", unique_id=_AFTER)

    def client(self) -> Any:
        client = self._client()
        if client is None:
            raise exceptions.InternalError("the client is gone")
        return client

    def before(self, params: Any, model: Any, context: Any, **_: Any) -> Any:
        _index_reads.before(params, model, context)
        missing = self.hooks.before(self.service, model.name, params, context)
        if missing is None:
            return
        for table in missing:
            try:
                described = self.client().describe_table(TableName=table)
                time_to_live = self.client().describe_time_to_live(TableName=table)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") not in _DENIED:
                    raise
                raise _undescribed(table, error) from error
            self.hooks.described(table, described, time_to_live)
        if self.hooks.before(self.service, model.name, params, context) is not None:
            raise exceptions.InternalError("a table was described, and is not known")

    def after(self, http_response: Any, parsed: Any, model: Any, context: Any, **_: Any) -> Any:
        if _STATE not in context:
            return
        failed = http_response.status_code >= 300
        try:
            parts = self.hooks.after(parsed, failed, context)
            if parts is not None:
                _index_reads.complete(self.client(), parts, parsed)
        except exceptions.Error as error:
            if not failed:
                raise
            raise self.client_error(parsed, model, context) from error
        if not failed:
            _index_reads.after(parsed, context)

    def client_error(self, parsed: Any, model: Any, context: Any) -> Exception:
        """DynamoDB's own error, which is what went wrong in any case."""
        code = context.get("error_code_override") or parsed.get("Error", {}).get("Code")
        error: Exception = self.client().exceptions.from_code(code)(parsed, model.name)
        return error

    def __repr__(self) -> str:
        return f"<itemseal: {', '.join(self.hooks.tables)}>"


class _AsyncAttached(_Attached):
    """The hooks of one client of aiobotocore, which awaits them: waiting for a key never holds up the loop."""

    async def before(self, params: Any, model: Any, context: Any, **_: Any) -> Any:
        _index_reads.before(params, model, context)
        if self.service == "dynamodb":
            for table in self.hooks.missing(model.name, params):
                try:
                    described = await self.client().describe_table(TableName=table)
                    time_to_live = await self.client().describe_time_to_live(TableName=table)
                except ClientError as error:
                    if error.response.get("Error", {}).get("Code") not in _DENIED:
                        raise
                    raise _undescribed(table, error) from error
                self.hooks.described(table, described, time_to_live)
        await self.hooks.before_async(self.service, model.name, params, context)

    async def after(self, http_response: Any, parsed: Any, model: Any, context: Any, **_: Any) -> Any:
        if _STATE not in context:
            return
        failed = http_response.status_code >= 300
        try:
            parts = await self.hooks.after_async(parsed, failed, context)
            if parts is not None:
                await _index_reads.complete_async(self.client(), parts, parsed)
        except exceptions.Error as error:
            if not failed:
                raise
            raise self.client_error(parsed, model, context) from error
        if not failed:
            _index_reads.after(parsed, context)


def _undescribed(table: str, error: ClientError) -> Exception:
    code = error.response["Error"]["Code"]
    message = (
        f"the table {table} cannot be described: allow dynamodb:DescribeTable and dynamodb:DescribeTimeToLive on it, "
        "or give attach its shape: itemseal asks once what has to stay readable"
    )
    request_id = error.response.get("ResponseMetadata", {}).get("RequestId")
    return exceptions._of_native("ServiceError", message, None, None, False, code, request_id)
