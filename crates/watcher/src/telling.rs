//! From what a look brought to what is told. Pure.

use crate::shelf::News;
use crate::world::Change;
use store::Problem;
use town::events::{Event, telling};

/// What is told of a change.
pub(crate) fn events(change: &Change) -> Vec<Event> {
    match change {
        Change::Bead(id, news) => of(news, |before, after| telling::bead(id, before, after)),
        Change::Hook(agent, news) => of(news, |before, after| telling::hook(agent, before, after)),
        Change::Session(agent, news) => {
            of(news, |before, after| telling::session(agent, before, after))
        }
        Change::Trouble(agent, news) => {
            of(news, |before, after| telling::trouble(agent, before, after))
        }
        Change::Convoy(id, news) => of(news, |before, after| telling::convoy(id, before, after)),
        Change::Ticket(_, News::Unreadable(it)) | Change::Folder(it) => vec![problem(it)],
        Change::Ticket(..) => Vec::new(),
    }
}

fn of<V>(news: &News<V>, told: impl Fn(Option<&V>, Option<&V>) -> Vec<Event>) -> Vec<Event> {
    match news {
        News::Changed { before, after } => told(before.as_ref(), after.as_ref()),
        News::Unreadable(it) => vec![problem(it)],
    }
}

fn problem(it: &Problem) -> Event {
    Event::Problem {
        what: it.to_string(),
        remedy: Some(it.remedy.clone()),
    }
}
