//! Where worktrees and logs go. No tracked file names these places.

use crate::Town;
use crate::error::Error;
use model::{Address, Id};
use std::path::PathBuf;

/// The folder of this rig's worktrees: the user's choice, else below the state
/// folder, where clones of the same name are told apart by where they are.
pub fn worktree_base(town: &Town) -> Result<PathBuf, Error> {
    let var = |name: &str| town.setup().var(name).filter(|path| !path.is_empty());
    let home = PathBuf::from(var("HOME").unwrap_or_else(|| "/".to_owned()));
    if let Some(base) = &town.user()?.worktrees {
        let base = base
            .strip_prefix("~")
            .map_or_else(|_| base.clone(), |rest| home.join(rest));
        return Ok(base.join(folder_name(town)));
    }
    let state = var("XDG_STATE_HOME").map_or_else(|| home.join(".local/state"), PathBuf::from);
    Ok(state.join("plaintown").join(folder_name(town)))
}

/// Where the output of one attempt is.
pub fn log_path(town: &Town, agent: &Address, bead: &Id, attempt: u32) -> Result<PathBuf, Error> {
    let folder = town.store.private_path().join("logs").join(bead.as_str());
    agent::logs::log_path(&folder, &agent.to_string(), attempt.into())
        .map_err(|error| Error::refused(error.to_string(), "release the bead and sling it again"))
}

/// What tells this clone from others in a folder of all.
pub(crate) fn folder_name(town: &Town) -> String {
    use std::os::unix::ffi::OsStrExt;
    let path = town.common().as_os_str().as_bytes();
    let hash = path.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{}-{:06x}", town.rig(), hash >> 40)
}
