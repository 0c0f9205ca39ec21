//! The sample project and three pieces of work on it.
//!
//! Promises that each piece is a whole description: prose and the diff that does
//! it, tests included. The first two are independent; the third needs the second.
//! Never changes the project in the source tree.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// Something to make a bead of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// The bead's title.
    pub title: &'static str,
    /// The bead's description, which `scribe.sh` understands.
    pub description: &'static str,
    /// A file that tells by its text that the work is there, and that text.
    pub proof: (&'static str, &'static str),
}

/// Greets the world where there is no name.
pub const GREET: Work = Work {
    title: "Greet the world",
    description: include_str!("../../../examples/agents/work/greet.md"),
    proof: ("lib/greet.sh", "${1:-world}"),
};

/// Adds a function that trims blanks.
pub const TRIM: Work = Work {
    title: "Add trim",
    description: include_str!("../../../examples/agents/work/trim.md"),
    proof: ("lib/trim.sh", "trim()"),
};

/// Makes slugs without blanks at their ends; needs [`TRIM`] to have landed.
pub const SLUG: Work = Work {
    title: "Trim slugs",
    description: include_str!("../../../examples/agents/work/slug.md"),
    proof: ("lib/slug.sh", "trim \"$1\""),
};

/// All three, in an order in which they can be done.
pub const ALL: [Work; 3] = [GREET, TRIM, SLUG];

impl Work {
    /// Whether the work is in this tree.
    pub fn is_done_in(&self, tree: &Path) -> bool {
        let (file, text) = self.proof;
        fs::read_to_string(tree.join(file)).is_ok_and(|found| found.contains(text))
    }
}

/// Copies the sample project into an existing folder.
///
/// # Errors
/// If the folder cannot be written.
pub fn copy_project(folder: &Path) -> io::Result<()> {
    let project = root().join("fixtures/project");
    for found in WalkDir::new(&project).min_depth(1) {
        let found = found?;
        let inside = found
            .path()
            .strip_prefix(&project)
            .map_err(io::Error::other)?;
        let place = folder.join(inside);
        if found.file_type().is_dir() {
            fs::create_dir_all(place)?;
        } else {
            fs::copy(found.path(), place)?;
        }
    }
    Ok(())
}

/// The root of the source tree.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the crate stands two folders below the root")
        .to_owned()
}
