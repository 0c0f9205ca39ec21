//! A disk of its own whose power can be cut: ext4 in an image in memory.
//!
//! Promises that after [`Disk::cut`] and [`Disk::reset`] or [`Disk::come_back`] the
//! same path shows what a power cut would have left, or what was there at first.
//! Mounted so that nothing is written by the mere passing of time. Needs root, loop
//! devices and an ext4 that can be shut down; where one is missing there is no disk.
#![allow(unsafe_code)]

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// `EXT4_IOC_SHUTDOWN`.
const SHUTDOWN: libc::Ioctl = 0x8004_587d_u32 as libc::Ioctl;

/// So large is the image; its empty parts take no memory.
const MEGABYTES: u64 = 48;

/// What the file system still does as the power goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It writes its journal: names are there, bytes may be missing.
    AfterJournal = 1,
    /// Nothing: what was not synced is gone.
    AtOnce = 2,
}

/// A mounted disk; unmounted and gone when it is dropped.
#[derive(Debug)]
pub struct Disk {
    folder: TempDir,
}

impl Disk {
    /// A new one, or why there can be none here.
    ///
    /// # Errors
    /// If a file system cannot be made, mounted or shut down here.
    pub fn new() -> io::Result<Self> {
        let memory = Path::new("/dev/shm");
        let folder = tempfile::Builder::new()
            .prefix("plaintown-disk-")
            .tempdir_in(memory)?;
        let disk = Self { folder };
        fs::create_dir(disk.path())?;
        File::create(disk.image())?.set_len(MEGABYTES << 20)?;
        let image = disk.image();
        run(Command::new("mkfs.ext4")
            .args(["-q", "-F", "-J", "size=4"])
            .arg(image))?;
        disk.mount_copy(&disk.image())?;
        disk.cut(Cut::AtOnce)?;
        disk.come_back()?;
        Ok(disk)
    }

    /// Where it is mounted.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    /// Remembers what is there now.
    ///
    /// # Errors
    /// If it cannot be unmounted, copied and mounted again.
    pub fn remember(&self) -> io::Result<()> {
        self.unmount()?;
        copy(&self.image(), &self.remembered())?;
        self.mount_copy(&self.image())
    }

    /// Puts back what was remembered.
    ///
    /// # Errors
    /// If it cannot be unmounted, copied and mounted again.
    pub fn reset(&self) -> io::Result<()> {
        self.unmount()?;
        self.mount_copy(&self.remembered())
    }

    /// Cuts the power: from here on nothing can be read or written.
    ///
    /// # Errors
    /// If the file system cannot be shut down.
    pub fn cut(&self, cut: Cut) -> io::Result<()> {
        let root = File::open(self.path())?;
        let how = cut as u32;
        // SAFETY: `how` outlives the call, which reads one number from it.
        match unsafe { libc::ioctl(root.as_raw_fd(), SHUTDOWN, &raw const how) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// The power is back: what the disk holds is there again.
    ///
    /// # Errors
    /// If it cannot be unmounted and mounted again.
    pub fn come_back(&self) -> io::Result<()> {
        self.unmount()?;
        self.mount_copy(&self.image())
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("image")
    }

    fn remembered(&self) -> PathBuf {
        self.folder.path().join("remembered")
    }

    /// Mounts a copy, which takes the image's place: another mount namespace, made
    /// meanwhile, may hold the old one, and the file system that was shut down.
    fn mount_copy(&self, of: &Path) -> io::Result<()> {
        let fresh = self.folder.path().join("fresh");
        copy(of, &fresh)?;
        fs::rename(&fresh, self.image())?;
        let options = "loop,commit=3600,noatime";
        run(Command::new("mount")
            .args(["-t", "ext4", "-o", options])
            .args([self.image(), self.path()]))
    }

    /// Whoever was killed a moment ago may hold it a little longer.
    fn unmount(&self) -> io::Result<()> {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            match run(Command::new("umount").arg(self.path())) {
                Err(_) if Instant::now() < end => thread::sleep(Duration::from_millis(10)),
                done => return done,
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Where it was never mounted there is nothing to be done.
        let _ = run(Command::new("umount").arg("-l").arg(self.path()));
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    run(Command::new("cp").arg("--sparse=always").args([from, to]))
}

fn run(command: &mut Command) -> io::Result<()> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{command:?}: {}", said.trim())))
}
