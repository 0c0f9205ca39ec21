//! The records of one worker, for this crate's tests.
//!
//! They are read from a file's text, so that a key which is added to a record, and
//! which not every file has, changes no test.

use crate::session::Session;
use model::{Record, Ticket};
use store::yaml::Document;

const TICKET: &str = r#"format: 1
agent: app/polecats/toast
bead: gt-abc12
attempt: 1
nonce: k3x9
hash: ""
spawn: true
hook: ""
minted_at: 2026-01-15T10:00:00Z
minted_by: overseer
"#;

const SESSION: &str = r#"format: 1
agent: app/polecats/toast
bead: gt-abc12
attempt: 1
nonce: k3x9
process: b:7:9
runtime: claude
log: ""
started_at: 2026-01-15T10:00:00Z
"#;

/// The ticket of an attempt for which a worker may be started.
pub(crate) fn ticket() -> Ticket {
    read(TICKET)
}

/// The session of the same attempt, whose process is known.
pub(crate) fn session() -> Session {
    read(SESSION)
}

fn read<R: Record>(text: &str) -> R {
    Document::read(text).expect("it is the text of such a file")
}
