//! Sees to it that `bd` and `gt` are built, by the profile this example was built with.
//!
//! Promises the binaries of this source tree. Never takes others from the `PATH`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Builds both and returns their folder: `target/<profile>`, where this example is
/// `target/<profile>/examples/first_convoy`.
pub(crate) fn build() -> Result<PathBuf> {
    let example = std::env::current_exe().context("cannot find this example's own file")?;
    let folder = example
        .ancestors()
        .nth(2)
        .context("this example is not in a target folder")?;
    let built = cargo(folder)?.status().context("cannot start cargo")?;
    ensure!(built.success(), "cargo could not build bd and gt ({built})");
    for name in ["bd", "gt"] {
        let program = folder.join(name);
        ensure!(program.is_file(), "{} was not built", program.display());
    }
    Ok(folder.to_owned())
}

fn cargo(folder: &Path) -> Result<Command> {
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") => "dev",
        Some(profile) => profile,
        None => anyhow::bail!("{} is no folder of a profile", folder.display()),
    };
    let target = folder.parent().context("a profile's folder has a parent")?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into()));
    cargo
        .args(["build", "--quiet", "--bins", "--profile", profile])
        .arg("--manifest-path")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target);
    Ok(cargo)
}
