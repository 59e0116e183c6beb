use std::thread;

use super::*;

#[test]
fn writers_in_all_regions_and_a_pump_at_once_converge() {
    let b = bench(&[US, EU, AP]);
    thread::scope(|scope| {
        for region in [US, EU, AP] {
            let b = &b;
            scope.spawn(move || {
                for n in 0..100 {
                    b.put(region, &format!("k{}", n % 7), &format!("{region} {n}"));
                    if n % 10 == 0 {
                        b.delete(region, &format!("k{}", n % 7));
                    }
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..200 {
                b.tables.deliver_once().unwrap();
            }
        });
    });
    b.converge();
    for n in 0..7 {
        let everywhere = b.everywhere(&format!("k{n}"));
        assert!(everywhere.iter().all(|value| *value == everywhere[0]), "k{n}: {everywhere:?}");
    }
    assert_eq!(b.tables.waiting().unwrap(), []);
}

#[test]
fn handles_go_between_threads() {
    fn shared<T: Send + Sync + Clone>(_: &T) {}
    let b = bench(&[US]);
    shared(&b.tables);
    shared(&b.region(US));
    let lab = crate::Lab::builder().regions([US]).build().unwrap();
    shared(&lab);
    shared(lab.kms());
}
