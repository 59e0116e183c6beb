//! What the library is doing, told to a function of the program's.

use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::{c_char, c_void};
use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError, RwLock};
use std::time::Instant;

use itemseal::{Error, ErrorKind};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};

use crate::error::itemseal_error;
use crate::guard::{Failure, guard};
use crate::status::itemseal_status;

/// How much is told. Each level tells what those above it tell, too.
#[non_exhaustive]
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum itemseal_log_level {
    /// What went wrong and nobody else says.
    Error = 1,
    /// What may go wrong soon.
    Warn = 2,
    /// What happens seldom.
    Info = 3,
    /// Each call to AWS, with operation, Region, error code and time; and when another Region answered than the home Region.
    Debug = 4,
    /// What is counted.
    Trace = 5,
}

/// Takes a line: UTF-8 of `length` bytes, with a NUL after it, until it returns. `level` is one of `itemseal_log_level`.
pub type itemseal_log_fn = Option<
    unsafe extern "C" fn(userdata: *mut c_void, level: u32, message: *const c_char, length: usize),
>;

struct To {
    function: unsafe extern "C" fn(*mut c_void, u32, *const c_char, usize),
    userdata: *mut c_void,
}

// SAFETY: the header requires a function and userdata that may be used by any thread, several at the same time.
unsafe impl Send for To {}
// SAFETY: as above.
unsafe impl Sync for To {}

static TO: RwLock<Option<To>> = RwLock::new(None);
/// 0 if nothing is told.
static MOST: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// Whether this thread is in the program's function.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// What would wait for the thread that it runs on is refused there.
pub(crate) fn refuse_inside() -> itemseal::Result<()> {
    if !INSIDE.get() {
        return Ok(());
    }
    let says = "a log function cannot call what waits; hand the line to another thread";
    Err(Error::new(ErrorKind::Misuse, says))
}

fn tell(level: &Level, line: String) {
    // What is told about telling would never end.
    if INSIDE.get() {
        return;
    }
    let to = TO.read().unwrap_or_else(PoisonError::into_inner);
    let Some(to) = &*to else { return };
    let mut line = line.replace('\0', "\u{fffd}");
    let length = line.len();
    line.push('\0');
    INSIDE.set(true);
    // SAFETY: the header requires a function that may be called from any thread until another one is set; the line lives
    // until it returns.
    unsafe { (to.function)(to.userdata, number(level), line.as_ptr().cast(), length) };
    INSIDE.set(false);
}

fn number(level: &Level) -> u32 {
    (match *level {
        Level::ERROR => itemseal_log_level::Error,
        Level::WARN => itemseal_log_level::Warn,
        Level::INFO => itemseal_log_level::Info,
        Level::DEBUG => itemseal_log_level::Debug,
        Level::TRACE => itemseal_log_level::Trace,
    }) as u32
}

/// Takes what itemseal's crates trace. What the AWS SDK traces may have requests in it, and is never told.
#[derive(Default)]
struct Tracer {
    next: AtomicU64,
    spans: Mutex<HashMap<u64, Span>>,
}

struct Span {
    level: Level,
    line: Line,
    began: Instant,
    uses: usize,
}

impl Tracer {
    fn with<T>(&self, id: &Id, run: impl FnOnce(&mut HashMap<u64, Span>, u64) -> T) -> T {
        run(&mut self.spans.lock().unwrap_or_else(PoisonError::into_inner), id.into_u64())
    }
}

fn is_ours(of: &Metadata<'_>) -> bool {
    of.target() == "itemseal" || of.target().starts_with("itemseal::")
}

impl Subscriber for Tracer {
    fn register_callsite(&self, of: &'static Metadata<'static>) -> Interest {
        if is_ours(of) { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, of: &Metadata<'_>) -> bool {
        is_ours(of) && number(of.level()) <= MOST.load(Ordering::Relaxed)
    }

    fn new_span(&self, of: &Attributes<'_>) -> Id {
        let mut line = Line(of.metadata().name().to_owned());
        of.record(&mut line);
        // From 1: 0 is none.
        let id = Id::from_u64(self.next.fetch_add(1, Ordering::Relaxed) + 1);
        let span = Span { level: *of.metadata().level(), line, began: Instant::now(), uses: 1 };
        self.with(&id, |spans, id| spans.insert(id, span));
        id
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        self.with(id, |spans, id| {
            if let Some(span) = spans.get_mut(&id) {
                values.record(&mut span.line);
            }
        });
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        tell(event.metadata().level(), line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}

    fn clone_span(&self, id: &Id) -> Id {
        self.with(id, |spans, id| {
            if let Some(span) = spans.get_mut(&id) {
                span.uses += 1;
            }
        });
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let ended = self.with(&id, |spans, id| {
            let span = spans.get_mut(&id)?;
            span.uses = span.uses.saturating_sub(1);
            if span.uses == 0 { spans.remove(&id) } else { None }
        });
        let Some(span) = ended else { return false };
        let milliseconds = span.began.elapsed().as_millis();
        tell(&span.level, format!("{} ms={milliseconds}", span.line.0));
        true
    }
}

/// Fields, as `name=value`; the message as it is.
struct Line(String);

impl Line {
    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        // Writing to a String does not fail.
        let _ = match field.name() {
            "message" => write!(self.0, "{value}"),
            name => write!(self.0, "{name}={value}"),
        };
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format_args!("{value:?}"));
    }
}

/// Has the library tell a function of the program's what it is doing, for the whole process: lines of `level`, one of
/// `itemseal_log_level`, and above. NULL in place of `function` ends it, and so does another one; when this returns, the function before is not
/// called any more, nor under way, so its userdata may be freed. Unless this is called, nothing is told.
///
/// The function is called on any thread, the library's own among them, and several at the same time. It must not wait, or the library's
/// calls wait with it, and must not call the library, `itemseal_version` apart. Lines name operations, Regions and error codes, and
/// never an item's values, a key, or a credential.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itemseal_log_set(
    function: itemseal_log_fn,
    userdata: *mut c_void,
    level: u32,
    error: *mut *mut itemseal_error,
) -> itemseal_status {
    guard(error, || {
        static OURS: OnceLock<bool> = OnceLock::new();
        refuse_inside()?;
        let Some(function) = function else {
            MOST.store(0, Ordering::Relaxed);
            *TO.write().unwrap_or_else(PoisonError::into_inner) = None;
            return Ok(());
        };
        if !(1..=itemseal_log_level::Trace as u32).contains(&level) {
            return Err(Failure::argument(format!("level: {level} is no itemseal_log_level")));
        }
        let set = || tracing::subscriber::set_global_default(Tracer::default()).is_ok();
        if !OURS.get_or_init(set) {
            let says = "this process's tracing goes elsewhere already, to a subscriber of Rust's";
            return Err(Error::new(ErrorKind::Misuse, says).into());
        }
        *TO.write().unwrap_or_else(PoisonError::into_inner) = Some(To { function, userdata });
        MOST.store(level, Ordering::Relaxed);
        Ok(())
    })
}
