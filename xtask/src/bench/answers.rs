//! `cargo xtask bench --check`: do the programs compute what CPython computes?
//!
//! `tests/bench/answers.py` calls the programs' own functions with small inputs and prints a line a program; a program
//! that fails prints its error instead of its line.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::process::{Ended, supervise};
use crate::{Outcome, paths};

pub fn run(python: &[String], suite: &Path, only: &str, limit: Duration, update: bool) -> Outcome {
    let file = paths::root().join("tests/bench/answers.txt");
    let expected = fs::read_to_string(&file).unwrap_or_default();
    let expected: HashMap<&str, &str> = expected.lines().filter_map(|line| line.split_once(' ')).collect();
    let (mut wrong, mut lines) = (0, String::new());
    for program in only.split(',').map(str::trim) {
        let answer = answer(python, suite, program, limit)?;
        if update {
            lines += &format!("{program} {answer}\n");
            continue;
        }
        match expected.get(program) {
            Some(expected) if *expected == answer => println!("{program}: equal"),
            Some(expected) => {
                wrong += 1;
                println!("{program}: DIFFERS\n    got      {answer}\n    expected {expected}");
            }
            None => return Err(format!("{}: no answer for {program}", file.display())),
        }
    }
    match (update, wrong) {
        (true, _) => fs::write(&file, lines).map_err(|error| format!("{}: {error}", file.display())),
        (false, 0) => Ok(()),
        (false, wrong) => Err(format!("{wrong} programs compute something else than CPython")),
    }
}

/// What `answers.py` prints for a program, or how it failed.
fn answer(python: &[String], suite: &Path, program: &str, limit: Duration) -> Result<String, String> {
    let scratch = std::env::temp_dir().join(format!("coachwhip-answers-{}", std::process::id()));
    let create = || fs::File::create(&scratch).map_err(|error| error.to_string());
    let out = create()?;
    let mut command = Command::new(&python[0]);
    command
        .args(&python[1..])
        .arg(paths::root().join("tests/bench/answers.py"))
        .arg(suite)
        .arg(program)
        .env("PYTHONPATH", paths::root().join("tests/bench/shim"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stderr(out.try_clone().map_err(|error| error.to_string())?)
        .stdout(out);
    let ended = supervise(&mut command, |passed| passed < limit).map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&fs::read(&scratch).unwrap_or_default()).into_owned();
    let _ = fs::remove_file(&scratch);
    Ok(match ended {
        Ended::Exited(status) if status.success() => {
            text.trim_end().strip_prefix(program).map_or(text.as_str(), str::trim_start).to_string()
        }
        Ended::Exited(status) => text.trim_end().lines().last().map_or_else(|| status.to_string(), str::to_string),
        Ended::Stopped => format!("no end in {} s", limit.as_secs()),
        Ended::OutOfMemory => "over the memory limit".to_string(),
    })
}
