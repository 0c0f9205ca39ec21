//! Mail: messages to agents, in files that they read when they are ready.
//!
//! Sending is creating one file, so it takes no lock and never conflicts. An
//! inbox that holds a file nobody can read says so; it is never shown as empty.

use crate::Town;
use crate::error::Error;
use model::{Address, Mail, Priority};
use store::Problem;
use store::mailbox::Letter;
use store::yaml::Document;

/// The longest subject, in characters.
const SUBJECT_MAX: usize = 500;

/// A message that is not sent yet.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Who shall read it.
    pub to: Address,
    /// What it is about, on one line.
    pub subject: String,
    /// What it says.
    pub body: Option<String>,
    /// How urgent it is.
    pub priority: Priority,
    /// A message of the sender's own inbox that this one answers: its ID, the
    /// beginning of it, or its number.
    pub reply_to: Option<String>,
}

/// A message with its place in the inbox, from 1. Messages only ever arrive
/// at the end, so the number holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbered {
    /// The place.
    pub number: usize,
    /// The message.
    pub letter: Letter,
}

/// What is in an inbox, oldest first.
#[derive(Debug)]
pub struct Inbox {
    /// Whose it is.
    pub owner: Address,
    /// The messages.
    pub letters: Vec<Numbered>,
    /// Files that could not be read.
    pub problems: Vec<Problem>,
}

/// Sends a message in the actor's name.
pub fn send(town: &Town, draft: &Draft) -> Result<Letter, Error> {
    let thread = match &draft.reply_to {
        Some(text) => Some(thread_of(town, text)?),
        None => None,
    };
    let mail = Mail {
        from: town.actor.name().to_owned(),
        to: draft.to.clone(),
        subject: draft.subject.clone(),
        priority: draft.priority,
        created_at: town.now(),
        thread,
        body: draft.body.clone().filter(|body| !body.trim().is_empty()),
        extra: Vec::new(),
    };
    check(town, &mail)?;
    let id = town.store.send_mail(&mail, &town.word(4))?;
    Ok(Letter {
        id,
        read: false,
        acknowledged: false,
        mail,
    })
}

/// Tells somebody something in the actor's name; returns the message's ID.
pub fn notify(
    town: &Town,
    to: &Address,
    subject: &str,
    body: &str,
    priority: Priority,
) -> Result<String, Error> {
    let draft = Draft {
        to: to.clone(),
        subject: subject.to_owned(),
        body: Some(body.to_owned()),
        priority,
        reply_to: None,
    };
    Ok(send(town, &draft)?.id)
}

/// An inbox: what is unread, or all of it.
pub fn inbox(town: &Town, owner: &Address, all: bool) -> Result<Inbox, Error> {
    let (letters, problems) = town.store.inbox(owner)?;
    let letters = letters
        .into_iter()
        .enumerate()
        .map(|(at, letter)| Numbered {
            number: at + 1,
            letter,
        })
        .filter(|it| all || !it.letter.read)
        .collect();
    Ok(Inbox {
        owner: owner.clone(),
        letters,
        problems,
    })
}

/// How many messages are unread.
pub fn unread(town: &Town, owner: &Address) -> Result<usize, Error> {
    Ok(inbox(town, owner, false)?.letters.len())
}

/// Reads one message of the actor's own inbox and marks it as read: the one
/// of this ID, beginning of an ID, or number; else the oldest unread one.
pub fn read(town: &Town, which: Option<&str>) -> Result<Letter, Error> {
    let owner = owner(town)?;
    let inbox = inbox(town, &owner, true)?;
    let mut letter = match which {
        Some(text) => find(&inbox, text)?,
        None => oldest_unread(&inbox)?,
    };
    if !letter.read {
        town.store.mark_read(&owner, &letter.id)?;
        letter.read = true;
    }
    Ok(letter)
}

/// The actor's own address.
pub fn owner(town: &Town) -> Result<Address, Error> {
    town.actor.address().cloned().ok_or_else(|| {
        let name = town.actor.name().escape_debug();
        Error::usage(
            format!("`{name}` has no inbox: only an agent's address has one"),
            "name an address with --actor, such as mayor or <rig>/<name>",
        )
    })
}

fn oldest_unread(inbox: &Inbox) -> Result<Letter, Error> {
    let unread = inbox.letters.iter().find(|it| !it.letter.read);
    if let Some(it) = unread {
        return Ok(it.letter.clone());
    }
    // Unreadable is not the same as read.
    if let Some(problem) = inbox.problems.first() {
        return Err(problem.clone().into());
    }
    Err(Error::not_found(
        format!("{} has no unread mail", inbox.owner),
        "`gt mail inbox --all` lists what was read before",
    ))
}

fn find(inbox: &Inbox, text: &str) -> Result<Letter, Error> {
    let number = text.parse::<usize>().ok();
    let by_number = inbox.letters.iter().find(|it| Some(it.number) == number);
    if let Some(it) = by_number {
        return Ok(it.letter.clone());
    }
    let is_damaged = |problem: &&Problem| {
        let name = problem
            .path
            .file_stem()
            .map(std::ffi::OsStr::to_string_lossy);
        !text.is_empty() && name.is_some_and(|name| name.starts_with(text))
    };
    if let Some(problem) = inbox.problems.iter().find(is_damaged) {
        return Err(problem.clone().into());
    }
    let fits: Vec<&Letter> = inbox
        .letters
        .iter()
        .map(|it| &it.letter)
        .filter(|letter| !text.is_empty() && fits(&letter.id, text))
        .collect();
    match fits.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Error::not_found(
            format!("no mail found matching \"{}\"", text.escape_debug()),
            "`gt mail inbox --all` lists the messages with their numbers",
        )),
        many => Err(store::Error::Ambiguous {
            what: text.to_owned(),
            candidates: many.iter().take(10).map(|it| it.id.clone()).collect(),
        }
        .into()),
    }
}

/// The beginning of an ID, or its random word.
fn fits(id: &str, text: &str) -> bool {
    id.starts_with(text) || id.rsplit('-').next() == Some(text)
}

/// The first message of the conversation that a message belongs to.
fn thread_of(town: &Town, text: &str) -> Result<String, Error> {
    let letter = find(&inbox(town, &owner(town)?, true)?, text)?;
    Ok(letter.mail.thread.unwrap_or(letter.id))
}

fn check(town: &Town, mail: &Mail) -> Result<(), Error> {
    let subject = mail.subject.as_str();
    if subject.trim().is_empty() {
        return Err(Error::usage("subject is required", "give it with -s"));
    }
    if subject.chars().count() > SUBJECT_MAX || subject.contains(['\n', '\r']) {
        return Err(Error::usage(
            format!("subject must be one line of {SUBJECT_MAX} characters or less"),
            "put the rest into the body (-m, or -f FILE)",
        ));
    }
    if let Some(rig) = mail.to.rig().filter(|rig| *rig != town.rig()) {
        return Err(Error::not_found(
            format!("there is no rig {rig} here to deliver mail for {}", mail.to),
            format!("this store's rig is {}", town.rig()),
        ));
    }
    // What is too large to be read again must not be sent.
    let limit = town.store.options().file_limit;
    if Document::render(mail).len() as u64 > limit {
        return Err(Error::usage(
            format!("the message is too large: its file may have {limit} bytes"),
            "put what is large into a file of the repository and name it in the message",
        ));
    }
    Ok(())
}
