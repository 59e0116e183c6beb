//! Whole exports by their manifests.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use itemseal::{ErrorKind, Item};
use itemseal_aws::{DataFiles, ExportCounts, ExportEvent, ExportManifest};
use md5::{Digest, Md5};
use serde_json::{Value, json};

use super::world::{item, json, keys, orders, sealed, tampered};

/// An export as AWS lays it out; gone with the test.
struct Export {
    root: PathBuf,
    data: PathBuf,
    summary: Value,
    files: Vec<Value>,
}

const ID: &str = "01693685827463-2d8752fd";

impl Export {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("itemseal-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        let data = root.join(ID).join("data");
        std::fs::create_dir_all(&data).unwrap();
        let summary = json!({
            "version": "2020-06-30",
            "exportArn": format!("arn:aws:dynamodb:us-east-1:123456789012:table/Orders/export/{ID}"),
            "startTime": "2020-11-04T07:28:34.028Z",
            "endTime": "2020-11-04T07:33:43.897Z",
            "tableArn": "arn:aws:dynamodb:us-east-1:123456789012:table/Orders",
            "tableId": "12345a12-abcd-123a-ab12-1234abc12345",
            "exportTime": "2020-11-04T07:28:34.028Z",
            "s3Bucket": "orders-export",
            "s3Prefix": "2020-Nov",
            "s3SseAlgorithm": "AES256",
            "s3SseKmsKeyId": null,
            "manifestFilesS3Key": format!("2020-Nov/AWSDynamoDB/{ID}/manifest-files.json"),
            "billedSizeBytes": 0,
            "itemCount": 0,
            "outputFormat": "DYNAMODB_JSON"
        });
        Self { root, data, summary, files: Vec::new() }
    }

    /// The items of an incremental export are beside its folder.
    fn incremental(name: &str) -> Self {
        let mut export = Self::new(name);
        export.data = export.root.join("data");
        std::fs::create_dir_all(&export.data).unwrap();
        export.summary["exportType"] = json!("INCREMENTAL_EXPORT");
        export
    }

    /// Adds a data file, with gzip as they all are.
    fn add(&mut self, name: &str, lines: &[Value]) {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        for line in lines {
            writeln!(gzip, "{line}").unwrap();
        }
        let bytes = gzip.finish().unwrap();
        std::fs::write(self.data.join(name), &bytes).unwrap();
        let (once, twice) = (Md5::digest(&bytes), Md5::digest(Md5::digest(&bytes)));
        let hex: String = twice.iter().map(|byte| format!("{byte:02x}")).collect();
        self.files.push(json!({
            "itemCount": lines.len(),
            "md5Checksum": STANDARD.encode(once),
            "etag": format!("{hex}-1"),
            "dataFileS3Key": format!("2020-Nov/AWSDynamoDB/{ID}/data/{name}")
        }));
        let all = self.summary["itemCount"].as_u64().unwrap() + lines.len() as u64;
        self.summary["itemCount"] = json!(all);
    }

    fn write(&self) -> PathBuf {
        let folder = self.root.join(ID);
        std::fs::write(folder.join("manifest-summary.json"), self.summary.to_string()).unwrap();
        let files: String = self.files.iter().map(|file| format!("{file}\n")).collect();
        std::fs::write(folder.join("manifest-files.json"), files).unwrap();
        folder
    }

    async fn open(&self) -> Opened {
        let manifest = ExportManifest::read(self.write()).unwrap();
        let mut opened = Opened::default();
        let files = DataFiles::new(orders());
        let tell = |event: ExportEvent<'_>| match event {
            ExportEvent::Line { file, error } => {
                assert_eq!(error.error().kind(), ErrorKind::Authentication);
                opened.lines.push((file.name().to_owned(), error.line(), error.key().clone()));
            }
            ExportEvent::File { file, error } => {
                opened.files.push((file.name().to_owned(), error.to_string()));
            }
            ExportEvent::Summary { error } => opened.summary = Some(error.to_string()),
            ExportEvent::Progress(counts) => opened.progress.push(counts),
            event => panic!("{event:?}"),
        };
        let mut text = Vec::new();
        opened.counts = files.open_manifest(&manifest, &mut text, tell).await.unwrap();
        let lines = serde_json::Deserializer::from_slice(&text).into_iter();
        opened.items = lines.map(Result::unwrap).collect();
        opened
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

#[derive(Default)]
struct Opened {
    items: Vec<Value>,
    lines: Vec<(String, u64, Item)>,
    files: Vec<(String, String)>,
    summary: Option<String>,
    progress: Vec<ExportCounts>,
    counts: ExportCounts,
}

fn full(item: &Item) -> Value {
    json!({"Item": json(item)})
}

async fn stored(numbers: std::ops::Range<usize>) -> Vec<Value> {
    let mut lines = Vec::new();
    for number in numbers {
        lines.push(full(&sealed(number, "card").await));
    }
    lines
}

fn plain(numbers: impl IntoIterator<Item = usize>) -> Vec<Value> {
    numbers.into_iter().map(|number| full(&item(number, "card"))).collect()
}

#[tokio::test]
async fn every_file_is_opened_and_one_bad_line_is_told_by_file_number_and_key() {
    let mut export = Export::new("full");
    let mut second = stored(300..400).await;
    second[50] = full(&tampered(sealed(350, "card").await));
    export.add("a.json.gz", &stored(0..300).await);
    export.add("b.json.gz", &second);
    // A partition without items.
    export.add("c.json.gz", &[]);
    let opened = export.open().await;
    assert_eq!(opened.items, plain((0..400).filter(|number| *number != 350)));
    assert_eq!(opened.lines, [("b.json.gz".to_owned(), 51, keys(350))]);
    assert_eq!((opened.files, opened.summary), (vec![], None));
    let counts = opened.counts;
    assert_eq!((counts.files(), counts.bad_files()), (3, 0));
    assert_eq!((counts.done(), counts.failed(), counts.is_whole()), (399, 1, false));
    let progress: Vec<_> =
        opened.progress.iter().map(|counts| (counts.files(), counts.done())).collect();
    assert_eq!(progress, [(0, 256), (1, 300), (2, 399), (3, 399)]);
    let manifest =
        ExportManifest::read(export.root.join(ID).join("manifest-summary.json")).unwrap();
    assert_eq!((manifest.item_count(), manifest.is_incremental()), (400, false));
    assert!(manifest.table_arn().ends_with(":table/Orders"));
    assert!(manifest.export_arn().ends_with(ID));
}

#[tokio::test]
async fn the_shared_data_of_an_incremental_export() {
    let mut export = Export::incremental("incremental");
    let written = json!({"WriteTimestampMicros": {"N": "1680109764000000"}});
    let line = |image: &Item| json!({"Metadata": written, "Keys": json(&keys(1)), "NewImage": json(image)});
    export.add("a.json.gz", &[line(&sealed(1, "new").await)]);
    // Another export's, which this manifest does not name.
    std::fs::write(export.data.join("b.json.gz"), "other").unwrap();
    let opened = export.open().await;
    assert_eq!(opened.items, [line(&item(1, "new"))]);
    assert!(opened.counts.is_whole());
    assert!(ExportManifest::read(export.root.join(ID)).unwrap().is_incremental());
}

#[tokio::test]
async fn files_that_are_lost_damaged_or_others_are_told_and_the_rest_goes_on() {
    let mut export = Export::new("damage");
    for (index, name) in ["gone", "short", "bits", "count", "etag", "kept"].into_iter().enumerate()
    {
        export.add(&format!("{name}.json.gz"), &stored(10 * index..10 * index + 10).await);
    }
    std::fs::remove_file(export.data.join("gone.json.gz")).unwrap();
    let path = export.data.join("short.json.gz");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 4]).unwrap();
    // The modification time in gzip's header: the lines are the same.
    for name in ["bits", "etag"] {
        let path = export.data.join(format!("{name}.json.gz"));
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[4] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    }
    export.files[3]["itemCount"] = json!(11);
    export.files[4].as_object_mut().unwrap().remove("md5Checksum");
    let opened = export.open().await;
    assert_eq!(opened.items, plain(10..60), "what could be read is delivered");
    let says = [
        ("gone.json.gz", "fetch it: its key in S3 is 2020-Nov/AWSDynamoDB/"),
        ("short.json.gz", "the gzip file ends early"),
        ("bits.json.gz", "not those of the export: their MD5"),
        ("count.json.gz", "has 10 lines, and itemCount of manifest-files.json says 11"),
        ("etag.json.gz", "not those of the export: their MD5"),
    ];
    assert_eq!(opened.files.len(), says.len());
    for ((name, error), (expected, says)) in opened.files.iter().zip(says) {
        assert_eq!(name, expected);
        assert!(error.contains(says), "{name}: {error}");
    }
    let summary = opened.summary.unwrap();
    assert!(summary.contains("have 50 lines") && summary.contains("says 60"), "{summary}");
    assert_eq!((opened.counts.files(), opened.counts.bad_files()), (6, 5));
    assert!(!opened.counts.is_whole());
}

#[tokio::test]
async fn etags_are_not_compared_where_kms_encrypts_the_objects() {
    let mut export = Export::new("kms");
    export.add("a.json.gz", &stored(0..3).await);
    export.files[0]["etag"] = json!("00000000000000000000000000000000");
    assert!(export.open().await.counts.is_whole(), "md5Checksum is what counts");
    export.files[0].as_object_mut().unwrap().remove("md5Checksum");
    assert!(!export.open().await.counts.is_whole());
    export.summary["s3SseAlgorithm"] = json!("KMS");
    assert!(export.open().await.counts.is_whole());
}

#[tokio::test]
async fn what_is_no_manifest_in_dynamodb_json_is_refused() {
    let read = |folder: &Path| ExportManifest::read(folder).unwrap_err();
    let mut export = Export::new("refused");
    let error = read(&export.root);
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(error.to_string().contains("manifest-summary.json cannot be read"), "{error}");
    export.summary["outputFormat"] = json!("ION");
    let error = read(&export.write());
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.to_string().contains("ExportFormat DYNAMODB_JSON"), "{error}");
    export.summary["outputFormat"] = json!("CSV");
    assert_eq!(read(&export.write()).kind(), ErrorKind::Refused);
    export.summary = json!({"itemCount": 1});
    assert_eq!(read(&export.write()).kind(), ErrorKind::Malformed);
}

#[tokio::test]
async fn a_manifest_leads_to_no_file_but_those_of_exports() {
    let mut export = Export::new("paths");
    std::fs::write(export.root.join("secret"), "4111").unwrap();
    for key in ["", "a/..", "..", "x/.", "x/", "a\\..\\secret", "C:secret", "a\u{1b}[2J"] {
        export.files = vec![json!({"itemCount": 1, "dataFileS3Key": key})];
        let manifest = ExportManifest::read(export.write()).unwrap();
        let files = DataFiles::new(orders());
        let error = files.open_manifest(&manifest, Vec::new(), |_| {}).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{key}");
        assert!(error.to_string().contains("line 1 of manifest-files.json"), "{error}");
    }
    // The way to a file is not the key's.
    export.files = vec![json!({"itemCount": 1, "dataFileS3Key": "../../secret"})];
    let opened = export.open().await;
    assert!(opened.files[0].1.contains("the file is neither in"), "{:?}", opened.files);
    // The file before a bad line is delivered.
    export.files.clear();
    export.add("a.json.gz", &stored(0..3).await);
    export.files.push(json!({"itemCount": 1, "dataFileS3Key": ".."}));
    let manifest = ExportManifest::read(export.write()).unwrap();
    let mut text = Vec::new();
    let opened = DataFiles::new(orders()).gzip(true);
    opened.open_manifest(&manifest, &mut text, |_| {}).await.unwrap_err();
    let mut lines = String::new();
    flate2::read::MultiGzDecoder::new(&text[..]).read_to_string(&mut lines).unwrap();
    assert_eq!(lines.lines().count(), 3);
    export.files = vec![json!({"itemCount": 1})];
    let manifest = ExportManifest::read(export.write()).unwrap();
    assert!(manifest.files().unwrap().next().unwrap().is_err());
}
