//! The client for encrypted global tables, with boto3's calling convention.

mod batches;
mod conditions;
mod conflicts;
mod connect;
mod connection;
mod counts;
mod given;
mod global_table;
mod items;
mod operation;
mod options;
mod pages;
mod reads;
mod streams;
mod told;
mod transactions;
mod update_item_with;
mod writes;

pub(crate) use global_table::GlobalTable;
pub(crate) use items::Items;
pub(crate) use streams::StreamOpener;
