"""Uses the package as a program does; mypy --strict reads it, nobody runs it."""

import datetime
from typing import Any, Mapping

import itemseal


class Hsm:
    provider_id = "hsm"

    def wrap_key(self, key: bytes, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        return b"slot-1", key[::-1]

    async def unwrap_key(self, info: bytes, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        return wrapped[::-1]


def tenant_of(item: dict[str, Any]) -> str:
    return str(item["Tenant"])


async def main() -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
    table = itemseal.TableConfig("Orders", partition_key="OrderID", sign_only=["OrderStatus"])
    mrk = itemseal.MrkKeyring(key, ["eu-west-1", "us-east-1"], deadline=datetime.timedelta(seconds=2), order="nearest")
    branches = itemseal.HierarchicalKeyring("Keys", key, branch_key_id_from=tenant_of, ttl=600)
    keyring: itemseal.Keyring = itemseal.MultiKeyring(mrk, branches, itemseal.ProviderKeyring(Hsm()))
    encryptor = itemseal.ItemEncryptor(table, itemseal.CachingKeyring(keyring), aws=itemseal.AwsClients())
    stored: dict[str, Any] = encryptor.encrypt_item({"OrderID": "1"})
    opened = await encryptor.decrypt_item_async(stored)
    listed = itemseal.KeyStore("Keys", key).list()
    print(opened, [version["active"] for one in listed for version in one["versions"]])
    try:
        encryptor.decrypt_items([stored])
    except itemseal.KeyUnavailableError as error:
        print(error.region, error.retryable)
