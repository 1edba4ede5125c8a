//! `cargo xtask verify-handlers`: reads the assembly of the threaded handlers and checks that each of them goes on to the
//! next one by a jump.
//!
//! A call to dispatch would grow the native stack with every instruction. LLVM makes the call a jump as long as nothing
//! of the handler is needed after it; what breaks that (a local whose address escapes, a value to be dropped) is found here.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::args::Args;
use crate::{Outcome, paths};

const USAGE: &str = "\
Usage: cargo xtask verify-handlers [--release]

Check in the assembly that no threaded handler calls the next one.

  --release   Look at the release profile's code instead of the development profile's

Examples:
  cargo xtask verify-handlers
  cargo xtask verify-handlers --release
";

/// What the mangled names of handlers contain.
const HANDLER: &str = "6interp7execute";

pub fn run(words: Vec<String>) -> Outcome {
    let mut args = Args::new(words, USAGE);
    let release = args.flag("--release");
    args.finish()?;
    let text = assembly(if release { "release" } else { "dev" })?;
    let report = check(&text);
    if report.handlers < 150 {
        return Err(format!("only {} handlers found in the assembly", report.handlers));
    }
    if !report.calls.is_empty() {
        return Err(format!("handlers that call the next one:\n{}", report.calls.join("\n")));
    }
    println!("verify-handlers: {} handlers, {} of them without a stack frame", report.handlers, report.frameless);
    Ok(())
}

/// The assembly of crate `interp`.
fn assembly(profile: &str) -> Result<String, String> {
    let folder = paths::target()?.join("handlers");
    let status = Command::new(paths::cargo())
        .args(["rustc", "--quiet", "--package", "interp", "--lib", "--profile", profile, "--"])
        .args(["--emit", "asm", "-C", "codegen-units=1"])
        .env("CARGO_TARGET_DIR", &folder)
        .current_dir(paths::root())
        .status()
        .map_err(|error| format!("cannot start cargo rustc: {error}"))?;
    if !status.success() {
        return Err(format!("cargo rustc failed ({status})"));
    }
    let deps = folder.join(if profile == "dev" { "debug" } else { profile }).join("deps");
    let newest = fs::read_dir(&deps)
        .map_err(|error| format!("{}: {error}", deps.display()))?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| is_assembly(path))
        .max_by_key(|path| path.metadata().and_then(|m| m.modified()).ok());
    let path = newest.ok_or_else(|| format!("no assembly of interp in {}", deps.display()))?;
    fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
}

fn is_assembly(path: &PathBuf) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    name.starts_with("interp-") && name.ends_with(".s")
}

#[derive(Default, Debug, PartialEq)]
struct Report {
    handlers: usize,
    /// Handlers whose code never moves the stack pointer.
    frameless: usize,
    /// `handler: instruction` for each call of dispatch or of another handler.
    calls: Vec<String>,
}

/// Go through the functions of an assembly text.
fn check(text: &str) -> Report {
    let mut report = Report::default();
    let mut current: Option<(String, bool, bool)> = None;
    for line in text.lines() {
        if let Some(label) = line.strip_suffix(':').filter(|l| !l.starts_with('.') && !l.starts_with(['\t', ' '])) {
            close(&mut report, current.take());
            if let Some(name) = handler_name(label) {
                current = Some((name, false, false));
            }
            continue;
        }
        let Some((name, has_frame, dispatches)) = &mut current else { continue };
        let instruction = line.trim();
        if instruction.starts_with(".Lfunc_end") {
            close(&mut report, current.take());
            continue;
        }
        *has_frame |= instruction.starts_with("push") || instruction.contains(", %rsp");
        *dispatches |= instruction.starts_with("jmpq\t*") || instruction.starts_with("jmp\t*");
        if let Some(target) = instruction.strip_prefix("callq\t").or(instruction.strip_prefix("call\t")) {
            // Calls through a register or a table; those through the global offset table name a function.
            let indirect = target.starts_with('*') && !target.contains("(%rip)");
            if indirect || handler_name(target).is_some() {
                report.calls.push(format!("{name}: {instruction}"));
            }
        }
    }
    close(&mut report, current);
    report
}

fn close(report: &mut Report, handler: Option<(String, bool, bool)>) {
    if let Some((_, has_frame, true)) = handler {
        report.handlers += 1;
        report.frameless += !has_frame as usize;
    }
}

/// The instruction's name in a mangled symbol of a handler.
fn handler_name(symbol: &str) -> Option<String> {
    let rest = symbol.split(HANDLER).nth(1)?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let length: usize = rest[..digits].parse().ok()?;
    let name = rest.get(digits..digits + length)?;
    // The loop's entry points call the first handler.
    if matches!(name, "run" | "run_raising") { None } else { Some(name.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_dispatch_are_found() {
        let good = "_ZN6interp7execute9load_fast17h0E:\n\tmovq\t(%r8,%rax,8), %rax\n\tjmpq\t*%rax\n.Lfunc_end0:\n";
        let report = check(good);
        assert_eq!((report.handlers, report.frameless, report.calls.len()), (1, 1, 0));
        let bad = "_ZN6interp7execute9load_fast17h0E:\n\tpushq\t%rax\n\tcallq\t*(%r8,%rax,8)\n\tjmpq\t*%rax\n";
        assert_eq!(check(bad).calls, ["load_fast: callq\t*(%r8,%rax,8)"]);
        let direct = "_ZN6interp7execute3nop17h0E:\n\tcallq\t_ZN6interp7execute6unwind17h0E\n\tjmpq\t*%rax\n";
        assert_eq!(check(direct).calls.len(), 1);
    }
}
