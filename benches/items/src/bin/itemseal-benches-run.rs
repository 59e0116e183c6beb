//! Does a row's work so many times, for a tool that watches: `itemseal-benches-run "typical HMAC encrypt" 100`.

use itemseal_benches::case::Case;
use itemseal_benches::items;
use itemseal_benches::ours::Ours;

fn main() -> Result<(), String> {
    let mut given = std::env::args().skip(1);
    let (Some(name), Some(count)) = (given.next(), given.next()) else {
        return Err("give the name of a row and how many times".to_owned());
    };
    let count = count.parse().map_err(|_| "how many times is a number")?;
    let mut cases = Case::all(&items::samples()).into_iter();
    let case = cases.find(|case| case.name() == name).ok_or("there is no such row")?;
    let ours = Ours::new(&case).map_err(|error| error.to_string())?;
    ours.time(count).map(drop).map_err(|error| error.to_string())
}
