//! `itemseal decrypt` and `encrypt` with gzip, and on exports to S3.

use std::io::{Read, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use md5::{Digest, Md5};
use serde_json::{Value, json};

use crate::bench::{Folder, error, out};
use crate::items::orders;

fn compressed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn uncompressed(path: &Path) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn decrypt(input: &str, output: &str) -> Vec<String> {
    let arguments = ["decrypt", "--config", "c.toml", "--in", input, "--out", output];
    arguments.map(str::to_owned).to_vec()
}

fn run(folder: &Folder, arguments: &[String]) -> std::process::Output {
    folder.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Items as an export has them, encrypted.
fn stored(folder: &Folder, count: usize) -> Vec<String> {
    folder.write("plain.jsonl", &orders(count));
    let output = folder.run(&["encrypt", "--config", "c.toml", "--in", "plain.jsonl"]);
    assert!(output.status.success(), "{}", error(&output));
    let wrap = |line: &str| match line.starts_with("{\"Item\":{") {
        true => line.to_owned(),
        false => format!("{{\"Item\":{line}}}"),
    };
    out(&output).lines().map(wrap).collect()
}

#[test]
fn gzip_is_taken_off_by_content_and_put_on_by_name() {
    let folder = Folder::raw_aes("gzip");
    // The input's name says nothing.
    std::fs::write(folder.path("plain"), compressed(&orders(30))).unwrap();
    let encrypt = ["encrypt", "--config", "c.toml", "--in", "plain", "--out", "stored.json.gz"];
    let output = folder.run(&encrypt);
    assert!(output.status.success(), "{}", error(&output));
    assert!(uncompressed(&folder.path("stored.json.gz")).contains("aws_dbe_head"));
    let output = run(&folder, &decrypt("stored.json.gz", "opened.jsonl"));
    assert!(output.status.success(), "{}", error(&output));
    assert_eq!(folder.read("opened.jsonl"), orders(30));
    let output = run(&folder, &decrypt("stored.json.gz", "opened.jsonl.gz"));
    assert!(output.status.success(), "{}", error(&output));
    assert_eq!(uncompressed(&folder.path("opened.jsonl.gz")), orders(30));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = folder.path("opened.jsonl.gz").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let output = folder.run(&["describe", "--in", "stored.json.gz"]);
    assert!(out(&output).contains("line 30: version 1"), "{}", error(&output));
}

#[test]
fn what_was_read_of_damaged_gzip_is_delivered_and_it_is_an_error() {
    let folder = Folder::raw_aes("short");
    let stored = stored(&folder, 40).join("\n");
    let short = compressed(&stored);
    std::fs::write(folder.path("short.gz"), &short[..short.len() - 4]).unwrap();
    let output = run(&folder, &decrypt("short.gz", "opened.jsonl"));
    assert_eq!(output.status.code(), Some(1));
    let text = error(&output);
    assert!(text.contains("the gzip file ends early; fetch it again"), "{text}");
    assert!(text.contains("39 items were done when the input ended"), "{text}");
    assert_eq!(folder.read("opened.jsonl").lines().count(), 39);
}

#[test]
fn a_data_file_of_an_incremental_export() {
    let folder = Folder::raw_aes("incremental");
    let stored = stored(&folder, 3);
    let image = |n: usize| serde_json::from_str::<Value>(&stored[n]).unwrap()["Item"].clone();
    let keys = |n: usize| json!({"OrderID": {"S": n.to_string()}, "CustomerID": {"S": "c"}});
    let mut altered = image(1);
    altered["OrderStatus"]["S"] = json!("S3CRET");
    let metadata = json!({"WriteTimestampMicros": {"N": "1680109764000000"}});
    let lines = [
        json!({"Metadata": metadata, "Keys": keys(0), "NewImage": image(0)}),
        json!({"Metadata": metadata, "Keys": keys(1), "NewImage": image(1), "OldImage": altered}),
        json!({"Metadata": metadata, "Keys": keys(2)}),
    ];
    folder.write("changes", &lines.map(|line| line.to_string()).join("\n"));
    let output = run(&folder, &decrypt("changes", "opened.jsonl"));
    assert_eq!(output.status.code(), Some(1));
    let text = error(&output);
    let expected =
        r#"itemseal: line 2, OldImage, key {"CustomerID":{"S":"c"},"OrderID":{"S":"1"}}: the item"#;
    assert!(text.starts_with(expected) && !text.contains("S3CRET"), "{text}");
    let opened = folder.read("opened.jsonl");
    let opened: Vec<Value> =
        opened.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(opened.len(), 2);
    assert_eq!(opened[0]["NewImage"]["Card"]["S"], "4111-0");
    assert_eq!(opened[1]["Keys"], keys(2), "a deletion");
}

/// An export of parts in `export/`; the last part's name is its number.
fn write_export(folder: &Folder, parts: &[&[String]]) {
    std::fs::create_dir_all(folder.path("export/data")).unwrap();
    let mut files = String::new();
    for (number, lines) in parts.iter().enumerate() {
        let bytes = compressed(&lines.join("\n"));
        std::fs::write(folder.path(&format!("export/data/{number}.json.gz")), &bytes).unwrap();
        let file = json!({
            "itemCount": lines.len(),
            "md5Checksum": STANDARD.encode(Md5::digest(&bytes)),
            "dataFileS3Key": format!("AWSDynamoDB/01-a/data/{number}.json.gz"),
        });
        files += &format!("{file}\n");
    }
    let summary = json!({
        "exportArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/export/01-a",
        "tableArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders",
        "itemCount": parts.iter().map(|lines| lines.len()).sum::<usize>(),
        "outputFormat": "DYNAMODB_JSON",
    });
    folder.write("export/manifest-files.json", &files);
    folder.write("export/manifest-summary.json", &summary.to_string());
}

#[test]
fn a_whole_export_by_its_folder_or_manifest() {
    let folder = Folder::raw_aes("export");
    let stored = stored(&folder, 100);
    write_export(&folder, &[&stored[..60], &stored[60..]]);
    let mut expected = String::new();
    for line in orders(100).lines() {
        let wrapped = line.starts_with("{\"Item\":{");
        expected += &if wrapped { format!("{line}\n") } else { format!("{{\"Item\":{line}}}\n") };
    }
    for (input, opened) in [("export", "1.jsonl"), ("export/manifest-summary.json", "2.jsonl")] {
        let output = run(&folder, &decrypt(input, opened));
        assert!(output.status.success(), "{}", error(&output));
        assert_eq!(error(&output), "itemseal: 100 items decrypted\n");
        assert_eq!(folder.read(opened), expected);
    }
    // A line that somebody altered, in a file whose checksum they mended, and a file that is lost.
    let mut altered = stored.clone();
    altered[70] = altered[70].replace("\"new\"", "\"old\"");
    write_export(&folder, &[&altered[..60], &altered[60..90], &altered[90..]]);
    std::fs::remove_file(folder.path("export/data/2.json.gz")).unwrap();
    let output = run(&folder, &decrypt("export", "3.jsonl.gz"));
    assert_eq!(output.status.code(), Some(1));
    let text = error(&output);
    let told: Vec<&str> = text.lines().collect();
    let key = r#"key {"CustomerID":{"S":"c"},"OrderID":{"S":"70"}}"#;
    let line = format!("itemseal: 1.json.gz: line 11, {key}: the item could not be authenticated");
    assert!(told[0].starts_with(&line), "{text}");
    assert!(told[1].starts_with("itemseal: 2.json.gz: the file is neither in "), "{text}");
    assert!(told[2].contains("table/Orders: the files have 90 lines"), "{text}");
    assert_eq!(told[3], "itemseal: 89 items decrypted, 1 lines were bad; the export is not whole");
    assert_eq!(uncompressed(&folder.path("3.jsonl.gz")).lines().count(), 89);
    // A manifest of the files that lacks the last.
    write_export(&folder, &[&stored[..60], &stored[60..]]);
    let files = folder.read("export/manifest-files.json");
    folder.write("export/manifest-files.json", files.lines().next().unwrap());
    let output = run(&folder, &decrypt("export", "4.jsonl"));
    assert_eq!(output.status.code(), Some(1));
    let told = "itemseal: 60 items decrypted, 0 lines were bad; the export is not whole\n";
    assert!(error(&output).ends_with(told), "{}", error(&output));
}

#[test]
fn an_export_is_not_written_over_and_one_in_ion_is_refused() {
    let folder = Folder::raw_aes("over");
    let stored = stored(&folder, 4);
    write_export(&folder, &[&stored]);
    let force = |input, output| {
        run(&folder, &[&decrypt(input, output)[..], &["--force".to_owned()]].concat())
    };
    for input in ["export", "export/manifest-summary.json"] {
        for output in ["export/data/0.json.gz", "export/manifest-summary.json"] {
            let output = force(input, output);
            assert!(error(&output).contains("is the input; name another"), "{}", error(&output));
        }
    }
    assert!(run(&folder, &decrypt("export", "opened.jsonl")).status.success(), "all is there");
    let ion = folder.read("export/manifest-summary.json").replace("DYNAMODB_JSON", "ION");
    folder.write("export/manifest-summary.json", &ion);
    let output = run(&folder, &decrypt("export", "ion.jsonl"));
    assert_eq!(output.status.code(), Some(1));
    assert!(error(&output).contains("ExportFormat DYNAMODB_JSON"), "{}", error(&output));
    assert!(!folder.path("ion.jsonl").exists());
}
