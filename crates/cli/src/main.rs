//! The `coachwhip` binary: reads the command line and hands over to the runtime.
//!
//! The runtime is not wired in yet: only `--version` answers.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().nth(1).is_some_and(|word| word == "--version" || word == "-V") {
        println!("Coachwhip {} (Python 3.14)", env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    eprintln!("coachwhip: this build has no interpreter yet");
    ExitCode::from(2)
}
