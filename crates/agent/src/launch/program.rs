//! Finding a worker's program, in the worker's `PATH` and not the caller's.
//!
//! Entries of `PATH` that are not absolute are passed over: they would name
//! files of whatever repository the worker starts in.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use rustix::io::Errno;

use super::LaunchError;

pub(crate) fn find(name: &OsStr, env: &[(OsString, OsString)]) -> Result<PathBuf, LaunchError> {
    if name.is_empty() {
        return Err(LaunchError::NoProgram);
    }
    if !name.as_bytes().contains(&b'/') {
        return search(name, env);
    }
    let path = PathBuf::from(name);
    if !path.is_absolute() {
        return Err(LaunchError::RelativeProgram { program: path });
    }
    match look(&path) {
        Found::Program => Ok(path),
        Found::Other => Err(LaunchError::NotExecutable { path }),
        Found::Nothing => Err(LaunchError::ProgramMissing { path }),
        Found::Unknown(source) => Err(unknown(path, source)),
    }
}

fn search(name: &OsStr, env: &[(OsString, OsString)]) -> Result<PathBuf, LaunchError> {
    let searched = env
        .iter()
        .find(|(key, _)| key == "PATH")
        .map(|(_, path)| path.clone());
    let mut unusable = None;
    let folders = std::env::split_paths(searched.as_deref().unwrap_or_default());
    for folder in folders.filter(|folder| folder.is_absolute()) {
        let path = folder.join(name);
        match look(&path) {
            Found::Program => return Ok(path),
            Found::Other if unusable.is_none() => unusable = Some(path),
            Found::Other | Found::Nothing => {}
            Found::Unknown(source) => return Err(unknown(path, source)),
        }
    }
    Err(match unusable {
        Some(path) => LaunchError::NotExecutable { path },
        None => LaunchError::ProgramNotFound {
            program: name.to_owned(),
            searched,
        },
    })
}

enum Found {
    Program,
    /// A file without the right to run it, or a folder.
    Other,
    Nothing,
    /// What could not be looked at: another one, found further on, might be none
    /// that anybody meant.
    Unknown(io::Error),
}

fn unknown(program: PathBuf, source: io::Error) -> LaunchError {
    LaunchError::Exec { program, source }
}

fn look(path: &Path) -> Found {
    match path.metadata() {
        Ok(data) if data.is_file() => match access(path, Access::EXEC_OK) {
            Ok(()) => Found::Program,
            Err(Errno::ACCESS) => Found::Other,
            Err(errno) => Found::Unknown(errno.into()),
        },
        Ok(_) => Found::Other,
        Err(error) if error.raw_os_error() == Some(libc::EIO) => Found::Unknown(error),
        Err(_) => Found::Nothing,
    }
}
