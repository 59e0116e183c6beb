//! The orders of the demo: DynamoDB JSON, one item a line.

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::path::Path;

use itemseal::Item;

/// Made by `data/make_orders.py`.
const SHIPPED: &str = include_str!("../../data/orders.jsonl");

/// Why orders could not be read, and where.
#[derive(Debug)]
pub(super) struct OrdersError {
    place: String,
    problem: String,
}

impl fmt::Display for OrdersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

impl std::error::Error for OrdersError {}

/// Reads the orders of `path`, or those that ship with the command.
pub(super) fn read(path: Option<&Path>) -> Result<Vec<Item>, OrdersError> {
    let name = path.map_or(Cow::Borrowed("orders.jsonl"), Path::to_string_lossy);
    let error = |place: String, problem: String| OrdersError { place, problem };
    let text = match path {
        None => Cow::Borrowed(SHIPPED),
        Some(path) => Cow::Owned(
            fs::read_to_string(path)
                .map_err(|e| error(name.clone().into_owned(), e.to_string()))?,
        ),
    };
    let mut orders = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = || format!("{name}, line {}", index + 1);
        let order = Item::from_json(line).map_err(|e| error(place(), e.to_string()))?;
        for key in ["OrderID", "CustomerID", "OrderStatus"] {
            if order.get(key).and_then(|value| value.as_s()).is_none() {
                return Err(error(place(), format!("attribute {key:?} of type S is missing")));
            }
        }
        orders.push(order);
    }
    if orders.len() < 3 {
        return Err(error(name.into_owned(), "the story needs at least three orders".to_owned()));
    }
    Ok(orders)
}
