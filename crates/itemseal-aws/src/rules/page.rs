//! Indexes, and names in ARNs.

use itemseal::Error;

use crate::table::refused;

/// The error of a read of an index that has parts of the items only, with what the client can do `instead`.
pub fn partial_index(index: &str, instead: &str) -> Error {
    refused(format!(
        "the index {index} has only parts of the items, which cannot be verified; {instead}project ALL attributes, \
         or count only"
    ))
}

/// The name in the ARN of a table, of its index or of its stream, `arn:aws:dynamodb:…:table/Orders/stream/…`.
pub fn table_in_arn(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(6, ':');
    if parts.next() != Some("arn") || parts.nth(1) != Some("dynamodb") {
        return None;
    }
    let mut resource = parts.nth(2)?.split('/');
    let is_table = resource.next() == Some("table");
    resource.next().filter(|name| is_table && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::table_in_arn;

    #[test]
    fn the_table_of_an_arn() {
        let stream = "arn:aws:dynamodb:us-west-2:1:table/Orders/stream/2015-06-27T00:48:05.899";
        assert_eq!(table_in_arn(stream), Some("Orders"));
        assert_eq!(table_in_arn("arn:aws-cn:dynamodb:r:1:table/a.b_c"), Some("a.b_c"));
        for arn in [
            "",
            "Orders",
            "arn:aws:dynamodb:r:1:table/",
            "arn:aws:dynamodb:r:1:backup/Orders",
            "arn:aws:kinesis:r:1:stream/Orders",
            "arn:aws:dynamodb",
        ] {
            assert_eq!(table_in_arn(arn), None, "{arn}");
        }
    }
}
