//! Regions in an order, of which the first that answers counts: what keyrings and clients of a global
//! table share.
//!
//! A [`Route`] has the Regions and a circuit breaker for each; a [`Budget`] has the time and the calls that
//! one operation may spend. An error that [can be repeated](crate::Error::is_retryable) moves on to the next
//! Region, any other ends the operation.

mod breaker;
mod budget;
mod change;
mod extra;
mod latency;
mod order;
mod race;
mod route;
mod stop;

pub use budget::Budget;
pub use change::{Change, Sent};
pub use order::RegionOrder;
pub use route::{MOST_PER_REGION, Route};
