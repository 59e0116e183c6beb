use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

/// The result of an itemseal call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, as far as a caller can act on it.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The item was altered, or it was encrypted under another key or in another context.
    /// Nothing more is said: wrong key, wrong context and altered bytes look alike.
    Authentication,
    /// The bytes or the text cannot be parsed.
    Malformed,
    /// The item has neither header nor footer.
    NotEncrypted,
    /// A call or a configuration that cannot be right.
    Misuse,
    /// An operation that would leak plaintext, or whose result could not be verified.
    Refused,
    /// A limit of DynamoDB, KMS or the format is passed.
    TooLarge,
    /// The key exists, but may not be used: denied, disabled, or pending deletion.
    KeyDenied,
    /// The key could not be reached. Worth trying again, here or in another Region.
    KeyUnavailable,
    /// An AWS service refused the request; [`Error::code`] and [`Error::request_id`] say how.
    Service,
    /// A condition or an optimistic lock did not hold.
    Conflict,
    /// A defect in itemseal, or a failure of the machine (no randomness).
    Internal,
}

/// An error: a [kind](ErrorKind) to act on, what it is about, and what to do.
///
/// `Display` is this layer's sentence only; causes are in [`source`](StdError::source).
pub struct Error(Box<Inner>);

#[derive(Default)]
struct Inner {
    kind: Option<ErrorKind>,
    message: Cow<'static, str>,
    attribute: Option<String>,
    region: Option<String>,
    code: Option<String>,
    request_id: Option<String>,
    retryable: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of `kind` with a sentence that says what is wrong and what to do.
    ///
    /// For keyrings written outside this crate. The sentence must hold no key material and no
    /// attribute value.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind: Some(kind), message: message.into(), ..Inner::default() }))
    }

    /// The one authentication failure there is: it has no parameters, so it cannot say more. For keyrings
    /// written outside this crate, too.
    #[must_use]
    pub fn authentication() -> Self {
        Self::new(
            ErrorKind::Authentication,
            "the item could not be authenticated: it was altered or is incomplete (a projection?), \
             or its key, table, keys or unsigned attributes are not those it was written with",
        )
    }

    pub(crate) fn malformed(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Malformed, message)
    }

    pub(crate) fn misuse(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Misuse, message)
    }

    pub(crate) fn too_large(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::TooLarge, message)
    }

    pub(crate) fn internal(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    /// Names the attribute that the error is about. The outermost name given first is kept.
    #[must_use]
    pub fn with_attribute(mut self, name: impl Into<String>) -> Self {
        self.0.attribute.get_or_insert_with(|| name.into());
        self
    }

    /// Names the AWS Region that answered, or did not.
    #[must_use]
    pub fn with_region(mut self, region: impl Into<String>) -> Self {
        self.0.region = Some(region.into());
        self
    }

    /// Adds the service's error code, for example `DisabledException`.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// Adds the service's request id.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.0.request_id = Some(id.into());
        self
    }

    /// Says that the same call can succeed later, or in another Region.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.0.retryable = true;
        self
    }

    /// Adds the error that caused this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The first of several errors, with all of them as its source.
    pub(crate) fn first_of(mut errors: Vec<Self>) -> Option<Self> {
        match errors.len() {
            0 | 1 => errors.pop(),
            _ => {
                let first = errors.first().map(Self::repeat)?;
                Some(first.with_source(Several(errors)))
            }
        }
    }

    /// The most telling of several keyrings' errors, with all of them as its source: what a caller can
    /// act on. A key that could not be reached may be reached later, a key that was denied may be
    /// granted; that another keyring's key did not fit says little.
    pub(crate) fn most_telling_of(mut errors: Vec<Self>) -> Option<Self> {
        errors.sort_by_key(|error| match error.kind() {
            ErrorKind::KeyUnavailable => 0,
            ErrorKind::KeyDenied => 1,
            ErrorKind::Authentication => 3,
            _ => 2,
        });
        match errors.first()?.kind() {
            // There is nothing to tell, and nothing more to say.
            ErrorKind::Authentication => Some(Self::authentication()),
            _ => Self::first_of(errors),
        }
    }

    /// The same error for somebody else who waited for it. The cause stays with the original.
    pub(crate) fn repeat(&self) -> Self {
        let Inner { kind, message, attribute, region, code, request_id, retryable, source: _ } =
            &*self.0;
        Self(Box::new(Inner {
            kind: *kind,
            message: message.clone(),
            attribute: attribute.clone(),
            region: region.clone(),
            code: code.clone(),
            request_id: request_id.clone(),
            retryable: *retryable,
            source: None,
        }))
    }

    /// Whether a service asked for fewer requests.
    pub(crate) fn is_throttling(&self) -> bool {
        self.code().is_some_and(crate::kms::is_throttling)
    }

    /// What went wrong, as far as a caller can act on it.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind.unwrap_or(ErrorKind::Internal)
    }

    /// The attribute that the error is about.
    pub fn attribute(&self) -> Option<&str> {
        self.0.attribute.as_deref()
    }

    /// The AWS Region that answered, or did not.
    pub fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// The service's error code, for example `DisabledException`.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The service's request id.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Worth trying again, here or in another Region, with the same arguments.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable || self.kind() == ErrorKind::KeyUnavailable
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(region) = self.region() {
            write!(f, "{region}: ")?;
        }
        if let Some(name) = self.attribute() {
            write!(f, "attribute {name:?}: ")?;
        }
        f.write_str(&self.0.message)?;
        match (self.code(), self.request_id()) {
            (Some(code), Some(id)) => write!(f, " ({code}, request {id})"),
            (Some(code), None) => write!(f, " ({code})"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &self.kind()).field("message", &self.to_string());
        if let Some(source) = &self.0.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}

/// The errors of all that were tried, one after the other.
#[derive(Debug)]
struct Several(Vec<Error>);

impl fmt::Display for Several {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            write!(f, "{}{error}", if index == 0 { "all of these failed: " } else { "; " })?;
        }
        Ok(())
    }
}

impl StdError for Several {
    /// The first one's cause: the first itself is told already.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.first().and_then(StdError::source)
    }
}
