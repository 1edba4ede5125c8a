//! Where things are: the repository, the cache, the interpreters.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::process::step;

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository").to_path_buf()
}

/// The cargo that runs us.
pub fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_string())
}

/// `path` as people write it: relative to the root, with forward slashes.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// What is downloaded or made once: `$COACHWHIP_CACHE`, else `~/.cache/coachwhip`.
pub fn cache() -> PathBuf {
    if let Some(folder) = std::env::var_os("COACHWHIP_CACHE") {
        return PathBuf::from(folder);
    }
    PathBuf::from(std::env::var_os("HOME").unwrap_or_else(|| ".".into())).join(".cache/coachwhip")
}

/// What `cargo metadata` says about the workspace.
pub fn metadata() -> Result<Value, String> {
    let output = Command::new(cargo())
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .map_err(|error| format!("cannot start cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))
}

/// The build folder.
pub fn target() -> Result<PathBuf, String> {
    let metadata = metadata()?;
    let folder = metadata["target_directory"].as_str().ok_or("cargo metadata names no target directory")?;
    Ok(PathBuf::from(folder))
}

/// The command of the interpreter under test: what `--python` says, else a fresh release build of our own.
pub fn interpreter(given: Option<String>) -> Result<Vec<String>, String> {
    if let Some(command) = given {
        let words: Vec<String> = command.split_whitespace().map(str::to_string).collect();
        return if words.is_empty() { Err("--python is empty".to_string()) } else { Ok(words) };
    }
    step(&cargo(), &["build", "--release", "--quiet", "--package", "coachwhip"])?;
    Ok(vec![target()?.join("release/coachwhip").to_string_lossy().into_owned()])
}

/// CPython 3.14: what `--cpython` says, else `$COACHWHIP_CPYTHON`, else `python3.14`.
pub fn cpython(given: Option<String>) -> Vec<String> {
    let command = given.or_else(|| std::env::var("COACHWHIP_CPYTHON").ok()).unwrap_or_else(|| "python3.14".to_string());
    command.split_whitespace().map(str::to_string).collect()
}
