//! Running other programs to completion, for the commands that only need success or failure.

use std::process::Command;

use crate::Outcome;
use crate::paths;

/// Run a step of a longer chore in the repository's root, with its output shown.
pub fn step(program: &str, arguments: &[&str]) -> Outcome {
    let shown = format!("{program} {}", arguments.join(" "));
    let status = Command::new(program)
        .args(arguments)
        .current_dir(paths::root())
        .status()
        .map_err(|error| format!("cannot start `{shown}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed ({status})")) }
}
