//! Exports to S3 and imports from it, a line at a time.

use std::future::Future;
use std::io::{Read, Write};

use itemseal::{ItemEncryptor, Result};

use super::export_line::{open_line, seal_line};
use super::in_order::InOrder;
use super::line_error::LineError;
use super::lines::{DataLine, DataLines};
use super::output::{Output, unwritable};

/// Opens the data files of
/// [exports to S3](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html),
/// full and incremental, and makes those of
/// [imports](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Format.html), in
/// DynamoDB JSON: a line for an item.
///
/// The memory that it takes does not depend on the file: at most 64 lines and 16 MiB of input are
/// worked on at a time, and a line has at most 8 MiB. Input is read with gzip or without, as it is;
/// Zstandard and Amazon Ion are refused. The lines are written in their order.
///
/// A line that cannot be opened is left out and reported, and the others go on. That a file has
/// every line it had, and each the latest form of its item, nothing can verify.
///
/// Items are worked on in tasks of tokio's runtime, on as many cores as that has; reading and writing
/// block the caller's. Outside of a runtime the methods panic.
///
/// ```
/// use itemseal::{ItemEncryptor, RawAesKeyring, TableConfig};
/// use itemseal_aws::DataFiles;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> itemseal::Result<()> {
/// let table = TableConfig::builder("Orders").partition_key("OrderID").build()?;
/// let orders = ItemEncryptor::new(table, RawAesKeyring::new("ns", "key-1", [7; 32])?);
/// let files = DataFiles::new(orders).gzip(true);
///
/// let plain = br#"{"Item":{"Card":{"S":"4111"},"OrderID":{"S":"1"}}}"#;
/// let (mut import, mut again) = (Vec::new(), Vec::new());
/// files.seal_import(&plain[..], &mut import, |error| eprintln!("{error}")).await?;
/// let counts = files.gzip(false).open_export(&import[..], &mut again, |error| eprintln!("{error}")).await?;
/// assert_eq!((counts.done(), counts.failed()), (1, 0));
/// assert_eq!(again.trim_ascii_end(), plain);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct DataFiles {
    encryptor: ItemEncryptor,
    pub(super) gzip: bool,
}

/// How many lines a file had, without blank ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCounts {
    done: u64,
    failed: u64,
}

impl LineCounts {
    /// The lines that were written.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// The lines that were reported and left out.
    pub fn failed(&self) -> u64 {
        self.failed
    }
}

impl DataFiles {
    /// For the data files of the table whose items `encryptor` encrypts.
    pub fn new(encryptor: ItemEncryptor) -> Self {
        Self { encryptor, gzip: false }
    }

    /// Whether the output is compressed with gzip. Off unless said.
    #[must_use]
    pub fn gzip(mut self, gzip: bool) -> Self {
        self.gzip = gzip;
        self
    }

    /// Verifies and opens a data file of an export: `Item` of a full one, `NewImage` and `OldImage` of an
    /// incremental one, whose keys are compared with `Keys`. A line that has only `Keys`, a
    /// deletion, passes as it is. `failed` is told of each line that is left out.
    ///
    /// # Errors
    /// [`Refused`](itemseal::ErrorKind::Refused) for Amazon Ion and Zstandard; [`Malformed`](itemseal::ErrorKind::Malformed) for
    /// gzip that is damaged or ends early; [`Internal`](itemseal::ErrorKind::Internal) with its source if reading
    /// or writing fails. What was written by then is a part, even if it is well formed.
    pub async fn open_export(
        &self,
        input: impl Read + Send,
        output: impl Write + Send,
        failed: impl FnMut(LineError) + Send,
    ) -> Result<LineCounts> {
        self.whole(input, output, failed, open_line).await
    }

    /// Encrypts lines `{"Item": {…}}` to a data file for
    /// [ImportTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html).
    /// `failed` is told of each line that is left out: items that are encrypted already or too large among
    /// them.
    ///
    /// # Errors
    /// As of [`open_export`](Self::open_export).
    pub async fn seal_import(
        &self,
        input: impl Read + Send,
        output: impl Write + Send,
        failed: impl FnMut(LineError) + Send,
    ) -> Result<LineCounts> {
        self.whole(input, output, failed, seal_line).await
    }

    /// One line of an export, for code that reads and writes the lines itself: opened as
    /// [`open_export`](Self::open_export) does, with a line feed at its end. [`DataLines`] reads
    /// them.
    ///
    /// # Errors
    /// A [`LineError`] if the line does not open.
    pub async fn open_line(&self, line: DataLine) -> std::result::Result<Vec<u8>, LineError> {
        open_line(self.encryptor.clone(), line).await
    }

    /// One input to one output.
    async fn whole<F>(
        &self,
        input: impl Read + Send,
        output: impl Write + Send,
        mut failed: impl FnMut(LineError) + Send,
        of_line: impl Fn(ItemEncryptor, DataLine) -> F + Send,
    ) -> Result<LineCounts>
    where
        F: Future<Output = std::result::Result<Vec<u8>, LineError>> + Send + 'static,
    {
        let mut output = Output::new(output, self.gzip);
        let mut counts = LineCounts::default();
        let mut each = |line: Delivered| match line {
            Ok(()) => counts.done += 1,
            Err(error) => {
                failed(error);
                counts.failed += 1;
            }
        };
        let read = self.each_line(input, &mut output, 0, of_line, &mut each).await?;
        output.finish(counts.done)?;
        read.map(|()| counts)
    }

    /// The inner error is the input's, and what was read before was delivered; the outer one is the output's,
    /// which had so many lines before.
    pub(super) async fn each_line<F>(
        &self,
        input: impl Read + Send,
        output: &mut Output<impl Write + Send>,
        mut written: u64,
        of_line: impl Fn(ItemEncryptor, DataLine) -> F + Send,
        each: &mut (impl FnMut(Delivered) + Send),
    ) -> Result<Result<()>>
    where
        F: Future<Output = std::result::Result<Vec<u8>, LineError>> + Send + 'static,
    {
        let mut lines = match DataLines::new(input) {
            Ok(lines) => lines,
            Err(error) => return Ok(Err(error)),
        };
        let mut read = Ok(());
        let mut next_line = || {
            lines.next_line().unwrap_or_else(|error| {
                read = Err(error);
                None
            })
        };
        let mut work = InOrder::new();
        let mut next = next_line();
        loop {
            let len = next.as_ref().and_then(|line| line.text.as_ref()).map_or(0, Vec::len);
            if !work.is_full(len)
                && let Some(line) = next.take()
            {
                work.begin(len, of_line(self.encryptor.clone(), line));
                next = next_line();
                continue;
            }
            let Some(result) = work.next().await else { break };
            match result? {
                Ok(text) => {
                    output.write(&text).map_err(|error| unwritable(written, error))?;
                    written += 1;
                    each(Ok(()));
                }
                Err(error) => each(Err(error)),
            }
        }
        Ok(read)
    }
}

/// A line was written, or why not.
pub(super) type Delivered = std::result::Result<(), LineError>;
