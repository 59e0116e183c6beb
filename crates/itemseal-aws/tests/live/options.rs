use crate::live::Options;

fn parse(arguments: &[&str], environment: &[(&str, &str)]) -> Result<Options, String> {
    let arguments = arguments.iter().map(|argument| (*argument).to_owned());
    Options::parse(arguments, |name| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn without_a_prefix_it_is_the_lab() {
    let prefix = ("ITEMSEAL_LIVE_PREFIX", "example");
    assert_eq!(parse(&[], &[]).unwrap().prefix(), None);
    assert_eq!(parse(&["--against-lab"], &[prefix]).unwrap().prefix(), None);
    assert_eq!(parse(&[], &[("ITEMSEAL_LIVE_PREFIX", "")]).unwrap().prefix(), None);
    let cap = ("ITEMSEAL_LIVE_MAX_USD", "0.5");
    let options = parse(&["--regions", "eu-central-1, us-west-2"], &[prefix, cap]).unwrap();
    assert_eq!(options.prefix(), Some("example"));
    assert_eq!(options.regions(), ["eu-central-1", "us-west-2"]);
    assert!((options.max_usd() - 0.5).abs() < 1e-9);
    let later = parse(&["--tear-down-only"], &[prefix]).unwrap();
    assert!(later.tear_down_only && later.max_usd() < 1e-9);
}

#[test]
fn what_cannot_be_is_said() {
    for (arguments, says) in [
        (&["--prefix", "example"][..], "--max-usd or ITEMSEAL_LIVE_MAX_USD"),
        (&["--prefix", "a"], "6 to 32"),
        (&["--prefix", "Example", "--max-usd", "1"], "6 to 32"),
        (&["--regions", "eu-west-1"], "two different Regions"),
        (&["--regions", "eu-west-1,eu-west-1,us-east-1"], "two different Regions"),
        (&["--prefix", "example", "--max-usd", "much"], "number of US dollars"),
        (&["--prefix"], "needs a value"),
        (&["--help"], "ITEMSEAL_LIVE_PREFIX"),
    ] {
        let error = parse(arguments, &[]).unwrap_err();
        assert!(error.contains(says), "{arguments:?}: {error}");
    }
}
