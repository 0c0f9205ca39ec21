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
    unsling, torture_unsling: UNSLING;
    ask, torture_ask: ASK;
    acknowledge, torture_acknowledge: ACK;
    answer, torture_answer: ANSWER;
    resume, torture_resume: RESUME;
    accept, torture_accept: ACCEPT;
    mail_send, torture_mail_send: SEND;
    mail_read, torture_mail_read: READ;
    convoy_create, torture_convoy_create: CONVOY;
    convoy_add, torture_convoy_add: ADD;
    convoy_close, torture_convoy_close: END;
    merge, torture_merge: MERGE;
    handoff, torture_handoff: HANDOFF;
    handoff_own, torture_handoff_own: HANDOFF_OWN;
    relieve, torture_relieve: RELIEVE;
}
