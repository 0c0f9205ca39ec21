//! `gt mail`: messages between agents and people.

use super::report;
use clap::{Args, Subcommand};
use cli::views::MailView;
use cli::{CommandError, ExitStatus, Shell, input};
use model::{Address, Priority};
use std::path::{Path, PathBuf};
use store::mailbox::Letter;
use town::{Town, mail};

pub(super) mod check;
mod inbox;
use super::hook_call::HookCall;
use inbox::{InboxEntry, InboxView};

/// Send and read messages
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Send a message
    Send(Send),
    /// List the messages that are not read yet
    Inbox(Inbox),
    /// Show a message and mark it as read
    Read(Read),
    Check(check::Check),
}

#[derive(Args)]
struct Send {
    /// The receiver: mayor, overseer, deacon, <rig>/<name>, …
    #[arg(value_name = "TO")]
    to: Address,
    /// Read the body from standard input
    #[arg(value_name = "-", value_parser = ["-"], conflicts_with_all = ["message", "file"])]
    stdin: Option<String>,
    /// What it is about, on one line
    #[arg(short, long)]
    subject: String,
    /// What it says
    #[arg(short, long, visible_alias = "body", conflicts_with = "file")]
    message: Option<String>,
    /// A file that holds what it says; `-` is standard input
    #[arg(short, long)]
    file: Option<PathBuf>,
    /// How urgent it is: 0 to 4, or critical, high, medium, low
    #[arg(short, long, default_value = "2")]
    priority: Priority,
    /// The message of your inbox that this one answers: its ID or number
    #[arg(long, value_name = "ID")]
    reply_to: Option<String>,
}

#[derive(Args)]
struct Inbox {
    /// Whose inbox; your own if none is named
    #[arg(value_name = "ADDRESS")]
    owner: Option<Address>,
    /// List what was read, too
    #[arg(short, long)]
    all: bool,
}

#[derive(Args)]
struct Read {
    /// The message's ID, the beginning of it, or its number; else the oldest unread one
    #[arg(value_name = "ID")]
    id: Option<String>,
}

impl Arguments {
    /// The call of a runtime, if it is one.
    pub(crate) fn hook_call(&self) -> Option<HookCall> {
        match &self.command {
            Command::Check(check) => check.hook_call(),
            _ => None,
        }
    }
}

pub(crate) fn run(
    arguments: &Arguments,
    town: &Town,
    shell: &Shell,
) -> Result<ExitStatus, CommandError> {
    match &arguments.command {
        Command::Send(send) => send.run(town, shell),
        Command::Inbox(inbox) => inbox.run(town, shell),
        Command::Read(read) => read.run(town, shell),
        Command::Check(check) => check.run(town, shell),
    }
}

impl Send {
    fn run(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        let draft = mail::Draft {
            to: self.to.clone(),
            subject: self.subject.clone(),
            body: self.body()?,
            priority: self.priority,
            reply_to: self.reply_to.clone(),
        };
        let sent = mail::send(town, &draft)?;
        let line = format!("Sent {} to {}", sent.id, sent.mail.to);
        shell.answer(&view(town, &sent), &line);
        Ok(ExitStatus::OK)
    }

    fn body(&self) -> Result<Option<String>, CommandError> {
        let file = self
            .file
            .as_deref()
            .or(self.stdin.as_deref().map(Path::new));
        match (&self.message, file) {
            (Some(text), _) if text != "-" => Ok(Some(text.clone())),
            (Some(_), _) => Ok(Some(input::read_text(Path::new("-"))?)),
            (None, Some(path)) => Ok(Some(input::read_text(path)?)),
            (None, None) => Ok(None),
        }
    }
}

impl Inbox {
    fn run(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        let owner = match &self.owner {
            Some(owner) => owner.clone(),
            None => mail::owner(town)?,
        };
        let inbox = mail::inbox(town, &owner, self.all)?;
        let entries = inbox.letters.iter().map(|it| InboxEntry {
            number: it.number,
            mail: view(town, &it.letter),
        });
        shell.show(&InboxView(entries.collect()));
        Ok(report(shell, &inbox.problems))
    }
}

impl Read {
    fn run(&self, town: &Town, shell: &Shell) -> Result<ExitStatus, CommandError> {
        let letter = mail::read(town, self.id.as_deref())?;
        shell.show(&view(town, &letter));
        Ok(ExitStatus::OK)
    }
}

fn view(town: &Town, letter: &Letter) -> MailView {
    MailView::new(letter.id.as_str(), &letter.mail, town.now().timestamp())
        .marked(letter.read, letter.acknowledged)
}
