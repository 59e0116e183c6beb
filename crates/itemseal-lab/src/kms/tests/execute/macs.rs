use super::*;

#[test]
fn a_mac_verifies_in_every_related_region() {
    let b = bench();
    for (bits, length) in [(224, 28), (256, 32), (384, 48), (512, 64)] {
        let spec = json!({
            "KeySpec": format!("HMAC_{bits}"), "KeyUsage": "GENERATE_VERIFY_MAC",
            "MultiRegion": true,
        });
        let id = create(&b.kms, spec);
        ok(&b.kms, US, "ReplicateKey", json!({ "KeyId": id, "ReplicaRegion": EU }));
        let algorithm = format!("HMAC_SHA_{bits}");
        let request = json!({ "KeyId": id, "Message": b64(b"message"), "MacAlgorithm": algorithm });
        let made = ok(&b.kms, US, "GenerateMac", request.clone());
        assert_eq!(bytes(&made["Mac"]).len(), length);
        assert_eq!(made["KeyId"], arn(US, &id));
        assert_eq!(ok(&b.kms, EU, "GenerateMac", request.clone())["Mac"], made["Mac"]);
        let with = |message: &[u8], mac: &[u8]| {
            let mut request = request.clone();
            request["Message"] = json!(b64(message));
            request["Mac"] = json!(b64(mac));
            request
        };
        let mac = bytes(&made["Mac"]);
        let verified = ok(&b.kms, EU, "VerifyMac", with(b"message", &mac));
        let expected =
            json!({ "KeyId": arn(EU, &id), "MacValid": true, "MacAlgorithm": algorithm });
        assert_eq!(verified, expected);
        let code = "KMSInvalidMacException";
        refused(&b.kms, US, "VerifyMac", with(b"other", &mac), code);
        refused(&b.kms, US, "VerifyMac", with(b"message", &mac[1..]), code);
    }
}

#[test]
fn a_mac_needs_its_keys_algorithm_and_usage() {
    let b = bench();
    let mac = create(&b.kms, json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" }));
    let symmetric = create(&b.kms, json!({}));
    let request = |id: &str, algorithm: &str| json!({ "KeyId": id, "Message": b64(b"m"), "MacAlgorithm": algorithm });
    let code = "InvalidKeyUsageException";
    let says = refused(&b.kms, US, "GenerateMac", request(&mac, "HMAC_SHA_512"), code);
    assert_eq!(says, "Algorithm HMAC_SHA_512 and key spec HMAC_256 are incompatible.");
    refused(&b.kms, US, "GenerateMac", request(&symmetric, "HMAC_SHA_256"), code);
    refused(&b.kms, US, "GenerateMac", request(&mac, "HMAC_SHA_1"), "ValidationException");
    let long = json!({
        "KeyId": mac, "Message": b64(&[0; 4_097]), "MacAlgorithm": "HMAC_SHA_256",
    });
    refused(&b.kms, US, "GenerateMac", long, "ValidationException");
    let empty = json!({ "KeyId": mac, "Message": "", "MacAlgorithm": "HMAC_SHA_256" });
    refused(&b.kms, US, "GenerateMac", empty, "ValidationException");
    ok(&b.kms, US, "DisableKey", json!({ "KeyId": mac }));
    refused(&b.kms, US, "GenerateMac", request(&mac, "HMAC_SHA_256"), "DisabledException");
}
