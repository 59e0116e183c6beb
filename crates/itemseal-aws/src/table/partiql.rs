use aws_sdk_dynamodb::operation::batch_execute_statement::BatchExecuteStatementOutput;
use aws_sdk_dynamodb::operation::batch_execute_statement::builders::BatchExecuteStatementInputBuilder;
use aws_sdk_dynamodb::operation::execute_statement::ExecuteStatementOutput;
use aws_sdk_dynamodb::operation::execute_statement::builders::ExecuteStatementInputBuilder;
use aws_sdk_dynamodb::operation::execute_transaction::ExecuteTransactionOutput;
use aws_sdk_dynamodb::operation::execute_transaction::builders::ExecuteTransactionInputBuilder;

use itemseal::Result;

use super::errors::Failed;
use super::{Answer, GlobalTable};
use crate::rules::{no_table, not_partiql, table_of_statement};

impl GlobalTable {
    /// [ExecuteStatement](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html)
    /// on a table that is not encrypted. PartiQL's values are compared and written by DynamoDB, which
    /// can do neither with what it cannot read.
    ///
    /// # Errors
    /// [`Refused`](itemseal::ErrorKind::Refused) if the statement is about any table but one named as
    /// [plaintext](super::GlobalTableBuilder::plaintext_table), or nobody can say about which.
    pub async fn execute_statement(
        &self,
        input: ExecuteStatementInputBuilder,
    ) -> Result<Answer<ExecuteStatementOutput>> {
        self.check_statement(input.get_statement().as_deref().unwrap_or_default())?;
        let sent = self.write("ExecuteStatement", |client| input.clone().send_with(client)).await;
        let (output, region) = sent.map_err(Failed::into_error)?;
        Ok(Answer::new(output, &region))
    }

    /// [BatchExecuteStatement](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html)
    /// on tables that are not encrypted.
    ///
    /// # Errors
    /// As of [`execute_statement`](Self::execute_statement), before anything is sent.
    pub async fn batch_execute_statement(
        &self,
        input: BatchExecuteStatementInputBuilder,
    ) -> Result<Answer<BatchExecuteStatementOutput>> {
        for request in input.get_statements().iter().flatten() {
            self.check_statement(&request.statement)?;
        }
        let send = |client| input.clone().send_with(client);
        let sent = self.write("BatchExecuteStatement", send).await;
        let (output, region) = sent.map_err(Failed::into_error)?;
        Ok(Answer::new(output, &region))
    }

    /// [ExecuteTransaction](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html)
    /// on tables that are not encrypted.
    ///
    /// # Errors
    /// As of [`execute_statement`](Self::execute_statement), before anything is sent.
    pub async fn execute_transaction(
        &self,
        input: ExecuteTransactionInputBuilder,
    ) -> Result<Answer<ExecuteTransactionOutput>> {
        for statement in input.get_transact_statements().iter().flatten() {
            self.check_statement(&statement.statement)?;
        }
        let send = |client| input.clone().send_with(client);
        let (output, region) =
            self.write("ExecuteTransaction", send).await.map_err(Failed::into_error)?;
        Ok(Answer::new(output, &region))
    }

    fn check_statement(&self, statement: &str) -> Result<()> {
        match table_of_statement(statement) {
            Some(table) if self.inner.plaintext.contains(&table) => Ok(()),
            Some(table) if self.inner.tables.contains_key(&table) => Err(not_partiql(&table)),
            Some(table) => Err(self.unknown(&table)),
            None => Err(no_table()),
        }
    }
}
