//! The flags that every command of both binaries takes.

use std::path::PathBuf;

/// Flags that may stand before or after any subcommand.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Act as this agent or person instead of the one the environment names
    #[arg(long, global = true, value_name = "NAME")]
    pub actor: Option<String>,

    /// Print JSON on standard output, and errors as JSON on standard error
    #[arg(long, global = true)]
    pub json: bool,

    /// Run as if started in this directory
    #[arg(short = 'C', global = true, value_name = "DIR")]
    pub directory: Option<PathBuf>,

    /// Use the store in this folder (a `.beads` folder) instead of looking for one
    #[arg(long = "db", alias = "dir", global = true, value_name = "DIR")]
    pub store: Option<PathBuf>,

    /// Print data and errors only
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Say more about what is done
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Refuse to write anything
    #[arg(long, global = true)]
    pub readonly: bool,
}

impl AsRef<GlobalArgs> for GlobalArgs {
    fn as_ref(&self) -> &GlobalArgs {
        self
    }
}
