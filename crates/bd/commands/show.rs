//! `bd show`

use crate::answer::newest_comment;
use crate::open::Context;
use crate::picture::{Loaded, Picture, counted, report};
use cli::views::{BeadView, CommentView, Counts, LinkedView, ShowListView, ShowView};
use cli::{CommandError, ExitStatus};
use model::{Bead, DependencyType, Id};
use store::Problem;
use town::Town;

/// Show issues with everything around them
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Issues; the beginning of an ID will do
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    /// Do not look for what depends on them, which needs the whole store
    #[arg(long)]
    no_dependents: bool,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context<'_>) -> Result<ExitStatus, CommandError> {
        let town = context.town()?;
        let loaded = match self.no_dependents {
            true => None,
            false => Some(Loaded::read(&town)?),
        };
        let mut viewer = Viewer {
            town: &town,
            picture: loaded.as_ref().map(Loaded::picture),
            problems: Vec::new(),
        };
        let mut views = Vec::new();
        let mut failure: Option<CommandError> = None;
        for text in &self.ids {
            match viewer.show(text) {
                Ok(view) => views.push(view),
                Err(error) => {
                    if let Some(earlier) = failure.replace(error) {
                        context.shell.error(&earlier);
                    }
                }
            }
        }
        let mut problems = viewer.problems;
        if !views.is_empty() || failure.is_none() {
            context.shell.show(&ShowListView(views));
        }
        problems.extend(loaded.iter().flat_map(Loaded::problems).cloned());
        let status = report(context.shell, &problems);
        failure.map_or(Ok(status), Err)
    }
}

struct Viewer<'a> {
    town: &'a Town,
    picture: Option<Picture<'a>>,
    problems: Vec<Problem>,
}

impl Viewer<'_> {
    fn show(&mut self, text: &str) -> Result<ShowView, CommandError> {
        let id = self.town.store.resolve_partial(text)?;
        let bead = self.town.store.bead(&id)?;
        let (filed, problems) = self.town.store.comments(&id)?;
        self.problems.extend(problems);
        let comments: Vec<CommentView> = filed
            .iter()
            .map(|it| CommentView::new(&it.id, &it.comment))
            .collect();
        let mut view = self.view(&bead)?;
        view.comment_count = comments.len();
        let dependencies = self.dependencies(&bead)?;
        Ok(ShowView::new(
            view,
            dependencies,
            self.dependents(&id),
            comments,
        ))
    }

    fn view(&self, bead: &Bead) -> Result<BeadView, CommandError> {
        if let Some(picture) = &self.picture {
            return Ok(picture.view(self.town, bead));
        }
        let newest = newest_comment(self.town, &bead.id)?;
        let updated = self.town.store.updated_at(bead, newest);
        Ok(counted(BeadView::new(bead, Counts::default(), &updated)))
    }

    fn dependencies(&mut self, bead: &Bead) -> Result<Vec<LinkedView>, CommandError> {
        let mut views = Vec::new();
        for edge in town::dependency::of(bead) {
            match self.town.store.read::<Bead>(&edge.id) {
                Ok(Some(target)) => {
                    views.push(LinkedView::new(self.view(&target)?, edge.kind.to_string()));
                }
                Ok(None) => {}
                Err(store::Error::Problem(problem)) => self.problems.push(problem),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(views)
    }

    fn dependents(&self, id: &Id) -> Vec<LinkedView> {
        let Some(picture) = &self.picture else {
            return Vec::new();
        };
        let linked = |(bead, kind): (&Bead, &DependencyType)| {
            LinkedView::new(picture.view(self.town, bead), kind.to_string())
        };
        picture
            .graph
            .dependents(id)
            .into_iter()
            .map(linked)
            .collect()
    }
}
