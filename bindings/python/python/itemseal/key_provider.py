"""Key providers of a program's own, for ProviderKeyring."""

from __future__ import annotations

from typing import Awaitable, Mapping, Protocol, Tuple, Union, runtime_checkable

__all__ = ["KeyProvider"]


@runtime_checkable
class KeyProvider(Protocol):
    """Wraps and unwraps 32-byte keys: what ProviderKeyring asks, say of an HSM.

    The methods may be coroutines. They are called by several threads at a time, and in a process that was forked, if
    the program forks. A key that is handed over is a bytes object; do not keep it.

    Raise ``KeyDeniedError`` if the key may not be used, ``KeyUnavailableError`` if it cannot be reached now, and
    ``AuthenticationError`` if what is to be unwrapped was altered.
    """

    provider_id: str
    """Stands in every item, and finds the provider again. It stays the same, and does not start with aws-kms."""

    def wrap_key(
        self, key: bytes, context: Mapping[str, str]
    ) -> Union[Tuple[bytes, bytes], Awaitable[Tuple[bytes, bytes]]]:
        """Encrypts ``key`` and authenticates ``context`` with it.

        Returns provider info, which stands readable in the item and says which key was used, and the wrapped key;
        each has at most 65,000 bytes.
        """
        ...

    def unwrap_key(
        self, info: bytes, wrapped: bytes, context: Mapping[str, str]
    ) -> Union[bytes, Awaitable[bytes]]:
        """The key that was wrapped. ``info`` is as stored: check that it is one of the provider's keys."""
        ...
