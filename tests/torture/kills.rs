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

sweeps! {
    create, torture_create: CREATE;
    close, torture_close: CLOSE;
    sling, torture_sling: SLING;
    spawn, torture_spawn: SPAWN;
    hook, torture_hook: HOOK;
    release, torture_release: RELEASE;
    move_by_force, torture_move: MOVE;
    done, torture_done: DONE;
    done_no_mr, torture_done_no_mr: DONE_NO_MR;
    defer, torture_defer: DEFER;
    escalate, torture_escalate: ESCALATE;
    phase, torture_phase: PHASE;
}
