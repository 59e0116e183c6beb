//! `x-amz-crc32`: DynamoDB's checksum of an answer's body, which SDKs check.
//!
//! The polynomial is that of IEEE 802.3 and gzip; the header holds it in decimal.

/// The value of the header.
pub(super) fn header_value(body: &[u8]) -> String {
    crc32fast::hash(body).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_check_value() {
        // The check value of CRC-32/ISO-HDLC: 0xcbf43926.
        assert_eq!(header_value(b"123456789"), "3421780262");
        assert_eq!(header_value(b""), "0");
    }
}
