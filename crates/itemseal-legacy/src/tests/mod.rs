mod builder;
mod canonical;
mod kms;
mod meta_store;
mod round_trips;
mod rsa;
mod values;
mod writer;
