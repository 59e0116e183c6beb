//! What of an item an expression is about.
//!
//! Expressions are not evaluated, nor checked for their syntax: that is DynamoDB's. They are read as far
//! as it takes to know every attribute that they name.
//! Source: [Expressions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html).

mod lexer;
mod paths;
mod projection;
mod rules;

pub(crate) use lexer::placeholders;
pub use projection::Projection;
pub use rules::{Kind, check_condition, check_update};

/// The names that `#...` stand for.
pub type Names = std::collections::HashMap<String, String>;
