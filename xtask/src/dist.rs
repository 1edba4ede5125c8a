//! `cargo xtask dist`: the binary that ships, built with a profile of its own runs.
//!
//! Three steps: a build that counts how often each piece of its code runs, the training programs on it, and the build
//! that lays its code out by those counts (profile-guided optimisation: inlining, hot and cold paths, order of
//! functions). Functions that all programs need stand together, then those of fewer and fewer, then the rest: the file is
//! resident in pieces of 64 KB, and without that order each of them holds something that is needed. Training uses programs
//! of this repository alone, none of a benchmark suite, so that benchmarks measure what other programs get as well.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::args::Args;
use crate::process::{Ended, supervise};
use crate::{Outcome, paths, verify_handlers};

const USAGE: &str = "\
Usage: cargo xtask dist

Build the fastest binary: counting build, training runs, optimised build.
Takes two release builds, and needs `rustup component add llvm-tools` once.
The binary is target/dist/coachwhip.
";

/// Programs that exist to train, and those of the corpus and the examples.
const TRAINING: [&str; 5] =
    ["tests/training", "tests/corpus/lang", "tests/corpus/builtins", "tests/corpus/lib", "examples"];
/// No training program needs as much.
const TIME_LIMIT: Duration = Duration::from_secs(120);
/// Files that processes of the counting build merge their counts into, so that few wait for each other.
const PROFILE_FILES: &str = "%4m.profraw";

pub fn run(words: Vec<String>) -> Outcome {
    Args::new(words, USAGE).finish()?;
    let rustc = Rustc::new()?;
    let profdata = rustc.profdata()?;
    let folder = paths::target()?.join("dist");
    let counts = folder.join("counts");
    let _ = fs::remove_dir_all(&counts);
    fs::create_dir_all(&counts).map_err(|error| format!("cannot make {}: {error}", paths::shown(&counts)))?;

    println!("dist: counting build");
    let counting = build(&rustc, &folder.join("counting"), &[&format!("-Cprofile-generate={}", counts.display())])?;
    println!("dist: training");
    train(&profdata, &counting, &counts)?;
    let profile = folder.join("merged.profdata");
    merge(&profdata, &counts, &profile)?;
    let order = folder.join("order.txt");
    write_order(&profdata, &counts, &order)?;
    println!("dist: optimised build");
    let use_profile = format!("-Cprofile-use={}", profile.display());
    let mut flags = vec![use_profile];
    // Guesses at what an indirect call will reach put the bodies of native functions into the handlers that call them: 2 %
    // slower over 21 figures, and frames so large that their unused parts keep dead objects alive.
    flags.push("-Cllvm-args=-disable-icp".to_string());
    // Keeps what never ran away from what runs, so that it stays on disk.
    flags.push("-Clink-arg=-Wl,-z,keep-text-section-prefix".to_string());
    if rustc.links_with_lld() {
        flags.push(format!("-Clink-arg=-Wl,--symbol-ordering-file={}", order.display()));
        flags.push("-Clink-arg=-Wl,--no-warn-symbol-ordering".to_string());
    }
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let optimised = build(&rustc, &folder.join("optimised"), &flags)?;

    let binary = folder.join("coachwhip");
    // A copy would be cached in larger pieces than what the linker wrote, and more of it be resident.
    let _ = fs::remove_file(&binary);
    let linked = fs::hard_link(&optimised, &binary).or_else(|_| fs::copy(&optimised, &binary).map(drop));
    linked.map_err(|error| format!("cannot write {}: {error}", paths::shown(&binary)))?;
    verify_handlers::run(vec!["--python".to_string(), binary.display().to_string()])?;
    println!("dist: {}", paths::shown(&binary));
    Ok(())
}

/// What the compiler says of itself.
struct Rustc {
    host: String,
    sysroot: PathBuf,
}

impl Rustc {
    fn new() -> Result<Rustc, String> {
        let version = Rustc::ask(&["-vV"])?;
        let host = version.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc -vV names no host")?;
        let sysroot = PathBuf::from(Rustc::ask(&["--print", "sysroot"])?.trim());
        Ok(Rustc { host: host.to_string(), sysroot })
    }

    /// Whether the compiler's linker is the one that takes an order of symbols.
    fn links_with_lld(&self) -> bool {
        self.host == "x86_64-unknown-linux-gnu"
    }

    fn ask(arguments: &[&str]) -> Result<String, String> {
        let output = Command::new("rustc")
            .args(arguments)
            .current_dir(paths::root())
            .output()
            .map_err(|error| format!("cannot start rustc: {error}"))?;
        String::from_utf8(output.stdout).map_err(|error| format!("rustc: {error}"))
    }

    /// The tool that merges profiles; it has to be of the compiler's LLVM.
    fn profdata(&self) -> Result<PathBuf, String> {
        let tool = self.sysroot.join("lib/rustlib").join(&self.host).join("bin/llvm-profdata");
        if tool.exists() {
            return Ok(tool);
        }
        Err("llvm-profdata is missing: `rustup component add llvm-tools` installs it".to_string())
    }
}

/// A release build with further compiler flags. They reach all crates of the binary, but neither build scripts nor macros.
fn build(rustc: &Rustc, target: &Path, flags: &[&str]) -> Result<PathBuf, String> {
    let status = Command::new(paths::cargo())
        .args(["build", "--release", "--package", "coachwhip", "--target", &rustc.host, "--target-dir"])
        .arg(target)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .current_dir(paths::root())
        .status()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if !status.success() {
        return Err(format!("the build failed ({status})"));
    }
    Ok(target.join(&rustc.host).join("release/coachwhip"))
}

/// Run the programs. Each leaves a profile of its own in `counts`, unless it ends without a chance to write it.
fn train(tool: &Path, binary: &Path, counts: &Path) -> Outcome {
    let mut n_programs = 0;
    for folder in TRAINING {
        let mut programs = programs_in(&paths::root().join(folder))?;
        programs.sort();
        for program in programs {
            let mut command = Command::new(binary);
            command.arg(&program).current_dir(paths::root()).stdout(Stdio::null()).stderr(Stdio::null());
            n_programs += 1;
            let raw = counts.join(n_programs.to_string());
            command.env("LLVM_PROFILE_FILE", raw.join(PROFILE_FILES));
            let ended = supervise(&mut command, |time| time < TIME_LIMIT).map_err(|error| error.to_string())?;
            // Programs of the corpus may be about how a program fails; those that only train have to work.
            let is_well = match ended {
                Ended::Exited(status) => status.success() || folder != TRAINING[0],
                Ended::Stopped | Ended::OutOfMemory => false,
            };
            if !is_well {
                return Err(format!("{} does not run to its end", paths::shown(&program)));
            }
            if raw.exists() {
                merge(tool, &raw, &raw.with_extension("profdata"))?;
                let _ = fs::remove_dir_all(&raw);
            }
        }
    }
    Ok(())
}

fn programs_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", paths::shown(folder)))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    Ok(paths.filter(|path| path.extension().is_some_and(|extension| extension == "py")).collect())
}

fn merge(tool: &Path, counts: &Path, profile: &Path) -> Outcome {
    let status = Command::new(tool)
        .arg("merge")
        .arg("--output")
        .arg(profile)
        .arg(counts)
        .status()
        .map_err(|error| format!("cannot start llvm-profdata: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("llvm-profdata failed ({status})")) }
}

/// Write the functions that ran, one a line: those that most programs need first, and of these the busiest first. So each
/// program finds what it needs in few places.
fn write_order(tool: &Path, counts: &Path, order: &Path) -> Outcome {
    let mut functions: HashMap<String, (usize, u64)> = HashMap::new();
    for profile in profiles_in(counts)? {
        for (function, count) in calls(tool, &profile)? {
            let (programs, sum) = functions.entry(function).or_default();
            *programs += 1;
            *sum = sum.saturating_add(count);
        }
    }
    let mut functions: Vec<_> = functions.into_iter().collect();
    functions.sort_by(|(name, uses), (other_name, other)| other.cmp(uses).then_with(|| name.cmp(other_name)));
    let lines: String = functions.iter().map(|(name, _)| format!("{name}\n")).collect();
    fs::write(order, lines).map_err(|error| format!("cannot write {}: {error}", paths::shown(order)))
}

fn profiles_in(counts: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(counts).map_err(|error| format!("cannot read {}: {error}", paths::shown(counts)))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    Ok(paths.filter(|path| path.extension().is_some_and(|extension| extension == "profdata")).collect())
}

/// The functions of a profile that ran, and how often their blocks did.
fn calls(tool: &Path, profile: &Path) -> Result<HashMap<String, u64>, String> {
    let output = Command::new(tool)
        .args(["show", "--all-functions", "--counts"])
        .arg(profile)
        .output()
        .map_err(|error| format!("cannot start llvm-profdata: {error}"))?;
    if !output.status.success() {
        return Err(format!("llvm-profdata failed ({})", output.status));
    }
    Ok(calls_of(&String::from_utf8_lossy(&output.stdout)))
}

/// What `llvm-profdata show --all-functions --counts` has printed.
fn calls_of(text: &str) -> HashMap<String, u64> {
    let mut calls = HashMap::new();
    let mut function = "";
    for line in text.lines() {
        if let Some(counts) = line.trim_start().strip_prefix("Block counts: [") {
            let numbers = counts.trim_end_matches(']').split(", ").filter_map(|number| number.parse::<u64>().ok());
            let sum = numbers.fold(0, u64::saturating_add);
            if sum > 0 {
                calls.insert(function.to_string(), sum);
            }
        } else if let Some(name) = line.strip_prefix("  ").and_then(|name| name.strip_suffix(':'))
            && !name.starts_with(' ')
        {
            // A function that is local to its file has the file's name before its own.
            function = name.rsplit(';').next().unwrap_or(name);
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::calls_of;

    #[test]
    fn functions_that_ran_are_read() {
        let text = "Counters:\n  runs:\n    Hash: 0x1\n    Counters: 2\n    Block counts: [3, 4]\n  \
                    part.1-cgu.0;local:\n    Counters: 1\n    Block counts: [1]\n  never:\n    Block counts: [0, 0]\n\
                    Functions shown: 3\n";
        let mut calls: Vec<(String, u64)> = calls_of(text).into_iter().collect();
        calls.sort();
        assert_eq!(calls, [("local".to_string(), 1), ("runs".to_string(), 7)]);
    }
}
