//! Every operation, killed at its system calls.

use testkit::killat::{Fault, Points};

use super::operations::*;
use super::{SAMPLE, sweep};

/// Two tests for each: a sample for every day, and all points for those who ask.
macro_rules! sweeps {
    ($($name:ident, $whole:ident: $operation:ident;)*) => {$(
        #[test]
        fn $name() {
            println!("{}", sweep(Fault::Kill, SAMPLE, &$operation));
        }

        #[test]
        #[ignore = "visits every point"]
        fn $whole() {
            println!("{}", sweep(Fault::Kill, Points::All, &$operation));
        }
    )*};
}

every_operation!(sweeps);
