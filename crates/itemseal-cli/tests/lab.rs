//! `itemseal lab` as a user runs it.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

/// A lab that runs, and ends with the test.
struct Up {
    process: Child,
    exports: Vec<String>,
    folder: PathBuf,
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("itemseal-cli-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl Up {
    fn start(name: &str, more: &[&str]) -> Self {
        let folder = folder(name);
        let mut process = Command::new(env!("CARGO_BIN_EXE_itemseal"))
            .args(["lab", "up", "--regions", "eu-west-1,us-east-1", "--port", "0"])
            .arg("--ready-file")
            .arg(folder.join("ready"))
            .args(more)
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(process.stdout.take().unwrap());
        let exports = out.lines().take(5).map(Result::unwrap).collect();
        // The last line on stderr before it waits: the ready file is there.
        let mut error = BufReader::new(process.stderr.as_mut().unwrap());
        let mut line = String::new();
        while !line.contains("the lab is up") {
            line.clear();
            assert!(error.read_line(&mut line).unwrap() > 0, "it ended");
        }
        Self { process, exports, folder }
    }

    fn endpoint(&self) -> String {
        std::fs::read_to_string(self.folder.join("ready")).unwrap().trim_end().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_itemseal"));
        command.arg("lab").args(arguments).args(["--endpoint", &self.endpoint()]);
        command.output().unwrap()
    }

    fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn signal(&mut self, name: &str) -> std::process::ExitStatus {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
        self.process.wait().unwrap()
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn up_prints_what_to_export_writes_the_ready_file_and_ends_on_sigterm() {
    let mut up = Up::start("up", &[]);
    let endpoint = up.endpoint();
    assert!(endpoint.starts_with("http://127.0.0.1:"), "{endpoint}");
    let expected = [
        format!("export AWS_ENDPOINT_URL={endpoint}"),
        "export AWS_ACCESS_KEY_ID=lab".to_owned(),
        "export AWS_SECRET_ACCESS_KEY=lab".to_owned(),
        "export AWS_REGION=eu-west-1".to_owned(),
        "export AWS_DEFAULT_REGION=eu-west-1".to_owned(),
    ];
    assert_eq!(up.exports, expected);
    assert_eq!(up.says(&["status"]), "eu-west-1\nus-east-1\n");
    let status = up.signal("TERM");
    assert!(status.success(), "{status:?}");
    assert!(!up.folder.join("ready").exists(), "nothing is ready any more");
}

#[test]
fn faults_are_set_shown_and_ended() {
    let mut up = Up::start("faults", &[]);
    let set = |arguments: &[&str]| up.says(&[&["fault"], arguments].concat());
    assert_eq!(
        set(&["outage", "us-east-1", "--service", "kms", "--mode", "503"]),
        "fault 1 is set; itemseal lab fault end 1 ends it\n"
    );
    set(&["throttle", "us-east-1", "--per-second", "5", "--operations", "PutItem,GetItem"]);
    set(&["stale-reads", "us-east-1", "--ms", "200", "--share", "0.5"]);
    set(&["unprocessed", "us-east-1", "--share", "0.25"]);
    set(&["lag", "--from", "us-east-1", "--ms", "10", "--up-to", "30"]);
    set(&["lag", "--ms", "50", "--exponential"]);
    set(&["partition", "us-east-1", "--from", "eu-west-1"]);
    set(&["skew", "eu-west-1", "--ms", "-500"]);
    let expected = r#"1: outage mode={"error":503} region=us-east-1 service=kms
2: throttle operations=["PutItem","GetItem"] per_second=5 region=us-east-1 service=all
3: stale-reads by_ms=200 region=us-east-1 share=0.5
4: unprocessed region=us-east-1 share=0.25
5: lag delay={"uniform":{"max_ms":30,"min_ms":10}} from=us-east-1
6: lag delay={"exponential_ms":50}
7: partition from=eu-west-1 region=us-east-1
8: skew by_ms=-500 region=eu-west-1
"#;
    assert_eq!(set(&["list"]), expected);
    assert!(up.says(&["status"]).contains("fault 8: skew"));
    set(&["end", "1"]);
    assert!(!set(&["list"]).contains("outage"));
    let refused = up.run(&["fault", "end", "1"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("there is no fault 1"));
    set(&["end"]);
    assert_eq!(set(&["list"]), "");
    set(&["outage", "us-east-1"]);
    assert!(up.says(&["reset"]).contains("the keys are still there"));
    assert!(up.says(&["reset", "--keys"]).contains("so are the keys"));
    assert_eq!(set(&["list"]), "");
    assert!(up.signal("INT").success());
}

#[test]
fn signatures_are_checked_if_that_is_asked_for() {
    // DynamoDB's ListTables with a signature that nobody made.
    let forged = |up: &Up| {
        let endpoint = up.endpoint();
        let mut socket = TcpStream::connect(endpoint.strip_prefix("http://").unwrap()).unwrap();
        let request = "POST / HTTP/1.1\r\nHost: l\r\nConnection: close\r\n\
            X-Amz-Target: DynamoDB_20120810.ListTables\r\nX-Amz-Date: 20260101T000000Z\r\n\
            Authorization: AWS4-HMAC-SHA256 \
            Credential=lab/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, \
            Signature=00\r\nContent-Length: 2\r\n\r\n{}";
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    };
    let answer = forged(&Up::start("open", &[]));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let up = Up::start("signed", &["--check-signatures"]);
    let answer = forged(&up);
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("InvalidSignatureException"), "{answer}");
    up.says(&["fault", "outage", "us-east-1"]);
}

#[test]
fn a_directory_is_kept_warned_about_and_not_shared() {
    let kept = folder("kept");
    let path = kept.join("lab");
    let path = path.to_str().unwrap();
    let up = Up::start("dir", &["--dir", path]);
    assert!(up.says(&["status"]).ends_with(&format!("kept in {path}\n")));
    assert!(up.says(&["status", "--json"]).contains("\"dir\""));
    let mut second = Command::new(env!("CARGO_BIN_EXE_itemseal"));
    second.args(["lab", "up", "--port", "0", "--dir", path]);
    let output = second.output().unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("key material in the clear"), "{error}");
    assert!(error.contains("another lab has"), "{error}");
    std::fs::remove_dir_all(kept).unwrap();
}

#[test]
fn without_a_lab_it_says_how_to_get_one() {
    // Port 1 is nobody's (RFC 1078, which nobody runs).
    let endpoint = "http://127.0.0.1:1";
    let mut status = Command::new(env!("CARGO_BIN_EXE_itemseal"));
    let output = status.args(["lab", "status", "--endpoint", endpoint]).output().unwrap();
    assert!(!output.status.success());
    let mut error = String::new();
    output.stderr.as_slice().read_to_string(&mut error).unwrap();
    assert!(error.contains("start one: itemseal lab up"), "{error}");
}
