//! Which KMS keys a key store takes: the four configurations, in both Regions, on keys that were made under a
//! multi-Region key, under its replica, and under a key of one Region.

use aws_db_esdk::key_store::types::{Discovery, KmsConfiguration, MrDiscovery};
use itemseal::keystore::KeyStoreKms;
use itemseal_oracle::world::{Outcome, READER, WRITER};

use crate::keys::of_kind;
use crate::stage::{Stage, text};
use crate::tally::Tally;

struct Case {
    name: &'static str,
    region: &'static str,
    aws: KmsConfiguration,
    ours: KeyStoreKms,
    /// Whether keys under the multi-Region key, its replica and the other key are read.
    reads: [bool; 3],
    /// Whether it makes and rotates keys.
    writes: bool,
}

pub async fn compare(stage: &Stage, tally: &mut Tally) -> Outcome {
    let (mrk, related) = (stage.mrk.clone(), stage.related());
    let ids = ["under-the-key", "under-its-replica", "under-another"];
    let own = [("made", "by-itemseal")];
    stage.ours()?.create_key(Some(ids[0]), own).await?;
    let replica = stage.ours_on(READER, KeyStoreKms::mrk(&related, [READER])?)?;
    replica.create_key(Some(ids[1]), own).await?;
    let single = stage.ours_on(WRITER, KeyStoreKms::key(&stage.single)?)?;
    single.create_key(Some(ids[2]), own).await?;
    for case in cases(stage)? {
        for (id, reads) in ids.iter().zip(case.reads) {
            look(stage, tally, &case, id, reads).await?;
        }
        makes(stage, tally, &case).await?;
    }
    // AWS's makes keys under the replica too, which ours reads at home.
    let kms = KmsConfiguration::KmsMrKeyArn(related);
    let made = stage.aws_on(crate::stage::STORE, READER, kms)?.create(None, &own).await?;
    stage.lab.tables().converge()?;
    let home = stage.ours_on(WRITER, KeyStoreKms::mrk(&mrk, [WRITER])?)?;
    let kms = KmsConfiguration::KmsMrKeyArn(mrk);
    let theirs = stage.aws_on(crate::stage::STORE, WRITER, kms)?;
    let (theirs, ours) = (theirs.beacon(&made).await?, home.beacon_key(&made).await?);
    tally.same("AWS's beacon key under the replica", &theirs, &ours.expose().to_vec());
    Ok(())
}

fn cases(stage: &Stage) -> Outcome<Vec<Case>> {
    let (mrk, related, single) = (stage.mrk.clone(), stage.related(), stage.single.clone());
    let case =
        |name, region, aws, ours, reads, writes| Case { name, region, aws, ours, reads, writes };
    let arn = KmsConfiguration::KmsKeyArn;
    let mr_arn = KmsConfiguration::KmsMrKeyArn;
    let discovery =
        || -> Outcome<_> { Ok(KmsConfiguration::Discovery(Discovery::builder().build()?)) };
    let mr_discovery = |region: &str| -> Outcome<_> {
        Ok(KmsConfiguration::MrDiscovery(MrDiscovery::builder().region(region).build()?))
    };
    let key = |arn: &str| KeyStoreKms::key(arn);
    let one = |arn: &str, region: &str| KeyStoreKms::mrk(arn, [region]);
    let reader = [related.as_str(), single.as_str()];
    Ok(vec![
        case("kmsKeyArn", WRITER, arn(mrk.clone()), key(&mrk)?, [true, false, false], true),
        case(
            "kmsKeyArn of the replica",
            READER,
            arn(reader[0].into()),
            key(reader[0])?,
            [false, true, false],
            true,
        ),
        case(
            "kmsKeyArn of one Region",
            WRITER,
            arn(single.clone()),
            key(&single)?,
            [false, false, true],
            true,
        ),
        case(
            "kmsMRKeyArn",
            WRITER,
            mr_arn(mrk.clone()),
            one(&mrk, WRITER)?,
            [true, true, false],
            true,
        ),
        case(
            "kmsMRKeyArn of the replica",
            READER,
            mr_arn(related.clone()),
            one(&related, READER)?,
            [true, true, false],
            true,
        ),
        case(
            "kmsMRKeyArn of one Region",
            WRITER,
            mr_arn(single.clone()),
            one(&single, WRITER)?,
            [false, false, true],
            true,
        ),
        case(
            "discovery",
            WRITER,
            discovery()?,
            KeyStoreKms::discovery(WRITER),
            [true, false, true],
            false,
        ),
        case(
            "discovery elsewhere",
            READER,
            discovery()?,
            KeyStoreKms::discovery(READER),
            [false, true, false],
            false,
        ),
        case(
            "mrDiscovery",
            WRITER,
            mr_discovery(WRITER)?,
            KeyStoreKms::mr_discovery(WRITER),
            [true, true, true],
            false,
        ),
        case(
            "mrDiscovery elsewhere",
            READER,
            mr_discovery(READER)?,
            KeyStoreKms::mr_discovery(READER),
            [true, true, false],
            false,
        ),
    ])
}

/// Reads and rotates one key.
async fn look(stage: &Stage, tally: &mut Tally, case: &Case, id: &str, reads: bool) -> Outcome {
    let aws = stage.aws_on(crate::stage::STORE, case.region, case.aws.clone())?;
    let ours = stage.ours_on(case.region, case.ours.clone())?;
    stage.lab.tables().converge()?;
    let what = |of: &str| format!("{}, {of} {id}", case.name);
    let theirs = aws.active(id).await;
    tally.verdicts(&what("the active key"), &theirs, &ours.active_key(id).await, reads);
    let (theirs, own) = (aws.beacon(id).await, ours.beacon_key(id).await);
    tally.verdicts(&what("the beacon key"), &theirs, &own, reads);
    if let (Ok(theirs), Ok(own)) = (theirs, own) {
        tally.same(&what("the beacon key's bytes"), &theirs, &own.expose().to_vec());
    }
    let rotates = reads && case.writes;
    let theirs = aws.rotate(id).await;
    let after_theirs = kms_arn(stage, id).await?;
    let own = ours.rotate(id).await;
    tally.verdicts(&what("rotating"), &theirs, &own, rotates);
    let after_ours = kms_arn(stage, id).await?;
    tally.same(&what("the KMS key after a rotation"), &after_theirs, &after_ours);
    if rotates {
        stage.lab.tables().converge()?;
        let (theirs, own) = (aws.active(id).await?, ours.active_key(id).await?);
        let version = theirs.version.replace('-', "");
        tally.same(&what("the version after two rotations"), &version, &hex::encode(own.version()));
    }
    Ok(())
}

/// Makes a key each.
async fn makes(stage: &Stage, tally: &mut Tally, case: &Case) -> Outcome {
    let aws = stage.aws_on(crate::stage::STORE, case.region, case.aws.clone())?;
    let ours = stage.ours_on(case.region, case.ours.clone())?;
    let (theirs, own) = (aws.create(None, &[]).await, ours.create_key(None, [("", ""); 0]).await);
    tally.verdicts(&format!("{}, making a key", case.name), &theirs, &own, case.writes);
    if let (Ok(theirs), Ok(own)) = (theirs, own) {
        let (theirs, own) = (kms_arn(stage, &theirs).await?, kms_arn(stage, &own).await?);
        tally.same(&format!("{}, a new key's KMS key", case.name), &theirs, &own);
    }
    Ok(())
}

/// The KMS key that the active version is under.
async fn kms_arn(stage: &Stage, id: &str) -> Outcome<String> {
    stage.lab.tables().converge()?;
    let stored = stage.stored(id).await?;
    let active = of_kind(&stored, "branch:ACTIVE").ok_or("no active item")?;
    Ok(text(active, "kms-arn").to_owned())
}
