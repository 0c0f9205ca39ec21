//! What can go wrong with a store.

use crate::yaml::Flaw;
use model::{Class, Convoy, Fault, Record};
use rustix::io::Errno;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

const OWN_FILE: &str =
    "remove it, and `gt doctor` says what is missing: it is this clone's own, and unknown to git";

/// An error of the store. Every one names the path it is about.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be used.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A file is there and cannot be understood.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// No object of this ID.
    #[error("no {kind} found matching \"{}\"", what.escape_debug())]
    NotFound {
        /// What was looked for: "issue", "convoy".
        kind: &'static str,
        /// The name that was asked for.
        what: String,
        /// The closest name there is.
        similar: Option<String>,
    },
    /// More than one object fits a partial ID.
    #[error("\"{what}\" is ambiguous: it fits {}", candidates.join(", "))]
    Ambiguous {
        /// The partial ID.
        what: String,
        /// What it fits, at most ten.
        candidates: Vec<String>,
    },
    /// Somebody held a lock for too long.
    #[error("cannot lock {what}: {} holds it for more than {} s", holder.as_deref().unwrap_or("another process"), waited.as_secs())]
    Busy {
        /// What was to be locked.
        what: String,
        /// Who holds it, where that is known.
        holder: Option<String>,
        /// How long it was waited for.
        waited: Duration,
    },
    /// An ID that was to be new is taken.
    #[error("{0} exists already")]
    Exists(String),
    /// There is no store, or no repository.
    #[error(transparent)]
    NoStore(#[from] crate::locate::LocateError),
    /// A file would be larger than what is read back.
    #[error(
        "the {kind} would have {size} bytes, more than the {limit} that a file of a store may have"
    )]
    TooLarge {
        /// What was to be written.
        kind: &'static str,
        /// How large it would be.
        size: usize,
        /// How large it may be.
        limit: u64,
    },
    /// Writing was ruled out on the command line.
    #[error("the store is opened read-only")]
    ReadOnly,
}

/// A system call that failed on a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    verb: &'static str,
    path: PathBuf,
    errno: Option<Errno>,
    text: String,
}

impl PathError {
    /// `verb` completes "cannot …".
    pub fn new(verb: &'static str, path: &Path, errno: Errno) -> Self {
        let text = std::io::Error::from(errno).to_string();
        Self {
            verb,
            path: path.to_owned(),
            errno: Some(errno),
            text,
        }
    }

    /// The same from an error of the standard library.
    pub fn io(verb: &'static str, path: &Path, error: &std::io::Error) -> Self {
        let errno = error.raw_os_error().map(Errno::from_raw_os_error);
        Self {
            verb,
            path: path.to_owned(),
            errno,
            text: error.to_string(),
        }
    }

    /// Whether the machine is short of something, which passes.
    fn is_shortage(&self) -> bool {
        let of_files = matches!(self.errno, Some(Errno::MFILE | Errno::NFILE));
        let of_room = matches!(self.errno, Some(Errno::NOSPC | Errno::DQUOT));
        of_files || of_room || self.errno == Some(Errno::NOMEM)
    }

    /// As the problem of a file that is there; none where the machine is short
    /// of something, which is no file's fault and passes.
    fn of_file(&self) -> Option<Problem> {
        let remedy = self.hint().unwrap_or_else(|| {
            "mend what keeps it from being read, or restore it with `git checkout -- <file>`".into()
        });
        let what = format!("cannot be read: {}", self.text);
        (!self.is_shortage()).then(|| Problem::new(&self.path, what, remedy))
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cannot {} {}: {}",
            self.verb,
            self.path.display(),
            self.text
        )
    }
}

impl std::error::Error for PathError {}

/// A file that is there and cannot be understood. It is never skipped in
/// silence and never overwritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// The line, where it is known.
    pub line: Option<usize>,
    /// What is wrong, as a clause: "holds conflict markers".
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl Problem {
    /// A problem of a whole file.
    pub fn new(path: &Path, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line: None,
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// Whether it may be no more than a write under way. Conflict markers,
    /// newer formats and files that are too large are there to stay.
    pub(crate) fn may_pass(&self) -> bool {
        let lasting = [
            "conflict markers",
            "newer than",
            "bytes, more than",
            "symbolic link",
            "duplicate",
            "nests more",
        ];
        !lasting.iter().any(|what| self.what.contains(what))
    }

    pub(crate) fn from_flaw(path: &Path, flaw: Flaw) -> Self {
        let edit =
            "edit the file, or restore it with `git checkout -- <file>`; nothing was changed";
        Self {
            path: path.to_owned(),
            line: flaw.line,
            what: flaw.what,
            remedy: flaw.remedy.unwrap_or(edit).to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for Problem {}

impl Error {
    pub(crate) fn link(path: PathBuf) -> Self {
        Problem::new(
            &path,
            "is a symbolic link or no folder, which a store must not hold",
            "replace it by a real folder or file; links in a store are never followed",
        )
        .into()
    }

    /// Whether the machine is short of something: room on the disk, memory, files
    /// that may be open.
    pub fn is_shortage(&self) -> bool {
        matches!(self, Self::Path(error) if error.is_shortage())
    }

    /// The same of a file in the clone's own folder, which git does not know.
    pub(crate) fn of_own_file(self) -> Self {
        match self {
            Self::Problem(problem) => Self::Problem(Problem {
                remedy: OWN_FILE.to_owned(),
                ..problem
            }),
            other => other,
        }
    }

    /// As the problem of one file or folder, beside which others may be good; or
    /// the error, where it is not about one.
    pub fn of_file(self) -> Result<Problem, Self> {
        match self {
            Self::Problem(problem) => Ok(problem),
            Self::Path(error) => error.of_file().ok_or(Self::Path(error)),
            other => Err(other),
        }
    }
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Path(_) => Class::Environment,
            Self::Problem(_) => Class::Damaged,
            Self::NotFound { .. } => Class::NotFound,
            Self::Ambiguous { .. } | Self::TooLarge { .. } => Class::Usage,
            Self::Busy { .. } => Class::Busy,
            Self::Exists(_) | Self::ReadOnly => Class::Refused,
            Self::NoStore(error) => error.class(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Path(error) => error.hint(),
            Self::Problem(problem) => Some(problem.remedy.clone()),
            Self::NotFound { similar, .. } => {
                similar.as_ref().map(|name| format!("did you mean {name}?"))
            }
            Self::Ambiguous { .. } => Some("write the whole ID".to_owned()),
            Self::Busy { .. } => {
                Some("try again; a lock is free as soon as its process ends".to_owned())
            }
            Self::TooLarge {
                kind: Convoy::KIND, ..
            } => Some("make several convoys of it".to_owned()),
            Self::TooLarge { .. } => {
                Some("put the bulk into a file of the repository and name it here".to_owned())
            }
            Self::ReadOnly => Some("leave out --readonly to write".to_owned()),
            Self::Exists(_) => None,
            Self::NoStore(error) => error.hint(),
        }
    }
}

impl PathError {
    pub(crate) fn hint(&self) -> Option<String> {
        let hint = match self.errno? {
            Errno::NOSPC | Errno::DQUOT => {
                "the disk is full: free some space and repeat; nothing was half written"
            }
            Errno::ROFS => "the file system is mounted read-only",
            Errno::PERM | Errno::ACCESS => {
                "check the permissions and attributes (`ls -ld`, `lsattr -d`) of the file and its folder"
            }
            Errno::MFILE | Errno::NFILE => "too many files are open: raise the limit (`ulimit -n`)",
            Errno::IO => {
                "the disk reports an error: check the kernel's log; nothing was half written"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortage_is_no_files_fault() {
        let of =
            |errno| Error::from(PathError::new("read", Path::new("one.yaml"), errno)).of_file();
        for errno in [Errno::ACCESS, Errno::IO, Errno::NAMETOOLONG] {
            let problem = of(errno).unwrap();
            assert_eq!(problem.path, Path::new("one.yaml"));
            assert!(problem.what.starts_with("cannot be read: "), "{problem}");
        }
        for errno in [Errno::MFILE, Errno::NFILE, Errno::NOMEM] {
            assert!(matches!(of(errno), Err(Error::Path(_))), "{errno}");
        }
        assert!(Error::ReadOnly.of_file().is_err());
    }
}
