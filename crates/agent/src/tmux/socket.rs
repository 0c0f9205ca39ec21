//! Where a server's socket lies: in a folder that only its owner can enter.

use super::{SOCKET_MAX, TmuxError};
use crate::interrupted::retry;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

const NAME: &str = "tmux.sock";

/// The socket in `private`, or, where that path is too long, one called `name`
/// in a folder of the user's own below `runtime`, which is made if need be.
pub fn socket(private: &Path, runtime: &Path, name: &str) -> Result<PathBuf, TmuxError> {
    let own = private.join(NAME);
    if fits(&own) {
        return Ok(own);
    }
    let uid = rustix::process::getuid().as_raw();
    let folder = runtime.join(format!("plaintown-{uid}"));
    let path = folder.join(format!("{name}.sock"));
    if !fits(&path) {
        return Err(TmuxError::SocketPath { path });
    }
    make_private(&folder, uid).map_err(TmuxError::System)?;
    Ok(path)
}

fn fits(path: &Path) -> bool {
    path.as_os_str().as_bytes().len() <= SOCKET_MAX
}

/// In a folder that everybody can write to, anybody may have made it before.
fn make_private(folder: &Path, uid: u32) -> io::Result<()> {
    match retry(|| DirBuilder::new().mode(0o700).create(folder)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made,
    }
    let meta = folder.symlink_metadata()?;
    let is_ours = meta.is_dir() && meta.uid() == uid && meta.permissions().mode() & 0o077 == 0;
    if is_ours {
        return Ok(());
    }
    let message = format!("{} is not a folder of yours alone", folder.display());
    Err(io::Error::new(io::ErrorKind::PermissionDenied, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_path_that_is_too_long_moves_it() {
        let folder = tempfile::tempdir().unwrap();
        let short = socket(Path::new("/c/.git/plaintown"), folder.path(), "app").unwrap();
        assert_eq!(short, Path::new("/c/.git/plaintown/tmux.sock"));
        let long = PathBuf::from(format!("/{}", "c".repeat(100)));
        let moved = socket(&long, folder.path(), "app-1f").unwrap();
        assert!(moved.starts_with(folder.path()) && moved.ends_with("app-1f.sock"));
        let mode = moved
            .parent()
            .unwrap()
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o700);
        assert_eq!(socket(&long, folder.path(), "app-1f").unwrap(), moved);
        assert!(socket(&long, &long, "app").is_err());
    }

    #[test]
    fn a_folder_that_others_can_enter_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let long = PathBuf::from(format!("/{}", "c".repeat(100)));
        let own = socket(&long, folder.path(), "app").unwrap();
        let own = own.parent().unwrap();
        fs::set_permissions(own, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(socket(&long, folder.path(), "app").is_err());
        fs::remove_dir(own).unwrap();
        std::os::unix::fs::symlink("/tmp", own).unwrap();
        assert!(socket(&long, folder.path(), "app").is_err());
    }
}
