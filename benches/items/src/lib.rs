//! What the speed of an item is compared with, and how: the same items for every contender, in one run.

pub mod allocations;
pub mod case;
pub mod floor;
pub mod items;
pub mod ours;
pub mod race;
pub mod sizes;
pub mod table;
