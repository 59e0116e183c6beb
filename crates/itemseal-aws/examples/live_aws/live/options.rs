use std::path::PathBuf;

pub(crate) const USAGE: &str = "\
live_aws: the stories of encrypted global tables, against AWS or the lab

  --against-lab           against a lab in this process; so it is too without a prefix
  --prefix <name>         what the table's name begins with: 6 to 32 of a-z, 0-9, -   (ITEMSEAL_LIVE_PREFIX)
  --regions <a,b,…>       two or more, home first; eu-west-1,us-east-1 unless given   (ITEMSEAL_LIVE_REGIONS)
  --max-usd <amount>      it is refused if it could cost more                         (ITEMSEAL_LIVE_MAX_USD)
  --record <file>         write the answers, as JSON
  --compare <file>        compare with these answers; with the lab's unless given
  --tear-down-only        delete what an earlier run with the same prefix and Regions left

Credentials are found as by any AWS SDK. It needs dynamodb:* on table/<prefix>-Orders and kms:CreateKey,
ReplicateKey, ListKeys, DescribeKey, EnableKey, DisableKey, ScheduleKeyDeletion, GenerateDataKey and Decrypt.";

/// What to do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    prefix: Option<String>,
    regions: Vec<String>,
    max_usd: Option<f64>,
    pub(crate) record: Option<PathBuf>,
    pub(crate) compare: Option<PathBuf>,
    pub(crate) tear_down_only: bool,
}

impl Options {
    /// The environment's, and before them those of the command line.
    pub(crate) fn parse(
        arguments: impl IntoIterator<Item = String>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let environment = |name: &str| environment(name).filter(|value| !value.is_empty());
        let mut prefix = environment("ITEMSEAL_LIVE_PREFIX");
        let mut regions = environment("ITEMSEAL_LIVE_REGIONS");
        let mut max_usd = environment("ITEMSEAL_LIVE_MAX_USD");
        let (mut options, mut against_lab) = (Self::default(), false);
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value =
                || arguments.next().ok_or(format!("{argument} needs a value\n\n{USAGE}"));
            match argument.as_str() {
                "--against-lab" => against_lab = true,
                "--tear-down-only" => options.tear_down_only = true,
                "--prefix" => prefix = Some(value()?),
                "--regions" => regions = Some(value()?),
                "--max-usd" => max_usd = Some(value()?),
                "--record" => options.record = Some(value()?.into()),
                "--compare" => options.compare = Some(value()?.into()),
                _ => return Err(USAGE.to_owned()),
            }
        }
        options.prefix = prefix.filter(|_| !against_lab);
        let regions = regions.unwrap_or_else(|| "eu-west-1,us-east-1".to_owned());
        options.regions = regions.split(',').map(|region| region.trim().to_owned()).collect();
        if let Some(text) = max_usd {
            let amount =
                text.parse().map_err(|_| "--max-usd is a number of US dollars".to_owned())?;
            options.max_usd = Some(amount);
        }
        options.check().map(|()| options)
    }

    fn check(&self) -> Result<(), String> {
        let mut sorted = self.regions.clone();
        sorted.sort();
        sorted.dedup();
        if sorted.len() < 2 || sorted.len() < self.regions.len() {
            return Err("--regions needs two different Regions or more, home first".to_owned());
        }
        let Some(prefix) = &self.prefix else { return Ok(()) };
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(6..=32).contains(&prefix.len()) || !prefix.chars().all(allowed) {
            return Err(
                "--prefix has 6 to 32 of a-z, 0-9 and -; take one that is yours alone".to_owned()
            );
        }
        if self.max_usd.is_none() && !self.tear_down_only {
            return Err("say what it may cost: --max-usd or ITEMSEAL_LIVE_MAX_USD".to_owned());
        }
        Ok(())
    }

    /// None if it is against the lab.
    pub(crate) fn prefix(&self) -> Option<&str> {
        self.prefix.as_deref()
    }

    /// The home Region first.
    pub(crate) fn regions(&self) -> &[String] {
        &self.regions
    }

    /// The lab costs nothing.
    pub(crate) fn max_usd(&self) -> f64 {
        self.max_usd.unwrap_or(if self.prefix.is_none() { f64::INFINITY } else { 0.0 })
    }
}
