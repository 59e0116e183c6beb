//! What is there, and the end of it.

use dynoxide::actions::delete_table::DeleteTableRequest;
use serde_json::json;

use super::error::TableError;
use super::{Region, Tables};

impl Region {
    /// The names of the Region's tables, in order.
    ///
    /// # Errors
    /// `InternalServerError` if the Region's database fails.
    pub fn table_names(&self) -> Result<Vec<String>, TableError> {
        let mut names = self.database().lock().storage.list_table_names()?;
        names.sort();
        Ok(names)
    }
}

impl Tables {
    /// Deletes every table in every Region, protected ones too, with whatever waits of them.
    ///
    /// # Errors
    /// `InternalServerError` if a Region's database fails; some tables can be gone then.
    pub fn delete_all_tables(&self) -> Result<(), TableError> {
        for name in self.regions() {
            let region = self.region(&name)?;
            for table in region.table_names()? {
                let unprotect = json!({"TableName": table, "DeletionProtectionEnabled": false});
                region.execute("UpdateTable", unprotect)?;
                self.delete_table(&name, DeleteTableRequest { table_name: table })?;
            }
        }
        Ok(())
    }
}
