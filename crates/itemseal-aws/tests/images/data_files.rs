//! Data files of exports and imports.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use itemseal::{AttributeValue, ErrorKind, Item};
use itemseal_aws::{DataFiles, LineCounts, LineError};
use serde_json::{Value, json};

use super::world::{item, json, keys, orders, sealed, tampered};

async fn open(input: &[u8]) -> (Vec<Value>, LineCounts, Vec<LineError>) {
    let (mut output, mut failed) = (Vec::new(), Vec::new());
    let files = DataFiles::new(orders());
    let counts = files.open_export(input, &mut output, |error| failed.push(error)).await.unwrap();
    let lines = serde_json::Deserializer::from_slice(&output).into_iter();
    (lines.map(Result::unwrap).collect(), counts, failed)
}

fn text(lines: &[Value]) -> Vec<u8> {
    lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect()
}

fn full(item: &Item) -> Value {
    json!({"Item": json(item)})
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_thousand_lines_in_their_order_and_one_is_reported() {
    const COUNT: usize = 20_000;
    let plain: Vec<Value> = (0..COUNT).map(|number| full(&item(number, "card"))).collect();
    let mut import = Vec::new();
    let files = DataFiles::new(orders()).gzip(true);
    let lines = text(&plain);
    let counts = files.seal_import(&lines[..], &mut import, |error| panic!("{error}"));
    assert_eq!(counts.await.unwrap().done(), COUNT as u64);

    // In the middle, as an attacker with the bucket would.
    let mut stored = String::new();
    MultiGzDecoder::new(&import[..]).read_to_string(&mut stored).unwrap();
    let mut lines: Vec<Value> =
        stored.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), COUNT);
    let middle = Item::from_json(lines[12_344]["Item"].to_string()).unwrap();
    lines[12_344] = full(&tampered(middle));
    // Exports have several gzip members where DynamoDB wrote them one after the other.
    let (first, second) = lines.split_at(7_000);
    let export = [compressed(&text(first)), compressed(&text(second))].concat();

    let (opened, counts, failed) = open(&export).await;
    assert_eq!((counts.done(), counts.failed()), (COUNT as u64 - 1, 1));
    let [failed] = &failed[..] else { panic!("{failed:?}") };
    assert_eq!(failed.line(), 12_345);
    assert_eq!((failed.image(), failed.key()), (Some("Item"), &keys(12_344)));
    assert_eq!(failed.error().kind(), ErrorKind::Authentication);
    assert!(failed.to_string().starts_with("line 12345, Item: "), "{failed}");
    let rest = plain.iter().enumerate().filter(|(number, _)| *number != 12_344);
    assert!(opened.iter().eq(rest.map(|(_, line)| line)), "the others, in their order");
}

#[tokio::test]
async fn lines_of_an_incremental_export() {
    let (new, old) = (sealed(1, "new").await, sealed(1, "old").await);
    let line = |new: Option<&Item>, old: Option<&Item>| {
        let written = json!({"WriteTimestampMicros": {"N": "1680109764000000"}});
        let mut line = json!({"Metadata": written, "Keys": json(&keys(1))});
        for (name, image) in [("NewImage", new), ("OldImage", old)] {
            if let Some(image) = image {
                line[name] = json(image);
            }
        }
        line
    };
    let bad = tampered(old.clone());
    let mut of_other_key = line(Some(&new), None);
    of_other_key["Keys"] = json(&keys(2));
    let given = [
        line(Some(&new), Some(&old)),
        line(Some(&new), Some(&bad)),
        line(None, Some(&old)),
        of_other_key,
        line(None, None),
    ];
    let (opened, counts, failed) = open(&text(&given)).await;
    let (new, old) = (item(1, "new"), item(1, "old"));
    let expected = [line(Some(&new), Some(&old)), line(None, Some(&old)), line(None, None)];
    assert_eq!(opened, expected);
    assert_eq!((counts.done(), counts.failed()), (3, 2));
    let failed: Vec<_> =
        failed.iter().map(|error| (error.line(), error.image(), error.key())).collect();
    assert_eq!(failed, [(2, Some("OldImage"), &keys(1)), (4, Some("NewImage"), &keys(2))]);
}

#[tokio::test]
async fn lines_that_are_none_are_reported_without_their_values() {
    let good = full(&sealed(9, "card").await).to_string();
    let long = format!("{{\"Item\":\"{}\"}}", "4111".repeat(3 << 20));
    let lines = [
        r#"{"Item": {"ID": {"S": 4111}}}"#,
        r#"{"Item": {"ID": "4111"}}"#,
        r#"{"ID": {"S": "4111"}}"#,
        r#"{"Metadata": {}}"#,
        "4111",
        r#"{"Item": {"ID": {"S": "4"#,
        r#"{"Item": {"ID": {"S": "4111"}}}"#,
        &long,
        &good,
    ];
    let (opened, counts, failed) = open(lines.join("\n").as_bytes()).await;
    assert_eq!(opened, [full(&item(9, "card"))]);
    assert_eq!((counts.done(), counts.failed()), (1, 8));
    let mut kinds = [ErrorKind::Malformed; 8];
    (kinds[6], kinds[7]) = (ErrorKind::NotEncrypted, ErrorKind::TooLarge);
    for (index, (error, kind)) in failed.iter().zip(kinds).enumerate() {
        assert_eq!((error.line(), error.error().kind()), (index as u64 + 1, kind));
        let told = format!("{error} {error:?}");
        assert!(!told.contains("4111"), "a value: {told}");
    }
}

#[tokio::test]
async fn what_is_not_json_by_its_first_bytes_is_refused() {
    let binary_ion: &[u8] = &[0xe0, 0x01, 0x00, 0xea, 0xe8, 0x81];
    let text_ion: &[u8] = b"$ion_1_0 {Item:{ID:\"1\"}}\n";
    let zstandard: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0];
    let cases = [
        (binary_ion.to_vec(), "DYNAMODB_JSON"),
        (text_ion.to_vec(), "DYNAMODB_JSON"),
        (compressed(binary_ion), "DYNAMODB_JSON"),
        (compressed(text_ion), "DYNAMODB_JSON"),
        (zstandard.to_vec(), "Zstandard"),
    ];
    for (input, says) in cases {
        let files = DataFiles::new(orders());
        let opened = files.open_export(&input[..], Vec::new(), |error| panic!("{error}"));
        let error = opened.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[tokio::test]
async fn damaged_gzip_is_an_error_and_not_a_short_file() {
    let mut lines = Vec::new();
    for number in 0..50 {
        lines.push(full(&sealed(number, "card").await));
    }
    let whole = compressed(&text(&lines));
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x55;
    for (input, says) in [(&whole[..whole.len() - 3], "ends early"), (&damaged[..], "damaged")] {
        let files = DataFiles::new(orders());
        let error = files.open_export(input, Vec::new(), |_| {}).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.to_string().contains(says), "{error}");
    }
}

struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn an_output_that_cannot_be_written_is_an_error() {
    let line = text(&[full(&sealed(1, "card").await)]);
    for gzip in [false, true] {
        let files = DataFiles::new(orders()).gzip(gzip);
        let error = files.open_export(&line[..], Full, |_| {}).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
        let source = std::error::Error::source(&error).unwrap();
        assert!(source.downcast_ref::<std::io::Error>().is_some());
    }
}

#[tokio::test]
async fn an_import_takes_whole_plain_items_only() {
    let already = sealed(1, "card").await;
    let large = item(2, &"x".repeat(409_500));
    let incremental = json!({"Keys": json(&keys(3)), "NewImage": json(&item(3, "card"))});
    let without_key = Item::new().with("ID", "order").with("Card", AttributeValue::Null);
    let lines =
        [full(&already), full(&large), incremental, full(&without_key), full(&item(5, "c"))];
    let (mut import, mut failed) = (Vec::new(), Vec::new());
    let files = DataFiles::new(orders());
    let lines = text(&lines);
    let sealed = files.seal_import(&lines[..], &mut import, |error| failed.push(error));
    assert_eq!(sealed.await.unwrap().done(), 1);
    let failed: Vec<_> = failed.iter().map(|error| (error.line(), error.error().kind())).collect();
    let expected = [
        (1, ErrorKind::Misuse),
        (2, ErrorKind::TooLarge),
        (3, ErrorKind::Malformed),
        (4, ErrorKind::Misuse),
    ];
    assert_eq!(failed, expected);
    assert_eq!(open(&import).await.0, [full(&item(5, "c"))]);
}
