use super::*;

fn answer(verdict: Verdict) -> (u16, String) {
    match verdict {
        Verdict::Answer { status, code, message } => {
            assert!(!message.is_empty());
            (status, code)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_outage_takes_its_service_and_region_and_no_other() {
    let b = bench();
    let of = |service, region| b.lab.faults().before(service, region, "Any");
    let kms = Fault::Outage { region: EU.into(), service: Service::Kms, mode: OutageMode::Hang };
    let id = b.add(kms);
    assert_eq!(of(Service::Kms, EU), Verdict::Hang);
    assert_eq!(of(Service::DynamoDb, EU), Verdict::Proceed);
    assert_eq!(of(Service::Kms, US), Verdict::Proceed);
    b.add(Fault::outage(US));
    assert_eq!(of(Service::Kms, US), Verdict::Refuse);
    assert_eq!(of(Service::DynamoDb, US), Verdict::Refuse);
    assert!(b.lab.faults().remove(id));
    assert!(!b.lab.faults().remove(id), "it is gone already");
    assert_eq!(of(Service::Kms, EU), Verdict::Proceed);
    b.lab.faults().clear();
    assert_eq!(of(Service::Kms, US), Verdict::Proceed);
}

#[test]
fn an_outage_can_answer_with_the_services_own_errors() {
    let b = bench();
    for (service, status, code) in [
        (Service::Kms, 500, "KMSInternalException"),
        (Service::DynamoDb, 500, "InternalServerError"),
        (Service::Kms, 503, "ServiceUnavailable"),
        (Service::DynamoDb, 503, "ServiceUnavailable"),
    ] {
        let mode = OutageMode::Error(status);
        let id = b.add(Fault::Outage { region: EU.into(), service, mode });
        let expected = (status, code.to_owned());
        assert_eq!(answer(b.lab.faults().before(service, EU, "Any")), expected);
        b.lab.faults().remove(id);
    }
}

#[test]
fn a_rate_lets_one_seconds_calls_through_and_then_as_many_as_time_gives() {
    let b = bench();
    b.add(Fault::throttle(US, Service::Kms, 4));
    let call = || b.lab.faults().before(Service::Kms, US, "Decrypt");
    let through = || (0..20).filter(|_| call() == Verdict::Proceed).count();
    assert_eq!(through(), 4);
    b.advance(500);
    assert_eq!(through(), 2);
    b.advance(249);
    assert_eq!(through(), 0);
    b.advance(1);
    assert_eq!(through(), 1);
    b.advance(3_600_000);
    assert_eq!(through(), 4, "no more than a second's calls are saved up");
    assert_eq!(answer(call()), (400, "ThrottlingException".to_owned()));
    assert_eq!(b.lab.faults().before(Service::DynamoDb, US, "PutItem"), Verdict::Proceed);
    assert_eq!(b.lab.faults().before(Service::Kms, EU, "Decrypt"), Verdict::Proceed);
}

#[test]
fn a_clock_that_goes_back_gives_no_calls() {
    let b = bench();
    b.add(Fault::throttle(US, Service::Kms, 1));
    let call = || b.lab.faults().before(Service::Kms, US, "Decrypt") == Verdict::Proceed;
    assert!(call() && !call());
    b.clock.set(0);
    assert!(!call());
    b.advance(1_000);
    assert!(call());
}

#[test]
fn a_rate_can_be_for_some_operations_and_says_what_dynamodb_says() {
    let b = bench();
    let operations = vec!["PutItem".to_owned(), "CreateTable".to_owned()];
    let (region, service) = (US.to_owned(), Service::DynamoDb);
    b.add(Fault::Throttle { region, service, operations, per_second: 0 });
    let call = |operation| b.lab.faults().before(Service::DynamoDb, US, operation);
    assert_eq!(call("GetItem"), Verdict::Proceed);
    let exceeded = "ProvisionedThroughputExceededException".to_owned();
    assert_eq!(answer(call("PutItem")), (400, exceeded));
    assert_eq!(answer(call("CreateTable")), (400, "ThrottlingException".to_owned()));
}

#[test]
fn every_fault_is_the_same_after_json_and_reads_as_documented() {
    let delay = Delay::Uniform { min: ms(1), max: Duration::from_micros(2_500) };
    for (fault, json) in [
        (
            Fault::outage(US),
            json!({"fault": "outage", "region": US, "service": "all", "mode": "refuse"}),
        ),
        (
            Fault::Outage {
                region: US.into(),
                service: Service::Kms,
                mode: OutageMode::Error(503),
            },
            json!({"fault": "outage", "region": US, "service": "kms", "mode": {"error": 503}}),
        ),
        (
            Fault::throttle(US, Service::DynamoDb, 5),
            json!({"fault": "throttle", "region": US, "service": "dynamodb", "operations": [],
                "per_second": 5}),
        ),
        (
            Fault::stale_reads(US, ms(200)),
            json!({"fault": "stale-reads", "region": US, "by_ms": 200, "share": 1.0}),
        ),
        (Fault::unprocessed(US, 0.5), json!({"fault": "unprocessed", "region": US, "share": 0.5})),
        (
            Fault::lag(US, EU, ms(800)),
            json!({"fault": "lag", "from": US, "to": EU, "delay": {"fixed_ms": 800}}),
        ),
        (
            Fault::Lag { from: None, to: Some(EU.into()), delay },
            json!({"fault": "lag", "to": EU, "delay": {"uniform": {"min_ms": 1, "max_ms": 2.5}}}),
        ),
        (
            Fault::lag(US, EU, Delay::Exponential(ms(50))),
            json!({"fault": "lag", "from": US, "to": EU, "delay": {"exponential_ms": 50}}),
        ),
        (Fault::partition(US), json!({"fault": "partition", "region": US})),
        (Fault::partition_between(US, EU), json!({"fault": "partition", "region": US, "from": EU})),
        (Fault::skew(US, -1_500), json!({"fault": "skew", "region": US, "by_ms": -1.5})),
    ] {
        assert_eq!(serde_json::to_value(&fault).unwrap(), json);
        assert_eq!(serde_json::from_value::<Fault>(json).unwrap(), fault);
    }
    let short = json!({"fault": "outage", "region": US});
    assert_eq!(serde_json::from_value::<Fault>(short).unwrap(), Fault::outage(US));
    for wrong in [
        json!({"fault": "flood", "region": US}),
        json!({"fault": "outage", "region": US, "servcie": "kms"}),
        json!({"fault": "stale-reads", "region": US, "by_ms": -1}),
        json!({"fault": "skew", "region": US, "by_ms": 1e300}),
    ] {
        serde_json::from_value::<Fault>(wrong).unwrap_err();
    }
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let b = bench();
    let swapped = Delay::Uniform { min: ms(2), max: ms(1) };
    for fault in [
        Fault::outage("US East"),
        Fault::partition(""),
        Fault::partition_between(US, US),
        Fault::unprocessed(US, 1.1),
        Fault::unprocessed(US, f64::NAN),
        Fault::lag(US, EU, swapped),
        Fault::Outage { region: US.into(), service: Service::All, mode: OutageMode::Error(200) },
    ] {
        let error = b.lab.faults().add(fault).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misuse, "{error}");
    }
    assert_eq!(b.lab.faults().list(), []);
}

#[test]
fn cuts_and_skews_of_the_tables_are_faults_like_others() {
    let b = bench();
    b.lab.tables().cut(US).unwrap();
    b.lab.tables().cut(US).unwrap();
    b.lab.tables().set_clock_skew(EU, 5).unwrap();
    b.lab.tables().set_clock_skew(EU, 7).unwrap();
    let faults = b.lab.faults().list();
    let faults: Vec<_> = faults.into_iter().map(|active| active.fault).collect();
    assert_eq!(faults, [Fault::partition(US), Fault::skew(EU, 7)]);
    b.put(EU, "a", "1");
    let version = b.region(EU).version(T, &Item::new().with("id", "a")).unwrap().unwrap();
    assert_eq!(version.written_micros, b.clock.now_micros() + 7);
    b.lab.faults().clear();
    assert!(b.lab.tables().are_connected(US, EU));
    b.put(EU, "b", "1");
    let version = b.region(EU).version(T, &Item::new().with("id", "b")).unwrap().unwrap();
    assert_eq!(version.written_micros, b.clock.now_micros() + 8, "the skew is gone, time is not");
}
