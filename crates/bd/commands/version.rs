//! `bd version`

use crate::open::Context;
use cli::{CommandError, ExitStatus};
use serde_json::json;

/// The version of the Beads command line that this one answers like. Programs
/// that drive `bd` read the first version they see and refuse an old one.
const INTERFACE: &str = "1.0.0";

/// Say which version this is
#[derive(clap::Args)]
pub(crate) struct Arguments {}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let own = env!("CARGO_PKG_VERSION");
        let view = json!({ "version": INTERFACE, "plaintown": own });
        let text = format!("bd version {INTERFACE} (Plaintown {own})");
        context.shell.answer(&view, &text);
        Ok(ExitStatus::OK)
    }
}
