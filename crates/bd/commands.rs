//! The subcommands: each reads its arguments, makes one call, shows one view.

mod blocked;
mod children;
mod close;
mod comment;
mod comments;
mod count;
mod create;
mod defer;
mod dep;
#[path = "../gt/commands/doctor.rs"]
mod doctor;
mod epic;
mod info;
mod init;
mod label;
mod list;
mod note;
mod quick;
mod ready;
mod reopen;
mod search;
mod show;
mod stats;
mod undefer;
mod update;
mod version;
mod r#where;

use crate::open::Context;
use cli::{CommandError, ExitStatus};

/// Every subcommand.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Init(init::Arguments),
    #[command(visible_alias = "new")]
    Create(create::Arguments),
    Q(quick::Arguments),
    #[command(visible_alias = "view")]
    Show(show::Arguments),
    List(list::Arguments),
    Ready(ready::Arguments),
    Update(update::Arguments),
    #[command(visible_alias = "done")]
    Close(close::Arguments),
    Reopen(reopen::Arguments),
    Dep(dep::Arguments),
    Doctor(doctor::Arguments),
    Label(label::Arguments),
    Comment(comment::Arguments),
    Comments(comments::Arguments),
    Note(note::Arguments),
    Search(search::Arguments),
    Blocked(blocked::Arguments),
    Count(count::Arguments),
    #[command(visible_alias = "status")]
    Stats(stats::Arguments),
    Epic(epic::Arguments),
    Children(children::Arguments),
    Defer(defer::Arguments),
    Undefer(undefer::Arguments),
    Where(r#where::Arguments),
    Info(info::Arguments),
    Version(version::Arguments),
}

impl Command {
    /// Runs the subcommand.
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        match self {
            Self::Init(it) => it.run(context),
            Self::Create(it) => it.run(context),
            Self::Q(it) => it.run(context),
            Self::Show(it) => it.run(context),
            Self::List(it) => it.run(context),
            Self::Ready(it) => it.run(context),
            Self::Update(it) => it.run(context),
            Self::Close(it) => it.run(context),
            Self::Reopen(it) => it.run(context),
            Self::Dep(it) => it.run(context),
            Self::Doctor(it) => doctor::run(it, &context.town()?, context.shell),
            Self::Label(it) => it.run(context),
            Self::Comment(it) => it.run(context),
            Self::Comments(it) => it.run(context),
            Self::Note(it) => it.run(context),
            Self::Search(it) => it.run(context),
            Self::Blocked(it) => it.run(context),
            Self::Count(it) => it.run(context),
            Self::Stats(it) => it.run(context),
            Self::Epic(it) => it.run(context),
            Self::Children(it) => it.run(context),
            Self::Defer(it) => it.run(context),
            Self::Undefer(it) => it.run(context),
            Self::Where(it) => it.run(context),
            Self::Info(it) => it.run(context),
            Self::Version(it) => it.run(context),
        }
    }
}
