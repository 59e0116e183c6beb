"""Grants, and what their tokens allow."""

from keys import ROLE, UNKNOWN, arn
from lab import EU, US, denied, says

ADMIN = "arn:aws:iam::111122223333:role/admin"


def grant(keys, region, key_id, operation, **more):
    """A new grant's id and token."""
    made = keys.at(region).create_grant(
        KeyId=key_id, GranteePrincipal=ROLE, Operations=[operation], **more
    )
    return made["GrantId"], made["GrantToken"]


def encrypt(keys, region, key_id, token, context=None):
    """What encrypting with a token is refused with; none if it is allowed."""
    request = {"KeyId": key_id, "Plaintext": b"x", "GrantTokens": [token]}
    answer = says(keys.at(region).encrypt, EncryptionContext=context or {}, **request)
    return answer and answer[0]


def grants(kms, key_id):
    return kms.list_grants(KeyId=key_id)["Grants"]


def test_a_grant_is_the_regions_own(keys):
    key_id = keys.key(EU)
    grant_id, token = grant(keys, US, key_id, "Encrypt", Name="app", RetiringPrincipal=ADMIN)
    (entry,) = grants(keys.us, key_id)
    assert entry.pop("CreationDate") == keys.lab.now()
    assert entry == {
        "KeyId": arn(US, key_id),
        "GrantId": grant_id,
        "Name": "app",
        "GranteePrincipal": ROLE,
        "RetiringPrincipal": ADMIN,
        "IssuingAccount": "arn:aws:iam::111122223333:root",
        "Operations": ["Encrypt"],
    }
    assert grants(keys.eu, key_id) == []
    assert encrypt(keys, US, key_id, token) is None
    assert encrypt(keys, EU, key_id, token) == "InvalidGrantTokenException"
    denied("NotFoundException", keys.eu.revoke_grant, KeyId=key_id, GrantId=grant_id)


def test_a_token_must_be_a_living_grants_on_this_key(keys):
    key_id, other = keys.key(), keys.key()
    grant_id, token = grant(keys, US, key_id, "Encrypt")
    assert encrypt(keys, US, key_id, token) is None
    assert encrypt(keys, US, key_id, "nonsense") == "InvalidGrantTokenException"
    assert encrypt(keys, US, other, token) == "InvalidGrantTokenException"
    keys.us.revoke_grant(KeyId=key_id, GrantId=grant_id)
    assert encrypt(keys, US, key_id, token) == "InvalidGrantTokenException"


def test_a_grant_allows_its_operations_only(keys):
    key_id = keys.key()
    _, token = grant(keys, US, key_id, "Decrypt")
    assert encrypt(keys, US, key_id, token) == "AccessDeniedException"
    sealed = keys.seal(US, key_id)
    opened = keys.us.decrypt(CiphertextBlob=sealed, GrantTokens=[token])
    assert opened["Plaintext"] == b"secret"
    denied("AccessDeniedException", keys.us.describe_key, KeyId=key_id, GrantTokens=[token])


def test_a_grants_constraints_on_the_context_are_enforced(keys):
    key_id = keys.key()
    for kind, with_more in (
        ("EncryptionContextEquals", "AccessDeniedException"),
        ("EncryptionContextSubset", None),
    ):
        _, token = grant(keys, US, key_id, "Encrypt", Constraints={kind: {"tenant": "7"}})
        assert encrypt(keys, US, key_id, token, {"tenant": "7"}) is None
        assert encrypt(keys, US, key_id, token, {"tenant": "8"}) == "AccessDeniedException"
        assert encrypt(keys, US, key_id, token) == "AccessDeniedException"
        assert encrypt(keys, US, key_id, token, {"tenant": "7", "more": "1"}) == with_more


def test_a_grant_is_retired_by_its_token_or_by_its_id(keys):
    key_id = keys.key()
    _, token = grant(keys, US, key_id, "Encrypt")
    grant_id, _ = grant(keys, US, key_id, "Encrypt")
    keys.us.retire_grant(GrantToken=token)
    denied("InvalidGrantTokenException", keys.us.retire_grant, GrantToken=token)
    by_id = {"KeyId": arn(US, key_id), "GrantId": grant_id}
    keys.us.retire_grant(**by_id)
    denied("NotFoundException", keys.us.retire_grant, **by_id)
    assert grants(keys.us, key_id) == []
    denied("ValidationException", keys.us.retire_grant)
    no_id = {"KeyId": key_id, "GrantId": "not hexadecimal"}
    denied("InvalidGrantIdException", keys.us.revoke_grant, **no_id)


def test_a_named_grant_made_again_is_the_same_with_a_further_token(keys):
    key_id = keys.key()
    first, token = grant(keys, US, key_id, "Encrypt", Name="app")
    again, further = grant(keys, US, key_id, "Encrypt", Name="app")
    assert first == again
    assert token != further
    assert grant(keys, US, key_id, "Decrypt", Name="app")[0] != first
    assert grant(keys, US, key_id, "Encrypt")[0] != grant(keys, US, key_id, "Encrypt")[0]


def test_retirable_grants_are_listed_by_who_retires_them(keys):
    key_id = keys.key()
    grant_id, _ = grant(keys, US, key_id, "Encrypt", RetiringPrincipal=ADMIN)
    grant(keys, US, key_id, "Encrypt")
    (entry,) = keys.us.list_retirable_grants(RetiringPrincipal=ADMIN)["Grants"]
    assert entry["GrantId"] == grant_id
    assert keys.us.list_retirable_grants(RetiringPrincipal=ROLE)["Grants"] == []


def test_a_grant_is_for_what_its_key_can_do(keys):
    mac, key_id = keys.key_for("HMAC_256", "GENERATE_VERIFY_MAC"), keys.key()

    def refused(code, of, operation, grantee=ROLE):
        request = {"KeyId": of, "GranteePrincipal": grantee, "Operations": [operation]}
        denied(code, keys.us.create_grant, **request)

    refused("ValidationException", mac, "Encrypt")
    grant(keys, US, mac, "VerifyMac")
    refused("ValidationException", key_id, "Sign")
    refused("InvalidArnException", key_id, "Encrypt", "role")
    refused("NotFoundException", UNKNOWN, "Encrypt")
