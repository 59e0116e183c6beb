//! Makes an encrypted data file of many items, alters one line, and opens it: items a second, and the
//! memory that it takes.
//!
//! `cargo run --release -p itemseal-aws --example export -- [items, 1,000,000] [directory]`

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::time::Instant;

use itemseal::{AlgorithmSuite, ItemEncryptor, RawAesKeyring, TableConfig};
use itemseal_aws::DataFiles;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let count: u64 = arguments.next().as_deref().unwrap_or("1000000").parse()?;
    let directory = arguments.next().map_or_else(std::env::temp_dir, Into::into);
    let [sealed, altered, opened] = ["sealed", "altered", "opened"]
        .map(|what| directory.join(format!("itemseal-{what}-{}.json.gz", std::process::id())));
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;

    let table = TableConfig::builder("Orders")
        .partition_key("OrderID")
        .suite(AlgorithmSuite::HmacOnly)
        .build()?;
    let files = DataFiles::new(ItemEncryptor::new(table, RawAesKeyring::new("ns", "k", [7; 32])?));
    let files = files.gzip(true);
    println!("at the start: {}", peak_memory()?);

    let begun = Instant::now();
    let output = File::create(&sealed)?;
    let counts = runtime.block_on(files.seal_import(Plain::new(count), output, |error| {
        println!("not encrypted: {error}");
    }))?;
    report("encrypted", counts.done(), begun)?;

    let line = count / 2;
    alter(&sealed, &altered, line)?;
    println!("line {} was altered", line + 1);

    for (number, input) in [(1, &altered), (2, &altered)] {
        let begun = Instant::now();
        let (input, output) = (File::open(input)?, File::create(&opened)?);
        let opening = files.open_export(input, output, |error| {
            let key = error.key().get("OrderID").and_then(|id| id.as_s()).unwrap_or_default();
            println!("left out, OrderID {key}: {error}");
        });
        let counts = runtime.block_on(opening)?;
        report(&format!("opened, time {number},"), counts.done(), begun)?;
        if (counts.done(), counts.failed()) != (count - 1, 1) {
            return Err("one line, and one only, should have been left out".into());
        }
    }
    for path in [sealed, altered, opened] {
        std::fs::remove_file(path)?;
    }
    Ok(())
}

fn report(what: &str, count: u64, begun: Instant) -> Result<(), Box<dyn Error>> {
    let seconds = begun.elapsed().as_secs_f64();
    let rate = count as f64 / seconds;
    println!("{what} {count} items in {seconds:.1} s, {rate:.0} items/s, {}", peak_memory()?);
    Ok(())
}

/// The most memory that the process has had so far.
fn peak_memory() -> Result<String, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    Ok(format!("peak memory {}", line.unwrap_or("unknown").trim()))
}

/// Turns one bit of an encrypted attribute in one line.
fn alter(from: &std::path::Path, to: &std::path::Path, line: u64) -> Result<(), Box<dyn Error>> {
    let input = flate2::bufread::GzDecoder::new(BufReader::new(File::open(from)?));
    let output = BufWriter::new(File::create(to)?);
    let mut output = flate2::write::GzEncoder::new(output, flate2::Compression::fast());
    for (number, text) in (0..).zip(BufReader::new(input).lines()) {
        let mut text = text?;
        if number == line {
            let value = "\"Card\":{\"B\":\"";
            let at = text.find(value).ok_or("the attribute is there")? + value.len() + 10;
            let other = if text.get(at..=at) == Some("A") { "B" } else { "A" };
            text.replace_range(at..=at, other);
        }
        writeln!(output, "{text}")?;
    }
    output.finish()?.flush()?;
    Ok(())
}

/// The lines of many items, made as they are read.
struct Plain {
    left: u64,
    line: Vec<u8>,
    read: usize,
}

impl Plain {
    fn new(count: u64) -> Self {
        Self { left: count, line: Vec::new(), read: 0 }
    }
}

impl Read for Plain {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.read == self.line.len() {
            if self.left == 0 {
                return Ok(0);
            }
            self.left -= 1;
            let n = self.left;
            self.line = format!(
                "{{\"Item\":{{\"OrderID\":{{\"S\":\"{n:032}\"}},\"Card\":{{\"S\":\"4111 1111 1111 {n:08}\"}},\
                 \"Address\":{{\"M\":{{\"Street\":{{\"S\":\"{n} Long Street\"}},\"Zip\":{{\"N\":\"{n}\"}}}}}},\
                 \"Lines\":{{\"L\":[{{\"S\":\"a line of the order\"}},{{\"BOOL\":true}}]}}}}}}\n"
            )
            .into_bytes();
            self.read = 0;
        }
        let mut rest = self.line.get(self.read..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.read += read;
        Ok(read)
    }
}
