use std::time::Duration;

use itemseal_lab::faults::{Fault, OutageMode, Service};
use tokio::time::{Instant, sleep};

use crate::load::{End, Load, ORDERS, READ};
use crate::timeline::{Kind, Phase, Told, head};
use crate::world::{AWAY, HOME, REGIONS, RULER, World, get, order, put};

/// Enough to say what one read in a thousand takes.
const READS: usize = 2000;
/// Within this the breakers know.
const KNOWN: Duration = Duration::from_secs(1);
/// What a Region that hangs may add for one read in a thousand, once it is known.
const ADDS: Duration = Duration::from_millis(250);
/// So long a Region that hangs is away, at least, after it is known: it is probed meanwhile.
const AWAY_FOR: Duration = Duration::from_millis(1500);
/// The longest rest of a breaker is 8 seconds; the machine may be busy.
const HEALS: Duration = Duration::from_secs(30);

struct Scenario {
    service: Service,
    mode: OutageMode,
    name: String,
}

fn scenarios() -> Vec<Scenario> {
    let services = [(Service::Kms, "KMS"), (Service::DynamoDb, "DynamoDB"), (Service::All, "both")];
    let modes = [(OutageMode::Refuse, "refuses"), (OutageMode::Hang, "hangs")];
    let name = |service: &str, mode: &str| match service {
        "both" => format!("both: {mode}"),
        service => format!("{service} {mode}"),
    };
    let all = services.into_iter().flat_map(|service| modes.map(|mode| (service, mode)));
    all.map(|((service, s), (mode, m))| Scenario { service, mode, name: name(s, m) }).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_region_is_taken_away_under_load_and_given_back() {
    let world = World::new();
    let client = world.client(&REGIONS, world.kms(), |builder| builder).await;
    for number in 0..ORDERS {
        client.put_item(put(READ, number)).await.unwrap();
    }
    world.lab.tables().converge().unwrap();

    let ruler = world.client(&[RULER], world.kms(), |builder| builder).await;
    let mut load = Load::start(&client, &ruler);
    let mut phases = Vec::new();
    let mut phase = |scenario: &str, kind, from, to| {
        phases.push(Phase { scenario: scenario.to_owned(), kind, from, to });
    };
    let from = load.now();
    load.reads(READS).await;
    phase("", Kind::Healthy, from, load.now());
    for Scenario { service, mode, name } in scenarios() {
        let gone = load.now();
        let fault = Fault::Outage { region: HOME.to_owned(), service, mode };
        let fault = world.lab.faults().add(fault).unwrap();
        sleep(KNOWN).await;
        let known = load.now();
        phase(&name, Kind::FirstSecond, gone, known);
        if mode == OutageMode::Hang {
            sleep(AWAY_FOR).await;
        }
        load.reads(READS.saturating_sub(load.count_since(known))).await;
        let healed = load.now();
        phase(&name, Kind::Known, known, healed);
        world.lab.faults().remove(fault);
        back_home(&world, &mut load).await;
        let closed = load.now();
        phase(&name, Kind::GivenBack, healed, closed);
        load.reads(READS).await;
        phase(&name, Kind::Healthy, closed, load.now());
    }
    let done = load.stop().await;

    println!("{}", head());
    let told: Vec<Told> = phases.iter().map(|phase| Told::new(phase, &done)).collect();
    told.iter().for_each(|told| println!("{told}"));
    for (at, scenario) in scenarios().iter().enumerate() {
        check(scenario, &told[4 * at..=4 * at + 4]);
    }

    world.lab.tables().converge().unwrap();
    let acknowledged: Vec<_> =
        done.writes.iter().filter(|write| write.end == End::Acknowledged).collect();
    for region in REGIONS {
        let lost = acknowledged.iter().filter(|w| !world.has(region, &w.customer, w.order));
        let lost: Vec<_> = lost.collect();
        assert!(lost.is_empty(), "acknowledged, and not in {region}: {lost:?}");
        // What is there can be opened there.
        let there = world.client(&[region], world.kms(), |builder| builder).await;
        for write in acknowledged.iter().rev().take(20) {
            let answer = there.get_item(get(&write.customer, write.order)).await.unwrap();
            assert_eq!(answer.item(), Some(&order(&write.customer, write.order)));
        }
    }
    let count = acknowledged.len();
    println!("{count} acknowledged writes, all of them in {} Regions", REGIONS.len());
}

/// Waits until DynamoDB and KMS are the home Region's again.
async fn back_home(world: &World, load: &mut Load) {
    let begun = Instant::now();
    let elsewhere = || world.kms_calls(AWAY);
    loop {
        let calls = elsewhere();
        let reads = load.reads(100).await;
        if reads.iter().all(|read| read.region == HOME) && elsewhere() == calls {
            return;
        }
        assert!(begun.elapsed() < HEALS, "the home Region is back, and not asked");
    }
}

fn check(scenario: &Scenario, told: &[Told]) {
    let [before, first, known, _, after] = told else { panic!("five phases") };
    let (name, writes_stop) = (&scenario.name, scenario.service != Service::Kms);
    let away = |told: &Told| told.reads() - told.reads_in(HOME);
    for told in [before, known, after] {
        // But for those at either end of the phase.
        assert!(told.reads() >= READS - 20, "{name}: {} reads", told.reads());
    }
    // The machine may be busier than before.
    let (healthy, p999) = (before.within(0.999).max(known.ruler()), known.within(0.999));
    let limit = healthy + ADDS;
    assert!(p999 <= limit, "{name}: p99.9 of {p999:?}, with at most {limit:?} promised");
    if writes_stop {
        assert_eq!(known.reads_in(HOME), 0, "{name}: nobody answers there");
        let [done, ..] = known.writes();
        assert_eq!(done, 0, "{name}: writes stay in the home Region");
        // One that waits for a second may have begun in the phase before.
        let tried =
            [first, known].map(|told| told.writes()).iter().map(|[_, f, w]| f + w).sum::<usize>();
        assert!(tried > 0, "{name}: somebody tried to write");
    } else {
        assert_eq!(away(known), 0, "{name}: DynamoDB is there");
        for told in [first, known] {
            assert!(all_written(told), "{name}: another Region's key is as good");
        }
    }
    assert!(away(after) * 100 <= after.reads(), "{name}: {} of the reads after", away(after));
    assert!(all_written(after), "{name}: all writes work again");
}

/// No write failed, and but for one or two, when the machine is very busy, none had to wait.
fn all_written(told: &Told) -> bool {
    let [done, failed, waited] = told.writes();
    done > 0 && failed == 0 && waited <= 2
}
