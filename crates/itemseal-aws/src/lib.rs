//! itemseal on AWS.
