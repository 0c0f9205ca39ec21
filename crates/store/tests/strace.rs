//! What a process asked of the kernel, read from `strace -f -y`.

use std::path::Path;

/// A call that matters for durability, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    /// A temporary file was made.
    Open(String),
    /// Bytes went to a file.
    Write(String),
    /// A file or folder was brought to the disk.
    Sync(String),
    /// From, to.
    Rename(String, String),
}

/// The calls below `folder`, in order.
pub(crate) fn calls(trace: &str, folder: &Path) -> Vec<Call> {
    let below = format!("{}/", folder.display());
    trace
        .lines()
        .filter(|line| !line.contains(" = -1 "))
        .filter_map(call)
        .filter(|call| match call {
            Call::Open(path) | Call::Write(path) | Call::Sync(path) | Call::Rename(_, path) => {
                format!("{path}/").starts_with(&below)
            }
        })
        .collect()
}

fn call(line: &str) -> Option<Call> {
    // `[pid  71] ` or `71 ` stands before the name.
    let (before, arguments) = line.split_once('(')?;
    let name = before.rsplit(' ').next()?;
    let path = |at: usize| descriptor(arguments.split(", ").nth(at)?);
    let text = |at: usize| quoted(arguments.split(", ").nth(at)?);
    match name {
        "openat" if arguments.contains("O_CREAT") => {
            Some(Call::Open(format!("{}/{}", path(0)?, text(1)?)))
        }
        "write" => Some(Call::Write(path(0)?)),
        "fsync" | "fdatasync" => Some(Call::Sync(path(0)?)),
        "renameat" | "renameat2" => Some(Call::Rename(
            format!("{}/{}", path(0)?, text(1)?),
            format!("{}/{}", path(2)?, text(3)?),
        )),
        _ => None,
    }
}

/// The path of `5</tmp/x>`.
fn descriptor(argument: &str) -> Option<String> {
    let (_, path) = argument.split_once('<')?;
    Some(path.split('>').next()?.to_owned())
}

fn quoted(argument: &str) -> Option<String> {
    let inner = argument.split('"').nth(1)?;
    Some(inner.to_owned())
}

/// Whether `file` came to be durably: a temporary file beside it, its bytes,
/// fsync, rename, fsync of the folder, in this order.
pub(crate) fn durable(calls: &[Call], file: &Path) -> Result<(), String> {
    let file = file.display().to_string();
    let folder = file.rsplit_once('/').unwrap().0.to_owned();
    let find = |what: &str, from: usize, wanted: &dyn Fn(&Call) -> bool| {
        let found = calls[from..].iter().position(wanted);
        found
            .map(|at| from + at)
            .ok_or_else(|| format!("no {what} after call {from} of {calls:#?}"))
    };
    let renamed = find(
        "rename to the file",
        0,
        &|call| matches!(call, Call::Rename(_, to) if *to == file),
    )?;
    let Call::Rename(temporary, _) = &calls[renamed] else {
        return Err("no rename".to_owned());
    };
    if !temporary.starts_with(&format!("{folder}/.")) {
        return Err(format!("{temporary} is not beside {file}"));
    }
    let opened = find("temporary file", 0, &|call| {
        *call == Call::Open(temporary.clone())
    })?;
    let written = find("write", opened, &|call| {
        *call == Call::Write(temporary.clone())
    })?;
    let last_write = calls
        .iter()
        .rposition(|call| *call == Call::Write(temporary.clone()))
        .unwrap_or(written);
    let synced = find("fsync of the file", last_write, &|call| {
        *call == Call::Sync(temporary.clone())
    })?;
    if synced > renamed {
        return Err(format!("{file} was renamed before its fsync"));
    }
    find("fsync of the folder", renamed, &|call| {
        *call == Call::Sync(folder.clone())
    })?;
    Ok(())
}
