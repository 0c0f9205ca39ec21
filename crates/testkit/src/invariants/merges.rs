//! Merge requests against beads, branches and what has landed.
//!
//! Promises that work said to be done or landed is where it was said to be. Never
//! asks for the branch of another host.

use super::document::Document;
use super::repository::Repository;
use super::store::Store;

pub(super) fn broken(store: &Store, repository: &Repository<'_>) -> Vec<String> {
    let completed = store
        .beads
        .iter()
        .filter(|(_, bead)| bead.text("status") == Some("completed"));
    let mut broken: Vec<_> = completed
        .filter_map(|(id, bead)| unmergeable(store, repository, id, bead).err())
        .collect();
    let landed = store
        .beads
        .values()
        .filter(|mr| mr.text("outcome") == Some("merged"));
    broken.extend(landed.filter_map(|mr| unreachable(repository, mr)));
    broken
}

/// A completed bead has a merge request of its attempt, whose head is on its branch.
fn unmergeable(
    store: &Store,
    repository: &Repository<'_>,
    id: &str,
    bead: &Document,
) -> Result<(), String> {
    let attempt = bead.number("attempt").unwrap_or_default();
    let name = request_id(id, attempt);
    let missing = || format!("{id} is completed, and {name} is not there");
    let request = store.beads.get(&name).ok_or_else(missing)?;
    if request.text("source") != Some(id) {
        return Err(format!("{name} is not about {id}"));
    }
    if !request
        .text("host")
        .is_none_or(|host| repository.is_host(host))
    {
        return Ok(());
    }
    let head = request.text("head").unwrap_or_default();
    let branch = format!("refs/heads/{}", bead.text("branch").unwrap_or_default());
    if !repository.is_ancestor(head, &branch) {
        return Err(format!(
            "{id} is completed, and {branch} does not hold {head}"
        ));
    }
    Ok(())
}

/// `gt-abc12` at attempt 2 is `gt-mr-abc12.2`.
fn request_id(bead: &str, attempt: u64) -> String {
    let root = bead.find('.').unwrap_or(bead.len());
    let cut = bead[..root].rfind('-').map_or(0, |at| at + 1);
    format!("{}mr-{}.{attempt}", &bead[..cut], &bead[cut..])
}

fn unreachable(repository: &Repository<'_>, request: &Document) -> Option<String> {
    let id = request.text("id").unwrap_or_default();
    let commit = request.text("merge_commit").unwrap_or_default();
    let target = request.text("target").unwrap_or_default();
    let places = [
        format!("refs/heads/{target}"),
        format!("refs/remotes/origin/{target}"),
    ];
    let reached = places
        .iter()
        .any(|place| repository.is_ancestor(commit, place));
    (!reached).then(|| format!("{id} is merged, and {commit} is not on {target}"))
}

#[cfg(test)]
mod tests {
    use super::request_id;

    #[test]
    fn requests_are_named_after_the_suffix_and_the_attempt() {
        assert_eq!(request_id("gt-abc12", 2), "gt-mr-abc12.2");
        assert_eq!(request_id("claude-os-7g4.x1z", 1), "claude-os-mr-7g4.x1z.1");
    }
}
