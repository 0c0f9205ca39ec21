//! The watcher as a library: prints each bead that changes its status, and ends
//! when the one that was named is closed.
//!
//! `cargo run --example watch_events -- gt-abc12`, in a repository with a store.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use town::{Setup, Town};
use watcher::{Event, Watcher};

fn main() -> Result<(), Box<dyn Error>> {
    let awaited = std::env::args().nth(1);
    let town = Town::open(Setup {
        cwd: std::env::current_dir()?,
        store: None,
        actor: None,
        options: store::Options::default(),
        warn: |_| {},
        env: std::env::vars_os().collect::<BTreeMap<_, _>>(),
    })?;
    // It only looks: the watcher of `gt up` may run or not.
    let watcher = Watcher::builder(town).observe_only().build()?;
    let stop = watcher.stop();
    stop.on_signals()?;
    let mut out = std::io::stdout();
    watcher.run(|noticed| {
        let Event::BeadChanged { bead, to, .. } = &noticed.event else {
            return;
        };
        let is_over = to.as_deref() == Some("closed") && awaited.as_ref() == Some(bead);
        if writeln!(out, "{noticed}").is_err() || is_over {
            stop.stop();
        }
    })?;
    Ok(())
}
