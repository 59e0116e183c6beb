//! Reads DynamoDB items that the legacy DynamoDB Encryption Client wrote.
