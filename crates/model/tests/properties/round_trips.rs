//! A thing that was taken apart into the keys of its file is put together
//! again as it was, unknown keys included.

use crate::{arbitrary, config};
use model::{Bead, Fields, Record};
use proptest::prelude::*;
use std::collections::HashSet;
use std::fmt::Debug;

fn survives<T: Record + PartialEq + Debug>(thing: &T) -> Result<(), TestCaseError> {
    let fields = thing.fields();
    prop_assert_eq!(&fields[0].key, "format");
    let known = fields.iter().filter(|field| !field.key.starts_with("x_"));
    let mut keys = HashSet::new();
    for field in known {
        prop_assert!(keys.insert(field.key.clone()), "{} stands twice", field.key);
    }
    let entries = fields
        .into_iter()
        .map(|field| (field.key.into_owned(), field.value));
    let again = T::from_fields(Fields::new(entries.collect()));
    prop_assert_eq!(again.as_ref(), Ok(thing));
    Ok(())
}

fn known_keys(bead: &Bead) -> Vec<String> {
    let fields = bead
        .fields()
        .into_iter()
        .map(|field| field.key.into_owned());
    fields.filter(|key| !key.starts_with("x_")).collect()
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn bead(bead in arbitrary::bead()) {
        survives(&bead)?;
    }

    #[test]
    fn comment(comment in arbitrary::comment()) {
        survives(&comment)?;
    }

    #[test]
    fn hook(hook in arbitrary::hook()) {
        survives(&hook)?;
    }

    #[test]
    fn convoy(convoy in arbitrary::convoy()) {
        survives(&convoy)?;
    }

    #[test]
    fn mail(mail in arbitrary::mail()) {
        survives(&mail)?;
    }

    #[test]
    fn ticket(ticket in arbitrary::ticket()) {
        survives(&ticket)?;
    }

    #[test]
    fn rig_config(rig in arbitrary::rig_config()) {
        survives(&rig)?;
    }

    /// Keys that come and go would conflict in merges.
    #[test]
    fn every_bead_has_the_same_keys(mut a in arbitrary::bead(), mut b in arbitrary::bead()) {
        (a.merge_request, b.merge_request) = (None, None);
        prop_assert_eq!(known_keys(&a), known_keys(&b));
    }
}
