"""The native part of the package; use `itemseal_lab`."""

from typing import final

__all__ = ["__version__", "Server"]

__version__: str

@final
class Server:
    """A lab and its endpoint, until it is stopped."""

    def __new__(
        cls, regions: list[str] | None, port: int, manual: bool, slow_keys: bool
    ) -> Server: ...
    @property
    def endpoint(self) -> str: ...
    @property
    def process(self) -> int: ...
    def regions(self) -> list[str]: ...
    def call(self, method: str, path: str, body: str) -> tuple[int, str]: ...
    def create_key(self, home: str, others: list[str], description: str) -> str: ...
    def create_table(
        self,
        name: str,
        partition_key: tuple[str, str],
        sort_key: tuple[str, str] | None,
        home: str,
        others: list[str],
    ) -> None: ...
    def stop(self) -> None: ...
