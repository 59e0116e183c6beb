//! The document paths of an expression.

use super::lexer::Token;

/// A part of a path below its attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An entry of a map.
    Key(String),
    /// An element of a list.
    Index(usize),
}

/// A document path, and the function that it is an argument of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) attribute: String,
    pub(super) steps: Vec<Step>,
    pub(super) function: Option<String>,
}

/// Every path in an expression in which `keywords` are not attributes. (They are reserved words, so
/// an attribute of that name is written with `#`.)
pub(super) fn paths(tokens: &[Token], keywords: &[&str]) -> Vec<Path> {
    let mut paths = Vec::new();
    // Of each open bracket, the function before it.
    let mut within: Vec<Option<String>> = Vec::new();
    let mut rest = tokens.iter().peekable();
    let mut before = None;
    while let Some(token) = rest.next() {
        let mut function = None;
        match token {
            Token::Sign('(') => within.push(before.take()),
            Token::Sign(')') => drop(within.pop()),
            Token::Word(word)
                if rest.peek() == Some(&&Token::Sign('(')) && !is_one(word, keywords) =>
            {
                function = Some(word.to_ascii_lowercase());
            }
            Token::Word(word) if is_one(word, keywords) => {}
            Token::Word(attribute) | Token::Name(attribute) => {
                let mut steps = Vec::new();
                loop {
                    let mut ahead = rest.clone();
                    match (ahead.next(), ahead.next()) {
                        (Some(Token::Sign('.')), Some(Token::Word(key) | Token::Name(key))) => {
                            steps.push(Step::Key(key.clone()));
                        }
                        (Some(Token::Sign('[')), Some(Token::Number(index))) => {
                            steps.push(Step::Index(*index));
                            // The closing bracket.
                            ahead.next();
                        }
                        _ => break,
                    }
                    rest = ahead;
                }
                let function = within.iter().rev().flatten().next().cloned();
                paths.push(Path { attribute: attribute.clone(), steps, function });
            }
            Token::Value | Token::Number(_) | Token::Sign(_) => {}
        }
        before = function;
    }
    paths
}

fn is_one(word: &str, keywords: &[&str]) -> bool {
    keywords.iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}
