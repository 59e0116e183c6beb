//! What of an item an expression is about.
//!
//! Expressions are not evaluated, nor checked for their syntax: that is DynamoDB's. They are read as far
//! as it takes to know every attribute that they name.
//! Source: [Expressions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html).

mod lexer;
mod paths;
mod projection;
mod rules;

pub(super) use lexer::placeholders;
pub(super) use projection::Projection;
pub(super) use rules::{Kind, check_condition, check_update};

/// The names that `#...` stand for.
pub(super) type Names = std::collections::HashMap<String, String>;
