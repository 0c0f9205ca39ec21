//! What kind of file system a store is on.
//!
//! Looks, and decides nothing: a store on a network file system works as long
//! as one machine uses it.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The kinds whose files other machines can change, as the kernel names them.
const NETWORK: [&str; 13] = [
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.sshfs",
    "lustre",
    "nfs",
    "nfs4",
    "smb3",
];

/// The kind of network file system that a path is on; `None` if it is on a
/// local one, or if that cannot be told.
pub fn network(path: &Path) -> Option<String> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let device = fs::metadata(path).ok()?.dev();
    let number = format!(
        "{}:{}",
        rustix::fs::major(device),
        rustix::fs::minor(device)
    );
    let kind = kind_of(&mounts, &number)?;
    NETWORK.contains(&kind).then(|| kind.to_owned())
}

/// The kind of the file system on a device, from proc_pid_mountinfo(5): the
/// third field is the device, the kind follows a lone `-`.
fn kind_of<'a>(mounts: &'a str, device: &str) -> Option<&'a str> {
    let mut lines = mounts.lines().map(str::split_ascii_whitespace);
    let mut mount = lines.find(|fields| fields.clone().nth(2) == Some(device))?;
    mount.find(|field| *field == "-")?;
    mount.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 28 0:20 / /proc rw,nosuid - proc proc rw
28 1 254:0 / / rw,relatime - ext4 /dev/vda rw
91 28 0:52 / /home/ann rw,relatime shared:40 master:1 - nfs4 server:/home rw,vers=4.2
92 28 0:53 / /mnt/a\\040b rw - fuse.sshfs ann@far:/ rw
";

    #[test]
    fn the_kind_follows_the_dash_however_many_fields_come_before() {
        assert_eq!(kind_of(MOUNTS, "254:0"), Some("ext4"));
        assert_eq!(kind_of(MOUNTS, "0:52"), Some("nfs4"));
        assert_eq!(kind_of(MOUNTS, "0:53"), Some("fuse.sshfs"));
        assert_eq!(kind_of(MOUNTS, "0:5"), None);
    }

    #[test]
    fn a_local_folder_is_on_no_network() {
        assert_eq!(network(&std::env::temp_dir()), None);
        assert_eq!(network(Path::new("/proc")), None);
        let mounts = fs::read_to_string("/proc/self/mountinfo").expect("mounts");
        let device = fs::metadata("/proc").expect("proc").dev();
        let number = format!("0:{}", rustix::fs::minor(device));
        assert_eq!(kind_of(&mounts, &number), Some("proc"));
    }
}
