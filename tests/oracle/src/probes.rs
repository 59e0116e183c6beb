//! Configurations and items near a limit, given to both sides: both take them or both refuse.

use std::collections::BTreeMap;

use itemseal::{AlgorithmSuite, AttributeValue, Item};

use crate::table::{Action, Table};

/// An item for both writers, with what must happen.
pub struct Probe {
    /// Names it in a report and in the list of intended differences.
    pub name: &'static str,
    /// The table.
    pub table: Table,
    /// The item.
    pub item: Item,
}

/// A table with keys `pk` (and no sort key), an attribute of each action, and version 1 or 2.
pub fn table(version: u8) -> Table {
    let mut actions = BTreeMap::from([
        ("secret".to_owned(), Action::Encrypt),
        ("status".to_owned(), Action::Sign),
        ("hits".to_owned(), Action::Nothing),
    ]);
    if version == 2 {
        actions.insert("tenant".to_owned(), Action::Context);
    }
    Table {
        logical_name: "Probes".to_owned(),
        partition_key: "pk".to_owned(),
        sort_key: None,
        actions,
        unsigned_prefix: Some(":".to_owned()),
        suite: AlgorithmSuite::HmacOnly,
    }
}

/// A configuration for both sides.
pub struct ConfigProbe {
    /// Names it in a report.
    pub name: &'static str,
    /// The configuration.
    pub table: Table,
}

/// Configurations that one would think twice about.
pub fn configurations() -> Vec<ConfigProbe> {
    let with = |name, change: &dyn Fn(&mut Table)| {
        let mut table = table(1);
        change(&mut table);
        ConfigProbe { name, table }
    };
    let attribute = |name: &'static str, attribute: &'static str, action| {
        with(name, &|table: &mut Table| {
            table.actions.insert(attribute.to_owned(), action);
        })
    };
    vec![
        with("as it is", &|_| {}),
        attribute("reserved name, encrypted", "aws_dbe_x", Action::Encrypt),
        attribute("reserved name, signed", "aws_dbe_x", Action::Sign),
        attribute("reserved name, unsigned", "aws_dbe_x", Action::Nothing),
        attribute("name of the context's own, encrypted", "aws-crypto-x", Action::Encrypt),
        attribute("name of the context's own, signed", "aws-crypto-x", Action::Sign),
        attribute("name of the context's own, in context", "aws-crypto-x", Action::Context),
        attribute("name of the context's own, unsigned", "aws-crypto-x", Action::Nothing),
        attribute("empty name, signed", "", Action::Sign),
        attribute("name with the unsigned prefix, signed", ":x", Action::Sign),
        attribute("name with the unsigned prefix, encrypted", ":x", Action::Encrypt),
        attribute("partition key listed as encrypted", "pk", Action::Encrypt),
        attribute("partition key listed as unsigned", "pk", Action::Nothing),
        with("partition key reserved", &|table| table.partition_key = "aws_dbe_x".to_owned()),
        with("partition key of the context's own", &|t| {
            t.partition_key = "aws-crypto-x".to_owned()
        }),
        with("partition key empty", &|table| table.partition_key = String::new()),
        with("partition key has the unsigned prefix", &|table| {
            table.partition_key = ":k".to_owned()
        }),
        with("both keys the same", &|table| table.sort_key = Some("pk".to_owned())),
        with("unsigned prefix reserved", &|t| t.unsigned_prefix = Some("aws_dbe_".to_owned())),
        with("unsigned prefix empty", &|t| t.unsigned_prefix = Some(String::new())),
        with("logical name empty", &|table| table.logical_name = String::new()),
        with("logical name beyond ASCII", &|table| table.logical_name = "T\u{e4}ble".to_owned()),
        with("logical name of 256 bytes", &|table| table.logical_name = "t".repeat(256)),
    ]
}

/// Lists of lists, `levels` values deep.
pub fn lists(levels: usize) -> AttributeValue {
    (1..levels).fold(AttributeValue::Null, |inner, _| AttributeValue::L(vec![inner]))
}

fn number(text: &str) -> AttributeValue {
    AttributeValue::N(text.to_owned())
}

fn map(key: &str) -> AttributeValue {
    AttributeValue::M(BTreeMap::from([(key.to_owned(), AttributeValue::Null)]))
}

/// Items for both writers.
pub fn items() -> Vec<Probe> {
    let mut probes = Vec::new();
    let long_key = "k".repeat(65_535);
    let too_long_key = "k".repeat(65_536);
    let texts = |set: &[&str]| set.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let values = [
        ("empty string", AttributeValue::S(String::new())),
        ("empty string set", AttributeValue::Ss(Vec::new())),
        ("empty number set", AttributeValue::Ns(Vec::new())),
        ("empty binary set", AttributeValue::Bs(Vec::new())),
        ("set with an empty string", AttributeValue::Ss(texts(&["", "a"]))),
        ("32 levels", lists(32)),
        ("33 levels", lists(33)),
        ("string twice in a set", AttributeValue::Ss(texts(&["a", "a"]))),
        ("number twice in a set", AttributeValue::Ns(texts(&["1", "1.0"]))),
        ("bytes twice in a set", AttributeValue::Bs(vec![vec![1], vec![1]])),
        ("empty map key", map("")),
        ("map key of 65,535 bytes", map(&long_key)),
        ("map key of 65,536 bytes", map(&too_long_key)),
        ("largest number", number("9.9999999999999999999999999999999999999E+125")),
        ("smallest number", number("1E-130")),
        ("number too large", number("1E126")),
        ("number too small", number("1E-131")),
        ("39 digits", number("123456789012345678901234567890123456789")),
        ("39 digits, the last zero", number("123456789012345678901234567890123456780")),
        ("39 digits behind a zero", number("0123456789012345678901234567890123456789")),
        ("empty number", number("")),
        ("number with a space", number(" 1")),
        ("number of letters", number("abc")),
        ("number with two points", number("1.2.3")),
        ("number without digits", number(".")),
        ("number without exponent", number("1e")),
        ("number with non-ASCII digits", number("\u{661}")),
        ("zero with a huge exponent", number("0e99999999999999999999")),
        ("number with a huge exponent", number("1e99999999999999999999")),
        ("infinity", number("Infinity")),
    ];
    for (name, value) in values {
        for attribute in ["secret", "status"] {
            let item = Item::new().with("pk", "1").with(attribute, value.clone());
            probes.push(Probe { name, table: table(1), item });
        }
        let item = Item::new().with("pk", "1").with("tenant", value);
        probes.push(Probe { name, table: table(2), item });
    }
    let mut add = |name, version, item| probes.push(Probe { name, table: table(version), item });
    let plain = || Item::new().with("pk", "1").with("secret", "x");
    add("no key attribute", 1, Item::new().with("secret", "x"));
    add("no context attribute", 2, plain());
    add("nothing but the key", 1, Item::new().with("pk", "1"));
    add("empty partition key", 1, Item::new().with("pk", ""));
    add("partition key is a list", 1, Item::new().with("pk", lists(2)));
    add("reserved attribute name", 1, plain().with("aws_dbe_x", "1"));
    add("context value of 65,535 bytes", 2, plain().with("tenant", "v".repeat(65_535)));
    add("context value of 65,536 bytes", 2, plain().with("tenant", "v".repeat(65_536)));
    add("context value like a reserved key", 2, plain().with("tenant", "aws-crypto-x"));
    add(
        "partition key value like a reserved key",
        2,
        Item::new().with("pk", "aws-crypto-x").with("tenant", "t"),
    );
    add("unsigned number of letters", 1, plain().with("hits", number("abc")));
    add("unsigned, 33 levels", 1, plain().with("hits", lists(33)));
    add(
        "unsigned, string twice in a set",
        1,
        plain().with("hits", AttributeValue::Ss(texts(&["a", "a"]))),
    );
    add("attribute that the configuration does not name", 1, plain().with("other", "o"));
    add("attribute named like the context's own", 1, plain().with("aws-crypto-x", "o"));
    let mut unicode = table(1);
    unicode.logical_name = "Täble𝄞".to_owned();
    probes.push(Probe { name: "logical name beyond ASCII", table: unicode, item: plain() });
    probes
}
