//! What holds of the model for any input, tried with generated ones.

extern crate plaintown_model as model;

mod arbitrary;
mod graph;
mod names;
mod reference;
mod round_trips;
mod speed;
mod states;

use proptest::prelude::ProptestConfig;

/// Cases per property. Failures print their smallest input; nothing is
/// written next to the sources.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}
