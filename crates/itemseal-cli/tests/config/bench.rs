//! A folder with a configuration, and a lab with a key and a table in two Regions.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use itemseal_lab::Lab;
use itemseal_lab::http::LabServer;
use itemseal_lab::tables::KeyAttribute;

pub(crate) const HOME: &str = "eu-west-1";
pub(crate) const AWAY: &str = "us-east-1";
pub(crate) const TABLE: &str = r#"
[table."Orders"]
partition_key = "OrderID"
sort_key = "CustomerID"
sign_only = ["OrderStatus"]
"#;

/// Gone with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir();
        let folder = folder.join(format!("itemseal-cli-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// With a keyring over a key in a file.
    pub(crate) fn raw_aes(name: &str) -> Self {
        let folder = Self::new(name);
        folder.write("wrapping.key", &"5e".repeat(32));
        #[cfg(unix)]
        std::fs::set_permissions(folder.path("wrapping.key"), private()).unwrap();
        let keyring = "[keyring]\nkind = 'raw-aes'\nkey_file = 'wrapping.key'\n";
        folder.write("c.toml", &format!("{TABLE}{keyring}namespace = 'ns'\nname = 'key-1'\n"));
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The command in this folder, with nothing of AWS in its environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_itemseal"));
        let ours = std::env::vars_os().map(|(name, _)| name);
        for name in ours.filter(|name| name.to_string_lossy().starts_with("AWS_")) {
            command.env_remove(name);
        }
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null());
        command.env("AWS_EC2_METADATA_DISABLED", "true").env("HOME", &self.0);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
}

#[cfg(unix)]
fn private() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::Permissions::from_mode(0o600)
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A lab at an endpoint, and a folder whose `c.toml` names its key.
pub(crate) struct World {
    pub(crate) lab: Lab,
    server: LabServer,
    pub(crate) folder: Folder,
    pub(crate) key_arn: String,
}

impl World {
    /// With replicas of the key and the table in both Regions.
    pub(crate) fn new(name: &str) -> Self {
        let world = Self::at_home(name);
        world.replicate_key(AWAY);
        world.lab.tables().add_replica("Orders", AWAY).unwrap();
        world
    }

    /// With key and table in the home Region only.
    pub(crate) fn at_home(name: &str) -> Self {
        let lab = Lab::builder().every_region().build().unwrap();
        let key_arn = lab.kms().create_key(HOME, true, "").unwrap().arn;
        let (partition, sort) = (KeyAttribute::s("OrderID"), KeyAttribute::s("CustomerID"));
        lab.tables().create_table(HOME, "Orders", partition, Some(sort)).unwrap();
        let server = LabServer::start(&lab).unwrap();
        let folder = Folder::new(name);
        folder.write("c.toml", &format!("{TABLE}{}", keyring(&key_arn)));
        Self { lab, server, folder, key_arn }
    }

    /// A `b.toml` too, with branch keys under the same key.
    pub(crate) fn branch_keys(&self) {
        let keyring = format!(
            "[keyring]\nkind = 'hierarchical'\nkey_store = 'Keys'\nkey_arn = '{}'\nregions = ['{HOME}', \
             '{AWAY}']\nbranch_key_id = 'tenant-1'\n",
            self.key_arn
        );
        self.folder.write("b.toml", &format!("{TABLE}{keyring}"));
    }

    /// Runs it, and gives what it prints.
    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", error(&output));
        out(&output)
    }

    pub(crate) fn key_id(&self) -> &str {
        self.key_arn.rsplit('/').next().unwrap()
    }

    pub(crate) fn replicate_key(&self, region: &str) {
        self.lab.kms().replicate_key(HOME, self.key_id(), region, "").unwrap();
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.folder.command(arguments);
        command.env("AWS_ENDPOINT_URL", self.server.endpoint()).env("AWS_REGION", HOME);
        command.env("AWS_ACCESS_KEY_ID", "lab").env("AWS_SECRET_ACCESS_KEY", "lab");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
}

fn keyring(key_arn: &str) -> String {
    format!("[keyring]\nkind = 'kms-mrk'\nkey_arn = '{key_arn}'\nregions = ['{HOME}', '{AWAY}']\n")
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
