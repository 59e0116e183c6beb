//! AWS's crate and itemseal for Python on tables of one lab: each reads what the other wrote.
//!
//! ```text
//! cargo run --bin python -- PYTHON PROGRAM
//! ```
//! AWS's MRK keyring and interceptor write in us-east-1; boto3 with itemseal's hooks reads that in eu-west-1 and writes
//! changes there; AWS's read those. Versions 1 and 2, both suites.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use itemseal::AlgorithmSuite;
use itemseal_lab::Lab;
use itemseal_lab::http::LabServer;
use itemseal_oracle::aws::{from_sdk, to_sdk};
use itemseal_oracle::table::{Action, Table, suite_name};
use itemseal_oracle::world::{self, Outcome, READER, WRITER, World, key_of, orders, same, table};

fn main() -> ExitCode {
    let mut given = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(python), Some(program)) = (given.next(), given.next()) else {
        eprintln!("python: say which interpreter, and which program");
        return ExitCode::FAILURE;
    };
    world::run("python", story(python, program))
}

async fn story(python: PathBuf, program: PathBuf) -> Outcome {
    let lab = Lab::builder().every_region().build()?;
    let server = LabServer::start(&lab)?;
    let world = World::new(&server.endpoint());
    let key_arn = world.create_key().await?;
    let folder = std::env::temp_dir().join(format!("itemseal-python-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut items = 0;
    for suite in [AlgorithmSuite::HmacOnly, AlgorithmSuite::EcdsaP384] {
        for version in [1, 2] {
            let table = table(&format!("Orders-{}-{version}", suite.id() & 1), suite, version);
            let name = &table.logical_name;
            world.create_table(name).await?;
            let aws = world.aws_client(WRITER, &table, &key_arn).await?;
            let orders = orders()?;
            for order in &orders {
                aws.put_item().table_name(name).set_item(Some(to_sdk(order))).send().await?;
            }
            lab.tables().converge()?;
            let (config, given) = (folder.join("itemseal.toml"), folder.join("orders.jsonl"));
            std::fs::write(&config, toml(&table, &key_arn))?;
            std::fs::write(
                &given,
                orders.iter().map(|order| order.to_json() + "\n").collect::<String>(),
            )?;
            let endpoint = server.endpoint();
            let run = Run { python: &python, program: &program, endpoint: &endpoint };
            run.with([&config, Path::new(name), &given]).await?;
            lab.tables().converge()?;
            for order in &orders {
                let key = Some(to_sdk(&key_of(order)));
                let got = aws.get_item().table_name(name).set_key(key).send().await?;
                let changed = order.clone().with("OrderStatus", "Returned");
                same("Python's, opened by AWS's", &got.item().map(from_sdk), &Some(changed))?;
            }
            println!(
                "{name}: {} items each way, version {version}, suite 0x{:04x}",
                orders.len(),
                suite.id()
            );
            items += orders.len();
        }
    }
    std::fs::remove_dir_all(&folder)?;
    println!("python: {items} items each way through boto3, 0 differences");
    server.shutdown().await;
    Ok(())
}

/// The Python program, told of the lab by its environment.
struct Run<'a> {
    python: &'a Path,
    program: &'a Path,
    endpoint: &'a str,
}

impl Run<'_> {
    async fn with(&self, arguments: [&Path; 3]) -> Outcome {
        let mut command = tokio::process::Command::new(self.python);
        command.arg(self.program).args(arguments).env("AWS_ENDPOINT_URL", self.endpoint);
        command.env("AWS_ACCESS_KEY_ID", "lab").env("AWS_SECRET_ACCESS_KEY", "lab");
        command
            .env("AWS_REGION", READER)
            .env("AWS_DEFAULT_REGION", READER)
            .env_remove("AWS_PROFILE");
        match command.status().await? {
            status if status.success() => Ok(()),
            status => Err(format!("the Python program ended with {status}").into()),
        }
    }
}

/// The table's configuration as Python is given it.
fn toml(table: &Table, key_arn: &str) -> String {
    let names =
        |action| table.names(action).map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    format!(
        "[table.{:?}]\npartition_key = {:?}\nsort_key = {:?}\nsign_only = [{}]\ncontext = [{}]\nsuite = {:?}\n\n\
         [keyring]\nkind = \"kms-mrk\"\nkey_arn = {key_arn:?}\nregions = [{READER:?}, {WRITER:?}]\n",
        table.logical_name,
        table.partition_key,
        table.sort_key.as_deref().unwrap_or_default(),
        names(Action::Sign),
        names(Action::Context),
        suite_name(table.suite),
    )
}
