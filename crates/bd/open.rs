//! What every command of both binaries stands on: the shell to show things
//! with, and the way to an open store.

use cli::shell::Mode;
use cli::{CommandError, GlobalArgs, Shell};
use store::Options;
use town::{Setup, Town};

/// One run of the program.
pub(crate) struct Context<'s> {
    /// The only thing that prints.
    pub(crate) shell: &'s Shell,
    /// What is known before a store is opened.
    pub(crate) setup: Setup,
}

impl<'s> Context<'s> {
    /// Reads the flags and the environment; opens nothing yet.
    pub(crate) fn new(global: &GlobalArgs, shell: &'s Shell) -> Result<Self, CommandError> {
        let here = std::env::current_dir().map_err(|error| {
            CommandError::environment(format!("cannot tell the current directory: {error}"))
        })?;
        let cwd = global
            .directory
            .as_ref()
            .map_or_else(|| here.clone(), |directory| here.join(directory));
        if !store::look::is_folder(&cwd).map_err(store::Error::from)? {
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
        let warn = if global.json { warn_as_json } else { warn };
        Ok(Self {
            shell,
            setup: Setup {
                cwd,
                store: global.store.clone(),
                actor: global.actor.clone(),
                options,
                warn,
                env: std::env::vars_os().collect(),
            },
        })
    }

    /// Opens the store that all this leads to.
    pub(crate) fn town(&self) -> Result<Town, CommandError> {
        Ok(Town::open(self.setup.clone())?)
    }
}

/// Says for whom a command waits.
fn announce(text: &str) {
    Shell::of_process(Mode::default()).status(text);
}

/// Says what is wrong besides what was asked for.
fn warn(text: &str) {
    Shell::of_process(Mode::default()).warn(text);
}

fn warn_as_json(text: &str) {
    let mode = Mode {
        json: true,
        ..Mode::default()
    };
    Shell::of_process(mode).warn(text);
}
