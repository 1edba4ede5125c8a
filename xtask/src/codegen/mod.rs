//! `cargo xtask codegen`: everything that is generated from `crates/ops`.
//!
//! [`generate`] answers with all generated files, path and text; this module writes them or, with `--check`, compares
//! them with what is committed. A test fails when they differ.

mod model;
mod parse;
mod steps;
mod tables;

use std::fs;
use std::path::PathBuf;

use crate::args::Args;
use crate::{Outcome, paths};

const USAGE: &str = "\
Usage: cargo xtask codegen [--check]

Write the files under generated/ from the definitions in crates/ops.

  --check   Write nothing; fail when a committed file is stale

Examples:
  cargo xtask codegen
  cargo xtask codegen --check
";

pub fn run(words: Vec<String>) -> Outcome {
    let mut args = Args::new(words, USAGE);
    let check = args.flag("--check");
    args.finish()?;
    let files = generate()?;
    let mut stale = Vec::new();
    for (path, text) in &files {
        if fs::read_to_string(path).ok().as_ref() == Some(text) {
            continue;
        }
        stale.push(paths::shown(path));
        if !check {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            }
            fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    match (check, stale.is_empty()) {
        (true, false) => Err(format!("stale: {}; run `cargo xtask codegen`", stale.join(", "))),
        _ => {
            println!("codegen: {} files, {} written", files.len(), if check { 0 } else { stale.len() });
            Ok(())
        }
    }
}

/// All generated files, path and text, in the order in which they are written.
fn generate() -> Result<Vec<(PathBuf, String)>, String> {
    let definitions = parse::read()?;
    let root = paths::root();
    Ok(vec![
        (root.join("crates/ops/src/generated/micro_ops.rs"), tables::micro_ops(&definitions)?),
        (root.join("crates/interp/src/generated/steps.rs"), steps::write(&definitions)?),
        (root.join("docs/instructions.md"), tables::page(&definitions)?),
    ])
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_files_are_current() {
        super::run(vec!["--check".to_string()]).unwrap();
    }
}
