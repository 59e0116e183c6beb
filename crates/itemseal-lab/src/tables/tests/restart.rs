//! A Region's database that is opened again.

use dynoxide::storage::Storage;

use super::*;
use crate::faults::Faults;
use crate::tables::database::RegionDatabase;

#[test]
fn versions_and_waiting_changes_outlive_the_process_and_time_goes_on_from_them() {
    let directory = std::env::temp_dir().join(format!("itemseal-lab-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("region.sqlite");
    let clock = ManualClock::default();
    let open = || {
        let storage = Storage::new(path.to_str().unwrap()).unwrap();
        let faults = Faults::new(Arc::new(clock.clone()), 0);
        RegionDatabase::open(US, &faults, storage, 100, Arc::default()).unwrap()
    };
    let request = |id: &str, value: &str| {
        let item = super::super::convert::to_dynoxide(item(id, value));
        let table_name = T.to_owned();
        dynoxide::actions::put_item::PutItemRequest { table_name, item, ..Default::default() }
    };
    let put = |database: &RegionDatabase, id, value| {
        let storage = &database.lock().storage;
        crate::tables::database::ready(dynoxide::actions::put_item::execute(
            storage,
            request(id, value),
        ))
        .unwrap();
    };
    let version =
        |database: &RegionDatabase, pk| database.lock().version(T, (pk, "")).unwrap().unwrap();
    let before = {
        let database = open();
        let create = crate::tables::schema::create_request(T, "id".into(), None);
        database.lock().create_table(create).unwrap();
        database.lock().make_global(T).unwrap();
        let sql = "INSERT INTO lab$replicas VALUES (?1, ?2)";
        database.lock().storage.conn().execute(sql, [T, EU]).unwrap();
        put(&database, "a", "1");
        version(&database, "S:a")
    };
    // The clock is behind what was written.
    clock.set(5);
    let database = open();
    assert_eq!(version(&database, "S:a"), before);
    put(&database, "b", "2");
    assert!(
        version(&database, "S:b") > before,
        "the table is watched again, and time did not go back"
    );
    let pending = database.lock().pending(EU).unwrap();
    assert_eq!(
        pending.iter().filter_map(|change| change.item.clone()).collect::<Vec<_>>(),
        [item("a", "1"), item("b", "2")]
    );
    drop(database);
    // The engine alone can still write to the file: the triggers are not in it.
    let alone = Storage::new(path.to_str().unwrap()).unwrap();
    crate::tables::database::ready(dynoxide::actions::put_item::execute(&alone, request("a", "3")))
        .unwrap();
    drop(alone);
    std::fs::remove_dir_all(directory).unwrap();
}
