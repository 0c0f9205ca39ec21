//! Names for polecats: short words that a person can say and type.
//!
//! Choosing is pure. This module never looks at what runs; the caller says
//! which names are taken.

use std::collections::BTreeSet;

/// Every name in the order in which they are handed out.
pub const POOL: &[&str] = &[
    "toast", "acorn", "almond", "biscuit", "butter", "crumb", "garlic", "muffin", "pretzel",
    "amber", "anchor", "apple", "arrow", "aspen", "badger", "banjo", "basil", "beacon", "birch",
    "bison", "bolt", "bramble", "breeze", "bronze", "cactus", "camel", "candle", "canyon", "cedar",
    "cherry", "clover", "cobalt", "comet", "copper", "coral", "cosmos", "cricket", "crimson",
    "daisy", "dingo", "dune", "eagle", "ember", "falcon", "fennel", "fern", "ferret", "finch",
    "flint", "fox", "gecko", "ginger", "granite", "gravel", "hazel", "heron", "holly", "honey",
    "indigo", "iris", "ivory", "ivy", "jackal", "jade", "jasper", "juniper", "kestrel", "kiwi",
    "lark", "laurel", "lemon", "lentil", "lilac", "linden", "lotus", "lynx", "magnet", "mango",
    "maple", "marble", "marten", "meadow", "mint", "moss", "nettle", "nickel", "nutmeg", "oak",
    "ocelot", "olive", "onyx", "opal", "orchid", "otter", "pebble", "pepper", "pine", "plum",
    "poppy", "quail", "quartz", "quince", "raven", "reed", "ridge", "robin", "rowan", "ruby",
    "saffron", "sage", "scout", "slate", "sorrel", "spark", "sparrow", "spruce", "summit", "swift",
    "tansy", "thistle", "thyme", "timber", "topaz", "tulip", "umber", "violet", "walnut", "willow",
    "wren", "yarrow", "zephyr", "zinnia",
];

/// The first free name of the pool, counted from position `from` (which wraps
/// round, so any number is a seed); once all are taken `toast2`, `toast3`, …
///
/// Clones that start at different positions rarely pick the same name.
#[must_use]
pub fn pick(taken: &BTreeSet<String>, from: usize) -> String {
    let start = from % POOL.len();
    let pooled = POOL[start..]
        .iter()
        .chain(&POOL[..start])
        .map(ToString::to_string);
    let numbered = (2u64..).map(|n| format!("{}{n}", POOL[0]));
    pooled
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .expect("the numbered names never end")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESERVED: &[&str] = &[
        "mayor", "overseer", "deacon", "dogs", "polecats", "crew", "refinery", "witness",
    ];

    fn all() -> BTreeSet<String> {
        POOL.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_pool_is_large_distinct_and_plain() {
        assert!(POOL.len() >= 100);
        assert_eq!(all().len(), POOL.len(), "a name occurs twice");
        for name in POOL {
            assert!((3..=10).contains(&name.len()), "{name}");
            assert!(name.bytes().all(|b| b.is_ascii_lowercase()), "{name}");
            assert!(!RESERVED.contains(name), "{name} is reserved");
        }
    }

    #[test]
    fn the_first_free_name_is_picked_in_pool_order() {
        let mut taken = BTreeSet::new();
        assert_eq!(pick(&taken, 0), POOL[0]);
        taken.insert(POOL[0].to_string());
        assert_eq!(pick(&taken, 0), POOL[1]);
    }

    #[test]
    fn a_seed_moves_the_start_and_the_pool_wraps() {
        let last = POOL.len() - 1;
        assert_eq!(pick(&BTreeSet::new(), last), POOL[last]);
        assert_eq!(pick(&BTreeSet::new(), POOL.len() + 3), POOL[3]);
        let taken = BTreeSet::from([POOL[last].to_string()]);
        assert_eq!(pick(&taken, last), POOL[0]);
        assert_eq!(pick(&taken, usize::MAX), POOL[usize::MAX % POOL.len()]);
    }

    #[test]
    fn a_pool_that_is_used_up_counts_on() {
        let mut taken = all();
        assert_eq!(pick(&taken, 17), "toast2");
        taken.insert("toast2".into());
        assert_eq!(pick(&taken, 0), "toast3");
    }
}
