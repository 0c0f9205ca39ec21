//! What the numbers were measured on, without naming the machine.

use std::path::Path;
use std::process::Command;

/// Cores, kernel, file system and git, on one line.
pub(crate) fn describe(folder: &Path) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let plural = if cores == 1 { "core" } else { "cores" };
    format!(
        "{cores} {plural}, Linux {}, {}, {}",
        kernel(),
        file_system(folder),
        output(Command::new("git").arg("--version")),
    )
}

/// Major and minor version.
fn kernel() -> String {
    let release = output(Command::new("uname").arg("-r"));
    let numbers: Vec<&str> = release.split(['.', '-']).take(2).collect();
    numbers.join(".")
}

fn file_system(folder: &Path) -> String {
    let table = output(Command::new("df").arg("--output=fstype").arg(folder));
    table.lines().last().unwrap_or("unknown").to_owned()
}

fn output(command: &mut Command) -> String {
    let output = command.output().map(|output| output.stdout);
    String::from_utf8_lossy(&output.unwrap_or_default())
        .trim()
        .to_owned()
}
