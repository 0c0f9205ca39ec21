//! What this clone remembers of a merge request between two runs: the tree that
//! its gates passed, and why it waits.
//!
//! Disposable: without it gates run once more. It lies out of git's reach, so
//! nothing that arrives by git can claim that a gate was green.

use crate::Town;
use crate::config::Gate;
use crate::error::Error;
use git::Oid;
use model::Id;
use sha2::{Digest, Sha256};
use store::tree::Content;

const FOLDER: &str = "refinery";

/// The notes on one merge request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Memo {
    /// The merged tree that was green, and the digest of the gates it passed.
    pub(super) passed: Option<(Oid, String)>,
    /// Why it waits.
    pub(super) waits: Option<String>,
}

/// Reads the notes. What cannot be understood counts as nothing.
pub(super) fn read(town: &Town, id: &Id) -> Result<Memo, Error> {
    let Some(private) = town.store.private() else {
        return Ok(Memo::default());
    };
    Ok(match private.read(&format!("{FOLDER}/{id}"), 64 * 1024)? {
        Content::Bytes(bytes) => decode(&String::from_utf8_lossy(&bytes)),
        _ => Memo::default(),
    })
}

/// Notes that a tree has passed these gates.
pub(super) fn passed(town: &Town, id: &Id, tree: &Oid, gates: &[Gate]) -> Result<(), Error> {
    let memo = read(town, id)?;
    let passed = Some((tree.clone(), digest(gates)));
    write(town, id, &Memo { passed, ..memo })
}

/// Notes why it waits.
pub(super) fn waits(town: &Town, id: &Id, reason: Option<&str>) -> Result<(), Error> {
    let memo = read(town, id)?;
    let waits = reason.map(|reason| reason.replace('\n', " "));
    if memo.waits == waits {
        return Ok(());
    }
    write(town, id, &Memo { waits, ..memo })
}

/// Forgets a merge request that is over.
pub(super) fn forget(town: &Town, id: &Id) -> Result<(), Error> {
    if let Some(dir) = town.store.make_private()?.dir(FOLDER)? {
        dir.remove(id.as_str())?;
    }
    Ok(())
}

/// What tells one list of gates from another: names, commands and limits.
pub(super) fn digest(gates: &[Gate]) -> String {
    let digest = Sha256::digest(format!("{gates:?}").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(town: &Town, id: &Id, memo: &Memo) -> Result<(), Error> {
    let dir = town.store.make_private()?.make_dir(FOLDER)?;
    Ok(dir.replace(id.as_str(), encode(memo).as_bytes())?)
}

fn encode(memo: &Memo) -> String {
    let passed = memo.passed.iter();
    let passed: String = passed
        .map(|(tree, gates)| format!("passed {tree} {gates}\n"))
        .collect();
    let waits = memo.waits.iter();
    waits.fold(passed, |text, reason| format!("{text}waits {reason}\n"))
}

fn decode(text: &str) -> Memo {
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key));
    let passed = value("passed ").and_then(|value| {
        let (tree, gates) = value.split_once(' ')?;
        Some((Oid::parse(tree).ok()?, gates.to_owned()))
    });
    Memo {
        passed,
        waits: value("waits ").map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_round_trip_and_rubbish_is_nothing() {
        let memo = Memo {
            passed: Some((Oid::parse(&"a".repeat(40)).unwrap(), digest(&[]))),
            waits: Some("a.txt: uncommitted".to_owned()),
        };
        assert_eq!(decode(&encode(&memo)), memo);
        assert_eq!(decode("passed x y\n\0"), Memo::default());
    }
}
