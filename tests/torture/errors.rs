//! Every operation, with system calls on files that fail: a full disk, a broken one.

use testkit::killat::{Fault, Points};

use super::operations::*;
use super::{SAMPLE, sweep};

const ENOSPC: Fault = Fault::Error(28);
const EIO: Fault = Fault::Error(5);

macro_rules! sweeps {
    ($($name:ident, $whole:ident: $operation:ident with $fault:ident;)*) => {$(
        #[test]
        fn $name() {
            println!("{}", sweep($fault, SAMPLE, &$operation));
        }

        #[test]
        #[ignore = "visits every point"]
        fn $whole() {
            println!("{}", sweep(ENOSPC, Points::All, &$operation));
            println!("{}", sweep(EIO, Points::All, &$operation));
        }
    )*};
}

sweeps! {
    create, torture_create: CREATE with ENOSPC;
    close, torture_close: CLOSE with EIO;
    sling, torture_sling: SLING with ENOSPC;
    spawn, torture_spawn: SPAWN with EIO;
    hook, torture_hook: HOOK with ENOSPC;
    release, torture_release: RELEASE with EIO;
    move_by_force, torture_move: MOVE with ENOSPC;
    done, torture_done: DONE with EIO;
    done_no_mr, torture_done_no_mr: DONE_NO_MR with ENOSPC;
    defer, torture_defer: DEFER with EIO;
    escalate, torture_escalate: ESCALATE with ENOSPC;
    phase, torture_phase: PHASE with EIO;
    handoff, torture_handoff: HANDOFF with ENOSPC;
    handoff_own, torture_handoff_own: HANDOFF_OWN with EIO;
}
