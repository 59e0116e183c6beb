//! Operations that AWS's interceptor does not know, and PartiQL.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::execute_statement::builders::ExecuteStatementInputBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use itemseal::{ErrorKind, Item};
use itemseal_aws::GlobalTable;
use itemseal_oracle::aws::from_sdk;
use itemseal_oracle::world::{self, Outcome, WRITER};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::requests::says;
use crate::row::Row;
use crate::stage::{CARD, Stage, n, s, table};

pub async fn rows(stage: &Stage) -> Outcome<Vec<Row>> {
    Ok(vec![search(stage).await?, partiql(stage).await?, partiql_unusual(stage).await?])
}

/// What ours would have to have: a method of `GlobalTable` itself would be called in its place, and the
/// program would not compile.
trait NoSuchMethod {
    fn search_vectors(&self) -> bool {
        true
    }
}

impl NoSuchMethod for GlobalTable {}

/// `SearchVectors` is in the SDK and not in the interceptor. Nor is it in the lab, which has no vectors: its
/// answer, with an item as it is stored, is given here.
async fn search(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("Unknown").await?;
    both.fill(&["1"]).await?;
    let stored = both.stored("1").await?.ok_or("no item")?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let answer = tokio::spawn(answer(listener, from_sdk(&stored)));
    let config = stage.world.aws_config(WRITER, &table(&both.name), &stage.key_arn).await?;
    let interceptor = world::interceptor(&both.name, config)?;
    let config = stage.world.dynamodb_config(WRITER).endpoint_url(endpoint);
    let aws = Client::from_conf(config.interceptor(interceptor).build());
    let found = aws
        .search_vectors()
        .table_name(&both.name)
        .index_name("by-vector")
        .search_vector(n(1))
        .top_k(1)
        .search_condition_expression("Card = :c")
        .expression_attribute_values(":c", s(CARD))
        .send()
        .await
        .ok();
    let item = found.as_ref().and_then(|found| found.search_results().first()?.item());
    // Refused before it is sent, nothing would come.
    let request = match &found {
        Some(_) => answer.await??,
        None => String::new(),
    };
    let raw = item == Some(&stored) && stored.get("Card").is_some_and(AttributeValue::is_b);
    Ok(Row::new("an operation that the interceptor does not know (`SearchVectors`)")
        .aws(
            request.contains(CARD),
            "passes: a condition's value on an encrypted attribute is sent in clear",
        )
        .aws(raw, "items come back as they are stored, unverified")
        .ours(both.ours.search_vectors(), "there is no such method"))
}

/// Answers one request, and gives its body.
async fn answer(listener: TcpListener, item: Item) -> Outcome<String> {
    let (stream, _) = listener.accept().await?;
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let line = line.trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let found = format!("{{\"SearchResults\":[{{\"Item\":{},\"Score\":1.0}}]}}", item.to_json());
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nConnection: close";
    let answer = format!("{head}\r\nContent-Length: {}\r\n\r\n{found}", found.len());
    stream.write_all(answer.as_bytes()).await?;
    stream.flush().await?;
    Ok(String::from_utf8(body)?)
}

async fn partiql(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("PartiQL").await?;
    let statement = insert("\"PartiQL\"", "1");
    let aws = both.aws.execute_statement().statement(&statement).send().await;
    let ours = execute(&both.ours, &statement).await;
    let nothing = both.stored("1").await?.is_none();
    Ok(Row::not_shown("PartiQL")
        .aws(says(&aws, &["not Supported on encrypted tables"]) && nothing, "refused")
        .ours(ours == Some(ErrorKind::Refused), "refused"))
}

/// Statements as the lab's engine takes them; DynamoDB itself was not asked.
async fn partiql_unusual(stage: &Stage) -> Outcome<Row> {
    let both = stage.both("PartiQL2").await?;
    both.fill(&["1"]).await?;
    let stored = both.stored("1").await?;
    let commented = |id| insert("--orders\nPartiQL2", id);
    let ended = "SELECT * FROM PartiQL2;";
    let ours = [execute(&both.ours, &commented("2")).await, execute(&both.ours, ended).await];
    let nothing = both.stored("2").await?.is_none();
    let read = both.aws.execute_statement().statement(ended).send().await.ok();
    let raw = read.as_ref().and_then(|read| read.items().first()) == stored.as_ref();
    let written = both.aws.execute_statement().statement(commented("3")).send().await.is_ok();
    let clear = both.stored("3").await?.is_some_and(|item| item.get("Card") == Some(&s(CARD)));
    Ok(Row::new("PartiQL with a comment or a semicolon (as the lab's engine takes it)")
        .aws(
            written && clear,
            "`--orders` and a line feed before the table's name: the item is stored in clear",
        )
        .aws(raw, "`;` after it: items come back as they are stored")
        .ours(ours == [Some(ErrorKind::Refused); 2] && nothing, "refused"))
}

fn insert(table: &str, id: &str) -> String {
    format!(
        "INSERT INTO {table} VALUE {{'OrderID': '{id}', 'CustomerID': 'c-1', 'Card': '{CARD}'}}"
    )
}

/// What our client refuses it with.
async fn execute(ours: &GlobalTable, statement: &str) -> Option<ErrorKind> {
    let input = ExecuteStatementInputBuilder::default().statement(statement);
    ours.execute_statement(input).await.err().map(|error| error.kind())
}
