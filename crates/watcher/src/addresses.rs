//! Which agents have a file below a folder.

use model::Address;
use std::collections::BTreeSet;
use store::Problem;
use store::tree::{Dir, Tree};
use town::Error;

/// Rig, role and name.
const DEPTH: usize = 3;

/// The addresses that have a file below `base`, and the folders that cannot be
/// listed: what is in the others is whole.
pub(crate) fn below(
    tree: &Tree,
    base: &str,
    problems: &mut Vec<Problem>,
) -> Result<BTreeSet<Address>, Error> {
    let mut found = BTreeSet::new();
    walk(tree, base, "", DEPTH, &mut found, problems)?;
    Ok(found)
}

fn walk(
    tree: &Tree,
    base: &str,
    below: &str,
    depth: usize,
    found: &mut BTreeSet<Address>,
    problems: &mut Vec<Problem>,
) -> Result<(), Error> {
    let names = match names(tree, &join(base, below)) {
        Ok(names) => names,
        // What is a link or no folder is reported by whoever needs it.
        Err(Error::Store(store::Error::Problem(_))) => return Ok(()),
        Err(error) => {
            problems.push(error.of_file()?);
            return Ok(());
        }
    };
    for name in names {
        let path = join(below, &name);
        match name.strip_suffix(".yaml") {
            Some(_) => found.extend(Address::parse(&path[..path.len() - 5]).ok()),
            None if depth > 1 && model::text::is_name(&name) => {
                walk(tree, base, &path, depth - 1, found, problems)?;
            }
            None => {}
        }
    }
    Ok(())
}

fn names(tree: &Tree, folder: &str) -> Result<Vec<String>, Error> {
    let names = tree.dir(folder)?.as_ref().map(Dir::names).transpose()?;
    Ok(names.unwrap_or_default())
}

fn join(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", name) => name.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, name) => format!("{folder}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_at_every_depth() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().join("hooks");
        std::fs::create_dir_all(base.join("app/polecats")).unwrap();
        for file in [
            "mayor.yaml",
            "app/refinery.yaml",
            "app/polecats/toast.yaml",
            "app/polecats/.toast.k3.tmp",
            "app/polecats/README",
        ] {
            std::fs::write(base.join(file), "").unwrap();
        }
        let tree = Tree::open(folder.path()).unwrap();
        let problems = &mut Vec::new();
        let found = below(&tree, "hooks", problems).unwrap();
        let names: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["mayor", "app/polecats/toast", "app/refinery"]);
        assert!(below(&tree, "tickets", problems).unwrap().is_empty());
        assert_eq!(*problems, []);
    }
}
