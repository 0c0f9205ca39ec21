//! The whole store as one command sees it: its beads, their graph, and how
//! many comments there are.

use cli::views::{BeadView, Counts};
use cli::{CommandError, ExitStatus, Shell};
use model::{Bead, Class, Context, Graph, Id, Time};
use std::collections::HashMap;
use store::comments::CommentIndex;
use store::{Problem, Snapshot};
use town::Town;

/// Everything that was read.
pub(crate) struct Loaded {
    snapshot: Snapshot,
    comments: CommentIndex,
    commented: HashMap<Id, Time>,
    now: Time,
}

/// What was read, with the edges between the beads.
pub(crate) struct Picture<'a> {
    loaded: &'a Loaded,
    /// The graph over all beads.
    pub(crate) graph: Graph<'a>,
}

impl Loaded {
    /// Reads all beads, and the names of all comments.
    pub(crate) fn read(town: &Town) -> Result<Self, CommandError> {
        let snapshot = town.store.load()?;
        let comments = town.store.comment_index()?;
        let newest = |bead: &Bead| Some((bead.id.clone(), comments.newest(&bead.id)?));
        Ok(Self {
            commented: snapshot.beads.iter().filter_map(newest).collect(),
            snapshot,
            comments,
            now: town.now(),
        })
    }

    /// The beads with their edges.
    pub(crate) fn picture(&self) -> Picture<'_> {
        Picture {
            loaded: self,
            graph: Graph::new(&self.snapshot.beads),
        }
    }

    /// Files that could not be read.
    pub(crate) fn problems(&self) -> &[Problem] {
        &self.snapshot.problems
    }
}

impl Picture<'_> {
    /// What filters and orders need besides the bead.
    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            graph: &self.graph,
            now: self.loaded.now.timestamp(),
            commented: Some(&self.loaded.commented),
        }
    }

    /// Files that could not be read.
    pub(crate) fn problems(&self) -> &[Problem] {
        self.loaded.problems()
    }

    /// One bead, as it is shown.
    pub(crate) fn view(&self, town: &Town, bead: &Bead) -> BeadView {
        let counts = Counts {
            dependencies: 0,
            dependents: self.graph.dependent_count(&bead.id),
            comments: self.loaded.comments.count(&bead.id),
        };
        let newest = self.loaded.commented.get(&bead.id).cloned();
        let updated = town.store.updated_at(bead, newest);
        counted(BeadView::new(bead, counts, &updated))
    }

    /// Several beads, as they are shown.
    pub(crate) fn views<'b>(
        &self,
        town: &Town,
        beads: impl IntoIterator<Item = &'b Bead>,
    ) -> Vec<BeadView> {
        beads
            .into_iter()
            .map(|bead| self.view(town, bead))
            .collect()
    }
}

/// The view with the number of dependencies that it shows.
pub(crate) fn counted(view: BeadView) -> BeadView {
    BeadView {
        dependency_count: view.dependencies.len(),
        ..view
    }
}

/// Tells each problem with its remedy. What could be read was shown all the
/// same; the exit status says that it is not the whole, because unreadable is
/// never the same as empty.
pub(crate) fn report(shell: &Shell, problems: &[Problem]) -> ExitStatus {
    for problem in problems {
        shell.warn(&format!("{problem}; {}", problem.remedy));
    }
    match problems {
        [] => ExitStatus::OK,
        _ => Class::Damaged.into(),
    }
}
