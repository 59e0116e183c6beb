use std::ops::Deref;

/// An answer of DynamoDB with its items opened, and the Region that gave it.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    output: T,
    region: String,
}

impl<T> Answer<T> {
    pub(super) fn new(output: T, region: &str) -> Self {
        Self { output, region: region.to_owned() }
    }

    /// The Region that answered.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The SDK's output.
    pub fn into_output(self) -> T {
        self.output
    }
}

impl<T> Deref for Answer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.output
    }
}
