use std::path::PathBuf;

use aws_types::SdkConfig;
use itemseal::{AlgorithmSuite, CryptographicAction, ErrorKind, Item, ItemEncryptor};

use super::ConfigFile;

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
const TABLE: &str = "[table.T]\npartition_key = 'pk'\n";

fn parse(text: &str) -> itemseal::Result<ConfigFile> {
    ConfigFile::parse(text, "/nowhere")
}

#[test]
fn the_whole_file_means_what_it_says() {
    let config = parse(&format!(
        r#"
        [table."Orders"]
        logical_name = "Bestellungen"
        partition_key = "OrderID"
        sort_key = "CustomerID"
        sign_only = ["OrderStatus"]
        context = ["Tenant"]
        unsigned = ["Hits"]
        unsigned_prefix = ":"
        suite = "hmac-only"
        ttl_attribute = "ExpiresAt"
        version_attribute = "Version"
        plaintext_reads = "allow"
        writes = "failover"
        [table."More"]
        partition_key = "id"
        regions = ["ap-southeast-1"]
        [keyring]
        kind = "kms-mrk"
        key_arn = "{KEY}"
        regions = ["eu-west-1", "us-east-1"]
        deadline_ms = 3000
        "#
    ))
    .unwrap();
    let orders = config.table("Orders").unwrap();
    assert_eq!(orders.logical_name(), "Bestellungen");
    assert_eq!((orders.partition_key(), orders.sort_key()), ("OrderID", Some("CustomerID")));
    assert_eq!((orders.suite(), orders.format_version()), (AlgorithmSuite::HmacOnly, 2));
    for (name, action) in [
        ("OrderStatus", CryptographicAction::SignOnly),
        ("Tenant", CryptographicAction::SignAndIncludeInEncryptionContext),
        ("Hits", CryptographicAction::DoNothing),
        (":x", CryptographicAction::DoNothing),
        ("ExpiresAt", CryptographicAction::SignOnly),
        ("Version", CryptographicAction::SignOnly),
        ("Card", CryptographicAction::EncryptAndSign),
    ] {
        assert_eq!(orders.action(name), action, "{name}");
    }
    assert_eq!(config.ttl_attribute("Orders").unwrap(), Some("ExpiresAt"));
    assert_eq!(config.table("More").unwrap().logical_name(), "More");
    assert_eq!(config.regions("Orders").unwrap(), ["eu-west-1", "us-east-1"]);
    assert_eq!(config.regions("More").unwrap(), ["ap-southeast-1"]);
    assert!(config.needs_aws());
    assert!(config.keyring(&SdkConfig::builder().build()).is_ok());
    let names: Vec<&str> = config.tables().map(|(name, _)| name).collect();
    assert_eq!(names, ["More", "Orders"]);
    assert!(config.table("Other").unwrap_err().to_string().contains("it has: More, Orders"));
}

#[test]
fn a_time_to_live_that_is_unsigned_stays_so() {
    let keyring = format!("[keyring]\nkind = 'kms-mrk'\nkey_arn = '{KEY}'\n");
    let table = "ttl_attribute = 'ttl'\nunsigned = ['ttl']\n";
    let config = parse(&format!("{TABLE}{table}{keyring}")).unwrap();
    assert_eq!(config.table("T").unwrap().action("ttl"), CryptographicAction::DoNothing);
    assert_eq!(config.regions("T").unwrap(), ["eu-west-1"], "the Region in the ARN");
}

#[test]
fn what_cannot_be_right_is_refused_by_field_and_remedy() {
    let kms = format!("{TABLE}[keyring]\nkind = 'kms'\nkey_arn = '{KEY}'\n");
    let mrk = format!("{TABLE}[keyring]\nkind = 'kms-mrk'\nkey_arn = '{KEY}'\n");
    let raw = format!("{TABLE}[keyring]\nkind = 'raw-aes'\n");
    let hierarchical = |more: &str| {
        format!("kind = 'hierarchical'\nkey_store = 'Keys'\nkey_arn = '{KEY}'\n{more}")
    };
    let of = |keyring: &str| format!("{TABLE}[keyring]\n{keyring}");
    let table = |fields: &str| format!("{TABLE}{fields}\n[keyring]\nkind = 'kms'\nkey_arn='{KEY}'");
    let more = |text: &str, fields: &str| format!("{text}{fields}");
    for (text, field, says) in [
        (String::new(), ": table:", "add [table.\"Orders\"]"),
        ("table = 1".into(), ": table:", "found: integer"),
        ("[table]\n[keyring]\n".into(), ": table:", "no table is configured"),
        ("[table]\nT = 1\n".into(), "table.\"T\":", "expected a table"),
        ("[table.'A B']\n".into(), "table.\"A B\".partition_key:", "partition_key = \"OrderID\""),
        (TABLE.into(), ": keyring:", "add [keyring]"),
        (more(&kms, "[more]\n"), ": more:", "known are: table, keyring"),
        (table("sign_only = 'a'"), "table.\"T\".sign_only:", "expected a list of text"),
        (table("sign_only = ['a', 1]"), "table.\"T\".sign_only:", "found: integer"),
        (table("sort_key = 1"), "table.\"T\".sort_key:", "expected text in quotes"),
        (table("signonly = ['a']"), "table.\"T\".signonly:", "known are: logical_name"),
        (table("suite = 'none'"), "table.\"T\".suite:", "\"hmac-only\""),
        (table("writes = 'all'"), "table.\"T\".writes:", "say \"home\""),
        (
            table("version_attribute = 'v'\nunsigned = ['v']"),
            "table.\"T\".version_attribute:",
            "out of unsigned",
        ),
        (table("plaintext_reads = 'yes'"), "table.\"T\".plaintext_reads:", "say \"refuse\""),
        (table("regions = ['a', 'a']"), "table.\"T\".regions:", "a is listed twice"),
        (table("unsigned = ['pk']"), "table.\"T\":", "attribute \"pk\""),
        (table("unsigned_prefix = ''"), "table.\"T\":", "empty unsigned prefix"),
        (table("ttl_attribute = ''"), "table.\"T\".ttl_attribute:", "name is empty"),
        (of(""), "keyring.kind:", "kind = \"kms-mrk\""),
        (of("kind = 'aes'"), "keyring.kind:", "raw-aes, kms"),
        (of("kind = 'hierarchical'"), "keyring.key_store:", "it is missing"),
        (of(&hierarchical("")), "keyring.branch_key_id:", "branch_key_id_from"),
        (
            of(&hierarchical("branch_key_id='a'\nbranch_key_id_from='b'")),
            "keyring.branch_key_id:",
            "say one of",
        ),
        (of(&hierarchical("branch_key_id='a'\nttl_seconds=0")), ".ttl_seconds:", "above zero"),
        (
            of(
                "kind='hierarchical'\nkey_store='K'\nkey_arn='arn:aws:kms:r:1:key/2'\nregions=['a']",
            ),
            "keyring.regions:",
            "one Region only",
        ),
        (of("kind = 'kms'"), "keyring.key_arn:", "it is missing"),
        (of("kind = 'kms'\nkey_arn = 'alias/S3CRET'"), "keyring.key_arn:", "a key's full ARN"),
        (of("kind = 'kms-mrk'\nkey_arn='arn:aws:kms:r:1:key/2'"), ".key_arn:", "single-Region"),
        (more(&kms, "regions = ['a']"), "keyring.regions:", "unknown field"),
        (more(&kms, "deadline_ms = 0"), "keyring.deadline_ms:", "above zero"),
        (more(&kms, "deadline_ms = '5'"), "keyring.deadline_ms:", "found: string"),
        (more(&mrk, "regions = ['']"), "keyring.regions:", "name is empty"),
        (more(&mrk, "regions = ['a', 'b', 'a']"), "keyring.regions:", "a is listed twice"),
        (raw.clone(), "keyring.key_file:", "it is missing"),
        (more(&raw, "key_file = 'k'"), "keyring.namespace:", "it is missing"),
        (
            more(&raw, "key_file='k'\nnamespace='n'\nname='n'\nkey='S3CRET'"),
            "keyring.key:",
            "0600 in key_file",
        ),
        (more(&kms, "Plaintext = 'S3CRET'"), "keyring.Plaintext:", "0600 in key_file"),
        (more(&kms, "client_secret = 'S3CRET'"), "keyring.client_secret:", "in key_file"),
        (of("kind = 'kms-mrk-discovery'"), "keyring.region:", "it is missing"),
        (of("kind = 'kms-mrk-discovery'\nregion = 'r'"), "keyring.accounts:", "111122223333"),
        (of("kind = 'multi'"), "keyring.children:", "[[keyring.children]]"),
        (of("kind = 'multi'\nchildren = [1]"), "keyring.children:", "array of tables"),
        (
            of("kind = 'multi'\n[[keyring.children]]\nkind = 'kms'"),
            "keyring.children[0].key_arn:",
            "it is missing",
        ),
        ("[table.T]\npartition_key = \"S3CRET".into(), "line 2, column", "not TOML"),
        ("a = 1\na = 2".into(), "line 2, column 1", "not TOML"),
    ] {
        let error = parse(&text).expect_err(&text);
        assert_eq!(error.kind(), ErrorKind::Misuse, "{text}");
        let told = error.to_string();
        assert!(told.contains(field) && told.contains(says), "{text}\n{told}");
        assert!(told.starts_with("the configuration: ") && !told.contains("S3CRET"), "{told}");
    }
}

/// A folder with a key file, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, key: &[u8], mode: u32) -> Self {
        let folder = std::env::temp_dir();
        let folder = folder.join(format!("itemseal-config-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("k"), key).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(folder.join("k"), mode).unwrap();
        }
        let keyring = "[keyring]\nkind='raw-aes'\nkey_file='k'\nnamespace='ns'\nname='k-1'\n";
        std::fs::write(folder.join("itemseal.toml"), format!("{TABLE}{keyring}")).unwrap();
        Self(folder)
    }

    fn encryptor(&self) -> itemseal::Result<ItemEncryptor> {
        let config = ConfigFile::read(self.0.join("itemseal.toml"))?;
        assert!(!config.needs_aws());
        let keyring = config.keyring(&SdkConfig::builder().build())?;
        Ok(ItemEncryptor::new(config.table("T")?.clone(), keyring))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_key_is_32_bytes_or_64_hexadecimal_digits() {
    let hex = "0aF1".repeat(16);
    let raw = [0x0a, 0xf1].repeat(16);
    let one = Folder::new("raw", &raw, 0o600).encryptor().unwrap();
    let stored = one.encrypt_item(Item::new().with("pk", "1").with("a", "b")).await.unwrap();
    for (name, text) in [("hex", hex.clone()), ("line", format!("{hex}\n"))] {
        let other = Folder::new(name, text.as_bytes(), 0o400).encryptor().unwrap();
        assert!(other.decrypt_item(stored.clone()).await.is_ok(), "the same key: {name}");
    }
    for (name, bytes) in [
        ("short", &raw[..31]),
        ("long", &[7; 33]),
        ("longer", &[b'0'; 1000]),
        ("odd", "0".repeat(63).as_bytes()),
        ("letters", "g".repeat(64).as_bytes()),
        ("empty", b""),
    ] {
        let error = Folder::new(name, bytes, 0o600).encryptor().unwrap_err().to_string();
        assert!(error.contains("keyring.key_file:") && error.contains("does not hold"), "{error}");
        assert!(error.contains("itemseal.toml: "), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_refused() {
    for mode in [0o640, 0o604, 0o620, 0o601, 0o644] {
        let error = Folder::new("mode", &[7; 32], mode).encryptor().unwrap_err().to_string();
        assert!(error.contains(&format!("(mode {mode:04o})")), "{error}");
        assert!(error.contains("chmod 600"), "{error}");
    }
    let folder = Folder::new("mode", &[7; 32], 0o600);
    std::fs::remove_file(folder.0.join("k")).unwrap();
    let error = folder.encryptor().unwrap_err().to_string();
    assert!(error.contains("keyring.key_file:") && error.contains("cannot be read"), "{error}");
}

#[test]
fn several_keyrings_have_the_regions_of_all() {
    let config = parse(&format!(
        "{TABLE}[keyring]\nkind = 'multi'\n\
         [[keyring.children]]\nkind = 'kms-mrk'\nkey_arn = '{KEY}'\nregions = ['b', 'a']\n\
         [[keyring.children]]\nkind = 'kms-mrk-discovery'\nregion = 'a'\naccounts = ['1']\n\
         [[keyring.children]]\nkind = 'kms'\nkey_arn = '{KEY}'\n"
    ))
    .unwrap();
    assert_eq!(config.regions("T").unwrap(), ["b", "a", "eu-west-1"]);
    assert!(config.needs_aws());
    assert!(config.keyring(&SdkConfig::builder().build()).is_ok());
}
