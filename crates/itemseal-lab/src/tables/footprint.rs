//! What an operation touches, as far as the rules of strongly consistent tables ask.

use dynoxide::actions::batch_execute_statement::BatchExecuteStatementRequest;
use dynoxide::actions::batch_get_item::BatchGetItemRequest;
use dynoxide::actions::batch_write_item::BatchWriteItemRequest;
use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::execute_statement::ExecuteStatementRequest;
use dynoxide::actions::execute_transaction::ExecuteTransactionRequest;
use dynoxide::actions::get_item::GetItemRequest;
use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::actions::query::QueryRequest;
use dynoxide::actions::scan::ScanRequest;
use dynoxide::actions::transact_get_items::TransactGetItemsRequest;
use dynoxide::actions::transact_write_items::TransactWriteItemsRequest;
use dynoxide::actions::update_item::UpdateItemRequest;

/// How an operation touches items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    EventualRead,
    StrongRead,
    Write,
    Transaction,
}

/// The tables of an operation, and the items that it writes (or their keys).
#[derive(Clone, Debug)]
pub(super) struct Footprint {
    pub(super) access: Access,
    pub(super) tables: Vec<String>,
    pub(super) items: Vec<(String, dynoxide::Item)>,
}

impl Footprint {
    fn read(table: &str, consistent: Option<bool>) -> Self {
        let strong = consistent.unwrap_or_default();
        let access = if strong { Access::StrongRead } else { Access::EventualRead };
        Self { access, tables: vec![table.to_owned()], items: Vec::new() }
    }

    fn write(table: &str, item: &dynoxide::Item) -> Self {
        let items = vec![(table.to_owned(), item.clone())];
        Self { access: Access::Write, tables: vec![table.to_owned()], items }
    }

    fn transaction<'t>(tables: impl IntoIterator<Item = &'t str>) -> Self {
        let tables = tables.into_iter().map(str::to_owned).collect();
        Self { access: Access::Transaction, tables, items: Vec::new() }
    }

    /// PartiQL. A statement that only reads is taken for a consistent read: it does no harm.
    fn statements<'s>(statements: impl IntoIterator<Item = &'s str>) -> Self {
        let mut access = Access::StrongRead;
        let mut tables = Vec::new();
        for statement in statements {
            let verb = statement.split_whitespace().next().unwrap_or_default();
            if !verb.eq_ignore_ascii_case("SELECT") {
                access = Access::Write;
            }
            tables.extend(table_of(statement));
        }
        Self { access, tables, items: Vec::new() }
    }
}

/// The table that a PartiQL statement names: what follows `FROM`, `INTO` or `UPDATE`.
fn table_of(statement: &str) -> Option<String> {
    let mut words = statement.split_whitespace();
    let marks = ["FROM", "INTO", "UPDATE"];
    words.find(|word| marks.iter().any(|mark| word.eq_ignore_ascii_case(mark)))?;
    let named = words.next()?;
    let name = match named.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => named.split('.').next()?,
    };
    Some(name.to_owned())
}

/// A request that touches items.
pub(super) trait Touches {
    fn footprint(&self) -> Footprint;
}

macro_rules! touches {
    ($( $request:ident($self:ident) $made:expr; )*) => {
        $( impl Touches for $request {
            fn footprint(&$self) -> Footprint {
                $made
            }
        } )*
    };
}

touches! {
    PutItemRequest(self) Footprint::write(&self.table_name, &self.item);
    UpdateItemRequest(self) Footprint::write(&self.table_name, &self.key);
    DeleteItemRequest(self) Footprint::write(&self.table_name, &self.key);
    GetItemRequest(self) Footprint::read(&self.table_name, self.consistent_read);
    QueryRequest(self) Footprint::read(&self.table_name, self.consistent_read);
    ScanRequest(self) Footprint::read(&self.table_name, self.consistent_read);
    ExecuteStatementRequest(self) Footprint::statements([self.statement.as_str()]);
    BatchExecuteStatementRequest(self) Footprint::statements(
        self.statements.iter().map(|one| one.statement.as_str())
    );
    TransactGetItemsRequest(self) Footprint::transaction(
        self.transact_items.iter().map(|item| item.get.table_name.as_str())
    );
}

impl Touches for BatchGetItemRequest {
    fn footprint(&self) -> Footprint {
        let strong = self.request_items.values().any(|t| t.consistent_read.unwrap_or_default());
        let tables = self.request_items.keys().cloned().collect();
        let access = if strong { Access::StrongRead } else { Access::EventualRead };
        Footprint { access, tables, items: Vec::new() }
    }
}

impl Touches for BatchWriteItemRequest {
    fn footprint(&self) -> Footprint {
        let mut items = Vec::new();
        for (table, writes) in &self.request_items {
            for write in writes {
                let put = write.put_request.as_ref().map(|put| &put.item);
                let key = write.delete_request.as_ref().map(|delete| &delete.key);
                items.extend(put.or(key).map(|item| (table.clone(), item.clone())));
            }
        }
        let tables = self.request_items.keys().cloned().collect();
        Footprint { access: Access::Write, tables, items }
    }
}

impl Touches for TransactWriteItemsRequest {
    fn footprint(&self) -> Footprint {
        Footprint::transaction(self.transact_items.iter().filter_map(|item| {
            let put = item.put.as_ref().map(|one| one.table_name.as_str());
            let update = item.update.as_ref().map(|one| one.table_name.as_str());
            let delete = item.delete.as_ref().map(|one| one.table_name.as_str());
            let check = item.condition_check.as_ref().map(|one| one.table_name.as_str());
            put.or(update).or(delete).or(check)
        }))
    }
}

impl Touches for ExecuteTransactionRequest {
    fn footprint(&self) -> Footprint {
        let statements = self.transact_statements.iter().map(|one| one.statement.as_str());
        Footprint { access: Access::Transaction, ..Footprint::statements(statements) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statements_table_is_found_quoted_or_not() {
        for (statement, table) in [
            ("SELECT * FROM \"Orders\" WHERE id = 'x'", Some("Orders")),
            ("select id from Orders", Some("Orders")),
            ("SELECT * FROM \"Orders\".\"byTotal\"", Some("Orders")),
            ("INSERT INTO \"Or.ders\" VALUE {'id':'1'}", Some("Or.ders")),
            ("UPDATE \"Orders\" SET a=1", Some("Orders")),
            ("DELETE FROM \"Orders\" WHERE id='1'", Some("Orders")),
            ("nonsense", None),
        ] {
            assert_eq!(table_of(statement).as_deref(), table, "{statement}");
        }
        assert_eq!(Footprint::statements(["SELECT * FROM t"]).access, Access::StrongRead);
        assert_eq!(
            Footprint::statements(["SELECT * FROM t", "delete from t"]).access,
            Access::Write
        );
    }
}
