//! Between the SDKs' attribute values and the core's. The SDK for DynamoDB Streams has a type of its own,
//! equal to the one of the SDK for DynamoDB.

macro_rules! conversions {
    ($sdk:ident) => {
        use std::collections::HashMap;

        use itemseal::{AttributeValue, Error, ErrorKind, Item, Result};
        use $sdk::primitives::Blob;
        use $sdk::types::AttributeValue as Sdk;

        /// An item as the SDK has it.
        pub(crate) type Attributes = HashMap<String, Sdk>;

        /// From the SDK's form.
        ///
        /// # Errors
        /// [`Malformed`](ErrorKind::Malformed) for a type that this version of the SDK does not know.
        pub(crate) fn from_sdk(attributes: Attributes) -> Result<Item> {
            attributes
                .into_iter()
                .map(|(name, value)| match value_from_sdk(value) {
                    Ok(value) => Ok((name, value)),
                    Err(error) => Err(error.with_attribute(name)),
                })
                .collect::<Result<Vec<_>>>()
                .map(Item::from_iter)
        }

        /// One value.
        pub(crate) fn value_from_sdk(value: Sdk) -> Result<AttributeValue> {
            let list =
                |values: Vec<Sdk>| values.into_iter().map(value_from_sdk).collect::<Result<_>>();
            Ok(match value {
                Sdk::S(text) => AttributeValue::S(text),
                Sdk::N(number) => AttributeValue::N(number),
                Sdk::B(bytes) => AttributeValue::B(bytes.into_inner()),
                Sdk::Bool(value) => AttributeValue::Bool(value),
                Sdk::Null(_) => AttributeValue::Null,
                Sdk::Ss(set) => AttributeValue::Ss(set),
                Sdk::Ns(set) => AttributeValue::Ns(set),
                Sdk::Bs(set) => AttributeValue::Bs(set.into_iter().map(Blob::into_inner).collect()),
                Sdk::L(values) => AttributeValue::L(list(values)?),
                Sdk::M(map) => {
                    let entry = |(name, value)| Ok((name, value_from_sdk(value)?));
                    AttributeValue::M(map.into_iter().map(entry).collect::<Result<_>>()?)
                }
                _ => {
                    let message =
                        "a type of attribute value that this version of itemseal does not know";
                    return Err(Error::new(ErrorKind::Malformed, message));
                }
            })
        }

        /// To the SDK's form.
        pub(crate) fn to_sdk(item: Item) -> Attributes {
            item.into_iter().map(|(name, value)| (name, value_to_sdk(value))).collect()
        }

        fn value_to_sdk(value: AttributeValue) -> Sdk {
            match value {
                AttributeValue::S(text) => Sdk::S(text),
                AttributeValue::N(number) => Sdk::N(number),
                AttributeValue::B(bytes) => Sdk::B(Blob::new(bytes)),
                AttributeValue::Bool(value) => Sdk::Bool(value),
                AttributeValue::Null => Sdk::Null(true),
                AttributeValue::Ss(set) => Sdk::Ss(set),
                AttributeValue::Ns(set) => Sdk::Ns(set),
                AttributeValue::Bs(set) => Sdk::Bs(set.into_iter().map(Blob::new).collect()),
                AttributeValue::L(values) => Sdk::L(values.into_iter().map(value_to_sdk).collect()),
                AttributeValue::M(map) => Sdk::M(
                    map.into_iter().map(|(name, value)| (name, value_to_sdk(value))).collect(),
                ),
            }
        }
    };
}

/// Of the SDK for DynamoDB.
pub(crate) mod dynamodb {
    conversions!(aws_sdk_dynamodb);
}

/// Of the SDK for DynamoDB Streams.
pub(crate) mod streams {
    conversions!(aws_sdk_dynamodbstreams);
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;
    use aws_smithy_runtime_api::client::http::{
        HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
    };
    use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
    use aws_smithy_types::body::SdkBody;

    use aws_sdk_dynamodb::types::AttributeValue as Sdk;
    use itemseal::{AttributeValue, ErrorKind, Item};

    use super::*;

    #[test]
    fn every_type_goes_there_and_back() {
        let item = Item::new()
            .with("s", "x")
            .with("n", AttributeValue::N("1.50".into()))
            .with("b", vec![0, 255])
            .with("bool", true)
            .with("null", AttributeValue::Null)
            .with("ss", AttributeValue::Ss(vec!["a".into()]))
            .with("ns", AttributeValue::Ns(vec!["1".into(), "2".into()]))
            .with("bs", AttributeValue::Bs(vec![vec![1], vec![]]))
            .with("l", AttributeValue::L(vec![AttributeValue::Null, "y".into()]))
            .with("m", AttributeValue::M([("k".to_owned(), AttributeValue::L(vec![]))].into()));
        assert_eq!(dynamodb::from_sdk(dynamodb::to_sdk(item.clone())).unwrap(), item);
        assert_eq!(streams::from_sdk(streams::to_sdk(item.clone())).unwrap(), item);
    }

    /// DynamoDB with a type that this SDK does not know: only the SDK itself can make such a value.
    #[derive(Debug)]
    struct Newer;

    impl HttpConnector for Newer {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            let body = SdkBody::from(r#"{"Item":{"a":{"L":[{"NEW":"x"}]}}}"#);
            HttpConnectorFuture::ready(Ok(HttpResponse::new(200.try_into().unwrap(), body)))
        }
    }

    #[tokio::test]
    async fn an_unknown_type_is_refused_by_the_attributes_name() {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version_latest()
            .region(aws_sdk_dynamodb::config::Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
            .http_client(http_client_fn(|_, _| SharedHttpConnector::new(Newer)));
        let client = aws_sdk_dynamodb::Client::from_conf(config.build());
        let call = client.get_item().table_name("T").key("a", Sdk::S("x".to_owned()));
        let item = call.send().await.unwrap().item.unwrap();
        let error = dynamodb::from_sdk(item).unwrap_err();
        assert_eq!((error.kind(), error.attribute()), (ErrorKind::Malformed, Some("a")));
    }
}
