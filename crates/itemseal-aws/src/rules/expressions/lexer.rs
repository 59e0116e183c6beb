//! The words of an expression.

use itemseal::{Error, ErrorKind, Result};

use super::Names;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word that is written as it is: a keyword, a function or an attribute.
    Word(String),
    /// What a `#...` stands for: always an attribute or a part of one.
    Name(String),
    /// `:...`
    Value,
    /// An index of a list.
    Number(usize),
    /// Anything else: one character.
    Sign(char),
}

/// Takes an expression apart.
///
/// # Errors
/// [`Misuse`](ErrorKind::Misuse) for a `#...` that `names` does not have: nobody could say what the
/// expression is about.
pub(super) fn tokens(expression: &str, names: Option<&Names>) -> Result<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = expression.chars().peekable();
    while let Some(first) = rest.next() {
        let mut word = |first: Option<char>| {
            let mut word: String = first.into_iter().collect();
            while let Some(part) = rest.next_if(is_part) {
                word.push(part);
            }
            word
        };
        tokens.push(match first {
            '#' => {
                let placeholder = format!("#{}", word(None));
                let name = names.and_then(|names| names.get(&placeholder));
                let name = name.ok_or_else(|| {
                    let message = format!(
                        "an expression uses {placeholder}, which ExpressionAttributeNames does not \
                         define"
                    );
                    Error::new(ErrorKind::Misuse, message)
                })?;
                Token::Name(name.clone())
            }
            ':' => {
                word(None);
                Token::Value
            }
            c if c.is_ascii_digit() => match word(Some(c)).parse() {
                Ok(number) => Token::Number(number),
                Err(_) => Token::Sign(c),
            },
            c if c.is_alphabetic() || c == '_' => Token::Word(word(Some(c))),
            c if c.is_whitespace() => continue,
            sign => Token::Sign(sign),
        });
    }
    Ok(tokens)
}

/// The `#...` in an expression.
pub(crate) fn placeholders(expression: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = expression.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '#' {
            let mut placeholder = String::from('#');
            while let Some(part) = rest.next_if(is_part) {
                placeholder.push(part);
            }
            found.push(placeholder);
        }
    }
    found
}

fn is_part(c: &char) -> bool {
    c.is_alphanumeric() || *c == '_'
}
