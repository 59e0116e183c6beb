//! itemseal beside AWS's own implementation of the format, `aws-db-esdk`.
//!
//! Seven programs use this: `interop` compares the two live, both ways, over generated items;
//! `vectors` writes the ciphertexts that the project ships as test data; `through_lab` runs AWS's own
//! MRK keyring and DynamoDB interceptor against the lab; `keyrings` every kind of keyring;
//! `clients` AWS's encrypting client and ours, operation by operation; `hazards` the same two, hazard
//! by hazard; `keystores` AWS's key store and hierarchical keyring beside ours.

pub mod aws;
pub mod aws_keyrings;
pub mod cases;
pub mod compare;
pub mod coverage;
pub mod differences;
pub mod generate;
pub mod keys;
pub mod layout;
pub mod mutate;
pub mod ours;
pub mod parties;
pub mod probes;
pub mod sdk_kms;
pub mod table;
pub mod world;
