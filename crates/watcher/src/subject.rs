//! What a path that changed is about. Pure.

use model::{Address, Id};
use std::path::{Path, PathBuf};
use store::layout;
use store::tree::is_temporary;

/// The folders that are watched.
#[derive(Debug, Clone)]
pub(crate) struct Roots {
    /// `.beads`
    pub(crate) tracked: PathBuf,
    /// The clone's own folder.
    pub(crate) private: PathBuf,
}

/// What has to be looked at anew.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// One bead.
    Bead(Id),
    /// Hook, ticket, session and trouble of one agent.
    Agent(Address),
    /// One convoy.
    Convoy(Id),
    /// The store's configuration.
    Config,
    /// Which commands were approved in this clone.
    Trust,
    /// Anything: a folder came or went.
    Everything,
}

/// What a path is about; none where it is of no interest.
pub(crate) fn of(roots: &Roots, path: &Path) -> Option<Subject> {
    if let Ok(below) = path.strip_prefix(&roots.tracked) {
        return tracked(below.to_str()?);
    }
    private(path.strip_prefix(&roots.private).ok()?.to_str()?)
}

fn tracked(path: &str) -> Option<Subject> {
    let (folder, rest) = path.split_once('/').unwrap_or((path, ""));
    match folder {
        "" => Some(Subject::Everything),
        layout::CONFIG => Some(Subject::Config),
        layout::BEADS => named(rest).map_or_else(|| folder_of(rest), |id| id.map(Subject::Bead)),
        layout::CONVOYS => {
            named(rest).map_or_else(|| folder_of(rest), |id| id.map(Subject::Convoy))
        }
        layout::HOOKS => agent(rest),
        _ => None,
    }
}

fn private(path: &str) -> Option<Subject> {
    let (folder, rest) = path.split_once('/').unwrap_or((path, ""));
    match folder {
        "" => Some(Subject::Everything),
        town::trust::FILE => Some(Subject::Trust),
        layout::TICKETS | town::session::FOLDER | town::supervision::FOLDER => agent(rest),
        _ => None,
    }
}

/// The ID of a file's name: none if it is no file of ours, some of none if it
/// is of no interest.
fn named(path: &str) -> Option<Option<Id>> {
    let name = path.rsplit('/').next()?;
    if is_temporary(name) || name.starts_with('.') {
        return Some(None);
    }
    Some(Id::parse(name.strip_suffix(".yaml")?).ok())
}

fn agent(path: &str) -> Option<Subject> {
    let name = path.rsplit('/').next()?;
    if is_temporary(name) {
        return None;
    }
    match path.strip_suffix(".yaml") {
        Some(address) => Address::parse(address).ok().map(Subject::Agent),
        None => folder_of(path),
    }
}

/// What is no file of ours is a folder, or something that a person left there.
fn folder_of(path: &str) -> Option<Subject> {
    (!path.contains('.')).then_some(Subject::Everything)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_what_they_are_about() {
        let roots = Roots {
            tracked: "/r/.beads".into(),
            private: "/r/.git/plaintown".into(),
        };
        let bead = |id: &str| Some(Subject::Bead(Id::parse(id).unwrap()));
        let toast = Some(Subject::Agent(
            Address::parse("app/polecats/toast").unwrap(),
        ));
        let convoy = Some(Subject::Convoy(Id::parse("hq-cv-7x2k9").unwrap()));
        let everything = Some(Subject::Everything);
        let table = [
            ("/r/.beads", everything.clone()),
            ("/r/.beads/beads", everything.clone()),
            ("/r/.beads/beads/a", everything.clone()),
            ("/r/.beads/beads/a/gt-abc12.yaml", bead("gt-abc12")),
            (
                "/r/.beads/beads/a/gt-mr-abc12.2.yaml",
                bead("gt-mr-abc12.2"),
            ),
            ("/r/.beads/beads/a/.gt-abc12.k3.tmp", None),
            ("/r/.beads/beads/a/.gt-abc12.yaml.swp", None),
            ("/r/.beads/beads/a/../x.yaml", None),
            ("/r/.beads/hooks/app", everything.clone()),
            ("/r/.beads/hooks/app/polecats/toast.yaml", toast.clone()),
            ("/r/.beads/hooks/app/polecats/.toast.k3.tmp", None),
            ("/r/.beads/convoys/hq-cv-7x2k9.yaml", convoy),
            ("/r/.beads/config.yaml", Some(Subject::Config)),
            ("/r/.beads/mail/mayor/x.yaml", None),
            (
                "/r/.git/plaintown/tickets/app/polecats/toast.yaml",
                toast.clone(),
            ),
            (
                "/r/.git/plaintown/sessions/app/polecats/toast.yaml",
                toast.clone(),
            ),
            (
                "/r/.git/plaintown/supervision/app/polecats/toast.yaml",
                toast,
            ),
            ("/r/.git/plaintown/trust.yaml", Some(Subject::Trust)),
            ("/r/.git/plaintown/locks/bead-00.lock", None),
            ("/r/.git/plaintown/tickets/app", everything),
            ("/elsewhere", None),
        ];
        for (path, expected) in table {
            assert_eq!(of(&roots, Path::new(path)), expected, "{path}");
        }
    }
}
