//! What several commands do on the way in and on the way out.

use cli::views::{BeadView, CommentView, Counts};
use cli::{CommandError, ExitStatus, Shell};
use model::{Bead, Class, Graph, Id};
use store::comments::{CommentIndex, Filed};
use store::{Problem, Snapshot};
use town::Town;

/// The beads that the arguments name, each exactly.
pub(crate) fn resolve_all(town: &Town, beads: &[String]) -> Result<Vec<Id>, CommandError> {
    beads
        .iter()
        .map(|text| Ok(town.store.resolve_exact(text)?))
        .collect()
}

/// Warns of each file that could not be read, with its remedy. What could be
/// read was shown all the same, so the exit status says that it is not the
/// whole.
pub(crate) fn report(shell: &Shell, problems: &[Problem]) -> ExitStatus {
    for problem in problems {
        shell.warn(&format!("{problem}; {}", problem.remedy));
    }
    match problems {
        [] => ExitStatus::OK,
        _ => Class::Damaged.into(),
    }
}

/// All beads of a store, and the names of all comments.
pub(crate) struct Whole {
    pub(crate) snapshot: Snapshot,
    comments: CommentIndex,
}

impl Whole {
    pub(crate) fn read(town: &Town) -> Result<Self, CommandError> {
        Ok(Self {
            snapshot: town.store.load()?,
            comments: town.store.comment_index()?,
        })
    }

    pub(crate) fn graph(&self) -> Graph<'_> {
        Graph::new(&self.snapshot.beads)
    }
}

/// A bead among the others.
pub(crate) fn linked(town: &Town, whole: &Whole, graph: &Graph<'_>, bead: &Bead) -> BeadView {
    let counts = Counts {
        dependencies: town::dependency::of(bead).len(),
        dependents: graph.dependent_count(&bead.id),
        comments: whole.comments.count(&bead.id),
    };
    let newest = whole.comments.newest(&bead.id);
    BeadView::new(bead, counts, &town.store.updated_at(bead, newest))
}

/// What was said about a bead.
pub(crate) fn comments(
    town: &Town,
    id: &Id,
    problems: &mut Vec<Problem>,
) -> Result<Vec<CommentView>, CommandError> {
    let (filed, unreadable) = town.store.comments(id)?;
    problems.extend(unreadable);
    let view = |it: &Filed| CommentView::new(&it.id, &it.comment);
    Ok(filed.iter().map(view).collect())
}
