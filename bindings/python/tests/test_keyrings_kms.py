"""Keyrings over AWS KMS: through the AWS SDK for Rust, and through boto3."""

import types

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config

import itemseal
from conftest import EU, US
from faults import calls

TABLE = itemseal.TableConfig("Orders", partition_key="OrderID")
ITEM = {"OrderID": "1", "Card": "4111"}
ACCOUNT = "111122223333"


@pytest.fixture(params=["sdk", "session", "client", "resource", "table", "clients"])
def aws(request, lab):
    session = boto3.Session(aws_access_key_id="AK", aws_secret_access_key="secret", region_name=US)
    return {
        "sdk": lambda: None,
        "session": lambda: session,
        "client": lambda: session.client("dynamodb"),
        "resource": lambda: session.resource("dynamodb"),
        "table": lambda: session.resource("dynamodb").Table("Orders"),
        "clients": lambda: itemseal.AwsClients(session),
    }[request.param]()


def encryptor(keyring, aws):
    return itemseal.ItemEncryptor(TABLE, keyring, aws=aws)


def test_every_keyring_over_kms_writes_and_reads(lab, aws):
    key = lab.create_key()
    here, there = itemseal.MrkKeyring(key, [US, EU]), itemseal.MrkKeyring(key, [EU])
    stored = encryptor(here, aws).encrypt_item(ITEM)
    assert stored["Card"] != ITEM["Card"]
    other = key.replace(US, EU)
    for keyring in (
        here,
        there,
        itemseal.KmsKeyring(key),
        itemseal.KmsMultiKeyring([key]),
        itemseal.MrkMultiKeyring([other]),
        itemseal.MrkDiscoveryKeyring(EU, [ACCOUNT]),
        itemseal.CachingKeyring(here),
    ):
        assert encryptor(keyring, aws).decrypt_item(stored) == ITEM, keyring
    with pytest.raises(itemseal.MisuseError):
        encryptor(itemseal.MrkDiscoveryKeyring(EU, [ACCOUNT]), aws).encrypt_item(ITEM)


def test_a_denied_key_is_named_with_region_code_and_request(lab, aws):
    key = lab.create_key()
    stored = encryptor(itemseal.MrkKeyring(key, [US]), aws).encrypt_item(ITEM)
    lab.boto3("kms", US).disable_key(KeyId=key)
    with pytest.raises(itemseal.KeyDeniedError, match="check the key's state") as caught:
        encryptor(itemseal.MrkKeyring(key, [US, EU]), aws).decrypt_item(stored)
    error = caught.value
    assert (error.region, error.code, error.retryable) == (US, "DisabledException", False)
    assert error.request_id
    if aws is not None:
        assert isinstance(error.__cause__, botocore.exceptions.ClientError)
        assert error.__cause__.response["Error"]["Code"] == "DisabledException"


@pytest.mark.parametrize("mode", ["refuse", 503])
def test_a_region_that_fails_is_passed_over_with_one_request(lab, aws, mode):
    key = lab.create_key()
    both = encryptor(itemseal.MrkKeyring(key, [US, EU]), aws)
    with lab.outage(US, "kms", mode):
        stored = both.encrypt_item(ITEM)
        assert calls(lab, "GenerateDataKey", EU) == 1
        assert both.decrypt_item(stored) == ITEM
        with pytest.raises(itemseal.KeyUnavailableError, match=f"{US}: KMS GenerateDataKey") as caught:
            encryptor(itemseal.MrkKeyring(key, [US], deadline=3), aws).encrypt_item(ITEM)
    assert caught.value.region == US
    assert caught.value.retryable
    if aws is not None:
        assert isinstance(caught.value.__cause__, (botocore.exceptions.ClientError, botocore.exceptions.HTTPClientError))


def test_a_throttled_region_is_asked_once_a_call(lab):
    """boto3 would try again by itself; then the keyring could not go on to the next Region in time."""
    key = lab.create_key()
    sent = []
    session = boto3.Session(aws_access_key_id="AK", aws_secret_access_key="secret")
    session.events.register("before-send.kms", lambda request, **_: sent.append(request.url))
    with lab.throttle(US, 0, "kms"):
        encryptor(itemseal.MrkKeyring(key, [US, EU]), session).encrypt_item(ITEM)
    # One in us-east-1, one in eu-west-1.
    assert len(sent) == 2


def test_a_hanging_region_is_known_within_its_time(lab, aws):
    key = lab.create_key()
    both = encryptor(itemseal.MrkKeyring(key, [US, EU], most_per_region=0.1), aws)
    both.encrypt_item(ITEM)
    with lab.outage(US, "kms", "hang"):
        assert both.decrypt_item(both.encrypt_item(ITEM)) == ITEM


def test_a_cache_spares_calls_and_counts(lab, aws):
    keyring = itemseal.CachingKeyring(itemseal.MrkKeyring(lab.create_key(), [US]))
    used = encryptor(keyring, aws)
    stored = used.encrypt_item(ITEM)
    for _ in range(3):
        used.decrypt_item(stored)
    assert keyring.counters() == {"hits": 2, "misses": 1, "waits": 0, "evictions": 0, "entries": 1}
    assert calls(lab, "Decrypt") == 1
    keyring.clear()
    used.decrypt_item(stored)
    assert calls(lab, "Decrypt") == 2


def test_what_the_session_has_is_kept_and_retries_are_off(lab):
    config = Config(user_agent_extra="orders/1", proxies={"https": "http://localhost:1"}, read_timeout=2)
    session = boto3.Session(aws_access_key_id="OTHER", aws_secret_access_key="secret", region_name=US)
    session._session.set_default_client_config(config)
    for of in (session, session.client("dynamodb"), session.resource("dynamodb").Table("Orders")):
        kms = itemseal.AwsClients(of)._client("kms", EU)
        assert kms.meta.region_name == EU
        made = kms.meta.config
        # A resource says so in its user agent, instead.
        assert made.user_agent_extra in ("orders/1", "Resource")
        assert made.proxies == {"https": "http://localhost:1"}
        assert (made.read_timeout, made.connect_timeout) == (2, 5)
        assert made.retries["total_max_attempts"] == 1
        assert kms._request_signer._credentials.access_key == "OTHER"


def test_ones_own_function_gives_the_kms_clients(lab):
    key, asked = lab.create_key(), []

    def kms(region):
        asked.append(region)
        return lab.boto3("kms", region)

    used = encryptor(itemseal.MrkKeyring(key, [EU]), itemseal.AwsClients(kms=kms))
    assert used.decrypt_item(used.encrypt_item(ITEM)) == ITEM
    assert asked == [EU]


@pytest.mark.parametrize(("status", "kind"), [(400, itemseal.ServiceError), (429, itemseal.KeyUnavailableError)])
def test_a_code_that_nobody_knows_is_judged_by_its_status(lab, status, kind):
    class Kms:
        meta = types.SimpleNamespace(endpoint_url="https://kms.us-east-1.amazonaws.com")

        def generate_data_key(self, **parameters):
            about = {"HTTPStatusCode": status, "RequestId": "request-1"}
            raise botocore.exceptions.ClientError({"Error": {"Code": "Odd"}, "ResponseMetadata": about}, "GenerateDataKey")

        decrypt = generate_data_key

    used = encryptor(itemseal.MrkKeyring(lab.create_key(), [US]), itemseal.AwsClients(kms=lambda region: Kms()))
    with pytest.raises(kind) as caught:
        used.encrypt_item(ITEM)
    assert (caught.value.code, caught.value.request_id) == ("Odd", "request-1")
    assert isinstance(caught.value.__cause__, botocore.exceptions.ClientError)


@pytest.mark.parametrize("url", ["http://kms.example.com:8000", "http://169.254.1.1"])
def test_a_key_never_goes_over_plain_http_to_another_machine(lab, monkeypatch, url):
    key = lab.create_key()
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", url)
    with pytest.raises(itemseal.RefusedError, match="is not HTTPS.*AWS_ENDPOINT_URL") as caught:
        encryptor(itemseal.MrkKeyring(key, [US]), boto3.Session()).encrypt_item(ITEM)
    assert caught.value.region == US


def test_the_clients_are_not_pickled_and_others_are_refused(lab):
    import pickle

    clients = itemseal.AwsClients(boto3.Session())
    with pytest.raises(TypeError, match="AwsClients cannot be pickled"):
        pickle.dumps(clients)
    assert repr(clients) == "AwsClients(...)"
    for other in (object(), "us-east-1", boto3):
        with pytest.raises(itemseal.UnsupportedTypeError, match="aws is a boto3"):
            itemseal.ItemEncryptor(TABLE, itemseal.RawAesKeyring("ns", "k", bytes(32)), aws=other)
    with pytest.raises(itemseal.UnsupportedTypeError, match="kms is a function"):
        itemseal.AwsClients(kms="kms")


def test_without_credentials_it_is_said_what_is_missing(lab, monkeypatch, tmp_path):
    key = lab.create_key()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(itemseal.ServiceError, match=f"{US}: KMS GenerateDataKey.*NoCredentialsError") as caught:
        encryptor(itemseal.MrkKeyring(key, [US]), boto3.Session()).encrypt_item(ITEM)
    assert isinstance(caught.value.__cause__, botocore.exceptions.NoCredentialsError)
