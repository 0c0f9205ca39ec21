//! Comments: files of their own, so that adding one takes no lock and two
//! never conflict.

use crate::error::{Error, Problem};
use crate::layout;
use crate::store::Store;
use crate::tree::{Dir, is_temporary};
use crate::yaml::Document;
use model::{Bead, Comment, Id, Record, Time};
use std::collections::HashMap;
use std::time::Instant;

/// A comment with its own ID.
#[derive(Debug, Clone, PartialEq)]
pub struct Filed {
    /// Sorts by time: `20260115T104200Z-k3x9`.
    pub id: String,
    /// What it says.
    pub comment: Comment,
}

/// How many comments each bead has, and the newest.
#[derive(Debug, Default)]
pub struct CommentIndex(HashMap<String, (usize, String)>);

impl CommentIndex {
    /// How many comments a bead has.
    pub fn count(&self, bead: &Id) -> usize {
        self.0.get(bead.as_str()).map_or(0, |(count, _)| *count)
    }

    /// When the newest one was written.
    pub fn newest(&self, bead: &Id) -> Option<Time> {
        self.0
            .get(bead.as_str())
            .and_then(|(_, newest)| time_of(newest))
    }
}

impl Store {
    /// Files a comment durably. `word` is random and tells two of the same
    /// second apart.
    pub fn add_comment(&self, comment: &Comment, word: &str) -> Result<String, Error> {
        if self.options().readonly {
            return Err(Error::ReadOnly);
        }
        let dir = self
            .tracked()
            .make_dir(&layout::comments_folder(&comment.bead))?;
        let text = Document::render(comment);
        self.check_size(Comment::KIND, &text)?;
        for attempt in 0.. {
            let suffix = if attempt == 0 {
                String::new()
            } else {
                format!("{attempt}")
            };
            let id = format!("{}-{word}{suffix}", comment.created_at.compact());
            if dir.create(&format!("{}.{id}.yaml", comment.bead), text.as_bytes())? {
                return Ok(id);
            }
        }
        unreachable!("some number is free")
    }

    /// The comments on a bead, oldest first, and files that could not be read.
    pub fn comments(&self, bead: &Id) -> Result<(Vec<Filed>, Vec<Problem>), Error> {
        let mut comments = Vec::new();
        let mut problems = Vec::new();
        let Some(dir) = self.tracked().dir(&layout::comments_folder(bead))? else {
            return Ok((comments, problems));
        };
        let since = Instant::now();
        for name in dir.names()? {
            let Some((_, id)) = split_name(&name).filter(|(owner, _)| *owner == bead.as_str())
            else {
                continue;
            };
            match self.read_comment(&dir, &name, since) {
                Ok(comment) => comments.extend(comment.map(|comment| Filed {
                    id: id.to_owned(),
                    comment,
                })),
                Err(Error::Problem(problem)) => problems.push(problem),
                Err(error) => return Err(error),
            }
        }
        comments
            .sort_by(|a, b| (&a.comment.created_at, &a.id).cmp(&(&b.comment.created_at, &b.id)));
        Ok((comments, problems))
    }

    /// Reads the comment in a file, which has to be about the bead that the
    /// file's name says.
    pub(crate) fn read_comment(
        &self,
        dir: &Dir,
        name: &str,
        since: Instant,
    ) -> Result<Option<Comment>, Error> {
        let path = dir.path().join(name);
        let owner = split_name(name).and_then(|(owner, _)| Id::parse(owner).ok());
        let owner = owner.ok_or_else(|| {
            let what = "is no file of a comment: its name is no `<bead>.<time>-<word>.yaml`";
            Problem::new(&path, what, "rename or remove it")
        })?;
        let folder = layout::comments_folder(&owner);
        if !dir.path().ends_with(&folder) {
            let remedy = format!("move it to {folder}");
            return Err(Problem::new(&path, "lies in the wrong folder", remedy).into());
        }
        let comment: Option<Comment> = self.read_in(dir, name, since)?;
        match comment {
            Some(comment) if comment.bead != owner => Err(Problem::new(
                &path,
                format!(
                    "says it is about {}, but its name says {owner}",
                    comment.bead
                ),
                "rename the file, or correct what it says: neither is changed by itself",
            )
            .into()),
            comment => Ok(comment),
        }
    }

    /// Counts the comments of all beads by listing 36 folders.
    pub fn comment_index(&self) -> Result<CommentIndex, Error> {
        let mut index: HashMap<String, (usize, String)> = HashMap::new();
        for shard in model::id::shards() {
            let Some(dir) = self
                .tracked()
                .dir(&format!("{}/{shard}", layout::COMMENTS))?
            else {
                continue;
            };
            for name in dir.names()? {
                if let Some((bead, id)) = split_name(&name) {
                    let entry = index.entry(bead.to_owned()).or_default();
                    entry.0 += 1;
                    if *entry.1 < *id {
                        entry.1 = id.to_owned();
                    }
                }
            }
        }
        Ok(CommentIndex(index))
    }

    /// When a bead last changed, as far as its file and the names of its
    /// comments tell. An imported `updated_at` counts, a file's own time never.
    pub fn updated_at(&self, bead: &Bead, newest_comment: Option<Time>) -> Time {
        let imported = match bead.extra("updated_at") {
            Some(model::Value::Str(text)) => Time::parse(text).ok(),
            _ => None,
        };
        let newest = bead.newest_time().clone();
        [imported, newest_comment]
            .into_iter()
            .flatten()
            .fold(newest, Time::max)
    }
}

/// `(bead, id)` of `gt-abc12.20260115T104200Z-k3x9.yaml`.
fn split_name(name: &str) -> Option<(&str, &str)> {
    if is_temporary(name) {
        return None;
    }
    name.strip_suffix(".yaml")?.rsplit_once('.')
}

/// When a comment of this ID was written.
pub fn time_of(id: &str) -> Option<Time> {
    Time::parse_compact(id.split('-').next()?)
}
