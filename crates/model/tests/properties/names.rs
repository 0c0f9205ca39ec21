//! Identifiers and addresses: what is accepted comes back as it was, and is
//! safe as a path.

use crate::{arbitrary, config};
use model::{Address, Id};
use proptest::prelude::*;

/// Texts that come close to a name, and texts that do not.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9A-Z_.-]{0,14}",
        "[a-z]{1,3}-[a-z0-9_./\\\\\u{0}\u{7f}~ -]{0,10}",
        "[a-z.]{1,3}/(polecats/|crew/|dogs/)?[a-z0-9./ \u{0}_-]{0,6}",
        "(deacon|gastown|mayor)/(dogs|polecats|crew)/[^a]{0,4}",
        any::<String>(),
    ]
}

fn is_safe_component(part: &str) -> bool {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !part.is_empty()
        && part.len() <= 200
        && !part.starts_with(['-', '.'])
        && !part.contains("..")
        && part.chars().all(is_safe)
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn an_accepted_id_is_a_safe_file_name(text in text()) {
        if let Ok(id) = Id::parse(&text) {
            prop_assert_eq!(id.to_string(), text);
            prop_assert!(is_safe_component(id.as_str()), "{id}");
        }
    }

    #[test]
    fn an_accepted_address_is_a_safe_path(text in text()) {
        if let Ok(address) = Address::parse(&text) {
            let long = address.to_string();
            prop_assert_eq!(Address::parse(&long), Ok(address));
            prop_assert!(long.split('/').all(is_safe_component), "{long}");
            prop_assert!(!long.contains('.'), "{long}");
        }
    }

    #[test]
    fn addresses_round_trip(address in arbitrary::address()) {
        prop_assert_eq!(Address::parse(&address.to_string()), Ok(address));
    }

    #[test]
    fn the_parts_of_an_id_make_it_up(id in arbitrary::id()) {
        prop_assert_eq!(Id::parse(id.as_str()), Ok(id.clone()));
        prop_assert_eq!(format!("{}-{}", id.prefix(), id.tail()), id.to_string());
        prop_assert!(id.tail().starts_with(id.suffix()));
        prop_assert!(id.has_prefix(id.prefix()));
        prop_assert!(model::id::shards().any(|shard| shard == id.shard()));
    }

    #[test]
    fn what_is_derived_from_an_id_is_an_id(id in arbitrary::id(), attempt in any::<u32>()) {
        let request = id.merge_request(attempt);
        prop_assert_eq!(Id::parse(request.as_str()), Ok(request.clone()));
        prop_assert!(request.has_prefix(id.prefix()));
        if let Ok(child) = id.child("k3x") {
            prop_assert_eq!(child.root(), id.root());
            prop_assert_eq!(Id::parse(child.as_str()), Ok(child.clone()));
        }
    }

    #[test]
    fn also_from_the_longest(length in 100usize..=116, attempt in any::<u32>()) {
        let id = Id::parse(&format!("gt-{}", "a".repeat(length))).expect("120 bytes are allowed");
        let request = id.merge_request(attempt);
        prop_assert_eq!(Id::parse(request.as_str()), Ok(request.clone()));
    }
}
