//! A start that somebody else carries out, exactly once.
//!
//! A terminal's server forks the worker, so whoever asks for it may be gone by
//! then. The order is a file in a private folder. The program that tmux starts
//! takes it by renaming it, and is the worker from then on; whoever wants to
//! start the agent again takes back what was not taken, and finds by the new
//! name who took it. A file is renamed or removed once, so never do two run.
//!
//! The file holds the worker's environment, which is why it never travels as
//! arguments; it is readable by its owner only, and emptied when it is taken.

use super::Launch;
use crate::interrupted::{put, retry, writable};
use crate::process::Identity;
use rustix::fs::OFlags;
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Between the order's name and who took it.
const TAKEN: char = '@';

/// Writes an order under a name of its own in `folder`.
pub(super) fn place(folder: &Path, launch: &Launch) -> io::Result<PathBuf> {
    retry(|| DirBuilder::new().recursive(true).mode(0o700).create(folder))?;
    let own = Identity::current()?;
    let path = folder.join(format!("{}-{}", own.pid, own.start));
    let file = writable(&path, OFlags::CREATE | OFlags::EXCL)?;
    put(&file, &encode(launch))?;
    Ok(path)
}

/// Takes back what lies in `folder` and nobody took. If one was taken by a
/// process that runs, says which. Whoever calls this holds the agent's lock.
pub fn withdraw(folder: &Path) -> io::Result<Option<Identity>> {
    let mut at_work = None;
    for path in entries(folder)? {
        match taker(&path) {
            Some(process) if process.is_alive()? => at_work = Some(process),
            Some(_) => remove(&path).map(drop)?,
            // It was taken in this moment: its new name says by whom.
            None if !remove(&path)? => return withdraw(folder),
            None => {}
        }
    }
    Ok(at_work)
}

/// Takes an order: it is this process's to carry out, and nobody else's. None
/// if it was taken back.
pub(super) fn take(path: &Path) -> io::Result<Option<Launch>> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read?,
    };
    let launch = decode(&bytes).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
    let mut taken = path.as_os_str().to_owned();
    taken.push(format!("{TAKEN}{}", Identity::current()?));
    match retry(|| fs::rename(path, &taken)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        renamed => renamed?,
    }
    // What it said is known now, and nobody else's business.
    writable(Path::new(&taken), OFlags::TRUNC)?;
    Ok(Some(launch))
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read?.map(|entry| Ok(entry?.path())).collect(),
    }
}

fn taker(path: &Path) -> Option<Identity> {
    let (_, who) = path.file_name()?.to_str()?.split_once(TAKEN)?;
    who.parse().ok()
}

/// False if it was not there.
fn remove(path: &Path) -> io::Result<bool> {
    match retry(|| fs::remove_file(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        removed => removed.map(|()| true),
    }
}

/// Each value ends with a zero byte, which none of them can hold. The log is
/// kept by somebody else.
fn encode(launch: &Launch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut put = |value: &OsStr| {
        bytes.extend_from_slice(value.as_bytes());
        bytes.push(0);
    };
    put(launch.cwd.as_os_str());
    put(OsStr::new(&launch.argv.len().to_string()));
    launch.argv.iter().for_each(|word| put(word));
    for (name, value) in &launch.env {
        put(name);
        put(value);
    }
    bytes
}

fn decode(bytes: &[u8]) -> Option<Launch> {
    let text = bytes.strip_suffix(&[0])?;
    let mut values = text
        .split(|byte| *byte == 0)
        .map(|value| OsString::from_vec(value.to_vec()));
    let cwd = PathBuf::from(values.next()?);
    let count: usize = values.next()?.to_str()?.parse().ok()?;
    let argv: Vec<OsString> = values.by_ref().take(count).collect();
    let mut env = Vec::new();
    while let Some(name) = values.next() {
        env.push((name, values.next()?));
    }
    (argv.len() == count).then(|| Launch {
        argv,
        cwd,
        env,
        log: PathBuf::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch() -> Launch {
        Launch {
            argv: ["agent", "", "a\nb"].map(OsString::from).into(),
            cwd: "/tmp".into(),
            env: vec![("A".into(), "1".into()), ("B".into(), "".into())],
            log: PathBuf::new(),
        }
    }

    #[test]
    fn it_says_what_it_was_told() {
        assert_eq!(decode(&encode(&launch())), Some(launch()));
        let bare = Launch {
            env: Vec::new(),
            ..launch()
        };
        assert_eq!(decode(&encode(&bare)), Some(bare));
        for cut in [&b""[..], b"/tmp\0", b"/tmp\x003\0a\0", b"/tmp\x001\0a\0A\0"] {
            assert_eq!(decode(cut), None);
        }
    }

    #[test]
    fn it_is_taken_or_taken_back_and_never_both() {
        let folder = tempfile::tempdir().unwrap();
        let orders = folder.path().join("starting/app");
        assert_eq!(withdraw(&orders).unwrap(), None);
        let order = place(&orders, &launch()).unwrap();
        assert_eq!(withdraw(&orders).unwrap(), None);
        assert_eq!(take(&order).unwrap(), None, "it was taken back");
        let order = place(&orders, &launch()).unwrap();
        assert_eq!(take(&order).unwrap(), Some(launch()));
        assert_eq!(take(&order).unwrap(), None, "it was taken");
        let left: Vec<_> = entries(&orders).unwrap();
        assert_eq!(fs::read(&left[0]).unwrap(), b"", "no secret is left behind");
        assert_eq!(
            withdraw(&orders).unwrap(),
            Some(Identity::current().unwrap())
        );
        let ended = format!("{}@b-1:7:99", order.display());
        fs::rename(&left[0], &ended).unwrap();
        assert_eq!(
            withdraw(&orders).unwrap(),
            None,
            "whoever took it has ended"
        );
        assert_eq!(entries(&orders).unwrap().len(), 0);
    }
}
