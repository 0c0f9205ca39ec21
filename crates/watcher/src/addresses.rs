//! Which agents have a file below a folder.

use model::Address;
use std::collections::BTreeSet;
use store::tree::Tree;
use town::Error;

/// Rig, role and name.
const DEPTH: usize = 3;

/// The addresses that have a file below `base`.
pub(crate) fn below(tree: &Tree, base: &str) -> Result<BTreeSet<Address>, Error> {
    let mut found = BTreeSet::new();
    walk(tree, base, "", DEPTH, &mut found)?;
    Ok(found)
}

fn walk(
    tree: &Tree,
    base: &str,
    below: &str,
    depth: usize,
    found: &mut BTreeSet<Address>,
) -> Result<(), Error> {
    // What is a link or no folder is reported by whoever needs it.
    let Ok(Some(dir)) = tree.dir(&join(base, below)) else {
        return Ok(());
    };
    for name in dir.names()? {
        let path = join(below, &name);
        match name.strip_suffix(".yaml") {
            Some(_) => found.extend(Address::parse(&path[..path.len() - 5]).ok()),
            None if depth > 1 && model::text::is_name(&name) => {
                walk(tree, base, &path, depth - 1, found)?;
            }
            None => {}
        }
    }
    Ok(())
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
        let found = below(&tree, "hooks").unwrap();
        let names: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["mayor", "app/polecats/toast", "app/refinery"]);
        assert!(below(&tree, "tickets").unwrap().is_empty());
    }
}
