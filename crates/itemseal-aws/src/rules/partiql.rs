//! Which table a PartiQL statement is about.

use itemseal::Error;

use crate::table::refused;

/// The error of a statement about an encrypted table.
pub fn not_partiql(table: &str) -> Error {
    refused(format!(
        "the table {table} is encrypted, and PartiQL compares and writes values in the clear; use the \
         operations on items instead"
    ))
}

/// The error of a statement that may be about any table.
pub fn no_table() -> Error {
    refused(
        "it cannot be told which table the PartiQL statement is about; use the operations on items \
         instead",
    )
}

/// The table of `SELECT … FROM t`, `INSERT INTO t`, `UPDATE t` or `DELETE FROM t`; none if that is not certain.
pub fn table_of_statement(statement: &str) -> Option<String> {
    let mut words = words(statement)?.into_iter().peekable();
    let is = |word: &Word, keyword: &str| !word.quoted && word.text.eq_ignore_ascii_case(keyword);
    let first = words.next()?;
    if is(&first, "UPDATE") {
        return named(words.next()?);
    }
    let after = match () {
        () if is(&first, "INSERT") => "INTO",
        () if is(&first, "SELECT") || is(&first, "DELETE") => "FROM",
        () => return None,
    };
    // Two of them make it unclear which one counts.
    let rest: Vec<Word> = words.collect();
    let mut places = rest.iter().enumerate().filter(|(_, word)| is(word, after)).map(|(at, _)| at);
    let (place, another) = (places.next()?, places.next());
    if another.is_some() {
        return None;
    }
    named(rest.into_iter().nth(place + 1)?)
}

/// The name without an index after it.
fn named(word: Word) -> Option<String> {
    let name = if word.quoted { word.text } else { word.text.split('.').next()?.to_owned() };
    (!name.is_empty()).then_some(name)
}

struct Word {
    text: String,
    quoted: bool,
}

/// The words outside of text in single quotes; those in double quotes are names. None if a quote or a
/// comment makes it unclear.
fn words(statement: &str) -> Option<Vec<Word>> {
    if statement.contains("--") || statement.contains("/*") {
        return None;
    }
    let mut words = Vec::new();
    let mut rest = statement.chars().peekable();
    let is_part = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    while let Some(c) = rest.next() {
        match c {
            '\'' | '"' => {
                let mut text = String::new();
                loop {
                    match rest.next()? {
                        end if end == c => break,
                        part => text.push(part),
                    }
                }
                if c == '"' {
                    words.push(Word { text, quoted: true });
                }
            }
            c if is_part(&c) => {
                let mut text = String::from(c);
                while let Some(part) = rest.next_if(is_part) {
                    text.push(part);
                }
                words.push(Word { text, quoted: false });
            }
            _ => {}
        }
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statements_table_is_found_or_nothing_is_said() {
        for (statement, table) in [
            ("SELECT * FROM Orders", Some("Orders")),
            ("select a from \"Orders\" where x = 'from Y'", Some("Orders")),
            ("SELECT * FROM \"Orders\".\"by-date\"", Some("Orders")),
            ("SELECT * FROM Orders.by", Some("Orders")),
            ("INSERT INTO Orders VALUE {'pk': 'into Audit'}", Some("Orders")),
            ("UPDATE \"Or-ders\" SET a = 1", Some("Or-ders")),
            ("DELETE FROM Orders WHERE pk = ''''", Some("Orders")),
            ("EXISTS(SELECT * FROM Orders)", None),
            ("SELECT * FROM a FROM b", None),
            ("SELECT 1", None),
            ("SELECT * FROM -- Audit\nOrders", None),
            ("SELECT * FROM /* x */ Orders", None),
            ("SELECT * FROM 'Orders", None),
            ("", None),
            ("DROP Orders", None),
        ] {
            assert_eq!(table_of_statement(statement).as_deref(), table, "{statement}");
        }
    }
}
