//! The project's chores: `cargo xtask <command>`.
//!
//! Each command lives in a module of its own with one `run`; this file only picks one, prints the usage and turns an
//! error into an exit status. Nothing here is part of the runtime.
#![forbid(unsafe_code)]

mod args;
mod bench;
mod check;
mod codegen;
mod conformance;
mod dist;
mod fuzz;
mod paths;
mod process;
mod tidy;
mod verify_handlers;

use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <command> [options]

  bench         Speed and memory beside CPython 3.14 and others
  check         What CI runs: formatting, tidy, stale generated files, tests
  conformance   CPython 3.14's own tests: run sets of them, keep what passes
  codegen       Write the generated files (--check: only say whether they are stale)
  dist          The binary that ships: a release build with a profile of its own runs
  fuzz          Mutated programs on Coachwhip and CPython: crashes, hangs, differences
  tidy          House rules: crate edges, file sizes, unsafe code, rooting, leftovers
  verify-handlers  The interpreter's handlers end in jumps: checked in the assembly

Every command takes --help.

Examples:
  cargo xtask tidy
  cargo xtask conformance --set 1,2
";

/// What a command answers: `Err` holds one line for the person who typed it.
pub type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let rest: Vec<String> = words.collect();
    let outcome = match command.as_str() {
        "bench" => bench::run(rest),
        "check" => check::run(rest),
        "codegen" => codegen::run(rest),
        "conformance" => conformance::run(rest),
        "dist" => dist::run(rest),
        "fuzz" => fuzz::run(rest),
        "tidy" => tidy::run(rest),
        "verify-handlers" => verify_handlers::run(rest),
        "" | "help" | "--help" | "-h" => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        other => Err(format!("no command `{other}`; `cargo xtask help` lists them")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}
