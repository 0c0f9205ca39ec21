//! From the global flags to an open store.

use cli::shell::Mode;
use cli::{CommandError, GlobalArgs, Shell};
use std::collections::BTreeMap;
use store::Options;
use town::{Setup, Town};

/// What a command knows before it opens anything.
pub(crate) struct Opener {
    setup: Setup,
}

impl Opener {
    /// Reads the flags and the environment; opens nothing yet.
    pub(crate) fn new(global: &GlobalArgs) -> Result<Self, CommandError> {
        let here = std::env::current_dir().map_err(|error| {
            CommandError::environment(format!("cannot tell the current directory: {error}"))
        })?;
        let cwd = match &global.directory {
            Some(directory) => here.join(directory),
            None => here,
        };
        if !cwd.is_dir() {
            let message = format!("{} is not a directory", cwd.display());
            return Err(CommandError::usage(message).with_hint("correct -C"));
        }
        let mut options = Options {
            readonly: global.readonly,
            ..Options::default()
        };
        if !global.quiet && !global.json {
            options.patience.announce = announce;
        }
        Ok(Self {
            setup: Setup {
                cwd,
                store: global.store.clone(),
                actor: global.actor.clone(),
                options,
                env: std::env::vars_os().collect::<BTreeMap<_, _>>(),
            },
        })
    }

    /// The store that all this leads to.
    pub(crate) fn town(self) -> Result<Town, CommandError> {
        Ok(Town::open(self.setup)?)
    }
}

/// Says for whom a command waits.
fn announce(text: &str) {
    Shell::of_process(Mode::default()).status(text);
}
