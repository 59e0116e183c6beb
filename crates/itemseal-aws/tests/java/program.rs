//! The Java program of `tests/java`, driven over its standard input and output.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};

use itemseal::Item;
use serde_json::{Value, json};

/// The file with the class path, which `make java` writes and names.
const CLASSPATH: &str = "ITEMSEAL_JAVA_CLASSPATH";
/// What `make java` needs and did not find.
const MISSING: &str = "ITEMSEAL_JAVA_MISSING";

/// A running program, whose requests are answered one after the other.
#[derive(Clone)]
pub struct Program(Arc<Mutex<Running>>);

struct Running {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Program {
    /// Starts it. `None`, and a word on standard error, if this is not `make java`, or if Java or Maven
    /// is not installed; under CI the latter is a failure, and so is a class path that was not built.
    pub fn start() -> Option<Self> {
        let Some(file) = env::var_os(CLASSPATH) else {
            say("not run: `make java` builds AWS's Java library and runs this test with it");
            return None;
        };
        let missing = env::var(MISSING).unwrap_or_default();
        if !missing.is_empty() {
            let reason = format!("`make java` needs what is not installed: {missing}");
            assert!(env::var_os("ITEMSEAL_CI").is_none(), "{reason}; CI may not skip it");
            say(&format!("SKIPPED: {reason}"));
            return None;
        }
        let file = Path::new(&file);
        let libraries = std::fs::read_to_string(file).unwrap_or_else(|error| {
            panic!("{CLASSPATH} names {}: {error}; run `make java`", file.display())
        });
        let classes = file.with_file_name("classes");
        let mut child = Command::new("java")
            .arg("-cp")
            .arg(format!("{}:{}", classes.display(), libraries.trim()))
            .arg("itemseal.interop.Main")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("java, which `make java` found");
        let requests = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Some(Self(Arc::new(Mutex::new(Running { child, requests, answers }))))
    }

    /// One request of the client `name`, and the items it answers.
    ///
    /// # Errors
    /// What the program says went wrong: Java's exceptions, from the outermost to its cause.
    pub fn ask(&self, name: &str, op: &str, mut request: Value) -> Result<Vec<Item>, String> {
        request["client"] = json!(name);
        request["op"] = json!(op);
        let answer = self.0.lock().unwrap().exchange(&request);
        if let Some(error) = answer["error"].as_str() {
            return Err(error.to_owned());
        }
        let items = answer["items"].as_array().expect("items or an error");
        Ok(items.iter().map(|item| Item::from_json(item.to_string()).unwrap()).collect())
    }
}

impl Running {
    fn exchange(&mut self, request: &Value) -> Value {
        let requests = self.requests.as_mut().expect("open until the program is dropped");
        writeln!(requests, "{request}").expect("the Java program reads; see its errors above");
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the Java program ended; see its errors above");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line:?}"))
    }
}

impl Drop for Running {
    /// The program ends with its input.
    fn drop(&mut self) {
        drop(self.requests.take());
        let _ = self.child.wait();
    }
}

/// To standard error itself: what a passing test prints is not shown. In one piece: tests run at once.
fn say(text: &str) {
    let line = format!("itemseal-aws, tests/java: {text}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}
