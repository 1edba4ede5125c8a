//! `cargo xtask check`: what to run before pushing, quickest first.

use std::process::{Command, Stdio};

use crate::args::Args;
use crate::process::step;
use crate::{Outcome, codegen, paths, tidy};

const USAGE: &str = "\
Usage: cargo xtask check [--no-tests] [--no-clippy]

Formatting, house rules, stale generated files, clippy (where it is installed), all tests.

Examples:
  cargo xtask check
  cargo xtask check --no-tests
";

pub fn run(words: Vec<String>) -> Outcome {
    let mut args = Args::new(words, USAGE);
    let no_tests = args.flag("--no-tests");
    let no_clippy = args.flag("--no-clippy");
    args.finish()?;
    let cargo = paths::cargo();
    step(&cargo, &["fmt", "--all", "--check"])?;
    tidy::run(Vec::new())?;
    codegen::run(vec!["--check".to_string()])?;
    if !no_clippy && has_clippy(&cargo) {
        step(&cargo, &["clippy", "--quiet", "--workspace", "--all-targets"])?;
    }
    if !no_tests {
        step(&cargo, &["test", "--workspace"])?;
    }
    println!("check: all good");
    Ok(())
}

fn has_clippy(cargo: &str) -> bool {
    let status = Command::new(cargo).args(["clippy", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
