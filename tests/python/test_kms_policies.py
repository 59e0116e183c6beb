"""Key policies."""

import json

from keys import OPEN_POLICY, arn
from lab import EU, US, denied


def statement(effect, action):
    return {"Effect": effect, "Principal": "*", "Action": action, "Resource": "*"}


def denying(action):
    """Allows everything, and denies one thing to everybody."""
    return json.dumps({"Statement": [statement("Allow", "kms:*"), statement("Deny", action)]})


def policy(kms, key_id):
    return kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]


def test_a_policy_is_the_regions_own(keys):
    key_id = keys.key(EU)
    before = policy(keys.us, key_id)
    assert keys.call(EU, "put_key_policy", key_id) is None
    assert policy(keys.eu, key_id) == OPEN_POLICY
    assert policy(keys.us, key_id) == before != OPEN_POLICY


def test_what_a_policy_denies_everybody_is_denied_in_its_region(keys):
    key_id = keys.key(EU)
    sealed = keys.seal(US, key_id)
    keys.us.put_key_policy(KeyId=key_id, Policy=denying("kms:Decrypt"))
    code, text = keys.refusal(US, sealed)
    assert code == "AccessDeniedException"
    assert "kms:Decrypt" in text and arn(US, key_id) in text
    assert keys.call(US, "encrypt", key_id) is None, "other actions are allowed"
    assert keys.open(EU, sealed) == b"secret"
    assert keys.call(US, "put_key_policy", key_id) is None
    assert keys.open(US, sealed) == b"secret"


def test_a_policy_that_locks_everybody_out_has_to_be_meant(keys):
    key_id = keys.key()
    put = {"KeyId": key_id, "Policy": denying("kms:PutKeyPolicy")}
    text = denied("MalformedPolicyDocumentException", keys.us.put_key_policy, **put)
    assert "will not allow you to update the key policy" in text
    keys.us.put_key_policy(BypassPolicyLockoutSafetyCheck=True, **put)
    assert keys.call(US, "put_key_policy", key_id)[0] == "AccessDeniedException"
    # The same for a new key and a new replica.
    locked = denying("kms:*")
    denied("MalformedPolicyDocumentException", keys.us.create_key, Policy=locked)
    replica = {"KeyId": keys.key(), "ReplicaRegion": EU, "Policy": locked}
    denied("MalformedPolicyDocumentException", keys.us.replicate_key, **replica)
    keys.us.replicate_key(BypassPolicyLockoutSafetyCheck=True, **replica)
    assert keys.call(EU, "encrypt", replica["KeyId"])[0] == "AccessDeniedException"


def test_a_policy_has_a_form(keys):
    key_id = keys.key()
    right = statement("Allow", "kms:*")
    for malformed in (
        "nonsense",
        "[]",
        "{}",
        json.dumps({"Statement": statement("Perhaps", "kms:*")}),
        json.dumps({"Statement": statement("Allow", "fly")}),
        json.dumps({"Statement": {k: v for k, v in right.items() if k != "Principal"}}),
        json.dumps({"Statement": {k: v for k, v in right.items() if k != "Resource"}}),
    ):
        put = {"KeyId": key_id, "Policy": malformed}
        denied("MalformedPolicyDocumentException", keys.us.put_key_policy, **put)
    denied("LimitExceededException", keys.us.put_key_policy, KeyId=key_id, Policy=" " * 32_769)


def test_the_only_policy_is_called_default(keys):
    key_id = keys.key()
    assert keys.us.list_key_policies(KeyId=key_id)["PolicyNames"] == ["default"]
    denied("NotFoundException", keys.us.get_key_policy, KeyId=key_id, PolicyName="other")
    assert keys.us.get_key_policy(KeyId=key_id)["PolicyName"] == "default"
