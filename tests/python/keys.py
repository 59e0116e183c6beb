"""KMS keys in three Regions, as the tests of its rules need them."""

from lab import ACCOUNT, AP, EU, US, says

ROLE = "arn:aws:iam::111122223333:role/app"
# An id that no key has.
UNKNOWN = "mrk-00000000000000000000000000000000"
# Allows the account everything.
OPEN_POLICY = """{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}}"""
# How the refusal of a ciphertext begins whose key this Region has not.
NO_KEY = "The ciphertext refers to a customer master key that does not exist"

# The operations that use a key's material, except those that need a ciphertext.
CRYPTOGRAPHIC = [
    "encrypt",
    "generate_data_key",
    "generate_data_key_without_plaintext",
    "generate_data_key_pair",
]
# The least that operations need besides a key.
NEEDED = {
    "create_alias": {"AliasName": "alias/called"},
    "create_grant": {"GranteePrincipal": ROLE, "Operations": ["Encrypt"]},
    "encrypt": {"Plaintext": b"x"},
    "generate_data_key": {"KeySpec": "AES_256"},
    "generate_data_key_pair": {"KeyPairSpec": "ECC_NIST_P256"},
    "generate_data_key_without_plaintext": {"KeySpec": "AES_256"},
    "put_key_policy": {"Policy": OPEN_POLICY},
    "replicate_key": {"ReplicaRegion": AP},
    "tag_resource": {"Tags": [{"TagKey": "k", "TagValue": "v"}]},
    "untag_resource": {"TagKeys": ["k"]},
    "update_key_description": {"Description": "d"},
    "update_primary_region": {"PrimaryRegion": EU},
}


class Keys:
    def __init__(self, lab):
        self.lab = lab
        self.us, self.eu, self.ap = (self.at(region) for region in (US, EU, AP))

    def at(self, region):
        return self.lab.client("kms", region)

    def key(self, *replicas, **settings):
        """The id of a new multi-Region key whose primary is in us-east-1."""
        key_id = self.us.create_key(MultiRegion=True, **settings)["KeyMetadata"]["KeyId"]
        for region in replicas:
            self.us.replicate_key(KeyId=key_id, ReplicaRegion=region)
        return key_id

    def key_for(self, spec, usage):
        """The id of a new key of another kind, with a replica in eu-west-1."""
        return self.key(EU, KeySpec=spec, KeyUsage=usage)

    def single(self):
        """The id of a new key that is in us-east-1 only."""
        return self.us.create_key()["KeyMetadata"]["KeyId"]

    def describe(self, region, key_id):
        return self.at(region).describe_key(KeyId=key_id)["KeyMetadata"]

    def state(self, region, key_id):
        return self.describe(region, key_id)["KeyState"]

    def material(self, region, key_id):
        return self.describe(region, key_id)["CurrentKeyMaterialId"]

    def seal(self, region, key_id, context=None):
        made = self.at(region).encrypt(
            KeyId=key_id, Plaintext=b"secret", EncryptionContext=context or {}
        )
        return made["CiphertextBlob"]

    def open(self, region, sealed, context=None):
        """What a ciphertext held, by the key that it names."""
        opened = self.at(region).decrypt(CiphertextBlob=sealed, EncryptionContext=context or {})
        return opened["Plaintext"]

    def refusal(self, region, sealed, context=None):
        """What the ciphertext is refused with; none if it opens."""
        return says(self.open, region=region, sealed=sealed, context=context)

    def call(self, region, operation, key_id):
        """Calls an operation with a key: the error's name and text, or none."""
        member = "TargetKeyId" if operation == "create_alias" else "KeyId"
        needed = {member: key_id, **NEEDED.get(operation, {})}
        return says(getattr(self.at(region), operation), **needed)

    def schedule(self, region, key_id, days):
        return self.at(region).schedule_key_deletion(KeyId=key_id, PendingWindowInDays=days)


def arn(region, key_id):
    return f"arn:aws:kms:{region}:{ACCOUNT}:key/{key_id}"


def is_disabled(region, key_id):
    return "DisabledException", f"{arn(region, key_id)} is disabled."


def is_pending(region, key_id):
    return invalid_state(region, key_id, "is pending deletion (or pending replica deletion).")


def invalid_state(region, key_id, text):
    return "KMSInvalidStateException", f"{arn(region, key_id)} {text}"
